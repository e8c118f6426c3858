// Keeping the page live: the server pushes the fragments that changed.

const live = { source: null, seen: '', timer: 0, tries: 0, lostAt: null };

function connect() {
	const url = main()?.dataset.live;
	if (!url || live.source || document.hidden) return;
	const from = live.seen || main().dataset.seq || '';
	const address = new URL(url, location.href);
	if (from) address.searchParams.set('from', from);
	const source = new EventSource(address);
	live.source = source;
	source.onopen = () => { live.tries = 0; found(); };
	source.onmessage = (e) => {
		if (e.lastEventId) live.seen = e.lastEventId;
		found();
		if (!applyLive(e.data)) reload().catch(() => {});
	};
	source.onerror = () => {
		disconnect();
		lost();
		clearTimeout(live.timer);
		live.timer = setTimeout(connect, Math.min(15000, 500 * 2 ** live.tries++) * (0.7 + 0.6 * Math.random()));
	};
}

function disconnect() {
	live.source?.close();
	live.source = null;
}

// A hidden page rests: over HTTP/1.1 a browser has only six connections to a
// server, and the seventh page would hang. It catches up when it is seen again.
document.addEventListener('visibilitychange', () => {
	clearTimeout(live.timer);
	if (document.hidden) disconnect(); else { live.tries = 0; connect(); }
});
addEventListener('pagehide', disconnect);
addEventListener('pageshow', connect);
addEventListener('online', connect);

function lost() {
	live.lostAt ??= new Date();
	// A moment's interruption is nobody's concern.
	setTimeout(() => {
		const bar = byId('lost');
		if (!bar || !live.lostAt) return;
		const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
		const text = bar.querySelector('span');
		text.textContent = text.dataset.text.replace('{time}', clock.format(live.lostAt));
		bar.hidden = false;
	}, 2000);
}

function found() {
	live.lostAt = null;
	const bar = byId('lost');
	if (bar) bar.hidden = true;
}

addEventListener('click', (e) => {
	if (e.target.closest('#lost button')) { live.tries = 0; clearTimeout(live.timer); disconnect(); connect(); }
});
