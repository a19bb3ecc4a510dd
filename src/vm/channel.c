/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/channel.h"

/* A peer that does not read for so long is gone. */
#define SEND_LIMIT_MS 60000

static int send_all(int fd, const char *data, size_t len)
{
	while (len) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
		ssize_t done = write(fd, data, len);

		if (done < 0 && errno == EAGAIN) {
			if (!poll(&poll_fd, 1, SEND_LIMIT_MS))
				return -ETIMEDOUT;
			continue;
		}
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

int channel_send_line(struct channel *channel, const char *json, size_t len)
{
	cleanup_free char *line = NULL;
	size_t line_len;

	line = frame_format(channel->key, channel->sent, json, len, &line_len);
	if (!line)
		return -ENOMEM;
	channel->sent++;
	return send_all(channel->fd, line, line_len);
}

int channel_send(struct channel *channel, json_t *message)
{
	cleanup_free char *text = NULL;

	text = message ? json_dumps(message, JSON_COMPACT) : NULL;
	json_decref(message);
	return text ? channel_send_line(channel, text, strlen(text)) : -ENOMEM;
}

int channel_fill(struct channel *channel)
{
	char block[16 * 1024];
	ssize_t got = read(channel->fd, block, sizeof(block));
	int ret;

	/* a peer that was killed with bytes for it unread resets the line */
	if (!got || (got < 0 && errno == ECONNRESET)) {
		channel->ended = true;
		return 0;
	}
	if (got < 0)
		return -errno;
	ret = frame_reader_push(&channel->reader, block, (size_t)got);
	return ret < 0 ? ret : (int)got;
}

int channel_next(struct channel *channel, json_t **ret, struct error *error)
{
	cleanup_free char *text = NULL;
	json_error_t json_error;
	json_t *message;
	int result = frame_reader_pop(&channel->reader, &text, error);

	if (result <= 0)
		return result;
	message = json_loads(text, 0, &json_error);
	if (!json_is_object(message)) {
		json_decref(message);
		error->text[0] = '\0';
		return error_set(error, -EBADMSG, "a frame without JSON: %s",
				 json_error.text);
	}
	*ret = message;
	return 1;
}

const char *message_type(const json_t *message)
{
	const char *type = json_string_value(json_object_get(message, "type"));

	return type ? type : "";
}

void channel_done(struct channel *channel)
{
	frame_reader_done(&channel->reader);
}
