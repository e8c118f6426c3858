// Passkeys: a button with data-passkey names where the options come from and
// where the answer goes. Without a script, or in a browser that knows no
// passkeys, it stays hidden.
(() => {
'use strict';

const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

// What a browser answers, as JSON: not every one can say it itself.
function plain(made) {
	const r = made.response, response = { clientDataJSON: text(r.clientDataJSON) };
	for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) if (r[name]) response[name] = text(r[name]);
	if (r.getTransports) response.transports = r.getTransports();
	return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
}

async function ask(url, body) {
	const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
	const said = await answer.json().catch(() => ({}));
	if (!answer.ok) throw new Error(said.problem ?? '');
	return said;
}

async function run(button) {
	const { begin, finish, passkey } = button.dataset;
	const { publicKey: o } = await ask(begin, {});
	o.challenge = bytes(o.challenge);
	for (const list of [o.allowCredentials, o.excludeCredentials]) list?.forEach((c) => { c.id = bytes(c.id); });
	let made;
	if (passkey === 'make') {
		o.user.id = bytes(o.user.id);
		made = await navigator.credentials.create({ publicKey: o });
	} else {
		made = await navigator.credentials.get({ publicKey: o });
	}
	const name = button.closest('[data-passkeys]').querySelector('[name=name]')?.value ?? '';
	location.assign((await ask(finish, { name, answer: plain(made) })).to);
}

for (const button of document.querySelectorAll('[data-passkey]')) {
	if (!window.PublicKeyCredential) continue;
	const place = button.closest('[data-passkeys]');
	const wrong = place.querySelector('[role=alert]');
	place.hidden = false;
	button.addEventListener('click', async (e) => {
		e.preventDefault();
		wrong.hidden = true;
		button.disabled = true;
		try {
			await run(button);
		} catch (problem) {
			const own = problem.constructor === Error && problem.message;
			wrong.textContent = own || (problem.name === 'InvalidStateError' ? button.dataset.there : '') || button.dataset.cancelled;
			wrong.hidden = false;
			button.disabled = false;
			button.focus();
		}
	});
}
})();
