#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As a kselftest: what scripts/kselftest-install makes, run by the kernel's own
# run_kselftest.sh where KSELFTEST names a tools/testing/selftests folder.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
install=$top/scripts/kselftest-install

# fails NAME REGEX ARGUMENT... - bad usage: one clear line
fails()
{
	local name=$1 regex=$2 seen=0
	shift 2
	"$install" "$@" >out 2>err || seen=$?
	is "$name: exit code" "$seen" 2
	is "$name: one line" "$(wc -l <err)" 1
	like "$name: says why" "$(cat err)" "$regex"
}

like "--help" "$("$install" --help)" '^usage: scripts/kselftest-install'
fails "no folder" 'no folder'
fails "unknown option" '--frobnicate: unknown' --frobnicate d
fails "no time" '--timeout 0: give' --timeout 0 d
fails "no program" 'no/such: is no program' --gupcheck no/such d
fails "no cell" "no cell matches 'xyz'" --gupcheck "$gupcheck" d xyz
ok "nothing was made of it" test ! -e d

# made DEST GLOB... - an installed tree
made()
{
	"$install" --gupcheck "$gupcheck" --timeout 300 "$@"
}

safe=fake_safe/fake_dir/fsync_after_unpin
made pass $safe
made fail 'fake_corrupt/fake_dir/*'
made skip $safe
is "settings" "$(cat pass/gupcheck/settings)" timeout=300
made pass $safe
is "one line in the list" "$(cat pass/kselftest-list.txt)" gupcheck:gup.sh
ok "shellcheck" shellcheck pass/gupcheck/gup.sh

if ((EUID)); then
	pass/gupcheck/gup.sh >out
	is "without root: skipped" $? 4
	done_testing
fi
pass/gupcheck/gup.sh >out
is "passed: 0" $? 0
is "KTAP" "$(head -n 1 out)" "KTAP version 1"
like "with its cell" "$(cat out)" "^ok 1 .*$safe"
fail/gupcheck/gup.sh >out
is "failed: 1" $? 1
like "not ok" "$(cat out)" '^not ok [0-9]+ fake_corrupt/'
for i in 1 2; do
	"$gupcheck" list cells --shard $i/2 $safe | grep -q . || empty=$i/2
done
skip/gupcheck/gup.sh --shard "$empty" $safe >out 2>err
is "nothing ran: 4" $? 4
chmod 755 "$scratch"
setpriv --reuid 65534 --clear-groups pass/gupcheck/gup.sh >out 2>err
is "without root: 4" $? 4
like "and why" "$(cat out)" '^1\.\.0 # SKIP needs root'
is "arguments take the place of the globs" \
	"$(pass/gupcheck/gup.sh 'fake_refused/fake_dir/admission' | grep -c '^ok .*fake_refused')" 1

if [[ -n ${KSELFTEST-} ]]; then
	for dest in pass fail; do
		mkdir "$dest/kselftest"
		cp "$KSELFTEST/run_kselftest.sh" $dest
		cp "$KSELFTEST"/kselftest/{runner.sh,prefix.pl} $dest/kselftest
		chmod 755 $dest/run_kselftest.sh $dest/kselftest/*
	done
	is "run_kselftest.sh -l" "$(pass/run_kselftest.sh -l)" gupcheck:gup.sh
	like "run_kselftest.sh passes it" "$(pass/run_kselftest.sh -c gupcheck)" \
		'^ok 1 selftests: gupcheck: gup.sh$'
	like "with its cells" "$(pass/run_kselftest.sh -t gupcheck:gup.sh)" "^# ok 1 .*$safe"
	like "run_kselftest.sh fails it" "$(fail/run_kselftest.sh -c gupcheck)" \
		'^not ok 1 selftests: gupcheck: gup.sh # exit=1$'
	like "and skips it" \
		"$(KSELFTEST_GUP_SH_ARGS="--shard $empty $safe" pass/run_kselftest.sh -c gupcheck)" \
		'^ok 1 selftests: gupcheck: gup.sh # SKIP$'
else
	echo "# run_kselftest.sh is not tried: KSELFTEST names no folder"
fi
is "nothing is left behind" "$(leftovers)" ""
done_testing
