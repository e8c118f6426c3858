// Without any script: reading, reporting done, proposing and agreeing work as
// plain forms.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person, soon } from './lib/people.mjs';
import { asFile, planFile } from './lib/file.mjs';
import { meet, ring, row } from './lib/plan.mjs';

after(closeBrowser);

test('a plan without script', async (t) => {
	const plan = planFile(9);
	const { john, sarah, address, link } = await meet(t, { file: asFile(plan), agreed: true });
	const [theirs, mine] = [plan.actions[0].title, plan.actions[1].title];
	// The same two people, in browsers that run no script.
	const plain = async (p) => {
		const q = await person(t, { lang: p.lang, javaScriptEnabled: false });
		await q.context.addCookies(await p.context.cookies());
		return q;
	};
	const [seller, buyer] = [await plain(john), await plain(sarah)];
	const said = (p, key) => p.page.locator('#notice').getByText(p.t(key), { exact: true }).waitFor();

	// Read: the plan, its views, a step's own page.
	await buyer.page.goto(address);
	await buyer.page.getByRole('heading', { level: 1, name: plan.title }).waitFor();
	for (const tab of ['table', 'people', 'goals', 'risks', 'history', 'plan']) {
		await buyer.page.getByRole('link', { name: buyer.t(`plan.tab.${tab}`), exact: true }).click();
		await buyer.page.locator('#bar [aria-current=page]').getByText(buyer.t(`plan.tab.${tab}`), { exact: true }).waitFor();
	}
	await buyer.page.getByRole('link', { name: theirs, exact: true }).click();
	await buyer.page.getByRole('heading', { level: 1, name: theirs }).waitFor();

	// Report done, right on the plan.
	await seller.page.goto(address);
	await row(seller, mine).getByRole('button', { name: seller.t('plan.move.report') }).click();
	await said(seller, 'moves.said.report');
	assert.equal(await row(seller, mine).getAttribute('data-state'), 'done');

	// Propose, on the step's page, with a mistake first: it says so and keeps
	// what was typed.
	const form = buyer.page.locator('form[action$="/propose"]');
	await form.locator('xpath=ancestor::details[1]').locator('summary').click();
	await form.getByLabel(buyer.t('plan.field.due'), { exact: true }).fill('2028-05-20');
	await form.getByLabel(buyer.t('plan.field.reason', { Name: 'Acme Cloud' })).fill('Der Ausschuss tagt später.');
	await form.getByLabel(buyer.t('plan.field.until'), { exact: false }).fill('2020-01-01');
	buyer.expects(/answer: 4\d\d POST .*\/propose$/, /status of 4\d\d/);
	await form.getByRole('button', { name: buyer.t('plan.move.sendProposal') }).click();
	await buyer.page.getByRole('alert').waitFor();
	assert.equal(await form.getByLabel(buyer.t('plan.field.reason', { Name: 'Acme Cloud' })).inputValue(), 'Der Ausschuss tagt später.');
	assert.equal(await form.getByLabel(buyer.t('plan.field.due'), { exact: true }).inputValue(), '2028-05-20');
	await form.getByLabel(buyer.t('plan.field.until'), { exact: false }).fill('');
	await form.getByRole('button', { name: buyer.t('plan.move.sendProposal') }).click();
	await said(buyer, 'moves.said.propose');

	// Agree.
	await seller.page.goto(address);
	await seller.page.getByText('Der Ausschuss tagt später.').waitFor();
	await seller.page.locator('#asks').getByRole('button', { name: seller.t('plan.move.agree'), exact: true }).click();
	await said(seller, 'moves.said.proposals.accept');
	await row(seller, theirs).locator('time[datetime="2028-05-20"]').waitFor();

	// The front door is a plain form, too.
	const guest = await person(t, { lang: 'de', javaScriptEnabled: false });
	await ring(guest, link, 'Mara Klein', 'mara.klein@nordwerk.example');
	await buyer.page.goto(address);
	await soon('the buyer is asked', async () => {
		await buyer.page.reload();
		return buyer.page.getByText(buyer.t('plan.ask.newcomer', { Name: 'Mara Klein', Side: 'Nordwerk' })).isVisible();
	}, 20000);
});
