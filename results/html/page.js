"use strict";
const data = JSON.parse(document.getElementById("cells").textContent);
const rows = [...document.querySelectorAll("#matrix tbody tr")];
const filters = ["case", "subject", "placement", "state"].map((name) => document.getElementById("filter-" + name));
const [byCase, bySubject, byPlacement, byState] = filters;

function filter() {
	const state = byState.value;
	let shown = 0;
	document.querySelectorAll("#matrix [data-column]").forEach((cell) => {
		cell.hidden = byPlacement.value !== "" && cell.dataset.column !== byPlacement.value;
	});
	for (const row of rows) {
		const cells = [...row.querySelectorAll("td.heat")].filter((cell) => !cell.hidden);
		row.hidden = (byCase.value !== "" && row.dataset.case !== byCase.value) ||
			!row.dataset.subject.includes(bySubject.value.trim()) ||
			(state !== "" && !cells.some((cell) => cell.classList.contains(state)));
		shown += !row.hidden;
	}
	document.getElementById("shown").textContent = shown === rows.length ? "" : `${shown} of ${rows.length} rows`;
}

function element(name, text) {
	const made = document.createElement(name);
	made.textContent = text;
	return made;
}

/* The cells of one field of the matrix, each with what runs it again. */
function show(field) {
	const dialog = document.getElementById("field");
	const [row, column] = [Number(field.dataset.row), Number(field.dataset.number)];
	const body = dialog.querySelector("tbody");
	body.replaceChildren();
	for (const [number, of, at, verdict, cycles, ms, axes, reason] of data.cells) {
		if (of !== row || at !== column)
			continue;
		const line = document.createElement("tr");
		for (const text of [number, data.verdicts[verdict], cycles, (ms / 1000).toFixed(2) + " s", data.axes[axes], data.reasons[reason]])
			line.append(element("td", text));
		const again = document.createElement("td");
		again.append(element("code", `hupstorm rerun ${data.run}/${number}`));
		line.append(again);
		body.append(line);
	}
	dialog.querySelector("h2").textContent = field.closest("tr").dataset.title + ", " + field.dataset.column;
	dialog.showModal();
}

filters.forEach((input) => input.addEventListener("input", filter));
document.querySelector("#matrix").addEventListener("click", (event) => {
	const field = event.target.closest("td.heat");
	if (field)
		show(field);
});
document.querySelector("dialog .close").addEventListener("click", () => document.getElementById("field").close());
document.querySelector(".filters").hidden = false;
