// A plan's front door with real mail: who is listed, who has an address of an
// allowed domain, and who is a stranger. What programs that open links do:
// nothing. And a fresh proof before the plan is accepted.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mailbox } from './lib/mailbox.mjs';
import { closeBrowser, person, phone, soon } from './lib/people.mjs';
import { begin, card, comeBy, create, ring, said, sample, share } from './lib/plan.mjs';
import { serve } from './lib/program.mjs';

after(closeBrowser);

const chen = 'sarah.chen@nordwerk.example';

// street is a server that sends mail, with a shared sample plan, and the link
// to its door.
async function street(t, lang, ...more) {
	const post = await mailbox(t);
	const server = await serve(t, ...more, '--smtp-addr', post.addr, '--smtp-security', 'none', '--mail-from', 'Acme <plans@acme.example>');
	const john = await person(t, { lang });
	await begin(john, server.setup);
	const address = await sample(john);
	const door = await share(john);
	await john.page.goto(address);
	const head = async () => {
		const page = await john.context.newPage();
		await page.goto(`${address}/receipt`);
		const text = await page.locator('main input[readonly]').first().inputValue();
		await page.close();
		return text;
	};
	return { post, server, john, address, door, head };
}

// lead names Sarah Chen as the buyer's lead and brings her in by mail.
async function lead(t, x, lang) {
	await x.john.page.goto(x.address + '/people');
	await card(x.john, 'Sarah Chen').getByRole('button', { name: x.john.t('door.nameLead'), exact: true }).click();
	await said(x.john, 'moves.said.people.name-lead');
	const sarah = await person(t, { lang });
	await ring(sarah, x.door, 'S. Chen', chen);
	const mail = await x.post.next(chen);
	await comeBy(sarah, mail.link('/me/'));
	assert.equal(sarah.page.url(), x.address, 'the secret stays in the address');
	return { sarah, mail };
}

test('a known address gets its link; the code does in another browser', async (t) => {
	const lang = 'de';
	const x = await street(t, lang);
	const { sarah } = await lead(t, x, lang);
	await sarah.page.locator('#asks').getByText(sarah.t('plan.ask.accept')).first().waitFor({ state: 'attached' });
	// The mailbox is on the phone, the plan is wanted here.
	const desk = await person(t, { lang, view: phone });
	await ring(desk, x.door, 'Sarah', chen.toUpperCase());
	const mail = await x.post.next(chen);
	assert.match(mail.head, new RegExp(`^Content-Language: ${lang}$`, 'mi'));
	assert.ok(mail.code, `no code in ${mail.text}`);
	await desk.page.getByLabel(desk.t('door.field.code')).fill('00000000');
	desk.expects(/answer: 409 POST .*\/code/, /status of 409/);
	await desk.page.getByRole('button', { name: desk.t('door.code.go') }).click();
	await desk.page.getByRole('alert').getByText(desk.t('door.fault.code')).waitFor();
	await desk.page.getByLabel(desk.t('door.field.code')).fill(`${mail.code.slice(0, 4)} ${mail.code.slice(4)}`);
	await desk.page.getByRole('button', { name: desk.t('door.code.go') }).click();
	await desk.page.waitForURL(x.address);
});

test('an allowed domain gets in once the address is confirmed', async (t) => {
	const lang = 'en';
	const x = await street(t, lang);
	const { sarah } = await lead(t, x, lang);
	await sarah.page.goto(x.address + '/people');
	await sarah.page.getByText(sarah.t('door.domains') + ' …', { exact: true }).click();
	const domains = sarah.page.getByLabel(sarah.t('door.domains.label'));
	sarah.expects(/answer: 409 POST .*\/domains/, /status of 409/);
	await domains.fill('nordwerk.example, gmail.com');
	await sarah.page.locator('#f-domains button').click();
	await sarah.page.locator('#f-domains .wrong').getByText('gmail.com').waitFor();
	await domains.fill('nordwerk.example');
	await sarah.page.locator('#f-domains button').click();
	await said(sarah, 'door.said.domains');

	const ines = await person(t, { lang, view: phone });
	await ring(ines, x.door, 'Ines Neu', 'ines.neu@nordwerk.example');
	const mail = await x.post.next('ines.neu@nordwerk.example');
	await ines.page.goto(mail.link('/door/'));
	await ines.page.getByText('ines.neu@nordwerk.example').waitFor();
	await ines.page.getByRole('button', { name: ines.t('door.confirm.go') }).click();
	await ines.page.waitForURL(x.address);
	await soon('the lead sees who came', () => card(sarah, 'Ines Neu').isVisible());
	// A second time the link is dead; a domain that only looks like it is none.
	const late = await person(t, { lang });
	late.expects(/answer: 404/, /status of 404/);
	await late.page.goto(mail.link('/door/'));
	await late.page.getByRole('heading', { name: late.t('pages.dead.title') }).waitFor();
	await ring(late, x.door, 'Eve', 'eve@evil-nordwerk.example');
	await soon('Eve is put to the lead', () => card(sarah, 'Eve').isVisible(), 15000);
	assert.equal(x.post.mails.filter((m) => m.to.startsWith('eve@')).length, 0);
});

test('a stranger finds a polite closed door, and the lead is asked', async (t) => {
	const lang = 'de';
	const x = await street(t, lang);
	const { sarah } = await lead(t, x, lang);
	const answers = [];
	for (const email of [chen, 'stranger@elsewhere.example', 'john.martinez@acme.example']) {
		const p = await person(t, { lang });
		await ring(p, x.door, 'Kim Adler', email, 'Sarah asked me to read along.');
		answers.push((await p.page.locator('main').innerText()).replaceAll(email, '…'));
		assert.deepEqual((await p.context.cookies()).map((c) => c.name), ['tandem-door']);
	}
	assert.equal(answers[1], answers[0], 'the answer tells whether an address is known');
	assert.equal(answers[2], answers[0], 'the answer tells whether an address is a member’s');
	await x.post.next(chen);

	await sarah.page.goto(x.address);
	const ask = sarah.page.locator('.ask').filter({ hasText: 'Kim Adler' });
	await ask.getByText('Sarah asked me to read along.').waitFor({ timeout: 20000 });
	await ask.getByText(sarah.t('state.newcomer.unverified', { Email: 'stranger@elsewhere.example' })).waitFor();
	await ask.getByRole('button', { name: sarah.t('plan.move.admit'), exact: true }).click();
	const mail = await x.post.next('stranger@elsewhere.example');
	assert.ok(mail.link('/not-me/'), 'the first mail offers "not me"');
	const kim = await person(t, { lang, view: phone });
	await comeBy(kim, mail.link('/me/'));
	assert.equal(x.post.mails.filter((m) => m.to === 'john.martinez@acme.example' && m.link('/me/')).length, 0, 'a member of the seller got in');
	// The lead ends the access: the open page closes within a second.
	await sarah.page.goto(x.address + '/people');
	await card(sarah, 'Kim Adler').getByText(sarah.t('door.end') + ' …', { exact: true }).click();
	kim.expects(/answer: 404/, /status of 404/);
	const began = performance.now();
	await card(sarah, 'Kim Adler').getByRole('button', { name: sarah.t('door.withdraw'), exact: true }).click();
	await soon('the page closes', () => kim.page.getByRole('heading', { name: kim.t('pages.trouble.missing') }).isVisible());
	t.diagnostic(`closed ${Math.round(performance.now() - began)} ms after the click`);
	await kim.page.goto(mail.link('/me/'));
	await kim.page.getByRole('heading', { name: kim.t('pages.dead.title') }).waitFor();
});

test('scanners change nothing, with and without script', async (t) => {
	const lang = 'en';
	// Scanners come from elsewhere: what they open does not count for people.
	const x = await street(t, lang, '--trusted-proxies', '127.0.0.0/8');
	const from = (address) => ({ extraHTTPHeaders: { 'X-Forwarded-For': address } });
	let house = 0;
	const { sarah } = await lead(t, x, lang);
	await sarah.page.goto(x.address + '/people');
	await sarah.page.getByText(sarah.t('door.domains') + ' …', { exact: true }).click();
	await sarah.page.getByLabel(sarah.t('door.domains.label')).fill('nordwerk.example');
	await sarah.page.locator('#f-domains button').click();
	await said(sarah, 'door.said.domains');
	const asked = await person(t, { lang });
	const links = [x.door];
	for (const [email, path] of [['mara.klein@nordwerk.example', '/me/'], ['new@nordwerk.example', '/door/'], ['kim@elsewhere.example', '/not-me/']]) {
		await ring(asked, x.door, 'Somebody', email);
		if (path === '/not-me/') {
			await sarah.page.goto(x.address);
			const ask = sarah.page.locator('.ask').filter({ hasText: 'Somebody' });
			await ask.first().waitFor({ timeout: 20000 });
			await ask.first().getByRole('button', { name: sarah.t('plan.move.admit'), exact: true }).click();
		}
		const mail = await x.post.next(email);
		links.push(mail.link(path));
		if (path === '/not-me/') links.push(mail.link('/me/'));
	}
	const before = await x.head();
	for (const javaScriptEnabled of [true, false]) {
		const scanner = await person(t, { lang, javaScriptEnabled, ...from(`203.0.113.${++house}`) });
		scanner.expects(/answer: 40\d/, /status of 40\d/);
		const referrers = [];
		scanner.page.on('requestfinished', async (r) => referrers.push(`${(await r.allHeaders()).referer ?? ''} for ${r.url().slice(0, 40)}`));
		for (const link of links) {
			for (let i = 0; i < 2; i++) await scanner.page.goto(link, { waitUntil: 'networkidle' });
			await scanner.page.keyboard.press('End');
			await scanner.page.locator('body').press('Enter');
			if (link !== x.door) { // Enter in a field is a person's
				const all = await scanner.page.locator('a[href], link[href], script[src]').evaluateAll((els) => els.map((el) => el.href || el.src));
				for (const href of new Set(all.filter((h) => h.startsWith(x.server.origin)))) {
					for (const method of ['GET', 'HEAD']) await scanner.page.request.fetch(href, { method, failOnStatusCode: false });
				}
			}
			const secret = new URL(link).pathname.split('/')[2];
			assert.deepEqual(referrers.filter((r) => r.split(' ')[0].includes(secret)), [], 'the secret is in a referrer');
		}
		assert.deepEqual(await scanner.context.cookies(), [], 'a scanner was let in');
	}
	assert.equal(await x.head(), before, 'a scanner wrote something');
	for (const link of links) {
		const secret = new URL(link).pathname.split('/')[2];
		assert.ok(!x.server.program.said.includes(secret), 'a secret is in the log');
	}
	// Everything still works, for whoever clicks.
	for (const link of links.slice(1, 3)) {
		const p = await person(t, { lang, view: phone, ...from('198.51.100.7') });
		await comeBy(p, link);
	}
	assert.notEqual(await x.head(), before);
});

test('accepting asks for a code in a browser that only has a link', async (t) => {
	const lang = 'de';
	const x = await street(t, lang);
	const { mail } = await lead(t, x, lang);
	for (const javaScriptEnabled of [true, false]) {
		const sarah = await person(t, { lang, javaScriptEnabled }); // somebody it was forwarded to, or she at home
		await comeBy(sarah, mail.link('/me/'));
		await sarah.page.goto(x.address + '/accept');
		const before = await x.head();
		await sarah.page.getByRole('button', { name: sarah.t('plan.sheet.accept.send') }).click();
		await sarah.page.getByRole('heading', { name: sarah.t('door.proof.title') }).waitFor();
		const { code } = await x.post.next(chen);
		const field = sarah.page.getByLabel(sarah.t('door.field.code'));
		sarah.expects(/answer: 409 POST .*\/proof/, /status of 409/);
		await field.fill('12345678');
		await sarah.page.getByRole('button', { name: sarah.t('door.proof.go') }).click();
		await sarah.page.getByText(sarah.t('door.fault.code')).waitFor();
		await field.fill(code);
		await sarah.page.getByRole('button', { name: sarah.t('door.proof.go') }).click();
		await sarah.page.getByText(sarah.t('door.proof.done')).waitFor();
		assert.equal(await x.head(), before, 'the proof accepted by itself');
		if (!javaScriptEnabled) {
			await sarah.page.getByRole('button', { name: sarah.t('plan.sheet.accept.send') }).click();
			await said(sarah, 'moves.said.accept');
			assert.notEqual(await x.head(), before);
		}
	}
});
