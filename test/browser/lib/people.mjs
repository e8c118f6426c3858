// People in a real browser. Whatever goes wrong on any of their pages fails the
// test, unless it said that it expects it: errors in the console (a refusal by
// the Content-Security-Policy among them), exceptions, dialogs nobody asked for,
// requests that fail and answers that are errors.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { atEnd } from './teardown.mjs';
import { words, sentence } from './words.mjs';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

export const desktop = { width: 1366, height: 900 };
export const phone = { width: 390, height: 844 };

let shared;

// browser is one Chromium for all tests of a file.
export async function browser() {
	shared ??= await chromium.launch({ executablePath, timeout: 60000, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
		'--disable-background-networking', '--disable-component-update', '--disable-sync'] });
	return shared;
}

export async function closeBrowser() {
	await shared?.close();
	shared = undefined;
}

// person opens a window of their own, in their language. The test fails at its
// end if something went wrong in it that person.expects does not name.
export async function person(t, { lang = 'en', view = desktop, ...options } = {}) {
	const context = await (await browser()).newContext({ locale: lang === 'de' ? 'de-DE' : 'en-GB', timezoneId: 'Europe/Berlin',
		viewport: view, ...options });
	context.setDefaultTimeout(10000);
	const trouble = [];
	const expected = [];
	const note = (text) => { if (!expected.some((e) => e.test(text))) trouble.push(text); };
	const page = await context.newPage();
	const watch = (p) => {
		p.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') note(`console: ${m.text()} (${m.location().url})`); });
		p.on('pageerror', (e) => note(`exception: ${e.stack}`));
		p.on('requestfailed', (r) => {
			// A page that is left drops its live stream, what it fetched in the
			// background, and its icon if that was still on the way.
			const dropped = r.failure()?.errorText === 'net::ERR_ABORTED'
				&& (r.headers()['tandem-background'] || /\/live$|\/icon\.[0-9a-f]+\.svg$/.test(new URL(r.url()).pathname));
			if (!dropped) note(`failed: ${r.method()} ${r.url()} ${r.failure()?.errorText}`);
		});
		p.on('response', (r) => { if (r.status() >= 400) note(`answer: ${r.status()} ${r.request().method()} ${r.url()}`); });
		p.on('dialog', (d) => { note(`dialog: ${d.message()}`); d.dismiss().catch(() => {}); });
	};
	watch(page);
	context.on('page', (p) => { if (p !== page) watch(p); });
	atEnd(t, async () => {
		await context.close();
		assert.deepEqual(trouble, [], `something went wrong in the browser (${lang})`);
	});
	return { page, context, lang, trouble, t: words(lang), like: (key, args) => sentence(lang, key, args),
		expects: (...patterns) => expected.push(...patterns) };
}

// soon waits until something holds, looking again whenever the page may have
// changed, and returns how long that took in milliseconds.
export async function soon(what, holds, within = 5000) {
	const began = performance.now();
	for (;;) {
		if (await holds()) return performance.now() - began;
		if (performance.now() - began > within) assert.fail(`did not happen within ${within} ms: ${what}`);
		await new Promise(setImmediate);
	}
}
