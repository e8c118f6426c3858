// A step opens where it stands. Its link leads to a page of its own; with the
// script that page's middle is shown in place.

async function openDetail(link) {
	const id = link.dataset.open;
	const slot = byId('slot-' + id);
	if (!slot) { location.assign(link.href); return; }
	const open = slot.querySelector('[data-detail]');
	if (open) { closeDetail(id); return; }
	const { answer, page } = await fetchPage(link.href);
	const detail = page.querySelector('[data-detail]');
	if (!answer.ok || !detail) { location.assign(link.href); return; }
	slot.replaceChildren(document.importNode(detail, true));
	opened(id, true);
	const url = new URL(location.href);
	url.searchParams.set('item', id);
	url.hash = '';
	history.replaceState(null, '', url);
	slot.firstElementChild.focus({ preventScroll: true });
}

function opened(id, now) {
	const link = document.querySelector(`[data-open="${CSS.escape(id)}"]`);
	link?.setAttribute('aria-expanded', String(now));
	byId('i-' + id)?.toggleAttribute('data-open-now', now);
}

function closeDetail(id) {
	byId('slot-' + id)?.replaceChildren();
	opened(id, false);
	const url = new URL(location.href);
	if (url.searchParams.get('item') === id) {
		url.searchParams.delete('item');
		history.replaceState(null, '', url);
	}
	document.querySelector(`[data-open="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

// refreshDetail fetches an open detail again; what is being typed stays.
async function refreshDetail(id) {
	const old = document.querySelector(`[data-detail="${CSS.escape(id)}"]`);
	if (!old || !old.dataset.href) return;
	const { answer, page } = await fetchPage(old.dataset.href).catch(() => ({ answer: {} }));
	const now = answer.ok && page.querySelector('[data-detail]');
	if (now && old.isConnected) steady(() => morph(old, now));
}

// After every change: an open detail whose item moved on is fetched again.
document.addEventListener('fresh', () => {
	for (const detail of document.querySelectorAll('[data-detail]')) {
		const row = detail.parentElement.closest('[data-rev]'); // the step it stands in
		if (row && row.dataset.rev !== detail.dataset.rev) refreshDetail(detail.dataset.detail);
	}
});

addEventListener('click', (e) => {
	if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
	const link = e.target.closest('a[data-open]');
	if (link) { e.preventDefault(); openDetail(link).catch(() => location.assign(link.href)); return; }
	const close = e.target.closest('[data-close]');
	if (close) {
		const detail = close.closest('[data-detail]');
		if (detail && byId('slot-' + detail.dataset.detail)) { e.preventDefault(); closeDetail(detail.dataset.detail); }
		else if (close.closest('dialog')) { e.preventDefault(); close.closest('dialog').close(); }
	}
});

// A menu closes when one goes elsewhere.
addEventListener('click', (e) => {
	for (const menu of document.querySelectorAll('details.menu[open]')) {
		if (!menu.contains(e.target)) menu.open = false;
	}
});
