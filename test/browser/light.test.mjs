// A light plan: one page that both see, which grows into a full plan when an
// eighth step comes, and goes back, without anything being entered again.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person, phone, soon } from './lib/people.mjs';
import { begin, card, comeBy, handOver, open, said, sheet, unfold } from './lib/plan.mjs';
import { serve } from './lib/program.mjs';

after(closeBrowser);

const steps = [['List the presses with their year of make', 'buyer', 'Stefan Kübler', '2028-05-03'], ['Set up access for the trial', 'seller', 'Priya Natarajan', '2028-05-05'],
	['Evaluate two weeks of trial', 'buyer', 'Stefan Kübler', '2028-05-19'], ['Send the offer', 'seller', 'John Martinez', '2028-05-23']];
const titles = (p) => p.page.locator('article.item h3').allInnerTexts();
const tabs = (p) => p.page.locator('#bar nav a').allInnerTexts();

async function fill({ page, t }) {
	await page.goto(new URL('/new/light', page.url()).href);
	await page.getByLabel(t('pages.field.planTitle')).fill('Decide by 29 May whether Kübler moves over');
	await page.getByLabel(t('pages.field.buyer'), { exact: true }).fill('Kübler Druck GmbH');
	await page.getByLabel(t('pages.field.decide')).fill('2028-05-29');
	await page.getByLabel(t('light.milestone.n', { N: 1 }), { exact: true }).fill('Trial evaluated');
	await page.getByLabel(t('light.milestone.date.n', { N: 1 }), { exact: true }).fill('2028-05-19');
	for (const [i, [title, side, who, date]] of steps.entries()) {
		const n = { N: i + 1 };
		await page.getByLabel(t('light.step.n', n), { exact: true }).fill(title);
		await page.getByLabel(t('light.step.side.n', n), { exact: true }).selectOption(side);
		await page.getByLabel(t('light.step.who.n', n), { exact: true }).fill(who);
		await page.getByLabel(t('light.step.date.n', n), { exact: true }).fill(date);
	}
	await page.getByRole('button', { name: t('light.new.go') }).click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	return page.url();
}

// adds puts a step into the plan by the form for a new one; it says what the
// form warned of.
async function adds(p, title) {
	const box = await sheet(p, 'plan.step');
	const warned = await box.locator('.notice').allInnerTexts();
	await box.getByLabel(p.t('plan.field.title'), { exact: true }).fill(title);
	await box.getByLabel(p.t('plan.field.due'), { exact: true }).fill('2028-05-24');
	await box.getByRole('button', { name: p.t('plan.sheet.items.send') }).click();
	await box.waitFor({ state: 'hidden' });
	return warned;
}

test('a light plan grows without anything being entered again, and goes back', async (t) => {
	const server = await serve(t);
	const john = await person(t, { lang: 'en' });
	const stefan = await person(t, { lang: 'en', view: phone });
	await begin(john, server.setup);
	const address = await fill(john);
	assert.deepEqual((await titles(john)).sort(), steps.map(([title]) => title).sort(), 'all steps are on the page');
	const names = await tabs(john);
	for (const key of ['timeline.tab', 'plan.tab.table', 'plan.tab.goals', 'plan.tab.risks']) assert.ok(!names.includes(john.t(key)), `no tab ${key}`);
	assert.ok((await john.page.locator('#main').boundingBox()).width <= 640, 'one narrow column');
	const paper = await john.page.pdf({ format: 'A4' });
	assert.equal(paper.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1, 'one sheet of paper');

	// The buyer sees the same page, on a phone.
	const box = await sheet(john, 'plan.more.share');
	await box.getByRole('button', { name: john.t('plan.sheet.share.send') }).click();
	await john.page.getByLabel(john.t('plan.sheet.share.link')).waitFor();
	await john.page.goto(address + '/people');
	await card(john, 'Stefan Kübler').getByRole('button', { name: john.t('door.nameLead'), exact: true }).click();
	await said(john, 'moves.said.people.name-lead');
	await comeBy(stefan, await handOver(john, address, 'Stefan Kübler'));
	await stefan.page.locator('article.item h3').getByText(steps[2][0]).waitFor();
	await john.page.goto(address);

	for (const n of [5, 6, 7]) assert.deepEqual(await adds(john, `Step ${n}`), [], `nothing is said about step ${n}`);
	await soon('he sees seven on one page', async () => (await titles(stefan)).length === 7 && !(await tabs(stefan)).includes(stefan.t('plan.tab.table')));
	const warned = await adds(stefan, 'Go through it with the tax adviser');
	assert.deepEqual(warned, [stefan.t('light.eighth', { N: 7 })], 'it says what the eighth does');
	await soon('it is the full plan for both', async () => (await tabs(john)).includes(john.t('plan.tab.table')) && (await tabs(stefan)).includes(stefan.t('plan.tab.table')));
	await john.page.goto(address);
	assert.equal((await titles(john)).length, 8, 'everything is there');
	for (const [title, , who] of steps) assert.match(await john.page.locator('article.item').filter({ hasText: title }).innerText(), new RegExp(who), `${title} kept its owner`);

	// With seven it goes back, by hand, and grows by hand.
	await john.page.goto(address + '/form');
	await john.page.getByText(john.t('light.shrink.many', { N: 8, Most: 7 })).waitFor();
	await john.page.goto(address);
	const remove = await unfold(john, await open(john, 'Step 7'), 'plan.move.remove');
	await remove.locator('form').getByRole('button').first().click();
	await soon('seven are left', async () => (await titles(john)).length === 7);
	await reshape(john, address, 'light.shrink.go', 'light.said.light');
	await soon('one page for him, too', async () => !(await tabs(stefan)).includes(stefan.t('plan.tab.table')));
	await reshape(john, address, 'light.grow.go', 'light.said.full');
	assert.equal((await titles(john)).length, 7);
	await john.page.goto(address + '/history');
	assert.equal(await john.page.getByText(john.like('history.form.full')).count(), 2, 'the history tells of both');
	assert.equal(await john.page.getByText(john.like('history.form.light')).count(), 1);
});

async function reshape({ page, t }, address, go, told) {
	await page.goto(address + '/form');
	await page.getByRole('button', { name: t(go) }).click();
	await page.getByText(t(told)).waitFor();
}
