// The table: arrow keys go from cell to cell, several rows pasted from a
// spreadsheet become new steps after a look at them.

function cellAt(cell, rows, columns) {
	const row = cell.parentElement;
	const all = [...row.parentElement.rows];
	const next = all[all.indexOf(row) + rows];
	return next?.cells[cell.cellIndex + columns];
}

function enter(cell) {
	const field = cell?.querySelector('input:not([type=hidden]), select, textarea, a, button');
	if (!field) return false;
	field.focus();
	if (field.select && field.type !== 'checkbox' && field.type !== 'date') field.select();
	return true;
}

// In a text field the arrows belong to the text until it ends.
function leaves(field, key) {
	if (field.localName === 'select' || field.type === 'date') return false;
	if (field.selectionStart == null) return true;
	if (key === 'ArrowLeft') return field.selectionStart === 0 && field.selectionEnd === 0;
	if (key === 'ArrowRight') return field.selectionStart === field.value.length;
	return true;
}

addEventListener('keydown', (e) => {
	const cell = e.target.closest?.('table[data-grid] td, table[data-grid] th');
	if (!cell || e.ctrlKey || e.metaKey || e.altKey) return;
	const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [e.shiftKey ? -1 : 1, 0] }[e.key];
	if (!step || (e.key === 'Enter' && e.target.matches('a, button, summary'))) return;
	const field = e.target.matches('input, select, textarea') ? e.target : null;
	if (field && e.key !== 'Enter' && !leaves(field, e.key)) return;
	let next = cell;
	do next = cellAt(next, ...step); while (next && !enter(next) && e.key !== 'Enter');
	if (next) e.preventDefault();
});

addEventListener('paste', (e) => {
	const grid = e.target.closest?.('[data-paste]');
	const text = e.clipboardData?.getData('text/plain') ?? '';
	if (!grid || !/\t|\n.*\S/.test(text.trim())) return;
	e.preventDefault();
	openSheet(grid.dataset.paste, (box) => {
		const field = box.querySelector('textarea[name=rows]');
		if (field) { field.value = text; dirty.add(field.form); }
	}).catch(() => {});
});
