/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_JSON_TEXT_H
#define RUNNER_JSON_TEXT_H

#include <jansson.h>
#include <stddef.h>

/** utf8_length() - of the valid UTF-8 sequence at @text, bytes; or 0 */
size_t utf8_length(const unsigned char *text);

/**
 * json_make_utf8() - make every string below @value fit for JSON
 *
 * jansson refuses to write a tree with one bad string; a record must not be
 * lost to a stray byte in a kernel message. What is not UTF-8 becomes `?`.
 */
void json_make_utf8(json_t *value);

#endif
