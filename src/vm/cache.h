/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_CACHE_H
#define VM_CACHE_H

/*
 * Cache: what is expensive to get and may be thrown away at any time, in
 * ${XDG_CACHE_HOME:-~/.cache}/gupcheck/.
 */

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

#define CACHE_KEY_BEGIN UINT64_C(0xcbf29ce484222325)

/**
 * cache_key() - 64 bits that identify content (FNV-1a, not against forgery)
 * @key: CACHE_KEY_BEGIN, or the key of what came before
 */
uint64_t cache_key(uint64_t key, const void *data, size_t len);

/**
 * cache_folder() - the path of a folder of the cache, made when it is absent
 * @name: e.g. `kernels`; "" for the cache itself
 * Return: 0, or -errno with a line of @error.
 */
int cache_folder(const char *name, char ret_path[PATH_MAX],
		 struct error *error);

/**
 * cache_store() - write a file so that it is whole or not there
 * Return: 0, or -errno with a line of @error.
 */
int cache_store(const char *path, const void *data, size_t len,
		struct error *error);

/** cache_remove() - remove a folder with all that is in it; follows no link */
void cache_remove(const char *path);

#endif
