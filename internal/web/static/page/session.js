// The planning session: a clock that nobody has to obey, and the cursor back in
// the field after something was kept.
(() => {
'use strict';

const timer = () => document.getElementById('se-timer');

// tell shows how long it has gone on. The server says since when; the words
// change after half an hour and stay calm.
function tell() {
	const box = timer();
	if (!box) return;
	const spent = Number(box.dataset.spent) + Math.max(0, (Date.now() - Date.parse(box.dataset.since)) / 1000);
	const n = Math.floor(spent / 60);
	const text = (n < 30 ? box.dataset.text : box.dataset.over).replace('{n}', n);
	if (box.textContent !== text) box.textContent = text;
}

setInterval(tell, 5000);
tell();

let again = null;
addEventListener('submit', (e) => { again = 'again' in e.target.dataset ? e.target.id : null; }, true);
document.addEventListener('fresh', () => {
	tell();
	const field = again && document.getElementById(again)?.querySelector('textarea');
	if (field && !field.value && document.activeElement === document.body) {
		field.focus({ preventScroll: true });
		again = null;
	}
});

// Who writes along sends with Ctrl or Cmd and Enter.
addEventListener('keydown', (e) => {
	if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || e.target.localName !== 'textarea') return;
	e.preventDefault();
	e.target.form?.requestSubmit();
});
})();
