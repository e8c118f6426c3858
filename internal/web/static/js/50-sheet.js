// A sheet is a page with one form (accept the plan, invite, a new step …).
// With the script it is shown in a dialog over the plan; it was fetched when
// it opened and no live change moves anything in it.

async function openSheet(href, fill) {
	const { answer, page } = await fetchPage(href);
	const sheet = page.querySelector('[data-sheet]');
	if (!answer.ok || !sheet) { location.assign(href); return; }
	showSheet(sheet, fill);
}

function showSheet(sheet, fill) {
	const box = byId('sheet');
	box.replaceChildren(document.importNode(sheet, true));
	box.setAttribute('aria-labelledby', box.querySelector('h1, h2')?.id ?? '');
	fill?.(box);
	if (navigator.clipboard) for (const b of box.querySelectorAll('[data-copies]')) b.hidden = false;
	if (!box.open) box.showModal();
	box.querySelector('[autofocus], input:not([type=hidden]), textarea, select')?.focus();
}

function closeSheet() {
	const box = byId('sheet');
	if (box?.open) box.close();
}

addEventListener('click', (e) => {
	if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
	const link = e.target.closest('a[data-sheet-link]');
	if (!link) return;
	e.preventDefault();
	openSheet(link.href).catch(() => location.assign(link.href));
});

// A sheet that is asked for by a form (the chosen steps of the table).
addEventListener('submit', (e) => {
	const form = e.target;
	if (!('sheetForm' in form.dataset)) return;
	e.preventDefault();
	const url = new URL(form.action);
	url.search = new URLSearchParams(new FormData(form, e.submitter));
	openSheet(url.href).catch(() => location.assign(url));
});

// Closed: its content goes, unless something typed in it was not sent.
addEventListener('close', (e) => {
	if (e.target.id === 'sheet') e.target.replaceChildren();
}, true);

// Escape does not throw away what somebody wrote.
addEventListener('cancel', (e) => {
	if (e.target.id !== 'sheet') return;
	const form = e.target.querySelector('form');
	if (form && dirty.has(form) && !confirm(words().discard)) e.preventDefault();
}, true);

// A button that copies a text of the sheet.
addEventListener('click', (e) => {
	const b = e.target.closest('[data-copies]');
	if (b) navigator.clipboard.writeText(byId(b.dataset.copies).value).then(() => { b.textContent = b.dataset.said; });
});
