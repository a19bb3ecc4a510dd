#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/kernel-history.sh DIR
#
# Gives the kernel source in DIR (6.5 to 6.12, a git repository that is clean) a
# history to be bisected, on top of what is checked out there:
#
#	gup-start	before any of it
#	gup-regress	25 commits later; the 18th drops the refusal of long-term
#			pins in mm/gup.c, and the 11th to the 14th do not build
#	gup-mend	24 commits after that; the 9th refuses them again
#
# All commits change code that is compiled in, each in one file. The subjects of
# the three that matter begin with `drop:`, `break:`, `mend:`.

set -euo pipefail
export LC_ALL=C

cd "$1"
export GIT_AUTHOR_NAME=tester GIT_AUTHOR_EMAIL=tester@example.org
export GIT_COMMITTER_NAME=tester GIT_COMMITTER_EMAIL=tester@example.org
export GIT_AUTHOR_DATE='2026-01-01 00:00:00 +0000'
export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
files=(mm/gup.c mm/filemap.c io_uring/rsrc.c fs/ext4/inode.c mm/memory.c
	fs/xfs/xfs_file.c mm/page-writeback.c drivers/infiniband/core/umem.c
	net/xdp/xdp_umem.c mm/process_vm_access.c fs/btrfs/file.c mm/truncate.c
	fs/direct-io.c)

# commit SUBJECT - what was changed
commit()
{
	git commit -qam "$1"
}

# harmless NUMBER - a function more in one of the files
harmless()
{
	local file=${files[$1 % ${#files[@]}]}

	cat >>"$file" <<-CODE

	static int __used gup_history_$1(int pages)
	{
		return pages * $1;
	}
	CODE
	commit "${file%/*}: count $1 more pages"
}

# refuse OLD NEW - what the check for mappings of files ends with
refuse()
{
	sed -i "/^static bool writable_file_mapping_allowed/,/^}/ {
		/^	return $1;/ s/$1/$2/
	}" mm/gup.c
}

git tag -f gup-start
for ((i = 1; i <= 25; i++)); do
	case $i in
	11)
		echo 'static int gup_history_broken(void) { return no_such_page; }' \
			>>mm/filemap.c
		commit 'break: use what is not declared'
		;;
	15)
		sed -i '/gup_history_broken/d' mm/filemap.c
		commit 'mm: declare what is used'
		;;
	18)
		refuse '!vma_needs_dirty_tracking(vma)' 'true'
		commit 'drop: mm/gup: trust the callers with mappings of files'
		;;
	*) harmless "$i" ;;
	esac
done
git tag -f gup-regress
for ((i = 1; i <= 24; i++)); do
	if ((i == 9)); then
		refuse 'true' '!vma_needs_dirty_tracking(vma)'
		commit 'mend: mm/gup: refuse long-term pins of mappings of files'
	else
		harmless "$((100 + i))"
	fi
done
git tag -f gup-mend
