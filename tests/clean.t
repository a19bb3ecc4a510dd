#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a run that was killed leaves behind is put right, by the next one or by
# `gupcheck clean`; nothing else is touched.

. "$(dirname "$0")/lib.sh"

export TMPDIR=$scratch/tmp
mkdir "$TMPDIR"
cd "$scratch" || exit 1
cell=fake_hang/fake_dir/admission

# start DIR - a run that hangs in its cell; sets $pid
start()
{
	"$gupcheck" run -o "$1" $cell >/dev/null 2>&1 &
	pid=$!
	until grep -qs '"start"' "$1/journal.jsonl" || ! kill -0 $pid; do :; done
}

# stop - kill it
stop()
{
	kill -KILL $pid
	wait $pid 2>/dev/null
}

# workspaces - how many there are
workspaces()
{
	find "$TMPDIR" -maxdepth 1 -name 'gupcheck-??????' | wc -l
}

# make NAME BOOT [LINE]... - the folder of a dead run, with a ledger
make()
{
	local dir=$TMPDIR/$1 boot=$2
	shift 2
	mkdir -m 700 "$dir"
	printf '{"type":"begin","schema":1,"boot":"%s","pid":1,"folder":"%s"}\n' \
		"$boot" "$dir" >"$dir/ledger"
	printf '%s\n' "$@" >>"$dir/ledger"
}

boot=$(cat /proc/sys/kernel/random/boot_id)

is "nothing to clean" "$("$gupcheck" clean)" ""
status=0
"$gupcheck" clean now >out 2>err || status=$?
is "it takes no argument" "$status $(wc -l <err)" "2 1"
start alive
like "a run that is alive is left alone" "$("$gupcheck" clean)" \
	'left folder .* under way'
is "and has its workspace" "$(workspaces)" 1
stop
like "a dry run tells" "$("$gupcheck" clean --dry-run)" 'would remove folder'
is "and does nothing" "$(workspaces)" 1
like "clean removes what it left" "$("$gupcheck" clean)" '^removed folder'
is "all of it" "$(workspaces)" 0
start again
stop
"$gupcheck" run -o next fake_safe/fake_dir/admission >out 2>&1
is "so does the next run" "$(workspaces)" 0

# settings
start living
echo 5 >setting
make gupcheck-aaaaaa "$boot" \
	'{"type":"note","kind":"setting","name":"'"$scratch/setting"'","value":3,"amount":2}'
like "not while a run is under way" "$("$gupcheck" clean)" \
	'left setting .*/setting: a run is under way'
is "that may need it" "$(cat setting)" 5
stop
like "then it would go back" "$("$gupcheck" clean --dry-run)" \
	'would set .*/setting back from 5 to 3'
is "but has not" "$(cat setting)" 5
like "until it has" "$("$gupcheck" clean)" '^set .*/setting back from 5 to 3'
is "to what it was" "$(cat setting)" 3
echo 9 >setting
make gupcheck-bbbbbb "$boot" \
	'{"type":"note","kind":"setting","name":"'"$scratch/setting"'","value":3,"amount":2}'
like "what somebody has set stays" "$("$gupcheck" clean)" \
	'left .*/setting: it is 9, and was left at 5'
is "as it is" "$(cat setting) $(workspaces)" "9 0"
echo 5 >setting
make gupcheck-cccccc another \
	'{"type":"note","kind":"setting","name":"'"$scratch/setting"'","value":3,"amount":2}'
"$gupcheck" clean >out
is "after a restart only files are removed" "$(cat setting) $(workspaces)" "5 0"

# what is not ours
mkdir -m 700 "$TMPDIR/gupcheck-dddddd"
touch "$TMPDIR/gupcheck-dddddd/thesis"
like "a folder without a ledger stays" "$("$gupcheck" clean)" 'no ledger of ours'
ok "with all that is in it" test -e "$TMPDIR/gupcheck-dddddd/thesis"
mkdir -m 700 "$scratch/elsewhere"
cp "$TMPDIR/gupcheck-dddddd/thesis" "$scratch/elsewhere/"
ln -s "$scratch/elsewhere" "$TMPDIR/gupcheck-eeeeee"
is "a link is not followed" "$("$gupcheck" clean | grep -c eeeeee)" 0
rm -r "$TMPDIR/gupcheck-eeeeee" "$TMPDIR/gupcheck-dddddd"
if ! ((EUID)); then
	make gupcheck-ffffff "$boot"
	chown 65534 "$TMPDIR/gupcheck-ffffff"
	is "a folder of somebody else stays" "$("$gupcheck" clean)" ""
	rm -r "$TMPDIR/gupcheck-ffffff"
fi

# modules: with a modprobe, and a list of modules, of our own
cat >shim.c <<'SHIM'
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>

static const char *moved(const char *path)
{
	if (!strcmp(path, "/proc/modules"))
		return FAKE "/modules";
	if (!strcmp(path, "/lib/modules"))
		return FAKE;
	return strstr(path, "/modprobe") ? FAKE "/modprobe" : path;
}

int openat64(int dir, const char *path, int flags, ...)
{
	int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, "openat64");

	return real(dir, moved(path), flags, 0600);
}

int fstatat64(int dir, const char *path, struct stat64 *ret, int flags)
{
	int (*real)(int, const char *, struct stat64 *, int) =
		dlsym(RTLD_NEXT, "fstatat64");

	return real(dir, moved(path), ret, flags);
}

int posix_spawn(pid_t *pid, const char *path,
		const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attributes, char *const argv[],
		char *const envp[])
{
	int (*real)(pid_t *, const char *, const posix_spawn_file_actions_t *,
		    const posix_spawnattr_t *, char *const[], char *const[]) =
		dlsym(RTLD_NEXT, "posix_spawn");

	return real(pid, moved(path), actions, attributes, argv, envp);
}
SHIM
mkdir fake
echo 'gup_old 16384 0 - Live 0x0' >fake/modules
# at the first module that it loads, the run is killed
cat >fake/modprobe <<'SCRIPT'
#!/bin/sh
case $1 in
-qD)
	echo 'insmod /lib/modules/x/kernel/lib/gup-old.ko'
	echo 'insmod /lib/modules/x/kernel/lib/gup-dep.ko.xz'
	echo "$3" >"${0%/*}/asked"
	echo "insmod /lib/modules/x/kernel/$3.ko option=1"
	;;
-q) kill -9 $PPID ;;
esac
SCRIPT
chmod 755 fake/modprobe
if ((EUID)) || ! gcc -D_GNU_SOURCE -DFAKE="\"$scratch/fake\"" -shared -fPIC \
	-o shim.so shim.c; then
	echo "# no root, or no compiler: modules are not tested"
else
	LD_PRELOAD=$scratch/shim.so "$gupcheck" run -o modules rdma_mr >out 2>&1
	ledger=$(cat "$TMPDIR"/gupcheck-??????/ledger)
	like "modules are noted before they are loaded" "$ledger" \
		'"kind":"module","name":"gup_dep"'
	like "in that order" "$(tail -1 <<<"$ledger")" \
		"\"name\":\"$(cat fake/asked)\""
	is "those that were there are not" "$(grep -c gup_old <<<"$ledger")" 0
	"$gupcheck" clean >out
	is "and forgotten when they are not there" "$(workspaces)" 0
fi
is "nothing is left behind" "$(ls "$TMPDIR")" ""
done_testing
