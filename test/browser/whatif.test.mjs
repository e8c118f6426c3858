// "Legal needs five weeks": tried in a sheet at the step, sent as one proposal
// with its reason; the other page knows at once that the date is in doubt, and
// with its yes all dates move together.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { closeBrowser, person, phone, soon } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const legal = { de: 'Vertragsbedingungen prüfen', en: 'Review the contract terms' };

// agreedDates are the dates on the plan, by step.
const agreedDates = (p) => p.page.evaluate(() => Object.fromEntries([...document.querySelectorAll('article.item')].map((i) => [i.id.slice(2), i.querySelector('time.when')?.dateTime])));

for (const lang of ['de', 'en']) {
	test(`what if, one proposal, one yes: ${lang}`, async (t) => {
		const { seller, buyer } = await demo(t, lang);
		const john = await person(t, { lang });
		const sarah = await person(t, { lang });
		await john.page.goto(seller);
		await sarah.page.goto(buyer);
		const before = await agreedDates(sarah);

		await john.page.locator('article.item h3 a', { hasText: legal[lang] }).click();
		const detail = john.page.locator('.detail');
		await detail.getByRole('link', { name: john.t('timetable.whatif') + ' …' }).click();
		const sheet = john.page.getByRole('dialog');
		await sheet.getByLabel(john.t('timetable.if.days')).fill('25');
		await sheet.getByRole('button', { name: john.t('timetable.ask') }).click();
		await sheet.locator('table.shifts').waitFor();
		const shown = await sheet.locator('input[name^="due."]').evaluateAll((all) => Object.fromEntries(all.map((i) => [i.name.slice(4), i.value])));
		assert.ok(Object.keys(shown).length > 4, JSON.stringify(shown));
		assert.ok(shown.decision, 'the decision moves along');
		assert.deepEqual(await agreedDates(sarah), before, 'nobody else sees a trial');

		await sheet.locator('textarea[name=reason]').fill('Two tenders at once');
		await sheet.getByRole('button', { name: john.t('plan.move.sendProposal') }).click();
		await sheet.waitFor({ state: 'hidden' });
		const ask = sarah.page.locator('.ask[data-kind=proposal]').filter({ hasText: 'Two tenders at once' });
		await ask.waitFor({ state: 'attached' });
		await soon('the other page says that the date is in doubt', async () => /wackelt|in doubt/.test(await sarah.page.locator('#head').textContent()));
		const more = sarah.page.locator('#asks-more:not([open]) > summary');
		if (!await ask.isVisible() && await more.count()) await more.click();
		await ask.getByRole('button', { name: sarah.t('plan.move.agree'), exact: true }).click();
		await soon('all dates have moved on both pages', async () => {
			for (const p of [john, sarah]) {
				const now = await agreedDates(p);
				for (const [id, day] of Object.entries(shown)) if (id in now && now[id] !== day) return false;
			}
			return true;
		});
	});
}

for (const [name, lang, options] of [['desktop', 'de', {}], ['phone, dark', 'en', { view: phone, colorScheme: 'dark' }]]) {
	test(`axe finds nothing where dates are tried and set: ${name}, ${lang}`, async (t) => {
		const { seller } = await demo(t, lang);
		const p = await person(t, { lang, ...options });
		await p.page.goto(seller);
		const plan = p.page.url().replace(/[?#].*/, '');
		const id = await p.page.locator('article.item', { has: p.page.locator('h3', { hasText: legal[lang] }) }).getAttribute('id');
		for (const path of [`/items/${id.slice(2)}`, `/what-if?item=${id.slice(2)}&days=25`, '/what-if', '/backwards', '/calendars']) {
			await p.page.goto(plan + path);
			await p.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
			await p.page.evaluate(axe);
			const found = await p.page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
			assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(' | ')}`), [], path);
			const wide = await p.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
			assert.equal(wide, 0, path);
		}
	});
}
