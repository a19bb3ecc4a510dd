#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The html report in a browser: headless Chromium, driven by tests/html.mjs.

. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

# artificial KERNELS CELLS - a journal: CELLS on each of KERNELS
artificial()
{
	awk -v kernels="$1" -v cells="$2" '
	function line(format) { printf "{\"type\":" format "}\n", a, b, c, d, e }
	function id(i) {
		return sprintf("mechanism_%02d/filesystem_%d/scenario_%02d%s",
			i % 25, int(i / 25) % 10, int(i / 500),
			int(i / 250) % 2 ? "@twist" : "")
	}
	BEGIN {
		split("safe refused exposed corrupt oops skipped broken hung", verdict, " ")
		split("as-expected as-expected unexpected known-issue unexpected none none none", outcome, " ")
		for (k = 1; k <= kernels; k++) {
			release = "6." k ".0-test"
			printf "{\"type\":\"begin\",\"schema\":1,\"gupcheck\":\"0\",\"kernel\":\"%s\",\"machine\":\"x86_64\",\"accelerator\":\"tcg\",\"time\":\"2025-01-02T03:04:05Z\"}\n", release
			printf "{\"type\":\"plan\",\"kernel\":\"%s\",\"cells\":[", release
			for (i = 0; i < cells; i++)
				printf "%s\"%s\"", i ? "," : "", id(i)
			print "]}"
			for (i = 0; i < cells; i++) {
				v = 1 + (i * 7 + int(i / 11) + (i % 5 ? 0 : k)) % 8
				printf "{\"type\":\"end\",\"kernel\":\"%s\",\"id\":\"%s\",\"verdict\":\"%s\",\"outcome\":\"%s\",\"errno\":%s,\"reason\":\"reason %d of its own\",\"seconds\":0.%d,\"evidence\":[\"pin: accepted\",\"evidence %d\",\"on kernel %d\"],\"facts\":[{\"kind\":\"step-end\",\"value\":0,\"name\":\"map\"},{\"kind\":\"read\",\"value\":1,\"name\":\"disk\",\"view\":\"raw\",\"offset\":%d}],\"rule\":null,\"log\":[\"a line %d\"]}\n", release, id(i), verdict[v], outcome[v], v == 2 ? "\"EFAULT\"" : "null", i, i, i, k, i * 16, i
			}
			printf "{\"type\":\"canary\",\"kernel\":\"%s\",\"verdict\":\"corrupt\",\"reason\":\"as wanted\"}\n", release
			printf "{\"type\":\"finish\",\"kernel\":\"%s\",\"reason\":\"complete\"}\n", release
		}
	}'
}

# wide - a journal of one layer, with as many names as there will ever be
wide()
{
	local kernel=6.1.0-test m f

	echo '{"type":"begin","schema":1,"gupcheck":"0","kernel":"'$kernel'","time":"2025-01-02T03:04:05Z"}'
	for m in {01..30}; do
		for f in {01..25}; do
			echo '{"type":"end","kernel":"'$kernel'","id":"mechanism_of_some_length_'"$m/filesystem_$f"'/scenario","verdict":"safe","outcome":"as-expected","errno":null,"reason":"fine","seconds":0,"evidence":[],"facts":[],"rule":null}'
		done
	done
	echo '{"type":"canary","kernel":"'$kernel'","verdict":"corrupt","reason":"as wanted"}'
	echo '{"type":"finish","kernel":"'$kernel'","reason":"complete"}'
}

# hostile - a journal of one cell; all its text wants out of the page
hostile()
{
	local text='</script><script>document.title=1</script><img src=x onerror=alert(1)>]]><!--\u001b[2J\u0007\u009b31m\u202eevil\u2028&amp;"'
	text=${text//\"/\\\"}
	cat <<EOF
{"type":"begin","schema":1,"gupcheck":"$text","kernel":"6.1$text","machine":"$text","accelerator":"tcg","time":"$text"}
{"type":"plan","kernel":"6.1$text","cells":["a$text/b$text/c$text"]}
{"type":"end","kernel":"6.1$text","id":"a$text/b$text/c$text","verdict":"oops","outcome":"known-issue","errno":"$text","reason":"$text","seconds":1,"evidence":["$text"],"facts":[{"kind":"read","value":1,"name":"$text","view":"raw"},{"kind":"step-end","value":0,"name":"$text"}],"rule":"$text (javascript:alert(1))","log":["$text","$text"]}
{"type":"canary","kernel":"6.1$text","verdict":"safe","reason":"$text"}
{"type":"finish","kernel":"6.1$text","reason":"$text"}
EOF
}

# render RUN - its page and its json, side by side
render()
{
	"$gupcheck" report --format json "$1" >"$1.json"
	local expected=$?
	"$gupcheck" report --format html "$1" >"$1.html"
	is "$1: the exit code is that of any other format" $? $expected
}

mkdir empty real small large hostile invalid kernels wide
# a run of this build: its cells have a recipe
"$gupcheck" run -o ran fake_safe/fake_dir fake_corrupt/fake_dir \
	fake_refused/fake_dir >run.txt 2>&1
is "the run is through" "$(grep -c '"type":"finish"' ran/journal.jsonl)" 1
release=$(jq -r 'select(.type == "begin") | .kernel' ran/journal.jsonl)
# and the same a little later, with what changed
{
	sed "s/\"$release\"/\"6.1.0-old\"/g" ran/journal.jsonl
	sed "s/\"$release\"/\"6.12.0-new\"/g" ran/journal.jsonl | sed \
		-e '/"type":"command"/d' \
		-e '/"type":"end".*fake_safe.fake_dir.fsync_after_unpin"/s/"safe","outcome":"as-expected"/"corrupt","outcome":"unexpected"/'
} >real/journal.jsonl
artificial 3 1000 >small/journal.jsonl
artificial 8 2500 >large/journal.jsonl
hostile >hostile/journal.jsonl
cp "$top/src/report/testdata/kernels.jsonl" kernels/journal.jsonl
wide >wide/journal.jsonl
head -n 1 small/journal.jsonl >empty/journal.jsonl
for run in empty real small large hostile kernels wide; do
	render $run
done

# what is no UTF-8 is no journal of ours
{
	sed '$d' hostile/journal.jsonl
	printf '{"type":"note","text":"\xff\xfe"}\n'
	tail -n 1 hostile/journal.jsonl
} >invalid/journal.jsonl
"$gupcheck" report --format html invalid >invalid.html 2>err
is "a damaged journal gives no page" "$(wc -c <invalid.html)" 0
is "and one line that says so" "$(wc -l <err)" 1

cache=${XDG_CACHE_HOME:-$HOME/.cache}/gupcheck
chromium=$(command -v chromium)
ok "Chromium is there (scripts/setup test installs it)" test -n "$chromium"
while IFS= read -r line; do
	case $line in
	"ok "*) ok "${line#ok }" true ;;
	"not ok "*)
		ok "${line#not ok }" false
		;;
	*) echo "# $line" ;;
	esac
done < <(node "$top/tests/html.mjs" "$chromium" "$cache/npm" "$PWD" 2>&1 ||
	echo "not ok the browser came to the end of its tests")
done_testing
