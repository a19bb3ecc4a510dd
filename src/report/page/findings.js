/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Findings: what stands above single cells. */

function kindOf(cell) {
	return cell.outcome === "known-issue" ? "Known issues"
		: ["broken", "hung", "vanished"].includes(cell.verdict)
			? "No verdict" : "Unexpected";
}

/* Cells with one fingerprint; the worst kind first, then the most cells. */
function groupFindings() {
	const kinds = ["Unexpected", "No verdict", "Known issues"];
	const groups = new Map();
	for (const cell of cells) {
		if (cell.printAt < 0)
			continue;
		const kind = kindOf(cell);
		const key = `${kind}\n${cell.printAt}`;
		if (!groups.has(key))
			groups.set(key, {kind, cells: [],
				print: data.prints[cell.printAt]});
		groups.get(key).cells.push(cell);
	}
	return [...groups.values()].sort((a, b) =>
		kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
		b.cells.length - a.cells.length);
}

/* A closed list; its cells are made when it is opened first. */
function cellsDetails(group, summary, item) {
	const details = make("details", {}, make("summary", {}, ...summary));
	details.addEventListener("toggle", () => {
		if (details.children.length === 1)
			details.append(make("ul", {class: "cells"},
				...group.cells.map(item)));
	});
	return details;
}

function findingItem(group) {
	const all = (value) => sorted(group.cells.map(value)).join(", ");
	const there = new Set(group.cells.map((cell) => cell.kernel));
	const rules = sorted(group.cells.map((cell) => cell.rule)
		.filter((rule) => rule));
	const worst = WORST.find((verdict) => group.cells.some((cell) =>
		cell.verdict === verdict));
	return make("li", {}, cellsDetails(group, [
		make("span", {class: `chip ${style(worst)}`},
			`${LETTERS[worst]} ${worst}`),
		` ${plural(group.cells.length, "cell")}: ${group.print[1]} `,
		make("code", {class: "hint"}, group.print[0]),
		make("span", {class: "hint"},
			`${all((cell) => cell.id.mechanism)} on ` +
			`${all((cell) => cell.id.filesystem)}; ` +
			shortNames.filter((_, i) => there.has(i)).join(", ")),
	], (cell) => cellButton(cell, undefined, true)),
	...rules.map((rule) => make("p", {class: "hint rule"},
		"rule: ", ruleText(rule))));
}

function drawFindings() {
	const groups = groupFindings();
	const list = byId("findings-list");
	byId("findings").hidden = !groups.length;
	for (const kind of new Set(groups.map((group) => group.kind))) {
		const here = groups.filter((group) => group.kind === kind);
		list.append(make("h3", {}, `${kind}: ${here.length}`),
			make("ul", {class: "groups"},
				...here.map(findingItem)));
	}
}

function drawSince() {
	byId("since").hidden = !data.since.length;
	byId("since-table").append(
		make("thead", {}, make("tr", {}, ...["mechanism", "first", "story"]
			.map((title) => make("th", {scope: "col"}, title)))),
		make("tbody", {}, ...data.since.map(([mechanism, kernel, text]) =>
			make("tr", {}, make("th", {scope: "row"}, mechanism),
				make("td", {}, kernel < 0 ? "\u2013"
					: shortNames[kernel]),
				make("td", {}, text)))));
}
