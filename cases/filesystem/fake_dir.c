/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plain folder in the workspace, for the harness's own fakes. */
#include <gupcheck/filesystem.h>

const struct filesystem filesystem_fake_dir = {
	.name = "fake_dir",
	.summary = "a plain folder, for the harness's own tests",
	.why = "lets fake mechanisms run without root and without a device",
	.traits = FS_TRACKS_DIRTY | FS_FAKE,
};
