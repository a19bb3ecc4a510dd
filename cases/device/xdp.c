/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An XDP program that hands frames to a socket, see <gupcheck/xdp.h>. */
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <sys/syscall.h>
#include <gupcheck/xdp.h>

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int sockets_new(void)
{
	union bpf_attr attr = {.map_type = BPF_MAP_TYPE_XSKMAP,
			       .key_size = sizeof(uint32_t),
			       .value_size = sizeof(int),
			       .max_entries = 1};

	return bpf(BPF_MAP_CREATE, &attr);
}

/* Takes frames of one length, see xdp_redirect_open(). */
static int program_new(int sockets, unsigned int frame_len)
{
	const struct bpf_insn code[] = {
		{BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1,
		 offsetof(struct xdp_md, data), 0},
		{BPF_LDX | BPF_MEM | BPF_W, BPF_REG_3, BPF_REG_1,
		 offsetof(struct xdp_md, data_end), 0},
		{BPF_ALU64 | BPF_SUB | BPF_X, BPF_REG_3, BPF_REG_2, 0, 0},
		{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, XDP_PASS},
		{BPF_JMP | BPF_JNE | BPF_K, BPF_REG_3, 0, 5, (int)frame_len},
		{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, 0},
		{BPF_LD | BPF_IMM | BPF_DW, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0,
		 sockets},
		{0, 0, 0, 0, 0},
		{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, XDP_PASS},
		{BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect_map},
		{BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
	};
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_XDP,
			       .insns = (uintptr_t)code,
			       .insn_cnt = sizeof(code) / sizeof(code[0]),
			       .license = (uintptr_t) "GPL"};

	return bpf(BPF_PROG_LOAD, &attr);
}

static int program_attach(int program, const char *name)
{
	union bpf_attr attr = {0};

	attr.link_create.prog_fd = (uint32_t)program;
	attr.link_create.target_ifindex = if_nametoindex(name);
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = XDP_FLAGS_SKB_MODE;
	return bpf(BPF_LINK_CREATE, &attr);
}

void xdp_redirect_init(struct xdp_redirect *ret)
{
	ret->sockets = -1;
	ret->program = -1;
	ret->link = -1;
}

int xdp_redirect_open(struct xdp_redirect *ret, const char *device,
		      unsigned int frame_len)
{
	ret->sockets = sockets_new();
	if (ret->sockets < 0)
		return -errno;
	ret->program = program_new(ret->sockets, frame_len);
	if (ret->program < 0)
		return -errno;
	ret->link = program_attach(ret->program, device);
	return ret->link < 0 ? -errno : 0;
}

int xdp_redirect_to(struct xdp_redirect *redirect, int socket)
{
	uint32_t queue = 0;
	union bpf_attr attr = {.map_fd = (uint32_t)redirect->sockets,
			       .key = (uintptr_t)&queue,
			       .value = (uintptr_t)&socket};

	return bpf(BPF_MAP_UPDATE_ELEM, &attr) ? -errno : 0;
}

void xdp_redirect_close(struct xdp_redirect *redirect)
{
	if (redirect->link >= 0)
		close(redirect->link);
	if (redirect->program >= 0)
		close(redirect->program);
	if (redirect->sockets >= 0)
		close(redirect->sockets);
	xdp_redirect_init(redirect);
}
