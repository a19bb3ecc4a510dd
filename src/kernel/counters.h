/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_COUNTERS_H
#define KERNEL_COUNTERS_H

/* What the kernel counts about its own health, to compare before and after. */

#include <stddef.h>
#include <stdint.h>

#define COUNTER_ABSENT (-1)
#define TAINT_STRING_SIZE 65

/**
 * enum taint - bits of /proc/sys/kernel/tainted that we act on
 * (Documentation/admin-guide/tainted-kernels.rst)
 */
enum taint {
	TAINT_MACHINE_CHECK = 4, /* M: the host is in trouble */
	TAINT_BAD_PAGE = 5, /* B: memory is corrupted */
	TAINT_DIED = 7, /* D: oops or BUG */
	TAINT_WARNED = 9, /* W */
	TAINT_SOFT_LOCKUP = 14, /* L */
};

/** enum counter - events since boot; a kernel may lack any of them */
enum counter {
	COUNTER_WARN, /* warn_count, since Linux 6.2 */
	COUNTER_OOPS, /* oops_count, since Linux 6.2 */
	COUNTER_HUNG_TASK, /* hung_task_detect_count, since Linux 6.13 */
	COUNTER_SOFT_LOCKUP, /* softlockup_count, since Linux 6.16 */
	COUNTER_HARD_LOCKUP, /* hardlockup_count, since Linux 6.16 */
	COUNTER_RCU_STALL, /* rcu_stall_count, since Linux 6.16 */
	COUNTER_COUNT
};

/**
 * struct kernel_counters - COUNTER_ABSENT for what this kernel does not have
 * @taint: mask of taint bits, which never clear; 0 where unreadable
 * @events: by enum counter
 * @pins_acquired: nr_foll_pin_acquired of /proc/vmstat; page references
 * @pins_released: nr_foll_pin_released
 */
struct kernel_counters {
	uint64_t taint;
	int64_t events[COUNTER_COUNT];
	int64_t pins_acquired;
	int64_t pins_released;
};

/** kernel_counters_read() - @root: see "kernel/root.h" */
void kernel_counters_read(int root, struct kernel_counters *ret);

/**
 * kernel_pins_acquired() - page references that were pinned since boot, exactly
 * @root: see "kernel/root.h"
 *
 * It never falls, and what others pin is counted as well: where it has not
 * grown, nobody has pinned a page. Return: COUNTER_ABSENT where the kernel does
 * not count them, or not so that we may have the sum (root only).
 */
int64_t kernel_pins_acquired(int root);

/** counter_name() - as the kernel names it, e.g. `warn_count` */
const char *counter_name(enum counter counter);

/**
 * counter_rise() - how much @counter grew from @before to @after
 * Return: 0 where it did not, or where either reading lacks it.
 */
int64_t counter_rise(const struct kernel_counters *before,
		     const struct kernel_counters *after, enum counter counter);

/**
 * kernel_pins_held() - page references that are pinned now
 *
 * May be negative: the two counters are read one after the other, and sum up
 * what each processor counts. Return: 0 where the kernel does not count them
 * (before Linux 5.7).
 */
int64_t kernel_pins_held(const struct kernel_counters *counters);

/**
 * warn_once_rearm() - let every WARN_ONCE() of the kernel fire again
 *
 * Return: 0 or -errno, -ENOENT where debugfs is not mounted or lacks the file.
 */
int warn_once_rearm(void);

/**
 * taint_to_string() - the letters of @bits, lowest bit first, e.g. `BDW`
 *
 * A bit without a known letter gives `?`. The empty mask gives "". Return:
 * @buffer.
 */
const char *taint_to_string(uint64_t bits, char buffer[TAINT_STRING_SIZE]);

#endif
