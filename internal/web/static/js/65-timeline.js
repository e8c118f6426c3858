// The timeline: a bar is dragged, or moved with the arrow keys, to try another
// date. What follows is fetched and laid over the page; nothing changes until
// its form is sent. Without a script the bar is a link to the same page.

const DAY = 86400000;
const figure = () => document.querySelector('.tl');
const dayOf = (text) => Math.round(Date.parse(text + 'T00:00:00Z') / DAY);
const stamp = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const working = (day) => { const w = new Date(day * DAY).getUTCDay(); return w !== 0 && w !== 6; };
const isoDay = (day) => new Intl.DateTimeFormat(document.documentElement.lang === 'de' ? 'de-DE' : 'en-GB',
	{ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(day * DAY);

let trial = null; // { lane, id, day, ghost }: what is being moved, not yet asked

function svg(name, attributes) {
	const el = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const [k, v] of Object.entries(attributes)) el.setAttribute(k, v);
	return el;
}

// scale is the first day shown, and how many.
function scale() {
	const { from, to } = figure().dataset;
	return { from: dayOf(from), days: dayOf(to) - dayOf(from) + 1 };
}

// show draws the bar where it would be, over its row.
function show() {
	const { lane, day } = trial;
	const { from, days } = scale();
	const { start, end } = lane.dataset;
	const long = dayOf(end) - dayOf(start);
	const at = (d) => ((d - from) / days * 100) + '%';
	trial.ghost?.remove();
	trial.ghost = svg('svg', { y: '50%', overflow: 'visible', class: 'tl-trial' });
	const box = svg('rect', { class: 'tl-ghost', x: at(day - long), width: ((long + 1) / days * 100) + '%', y: -8, height: 16, rx: 3 });
	const text = svg('text', { class: 'tl-ghost-date', x: at(day + 1), dx: 7, y: 4 });
	text.textContent = isoDay(day);
	trial.ghost.append(box, text);
	lane.parentElement.querySelector('svg').append(trial.ghost);
}

function begin(lane) {
	if (trial?.lane === lane) return;
	drop();
	trial = { lane, id: lane.dataset.move, day: dayOf(lane.dataset.end) };
}

function drop() {
	trial?.ghost?.remove();
	trial = null;
}

// ask fetches what would follow and lays it over the page.
async function ask(url) {
	const { answer, page } = await fetchPage(url);
	const box = page.getElementById('tl-try');
	if (!answer.ok || !box) { location.assign(url); return; }
	drop();
	lay(page, true);
	history.replaceState(null, '', url);
	const head = byId('tl-try-title');
	head?.focus({ preventScroll: true });
	figure().scrollIntoView({ block: 'start' });
	inView(new URL(url).searchParams.get('item'));
	if (head) say(head.textContent);
}

// inView scrolls the figure to a row.
function inView(id) {
	const row = document.querySelector(`[data-move="${CSS.escape(id)}"]`)?.closest('.tl-row');
	const box = figure();
	if (!row || row.offsetTop > box.scrollTop + 70 && row.offsetTop + row.offsetHeight < box.scrollTop + box.clientHeight) return;
	box.scrollTop = row.offsetTop - box.clientHeight / 2;
}

// lay takes over the ghosts and the panel, and where days come into view that
// were not, the whole figure. A panel that was asked for is a new one, with the
// reason already written; one that is only brought up to date keeps its forms.
function lay(page, asked) {
	const now = page.querySelector('.tl');
	const old = figure();
	if (now.dataset.from !== old.dataset.from || now.dataset.to !== old.dataset.to || now.dataset.rows !== old.dataset.rows) morph(old, now);
	else morph(byId('tl-ghosts'), page.getElementById('tl-ghosts'));
	const panel = page.getElementById('tl-try');
	if (!asked) { morph(byId('tl-try'), panel); return; }
	const reason = byId('tl-try').querySelector('textarea')?.value;
	byId('tl-try').replaceWith(document.importNode(panel, true));
	const field = byId('tl-try').querySelector('textarea');
	if (reason && field) { field.value = reason; dirty.add(field.form); }
}

function tryURL(lane, day) {
	const url = new URL(lane.href);
	url.searchParams.set('due', stamp(day));
	return url.href;
}

// end takes the trial off the page.
async function endTrial(href) {
	const id = byId('tl-try')?.firstElementChild?.dataset.try;
	drop();
	history.replaceState(null, '', href);
	byId('tl-try').replaceChildren();
	byId('tl-ghosts').replaceChildren();
	document.querySelector(`[data-move="${CSS.escape(id ?? '')}"]`)?.focus({ preventScroll: true });
}

addEventListener('keydown', (e) => {
	if (e.ctrlKey || e.metaKey || e.altKey) return;
	const lane = e.target.closest?.('.tl-bar');
	if (e.key === 'Escape' && figure() && !document.querySelector('dialog[open]')) {
		const cancel = document.querySelector('[data-try-end]');
		if (trial) { const at = trial.lane; drop(); at.focus(); say(at.ariaLabel); } else if (cancel && e.target.closest?.('.tl-try, .tl')) endTrial(cancel.href);
		return;
	}
	if (!lane) return;
	const row = lane.closest('.tl-row');
	const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
	if (step && lane.dataset.move) {
		e.preventDefault();
		begin(lane);
		do trial.day += step; while (!working(trial.day));
		show();
		say(isoDay(trial.day));
	} else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
		let next = row;
		do next = e.key === 'ArrowUp' ? next.previousElementSibling : next.nextElementSibling; while (next && !next.querySelector('.tl-bar'));
		if (next) { e.preventDefault(); next.querySelector('.tl-bar').focus(); }
	} else if (e.key === 'Enter' && trial?.lane === lane) {
		e.preventDefault();
		ask(tryURL(lane, trial.day)).catch(() => location.assign(lane.href));
	}
});

// Dragging. A press that does not move is a click on the link. A finger
// scrolls the figure; a tap asks for the date.
addEventListener('pointerdown', (e) => {
	const lane = e.target.closest?.('.tl-bar');
	if (!lane || e.button || !e.isPrimary || e.pointerType === 'touch') return;
	const { days } = scale();
	const perDay = lane.getBoundingClientRect().width / days;
	const from = { x: e.clientX, y: e.clientY, day: dayOf(lane.dataset.end) };
	let moved = false;
	const move = (f) => {
		if (!moved && Math.abs(f.clientX - from.x) < 4) return;
		if (!moved) { moved = true; begin(lane); lane.setPointerCapture(e.pointerId); figure().classList.add('tl-dragging'); }
		const day = from.day + Math.round((f.clientX - from.x) / perDay);
		if (day !== trial?.day || !trial?.ghost) { begin(lane); trial.day = day; show(); }
	};
	const stop = (f) => {
		removeEventListener('pointermove', move);
		removeEventListener('pointerup', stop);
		removeEventListener('pointercancel', stop);
		figure()?.classList.remove('tl-dragging');
		if (!moved) return;
		addEventListener('click', (g) => { if (g.target.closest?.('.tl-bar')) { g.preventDefault(); g.stopPropagation(); } }, { capture: true, once: true });
		if (f.type === 'pointercancel' || !trial || trial.day === from.day) { drop(); return; }
		ask(tryURL(lane, trial.day)).catch(() => location.assign(lane.href));
	};
	addEventListener('pointermove', move);
	addEventListener('pointerup', stop);
	addEventListener('pointercancel', stop);
});
addEventListener('dragstart', (e) => { if (e.target.closest?.('.tl-bar')) e.preventDefault(); });

addEventListener('click', (e) => {
	if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
	const cancel = e.target.closest('[data-try-end]');
	if (cancel) { e.preventDefault(); endTrial(cancel.href); return; }
	const lane = e.target.closest('.tl-bar');
	if (lane && figure()) { e.preventDefault(); ask(lane.href).catch(() => location.assign(lane.href)); }
});
addEventListener('submit', (e) => {
	const form = e.target.closest('[data-try-date]');
	if (!form || !figure()) return;
	e.preventDefault();
	const url = new URL(form.action);
	url.search = new URLSearchParams(new FormData(form));
	ask(url.href).catch(() => form.submit());
});

// The plan moved on while something was tried: it is asked again; what one is
// writing stays.
document.addEventListener('fresh', () => {
	const url = new URL(location.href);
	if (!figure() || !url.searchParams.has('item')) return;
	if (!byId('tl-try')?.firstElementChild) { // it was sent
		url.searchParams.delete('item');
		url.searchParams.delete('due');
		history.replaceState(null, '', url);
		return;
	}
	fetchPage(url.href).then(({ answer, page }) => {
		const still = location.href === url.href && byId('tl-try')?.firstElementChild; // meanwhile it may have been sent, or taken back
		if (still && answer.ok && page.getElementById('tl-try')) lay(page);
	}).catch(() => {});
});

// What waits for the row one is at.
function near(e) {
	const row = e.target.closest?.('.tl-row');
	for (const el of document.querySelectorAll('.tl-near')) el.classList.remove('tl-near');
	if (row) for (const el of document.querySelectorAll(`.tl-tie[data-from="${CSS.escape(row.id)}"]`)) el.classList.add('tl-near');
}
addEventListener('mouseover', near);
addEventListener('focusin', near);

// It opens where today is.
{
	const box = figure();
	if (box && box.scrollWidth > box.clientWidth) {
		const { from, days } = scale();
		const room = box.querySelector('.tl-scale');
		const today = dayOf(new Date().toISOString().slice(0, 10));
		box.scrollLeft = (today - from) / days * room.getBoundingClientRect().width - room.parentElement.clientWidth * 0.15;
	}
}
