/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_SESSION_IMAGE_H
#define VM_SESSION_IMAGE_H

/*
 * Session image: the packed image that a guest sends behind the end of a cell.
 *
 * What is lost on the way costs the image, and never the verdict. Functions
 * return 0 or, where nothing else is said, the -errno of the journal.
 */

#include "vm/session.h"

/** session_image_begin() - @cell has ended, and its image follows */
void session_image_begin(struct session *session, size_t cell);

/** session_image_pending() - whether one is on its way */
bool session_image_pending(const struct session *session);

/** session_image_overdue() - whether it should have come long ago */
bool session_image_overdue(const struct session *session);

/** session_image_data() - the next bytes */
void session_image_data(struct session *session, const json_t *message);

/** session_image_end() - there is no more: name the file, write the record */
int session_image_end(struct session *session, const json_t *message);

/** session_image_lost() - give up what is on its way, if anything is */
int session_image_lost(struct session *session, const char *note);

/** session_image_gone() - @cell ended with @verdict in a guest that is dead */
int session_image_gone(struct session *session, size_t cell,
		       enum verdict verdict);

#endif
