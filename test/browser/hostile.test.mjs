// Whatever somebody writes stays text, wherever it is shown. A script that ran
// would open a dialog or write to the console, and fail the test; so would a
// refusal by the Content-Security-Policy, the second line behind escaping.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, soon } from './lib/people.mjs';
import { asFile, planFile } from './lib/file.mjs';
import { meet, open, row, unfold } from './lib/plan.mjs';

after(closeBrowser);

const attacks = [
	`<img src=x onerror="alert('image')">`, `"><script>alert('script')</script>`, `' onfocus='alert(1)' autofocus='`, `</title></textarea></template><svg onload=alert(2)>`,
	`javascript:alert(3)`, `{{constructor.constructor('alert(4)')()}}`, `<template data-reload></template><b id="main">`, `]]><!-- --> & &lt;script&gt;`,
];

test('hostile words in every field stay words', async (t) => {
	let n = 0;
	const words = [];
	const plan = planFile(16, (text) => {
		const hostile = `${text} ${attacks[n++ % attacks.length]}`;
		words.push(hostile);
		return hostile;
	});
	plan.people[0].name = 'Sarah Chen'; // by whom the test finds her
	plan.people[0].role = 'VP Operations';
	const { john, sarah, address } = await meet(t, { file: asFile(plan) });
	for (const p of [john, sarah]) {
		for (const path of ['', '/table', '/people', '/goals', '/risks', '/history', '/accept', '/items/new', '/take', '/receipt']) {
			await p.page.goto(address + path);
			assert.equal(await p.page.evaluate(() => document.querySelectorAll('img, script:not([src]), [onerror], [onfocus], [onload]').length), 0, `${path}: markup came alive`);
		}
		await p.page.goto(address);
		assert.equal(await p.page.locator('h1').innerText(), plan.title);
		for (const a of plan.actions.slice(0, 8)) assert.equal(await row(p, a.title).count(), 1, a.title);
	}

	// Live messages and refusals show others' words, too.
	for (const [i, attack] of attacks.entries()) {
		const title = plan.actions[i].title;
		const detail = await open(sarah, title);
		await detail.getByLabel(sarah.t('plan.talk.field', { Name: 'Acme Cloud' })).fill(attack);
		await detail.getByRole('button', { name: sarah.t('plan.talk.send'), exact: true }).click();
		await soon('the comment arrives', async () => (await row(john, title).innerText()).includes(john.t('plan.row.comments', { N: 1 })));
	}
	const detail = await open(john, plan.actions[0].title);
	await detail.getByRole('region', { name: john.t('plan.talk') }).getByText(attacks[0], { exact: true }).waitFor();

	const mine = await unfold(john, detail, 'plan.move.edit');
	await mine.getByLabel(john.t('plan.field.doneWhen')).fill('Mine ' + attacks[1]);
	const theirs = await unfold(sarah, await open(sarah, plan.actions[0].title), 'plan.move.edit');
	await theirs.getByLabel(sarah.t('plan.field.title'), { exact: true }).fill('Theirs ' + attacks[1]);
	await theirs.getByRole('button').click();
	await row(john, 'Theirs ' + attacks[1]).waitFor();
	john.expects(/status of 409/, /answer: 409/);
	await mine.getByRole('button').click();
	await mine.locator('.wrong').getByText('Theirs ' + attacks[1]).waitFor();

	await john.page.goto(new URL('/?q=' + encodeURIComponent(attacks[1]), address).href);
	await john.page.goto(new URL('/', address).href);
	await john.page.getByRole('link', { name: plan.title }).waitFor();
	assert.equal(await john.page.evaluate(() => document.querySelectorAll('img, script:not([src])').length), 0);
});

test('no page runs what is not its own', async (t) => {
	const { john, address } = await meet(t);
	for (const path of [address, new URL('/', address).href, new URL('/new/sheet', address).href]) {
		const answer = await john.page.goto(path);
		const policy = answer.headers()['content-security-policy'] ?? '';
		assert.match(policy, /default-src 'self'/);
		assert.doesNotMatch(policy, /unsafe/);
	}
	// And the browser holds it: an inline script is refused, loudly.
	john.expects(/Content Security Policy/);
	await john.page.evaluate(() => {
		const s = document.createElement('script');
		s.textContent = 'window.ran = true';
		document.body.append(s);
	});
	assert.equal(await john.page.evaluate(() => window.ran), undefined);
});
