# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the scripts that build and run one kernel after another. What they need of
# a kernel source is kept apart from it, in a folder of the cache that is named
# after the source:
#
#	source	a checkout of its own: the user's is not touched, and the time
#		stamps of what does not change stay as they are
#	build	the kernel that was built last: the next one builds on it
#	config	the configuration of all of them
#
# Whoever sources this sets $name, for messages, and $failure, the exit code of
# what cannot go on.

set -euo pipefail
export LC_ALL=C

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # for the scripts
vm_options=()
build_options=()
config=
# Patches are committed in a repository of our own, by nobody in particular
export GIT_AUTHOR_NAME=gupcheck GIT_AUTHOR_EMAIL=gupcheck@localhost
export GIT_COMMITTER_NAME=gupcheck GIT_COMMITTER_EMAIL=gupcheck@localhost
# `git bisect run` may have set them for its own repository
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX

# die LINE - one line that names the input, the reason and the mend
die()
{
	printf '%s: %s\n' "$name" "$1" >&2
	exit "${2:-$failure}"
}

# say LINE...
say()
{
	printf '%s\n' "$@"
}

# need PROGRAM PACKAGE
need()
{
	command -v "$1" >/dev/null ||
		die "$1: not found: install the Debian package $2, or run scripts/setup kernel"
}

# find_gupcheck - sets $gupcheck
find_gupcheck()
{
	gupcheck=${GUPCHECK-}
	if [[ -z $gupcheck ]]; then
		gupcheck=$("$top/scripts/build" 2>/dev/null) ||
			die "gupcheck cannot be built: run scripts/build, or set GUPCHECK"
	fi
	command -v "$gupcheck" >/dev/null ||
		die "GUPCHECK=$gupcheck: no such program: run scripts/build, which names it"
	export GUPCHECK=$gupcheck
}

# kernel_option OPTION ARGUMENT - options that all of the scripts have; sets
# $used to how many words were taken
kernel_option()
{
	case $1 in
	--accel | --append | --memory | --time-limit)
		# shellcheck disable=SC2034 # for the scripts
		vm_options+=("$1" "$2")
		;;
	--config)
		[[ -f $2 ]] || die "--config $2: no such file: name a .config"
		config=$(realpath "$2")
		;;
	-j) build_options+=(-j "$2") ;;
	--modules)
		build_options+=(--modules)
		used=1
		return
		;;
	*) return 1 ;;
	esac
	used=2
}

# shellcheck disable=SC2034 # for the scripts
kernel_options_help='  --config FILE    configuration; default: scripts/kernel-config makes the
                   smallest that all cells run on
  --modules        build the modules, too
  -j N             so many jobs; default: one for each processor
  --accel HOW, --append ARGS, --memory MIB, --time-limit S
                   for `gupcheck vm`'

# tree_open TREE OBJECTS - the folder of the kernel source TREE, whose git objects
# are in OBJECTS ("": none); sets $home_folder, $source, $build; waits for whoever
# else builds there
tree_open()
{
	local key

	key=$(printf '%s' "$1" | sha256sum | cut -c 1-12)
	home_folder=${XDG_CACHE_HOME:-$HOME/.cache}/gupcheck/trees/$(basename "$1")-$key
	source=$home_folder/source
	build=$home_folder/build
	mkdir -p "$source" "$build" 2>/dev/null ||
		die "$home_folder: no folder can be made there: set XDG_CACHE_HOME to another one"
	exec {lock}>"$home_folder/lock"
	flock -n "$lock" || {
		echo "$name: waiting for another build in $home_folder" >&2
		flock "$lock"
	}
	[[ -d $source/.git ]] || git init -q "$source"
	printf '%s\n' ${2:+"$2"} >"$source/.git/objects/info/alternates"
	# of a build that was killed while git wrote
	rm -f "$source/.git/index.lock"
}

# tree_objects TREE - where its git keeps them; nothing when TREE is no top folder
# of a repository
tree_objects()
{
	local found
	found=$(git -C "$1" rev-parse --show-toplevel 2>/dev/null) || return 0
	[[ $found == "$1" ]] || return 0
	found=$(git -C "$1" rev-parse --git-path objects)
	(cd "$1" && realpath "$found")
}

# tree_snapshot TREE - a commit of the files as they are, on no other one; theirs
# are all but what a build leaves behind
tree_snapshot()
{
	local index=$home_folder/index
	rm -f "$index"
	(
		export GIT_DIR=$source/.git GIT_WORK_TREE=$1 GIT_INDEX_FILE=$index
		cd "$1"
		if [[ -n $(tree_objects "$1") ]]; then
			# it knows what has not changed
			cp "$(env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE \
				git rev-parse --git-path index)" "$index"
			git add -A .
		else
			# a packaged source may tell git to ignore all of it
			find . -type f ! -name '*.o' ! -name '*.ko' ! -name '*.a' \
				! -name '.*.cmd' ! -name '.*.d' ! -path './.git/*' \
				-print0 |
				git add -f --pathspec-from-file=- --pathspec-file-nul
		fi
		git commit-tree -m "$1 as it is" "$(git write-tree)"
	)
}

# tree_checkout COMMIT - as source
tree_checkout()
{
	git -C "$source" checkout -q --force --detach "$1" -- ||
		die "$1: cannot be checked out in $source: see above"
}

# tree_configure - for what is checked out, and all that is built after it; false
# when it fails, then $home_folder/errors says why
tree_configure()
{
	if [[ -n $config ]]; then
		cp "$config" "$home_folder/config"
		return
	fi
	"$top/scripts/kernel-config" "$source" "$build" \
		2>"$home_folder/errors" {lock}>&- || return 1
	cp "$build/.config" "$home_folder/config"
}

# tree_build - false when it does not build; sets $build_seconds; what make said
# is in $build/.gupcheck-build.log, its errors are in $home_folder/errors
tree_build()
{
	local begin=$EPOCHREALTIME status=0

	# each begins with the same: a configuration that went through an older
	# kernel has lost what that one did not know
	cp "$home_folder/config" "$build/.config"
	"$top/scripts/build-kernel" "${build_options[@]}" "$source" "$build" \
		>/dev/null 2>"$home_folder/errors" {lock}>&- || status=$?
	build_seconds=$(since "$begin")
	return "$status"
}

# since EPOCHREALTIME - whole seconds
since()
{
	awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%d", to - from + 0.5 }'
}

# tree_image - what the build made, below $build
tree_image()
{
	make -s -C "$source" O="$build" image_name | tail -n 1
}

# tree_keep FILE - a copy of the image that was built
tree_keep()
{
	mkdir -p "$(dirname "$1")"
	cp "$build/$(tree_image)" "$1"
}

# run_cells DIR CELL... - on what was built, or on $kernel; sets $run_status, $boot_seconds,
# $cells_seconds; what was said on standard error is in DIR.err
run_cells()
{
	local dir=$1 begin=$EPOCHREALTIME all
	shift

	run_status=0
	mkdir -p "$(dirname "$dir")"
	rm -rf "$dir"
	"$gupcheck" vm --kernel "${kernel:-$build}" "${vm_options[@]}" -o "$dir" "$@" \
		>/dev/null 2>"$dir.err" {lock}>&- || run_status=$?
	all=$(since "$begin")
	# shellcheck disable=SC2034 # for the scripts
	cells_seconds=$({ "$gupcheck" report --format json "$dir" 2>/dev/null || true; } |
		jq -n '[inputs.cells[].seconds // 0] | add // 0 | . + 0.5 | floor')
	# shellcheck disable=SC2034 # for the scripts
	boot_seconds=$((all > cells_seconds ? all - cells_seconds : 0))
	# interrupted, or bad usage: nobody asked the kernel
	((run_status < 128 && run_status != 2)) || {
		cat "$dir.err" >&2
		exit "$failure"
	}
}
