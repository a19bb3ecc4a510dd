/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

/*
 * Escape: text that others wrote, for formats with markup. What is no character
 * there, such as a control character, becomes `\xNN`.
 */

#include <stddef.h>
#include <stdio.h>

/**
 * escape_xml() - character data of XML 1.0; lines stay lines
 *
 * No CDATA section is needed, and so none can be ended by `]]>`.
 */
void escape_xml(FILE *out, const char *text);

/** escape_xml_attribute() - ` name="text"`, on one line */
void escape_xml_attribute(FILE *out, const char *name, const char *text);

/** link_length() - of the https:// link that @text begins with, or 0 */
size_t link_length(const char *text);

/**
 * escape_markdown() - text of GitHub-flavoured Markdown, on one line
 *
 * Also for a cell of a table. Nothing in it is markup, but an https:// link
 * can be followed.
 */
void escape_markdown(FILE *out, const char *text);

#endif
