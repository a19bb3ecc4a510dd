/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of a virtual machine: the guest's stores go to pages of this process,
 * here of a file that is mapped shared. Emulated persistent memory works so.
 *
 * KVM holds no pin. It looks a page up when the guest touches it
 * (hva_to_pfn(), for writing when the guest writes), puts it into the guest's
 * page tables and drops the reference; an MMU notifier takes it out again when
 * the kernel changes the page tables of the process. So writeback, which
 * write-protects the page there, write-protects it for the guest as well; its
 * next store faults, and the filesystem hears of it. This is what a pin ought
 * to be, and it has to be accepted and safe on every kernel.
 *
 * The machine has one processor without paging, one instruction, and two slots
 * of memory: it copies from one to the other, which of them is the file's being
 * a matter of two registers.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <gupcheck/worker.h>

/* Guest-physical places, far enough from each other for huge pages */
#define CODE_AT 0x1000u
#define FILE_AT 0x10000000u
#define COPY_AT 0x20000000u
/* Three pages that Intel's processors need, outside of all memory */
#define TSS_AT 0xfffbd000u

#define CR0_PROTECTED 1u
#define FLAGS_NONE 2u
#define SEGMENT_CODE 11
#define SEGMENT_DATA 3

enum slot { SLOT_CODE, SLOT_FILE, SLOT_COPY };

/* rep movsb; hlt */
static const unsigned char code[] = {0xf3, 0xa4, 0xf4};

/*
 * struct machine - the mechanism's memory
 * @kvm, @vm, @cpu: descriptors, valid when @opened
 * @run: shared with the kernel
 * @program: the page that holds @code
 * @copy: anonymous memory of SLOT_COPY, @len bytes, or NULL
 */
struct machine {
	bool opened;
	int kvm;
	int vm;
	int cpu;
	struct kvm_run *run;
	size_t run_len;
	void *program;
	void *copy;
	size_t len;
};

static int slot_set(struct machine *machine, enum slot slot, uint64_t at,
		    void *memory, size_t len)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = at,
		.memory_size = len,
		.userspace_addr = (uintptr_t)memory,
	};

	return ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0
		       ? -errno
		       : 0;
}

static void segment_set(struct kvm_segment *ret, unsigned int type,
			unsigned int selector)
{
	*ret = (struct kvm_segment){
		.limit = UINT32_MAX,
		.selector = (uint16_t)selector,
		.type = (uint8_t)type,
		.present = 1,
		.db = 1,
		.s = 1,
		.g = 1,
	};
}

/* 32 bit, all of memory in reach of every segment register, no paging */
static void processor_prepare(struct machine *machine)
{
	struct kvm_sregs sregs;

	must(ioctl(machine->cpu, KVM_GET_SREGS, &sregs));
	segment_set(&sregs.cs, SEGMENT_CODE, 8);
	segment_set(&sregs.ds, SEGMENT_DATA, 16);
	sregs.es = sregs.ss = sregs.fs = sregs.gs = sregs.ds;
	sregs.cr0 |= CR0_PROTECTED;
	must(ioctl(machine->cpu, KVM_SET_SREGS, &sregs));
}

/* A processor that virtualises, and a device node that says otherwise */
static int create_vm(int kvm)
{
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);

	if (vm < 0)
		worker_skip("KVM makes no virtual machine: %s",
			    strerror(errno));
	return vm;
}

static void create_processor(struct machine *machine)
{
	machine->cpu = (int)must(ioctl(machine->vm, KVM_CREATE_VCPU, 0));
	machine->run_len =
		(size_t)must(ioctl(machine->kvm, KVM_GET_VCPU_MMAP_SIZE, 0));
	machine->run = mmap(NULL, machine->run_len, PROT_READ | PROT_WRITE,
			    MAP_SHARED, machine->cpu, 0);
	must(machine->run == MAP_FAILED ? -1 : 0);
	processor_prepare(machine);
}

static int open_machine(struct device *dev)
{
	struct machine *machine = device_state(dev);
	size_t page = pattern_page_size();

	machine->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (machine->kvm < 0)
		worker_skip("/dev/kvm: %s", strerror(errno));
	machine->vm = create_vm(machine->kvm);
	if (must(ioctl(machine->vm, KVM_CHECK_EXTENSION, KVM_CAP_SET_TSS_ADDR)))
		must(ioctl(machine->vm, KVM_SET_TSS_ADDR, TSS_AT));
	machine->program = must_alloc(page);
	memcpy(machine->program, code, sizeof(code));
	must_zero(
		slot_set(machine, SLOT_CODE, CODE_AT, machine->program, page));
	create_processor(machine);
	machine->opened = true;
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct machine *machine = device_state(dev);

	machine->len = range->len;
	machine->copy = must_alloc(range->len);
	must_zero(slot_set(machine, SLOT_COPY, COPY_AT, machine->copy,
			   range->len));
	return slot_set(machine, SLOT_FILE, FILE_AT, range->addr, range->len);
}

/*
 * When the page behind a store of the guest cannot be had, the call fails; the
 * reason for the exit is then that of an earlier one.
 */
static int run_copy(struct machine *machine, uint64_t to, uint64_t from)
{
	struct kvm_regs regs = {
		.rip = CODE_AT,
		.rdi = to,
		.rsi = from,
		.rcx = machine->len,
		.rflags = FLAGS_NONE,
	};
	int ret;

	must(ioctl(machine->cpu, KVM_SET_REGS, &regs));
	do
		ret = ioctl(machine->cpu, KVM_RUN, 0);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -errno;
	must(ioctl(machine->cpu, KVM_GET_REGS, &regs));
	if (machine->run->exit_reason != KVM_EXIT_HLT || regs.rcx)
		worker_broken("KVM_RUN: exit %u, %llu bytes not copied",
			      machine->run->exit_reason,
			      (unsigned long long)regs.rcx);
	return 0;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct machine *machine = device_state(dev);

	memcpy(machine->copy, data, range->len);
	return run_copy(machine, FILE_AT, COPY_AT);
}

static int device_read(struct device *dev, const struct range *range, void *buf)
{
	struct machine *machine = device_state(dev);
	int ret = run_copy(machine, COPY_AT, FILE_AT);

	if (!ret)
		memcpy(buf, machine->copy, range->len);
	return ret;
}

/* Returns when no processor of the machine can reach the memory any more */
static int unpin(struct device *dev)
{
	struct machine *machine = device_state(dev);
	int ret = slot_set(machine, SLOT_FILE, FILE_AT, NULL, 0);

	must_zero(slot_set(machine, SLOT_COPY, COPY_AT, NULL, 0));
	munmap(machine->copy, machine->len);
	machine->copy = NULL;
	return ret;
}

static void close_machine(struct device *dev)
{
	struct machine *machine = device_state(dev);

	if (!machine->opened)
		return;
	munmap(machine->run, machine->run_len);
	close(machine->cpu);
	close(machine->vm);
	close(machine->kvm);
	if (machine->copy)
		munmap(machine->copy, machine->len);
	munmap(machine->program, pattern_page_size());
	machine->opened = false;
}

static const struct gup_call calls[] = {
	{
		.kernels = "6.12,7.3",
		.function = "hva_to_pfn(), virt/kvm/kvm_main.c",
		.flags =
			"get_user_page_fast_only, get_user_pages_unlocked: FOLL_WRITE | FOLL_HWPOISON | FOLL_HONOR_NUMA_FAULT; given back at once",
	},
	{
		.kernels = "5.10,6.1",
		.function = "hva_to_pfn(), virt/kvm/kvm_main.c",
		.flags =
			"get_user_page_fast_only, get_user_pages_unlocked: FOLL_WRITE | FOLL_HWPOISON; given back at once",
	},
	{0},
};

/* No page is looked at before the guest touches it */
static const int refusals[] = {0};

static const struct pin_errno errnos[] = {
	{
		.error = EFAULT,
		.kernels = "*",
		.cause =
			"from KVM_RUN: the guest touched memory whose mapping in this process is gone, is not writable, or whose page the filesystem could not provide (no space, beyond the end of the file)",
		.mend = "keep the mapping, and its file long enough, for as long as the slot is there",
	},
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"from KVM_SET_USER_MEMORY_REGION: an address or the length is not a multiple of the page size, or the address is not one of user space",
		.mend = "see Documentation/virt/kvm/api.rst",
	},
	{
		.error = EEXIST,
		.kernels = "*",
		.cause =
			"from KVM_SET_USER_MEMORY_REGION: two slots overlap in the guest's memory",
		.mend = "delete the other one first, by giving it the length 0",
	},
	{0},
};

const struct mechanism mechanism_kvm_memslot = {
	.name = "kvm_memslot",
	.summary = "memory of a KVM guest, written by the guest's own stores",
	.why = "Virtual machines have their memory on a shared file mapping to emulate persistent memory (memory-backend-file,share=on), to share it with other processes, or to start from it again. This has to keep working: KVM pins nothing, and gives a page back when the kernel asks.",
	.require =
		"arch:x86_64 & (module:kvm_amd@CONFIG_KVM_AMD | module:kvm_intel@CONFIG_KVM_INTEL | device:/dev/kvm@CONFIG_KVM_AMD)",
	.traits =
		MECH_NOTIFIER | MECH_WRITES | MECH_WRITES_HELD | MECH_FAST_PATH,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct machine),
	.open = open_machine,
	.pin = pin,
	.device_write = device_write,
	.device_read = device_read,
	.unpin = unpin,
	.close = close_machine,
};
