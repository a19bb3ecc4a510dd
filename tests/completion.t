#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion in bash and zsh, and the manual page of the cells.

. "$(dirname "$0")/lib.sh"

mkdir -p "$scratch/bin" "$scratch/cache/gupcheck/kernels/6.77"
ln -s "$gupcheck" "$scratch/bin/gupcheck"
export PATH=$scratch/bin:$PATH XDG_CACHE_HOME=$scratch/cache

# completed LINE - what bash offers at the end of LINE, sorted, on one line
completed()
{
	# shellcheck disable=SC2016 # for the other shell
	bash -c '
		. "$1/completion/gupcheck.bash"
		COMP_LINE=$2
		COMP_POINT=${#2}
		# as readline cuts them
		mapfile -t COMP_WORDS < <(grep -oE "[^ @=]+|[@=]" <<<"$2")
		[[ $2 != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_gupcheck
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$top" "$1" | sort | paste -sd ' '
}

is "commands" "$(completed 'gupcheck ex')" 'explain export'
is "a cell to be exported" "$(completed 'gupcheck export af_')" af_xdp/
is "every command" "$(completed 'gupcheck ')" \
	"$({
		gupcheck list commands
		printf '%s\n' --help --version
	} | sort | paste -sd ' ')"
is "options" "$(completed 'gupcheck vm --kern')" --kernel
is "options of one command only" "$(completed 'gupcheck list --ke')" ""
is "formats" "$(completed 'gupcheck report --format kc')" kcidb
is "formats of compare" "$(completed 'gupcheck compare --format ')" 'json mail text'
is "exit styles" "$(completed 'gupcheck run --exit-style k')" kselftest
is "a format after =" "$(completed 'gupcheck run --format=jso')" json
is "kernels of the cache" "$(completed 'gupcheck vm --kernel 6.7')" 6.77
is "a cell: mechanism" "$(completed 'gupcheck cell af_')" af_xdp/
is "a cell: filesystem" "$(completed 'gupcheck cell rdma_mr/u')" rdma_mr/udf/
is "a cell: scenario" "$(completed 'gupcheck cell rdma_mr/xfs/dr')" \
	rdma_mr/xfs/drop_while_pinned
is "a cell: variants" "$(completed 'gupcheck cell rdma_mr/xfs/admission@')" \
	"cleaned large private untouched"
is "no cell that is none" \
	"$(completed 'gupcheck cell vmsplice/ext4/freeze')" ""
is "a glob is a name of any axis" "$(completed 'gupcheck run admi')" admission
is "an errno" "$(completed 'gupcheck explain EFA')" EFAULT
is "a mechanism behind it" \
	"$(completed 'gupcheck explain EFAULT io_uring_fixed')" \
	"io_uring_fixed io_uring_fixed/"
mkdir "$scratch/run-1"
is "folders of runs" "$(completed "gupcheck report $scratch/run")" \
	"$scratch/run-1"
ok "the completion of bash is clean" shellcheck "$top/completion/gupcheck.bash"
ok "zsh reads its completion" zsh -n "$top/completion/_gupcheck"

# offered WORD... - what zsh's function adds when the last word is completed
offered()
{
	# shellcheck disable=SC2016 # for the other shell
	zsh -fc '
		top=$1
		shift
		compadd() { while [[ $1 == -* && $1 != -- ]]; do
			[[ $1 != -S ]] || shift
			shift; done; [[ $1 != -- ]] || shift
			print -l -- ${(M)@:#$PREFIX*}; }
		compset() { PREFIX=${PREFIX#*=}; }
		_files() { print @files; }
		words=("$@") CURRENT=$# PREFIX=$@[-1]
		. $top/completion/_gupcheck
	' zsh "$top" "$@" | grep . | sort -u | paste -sd ' '
}

is "zsh: commands" "$(offered gupcheck ex)" 'explain export'
is "zsh: options" "$(offered gupcheck vm --kern)" --kernel
is "zsh: formats" "$(offered gupcheck report --format kc)" kcidb
is "zsh: a format after =" "$(offered gupcheck run --format=jso)" json
is "zsh: kernels" "$(offered gupcheck vm --kernel 6.7)" "6.77 @files"
is "zsh: a filesystem" "$(offered gupcheck cell rdma_mr/u)" rdma_mr/udf/
is "zsh: variants" "$(offered gupcheck cell rdma_mr/xfs/admission@p)" \
	rdma_mr/xfs/admission@private

page=$scratch/gupcheck-cells.7
"$gupcheck" list --man >"$page"
ok "the page of the cells has no mistake" mandoc -T lint -W warning "$page"
text=$(mandoc -T ascii "$page" | sed 's/.\x08//g')
missing=
for axis in mechanisms filesystems scenarios; do
	while read -r name _; do
		grep -qxE " +$name" <<<"$text" || missing+="$name "
	done < <("$gupcheck" list $axis)
done
is "every name has its section" "$missing" ""
like "a variant" "$text" '@private'
like "a promise" "$text" 'Promise of invariant 3'
is "no fakes" "$(grep -c fake_ <<<"$text")" 0
done_testing
