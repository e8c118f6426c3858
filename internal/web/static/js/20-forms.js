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
			complain(form, page.querySelector('#notice p, .trouble h1')?.textContent || words().unsent);
		}
		return;
	}
	dirty.delete(guardOf(form));
	dirty.delete(form);
	if (page.body?.dataset.page !== document.body.dataset.page) {
		location.assign(answer.url);
		return;
	}
	const place = form.closest('[data-detail]')?.dataset.detail;
	form.reset();
	dirty.delete(form);
	form.closest('details.move')?.removeAttribute('open');
	closeSheet();
	if (document.activeElement?.matches('input, textarea, select')) document.activeElement.blur();
	applyPage(page);
	if (place) refreshDetail(place);
	const notice = byId('notice');
	if (notice?.textContent.trim()) say(notice.querySelector('p')?.textContent ?? '');
}

function complain(form, text) {
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
