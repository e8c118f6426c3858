// Deals: a list out of a CRM and its refresh, the question whether it is time
// for a plan and the plan it leads to, an objection answered with one click,
// and the summary that goes back into the CRM.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const list = (...rows) => ['Opportunity-ID;Accountname;Name der Opportunity;Betrag;Schlusstermin;Phase;Inhaber', ...rows].join('\r\n');

// latin is a text as German Excel writes it.
const latin = (text) => Buffer.from(text, 'latin1');

async function bring(p, origin, text) {
	await p.page.goto(`${origin}/deals/import`);
	await p.page.getByLabel(p.t('deal.import.file'), { exact: true }).setInputFiles({ name: 'chancen.csv', mimeType: 'text/csv', buffer: latin(text) });
	await p.page.getByRole('button', { name: p.t('pages.import.go'), exact: true }).click();
	await p.page.getByRole('heading', { level: 1, name: p.t('deal.preview.title') }).waitFor();
}

async function signedIn(t, lang, options = {}) {
	const { seller, buyer, origin } = await demo(t, lang);
	const p = await person(t, { lang, permissions: ['clipboard-read', 'clipboard-write'], ...options });
	await p.page.goto(seller);
	await p.page.waitForURL(/\/plans\/[0-9a-f]+/);
	p.address = p.page.url().match(/^.*\/plans\/[0-9a-f]+/)[0];
	return { p, origin, buyer };
}

async function openDeal(p, origin, id) {
	await p.page.goto(`${origin}/deals?q=${id}`);
	await p.page.locator('table.deals tbody th a').first().click();
	await p.page.waitForURL(/\/deals\/[0-9a-f]{24}$/);
}

for (const lang of ['de', 'en']) {
	test(`a list from the CRM, refreshed by its remembered columns, ${lang}`, async (t) => {
		const { p, origin } = await signedIn(t, lang);
		const { page } = p;
		await bring(p, origin, list('9001;Müller Förderanlagen;Störungsmeldung;48.000,00;3/4/2027;Angebot;John Martinez', '9002;Kessler;Ohne Betrag;viel;5.4.2027;Bedarf;'));
		await page.getByText(p.t('deal.preview.ask')).first().waitFor(); // 3 April or 4 March: nobody knows
		await page.getByText(p.t('deal.bad.number', { text: 'viel' })).waitFor();
		p.expects(/deals\/import\/bad net::ERR_ABORTED/); // a download is no page
		const [handed] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: p.t('deal.preview.bad.file', { N: 1 }), exact: true }).click()]);
		assert.equal(handed.suggestedFilename(), 'tandem-left-out.csv');
		await page.locator('#f-order').selectOption('month');
		await page.waitForLoadState();
		await page.getByRole('cell', { name: lang === 'de' ? '4. März 2027' : '4 Mar 2027' }).first().waitFor();
		await page.getByRole('button', { name: p.t('deal.preview.take'), exact: true }).first().click();
		await page.getByText(p.t('deal.said.taken', { New: 1, Changed: 0 })).waitFor();

		await bring(p, origin, list('9001;Müller Förderanlagen;Störungsmeldung;52.500,00;4/5/2027;Verhandlung;John Martinez'));
		await page.getByText(p.t('deal.preview.known')).waitFor();
		assert.equal(await page.locator('#f-order').inputValue(), 'month', 'the answer of the last time is remembered');
		await page.locator('.changed-rows ins', { hasText: lang === 'de' ? '5. April 2027' : '5 Apr 2027' }).waitFor();
		await page.getByRole('button', { name: p.t('deal.preview.take'), exact: true }).first().click();
		await page.getByText(p.t('deal.said.taken', { New: 0, Changed: 1 })).waitFor();
		await openDeal(p, origin, '9001');
		await page.locator('.stories li', { hasText: lang === 'de' ? 'CRM-Termin von' : 'Close date moved' }).waitFor();
	});

	test(`asked whether it is time, on to a plan, and back into the CRM, ${lang}`, async (t) => {
		const { p, origin } = await signedIn(t, lang);
		const { page } = p;
		await page.goto(`${origin}/new`);
		await page.getByRole('link', { name: p.t('ready.title'), exact: true }).click();
		await page.getByLabel(p.t('deal.field.account'), { exact: true }).fill('Ostwind Energie');
		await page.getByLabel(p.t('deal.field.name'), { exact: true }).fill('Leitstand Nord');
		for (const q of await page.locator('.questions fieldset').all()) await q.getByLabel(p.t('ready.answer.yes'), { exact: true }).check();
		await page.getByRole('button', { name: p.t('ready.go'), exact: true }).click();
		await page.getByRole('heading', { name: p.t('ready.level.now') }).waitFor();
		await page.getByRole('button', { name: p.t('ready.opener.copy'), exact: true }).click();
		assert.equal(await page.evaluate(() => navigator.clipboard.readText()), p.t('ready.opener.now'));
		const deal = page.url().match(/\/deals\/[0-9a-f]+/)[0];
		await page.getByRole('link', { name: p.t('ready.go.now'), exact: true }).click();
		await page.waitForURL(/\/new\/template\?deal=/);
		await page.goto(`${origin}/new/blank?deal=${deal.split('/').at(-1)}`);
		await page.getByLabel(p.t('pages.field.planTitle')).fill('Entscheiden, ob der Leitstand kommt');
		assert.equal(await page.getByLabel(p.t('pages.field.buyer')).inputValue(), 'Ostwind Energie');
		await page.getByRole('button', { name: p.t('pages.blank.go'), exact: true }).click();
		await page.waitForURL(/\/plans\/[0-9a-f]+$/);
		await page.goto(origin + deal);
		const text = await page.locator('#sum-text').inputValue();
		assert.match(text, /Entscheiden, ob der Leitstand kommt/);
		await page.getByRole('button', { name: p.t('deal.summary.copy'), exact: true }).click();
		await page.getByRole('button', { name: p.t('deal.summary.copied'), exact: true }).waitFor();
		assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
	});

	test(`an objection, one click, and the other side is asked, ${lang}`, async (t) => {
		const { p, origin } = await signedIn(t, lang);
		const { page } = p;
		await page.goto(`${origin}/deals?q=2044`);
		await page.locator('table.deals td a').first().click();
		await page.waitForURL(/\/plans\/[0-9a-f]+$/);
		const address = page.url();
		await page.goto(`${address}/share`);
		await page.getByText(p.t('resist.more'), { exact: true }).last().click();
		await page.getByRole('link', { name: p.t('resist.say.timeline') }).click();
		await page.getByRole('button', { name: p.t('resist.go.inviting.dates'), exact: true }).click();
		await page.waitForURL(address);
		await page.getByText(p.t('plan.row.noDate')).first().waitFor().catch(() => {});
		await page.goto(`${address}/hesitate`);
		await page.getByText(p.t('resist.did.dates')).waitFor();
		await page.getByRole('button', { name: p.t('resist.outcome.welcomed'), exact: true }).click();
		await page.getByText(p.t('resist.was.welcomed')).first().waitFor();
		await page.goto(`${address}/dates`);
		await page.getByRole('button', { name: p.t('ease.dates.takeAll'), exact: true }).click();
		await page.getByText(p.t('ease.said.dated')).waitFor();
	});
}

test('the deal is read and copied without script', async (t) => {
	const { p, origin } = await signedIn(t, 'de', { javaScriptEnabled: false });
	await openDeal(p, origin, '2041');
	assert.match(await p.page.locator('#sum-text').inputValue(), /Nächster Schritt: /);
	assert.equal(await p.page.getByRole('button', { name: p.t('deal.summary.copy') }).isVisible(), false, 'a button that could do nothing');
});
