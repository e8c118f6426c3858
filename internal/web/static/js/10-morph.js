// Bringing a page up to date without taking anything from its reader: what is
// focused, open, typed or scrolled stays as it is.

const byId = (id) => document.getElementById(id);
const main = () => byId('main');
const words = () => document.body.dataset;

// A form, or a row of the table, is one guarded thing: once somebody has typed
// in it, it is theirs until it is sent or left, with the version it was made
// against. The server refuses it if the item changed meanwhile and shows both.
const guardOf = (el) => el?.closest?.('form, [data-guard]');
const dirty = new WeakSet();
addEventListener('input', (e) => {
	const guard = guardOf(e.target.form ?? e.target);
	if (guard) dirty.add(guard);
});
addEventListener('reset', (e) => dirty.delete(guardOf(e.target)));

const typing = (el) => el.contains(document.activeElement) && document.activeElement.matches('input, textarea, select');

function held(el) {
	if (el.matches('dialog[open]')) return true;
	return el.matches('form, [data-guard]') && (dirty.has(el) || typing(el));
}

// What was opened by the script, or holds somebody's words, is not removed.
function kept(el) {
	if (el.matches('[data-detail]')) return true;
	return [...el.querySelectorAll('form, [data-guard]')].some((form) => dirty.has(form));
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
		return name !== 'data-open-now' && name !== 'aria-expanded';
	},
};

function morph(old, now, style = 'outerHTML') {
	Idiomorph.morph(old, now, { morphStyle: style, callbacks: morphing });
}

// The element on this page takes over everything but its children.
function sameShell(old, now) {
	for (const { name, value } of [...now.attributes]) {
		if (name !== 'data-shell' && name !== 'open') old.setAttribute(name, value);
	}
	for (const { name } of [...old.attributes]) {
		if (name !== 'open' && !now.hasAttribute(name)) old.removeAttribute(name);
	}
}

// place puts the children of a container into the given order, moving as few
// as possible and creating none: false when one is not there.
function place(container, ids, fresh) {
	const wanted = new Set(ids);
	for (const child of [...container.children]) {
		if (child.id && !wanted.has(child.id) && !kept(child)) child.remove();
	}
	let at = container.firstElementChild;
	for (const id of ids) {
		const el = fresh.get(id) ?? byId(id);
		if (!el) return false;
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

// applyLive takes a message's fragments: false asks for the whole page.
function applyLive(html) {
	const box = document.createElement('template');
	box.innerHTML = html;
	const fresh = new Map();
	const orders = [];
	for (const now of [...box.content.children]) {
		if (now.hasAttribute('data-reload')) return false;
		if (now.hasAttribute('data-order')) { orders.push(now); continue; }
		if (now.hasAttribute('data-said')) { say(now.textContent); continue; }
		const old = byId(now.id);
		if (!old) fresh.set(now.id, now);
		else if (now.hasAttribute('data-shell')) sameShell(old, now);
		else { const by = now.dataset.by; morph(old, now); if (by) mark(byId(now.id)); }
	}
	for (const [, el] of fresh) el.removeAttribute('data-shell');
	for (const order of orders) {
		const id = order.dataset.order;
		const container = fresh.get(id) ?? byId(id) ?? [...fresh.values()].map((el) => el.querySelector('#' + CSS.escape(id))).find(Boolean);
		if (!container || !place(container, order.content.textContent.trim().split(/\s+/).filter(Boolean), fresh)) return false;
	}
	document.dispatchEvent(new Event('fresh'));
	return fresh.size === 0;
}

// applyPage takes over a whole page that the server sent as an answer.
function applyPage(page) {
	document.title = page.title;
	for (const id of ['notice', 'presence', 'top-end']) {
		const now = page.getElementById(id);
		if (now && byId(id)) morph(byId(id), now);
	}
	const now = page.getElementById('main');
	if (now) morph(main(), now);
	document.dispatchEvent(new Event('fresh'));
}

async function fetchPage(url, options) {
	const answer = await fetch(url, { headers: { Accept: 'text/html' }, ...options });
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	return { answer, page };
}

async function reload() {
	const { answer, page } = await fetchPage(location.href);
	if (answer.ok) applyPage(page);
}

function say(text) {
	const box = byId('said');
	if (box && text.trim()) box.textContent = text.trim();
}

// Who changed it stands at the changed item for a while.
function mark(el) {
	if (!el) return;
	clearTimeout(el.marked);
	el.marked = setTimeout(() => el.removeAttribute('data-by'), 12000);
}
