// In the preview of a spreadsheet a choice shows at once what it changes; what
// is typed waits for the button.
addEventListener('change', (e) => {
	if (e.target.matches('[data-refresh]')) e.target.form.requestSubmit();
});

// A link that is shown once is selected whole when one steps into it.
addEventListener('focusin', (e) => {
	if (e.target.matches('[data-copy]')) e.target.select();
});
