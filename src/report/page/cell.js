/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Cell: all that is known of one cell, in a dialog. */

function part(title, ...children) {
	return make("section", {}, make("h3", {}, title), ...children);
}

function facts(entries) {
	const list = make("dl");
	for (const [name, ...values] of entries)
		if (values.some((value) => value))
			list.append(make("dt", {}, name),
				make("dd", {}, ...values));
	return list;
}

/* `reason (link)`, as rules are told. */
function ruleText(rule) {
	const parts = rule.match(/^(.*) \((https?:\/\/\S+)\)$/);
	return parts ? make("span", {}, `${parts[1]} (`, link(parts[2]), ")")
		: rule;
}

function scenarioOf(cell) {
	return data.scenarios[layers[cell.id.layer].split("@")[0]];
}

function promisesOf(cell) {
	const scenario = scenarioOf(cell);
	return scenario ? cell.id.promises.map((at) => scenario.promises[at])
		: [];
}

function sightsOf(cell) {
	return cell.sightsAt < 0 ? [] : data.lists[cell.sightsAt];
}

/*
 * The result of each step of the recipe. Steps may be run in several rounds:
 * the last one is shown.
 */
function stepResults(steps, sights) {
	let results = [];
	let at = 0;
	for (const [what, name, found] of sights) {
		if (what !== "step")
			continue;
		let next = steps.findIndex((step, i) => i >= at &&
			step[0] === name);
		if (next < 0) {
			next = steps.findIndex((step) => step[0] === name);
			results = [];
		}
		if (next < 0)
			continue;
		/* what blocked may end later on */
		results[next] = found;
		at = found === "blocked" ? next : next + 1;
	}
	return results;
}

function stepItem(text, result, last) {
	const told = result || (last ? "not reached" : "left out");
	return make("li", {class: result ? "" : "unreached"}, `${text} `,
		make("span", {class: "result"}, `\u2013 ${told}`));
}

function stepsPart(cell) {
	const scenario = scenarioOf(cell);
	const sights = sightsOf(cell);
	const ran = sights.filter(([what]) => what === "step");
	const list = make("ol", {class: "steps"});
	if (!scenario) {
		for (const [, name, found] of ran)
			list.append(stepItem(name, found));
		return ran.length ? part("Steps", list) : "";
	}
	const results = stepResults(scenario.steps, sights);
	scenario.steps.forEach(([, text], i) =>
		list.append(stepItem(text, results[i], i >= results.length)));
	return part("Steps", make("p", {class: "hint"},
		"Old data is in the file, written and synced."), list);
}

function expectedSight(cell, what, name) {
	if (what === "control pin")
		return "accepted";
	if (what === "pin")
		return ["accepted", "refused", ""][cell.id.duty];
	if (what === "device write")
		return "new data";
	const promise = promisesOf(cell).find((one) => one[4] === name);
	return promise ? promise[5] : "";
}

function sightsPart(cell) {
	const seen = sightsOf(cell).filter(([what]) => what !== "step");
	if (!seen.length)
		return "";
	const titles = ["what", "view", "expected", "found",
		"differs from old data at"];
	const body = make("tbody");
	for (const [what, name, found, view, offset] of seen) {
		const isData = what === "device write" || what === "read";
		const expected = expectedSight(cell, what, name);
		/* an errno stands in capitals */
		const told = isData && !/^[A-Z]/.test(found) ? `${found} data`
			: found;
		const differs = isData && expected && expected !== told;
		body.append(make("tr", {},
			make("th", {scope: "row"}, name ? `${what} "${name}"` : what),
			make("td", {}, view), make("td", {}, expected),
			make("td", {class: differs ? "differs" : ""},
				told, differs && " \u2260"),
			make("td", {}, told !== `${found} data` ? ""
				: found === "old" ? "no byte"
				: `byte ${offset}`)));
	}
	return part("What was seen", make("div", {class: "scroll"},
		make("table", {class: "facts"}, make("thead", {}, make("tr", {},
			...titles.map((title) => make("th", {scope: "col"},
				title)))), body)));
}

function linesPart(title, lines) {
	return lines.length ? part(title, make("pre", {tabindex: "0",
		"aria-label": title}, lines.join("\n"))) : "";
}

function promisesPart(cell) {
	const promises = promisesOf(cell);
	if (!promises.length)
		return "";
	return part("Promises", make("ul", {}, ...promises.map(
		([invariant, text, check, source]) => make("li", {}, text,
			make("br"), make("span", {class: "hint"},
				`${invariant}; check: ${check}; source: `,
				link(source))))));
}

function whyPart(cell) {
	const scenario = scenarioOf(cell);
	const mechanism = data.mechanisms[cell.id.mechanism];
	const filesystem = data.filesystems[cell.id.filesystem];
	if (!scenario || !mechanism || !filesystem)
		return "";
	const variant = layers[cell.id.layer].split("@")[1];
	return part("Why", facts([
		["scenario", `${scenario.summary}. ${scenario.why}`],
		["variant", variant && scenario.variants[variant]],
		["mechanism", `${mechanism.summary}. ${mechanism.why}`],
		["filesystem", `${filesystem.summary}. ${filesystem.why}`],
		["GUP call", ...mechanism.calls.map(([on, call, flags]) =>
			make("p", {}, `${on}: `, make("code", {}, call), " ",
				make("code", {}, flags)))],
		["more", ...scenario.links.map((url) =>
			make("p", {}, link(url)))],
	]));
}

/* Lines that only one of two kernels has; numbers differ from boot to boot. */
function lineChanges(older, newer) {
	const plain = (line) => line.replace(/0x[0-9a-f]+|\d+/g, "0");
	const had = new Set(older.map(plain));
	const has = new Set(newer.map(plain));
	return [
		...older.filter((line) => !has.has(plain(line)))
			.map((line) => make("del", {}, `- ${line}\n`)),
		...newer.filter((line) => !had.has(plain(line)))
			.map((line) => make("ins", {}, `+ ${line}\n`)),
	];
}

function side(kernel, cell) {
	return make("p", {class: "side"}, `${kernels[kernel].release}: `,
		cell ? chip(cell) : "no such cell",
		cell && cell.error && ` ${cell.error}`,
		cell && ` ${cell.reason}`);
}

function differenceTo(cell, other) {
	const older = Math.min(cell.kernel, other);
	const newer = Math.max(cell.kernel, other);
	const change = difference(cell.id, older, newer);
	const was = cellOf(older, cell.id);
	const is = cellOf(newer, cell.id);
	const lines = was && is ? lineChanges(linesAt(was.evidenceAt),
		linesAt(is.evidenceAt)) : [];
	return make("div", {id: "difference"},
		make("p", {}, make("b", {class: change && style(change.change)},
			change ? change.change : "no difference"),
		change && change.why && `: ${change.why}`),
		side(older, was), side(newer, is),
		lines.length > 0 && make("pre", {tabindex: "0",
			"aria-label": "Evidence that differs"}, ...lines));
}

function differencePart(cell, other, choose) {
	if (kernels.length < 2)
		return "";
	const select = make("select", {id: "cell-other",
		onchange: () => choose(cell, Number(select.value))});
	kernels.forEach(({release}, i) => i !== cell.kernel &&
		select.append(make("option", {value: i, selected: i === other},
			release)));
	return part("Difference", make("label", {}, "to kernel ", select),
		differenceTo(cell, other));
}

/* The same cell on every kernel. */
function kernelsPart(cell, other, choose) {
	if (kernels.length < 2)
		return "";
	const row = make("div", {class: "bar", role: "group",
		"aria-label": "The same cell on each kernel"});
	kernels.forEach(({release}, i) => {
		const there = cellOf(i, cell.id);
		row.append(make("button", {type: "button",
			class: there ? `chip ${style(there.verdict)}` : "chip",
			title: `${release}: ${there ? there.verdict : "no cell"}`,
			"aria-pressed": String(i === cell.kernel),
			disabled: !there, onclick: () => choose(there, other),
		}, `${shortNames[i]} ${there ? LETTERS[there.verdict] +
			mark(there) : "\u2013"}`));
	});
	return part("On each kernel", row);
}

/* A word as a shell reads it. */
function quoted(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word
		: `'${word.replaceAll("'", "'\\''")}'`;
}

/* @other: kernel to compare with; @choose: shows another cell, or kernel */
function fillDialog(dialog, cell, other, choose) {
	const kernel = kernels[cell.kernel];
	dialog.replaceChildren(
		make("header", {},
			make("h2", {id: "cell-title"}, cell.id.name),
			make("button", {type: "button", class: "close",
				onclick: () => dialog.close()}, "Close")),
		facts([
			["verdict", chip(cell), cell.error && ` ${cell.error}`,
				` on ${kernel.release}`],
			["reason", cell.reason],
			["expected", data.expected[cell.id.duty]],
			["outcome", cell.outcome !== "none" && cell.outcome],
			["rule", cell.rule && ruleText(cell.rule)],
			["took", cell.seconds && `${cell.seconds.toFixed(2)} s`],
			["run alone", make("code", {class: "command"},
				`${kernel.alone} ${quoted(cell.id.name)}`)],
		]),
		kernelsPart(cell, other, choose),
		differencePart(cell, other, choose),
		stepsPart(cell), sightsPart(cell),
		linesPart("Evidence", linesAt(cell.evidenceAt)),
		linesPart("Kernel messages", linesAt(cell.logAt)),
		promisesPart(cell), whyPart(cell));
}
