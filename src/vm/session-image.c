/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "runner/image-take.h"
#include "runner/journal-image.h"
#include "vm/session-image.h"

/* The guest has a limit of its own; this is for one that does not keep it */
#define PATIENCE 2

void session_image_begin(struct session *session, size_t cell)
{
	session->image.cell = cell;
	session->image.bytes = 0;
	session->image.begin = clock_seconds();
	session->image.trouble = NULL;
}

bool session_image_pending(const struct session *session)
{
	return session->image.cell != SESSION_NO_CELL;
}

bool session_image_overdue(const struct session *session)
{
	return session_image_pending(session) &&
	       clock_seconds() - session->image.begin >
		       PATIENCE * IMAGE_LIMIT_S * session->limit_factor;
}

/* The next bytes, to be freed; -EBADMSG where these are not the next */
static int read_data(const struct session_image *image, const json_t *message,
		     void **ret, size_t *ret_len)
{
	const char *text = json_string_value(json_object_get(message, "data"));
	const json_t *at = json_object_get(message, "at");
	cleanup_free void *data = NULL;

	if (!text || !json_is_integer(at) ||
	    (uint64_t)json_integer_value(at) != image->bytes ||
	    base64_decode(text, &data, ret_len) < 0 ||
	    *ret_len > IMAGE_BYTES_MAX - image->bytes)
		return -EBADMSG;
	*ret = take_pointer(data);
	return 0;
}

void session_image_data(struct session *session, const json_t *message)
{
	struct session_image *image = &session->image;
	cleanup_free void *data = NULL;
	size_t len = 0;
	int ret;

	if (!session_image_pending(session) || image->trouble)
		return;
	ret = read_data(image, message, &data, &len);
	if (ret < 0) {
		image->trouble =
			"not kept: part of it was lost between guest and host";
		return;
	}
	ret = image_store_add(&image->store, data, len);
	image->bytes += len;
	if (ret < 0)
		image->trouble = strerrordesc_np(-ret);
}

static int write_record(struct session *session, size_t cell,
			const struct record_image *image)
{
	char id[CELL_ID_SIZE];

	cell_id_format(&session->plan->cells[cell], id);
	return journal_append(session->journal,
			      image_record(session->release, id, image), true);
}

int session_image_lost(struct session *session, const char *note)
{
	struct record_image record = {.note = (char *)note};
	size_t cell = session->image.cell;

	image_store_drop(&session->image.store);
	session->image.cell = SESSION_NO_CELL;
	return cell == SESSION_NO_CELL ? 0
				       : write_record(session, cell, &record);
}

int session_image_end(struct session *session, const json_t *message)
{
	const char *note = json_string_value(json_object_get(message, "note"));
	json_int_t bytes =
		json_integer_value(json_object_get(message, "bytes"));
	struct session_image *image = &session->image;
	struct record_image record = {
		.bytes = image->bytes,
		.unmounted =
			json_is_true(json_object_get(message, "unmounted")),
	};
	char name[IMAGE_NAME_SIZE], id[CELL_ID_SIZE];
	size_t cell = image->cell;
	int ret;

	if (!session_image_pending(session))
		return 0;
	if (image->trouble || note)
		return session_image_lost(
			session, image->trouble ? image->trouble : note);
	if ((uint64_t)bytes != image->bytes)
		return session_image_lost(
			session,
			"not kept: part of it was lost between guest and host");
	cell_id_format(&session->plan->cells[cell], id);
	image_name(session->release, id, name);
	ret = image_store_keep(&image->store, name);
	if (ret < 0)
		return session_image_lost(session, strerrordesc_np(-ret));
	image->cell = SESSION_NO_CELL;
	record.file = name;
	return write_record(session, cell, &record);
}

int session_image_gone(struct session *session, size_t cell,
		       enum verdict verdict)
{
	const struct record_image record = {
		.note = (char *)"not kept: it was lost with its guest",
	};

	if (!session->keep || !(session->keep[cell] & 1u << verdict))
		return 0;
	return write_record(session, cell, &record);
}
