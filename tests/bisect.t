#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gupcheck bisect, --bisect, scripts/bisect-run and scripts/patch-check, on a
# stand-in for a kernel's source whose "kernel" names the answers that a stand-in
# for `gupcheck vm` gives. On a real source (6.5 to 6.12, as Debian packages it),
# too, when KERNEL_TREE names it: that takes an hour.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export NO_COLOR=1 XDG_CACHE_HOME=$scratch/cache GIT_CONFIG_GLOBAL=$scratch/gitconfig
unset CC LLVM ARCH CROSS_COMPILE MAKEFLAGS MFLAGS
git config --global user.name tester
git config --global user.email tester@example.org
git config --global init.defaultBranch main
git config --global advice.detachedHead false

# step CODE REGEX ARGUMENT... - of `gupcheck bisect`
step()
{
	local expected=$1 regex=$2 seen=0
	shift 2
	"$sanitized" bisect "$@" >out 2>err || seen=$?
	is "bisect $*: exit code" "$seen" "$expected"
	like "bisect $*: says so" "$(cat out err)" "$regex"
}

# edited NAME SED... - a copy of the run `good` with another verdict
edited()
{
	local name=$1
	shift
	mkdir -p "$name"
	sed "$@" good/journal.jsonl >"$name/journal.jsonl"
}

# end ID OLD NEW - sed: the end of the cell tells NEW in place of OLD
end()
{
	echo "/\"type\":\"end\".*\"id\":\"${1//\//\\/}\"/s/$2/$3/"
}

# The answers of kernels
safe=fake_safe/fake_dir/fsync_after_unpin
refused=fake_refused/fake_dir/admission
as_expected='"as-expected"'
"$gupcheck" run -o good $safe $refused >run.txt 2>&1
is "the good run is as expected" $? 0
edited bad -e "$(end $refused "\"refused\",\"outcome\":$as_expected" '"exposed","outcome":"unexpected"')"
edited other -e "$(end $refused "\"refused\",\"outcome\":$as_expected" '"oops","outcome":"unexpected"')"
edited both -e "$(end $refused "\"refused\",\"outcome\":$as_expected" '"exposed","outcome":"unexpected"')" \
	-e "$(end $safe "\"safe\",\"outcome\":$as_expected" '"corrupt","outcome":"unexpected"')"
edited skipped -e "$(end $refused "\"refused\",\"outcome\":$as_expected" '"skipped","outcome":"none"')"
edited vanished -e "/\"type\":\"end\".*${refused//\//\\/}/d" -e '/"type":"finish"/d'
edited liar -e '/"type":"canary"/s/"corrupt"/"safe"/'
mkdir none
grep '"type":"command"' good/journal.jsonl >none/journal.jsonl

# The judge
step 0 "^$refused: good: refused .*, bad: exposed" --good good --bad bad
like "how often it was seen" "$(cat out)" '^1 cell tells the ends apart, seen in 1 of 1 runs'
step 0 "^2 cells tell" --good good --bad both
step 0 "^$refused$" --good good --bad bad --print cells
is "nothing else" "$(wc -l <out)" 1
step 0 "^$safe$" --good good --bad both --print fewest
is "one of each kind" "$(wc -l <out)" 2
step 0 '^1$' --good good --bad bad --print repeats
step 0 '^7$' --good good --bad bad --bad good --print repeats
step 0 '^4$' --good good --bad bad --bad good --print repeats --confidence 0.9
step 1 "^bad: $refused is exposed" --good good --bad bad bad
step 0 '^good: 1 cell$' --good good --bad bad good
step 1 '^bad' --good good --bad bad both
step 1 "^bad: $refused" --good good --bad both bad
step 125 "^cannot tell: $refused is oops.*: it is not what is looked for" --good good --bad bad other
step 125 "^cannot tell: $refused is skipped.*: it gives no answer" --good good --bad bad skipped
step 125 "^cannot tell: $refused is vanished.*: the kernel did not come back" --good good --bad bad vanished
step 1 '^bad' --good good --bad other vanished
step 125 '^cannot tell' --good good --bad other --lost skip vanished
step 1 '^bad' --good good --bad bad --lost bad vanished
step 128 '^lost' --good good --bad bad --lost abort vanished
step 125 'the canary was not seen to be corrupt' --good good --bad bad liar
step 125 '^cannot tell: none: nothing was run' --good good --bad bad none
step 1 '^bad' --good good --bad bad good good bad
step 125 '^cannot tell' --good good --bad bad good other
# ends that are not fit
step 128 'the ends are alike' --good good --bad good
step 128 'the ends are alike' --good bad --bad bad
step 128 "the ends are swapped: $refused" --good bad --bad good
step 128 'the bad end, liar: its results cannot be trusted' --good good --bad liar
step 128 'the good end, bad, is bad as well' --good good --good bad --bad bad
step 129 'none holds no run' --good good --bad none
# in reverse
step 0 "bad: refused" --good bad --bad good --either-way
step 1 '^bad' --good bad --bad good --either-way good
step 0 '^good' --good bad --bad good --either-way bad
step 0 'bad: refused' --good bad --bad good --good-when exposed --bad-when refused
step 128 'the ends are swapped' --good good --bad bad --good-when exposed --bad-when refused
step 128 'the ends are alike|nothing got worse' --good good --bad bad --bad-when corrupt
# usage
step 129 'give --good DIR and --bad DIR' good
step 129 '/no/such: cannot be read|/no/such' --good good --bad /no/such
step 129 '/no/such' --good good --bad bad /no/such
step 129 '^gupcheck: nice: no verdict and no outcome' --good good --bad bad --bad-when nice
step 129 '^gupcheck: skipped: says nothing' --good good --bad bad --good-when skipped
step 129 '^gupcheck: --lost maybe: give' --good good --bad bad --lost maybe
step 129 '^gupcheck: --confidence 1: give' --good good --bad bad --confidence 1
step 129 '^gupcheck: --print all: give' --good good --bad bad --print all
step 129 'option --frob is unknown' --frob
step 0 '^Usage: gupcheck bisect' --help

# code CODE ARGUMENT... - of a command with --bisect
code()
{
	local expected=$1 seen=0
	shift
	"$sanitized" "$@" >out 2>err || seen=$?
	is "$*: exit code" "$seen" "$expected"
}

code 0 report --bisect good
code 1 report --bisect bad
code 1 report --bisect both
code 1 report --exit-style bisect bad
code 125 report --exit-style=bisect skipped
code 129 report --exit-style bisect --frob
code 129 report --frob --exit-style bisect
code 125 report --bisect skipped
code 125 report --bisect vanished
code 125 report --bisect liar
code 125 report --bisect none
code 1 report --bisect other
code 129 report --bisect
code 129 report --bisect --frob good
code 129 report --frob --bisect good
code 129 run --bisect no_such_cell
code 129 vm --bisect --frob
code 129 vm --frob --bisect
code 129 vm --bisect --kernel /no/such
code 0 run --bisect -o again $safe
code 1 run --bisect --destructive -o again2 fake_exposed/fake_dir/admission
code 125 run --bisect -o again3 fake_skip/fake_dir/admission
like "says what cannot be told" "$(cat err)" '^cannot tell: fake_skip/'

# A source whose kernel is the answer in mm/gup.c
mkdir -p tree/mm answers
mkdir tree/.hidden
cat >tree/Makefile <<'MAKE'
O ?= .
olddefconfig:
	@grep -v '^CONFIG_NEWER' $(O)/.config >$(O)/.config.new || true
	@mv $(O)/.config.new $(O)/.config
bzImage:
	@test -e $(O)/.config
	@! grep -n 'error' mm/gup.c
	@mkdir -p $(O)/arch/x86/boot
	@cat mm/gup.c >$(O)/arch/x86/boot/bzImage
	@echo built >>$(O)/../../../../builds
image_name:
	@echo arch/x86/boot/bzImage
MAKE
: >tree/Kconfig
echo CONFIG_NEWER=y >config
cat >standin <<STANDIN
#!/bin/bash
[[ \$1 == vm ]] || exec "$gupcheck" "\$@"
kernel= run=
while ((\$#)); do
	case \$1 in
	--kernel) kernel=\$2 ;;
	-o) run=\$2 ;;
	esac
	shift
done
[[ -f \$kernel ]] || kernel+=/arch/x86/boot/bzImage
answer=\$(grep -v // "\$kernel")
echo "\$answer" >>"$scratch/boots"
mkdir -p "\$run"
case \$answer in
panics)
	echo "gupcheck: \$kernel: panicked: no init" >&2
	cp "$scratch/none/journal.jsonl" "\$run"
	exit 77
	;;
seldom)
	# one time of two
	answer=good
	(($(date +%N) < 0)) || (( \$(grep -c seldom "$scratch/boots") % 2 )) || answer=bad
	;;
killed) kill -INT \$\$ ;;
esac
cp "$scratch/\$answer/journal.jsonl" "\$run"
STANDIN
chmod +x standin
export GUPCHECK=$scratch/standin
git init -q tree

# commit ANSWER... - each a commit that is named after its number
commit()
{
	for answer; do
		number=$((number + 1))
		printf '// %d\n%s\n' $number "$answer" >tree/mm/gup.c
		git -C tree add -A
		git -C tree commit -qm "commit $number: $answer"
		git -C tree tag "c$number"
	done
}

number=0
commit good good good error other good panics good good bad bad bad bad bad \
	bad bad good good good good good good good good good
mapfile -t commits < <(git -C tree rev-list --reverse main)

# bisect BAD GOOD OPTION... - sets $seen
bisect()
{
	local terms=()
	[[ -z ${term-} ]] || terms=(--term-old=broken --term-new=mended)
	rm -f cache/builds boots
	seen=0
	(
		cd tree && git bisect reset && git bisect start "${terms[@]}" "$1" "$2" &&
			git bisect run "$top/scripts/bisect-run" --config ../config "${@:3}"
	) >out 2>err </dev/null || seen=$?
}

bisect c16 c1 fake_safe fake_refused
is "the regression is found: exit code" "$seen" 0
like "git names it" "$(cat out)" "^${commits[9]} is the first bad commit"
like "so do we" "$(cat out)" '^the first bad commit: [0-9a-f]+ commit 10: bad$'
like "what is looked for" "$(cat out)" "^  $refused: good: refused .*, bad: exposed"
like "the evidence" "$(cat out)" "$refused: refused"
like "all that is looked for is run before and after it" "$(cat out)" '^all that is looked for, on [0-9a-f]+ commit 10'
like "the command" "$(cat out)" "^see it again: gupcheck vm --kernel $scratch/tree/.git/gupcheck-bisect/kernels/${commits[9]:0:12} $refused$"
is "that kernel is there" "$(tail -n 1 "tree/.git/gupcheck-bisect/kernels/${commits[9]:0:12}")" bad
like "a line for each step, with its times" "$(cat out)" '^  [0-9a-f]{12} +1 +[0-9]+ s +[0-9]+ s +[0-9]+ s  commit 10: bad$'
is "the tree is as it was" "$(git -C tree status --porcelain)" ""
is "the configuration is the same each time" "$(cat cache/gupcheck/trees/*/config)" 'CONFIG_NEWER=y'
is "steps and ends, each built once" "$(($(wc -l <cache/builds) - 2))" \
	"$(grep -cv error <(cut -f 7 tree/.git/gupcheck-bisect/log))"

# the ends are tested first
bisect c25 c1
is "ends that are alike stop it" $((seen >= 128 || seen == 255 || seen)) 1
like "in one line" "$(cat err)" '^bisect-run: the ends are alike'
is "no step was made" "$(test -e tree/.git/gupcheck-bisect/log; echo $?)" 1
bisect c25 c12
like "swapped ends are named" "$(cat err)" '^bisect-run: the ends are swapped'
bisect c16 c4
like "an end that does not build stops it" "$(cat err)" '^bisect-run: the good end does not build'
bisect c16 c7
like "so does one that does not boot" "$(cat err)" '^bisect-run: the good end cannot be tested: .*panicked: no init'

# when was it mended
term=yes
bisect c25 c12
is "in reverse: exit code" "$seen" 0
like "in reverse: git names it" "$(cat out)" "^${commits[16]} is the first mended commit"
like "in reverse: so do we" "$(cat out)" '^the first mended commit: [0-9a-f]+ commit 17: good$'
term=
bisect c25 c12 --good-when exposed --bad-when refused
like "in other words" "$(cat out)" "^${commits[16]} is the first bad commit"

# all that is left cannot be tested
git -C tree checkout -q -b panics c3
number=200
commit good panics bad
bisect c203 c3
like "a kernel that panics is skipped" "$(cat out)" 'cannot tell: .*nothing was run.*panicked: no init'
like "and candidates are named" "$(cat out)" '^the first bad commit is one of these'

# not always there
git -C tree checkout -q main
commit seldom good seldom seldom
git -C tree checkout -q -b seldom c3
number=100
commit good good seldom seldom seldom seldom seldom
bisect c107 c3
is "a cell that is seldom bad: exit code" "$seen" 0
like "repeats are computed" "$(cat out)" '; [0-9]+ good runs make a good step'
like "it is found" "$(cat out)" '^the first bad commit: [0-9a-f]+ commit 103: seldom$'

# interrupted and gone on with
bisect c16 c1
(
	cd tree && git bisect reset && git bisect start c16 c1 && git checkout -q c8 &&
		"$top/scripts/bisect-run" --config ../config
) >out 2>err
is "a step alone: exit code" $? 0
(cd tree && "$top/scripts/bisect-run" --config ../config) >out 2>err
is "the same again: exit code" $? 0
like "is not asked again" "$(cat out)" '\(answered before\)'

# another build of the tree in between has a configuration of its own
echo CONFIG_OTHER=y | tee cache/gupcheck/trees/*/config >other-config
(
	cd tree && git checkout -q -f c7 &&
		"$top/scripts/bisect-run" --config ../config
) >out 2>err
is "the bisection keeps its own configuration" \
	"$(cat cache/gupcheck/trees/*/config)" 'CONFIG_NEWER=y'

# without the ends, what is unexpected is bad
bisect c16 c8 --no-check
is "without a check of the ends: exit code" "$seen" 0
like "without a check of the ends: it is found" "$(cat out)" '^the first bad commit: [0-9a-f]+ commit 10: bad$'
is "without a check of the ends: none is run" "$(grep -cE 'end, run|all that is looked for' out)" 0

# own errors must not be taken for a commit's
for arguments in --frob '--runs 0' '--config /no/such' --bad-when -o; do
	# shellcheck disable=SC2086 # several words
	(cd tree && "$top/scripts/bisect-run" $arguments) >out 2>err
	is "bisect-run $arguments: exit code" $? 129
	is "bisect-run $arguments: one line" "$(wc -l <err)" 1
done
(cd tree && git bisect reset && "$top/scripts/bisect-run") >out 2>err
is "no bisection: exit code" $? 129
like "no bisection: says so" "$(cat err)" 'no bisection is under way'
("$top/scripts/bisect-run") >out 2>err
is "no repository: exit code" $? 129
like "bisect-run --help" "$("$top/scripts/bisect-run" --help)" '^usage: git bisect start'

# patch CODE ARGUMENT... - of scripts/patch-check
patch()
{
	local expected=$1 seen=0
	shift
	rm -rf checked
	"$top/scripts/patch-check" --config config -o checked "$@" >out 2>err ||
		seen=$?
	is "patch-check $*: exit code" "$seen" "$expected"
}

git -C tree checkout -q -f c1
for answer in bad good both error; do
	printf '// changed\n%s\n' $answer >tree/mm/gup.c
	git -C tree diff >to-$answer.patch
	git -C tree checkout -q -f c1
done
patch 0 tree to-good.patch
like "a harmless patch" "$(cat out)" '^NOTHING GOT WORSE: 0 worse'
patch 1 tree to-bad.patch
like "a bad patch" "$(cat out)" "^  $refused: refused .*-> exposed"
patch 1 tree to-error.patch
like "one that does not build" "$(cat out)" '^to-error.patch: does not build any more'
patch 2 tree config
like "one that is none" "$(cat err)" '^patch-check: .*config: does not apply: '
patch 2 tree to-bad.patch to-bad.patch
like "one that does not apply" "$(cat err)" 'to-bad.patch: does not apply'
rm boots
patch 1 tree to-bad.patch
is "what was run before is not run again" "$(cat boots 2>/dev/null)" ""
patch 1 --fresh --repeat 2 tree to-bad.patch
is "but when asked to, and as often as wanted" "$(sort boots | uniq -c | tr -s ' ' | tr '\n' ';')" ' 2 bad; 2 good;'
patch 1 --format mail tree to-bad.patch
like "as a mail" "$(cat out)" "$refused"
is "the tree is as it was" "$(git -C tree status --porcelain; git -C tree rev-parse HEAD)" "${commits[0]}"
# the change is in the tree
printf '// changed\nbad\n' >tree/mm/gup.c
patch 1 tree
git -C tree checkout -q -f c10
patch 1 tree
git -C tree checkout -q -f c11
patch 0 tree
git -C tree checkout -q -f c1
patch 2 tree
like "the first commit has none before it" "$(cat err)" 'has one commit only: give PATCH'
# no git
cp -r tree plain
rm -rf plain/.git
patch 1 plain to-bad.patch
patch 2 plain
like "no git, no patch" "$(cat err)" 'no git repository.*: give PATCH'
is "nothing is left in the tree" "$(find plain -newer to-bad.patch -name '*.orig')" ""
patch 2 /etc
patch 2 --frob tree
patch 2 --repeat 0 tree
patch 2 --format html tree
like "patch-check --help" "$("$top/scripts/patch-check" --help)" '^usage: scripts/patch-check'

done_testing
