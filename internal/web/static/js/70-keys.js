// Keys. They rest while one types, and can be switched off in the list that
// "?" shows, because speech input and some aids send single letters.

const keysOff = () => { try { return localStorage.getItem('keys') === 'off'; } catch { return false; } };

function go(by) {
	const links = [...document.querySelectorAll('a[data-open]')].filter((a) => a.checkVisibility?.() ?? a.offsetParent);
	const at = links.findIndex((a) => a.closest('[data-rev]')?.contains(document.activeElement));
	const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by));
	links[next]?.focus();
}

addEventListener('keydown', (e) => {
	if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
	if (e.key === 'Escape' && !document.querySelector('dialog[open]')) {
		const detail = e.target.closest?.('[data-detail]');
		if (detail && byId('slot-' + detail.dataset.detail) && ![...detail.querySelectorAll('form')].some((f) => dirty.has(f))) closeDetail(detail.dataset.detail);
		const menu = e.target.closest?.('details.menu[open]');
		if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
		return;
	}
	if (e.target.matches?.('input, textarea, select, [contenteditable]') || document.querySelector('dialog[open]')) return;
	if (keysOff()) return;
	if (e.key === '?') { e.preventDefault(); byId('keys')?.showModal(); return; }
	if (e.key === 'j' || e.key === 'k') { e.preventDefault(); go(e.key === 'j' ? 1 : -1); }
	const link = document.querySelector(`a[data-key="${CSS.escape(e.key)}"]`);
	if (link) { e.preventDefault(); link.click(); }
});

addEventListener('click', (e) => {
	if (e.target.closest('[data-show-keys]')) { e.preventDefault(); byId('keys')?.showModal(); }
});
addEventListener('change', (e) => {
	if (e.target.id !== 'keys-on') return;
	try { localStorage.setItem('keys', e.target.checked ? 'on' : 'off'); } catch { /* not kept, then */ }
});
{
	const box = byId('keys-on');
	if (box) box.checked = !keysOff();
}

connect();
