#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock 6.12 refuses them: nothing unexpected, and short-term pins are known.

. "$(dirname "$0")/vm-lib.sh"
# udmabuf takes no file of tmpfs that is no sealed memfd
run_series 6.12 \
	'iommufd|gup_test|gup_test_fast|rdma_odp|udmabuf|ublk_buf|io_uring_(mem_region|zcrx)'
is "exit code" "$status" 0
longterm='(rdma_mr|af_xdp|io_uring_(fixed|pbuf_ring|no_mmap)|vfio_type1|vivid_userptr)'
"$gupcheck" report --strict "$run" >/dev/null
is "exit code with --strict" "$?" 1
all "long-term writable pins are refused" \
	"$longterm/$tracked/[a-z_]*$mappings" \
	'refused as-expected (EFAULT|ENOMEM)'
all "with EFAULT, where no page of the range could be pinned" \
	"$longterm/$tracked/[a-z_]*(@untouched|@cleaned)?" \
	'refused as-expected EFAULT'
all "udmabuf knows files of disks by their kind" \
	"udmabuf/$tracked/[a-z_]*$mappings" 'refused as-expected EBADFD'
all "and takes sealed memfds" 'udmabuf/tmpfs/admission@memfd_sealed_size' \
	'safe as-expected'
all "nothing pins what cannot be written" \
	'[a-z_]*/[a-z0-9]*/admission@(readonly|beyond_eof|memfd_sealed|memfd_sealed_then_mapped)' \
	'refused as-expected'
all "private mappings are not" '[a-z_]*/[a-z0-9]*/admission@(private|memfd_sealed_private)' \
	'safe as-expected'
all "memory filesystems are safe" "[a-z_]*/(tmpfs|hugetlbfs)/[a-z_]*$mappings" \
	'safe as-expected'
all "what pins nothing is safe" 'kvm_memslot/[a-z0-9/_@]*' 'safe as-expected'
all "short-term pins are admitted" \
	"(process_vm|o_direct|vmsplice)/[a-z0-9]*/admission$mappings" 'safe as-expected'
all "the clone on xfs changes" '(process_vm|o_direct)/xfs/reflink_while_pinned' \
	'corrupt known-issue'
all "the clone on btrfs does not" '(process_vm|o_direct)/btrfs/reflink_while_pinned' \
	'safe as-expected'
all "frozen disks change" '(process_vm|o_direct)/(xfs|ext4)/freeze_while_pinned' \
	'corrupt known-issue'
all "ext4 loses its buffers" 'process_vm/ext4/move_extent_while_pinned' \
	'(corrupt|oops) known-issue'
like "and warns of it" "$("$gupcheck" report --format json "$run" |
	jq -r '.cells[] | select(.id == "process_vm/ext4/move_extent_while_pinned") | .evidence[]')" \
	'WARNING.*ext4_dirty_folio'
all "deduplication destroys another file" 'process_vm/(xfs|btrfs)/dedupe_while_pinned' \
	'corrupt known-issue'
all "clones and snapshots lack what was read" \
	'process_vm/(xfs|btrfs)/(reflink|snapshot)_after_write' 'corrupt known-issue'
all "behind a plain store they do not" \
	'vmsplice/[a-z0-9_]*/(dedupe_while_pinned|reflink_after_write)' 'safe as-expected'
all "immutable files change" '(process_vm|o_direct)/(ext4|xfs|btrfs|f2fs)/immutable_while_pinned' \
	'corrupt known-issue'
all "read-only disks change" '(process_vm|o_direct)/(ext4|xfs|f2fs)/readonly_while_pinned' \
	'corrupt known-issue'
all "btrfs warns when it was read-only" 'process_vm/btrfs/readonly_while_pinned' \
	'(oops|safe) '
all "btrfs cannot read what was written under writeback" \
	'process_vm/btrfs/write_under_writeback' 'corrupt known-issue'
all "a sealed file is read without an error" \
	'process_vm/(ext4_verity|btrfs)/verity_while_pinned' 'corrupt known-issue'
all "blocks smaller than a page are lost" 'o_direct/xfs_1k/grow_while_pinned' \
	'corrupt known-issue'
all "but not whole ones" 'o_direct/(ext4|xfs)/grow_while_pinned' 'safe as-expected'
all "every filesystem lies to fsync" 'process_vm/(ext2|nilfs2|jfs|vfat)/fsync_while_pinned' \
	'corrupt known-issue'
like "the report ends with what was found" "$(tail -1 "$scratch/out")" \
	'refuses every long-term writable pin'

# a guest that dies costs one cell; damage, leaks and lies are seen for what
# they are; a flood of messages hides nothing
died=$scratch/died
"$gupcheck" vm --kernel 6.12 -o "$died" 'fake_panic/ext4/admission' \
	'fake_null/ext4/admission' 'fake_reset/tmpfs/admission' \
	'fake_damage/*/admission' 'fake_flood/ext4/admission' \
	'fake_forge_results/ext4/admission' 'fake_forge_log/ext4/admission' \
	'vmsplice/tmpfs/admission' 'vmsplice/ext4/admission' \
	>"$scratch/out" 2>&1
is "exit code after deaths" "$?" 1
cells "$died" | cut -d' ' -f1,2 | sort >"$scratch/cells"
is "each cell costs itself only" \
	"$(grep -v '^fake_damage/\(tmpfs\|hugetlbfs\)/' "$scratch/cells")" "\
fake_damage/btrfs/admission corrupt
fake_damage/ext4/admission corrupt
fake_damage/f2fs/admission corrupt
fake_damage/xfs/admission corrupt
fake_flood/ext4/admission corrupt
fake_forge_log/ext4/admission broken
fake_forge_results/ext4/admission broken
fake_null/ext4/admission oops
fake_panic/ext4/admission oops
fake_reset/tmpfs/admission vanished
vmsplice/ext4/admission safe
vmsplice/tmpfs/admission safe"
evidence()
{
	"$gupcheck" report --format json "$died" |
		jq -r --arg id "$1" '.cells[] | select(.id == $id) | .evidence[]'
}
for checker in e2fsck/ext4 xfs_repair/xfs btrfs/btrfs fsck.f2fs/f2fs; do
	like "${checker%/*} finds damage" \
		"$(evidence "fake_damage/${checker#*/}/admission")" \
		"^${checker%/*}: "
done
like "the kernel is heard behind a flood" \
	"$(evidence fake_flood/ext4/admission)" \
	'kernel: EXT4-fs error .*behind the flood'
like "a NULL pointer is told" "$(evidence fake_null/ext4/admission)" \
	'BUG: kernel NULL pointer dereference'
done_testing
