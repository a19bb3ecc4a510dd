#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of scripts/ci and scripts/lava: by their schemas, and run. Guests
# are left out: `gupcheck vm` has to take the arguments, then `gupcheck run` does.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
export NO_COLOR=1

python=/usr/bin/python3
read_example=("$python" "$top/tests/ci-examples.py")
gitlab=$top/scripts/ci/gitlab-ci.yml
github=$top/scripts/ci/github.yml
testdef=$top/scripts/lava/gupcheck.yaml
job=$top/scripts/lava/job.yaml
npm=${XDG_CACHE_HOME:-$HOME/.cache}/gupcheck/npm/node_modules
validator=(node "$npm/@action-validator/cli/cli.mjs")

# wrong NAME FILE SED COMMAND... - what reads the file sees that it was spoilt
wrong()
{
	local name=$1 file=$2 change=$3
	shift 3
	sed -E "$change" "$file" >spoilt.yml
	ok "$name: the example has such a line" test -n "$(diff "$file" spoilt.yml)"
	ok "$name is seen" refuses "$@" spoilt.yml
}

# shellcheck disable=SC2317 # called by ok
refuses()
{
	! "$@" >refused.txt 2>&1 && ! grep -qE 'Traceback|MODULE_NOT_FOUND' refused.txt
}

ok "LAVA takes the test definition" "${read_example[@]}" testdef "$testdef"
wrong "a test definition without format" "$testdef" '/^  format:/d' "${read_example[@]}" testdef
wrong "a key that is none" "$testdef" 's/^  steps:/  step:/' "${read_example[@]}" testdef
ok "LAVA takes the job" "${read_example[@]}" lava "$job"
wrong "a job without a timeout" "$job" '/^  job:/,+1d' "${read_example[@]}" lava
wrong "an unknown way to boot" "$job" 's/method: qemu/method: quemu/' "${read_example[@]}" lava
is "every field of the job is told of" \
	"$(sed '/^#/d' "$job" | grep -o '@[A-Z_]*@' | sort -u)" \
	"$(grep -oE '^#   @[A-Z_]*@' "$job" | grep -o '@.*' | sort -u)"
is "the job gives only what the definition takes" "$("$python" - "$testdef" "$job" <<-'END'
	import sys, yaml
	testdef, job = (yaml.safe_load(open(path)) for path in sys.argv[1:])
	given = job["actions"][-1]["test"]["definitions"][0]["parameters"]
	print(*(set(given) - set(testdef["params"])))
END
)" ""

ok "the pipeline for GitLab" "${read_example[@]}" gitlab "$gitlab"
wrong "a stage that is none" "$gitlab" 's/^  stage: report/  stage: reports/' "${read_example[@]}" gitlab
wrong "a need that is none" "$gitlab" 's/- job: gupcheck/- job: check/' "${read_example[@]}" gitlab
wrong "a command that is a map" "$gitlab" 's/^    - status=0/    - status: 0/' "${read_example[@]}" gitlab
ok "the workflow for GitHub" "${validator[@]}" "$github"
wrong "a workflow without a machine" "$github" '/runs-on/d' "${validator[@]}"
wrong "a key of a step that is none" "$github" 's/^        run: echo/        runs: echo/' "${validator[@]}"

# A place where the commands run as in a checkout. What scripts/build builds is
# there already; its program takes `vm`, but runs the cells here.
mkdir -p place/scripts
cp -r "$top/scripts/lava" "$top/scripts/setup" place/scripts
cat >place/scripts/build <<END
#!/bin/bash
echo "$scratch/program"
END
cat >program <<END
#!/bin/bash
if [[ \$1 == vm && \$2 == --kernel ]]; then
	shift 3
	(cd "\$(mktemp -d)" && "$gupcheck" vm --kernel ./no-such-kernel "\$@" \\
		>"$scratch/vm.err" 2>&1)
	seen=\$?
	if [[ \$seen != 2 ]] || ! grep -q no-such-kernel "$scratch/vm.err"; then
		echo "vm does not take: \$*" >&2
		exit 99
	fi
	set -- run "\$@"
fi
exec "$gupcheck" "\$@"
END
chmod +x place/scripts/build program
export KERNEL=6.12 TMPDIR=$scratch
cells='fake_safe/fake_dir fake_refused/fake_dir/admission'
regression="$cells fake_corrupt/fake_dir/fsync_after_unpin"

# play JOB STATUS - the commands of a job, in a shell set up as that of a runner
play()
{
	local seen=0

	"${read_example[@]}" shell "$kind" "$example" "$1" >job.sh
	bash -n job.sh || ok "$kind, $1: a program" false
	case $kind in
	gitlab) (cd place && bash -eo pipefail ../job.sh) >job.out 2>&1 || seen=$? ;;
	github) steps >job.out 2>&1 || seen=$? ;;
	esac
	is "$kind, $1, of $CELLS: exit status" "$seen" "$2"
	((seen == $2)) || sed 's/^/# /' job.out
}

# steps - each in a shell of its own, with what those before put in the environment
steps()
{
	local step status=0

	rm -f step-*
	: >environment
	csplit -sz -f step- job.sh '/^# next$/' '{*}'
	for step in step-*; do
		# those behind a failed one are for reports, which `if:` lets run
		(
			set -a
			# shellcheck disable=SC1091 # what steps wrote
			. ./environment
			cd place && GITHUB_ENV=$scratch/environment GITHUB_STEP_SUMMARY=$scratch/summary.md \
				bash --noprofile --norc -eo pipefail "../$step"
		) || status=$?
	done
	return "$status"
}

# there KIND FILE JOB NUMBER - what the job uploads is there, and not empty
there()
{
	local path

	while read -r path; do
		path=${path//"\${{ matrix.shard }}"/$4}
		# shellcheck disable=SC2086 # a glob
		ok "$1, $3: there is $path" test -n \
			"$(cd place && find $path -type f -size +0 2>/dev/null)"
	done < <("${read_example[@]}" uploads "$1" "$2" "$3")
}

# plays KIND FILE - both shards, then what joins them
plays()
{
	local kind=$1 example=$2 i status

	for CELLS in "$cells" "$regression"; do
		export CELLS
		rm -rf place/gupcheck* place/joined place/*.xml place/*.html summary.md
		for i in 1 2; do
			export CI_NODE_INDEX=$i CI_NODE_TOTAL=2 SHARD=$i SHARDS=2
			status=0
			# shellcheck disable=SC2086 # globs
			"$gupcheck" list cells --shard $i/2 $CELLS | grep -q fake_corrupt && status=1
			play gupcheck $status
			there "$kind" "$example" gupcheck $i
			ok "$kind: the junit report of shard $i" junit $i
		done
		status=0
		[[ $CELLS == "$cells" ]] || status=1
		play page $status
		there "$kind" "$example" page ''
		is "$kind: all cells are in what is joined" \
			"$("$gupcheck" report --format json place/joined | jq -r '.cells[].id' | sort)" \
			"$(listed_cells)"
	done
	like "$kind: the regression is on the page" "$(cat place/gupcheck.html)" fake_corrupt
}

# junit I - a parser reads as many cells as the shard has
# shellcheck disable=SC2317 # called by ok
junit()
{
	local file

	file=$(find place -maxdepth 2 -name junit.xml -newer place/gupcheck-"$1"/journal.jsonl)
	[[ -n $file ]] && "$python" - "$file" "$(
		"$gupcheck" report --format json "place/gupcheck-$1" | jq '.cells | length'
	)" <<-'END'
		import sys
		from junitparser import JUnitXml
		seen = sum(suite.tests for suite in JUnitXml.fromfile(sys.argv[1]))
		sys.exit(seen != int(sys.argv[2]))
	END
}

# listed_cells - the ids of $CELLS
listed_cells()
{
	# shellcheck disable=SC2086 # globs
	for i in 1/2 2/2; do
		"$gupcheck" list cells --shard $i $CELLS
	done | grep -o '^[^ ]*/[^ ]*' | sort
}

plays gitlab "$gitlab"
plays github "$github"
like "the summary has the regression" "$(cat summary.md)" 'fake_corrupt'

# LAVA: the definition's own commands, where its parameters are
play_lava()
{
	seen=0
	printf '%s\n' "GUPCHECK='$gupcheck'" "CELLS='$1'" >parameters
	"${read_example[@]}" steps "$testdef" install >install.sh
	"${read_example[@]}" steps "$testdef" run >run.sh
	(cd place && JOB_PARAMETERS=../parameters bash ../install.sh &&
		JOB_PARAMETERS=../parameters bash ../run.sh) >lava.out 2>lava.err || seen=$?
}
play_lava "$regression"
is "lava: the steps end well" "$seen" 0
is "lava: each cell has its signal, and the run" \
	"$(grep -c '^<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=[A-Za-z0-9_.-]* RESULT=[a-z]*[^<>]*>$' lava.out)" \
	"$(($(CELLS=$regression listed_cells | wc -l) + 1))"
like "lava: the regression" "$(cat lava.out)" 'ID=fake_corrupt[^ ]* RESULT=fail '
like "lava: the run has failed" "$(cat lava.out)" 'ID=gupcheck-run RESULT=fail>$'
play_lava "$cells"
like "lava: a run as expected" "$(cat lava.out)" 'ID=gupcheck-run RESULT=pass>$'
play_lava fake_frobnicate
is "lava: bad usage ends the step" "$seen" 2
is "lava: without a signal" "$(grep -c LAVA_SIGNAL lava.out)" 0
"$top/scripts/lava/run" no/such >out 2>err
is "lava: no program: exit code" $? 2
is "lava: no program: one line" "$(wc -l <err)" 1
is "lava: nothing is left behind" "$(find . -maxdepth 1 -name 'gupcheck-lava-*')" ""
done_testing
