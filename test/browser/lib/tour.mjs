// A tour of every page and state there is, in one language. At each of them
// visit(name, person) is called. What the tour changes it changes in an order
// in which every state still comes about.
import { fileURLToPath } from 'node:url';
import { person } from './people.mjs';
import { card, begin, handOver, open, ring, share, upload } from './plan.mjs';
import { demo, serve } from './program.mjs';

const csv = fileURLToPath(new URL('../testdata/nordwerk-acme.csv', import.meta.url));

const unfoldAll = (p) => p.page.locator('main details').evaluateAll((all) => all.forEach((el) => { el.open = true; }));

// session is a planning session from a draft to what is missing.
async function session(p, address, visit) {
	const { page } = p;
	await page.goto(address + '/session');
	await visit('session, before', p);
	for (const topic of ['goals', 'activities', 'people', 'approval', 'buyer', 'seller', 'dates', 'risks']) {
		await page.goto(`${address}/session?topic=${topic}`);
		await page.locator('form.se-say').getByLabel(p.t('session.say')).fill(`Was wir dazu sagen: ${topic}`);
		await page.getByRole('button', { name: p.t('session.keep'), exact: true }).click();
		await page.locator('figure.quote').waitFor();
		const pick = page.locator('.se-picks button').first();
		if (await pick.count()) {
			const left = await page.locator('.se-have').innerText();
			await pick.click();
			await page.waitForFunction((was) => document.querySelector('.se-have').innerText !== was, left);
		}
		await unfoldAll(p);
		await visit(`session, ${topic}`, p);
	}
	await page.goto(address + '/session');
	await page.getByRole('button', { name: p.t('session.start.share') }).click();
	await page.locator('.se-ask').waitFor();
	await visit('session, under way', p);
	await page.goto(address + '/session?topic=risks');
	await visit('session, by oneself', p);
	await page.goto(address);
	await visit('plan, in a session', p);
	await page.goto(address + '/session');
	await page.getByRole('button', { name: p.t('session.end'), exact: true }).click();
	await page.locator('#se-summary').waitFor();
	await visit('session, ended', p);
	await page.goto(address + '/goals');
	await visit('plan, what was said', p);
}

// doors are the pages one comes in by, and what is still empty behind them.
export async function doors(t, lang, visit) {
	const server = await serve(t);
	const p = await person(t, { lang });
	const { page } = p;
	const at = (path) => page.goto(server.origin + path);
	p.expects(/answer: 4\d\d/, /status of 4\d\d/);
	await at('/');
	await visit('welcome', p);
	await at('/in/' + 'x'.repeat(43));
	await visit('dead link', p);
	await at('/nowhere');
	await visit('404', p);
	await page.goto(server.setup);
	await visit('setup', p);
	await begin(p, server.setup);
	await visit('list, empty', p);
	await at('/workspace');
	await visit('workspace', p);
	await page.locator('#colleague').getByLabel(p.t('pages.field.name'), { exact: true }).fill('Priya Natarajan');
	await page.locator('#colleague').getByLabel(p.t('pages.field.email'), { exact: true }).fill('priya.natarajan@acme.example');
	await page.getByRole('button', { name: p.t('pages.colleague.go') }).click();
	const link = page.getByLabel(p.t('pages.link.label'));
	await link.waitFor();
	await visit('workspace, a link made', p);
	const toPriya = await link.inputValue();
	await at('/workspace/directory');
	await visit('directory', p);
	await page.getByRole('button', { name: p.t('scim.token.go') }).click();
	await page.getByLabel(p.t('scim.token.fresh')).waitFor();
	await visit('directory, a token made', p);
	const priya = await person(t, { lang });
	await priya.page.goto(toPriya);
	await visit('sign in', priya);
	await priya.page.goto(server.origin + '/sign-in');
	await visit('sign in, no mail', priya);
	await at('/account');
	await visit('account', p);
	await at('/workspace/privacy');
	await visit('privacy', p);
	await page.getByLabel(p.t('privacy.keep.months')).fill('999');
	await page.getByRole('button', { name: p.t('web.save') }).click();
	await page.getByRole('alert').waitFor();
	await visit('privacy, refused', p);
	await at('/workspace/answers');
	await visit('answer times', p);
	await playbook(p, at, visit);
	await at('/new');
	await visit('new', p);
	await templates(p, at, visit);
	await at('/new/blank');
	await visit('new, blank', p);
	await page.getByLabel(p.t('pages.field.planTitle')).fill('Entscheiden');
	await page.getByLabel(p.t('pages.field.buyer')).fill('Nordwerk AG');
	await page.getByRole('button', { name: p.t('pages.blank.go') }).click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	await visit('plan, empty', p);
	const address = page.url();
	for (const tab of ['table', 'goals', 'risks']) {
		await page.goto(`${address}/${tab}`);
		await visit(`plan, empty, ${tab}`, p);
	}
	await session(p, address, visit);
	await at('/new/light');
	await visit('new, light', p);
	await page.getByLabel(p.t('pages.field.planTitle')).fill('Entscheiden');
	await page.getByLabel(p.t('pages.field.buyer'), { exact: true }).fill('Nordwerk AG');
	await page.getByLabel(p.t('light.step.n', { N: 1 }), { exact: true }).fill('Zugang einrichten');
	await page.getByLabel(p.t('light.step.date.n', { N: 1 }), { exact: true }).fill('2028-05-19');
	await page.getByRole('button', { name: p.t('light.new.go') }).click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	await visit('plan, light', p);
	await page.goto(page.url() + '/form');
	await visit('plan, light, growing', p);
	await at('/new/sheet');
	await visit('new, from a spreadsheet', p);
	await page.getByRole('button', { name: p.t('pages.import.go') }).click();
	await page.getByRole('alert').waitFor();
	await visit('new, from a spreadsheet, refused', p);
	await upload(p, csv);
	await unfoldAll(p);
	await visit('preview', p);
	await page.goto(address);
	const invitation = await share(p);
	await visit('sheet, a link to share', p);
	const guest = await person(t, { lang });
	await guest.page.goto(invitation);
	await visit('door', guest);
	await ring(guest, invitation, 'Sarah Chen', 'sarah.chen@nordwerk.example', 'John Martinez hat mir den Link geschickt.');
	await visit('door, asked', guest);
	await page.goto(address);
	await page.getByText(p.t('plan.ask.newcomer', { Name: 'Sarah Chen', Side: 'Nordwerk' })).waitFor({ timeout: 20000 });
	await visit('plan, somebody asks', p);
	await page.goto(address + '/people');
	await visit('people, somebody asks', p);
	await page.locator('#people-b').getByRole('button', { name: p.t('plan.move.admit'), exact: true }).click();
	await card(p, 'Sarah Chen').getByRole('button', { name: p.t('door.handOver'), exact: true }).waitFor(); // the answer is in
	const handed = await handOver(p, address, 'Sarah Chen');
	await visit('a link to hand over', p);
	await guest.page.goto(handed);
	await visit('come back', guest);
}

// plans are all pages of plans, as the demo's seller and buyer.
export async function plans(t, lang, visit) {
	const { seller, buyer, owner, origin } = await demo(t, lang);
	const john = await person(t, { lang });
	const sarah = await person(t, { lang });
	for (const p of [john, sarah]) p.expects(/answer: 4\d\d/, /status of 4\d\d/);
	const { page } = john;
	await page.goto(seller);
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	const address = page.url();
	await visit('plan, seller', john);
	await sarah.page.goto(buyer);
	await sarah.page.waitForURL(/\/plans\/[0-9a-f]+$/);
	await visit('plan, buyer', sarah);
	await sarah.page.goto(origin + '/');
	await visit('list, guest', sarah);
	await sarah.page.goto(address + '/mail');
	await visit('mail settings', sarah);
	await sarah.page.goto(origin + '/demo/mail');
	await visit('the demo\'s mailbox', sarah);
	const ute = await person(t, { lang });
	await ute.page.goto(owner);
	await visit('mine, by a link', ute);
	await unfoldAll(ute);
	await visit('mine, unfolded', ute);
	ute.expects(/answer: 4\d\d/, /status of 4\d\d/);
	await ute.page.goto(owner);
	await ute.page.getByRole('button', { name: ute.t('mine.do.ask') }).click();
	await ute.page.getByRole('alert').waitFor();
	await visit('mine, refused', ute);
	for (const p of [john, sarah]) {
		await p.page.goto(`${address}/mine`);
		await unfoldAll(p);
		await visit(`mine, ${p === john ? 'seller' : 'buyer'}`, p);
		await p.page.goto(`${origin}/mine`);
		await visit(`mine, all, ${p === john ? 'seller' : 'buyer'}`, p);
	}
	for (const p of [john, sarah]) {
		await p.page.goto(`${address}/check-ins`);
		await unfoldAll(p);
		await visit(`check-ins, ${p === john ? 'seller' : 'buyer'}`, p);
	}
	for (const p of [john, sarah]) {
		await p.page.goto(`${address}/documents`);
		await unfoldAll(p);
		await visit(`documents, ${p === john ? 'seller' : 'buyer'}`, p);
	}
	await sarah.page.goto(`${address}/paper`);
	await unfoldAll(sarah);
	await visit('decision paper', sarah);
	await sarah.page.goto(`${address}/paper?edit=risks&from=plan`);
	await unfoldAll(sarah);
	await visit('decision paper, a part open', sarah);
	for (const path of ['minutes', 'obstacles']) {
		await sarah.page.goto(`${address}/${path}`);
		await unfoldAll(sarah);
		await visit(path, sarah);
	}
	await sarah.page.goto(`${address}/minutes`);
	await sarah.page.locator('.minutes-rows a').first().click();
	await sarah.page.waitForURL(/\/minutes\/[0-9a-f]+$/);
	await visit('minutes of a check-in', sarah);
	await page.goto(`${address}/check-ins/now/2028-05-16/run`);
	await visit('check-in, before', john);
	await page.getByRole('button', { name: john.t('run.begin') }).click();
	await page.locator('#run-end').waitFor();
	for (const p of [john, sarah]) {
		await p.page.goto(page.url());
		await unfoldAll(p);
		await visit(`check-in, ${p === john ? 'seller' : 'buyer'}`, p);
	}
	await page.goto(page.url());
	await page.locator('#run-end button').click();
	await page.waitForURL(/\/minutes\/[0-9a-f]+$/);
	await visit('minutes, just made', john);
	await sarah.page.goto(`${address}/about-me`);
	await unfoldAll(sarah);
	await visit('about me', sarah);
	await sarah.page.goto(`${address}/about-me/erase`);
	await visit('about me, erase', sarah);
	await sarah.page.goto(`${address}/proof`);
	await visit('proof', sarah);
	await page.goto(origin + '/');
	await visit('list', john);
	const others = [];
	for (const phase of ['draft', 'shared', 'paused', 'decided']) { // one of each
		await page.goto(`${origin}/?phase=${phase}`);
		const first = page.locator('a[data-row]').first();
		if (await first.count()) others.push(await first.evaluate((a) => a.href));
	}
	for (const [i, href] of others.filter((h) => h !== address).entries()) {
		await page.goto(href);
		await visit(`plan ${i + 2}, seller`, john);
		if (await page.locator('#asks a[href$="/accept"]').count()) {
			await page.goto(href + '/accept');
			await visit('sheet, accept', john);
		}
	}
	await page.goto(origin + '/?q=nichts');
	await visit('list, nothing found', john);
	for (const tab of ['timeline', 'table', 'people', 'goals', 'risks', 'history']) {
		for (const p of [john, sarah]) {
			await p.page.goto(`${address}/${tab}`);
			await unfoldAll(p);
			await visit(`${tab}, ${p === john ? 'seller' : 'buyer'}`, p);
		}
	}
	await page.goto(address + '?show=blocked');
	await visit('plan, blocked only', john);
	await sarah.page.goto(address);
	for (const p of [john, sarah]) {
		const name = p === john ? 'seller' : 'buyer';
		const steps = await p.page.locator('article.item').evaluateAll((rows) => rows.map((r) => ({ id: r.id, key: [r.dataset.side, r.dataset.state, !!r.querySelector('.tag')].join(' ') })));
		const seen = new Set();
		for (const { id, key } of steps) { // one step of every kind
			if (seen.has(key)) continue;
			seen.add(key);
			await p.page.goto(`${address}/items/${id.slice(2)}`);
			await unfoldAll(p);
			await visit(`step, ${key}, ${name}`, p);
		}
	}
	for (const sheet of ['propose', 'pause', 'decide', 'leave', 'share', 'title', 'rows', 'items/new', 'people/new', 'goals/new', 'criteria/new', 'milestones/new', 'risks/new', 'receipt', 'take', 'links', 'calendars', 'what-if', 'backwards']) {
		await page.goto(`${address}/${sheet}`);
		await visit(sheet.replace('/', ', '), john);
	}
	await page.goto(address);
	await page.locator('#asks').getByRole('link', { name: john.t('plan.move.counter') }).click();
	await page.getByRole('dialog').waitFor();
	await visit('plan, a counter-proposal in its dialog', john);
	await page.keyboard.press('Escape');
	await page.keyboard.press('?');
	await page.getByRole('dialog').waitFor();
	await visit('plan, the keys', john);
	await page.keyboard.press('Escape');
	await page.locator('header summary').click();
	await visit('plan, the menu', john);
	await page.keyboard.press('Escape');
	const title = await page.locator('article.item:has(.quick):not(:has(.tag)) h3:visible').first().innerText();
	const detail = await open(john, title);
	await detail.getByRole('button', { name: john.t('plan.talk.send'), exact: true }).waitFor();
	await visit('plan, a step open', john);
	await page.locator('.item .quick button:visible').first().click();
	await page.locator('#notice p').waitFor();
	await visit('plan, a notice', john);
	await page.evaluate(() => {
		const bar = document.getElementById('lost');
		bar.querySelector('span').textContent = bar.querySelector('span').dataset.text.replace('{time}', '10:30');
		bar.hidden = false;
	});
	await visit('plan, the connection lost', john);
	await page.goto(`${address}/nowhere`);
	await visit('404 in a plan', john);
}

// templates: chosen, laid out, read, copied, with a row that is wrong, and saved.
async function templates(p, at, visit) {
	const { page } = p;
	await at('/new/template');
	await visit('new, from a template', p);
	await at('/new/template/public-before');
	await page.locator('#laid details').evaluateAll((all) => all.forEach((el) => { el.open = true; }));
	await visit('new, laid out', p);
	await page.getByRole('button', { name: p.t('templates.lay.create'), exact: true }).click();
	await page.getByRole('alert').waitFor();
	await visit('new, laid out, refused', p);
	await at('/new/session');
	await visit('new, planning session', p);
	await at('/templates');
	await visit('templates', p);
	await at('/templates/enterprise');
	await visit('template', p);
	await at('/templates/new?from=works-council');
	await page.locator('[name="step.0.after"]').fill('99');
	await page.getByRole('button', { name: p.t('templates.save'), exact: true }).click();
	await page.getByRole('alert').waitFor();
	await visit('template, refused', p);
	await page.locator('[name="step.0.after"]').fill('');
	await page.getByRole('button', { name: p.t('templates.save'), exact: true }).click();
	await page.getByText(p.t('templates.saved', { N: '1' })).waitFor();
	await visit('template, saved', p);
	await at('/templates');
	await visit('templates, own', p);
}

// playbook is the method's pages, and where they are rewritten.
async function playbook(p, at, visit) {
	const { page } = p;
	await at('/playbook');
	await visit('playbook', p);
	for (const slug of ['when', 'resistance', 'session']) {
		await at(`/playbook/${slug}`);
		await visit(`playbook, ${slug}`, p);
	}
	await at('/playbook/when/edit');
	await page.getByRole('button', { name: p.t('playbook.preview'), exact: true }).click();
	await page.getByText(p.t('playbook.preview.is')).waitFor();
	await visit('playbook, preview', p);
	await page.getByLabel(p.t('playbook.field.text'), { exact: true }).fill('| a | b |\n|---|---|\n| 1 | 2 |\n\n> Wort\n\n```\nsehr langer Text ohne jeden Umbruch, der in seiner Zeile bleibt und umbricht\n```');
	await page.getByRole('button', { name: p.t('web.save'), exact: true }).click();
	await page.locator('.pb-text table').waitFor();
	await visit('playbook, in a workspace\'s words', p);
	await at('/playbook/when/edit');
	await visit('playbook, versions', p);
	await page.getByRole('button', { name: p.t('playbook.return'), exact: true }).click();
	await page.getByText(p.t('playbook.returned')).waitFor();
	await at('/playbook/new');
	await page.getByLabel(p.t('playbook.field.title'), { exact: true }).fill('x'.repeat(120));
	await page.getByLabel(p.t('playbook.field.text'), { exact: true }).fill('Text');
	await page.getByRole('button', { name: p.t('web.save'), exact: true }).click();
	await page.getByRole('alert').waitFor();
	await visit('playbook, a page of one\'s own, refused', p);
}

// method are the pages by which a team begins plans and keeps an eye on them:
// deals, readiness, objections, a planning session, the light plan, the
// portfolio, the pilot, obstacles. (Templates are among the doors.)
export async function method(t, lang, visit) {
	const { seller, buyer, origin } = await demo(t, lang);
	const p = await person(t, { lang });
	const sarah = await person(t, { lang });
	for (const x of [p, sarah]) x.expects(/answer: 4\d\d/, /status of 4\d\d/);
	const { page } = p;
	const at = (path) => page.goto(origin + path);
	await page.goto(seller);
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	const address = page.url();
	await sarah.page.goto(buyer);
	await deals(p, at, visit);
	for (const sheet of ['deal', 'hesitate', 'form', 'obstacles']) {
		await page.goto(`${address}/${sheet}`);
		await unfoldAll(p);
		await visit(`plan, ${sheet}`, p);
	}
	await at('/new/light');
	await visit('new, light', p);
	await page.locator('#light button.first').click({ force: true });
	await page.goto(await first(p, origin + '/?q=K%C3%BCbler'));
	await visit('a light plan', p);
	await page.goto(page.url() + '/form');
	await visit('a light plan, to the full one', p);
	await sessions(p, sarah, address, await first(p, origin + '/?q=Vossler'), visit);
	await at('/pilot');
	await unfoldAll(p);
	await visit('pilot', p);
	await at('/?show=obstacles');
	await unfoldAll(p);
	await visit('portfolio, obstacles, unfolded', p);
}

// first is where the first row of a portfolio leads.
async function first(p, list) {
	await p.page.goto(list);
	return p.page.locator('a[data-row]').first().evaluate((a) => a.href);
}

async function deals(p, at, visit) {
	const { page } = p;
	await at('/deals');
	await visit('deals', p);
	const bare = await page.locator('table.deals a[href$="/readiness"]').first().getAttribute('href');
	const planned = await page.locator('table.deals tr:has(a[href^="/plans/"]) th a').first().getAttribute('href');
	for (const [name, path] of [['a deal with a plan', planned], ['a deal without', bare.replace('/readiness', '')], ['readiness', bare]]) {
		await at(path);
		await unfoldAll(p);
		await visit(name, p);
	}
	for (const name of ['interest', 'discovery', 'people', 'complexity', 'date']) await page.locator(`input[name="q.${name}"]`).first().check({ force: true });
	await page.locator('main form button.first').first().click();
	await page.locator('.advice').first().waitFor();
	await unfoldAll(p);
	await visit('readiness, advice', p);
	await at('/deals/new');
	await visit('deals, new', p);
	await at('/deals/import');
	await visit('deals, a list', p);
	await page.locator('#f-text, textarea[name="text"]').first().fill('ID;Name;Kunde;Betrag;Schlusstermin\n1;Werk 2;Weserstahl SE;320.000,00;31.03.2027\n2;Kaputt;;abc;99.99.2027\n');
	await page.locator('main form button.first').first().click();
	await page.locator('.bad-rows').waitFor();
	await unfoldAll(p);
	await visit('deals, a list, preview', p);
}

// sessions are a planning session before it begins, and every question of one
// under way, for both sides.
async function sessions(p, sarah, address, running, visit) {
	const { page } = p;
	await page.goto(address + '/session');
	await visit('planning session, before', p);
	await page.goto(running);
	await visit('plan, a session under way', p);
	await page.goto(running + '/session');
	const questions = await page.locator('.se-nav a').evaluateAll((all) => all.map((a) => a.href));
	for (const [i, href] of questions.entries()) {
		await page.goto(href);
		await unfoldAll(p);
		await visit(`planning session, ${i + 1}`, p);
	}
	await sarah.page.goto(address + '/session');
	await visit('planning session, before, buyer', sarah);
}
