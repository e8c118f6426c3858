// The page behind every mail link, on a phone: from the mail to done in two
// taps, with and without script, and what programs that open links do to it:
// nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { closeBrowser, person, phone } from './lib/people.mjs';
import { meet } from './lib/plan.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// clean runs axe in both colour schemes and measures what a thumb needs.
async function clean(p, where) {
	for (const colorScheme of ['light', 'dark']) {
		await p.page.emulateMedia({ colorScheme });
		await p.page.evaluate(axe);
		const { violations } = await p.page.evaluate((r) => window.axe.run(document, { runOnly: r, resultTypes: ['violations'] }), rules);
		assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`), [], `${where}, ${colorScheme}`);
	}
	const small = await p.page.locator('.my :is(button, summary, input:not([type=hidden]), select, a.doc):visible').evaluateAll((all) => all
		.filter((el) => el.getBoundingClientRect().height < 44).map((el) => el.outerHTML.slice(0, 120)));
	assert.deepEqual(small, [], `targets under 44 px: ${where}`);
	const wide = await p.page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
	assert.ok(wide <= 0, `${where} is ${wide} px too wide`);
}

// ledger is the end of the plan's log as its lead reads it: it moves with
// every event there is.
async function ledger(t, lang, seller) {
	const john = await person(t, { lang });
	await john.page.goto(seller);
	await john.page.waitForURL(/\/plans\/[0-9a-f]+$/);
	const address = john.page.url();
	return {
		john, address, head: async () => {
			await john.page.goto(`${address}/receipt`);
			return john.page.locator('main input[readonly]').first().inputValue();
		},
	};
}

for (const lang of ['de', 'en']) {
	for (const script of [true, false]) {
		test(`from mail to done in two taps on a phone, ${lang}, ${script ? 'with' : 'without'} script`, async (t) => {
			const { seller, owner } = await demo(t, lang);
			const { john, address, head } = await ledger(t, lang, seller);
			const before = await head();
			const ute = await person(t, { lang, view: phone, hasTouch: true, isMobile: true, javaScriptEnabled: script });

			// Tap 1: the link in the mail.
			await ute.page.goto(owner);
			const greeting = lang === 'de' ? 'Guten Tag, Frau Dr. Brandt' : 'Dear Dr Brandt';
			await ute.page.getByRole('heading', { level: 1, name: greeting }).waitFor();
			assert.equal(await head(), before, 'opening the link wrote an event');
			assert.deepEqual(await ute.context.cookies(), [], 'opening the link left a cookie');
			const first = ute.page.locator('article.mine').first();
			await first.getByText(ute.like('mine.away.before')).waitFor();
			await first.getByRole('link', { name: /Business [Cc]ase, 4/ }).waitFor();
			const box = await first.locator('.btn.first').boundingBox();
			assert.ok(box.y + box.height <= phone.height, `the first button ends at ${box.y + box.height}: it is not on the first screen`);
			const title = await first.getByRole('heading').innerText();
			if (script) await clean(ute, 'by the link');

			// Tap 2: done.
			await first.getByRole('button', { name: ute.t('mine.do.already') }).tap();
			await ute.page.locator('#notice').getByText(ute.t('mine.said.report')).waitFor();
			assert.equal(ute.page.url(), `${address}/mine`, 'the secret stays in the address');
			assert.equal(await ute.page.locator('article.mine').filter({ hasText: title }).count(), 0, 'it is still asked');
			assert.notEqual(await head(), before);
			if (script) await clean(ute, 'after');

			// The seller reads it, and the browser is remembered.
			await john.page.goto(`${address}/history`);
			await john.page.getByText(john.like('history.done', { Who: 'Dr. Ute Brandt', What: title })).first().waitFor();
			await ute.page.goto(`${address}/mine`);
			await ute.page.getByRole('heading', { level: 1, name: greeting }).waitFor();

			// And takes it back.
			await ute.page.goto(owner);
			assert.equal(ute.page.url(), `${address}/mine`, 'a known browser is led to the clean address');
		});
	}
}

test('a known absence makes the earlier date the first tap', async (t) => {
	const { owner } = await demo(t, 'de');
	const ute = await person(t, { lang: 'de', view: phone, hasTouch: true, isMobile: true });
	await ute.page.goto(owner);
	const first = ute.page.locator('article.mine').first();
	const words = await first.locator('.btn.first').innerText();
	assert.match(words, ute.like('mine.do.commit'));
	await first.locator('.btn.first').tap();
	const [, day] = /bis (.*) übernehme/.exec(words);
	await ute.page.locator('#notice').getByText(ute.t('mine.said.commit', { Day: day }).replace('..', '.')).waitFor();
	await ute.page.getByText(ute.t('mine.yours', { Day: day })).waitFor();

	// Undone in one tap as well.
	await ute.page.locator('#notice').getByRole('button', { name: ute.t('web.undo') }).tap();
	await ute.page.locator('article.mine .btn.first').getByText(words).waitFor();
});

// Programs open the links of mails to look at them; some run their scripts,
// follow every link and wait. Nobody has clicked. On a real server: the demo
// lets whoever opens a link in at once.
test('a scanner that runs scripts changes nothing', async (t) => {
	const { server, john, sarah, address } = await meet(t, { agreed: true });
	await sarah.page.goto(`${address}/links`);
	await sarah.page.getByRole('button', { name: sarah.t('pages.links.mine.go') }).click();
	const link = `${await sarah.page.locator('#my-link').inputValue()}/mine`;
	const head = async () => {
		await john.page.goto(`${address}/receipt`);
		return john.page.locator('main input[readonly]').first().inputValue();
	};
	const before = await head();
	const scanner = await person(t, { lang: 'en' });
	scanner.expects(/answer: 4\d\d/, /status of 4\d\d/);
	await scanner.page.goto(link, { waitUntil: 'networkidle' });
	await scanner.page.locator('article.mine').first().waitFor();
	await scanner.page.locator('details').evaluateAll((all) => all.forEach((el) => { el.open = true; }));
	await scanner.page.mouse.move(100, 300);
	await scanner.page.keyboard.press('End');
	// The Enter key in a field chooses for nobody.
	await scanner.page.locator('article.mine input[name=name]').first().press('Enter');
	await scanner.page.locator('article.mine input[type=date]').first().press('Enter');
	const links = await scanner.page.locator('a[href], link[href], script[src], form').evaluateAll((all) => all.map((el) => el.href || el.src || el.action));
	for (const href of new Set(links.filter((h) => h.startsWith(server.origin)))) {
		for (const method of ['GET', 'HEAD']) await scanner.page.request.fetch(href, { method, failOnStatusCode: false });
	}
	for (let i = 0; i < 3; i++) await scanner.page.goto(link, { waitUntil: 'networkidle' });
	assert.equal(scanner.page.url(), link);
	assert.equal(await head(), before, 'something was written');
	assert.deepEqual(await scanner.context.cookies(), [], 'somebody was let in');
	// And the link still works, for whoever clicks.
	const phoned = await person(t, { lang: 'de', view: phone, hasTouch: true, isMobile: true });
	await phoned.page.goto(link);
	await phoned.page.locator('article.mine .btn.first').first().tap();
	await phoned.page.waitForURL(`${address}/mine`);
	assert.notEqual(await head(), before);
});

test('nothing moves while the page comes, and it is light', async (t) => {
	const { owner } = await demo(t, 'de');
	const ute = await person(t, { lang: 'de', view: phone });
	let bytes = 0;
	const cdp = await ute.context.newCDPSession(ute.page);
	await cdp.send('Network.enable');
	cdp.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
	await ute.page.addInitScript(() => {
		window.shifted = 0;
		new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shifted += e.value; })).observe({ type: 'layout-shift', buffered: true });
	});
	await ute.page.goto(owner, { waitUntil: 'networkidle' });
	assert.equal(await ute.page.evaluate(() => window.shifted), 0, 'the layout jumps');
	t.diagnostic(`${bytes} bytes in all`);
	assert.ok(bytes > 5_000 && bytes < 60_000, `${bytes} bytes`);
});

// A document lies somewhere else: that place learns nothing of this one.
test('a document is opened without telling where from', async (t) => {
	const { owner } = await demo(t, 'de');
	const ute = await person(t, { lang: 'de', view: phone });
	let told;
	await ute.context.route('https://files.acme.example/**', (route) => {
		told = route.request().headers();
		return route.fulfill({ status: 200, contentType: 'text/html', body: '<title>Business Case</title>' });
	});
	await ute.page.goto(owner);
	const [paper] = await Promise.all([ute.context.waitForEvent('page'), ute.page.locator('a.doc').first().click()]);
	await paper.waitForLoadState();
	assert.equal(told.referer, undefined);
	assert.equal(await paper.evaluate(() => window.opener), null);
});
