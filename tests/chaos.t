#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A short fault campaign: see scripts/chaos.

. "$(dirname "$0")/lib.sh"
((EUID)) && skip_all "not root"
cd "$scratch" || exit 1
export GUPCHECK=$gupcheck

# campaign OPTION... - sets $status, writes out
campaign()
{
	status=0
	"$top/scripts/chaos" --seed 7 "$@" >out 2>&1 || status=$?
	sed 's/^/# /' out
}

campaign --kills 20 --deaths 0 --seconds-limit 45 --cells process_vm/ext4 \
	--cells vmsplice/btrfs --cells o_direct/xfs --cells io_uring_fixed/tmpfs
is "whatever is killed, nothing is lost and nothing left" "$status" 0
ok "something was killed" grep -qE '^kills: [1-9]' out
ok "something was gone on with" grep -qE '^resumes: [1-9]' out

if "$top/scripts/fetch-kernel" 6.12 >/dev/null 2>&1; then
	campaign --kills 0 --deaths 2 --seconds-limit 60
	is "nor with guests that die" "$status" 0
	ok "some died" grep -qE '^deaths: [1-9]' out
fi
is "nothing is left behind" "$(leftovers)" ""
done_testing
