/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "plan/shard.h"

/* Hex digits of the hash that count: 64 bits */
#define HASH_DIGITS 16
#define NUMBER_DIGITS 4

/* A number of few digits; returns what is behind it, or NULL */
static const char *take_number(const char *text, unsigned int *ret)
{
	size_t len = strspn(text, "0123456789");

	if (!len || len > NUMBER_DIGITS)
		return NULL;
	*ret = (unsigned int)strtoul(text, NULL, 10);
	return text + len;
}

int shard_parse(const char *text, struct shard *ret, struct error *error)
{
	struct shard shard = {0};
	const char *at = take_number(text, &shard.index);

	if (at)
		at = *at == '/' ? take_number(at + 1, &shard.count) : NULL;
	if (!at || *at || !shard.index || shard.index > shard.count)
		return error_set(
			error, -EINVAL,
			"--shard %s: give I/N, shard I of N, with I from 1 to N and N up to %d, e.g. 1/4",
			text, SHARD_MAX);
	*ret = shard;
	return 0;
}

const char *shard_format(const struct shard *shard, char buf[SHARD_TEXT_SIZE])
{
	snprintf(buf, SHARD_TEXT_SIZE, "%u/%u", shard->index % (SHARD_MAX + 1),
		 shard->count % (SHARD_MAX + 1));
	return buf;
}

bool shard_has(const struct shard *shard, const char *id)
{
	char text[SHA256_TEXT_SIZE];
	struct sha256 hash;

	if (!shard->count)
		return true;
	sha256_begin(&hash);
	sha256_add(&hash, id, strlen(id));
	sha256_end(&hash, text);
	text[HASH_DIGITS] = '\0';
	return strtoull(text, NULL, 16) % shard->count == shard->index - 1;
}

void shard_cut(const struct shard *shard, struct plan *plan)
{
	char id[CELL_ID_SIZE];
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (shard_has(shard, cell_id_format(&plan->cells[i], id)))
			plan->cells[count++] = plan->cells[i];
	plan->count = count;
}
