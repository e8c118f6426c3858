// Keys of the portfolio: one stop of the Tab key for all plans, arrows or j and
// k from plan to plan. What else the keys do is in the list that "?" shows.
(() => {
	'use strict';
	const rows = () => [...document.querySelectorAll('a[data-row]')];
	const off = () => { try { return localStorage.getItem('keys') === 'off'; } catch { return false; } };

	function only(link) {
		for (const a of rows()) a.tabIndex = a === link ? 0 : -1;
	}

	function go(to) {
		const all = rows();
		const next = all[Math.max(0, Math.min(all.length - 1, to))];
		if (!next) return;
		only(next);
		next.focus();
		next.closest('tr').scrollIntoView({ block: 'nearest' });
	}

	const here = () => {
		const row = document.activeElement?.closest('tr');
		return rows().findIndex((a) => a.closest('tr') === row);
	};

	addEventListener('focusin', (e) => { if (e.target.matches?.('a[data-row]')) only(e.target); });

	addEventListener('keydown', (e) => {
		if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
		if (e.target.matches?.('input, textarea, select, [contenteditable]') || document.querySelector('dialog[open]')) return;
		const at = here();
		const onRow = e.target.matches?.('a[data-row]');
		const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: Infinity };
		if (onRow && e.key in steps) { e.preventDefault(); go(steps[e.key]); return; }
		if (off()) return;
		switch (e.key) {
		case 'j': e.preventDefault(); go(at + 1); break;
		case 'k': e.preventDefault(); go(at < 0 ? Infinity : at - 1); break;
		case '/': e.preventDefault(); document.querySelector('#f-q')?.focus(); break;
		case 'm': {
			const note = at >= 0 && rows()[at].closest('tr').querySelector('details.move');
			if (!note) break;
			e.preventDefault();
			note.open = true;
			note.querySelector('textarea').focus();
		}
		}
	}, true);

	only(rows()[0]);
})();
