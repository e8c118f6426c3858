// A button that copies is there only where the browser can: without it the
// text is selected and copied by hand.
if (navigator.clipboard) for (const b of document.querySelectorAll('[data-copies]')) b.hidden = false;
