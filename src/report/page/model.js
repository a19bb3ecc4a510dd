/* SPDX-License-Identifier: GPL-2.0-or-later */
"use strict";

/*
 * The run: what src/report/html.h describes, with indices resolved. All text of
 * it may be anybody's: it is shown as text, never as markup.
 */

const data = JSON.parse(document.getElementById("data").textContent);
const kernels = data.kernels;
const layers = data.layers;

const LETTERS = {
	safe: "S", refused: "R", exposed: "E", corrupt: "C", oops: "O",
	skipped: "-", broken: "B", hung: "H", vanished: "V", "not run": "?",
};
/* From the worst; what gave no verdict is never taken for good. */
const WORST = ["oops", "corrupt", "exposed", "vanished", "hung", "broken",
	"refused", "safe", "not run", "skipped"];
const MARKS = {unexpected: "!", "known-issue": "*"};

const textAt = (index) => index < 0 ? "" : data.texts[index];
const linesAt = (index) => index < 0 ? [] : data.lists[index].map(textAt);

const ids = data.ids.map(
	([name, mechanism, filesystem, layer, duty, promises], index) =>
	({index, name, mechanism, filesystem, layer, duty, promises}));

const cells = data.cells.map((row) => ({
	kernel: row[0],
	id: ids[row[1]],
	verdict: data.verdicts[row[2]],
	outcome: data.outcomes[row[3]],
	reason: textAt(row[4]),
	seconds: row[5],
	error: textAt(row[6]),
	rule: textAt(row[7]),
	evidenceAt: row[8],
	logAt: row[9],
	sightsAt: row[10],
	printAt: row[11],
	shown: true,
}));

const places = new Map(cells.map((cell) =>
	[cell.kernel * ids.length + cell.id.index, cell]));

function cellOf(kernel, id) {
	return places.get(kernel * ids.length + id.index);
}

const cellsByLayer = new Map();
for (const cell of cells) {
	const key = cell.kernel * layers.length + cell.id.layer;
	if (!cellsByLayer.has(key))
		cellsByLayer.set(key, []);
	cellsByLayer.get(key).push(cell);
}

function cellsOf(kernel, layer) {
	return cellsByLayer.get(kernel * layers.length + layer) || [];
}

function sorted(names) {
	return [...new Set(names)].sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
}

/* Release names, as short as they are still told apart. */
const shortNames = kernels.map(({release}) => {
	const cuts = [/^\d+\.\d+/, /^\d+(\.\d+)+(-rc\d+)?/];
	for (const cut of cuts) {
		const short = (release.match(cut) || [release])[0];
		if (kernels.filter((other) => short ===
		    (other.release.match(cut) || [other.release])[0])
		    .length === 1)
			return short;
	}
	return release;
});

function words(cell) {
	return cell.words ??= [
		cell.id.name, `kernel:${kernels[cell.kernel].release}`,
		`verdict:${cell.verdict}`, `outcome:${cell.outcome}`,
		cell.error && `errno:${cell.error}`, cell.reason,
	].join(" ").toLowerCase();
}

/* Marks the cells that have all words of the filter; how many there are. */
function applyFilter(filter) {
	const wanted = filter.toLowerCase().split(/\s+/).filter((word) => word);
	let count = 0;
	for (const cell of cells) {
		cell.shown = wanted.every((word) =>
			word.length > 1 && word[0] === "-"
				? !words(cell).includes(word.slice(1))
				: words(cell).includes(word));
		count += cell.shown;
	}
	return count;
}

/* Differences go from the older to the newer kernel. */
const pairs = new Map(data.differences.map(([older, newer, changes]) =>
	[older * kernels.length + newer, {older, newer, changes}]));

function changesOf(older, newer) {
	const pair = pairs.get(older * kernels.length + newer);
	if (pair && !pair.byId) {
		pair.byId = new Map();
		for (let i = 0; i < pair.changes.length; i += 3) {
			const [id, change, why] = pair.changes.slice(i, i + 3);
			pair.byId.set(id, {
				change: data.changes[change], why: textAt(why),
			});
		}
	}
	return pair ? pair.byId : new Map();
}

/* What became of a cell between two kernels; undefined where nothing did. */
function difference(id, one, other) {
	const [older, newer] = one < other ? [one, other] : [other, one];
	return changesOf(older, newer).get(id.index);
}

/* An element; children are elements or texts, empty ones are left out. */
function make(name, attributes, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {}))
		if (key.startsWith("on"))
			element.addEventListener(key.slice(2), value);
		else if (value !== undefined && value !== false)
			element.setAttribute(key, value === true ? "" : value);
	element.append(...children.filter((child) => child || child === 0));
	return element;
}

/* Names are long: where they may be broken. */
function breakable(name) {
	return make("span", {}, ...name.split(/(?<=[_@/-])/).flatMap((piece) =>
		[piece, make("wbr")]));
}

function plural(count, word) {
	return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/* The class that gives a verdict or a change its colour. */
function style(word) {
	return word.replaceAll(" ", "-");
}

function mark(cell) {
	return MARKS[cell.outcome] || "";
}

function chip(cell) {
	return make("span", {class: `chip ${style(cell.verdict)}`},
		`${LETTERS[cell.verdict]} ${cell.verdict}${mark(cell)}`);
}

/* Only what is plainly a link becomes one. */
function link(url) {
	return /^https?:\/\/[\w.-]+\/[^\s"<>]*$/.test(url)
		? make("a", {href: url, rel: "noreferrer noopener"}, url) : url;
}
