#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock 6.1 accepts long-term writable pins of file pages: it must be found out.

. "$(dirname "$0")/vm-lib.sh"
run_series 6.1 \
	'iommufd|gup_test|gup_test_fast|rdma_odp|udmabuf|ublk_buf|io_uring_(mem_region|no_mmap|zcrx)'
is "exit code" "$status" 1
all "RDMA, AF_XDP and VFIO are exposed" \
	"(rdma_mr|af_xdp|vfio_type1)/$tracked/admission$mappings" 'exposed unexpected'
all "io_uring refuses by itself" \
	"io_uring_fixed/$tracked/admission(@untouched|@cleaned)?" \
	'refused as-expected EOPNOTSUPP'
all "nothing pins what cannot be written" \
	'[a-z_]*/[a-z0-9]*/admission@(readonly|beyond_eof|memfd_sealed|memfd_sealed_then_mapped)' \
	'refused as-expected'
all "fsync lies while pinned" "(rdma_mr|af_xdp|vfio_type1)/$tracked/fsync_while_pinned" \
	'corrupt unexpected'
all "video frames land, too" 'vivid_userptr/ext4/fsync_while_pinned' \
	'corrupt unexpected'
all "the clone on xfs changes" '(rdma_mr|af_xdp|vfio_type1|vivid_userptr)/xfs/reflink_while_pinned' \
	'corrupt unexpected'
all "the clone on btrfs does not" 'rdma_mr/btrfs/reflink_while_pinned' \
	'exposed unexpected'
all "frozen disks change" '(rdma_mr|process_vm)/(xfs|ext4)/freeze_while_pinned' \
	'corrupt (unexpected|known-issue)'
all "what changes under writeback cannot be read" \
	'(rdma_mr|process_vm)/btrfs/write_under_writeback' \
	'corrupt (unexpected|known-issue)'
all "ext4 loses its buffers" '(rdma_mr|process_vm)/ext4/move_extent_while_pinned' \
	'(corrupt|oops) (unexpected|known-issue)'
all "memory filesystems are safe" '[a-z_]*/(tmpfs|hugetlbfs)/[a-z_@]*' \
	'safe as-expected|refused (as-expected|known-issue)'
all "readers are safe" 'vmsplice/[a-z0-9]*/[a-z_@]*' 'safe as-expected'
done_testing
