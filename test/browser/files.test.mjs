// Files at steps: given on a desktop and from a phone, and what a hostile one
// can do to who opens it: nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, person, phone } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const hostile = Buffer.from('<!DOCTYPE html><title>pwned</title><script>document.title="pwned";fetch("/workspace",{method:"POST"})</script>');
const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>top.pwned=1</script></svg>');
const picture = Buffer.concat([Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'), hostile]);
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF');

// plan opens the demo's plan as somebody whose link signs in at once.
async function plan(t, lang, link, options = {}) {
	const p = await person(t, { lang, ...options });
	await p.page.goto(link);
	await p.page.waitForURL(/\/plans\/[0-9a-f]+/);
	p.address = p.page.url().match(/^.*\/plans\/[0-9a-f]+/)[0];
	return p;
}

// openStep opens the page of the first step whose title holds some words, and
// the form for a document on it.
async function openStep(p, words) {
	const id = await p.page.locator('article.item', { hasText: words }).first().getAttribute('id');
	await p.page.goto(`${p.address}/items/${id.slice(2)}`);
	await p.page.getByText(p.t('mine.doc.add'), { exact: true }).click();
	return p.page.locator('form[action$="/document"]');
}

const docs = (p) => p.page.locator('.reads > ul > li');

// give adds a file at the open step and waits until it is listed.
async function give(p, form, file, fields = async () => {}) {
	await fields(form);
	await form.getByLabel(p.t('file.add.file'), { exact: true }).setInputFiles(file);
	await form.getByRole('button', { name: p.t('mine.doc.send'), exact: true }).click();
	await docs(p).filter({ hasText: file.name }).first().waitFor();
}

for (const lang of ['de', 'en']) {
	test(`a hostile file is a download that runs nowhere, ${lang}`, async (t) => {
		const { seller, buyer } = await demo(t, lang);
		const john = await plan(t, lang, seller);
		const words = lang === 'de' ? 'Annahmen im Business Case' : 'assumptions in the business case';
		for (const [name, buffer] of [['page.html', hostile], ['drawing.svg', drawing]]) {
			const form = await openStep(john, words);
			await give(john, form, { name, mimeType: 'text/html', buffer });
			await john.page.goto(john.address);
		}
		const sarah = await plan(t, lang, buyer);
		await sarah.page.goto(`${sarah.address}/documents`);
		for (const [name, buffer] of [['page.html', hostile], ['drawing.svg', drawing]]) {
			const link = sarah.page.getByRole('link', { name, exact: true });
			const [download] = await Promise.all([sarah.page.waitForEvent('download'), link.click()]);
			assert.equal(download.suggestedFilename(), name);
			assert.deepEqual(readFileSync(await download.path()), buffer, 'it comes back as it was');
			const answer = await sarah.context.request.get(await link.evaluate((a) => a.href));
			assert.equal(answer.headers()['content-type'], 'application/octet-stream');
			assert.match(answer.headers()['content-security-policy'], /^sandbox; default-src 'none'/);
		}
		assert.doesNotMatch(await sarah.page.title(), /pwned/);
		assert.equal(await sarah.page.evaluate(() => window.pwned), undefined);

		// A picture is shown, and what is hidden behind it is a picture's.
		const form = await openStep(john, words);
		await give(john, form, { name: 'screen.png', mimeType: 'image/png', buffer: picture });
		await sarah.page.goto(`${sarah.address}/documents`);
		const href = await sarah.page.getByRole('link', { name: 'screen.png', exact: true }).evaluate((a) => a.href);
		sarah.expects(/Content Security Policy|Refused to apply inline style|sandbox/);
		await sarah.page.goto(href);
		assert.equal(await sarah.page.evaluate(() => document.contentType).catch(() => 'image/png'), 'image/png'); // the sandbox runs nothing, ours neither
		assert.doesNotMatch(await sarah.page.title(), /pwned/);
	});

	test(`what one side keeps to itself is nowhere for the other, ${lang}`, async (t) => {
		const { seller, buyer } = await demo(t, lang);
		const sarah = await plan(t, lang, buyer);
		const form = await openStep(sarah, lang === 'de' ? 'Annahmen im Business Case' : 'assumptions in the business case');
		await give(sarah, form, { name: 'limit.pdf', mimeType: 'application/pdf', buffer: pdf }, async (f) => {
			await f.getByLabel(sarah.t('file.add.private', { Name: 'Nordwerk' })).check();
		});
		await docs(sarah).filter({ hasText: 'limit.pdf' }).getByText(sarah.t('file.internal')).waitFor();
		const href = await docs(sarah).filter({ hasText: 'limit.pdf' }).getByRole('link').first().evaluate((a) => a.href);
		assert.equal((await sarah.context.request.get(href)).status(), 200);
		const john = await plan(t, lang, seller);
		assert.equal((await john.context.request.get(href)).status(), 404);
		for (const path of ['/documents', '/history', '']) {
			await john.page.goto(john.address + path);
			assert.doesNotMatch(await john.page.content(), /limit\.pdf/, `it is on ${path}`);
		}
	});

	test(`a file that is too large is told before it travels, ${lang}`, async (t) => {
		const { seller } = await demo(t, lang);
		const john = await plan(t, lang, seller);
		const words = lang === 'de' ? 'Annahmen im Business Case' : 'assumptions in the business case';
		const form = await openStep(john, words);
		const folder = mkdtempSync(join(tmpdir(), 'tandem-large-'));
		t.after(() => rmSync(folder, { recursive: true }));
		const large = join(folder, 'large.bin');
		writeFileSync(large, Buffer.alloc((25 << 20) + 1));
		const field = form.getByLabel(john.t('file.add.file'), { exact: true });
		await form.getByLabel(john.t('file.add.title'), { exact: true }).fill('Wichtig');
		await field.setInputFiles(large);
		assert.match(await field.evaluate((el) => el.validationMessage), /large\.bin.*25/);
		await form.getByRole('button', { name: john.t('mine.doc.send'), exact: true }).click();
		assert.equal(await form.getByLabel(john.t('file.add.title'), { exact: true }).inputValue(), 'Wichtig');

		// Without a script the server says it, and what was typed is there.
		const plain = await plan(t, lang, seller, { javaScriptEnabled: false });
		plain.expects(/answer: 413/, /status of 413/);
		const again = await openStep(plain, words);
		await again.getByLabel(plain.t('file.add.title'), { exact: true }).fill('Auch wichtig');
		await again.getByLabel(plain.t('file.add.file'), { exact: true }).setInputFiles(large);
		await again.getByRole('button', { name: plain.t('mine.doc.send'), exact: true }).click();
		await plain.page.getByRole('alert').waitFor({ timeout: 30000 });
		assert.match(await plain.page.getByRole('alert').innerText(), /large\.bin/);
		assert.equal(await plain.page.getByLabel(plain.t('file.add.title'), { exact: true }).inputValue(), 'Auch wichtig');
	});

	for (const script of lang === 'de' ? [true, false] : [true]) test(`a result is handed over from a phone, out of a mail, ${lang}, ${script ? 'with' : 'without'} script`, async (t) => {
		const { seller, owner } = await demo(t, lang);
		const ute = await person(t, { lang, view: phone, hasTouch: true, isMobile: true, javaScriptEnabled: script });
		await ute.page.goto(owner);
		const card = ute.page.locator('article.mine').first();
		await card.getByText(ute.t('file.mine.file'), { exact: true }).tap();
		await card.getByLabel(ute.t('file.mine.field'), { exact: true }).setInputFiles({ name: 'Antworten.pdf', mimeType: 'application/pdf', buffer: pdf });
		await card.getByRole('button', { name: ute.t('mine.do.already') }).tap();
		await ute.page.locator('#notice').getByText(ute.t('mine.said.report')).waitFor();
		const john = await plan(t, lang, seller);
		await john.page.goto(`${john.address}/documents`);
		const row = john.page.getByRole('row').filter({ hasText: 'Antworten.pdf' });
		await row.getByText('Dr. Ute Brandt').waitFor();
		await row.getByText(john.t('file.result')).waitFor();
		const [download] = await Promise.all([john.page.waitForEvent('download'), row.getByRole('link', { name: 'Antworten.pdf' }).click()]);
		assert.deepEqual(readFileSync(await download.path()), pdf);
	});
}
