/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_XDP_H
#define GUPCHECK_XDP_H

/*
 * An XDP program that hands frames to an AF_XDP socket. Loaded as raw
 * instructions: needs neither libbpf nor type information of the kernel.
 */

/**
 * struct xdp_redirect - descriptors of the parts, or -1
 * @sockets: map whose only entry is the receiving socket
 * @program: the program
 * @link: its attachment to the device, which ends with this descriptor
 */
struct xdp_redirect {
	int sockets;
	int program;
	int link;
};

/** xdp_redirect_init() - an empty one, safe to close */
void xdp_redirect_init(struct xdp_redirect *ret);

/**
 * xdp_redirect_open() - attach the program to a device
 * @ret: initialised; to be closed whatever the result is
 * @device: network device; generic mode, which every device has (Linux 5.9)
 * @frame_len: frames of exactly this many bytes, Ethernet header included, go
 *	to the socket; all others go their way, so that a stray one cannot take
 *	the place of ours
 * Return: 0 or -errno.
 */
int xdp_redirect_open(struct xdp_redirect *ret, const char *device,
		      unsigned int frame_len);

/** xdp_redirect_to() - from now on to this bound AF_XDP socket; 0 or -errno */
int xdp_redirect_to(struct xdp_redirect *redirect, int socket);

/** xdp_redirect_close() - detach and free */
void xdp_redirect_close(struct xdp_redirect *redirect);

#endif
