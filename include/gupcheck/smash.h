/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_SMASH_H
#define GUPCHECK_SMASH_H

/*
 * Smash: breaks the kernel of a guest on purpose, so that it can be seen what
 * becomes of a cell whose kernel oopses. For fakes only, in a guest only.
 *
 * No stock kernel offers to oops, and none lets a process write to its memory.
 * QEMU's configuration device does: it copies to any physical address
 * (docs/specs/fw_cfg.rst of QEMU, "DMA interface"), behind the kernel's back as
 * every device does.
 */

#ifndef GUPCHECK_WORKER_CODE
#error "only for code that runs in the disposable worker (cases/)"
#endif

#include <stddef.h>

/** SMASH_REQUIRE - what a mechanism that smashes has to require */
#define SMASH_REQUIRE \
	"path:/gupcheck/modules & root & arch:x86_64 & path:/proc/kallsyms"

/**
 * smash_zero() - overwrite kernel memory with zeroes
 * @symbol: as in /proc/kallsyms, code or data of the kernel itself
 * @offset: bytes behind it
 * @len: bytes, at most 64
 *
 * Broken when the guest is none that gupcheck started.
 */
void smash_zero(const char *symbol, size_t offset, size_t len);

#endif
