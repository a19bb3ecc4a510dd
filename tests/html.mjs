// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node html.mjs CHROMIUM PACKAGES FOLDER
//
// Opens the pages of tests/html.t in Chromium and uses them. Prints `ok NAME`
// or `not ok NAME` for each check; other lines are remarks.

import {createRequire} from "node:module";
import {readFileSync} from "node:fs";

const [program, packages, folder] = process.argv.slice(2);
const {chromium} = createRequire(`${packages}/`)("playwright-core");

function ok(name, good, seen) {
	console.log(`${good ? "ok" : "not ok"} ${name}`);
	if (!good)
		console.log(`seen: ${JSON.stringify(seen)}`);
}

function is(name, seen, expected) {
	ok(name, JSON.stringify(seen) === JSON.stringify(expected),
		[seen, "instead of", expected]);
}

const jsonOf = (run) => JSON.parse(readFileSync(`${folder}/${run}.json`));

// Chromium does not sandbox root
const browser = await chromium.launch({
	executablePath: program,
	args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

// A page of the run, and what it said and asked for
async function open(run, options) {
	const context = await browser.newContext(
		{viewport: {width: 1280, height: 900}, ...options});
	const page = await context.newPage();
	page.said = [];
	page.asked = [];
	page.on("console", (message) => page.said.push(message.text()));
	page.on("pageerror", (error) => page.said.push(String(error)));
	page.on("dialog", (dialog) => {
		page.said.push("a dialog");
		dialog.dismiss();
	});
	page.on("request", (request) => page.asked.push(request.url()));
	await page.goto(`file://${folder}/${run}.html`);
	await page.waitForSelector("body[data-ready]", {timeout: 30000});
	return page;
}

async function close(page, name) {
	is(`${name}: nothing on the console`, page.said, []);
	is(`${name}: nothing is asked for but the page`, page.asked.filter(
		(url) => !url.startsWith(`file://${folder}/`)), []);
	await page.context().close();
}

const focused = (page) => page.evaluate(() =>
	document.activeElement.getAttribute("aria-label") ||
	document.activeElement.id);
const title = (page) => page.textContent("#matrix-title");
const optionsOf = (page, id) => page.$$eval(`#${id} option`, (options) =>
	options.map((option) => [option.value, option.textContent]));

// Each layer of the page against the cells of the json report
async function countLayers(page, cells) {
	const wrong = [];
	let total = 0;
	for (const [kernel, release] of await optionsOf(page, "kernel")) {
		await page.selectOption("#kernel", kernel);
		for (const [layer, name] of await optionsOf(page, "layer")) {
			await page.selectOption("#layer", layer);
			const seen = await page.$$eval("#matrix td.cell", (all) =>
				all.map((one) => one.getAttribute("aria-label")
					.match(/: ([a-z ]+)/)[1]).sort());
			const expected = cells.filter((cell) =>
				cell.kernel === release &&
				cell.id.split("/")[2] === name)
				.map((cell) => cell.verdict).sort();
			total += seen.length;
			if (String(seen) !== String(expected))
				wrong.push([release, name, seen, expected]);
		}
	}
	is("every layer holds the verdicts of the json report", wrong, []);
	return total;
}

async function testMatrix() {
	const page = await open("real");
	const cells = jsonOf("real").cells;
	is("every cell is in a layer", await countLayers(page, cells),
		cells.length);
	const overview = await page.$$eval("#overview td", (all) => all.reduce(
		(sum, one) => sum + [...one.getAttribute("aria-label").split(":")
			.pop().matchAll(/\d+/g)].reduce((s, n) => s + +n, 0), 0));
	is("the overview counts every cell", overview, cells.length);
	is("kernels stand in release order",
		(await optionsOf(page, "kernel")).map(([, text]) => text),
		["6.1.0-old", "6.12.0-new"]);
	is("no dialog is open at first", await page.locator("dialog[open]")
		.count(), 0);
	await close(page, "matrix");
}

async function testFilter() {
	const page = await open("real");
	const cells = jsonOf("real").cells;
	const bad = cells.filter((cell) => cell.verdict === "corrupt");
	await page.keyboard.press("/");
	is("/ goes to the filter", await focused(page), "filter");
	await page.keyboard.type("verdict:corrupt");
	is("the filter counts", await page.textContent("#matching"),
		`${bad.length} of ${cells.length} cells match`);
	is("and lists", await page.locator("#matches-list li").count(),
		bad.length);
	await page.fill("#filter", "verdict:corrupt -6.12.0");
	is("a word may be excluded", await page.locator("#matches-list li")
		.count(), bad.filter((cell) => cell.kernel === "6.1.0-old").length);
	await page.fill("#filter", "no such word");
	ok("what does not match fades", await page.$$eval("#matrix td.cell",
		(all) => all.length > 0 && all.every((one) =>
			one.classList.contains("dim"))));
	await page.fill("#filter", "");
	await page.click('#legend [data-word="verdict:corrupt"]');
	is("the legend filters", await page.inputValue("#filter"),
		"verdict:corrupt");
	await page.click("#matches-list button");
	is("a match opens", await page.locator("dialog[open]").count(), 1);
	await close(page, "filter");
}

async function testKeyboard() {
	const page = await open("small");
	const stops = () => page.locator('#matrix [tabindex="0"]').count();
	is("one cell is in the tab order", await stops(), 1);
	await page.focus('#matrix [tabindex="0"]');
	const first = await focused(page);
	for (const [key, back] of [["ArrowRight", "ArrowLeft"],
		["ArrowDown", "ArrowUp"], ["End", "Home"],
		["Control+End", "Control+Home"]]) {
		await page.keyboard.press(key);
		const there = await focused(page);
		await page.keyboard.press(back);
		ok(`${key} moves and ${back} moves back`, there !== first &&
			await focused(page) === first, there);
	}
	await page.keyboard.press("ArrowUp");
	is("it stays in the grid", await focused(page), first);
	is("still one in the tab order", await stops(), 1);
	const outline = await page.evaluate(() =>
		getComputedStyle(document.activeElement).outlineStyle);
	is("the focus is seen", outline, "solid");
	const before = await title(page);
	await page.keyboard.press("PageUp");
	ok("Page Up changes the kernel", await title(page) !== before &&
		(await focused(page)).startsWith("mechanism_00"));
	await page.keyboard.press("Enter");
	is("Enter opens", await page.textContent("#cell-title"),
		"mechanism_00/filesystem_0/scenario_00");
	ok("the focus is in the dialog", await page.evaluate(() =>
		document.getElementById("dialog").contains(
			document.activeElement)));
	await page.keyboard.press("Escape");
	is("Escape closes", await page.locator("dialog[open]").count(), 0);
	ok("and the focus is back", (await focused(page))
		.startsWith("mechanism_00"));
	await page.focus('#overview [tabindex="0"]');
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	ok("the overview opens a layer",
		(await title(page)).includes("scenario_00@twist"));
	const roles = await page.$$eval("[role]", (all) =>
		[...new Set(all.map((one) => one.getAttribute("role")))].sort());
	ok("roles are there", ["grid", "row", "gridcell", "columnheader",
		"rowheader"].every((role) => roles.includes(role)), roles);
	await close(page, "keyboard");
}

async function testCell() {
	const page = await open("real");
	const cell = jsonOf("real").cells.find((one) =>
		one.kernel === "6.12.0-new" && one.verdict === "corrupt" &&
		one.id === "fake_safe/fake_dir/fsync_after_unpin");
	await page.selectOption("#kernel", {label: cell.kernel});
	await page.selectOption("#layer", {label: "fsync_after_unpin"});
	await page.click('#matrix td[aria-label^="fake_safe on fake_dir"]');
	const text = await page.innerText("#dialog");
	for (const part of [cell.id, cell.verdict, cell.outcome, cell.reason,
		...cell.evidence, "Promises", "Why"])
		ok(`the cell tells: ${part}`, text.includes(part), text);
	is("it names the command", await page.textContent(".command"),
		`gupcheck cell ${cell.id}`);
	ok("steps have their results", /map:.*done/.test(text), text);
	const expected = await page.$$eval(".facts tbody tr", (rows) =>
		rows.map((row) => [...row.children].map((one) =>
			one.textContent)).find((row) => row[0] === 'read "disk"'));
	is("bytes expected and found", expected.slice(2, 4),
		["new data", "new data"]);
	ok("the difference is told", text.includes("worse") &&
		text.includes("a promise about data is broken now"), text);
	ok("the address names the cell", page.url().includes("#6.12.0-new"));
	await page.click('#dialog button[title^="6.1.0-old"]');
	ok("the other kernel's cell is shown", (await page.innerText("#dialog"))
		.includes("safe on 6.1.0-old"));
	const url = page.url();
	await page.click("#dialog .close");
	await page.goto("about:blank");
	await page.goto(url);
	await page.waitForSelector("dialog[open]");
	is("an address opens its cell", await page.textContent("#cell-title"),
		cell.id);
	page.asked = page.asked.filter((one) => one !== "about:blank");
	await close(page, "cell");
}

async function testDifference() {
	const page = await open("real");
	await page.selectOption("#layer", {label: "fsync_after_unpin"});
	await page.selectOption("#other", {label: "6.1.0-old"});
	is("the matrix marks what changed", await page.$$eval("#matrix td i",
		(all) => all.map((one) => one.parentNode.getAttribute("aria-label"))),
	["fake_safe on fake_dir: corrupt, unexpected, changed: worse"]);
	const line = await page.innerText("#time");
	ok("the time line tells what changed since", line.includes(
		"Since 6.1.0-old:") && line.includes("1 cell: safe \u2192 corrupt"),
	line);
	await page.click("#time summary");
	await page.click("#time details button");
	ok("and opens it", (await page.innerText("#dialog")).includes("worse"));
	await close(page, "difference");
}

async function testFindings() {
	const page = await open("kernels");
	const bad = jsonOf("kernels").cells.filter((cell) =>
		cell.outcome === "unexpected" ||
		cell.outcome === "known-issue" ||
		["broken", "hung", "vanished"].includes(cell.verdict));
	const counts = await page.$$eval("#findings-list summary", (all) =>
		all.map((one) => Number(one.textContent.match(/ (\d+) cells?:/)[1])));
	is("every trouble is in one group", counts.reduce((a, b) => a + b, 0),
		bad.length);
	ok("one bug is told once", counts.length > 1 &&
		counts.length < bad.length / 2, counts);
	const kinds = await page.$$eval("#findings-list h3", (all) =>
		all.map((one) => one.textContent.split(":")[0]));
	is("the worst kind is first, known issues are apart", kinds,
		["Unexpected", "No verdict", "Known issues"]);
	await page.click("#findings-list summary");
	is("a group opens its cells", await page.locator(
		"#findings-list details[open] li").count(), counts[0]);
	await page.click("#findings-list details[open] button");
	is("and these open", await page.locator("dialog[open]").count(), 1);
	await page.keyboard.press("Escape");
	const since = await page.$$eval("#since-table tbody tr", (rows) =>
		rows.map((row) => [...row.children].map((one) =>
			one.textContent)));
	const rdma = since.find((row) => row[0] === "rdma_mr");
	is("since when a pin is refused", rdma[1], "6.12");
	ok("and the story", rdma[2].startsWith("accepted from 5.10, refused " +
		"from 6.12"), rdma[2]);
	is("a short-term pin never is", since.find((row) =>
		row[0] === "vmsplice").slice(1, 2), ["\u2013"]);
	await close(page, "findings");
}

// 30 mechanisms on 25 filesystems: heads stay where they are seen
async function testWide() {
	for (const viewport of [{width: 1280, height: 800},
		{width: 390, height: 844}]) {
		const page = await open("wide", {viewport});
		const name = `wide, ${viewport.width}`;
		is(`${name}: all is drawn`, await page.locator(
			"#matrix td.cell").count(), 750);
		ok(`${name}: the page is no wider than its window`,
			await page.evaluate(() =>
				document.documentElement.scrollWidth <= innerWidth));
		await page.focus('#matrix [tabindex="0"]');
		await page.keyboard.press("Control+End");
		const seen = await page.evaluate(() => {
			const at = document.activeElement;
			const box = at.getBoundingClientRect();
			const row = at.parentNode.firstChild.getBoundingClientRect();
			const column = at.closest("table").rows[0]
				.cells[at.cellIndex].getBoundingClientRect();
			const frame = at.closest(".scroll").getBoundingClientRect();
			return {hit: document.elementFromPoint(box.x + box.width / 2,
				box.y + box.height / 2).closest("td") === at,
			row: row.right <= box.left + 1 && row.left >= frame.left - 1,
			column: column.bottom <= box.top + 1 &&
				column.top >= frame.top - 1};
		});
		is(`${name}: the last cell is seen with both heads`, seen,
			{hit: true, row: true, column: true});
		await page.keyboard.press("Control+Home");
		is(`${name}: the first one is not hidden by them`,
			await page.evaluate(() => {
				const at = document.activeElement;
				const box = at.getBoundingClientRect();
				return document.elementFromPoint(
					box.x + box.width / 2, box.y +
					box.height / 2).closest("td") === at;
			}), true);
		await close(page, name);
	}
}

async function testLarge() {
	const page = await open("large");
	const cells = jsonOf("large").cells;
	const ready = await page.getAttribute("body", "data-ready");
	console.log(`${cells.length} cells: open after ${ready} ms`);
	is("20,000 cells are counted", await page.textContent("#matching"),
		`${cells.length} cells`);
	is("one layer of them is drawn", await page.locator("#matrix td.cell")
		.count(), 250);
	await page.selectOption("#kernel", "2");
	await page.selectOption("#layer", {label: "scenario_03"});
	const here = cells.filter((cell) => cell.kernel === "6.3.0-test" &&
		cell.id.endsWith("/scenario_03"));
	const seen = await page.$$eval("#matrix td.cell.corrupt", (all) =>
		all.length);
	is("and another one", seen, here.filter((cell) =>
		cell.verdict === "corrupt").length);
	await page.fill("#filter", "mechanism_07 verdict:oops");
	is("they can be filtered", await page.textContent("#matching"),
		`${cells.filter((cell) => cell.verdict === "oops" &&
			cell.id.startsWith("mechanism_07/")).length} of ` +
		`${cells.length} cells match`);
	await close(page, "large");
}

async function testHostile() {
	const page = await open("hostile");
	const shown = "</script><script>document.title=1</script><img src=x " +
		"onerror=alert(1)>]]><!--\\x1b[2J\\x07\\x9b31m\\u202eevil\\u2028" +
		'&amp;"';
	await page.focus('#matrix [tabindex="0"]');
	await page.keyboard.press("Enter");
	const text = await page.textContent("#dialog");
	ok("hostile text is text", text.includes(`reason${shown}`), text);
	is("kernel messages are text", await page.textContent(
		'#dialog pre[aria-label="Kernel messages"]'), `${shown}\n${shown}`);
	is("there is no element of theirs", await page.locator("img").count(), 0);
	is("no script of theirs", await page.locator("script").count(), 2);
	ok("none ran", (await page.title()).startsWith("gupcheck: 6.1"));
	is("no link to what is none", await page.locator(
		'a[href^="javascript"]').count(), 0);
	ok("a run that is not to be trusted says so",
		(await page.innerText("#doubts")).includes("NOT TO BE TRUSTED"));
	is("no control character is left", await page.evaluate(() =>
		/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/.test(
			document.body.textContent)), false);
	const ran = await page.evaluate(() => {
		const script = document.createElement("script");
		script.textContent = "window.ran = 1";
		document.body.append(script);
		return window.ran;
	});
	is("the policy stops what is not the page's own", ran, undefined);
	page.said = page.said.filter((line) =>
		!line.includes("Content Security Policy"));
	await close(page, "hostile");
}

async function testEmpty() {
	const page = await open("empty");
	is("a run without cells says so", await title(page),
		"Matrix: no cells");
	await close(page, "empty");
}

// Relative luminance, as contrast is measured
function luminance([r, g, b]) {
	const [x, y, z] = [r, g, b].map((value) => value / 255 <= 0.04045
		? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
	return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}

function contrast(a, b) {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
}

async function testLook() {
	const colors = new Map();
	for (const colorScheme of ["light", "dark"]) {
		const page = await open("small", {colorScheme,
			viewport: {width: 390, height: 844}});
		ok(`${colorScheme}: no wider than a phone`, await page.evaluate(() =>
			document.documentElement.scrollWidth <= innerWidth));
		const chips = await page.$$eval("#legend [data-word^=verdict]",
			(all) => all.map((one) => [one.dataset.word,
				...[getComputedStyle(one).color,
					getComputedStyle(one).backgroundColor].map(
					(text) => text.match(/\d+/g).map(Number))]));
		for (const [word, ink, paper] of chips) {
			ok(`${colorScheme}: ${word} can be read`,
				contrast(ink, paper) >= 4.5, contrast(ink, paper));
			colors.set(word, paper);
		}
		await page.click("#matrix td.cell");
		ok(`${colorScheme}: the dialog fits`, await page.evaluate(() => {
			const dialog = document.getElementById("dialog");
			return dialog.scrollWidth <= dialog.clientWidth + 1;
		}));
		await close(page, colorScheme);
	}
	// A missing kind of cones leaves lightness: neighbours differ in it
	const answers = ["refused", "safe", "exposed", "corrupt", "oops"]
		.map((word) => colors.get(`verdict:${word}`));
	const bad = [];
	for (const [i, one] of answers.entries())
		for (const other of answers.slice(i + 1))
			if (contrast(one, other) < 1.25)
				bad.push([one, other, contrast(one, other)]);
	is("answers differ in lightness, or are blue against orange",
		bad.filter(([one, other]) => (one[2] > one[0]) ===
			(other[2] > other[0])), []);
}

async function testPrint() {
	const page = await open("real");
	await page.emulateMedia({media: "print"});
	is("controls are not printed", await page.isVisible("#filter"), false);
	ok("the matrix is", await page.isVisible("#matrix td.cell"));
	await close(page, "print");
}

for (const test of [testMatrix, testFilter, testKeyboard, testCell,
	testDifference, testFindings, testWide, testLarge, testHostile, testEmpty, testLook, testPrint])
	await test().catch((error) => ok(`${test.name}: ${error}`, false));
await browser.close();
