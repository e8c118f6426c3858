// A check-in held by two people in two browsers, one in English and one in
// German: what one does the other sees at once, and both have the minutes.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person, soon } from './lib/people.mjs';
import { meet, unfold } from './lib/plan.mjs';
import { asFile, planFile } from './lib/file.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

// line is a step on the agenda, in one of its parts.
const line = (p, part, title) => p.page.locator(`#run-${part} li.line`).filter({ hasText: title });

test('a check-in is held by both, and has minutes in two languages', async (t) => {
	const plan = planFile(9);
	const { john, sarah, address } = await meet(t, { file: asFile(plan), agreed: true });
	const [hers, his] = [plan.actions[0].title, plan.actions[1].title];

	// John opens one now; Sarah, who reads the plan, is told and joins.
	await john.page.goto(`${address}/check-ins`);
	await john.page.getByRole('link', { name: john.t('run.now') }).click();
	await john.page.getByRole('button', { name: john.t('run.begin') }).click();
	await john.page.getByText(john.t('run.open')).waitFor();
	await sarah.page.goto(address);
	await sarah.page.locator('#asks').getByRole('link', { name: sarah.t('run.join') }).click();
	await sarah.page.getByText(sarah.t('run.open')).waitFor();

	// His step is done.
	const report = await unfold(john, line(john, 'next', his), 'plan.move.report');
	await report.getByLabel(john.t('plan.field.result')).fill('Sent this morning.');
	await report.getByRole('button').click();
	await soon('she sees it done', () => line(sarah, 'done', his).getByText('Sent this morning.').count());

	// Hers is blocked, gets a next step, and is free again.
	const block = await unfold(sarah, line(sarah, 'next', hers), 'plan.move.block');
	await block.getByLabel(sarah.t('plan.field.blocked')).fill('Die Liste fehlt noch.');
	await block.getByRole('button').click();
	await soon('he sees it stuck', () => line(john, 'stuck', hers).getByText('Die Liste fehlt noch.').count());
	const next = await unfold(sarah, line(sarah, 'stuck', hers), 'obstacle.next');
	await next.getByLabel(sarah.t('obstacle.field.next')).fill('Frau Klein sucht sie heraus.');
	await next.getByRole('button').click();
	await soon('he sees how it goes on', () => line(john, 'stuck', hers).getByText('Frau Klein sucht sie heraus.').count());
	const solve = await unfold(sarah, line(sarah, 'stuck', hers), 'obstacle.solved');
	await solve.getByLabel(sarah.t('plan.field.how')).fill('Die Liste ist da.');
	await solve.getByRole('button').click();
	await soon('he sees it solved', () => line(john, 'stuck', hers).getByText('Die Liste ist da.').count());

	// She proposes another date; he agrees on the same page.
	const date = await unfold(sarah, line(sarah, 'next', hers), 'run.date');
	await date.getByLabel(sarah.t('run.date.field')).fill('2028-06-14');
	await date.getByLabel(sarah.t('plan.field.reason', { Name: 'Acme Cloud' })).fill('Wir brauchen länger.');
	await date.getByRole('button').click();
	const ask = john.page.locator('#run-dates .ask');
	await soon('he is asked', () => ask.getByText('Wir brauchen länger.').count());
	await ask.getByRole('button', { name: john.t('plan.move.agree') }).click();
	await soon('she sees it agreed', () => sarah.page.locator('#run-dates li.line[data-sign=done]').count());
	assert.equal(await sarah.page.locator('#run-dates .ask').count(), 0, 'nothing is left to decide');

	// A note, while she writes one herself: nothing is taken away from her.
	const herNote = sarah.page.locator('#n-free textarea');
	await herNote.fill('Frau Dr. Brandt nimmt');
	await john.page.locator('#n-free textarea').fill('Next time we look at the contract.');
	await john.page.locator('#n-free').getByRole('button').click();
	await soon('she reads it', () => sarah.page.locator('#run-notes').getByText('Next time we look at the contract.').count());
	assert.equal(await herNote.inputValue(), 'Frau Dr. Brandt nimmt');
	await herNote.fill('Frau Dr. Brandt nimmt ab jetzt teil.');
	await sarah.page.locator('#n-free').getByRole('button').click();
	await soon('he reads hers', () => john.page.locator('#run-notes').getByText('Frau Dr. Brandt nimmt ab jetzt teil.').count());
	assert.equal(await john.page.locator('form[data-stale]').count(), 0, 'one’s own note is nothing that changed meanwhile');
	assert.equal(await john.page.locator('#run-notes details.move').count(), 1, 'he may change his own note only');

	// He closes it; both have the minutes, each in their language.
	await john.page.getByRole('button', { name: john.t('run.close'), exact: true }).click();
	await john.page.waitForURL(/\/minutes\/[0-9a-f]+$/);
	await sarah.page.getByText(sarah.t('run.closed')).waitFor();
	await sarah.page.getByRole('link', { name: sarah.t('minutes.read') }).click();
	await sarah.page.waitForURL(/\/minutes\/[0-9a-f]+$/);
	assert.equal(new URL(sarah.page.url()).pathname, new URL(john.page.url()).pathname);
	for (const p of [john, sarah]) {
		const text = await p.page.locator('article.minutes').innerText();
		for (const part of [p.t('minutes.there'), 'John Martinez', 'Sarah Chen', p.t('run.section.done'), his, 'Sent this morning.', p.t('run.section.stuck'), 'Die Liste ist da.',
			'Next time we look at the contract.', 'Frau Dr. Brandt nimmt ab jetzt teil.', p.t('minutes.fixed')]) assert.ok(text.includes(part), `${part} is not in ${text}`);
	}
	await john.page.goto(`${address}/minutes`);
	assert.equal(await john.page.locator('.minutes-rows li').count(), 1);
});

test('minutes are mailed to both sides, each person in their language', async (t) => {
	const { seller, origin } = await demo(t, 'de');
	const john = await person(t, { lang: 'de' });
	await john.page.goto(seller);
	await john.page.goto(`${origin}/demo/mail`);
	const text = await john.page.locator('main').innerText();
	for (const subject of ['Protokoll vom', 'Minutes of']) {
		assert.ok(text.split(subject).length - 1 >= 2, `there are not two mails with the subject “${subject}”: ${text}`);
	}
});
