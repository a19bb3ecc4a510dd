/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Page: what is chosen, and all that follows from it. */

const byId = (id) => document.getElementById(id);
const MATCHES_MAX = 100;

const state = {kernel: kernels.length - 1, layer: 0, other: -1, cell: null};
const layerOrder = layers.map((_, i) => i)
	.sort((a, b) => layers[a] < layers[b] ? -1 : 1);
state.layer = layerOrder[0] || 0;

const overview = new Grid(byId("overview"), ({kernel, layer}) => {
	setLayer(kernel, layer);
	matrix.go(...matrix.at, true);
	byId("matrix").closest("section").scrollIntoView({block: "nearest"});
});
const matrix = new Grid(byId("matrix"), (cell) => showCell(cell),
	(step) => {
		const kernel = state.kernel + step;
		if (kernels[kernel])
			setLayer(kernel, state.layer);
	});

function drawOverview() {
	overview.render("", shortNames, layerOrder.map((i) => layers[i]),
		(row, column) => overviewCell(column, layerOrder[row],
			column === state.kernel &&
			layerOrder[row] === state.layer));
}

function drawMatrix() {
	const here = ids.filter((id) => id.layer === state.layer);
	const filesystems = sorted(here.map((id) => id.filesystem));
	const mechanisms = sorted(here.map((id) => id.mechanism));
	const byName = new Map(here.map((id) =>
		[`${id.mechanism}/${id.filesystem}`, id]));
	const [name, variant] = (layers[state.layer] || "").split("@");
	const scenario = data.scenarios[name];

	byId("matrix-title").textContent = layers.length
		? `Matrix: ${layers[state.layer]} on ` +
			kernels[state.kernel].release
		: "Matrix: no cells";
	byId("layer-about").textContent = [
		scenario && scenario.summary,
		scenario && variant &&
			`${variant}: ${scenario.variants[variant]}`,
		cellsOf(state.kernel, state.layer).every((cell) => !cell.shown)
			&& "no cell here matches the filter",
	].filter((one) => one).join("; ");
	matrix.render("", filesystems, mechanisms, (row, column) =>
		matrixCell(state.kernel, byName.get(
			`${mechanisms[row]}/${filesystems[column]}`),
		state.other));
	byId("layer").value = state.layer;
	byId("kernel").value = state.kernel;
	byId("other").value = state.other;
}

function setLayer(kernel, layer) {
	state.kernel = kernel;
	state.layer = layer;
	drawMatrix();
	drawOverview();
}

function cellButton(cell, other, withKernel) {
	return make("li", {}, make("button", {type: "button",
		class: `chip ${style(cell.verdict)}`,
		onclick: () => showCell(cell, other)},
	LETTERS[cell.verdict] + mark(cell)), ` ${cell.id.name}`,
	withKernel && ` on ${shortNames[cell.kernel]}`);
}

function setFilter(filter) {
	const count = applyFilter(filter);
	const shown = cells.filter((cell) => cell.shown);
	byId("matching").textContent = filter.trim()
		? `${count} of ${plural(cells.length, "cell")} match`
		: plural(cells.length, "cell");
	byId("matches").hidden = !filter.trim();
	byId("matches-list").replaceChildren(...!filter.trim() ? []
		: shown.slice(0, MATCHES_MAX).map((cell) =>
			cellButton(cell, undefined, true)));
	if (filter.trim() && count > MATCHES_MAX)
		byId("matches-list").append(make("li", {},
			`and ${count - MATCHES_MAX} more`));
	for (const button of byId("legend").children)
		button.setAttribute("aria-pressed", String(filter.split(/\s+/)
			.includes(button.dataset.word)));
	drawOverview();
	drawMatrix();
}

/* A word of the legend joins the filter, or leaves it. */
function toggleWord(word) {
	const kept = byId("filter").value.split(/\s+/).filter((one) => one);
	const at = kept.indexOf(word);
	if (at >= 0)
		kept.splice(at, 1);
	else
		kept.push(word);
	byId("filter").value = kept.join(" ");
	setFilter(byId("filter").value);
}

function drawLegend() {
	const add = (kind, word, letter, count) => {
		const full = `${kind}:${word}`;
		if (!count)
			return;
		byId("legend").append(make("button", {type: "button",
			class: `chip ${kind === "verdict" ? style(word) : ""}`,
			"data-word": full, "aria-pressed": "false",
			onclick: () => toggleWord(full),
		}, `${letter} ${word} ${count}`));
	};
	for (const verdict of data.verdicts)
		add("verdict", verdict, LETTERS[verdict], cells.filter((cell) =>
			cell.verdict === verdict).length);
	for (const outcome of data.outcomes.slice(1))
		add("outcome", outcome, MARKS[outcome] || "",
			cells.filter((cell) => cell.outcome === outcome).length);
}

function drawSelects() {
	byId("layer").append(...layerOrder.map((i) =>
		make("option", {value: i}, layers[i])));
	byId("kernel").append(...kernels.map(({release}, i) =>
		make("option", {value: i}, release)));
	byId("other").append(make("option", {value: -1}, "none"),
		...kernels.map(({release}, i) =>
			make("option", {value: i}, release)));
	byId("layer").addEventListener("change", (event) =>
		setLayer(state.kernel, Number(event.target.value)));
	byId("kernel").addEventListener("change", (event) =>
		setLayer(Number(event.target.value), state.layer));
	byId("other").addEventListener("change", (event) => {
		state.other = Number(event.target.value);
		drawMatrix();
	});
	byId("other").parentNode.hidden = kernels.length < 2;
}

/* Where nobody chose one: the kernel before, or else the one behind. */
function neighbour(kernel) {
	return kernel > 0 ? kernel - 1 : Math.min(1, kernels.length - 1);
}

function showCell(cell, other) {
	const dialog = byId("dialog");
	const focused = dialog.contains(document.activeElement) &&
		document.activeElement;
	const title = focused && (focused.id || focused.title);
	if (other === undefined)
		other = state.other;
	if (other < 0 || other === cell.kernel)
		other = neighbour(cell.kernel);
	state.cell = cell;
	fillDialog(dialog, cell, other, showCell);
	if (!dialog.open)
		dialog.showModal();
	else if (title)
		[...dialog.querySelectorAll("button, select")].find((one) =>
			one.id === title || one.title === title)?.focus();
	try {
		history.replaceState(null, "", "#" + encodeURIComponent(
			`${kernels[cell.kernel].release}/${cell.id.name}`));
	} catch {
		/* a page without an address of its own has no use for it */
	}
}

/* The cell that the address names, as showCell() writes it. */
function cellOfAddress() {
	let name;
	try {
		name = decodeURIComponent(location.hash.slice(1));
	} catch {
		return undefined;
	}
	return cells.find((cell) => name ===
		`${kernels[cell.kernel].release}/${cell.id.name}`);
}

function wireDialog() {
	const dialog = byId("dialog");
	dialog.addEventListener("close", () => {
		history.replaceState(null, "", "#");
		dialog.replaceChildren();
	});
	dialog.addEventListener("click", (event) => {
		if (event.target === dialog)
			dialog.close();
	});
}

/* Cells that changed alike between two kernels. */
function groupChanges(older, newer) {
	const groups = new Map();
	for (const [at, {change, why}] of changesOf(older, newer)) {
		const was = cellOf(older, ids[at]);
		const is = cellOf(newer, ids[at]);
		const what = !was || !is ? ""
			: change === "errno" ? `${was.error || "no errno"} \u2192 ` +
				(is.error || "no errno")
			: was.verdict === is.verdict ? is.verdict
			: `${was.verdict} \u2192 ${is.verdict}`;
		const key = [change, what, why].join("\n");
		if (!groups.has(key))
			groups.set(key, {change, what, why, cells: []});
		groups.get(key).cells.push(is || was);
	}
	return [...groups.values()].sort((a, b) =>
		data.changes.indexOf(a.change) - data.changes.indexOf(b.change) ||
		b.cells.length - a.cells.length);
}

function groupItem(group, older) {
	const of = (key) => sorted(group.cells.map((cell) =>
		cell.id[key])).join(", ");
	return make("li", {}, cellsDetails(group, [
		make("b", {class: style(group.change)},
			`${SIGNS[group.change]} ${group.change}`),
		` ${plural(group.cells.length, "cell")}`,
		group.what && `: ${group.what}`, group.why && `: ${group.why}`,
		make("span", {class: "hint"},
			`${of("mechanism")} on ${of("filesystem")}`),
	], (cell) => cellButton(cell, older)));
}

function drawTime() {
	kernels.forEach((kernel, i) => {
		const groups = i ? groupChanges(i - 1, i) : [];
		const about = [kernel.place, kernel.limits > 0 &&
			kernel.limits !== 1 &&
			`time limits times ${kernel.limits.toFixed(1)}`,
		kernel.end !== "complete" && kernel.end].filter((one) => one);
		byId("time").append(make("li", {},
			make("h3", {}, kernel.release, make("span",
				{class: "hint"}, about.join("; "))),
			make("p", {}, kernel.summary.startsWith(kernel.release)
				? kernel.summary.slice(kernel.release.length + 2)
				: kernel.summary),
			i > 0 && make("p", {class: "since"}, groups.length
				? `Since ${kernels[i - 1].release}:`
				: `Nothing changed since ${kernels[i - 1].release}.`),
			groups.length > 0 && make("ul", {}, ...groups.map(
				(group) => groupItem(group, i - 1)))));
	});
}

function drawHeader() {
	document.title = `gupcheck: ${kernels.map((kernel) =>
		kernel.release).join(", ")}`;
	byId("about").textContent = `gupcheck ${data.gupcheck}` +
		`${data.time ? `, ${data.time}` : ""}: ` +
		`${plural(kernels.length, "kernel")}, ` +
		plural(cells.length, "cell");
	kernels.forEach(({release, doubt}) => doubt &&
		byId("doubts").append(make("li", {},
			`NOT TO BE TRUSTED: ${release}: ${doubt}`)));
	byId("doubts").hidden = !byId("doubts").children.length;
}

drawHeader();
drawLegend();
drawSelects();
drawTime();
drawFindings();
drawSince();
wireDialog();
byId("filter").addEventListener("input", (event) =>
	setFilter(event.target.value));
document.addEventListener("keydown", (event) => {
	if (event.key === "/" && !byId("dialog").open &&
	    !/^(INPUT|SELECT)$/.test(event.target.tagName)) {
		byId("filter").focus();
		event.preventDefault();
	}
});
setFilter("");
if (location.hash.length > 1 && cellOfAddress())
	showCell(cellOfAddress());
document.body.dataset.ready = String(Math.round(performance.now()));
