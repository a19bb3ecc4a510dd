/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Grids: tables whose cells are reached by the arrow keys. One cell of a grid
 * is in the tab order, the one that was last looked at.
 */

/* Where the key leads to from a row and a column, or undefined. */
function moved(key, row, column, rows, columns) {
	switch (key) {
	case "ArrowUp": return [row - 1, column];
	case "ArrowDown": return [row + 1, column];
	case "ArrowLeft": return [row, column - 1];
	case "ArrowRight": return [row, column + 1];
	case "Home": return [row, 0];
	case "End": return [row, columns - 1];
	case "ctrl-Home": return [0, 0];
	case "ctrl-End": return [rows - 1, columns - 1];
	}
	return undefined;
}

class Grid {
	/*
	 * @open: called with what the cell stands for
	 * @page: called with -1 or 1 for Page Up and Page Down; may be missing
	 */
	constructor(table, open, page) {
		this.table = table;
		this.open = open;
		this.page = page;
		this.at = [0, 0];
		table.addEventListener("keydown", (event) => this.key(event));
		table.addEventListener("click", (event) => this.click(event));
	}

	/*
	 * @columns, @rows: their titles
	 * @fill: for a row and a column an object: the element, and what is
	 *	opened (or undefined)
	 */
	render(corner, columns, rows, fill) {
		const head = make("tr", {role: "row"},
			make("th", {role: "columnheader", scope: "col"}, corner),
			...columns.map((title) => make("th",
				{role: "columnheader", scope: "col"},
				breakable(title))));
		const body = document.createElement("tbody");
		const hadFocus = this.table.contains(document.activeElement);

		this.cells = [];
		this.targets = new Map();
		rows.forEach((title, row) => {
			const line = make("tr", {role: "row"}, make("th",
				{role: "rowheader", scope: "row"},
				breakable(title)));
			this.cells.push(columns.map((_, column) => {
				const {element, target} = fill(row, column);
				element.setAttribute("role", "gridcell");
				element.tabIndex = -1;
				this.targets.set(element, target);
				line.append(element);
				return element;
			}));
			body.append(line);
		});
		this.table.replaceChildren(make("thead", {}, head), body);
		this.go(...this.at, hadFocus);
	}

	/* To a cell, or the nearest one that there is. */
	go(row, column, focus) {
		const old = this.element();
		if (!this.cells.length || !this.cells[0].length)
			return;
		row = Math.max(0, Math.min(row, this.cells.length - 1));
		column = Math.max(0, Math.min(column, this.cells[0].length - 1));
		if (old)
			old.tabIndex = -1;
		this.at = [row, column];
		this.element().tabIndex = 0;
		if (focus)
			this.element().focus();
	}

	element() {
		const row = this.cells && this.cells[this.at[0]];
		return row && row[this.at[1]];
	}

	openHere() {
		const target = this.targets.get(this.element());
		if (target !== undefined)
			this.open(target);
	}

	click(event) {
		const element = event.target.closest("td");
		if (!element || !this.targets.has(element))
			return;
		this.go(element.parentNode.rowIndex - 1, element.cellIndex - 1,
			true);
		this.openHere();
	}

	key(event) {
		if (event.altKey || event.metaKey)
			return;
		const key = (event.ctrlKey ? "ctrl-" : "") + event.key;
		const to = moved(key, ...this.at, this.cells.length,
			this.cells[0].length);
		if (to)
			this.go(...to, true);
		else if (key === "Enter" || key === " ")
			this.openHere();
		else if (this.page && key === "PageUp")
			this.page(-1);
		else if (this.page && key === "PageDown")
			this.page(1);
		else
			return;
		event.preventDefault();
	}
}

/* A bar of one length, with a piece for each verdict. */
function makeBar(counts) {
	const bar = make("span", {class: "share", "aria-hidden": "true"});
	for (const verdict of WORST) {
		if (!counts.get(verdict))
			continue;
		const piece = make("span", {class: style(verdict)});
		piece.style.flexGrow = counts.get(verdict);
		bar.append(piece);
	}
	return bar;
}

/* The cells of one layer on one kernel as one cell of the overview. */
function overviewCell(kernel, layer, current) {
	const all = cellsOf(kernel, layer);
	const shown = all.filter((cell) => cell.shown);
	const counts = new Map();
	for (const cell of shown)
		counts.set(cell.verdict, (counts.get(cell.verdict) || 0) + 1);
	const worst = WORST.find((verdict) => counts.has(verdict));
	const same = shown.filter((cell) => cell.verdict === worst);
	const sign = same.some((cell) => cell.outcome === "unexpected") ? "!"
		: same.some((cell) => cell.outcome === "known-issue") ? "*" : "";
	const told = [...counts].map(([verdict, count]) =>
		`${count} ${verdict}`).join(", ");
	const element = make("td", {
		class: worst ? `worst ${style(worst)}` : "none",
		"aria-selected": String(current),
		"aria-label": `${layers[layer]} on ${kernels[kernel].release}: ` +
			(told || (all.length ? "nothing that matches" : "no cell")),
	}, worst && make("b", {}, LETTERS[worst] + sign),
	worst && make("small", {}, ` ${same.length}`));
	element.title = element.getAttribute("aria-label");
	if (worst)
		element.append(makeBar(counts));
	return {element, target: all.length ? {kernel, layer} : undefined};
}

const SIGNS = {worse: "\u25bc", better: "\u25b2", errno: "\u2260",
	reason: "\u2260", "cannot-tell": "?", "only-old": "\u00b1",
	"only-new": "\u00b1", noise: "~"};

/* One cell of the matrix; @other: kernel to compare with, or -1. */
function matrixCell(kernel, id, other) {
	const cell = id && cellOf(kernel, id);
	if (!cell)
		return {element: make("td", {class: "none",
			"aria-label": "no cell"})};
	const change = other >= 0 && other !== kernel &&
		difference(id, kernel, other);
	const dim = !cell.shown || (other >= 0 && other !== kernel && !change);
	const told = [`${id.mechanism} on ${id.filesystem}: ${cell.verdict}`,
		cell.error, cell.outcome !== "none" && cell.outcome,
		change && `changed: ${change.change}`].filter((part) => part);
	const element = make("td", {
		class: `cell ${style(cell.verdict)}${dim ? " dim" : ""}`,
		"aria-label": told.join(", "),
	}, make("b", {}, LETTERS[cell.verdict] + mark(cell)),
	cell.error && make("small", {}, cell.error),
	change && make("i", {class: style(change.change)},
		SIGNS[change.change]));
	element.title = told.join(", ");
	return {element, target: cell};
}
