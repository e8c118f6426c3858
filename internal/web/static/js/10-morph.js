// Bringing a page up to date without taking anything from its reader: what is
// focused, open, typed or scrolled stays as it is.

const byId = (id) => document.getElementById(id);
const main = () => byId('main');
const words = () => document.body.dataset;

// A form, or a row of the table, is one guarded thing: once somebody has typed
// in it, it is theirs until it is sent or left, with the version it was made
// against. The server refuses it if the item changed meanwhile and shows both.
const dirty = new WeakSet();
const guards = (el) => [el.form ?? el.closest('form'), el.closest('[data-guard]')].filter(Boolean);
const clean = (form) => [form, form.closest('[data-guard]')].forEach((el) => el && dirty.delete(el));
addEventListener('input', (e) => guards(e.target).forEach((el) => dirty.add(el)));
addEventListener('reset', (e) => clean(e.target));

const typing = (el) => el.contains(document.activeElement) && document.activeElement.matches('input, textarea, select');

function held(el) {
	if (el.matches('dialog[open]')) return true;
	return el.matches('form, [data-guard]') && (dirty.has(el) || typing(el));
}

// What was opened by the script, or holds somebody's words, is not removed.
function kept(el) {
	if (el.matches('[data-detail]')) return true;
	return dirty.has(el) || [...el.querySelectorAll('form, [data-guard]')].some((form) => dirty.has(form));
}

const morphing = {
	beforeNodeMorphed(old, now) {
		if (old.nodeType !== 1 || !held(old)) return true;
		if (old.localName === 'form' && !old.isEqualNode(now)) old.dataset.stale = words().stale;
		return false;
	},
	beforeNodeRemoved: (old) => old.nodeType !== 1 || !kept(old),
	beforeAttributeUpdated(name, el) {
		if (name === 'open') return el.localName !== 'details' && el.localName !== 'dialog';
		return !['data-open-now', 'aria-expanded', 'data-by', 'data-stale'].includes(name);
	},
};

function morph(old, now, style = 'outerHTML') {
	Idiomorph.morph(old, now, { morphStyle: style, callbacks: morphing });
}

// The element on this page takes over everything but its children.
function sameShell(old, now) {
	for (const { name, value } of [...now.attributes]) {
		if (name !== 'open') old.setAttribute(name, value);
	}
	for (const { name } of [...old.attributes]) {
		if (name !== 'open' && !now.hasAttribute(name)) old.removeAttribute(name);
	}
}

// place puts the children of a container into the given order, moving as few
// as possible and creating none: false when one is not there.
function place(container, ids, fresh) {
	let at = container.firstElementChild;
	for (const id of ids) {
		const el = fresh.get(id) ?? byId(id);
		if (!el) return false;
		while (at && at !== el && at.going) at = at.nextElementSibling;
		if (el === at) {
			at = at.nextElementSibling;
		} else if (el.isConnected && container.isConnected && container.moveBefore) {
			container.moveBefore(el, at);
		} else {
			container.insertBefore(el, at);
		}
		fresh.delete(id);
	}
	return true;
}

// reorder applies all orders of a message together: a child that leaves one
// container may be wanted by another, with everything open and typed in it.
function reorder(orders, fresh) {
	const lists = orders.map((o) => [o.dataset.order, o.content.textContent.trim().split(/\s+/).filter(Boolean)]);
	const wanted = new Set(lists.flatMap(([, ids]) => ids));
	const boxOf = (id) => fresh.get(id) ?? byId(id)
		?? [...fresh.values()].map((el) => el.querySelector('#' + CSS.escape(id))).find(Boolean);
	const boxes = lists.map(([id, ids]) => [boxOf(id), ids]);
	if (boxes.some(([box]) => !box)) return false;
	const going = boxes.flatMap(([box]) => [...box.children].filter((el) => el.id && !wanted.has(el.id) && !kept(el)));
	going.forEach((el) => { el.going = true; });
	const done = boxes.every(([box, ids]) => place(box, ids, fresh));
	going.forEach((el) => el.remove());
	return done;
}

// steady keeps what the reader looks at where it stands on the screen while the
// page changes above it: the field they are in, else the first thing in sight.
function steady(change) {
	const inSight = (el) => {
		const { top, bottom } = el.getBoundingClientRect();
		return bottom > 0 && top < innerHeight;
	};
	const active = document.activeElement;
	const held = active !== document.body && main().contains(active) && inSight(active) ? active
		: scrollY > 0 && [...document.querySelectorAll('[data-rev]')].find(inSight);
	const was = held && held.getBoundingClientRect().top;
	const result = change();
	if (held?.isConnected) scrollBy({ top: held.getBoundingClientRect().top - was, behavior: 'instant' });
	return result;
}

// applyLive takes a message's fragments: false asks for the whole page.
function applyLive(html) {
	return steady(() => applyParts(html));
}

function applyParts(html) {
	const box = document.createElement('template');
	box.innerHTML = html;
	const fresh = new Map();
	const orders = [];
	const marks = [];
	for (const part of box.content.children) {
		const { reload: anew, order, said, by, shell } = part.dataset;
		if (anew !== undefined) return false;
		if (order !== undefined) { orders.push(part); continue; }
		if (said !== undefined) { say(part.content.textContent); continue; }
		if (by !== undefined) { marks.push(part); continue; }
		const now = document.importNode(part.content.firstElementChild, true);
		const old = byId(now.id);
		if (!old) fresh.set(now.id, now);
		else if (shell !== undefined) sameShell(old, now);
		else morph(old, now);
	}
	const whole = reorder(orders, fresh) && fresh.size === 0;
	for (const m of marks) m.content.textContent.trim().split(/\s+/).forEach((id) => mark(byId(id), m.dataset.by));
	document.dispatchEvent(new Event('fresh'));
	return whole;
}

// keep puts an element of this page into a page that will be taken over.
function keep(page, id) {
	const old = byId(id);
	if (old) page.getElementById(id)?.replaceWith(page.importNode(old, true));
}

// behind reports that a page shows an older state than the stream has told of:
// something else happened while it was on its way.
function behind(page) {
	const told = live.seen.split('.');
	const shows = (page.getElementById('main')?.dataset.seq ?? '').split('.');
	return shows.length === told.length && shows.some((n, i) => Number(n) < Number(told[i]));
}

// applyPage takes over a whole page that the server sent as an answer. One that
// is behind would take away what the stream says only once: another is fetched.
function applyPage(page, tries = 5) {
	document.title = page.title;
	// Who is here only the live stream tells: an answer that is ahead of it would
	// stay, because the stream says nothing twice.
	if (live.source) keep(page, 'presence');
	for (const id of ['notice', 'presence', 'top-end']) {
		const now = page.getElementById(id);
		if (now && byId(id)) morph(byId(id), now);
	}
	const now = page.getElementById('main');
	if (now && tries > 0 && behind(page)) reload(tries - 1).catch(() => {});
	else if (now) morph(main(), now);
	document.dispatchEvent(new Event('fresh'));
}

// fetchPage sends a form, or gets a page in the background: the server then
// keeps what it has to say for the page that was asked for.
async function fetchPage(url, options = { headers: { 'Tandem-Background': '1' } }) {
	const answer = await fetch(url, { ...options, headers: { Accept: 'text/html', ...options.headers } });
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	return { answer, page };
}

async function reload(tries) {
	const { answer, page } = await fetchPage(location.href);
	keep(page, 'notice');
	if (answer.ok) steady(() => applyPage(page, tries));
	else if (answer.status === 403 || answer.status === 404) location.reload(); // it is no longer theirs to see
}

function say(text) {
	const box = byId('said');
	if (box && text.trim()) box.textContent = text.trim();
}

// Who changed it stands at the changed item for a while.
function mark(el, by) {
	if (!el) return;
	el.dataset.by = by;
	clearTimeout(el.marked);
	el.marked = setTimeout(() => el.removeAttribute('data-by'), 12000);
}
