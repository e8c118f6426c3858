// Sending a form without leaving the page. The server answers as it does
// without a script, with a whole page; this page takes it over.

async function send(form, submitter) {
	const data = new FormData(form, submitter);
	const files = form.enctype === 'multipart/form-data';
	const action = submitter?.getAttribute('formaction') || form.getAttribute('action');
	const buttons = [...form.elements].filter((el) => el.localName === 'button');
	submitter?.setAttribute('aria-busy', 'true');
	buttons.forEach((b) => { b.disabled = true; });
	const free = () => {
		submitter?.removeAttribute('aria-busy');
		buttons.forEach((b) => { b.disabled = false; });
	};
	try {
		const { answer, page } = await fetchPage(action, {
			method: 'POST', body: files ? data : new URLSearchParams(data),
		});
		free();
		answered(form, answer, page);
	} catch {
		free();
		complain(form, words().unsent);
	}
}

function answered(form, answer, page) {
	const again = form.id && page.getElementById(form.id);
	if (!answer.ok) {
		// Refused: the same form comes back with the words typed and the reason.
		if (again) {
			const now = document.importNode(again, true);
			form.replaceWith(now);
			(now.querySelector('[aria-invalid=true]') ?? now.querySelector('.wrong'))?.focus();
		} else {
			complain(form, page.querySelector('#notice p, .trouble h1 + p')?.textContent || words().unsent);
		}
		return;
	}
	clean(form);
	form.removeAttribute('data-stale'); // what changed while it was sent is what was sent
	// The answer to a sheet may be the sheet again, with what is shown only once.
	const sheet = form.closest('#sheet') && page.querySelector('[data-sheet]');
	if (sheet) {
		showSheet(sheet);
		return;
	}
	if (page.body?.dataset.page !== document.body.dataset.page) {
		location.assign(answer.url);
		return;
	}
	if ('autosave' in form.dataset) {
		saved(form.closest('[data-guard]'), page);
	} else {
		const place = form.closest('[data-detail]')?.dataset.detail;
		if (form.contains(document.activeElement)) document.activeElement.blur();
		form.reset();
		form.closest('details.move')?.removeAttribute('open');
		closeSheet();
		if (place) refreshDetail(place);
	}
	applyPage(page);
	const text = byId('notice')?.querySelector('p')?.textContent;
	if (text) say(text);
}

// The row of one's own edit takes over what was saved, with its new version,
// also under the cursor; only the field one is in keeps what is being typed.
function saved(row, page) {
	const now = row && page.getElementById(row.id);
	if (now) Idiomorph.morph(row, now, { ignoreActiveValue: true });
}

function complain(form, text) {
	if (form.closest('td')) { // no room there: it is said at the top of the page
		const notice = byId('notice');
		const words = document.createElement('p');
		words.textContent = text;
		notice.className = 'notice bad';
		notice.replaceChildren(words);
		notice.scrollIntoView({ block: 'nearest' });
		say(text);
		return;
	}
	let box = form.querySelector(':scope > .wrong');
	if (!box) {
		box = document.createElement('div');
		box.className = 'wrong';
		box.tabIndex = -1;
		box.setAttribute('role', 'alert');
		form.prepend(box);
	}
	box.textContent = text;
}

addEventListener('submit', (e) => {
	const form = e.target;
	if (form.method !== 'post' || 'plain' in form.dataset || e.defaultPrevented) return;
	e.preventDefault();
	send(form, e.submitter);
});

// Fields that are saved when they are left, e.g. the cells of the table.
addEventListener('change', (e) => {
	const form = e.target.form;
	if (form && 'autosave' in form.dataset && form.reportValidity()) form.requestSubmit();
});

// A file that is too large is told at once, not after it has travelled.
addEventListener('change', (e) => {
	const el = e.target;
	if (el.type !== 'file' || !el.dataset.max) return;
	const large = [...el.files].find((f) => f.size > el.dataset.max);
	el.setCustomValidity(large ? el.dataset.large.replace('{name}', large.name) : '');
	el.reportValidity();
});
