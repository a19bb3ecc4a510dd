# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of gupcheck in bash. Every word comes from the program that is
# completed: gupcheck list, and the option lines of --help.

# _gupcheck_options PROGRAM COMMAND
_gupcheck_options()
{
	"$1" "$2" --help 2>/dev/null |
		sed -nE 's/^ +(-[a-zA-Z], )?(--[a-z-]+).*/\2/p'
}

# _gupcheck_names PROGRAM WHAT [COMMAND]
_gupcheck_names()
{
	"$1" list "${@:2}" 2>/dev/null | awk '{ print $1 }'
}

# _gupcheck_cells PROGRAM BEGINNING - up to the next slash, so that one part is
# chosen after the other
_gupcheck_cells()
{
	local done=
	[[ $2 != */* ]] || done=${2%/*}/
	_gupcheck_names "$1" cells | awk -v done="$done" '
		index($0, done) == 1 {
			rest = substr($0, length(done) + 1)
			slash = index(rest, "/")
			word = done (slash ? substr(rest, 1, slash) : rest)
			if (!seen[word]++)
				print word
		}'
}

# _gupcheck_any PROGRAM BEGINNING - globs of run and vm: a lone word is a name
# on any axis
_gupcheck_any()
{
	_gupcheck_cells "$1" "$2"
	[[ $2 == */* ]] || {
		_gupcheck_names "$1" mechanisms
		_gupcheck_names "$1" filesystems
		_gupcheck_names "$1" scenarios
	}
}

# _gupcheck_words PROGRAM COMMAND PREVIOUS CURRENT - one a line; @files, @folders
# where names of files are wanted
_gupcheck_words()
{
	local program=$1 command=$2
	case $3 in
	--format) _gupcheck_names "$program" formats "$command" && return ;;
	--exit-style) _gupcheck_names "$program" exit-styles && return ;;
	--kernel | -k) _gupcheck_names "$program" kernels && echo @files && return ;;
	--accel) printf '%s\n' auto kvm tcg && return ;;
	--output | -o | --resume | --modules | --good | --bad) echo @folders && return ;;
	--config | --expected | --vmlinux) echo @files && return ;;
	--require) _gupcheck_any "$program" "$4" && return ;;
	esac
	if [[ $4 == -* ]]; then
		_gupcheck_options "$program" "$command"
		return
	fi
	case $command in
	list)
		printf '%s\n' mechanisms filesystems scenarios cells commands \
			kernels errnos exit-styles formats
		;;
	explain)
		_gupcheck_cells "$program" "$4"
		_gupcheck_names "$program" errnos
		_gupcheck_names "$program" mechanisms
		_gupcheck_names "$program" filesystems
		;;
	cell | export) _gupcheck_cells "$program" "$4" ;;
	run | vm) _gupcheck_any "$program" "$4" ;;
	doctor)
		_gupcheck_names "$program" mechanisms
		_gupcheck_names "$program" filesystems
		;;
	report | compare | bisect | merge) echo @folders ;;
	esac
}

# _gupcheck_before - sets current and previous: the words as the shell sees them,
# not as readline cuts them at @ and =
_gupcheck_before()
{
	local line=${COMP_LINE:0:COMP_POINT}
	local -a words
	read -ra words <<<"$line"
	[[ $line != *[[:space:]] ]] || words+=("")
	current=${words[${#words[@]} - 1]}
	previous=${words[${#words[@]} - 2]}
	if [[ $current == --*=* ]]; then
		previous=${current%%=*}
		current=${current#*=}
	fi
}

_gupcheck()
{
	local program=${COMP_WORDS[0]/#\~/$HOME} current previous word cut=
	local -a all=() globs=()
	COMPREPLY=()
	command -v "$program" >/dev/null || return 0
	_gupcheck_before
	if ((COMP_CWORD == 1)); then
		mapfile -t all < <(_gupcheck_names "$program" commands)
		all+=(--help --version)
	else
		mapfile -t all < <(_gupcheck_words "$program" \
			"${COMP_WORDS[1]}" "$previous" "$current")
	fi
	# readline replaces what follows the last @ only
	[[ $current != *@* || $COMP_WORDBREAKS != *@* ]] || cut=${current%@*}@
	for word in "${all[@]}"; do
		case $word in
		@files) mapfile -t globs < <(compgen -f -- "$current") ;;
		@folders) mapfile -t globs < <(compgen -d -- "$current") ;;
		"$current"*) COMPREPLY+=("${word#"$cut"}") ;;
		esac
	done
	COMPREPLY+=("${globs[@]}")
	((!${#globs[@]})) || compopt -o filenames 2>/dev/null
	[[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != */ ]] ||
		compopt -o nospace 2>/dev/null
	return 0
}

complete -F _gupcheck gupcheck
