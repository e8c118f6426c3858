// A planning session: two people on one page, one English, one German. Nobody
// reloads to see what the other said, and nobody loses what they are typing.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person, soon } from './lib/people.mjs';
import { begin, card, comeBy, handOver, said } from './lib/plan.mjs';
import { serve } from './lib/program.mjs';

after(closeBrowser);

const question = ({ page }) => page.locator('.se-ask h2');
const asks = (p, topic, args = {}) => p.t('session.ask.' + topic, { Seller: 'Acme Cloud', ...args });
const quote = (p, words) => p.page.locator('figure.quote').filter({ hasText: words });

// at waits until somebody sees a question.
const at = (p, topic) => soon(`${p.lang} is asked about ${topic}`, async () => await question(p).count() && await question(p).innerText() === asks(p, topic));

// says keeps what is said.
async function says(p, words, by) {
	const form = p.page.locator('form.se-say');
	await form.getByLabel(p.t('session.say')).fill(words);
	if (by) await form.getByLabel(p.t('session.said'), { exact: true }).selectOption({ label: by });
	await form.getByRole('button', { name: p.t('session.keep'), exact: true }).click();
	await quote(p, words).waitFor();
}

// makes opens the form of what a sentence becomes, which is filled with it.
async function makes(p, words, kind) {
	const move = quote(p, words).locator('details.move', { has: p.page.locator('summary', { hasText: p.t('session.make.' + kind) }) });
	await move.locator('summary').click();
	return move.locator('form');
}

const into = (p, form) => form.getByRole('button', { name: p.t('session.into'), exact: true }).click();
const step = (p, title) => p.page.locator('.se-have').getByRole('link', { name: title, exact: true });

async function blank(p, title, buyer) {
	const { page, t } = p;
	await page.goto(new URL('/new/blank', page.url()).href);
	await page.getByLabel(t('pages.field.planTitle')).fill(title);
	await page.getByLabel(t('pages.field.buyer'), { exact: true }).fill(buyer);
	await page.getByLabel(t('pages.field.planLanguage.one')).selectOption('de'); // the language of who comes later
	await page.getByRole('button', { name: t('pages.blank.go') }).click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	return page.url();
}

// names adds somebody in the session, before the other side sees the plan.
async function names(john, address) {
	const { page, t } = john;
	await page.goto(address + '/session');
	await page.getByText(t('session.intro.draft', { Name: 'Nordwerk AG' })).waitFor();
	await page.getByRole('link', { name: t('session.prepare.draft') }).click();
	await at(john, 'goals');
	await page.locator('.se-nav').getByRole('link', { name: t('session.topic.people') }).click();
	await at(john, 'people');
	const add = page.locator('.se-add details').first();
	await add.locator('summary').click();
	await add.getByLabel(t('session.person.name'), { exact: true }).fill('Sarah Chen');
	await add.getByLabel(t('session.person.role'), { exact: true }).fill('VP Operations');
	await into(john, add);
	await page.locator('.se-have').getByText('Sarah Chen, VP Operations').waitFor();
}

// brings shares the plan by beginning, and makes her the buyer's lead, who then
// comes by the link that is handed over where no mail can bring it.
async function brings(john, sarah, address) {
	const { page, t } = john;
	await page.goto(address + '/session');
	await page.getByRole('button', { name: t('session.start.share') }).click();
	await at(john, 'goals');
	await page.getByText(t('session.nobody', { Name: 'Nordwerk AG' })).waitFor();
	await page.goto(address + '/people');
	await card(john, 'Sarah Chen').getByRole('button', { name: t('door.nameLead'), exact: true }).click();
	await said(john, 'moves.said.people.name-lead');
	await comeBy(sarah, await handOver(john, address, 'Sarah Chen'));
	await page.goto(address + '/session');
	await at(john, 'goals');
}

test('a plan is written by both in a session and accepted', async (t) => {
	const server = await serve(t);
	const john = await person(t, { lang: 'en' });
	const sarah = await person(t, { lang: 'de' });
	await begin(john, server.setup);
	const address = await blank(john, 'Decide by 29 May whether Acme fits Nordwerk', 'Nordwerk AG');
	await names(john, address);
	await brings(john, sarah, address);

	await sarah.page.locator('#session-banner').getByRole('link', { name: sarah.t('session.banner.go') }).click();
	await at(sarah, 'goals');
	await speaks(john, sarah);
	await follows(john, sarah);
	await alone(john, sarah, address);
	await rests(john, sarah, address);
	await dates(john, sarah);
	await finishes(john, sarah, address);
});

// speaks: her words are on his screen as she said them, and one click makes a
// goal of them that she sees.
async function speaks(john, sarah) {
	const words = 'Wir müssen wissen, ob Angebote am selben Tag rausgehen.\nHeute dauert es drei.';
	await says(sarah, words);
	await soon('he reads her words', () => quote(john, 'ob Angebote am selben Tag rausgehen').isVisible());
	assert.match(await quote(john, 'Heute dauert es drei').innerText(), /Sarah Chen/);
	assert.equal(await quote(john, 'Heute dauert es drei').locator('blockquote').innerText(), words);
	await soon('the cursor is back for the next sentence', () => sarah.page.locator('form.se-say textarea').evaluate((el) => el === document.activeElement));

	const form = await makes(john, 'Heute dauert es drei', 'goal');
	await form.getByLabel(john.t('session.goal.text')).fill('Offers leave on the same day');
	await into(john, form);
	await soon('she sees the goal', () => sarah.page.locator('.se-have').getByText('Offers leave on the same day').isVisible());
	await quote(sarah, 'Heute dauert es drei').getByText('Offers leave on the same day').waitFor();

	// He types for somebody in the room who is not on the plan yet.
	const said = john.page.locator('form.se-say');
	await said.getByLabel(john.t('session.say')).fill('Legal always needs two weeks.');
	await said.getByLabel(john.t('session.owner.new')).fill('Tom Reuter');
	await said.getByRole('button', { name: john.t('session.keep'), exact: true }).click();
	await soon('she reads who said it and who wrote it', () => quote(sarah, 'Legal always needs two weeks').getByText(sarah.t('session.wrote', { Name: 'John Martinez' })).isVisible());
	assert.match(await quote(sarah, 'Legal always needs two weeks').innerText(), /Tom Reuter, Nordwerk/);
}

// follows: who leads takes everybody along, and what somebody was typing stays.
async function follows(john, sarah) {
	const typing = sarah.page.locator('#se-say-goals textarea');
	await typing.fill('Und was kostet');
	await john.page.locator('.se-next').getByRole('button', { name: john.like('session.next') }).click();
	await at(john, 'activities');
	await at(sarah, 'activities');
	assert.equal(await typing.inputValue(), 'Und was kostet', 'what she was typing');
	assert.ok(await typing.evaluate((el) => el === document.activeElement), 'the cursor is where it was');
	await typing.fill('');
	await sarah.page.goto(sarah.page.url());

	await says(sarah, 'Wir wollen es an zwei Maschinen laufen sehen.');
	await soon('he reads it', () => quote(john, 'an zwei Maschinen').isVisible());
	const form = await makes(john, 'an zwei Maschinen', 'step');
	assert.equal(await form.getByLabel(john.t('plan.field.title'), { exact: true }).inputValue(), 'Wir wollen es an zwei Maschinen laufen sehen', 'filled with the sentence');
	await form.getByLabel(john.t('plan.field.title'), { exact: true }).fill('Maschinen 3 und 5 im Probelauf auswerten');
	await form.getByLabel(john.t('session.owner.new')).fill('Mara Klein');
	await form.getByLabel(john.t('session.days'), { exact: true }).fill('10');
	await into(john, form);
	await soon('she sees the step', () => step(sarah, 'Maschinen 3 und 5 im Probelauf auswerten').isVisible());

	// Nothing typical is there before somebody picks it; then it is nobody's yet.
	const pick = sarah.page.locator('.se-picks li').first();
	const title = (await pick.getByRole('button').innerText()).replace(/^\s*\+\s*/, '').trim();
	assert.equal(await step(sarah, title).count(), 0, 'not in the plan by itself');
	await pick.getByRole('button').click();
	await soon('he sees what she picked', () => step(john, title).isVisible());
	await soon('it is not offered again', async () => await sarah.page.locator('.se-picks').getByRole('button', { name: title }).count() === 0);
}

// alone: anybody may look at another question; the others stay where they are.
async function alone(john, sarah, address) {
	await sarah.page.locator('.se-nav').getByRole('link', { name: sarah.t('session.topic.risks') }).click();
	await at(sarah, 'risks');
	await sarah.page.getByText(sarah.like('session.alone')).waitFor();
	assert.equal(await question(john).innerText(), asks(john, 'activities'));
	await sarah.page.getByRole('link', { name: sarah.t('session.alone.back') }).click();
	await at(sarah, 'activities');

	await sarah.page.getByRole('button', { name: sarah.t('session.lead'), exact: true }).click();
	await soon('he sees that she leads', () => john.page.getByText(john.t('session.leads', { Name: 'Sarah Chen' })).isVisible());
	await sarah.page.locator('.se-next').getByRole('button', { name: sarah.like('session.next') }).click();
	await at(john, 'people');
	assert.equal(new URL(john.page.url()).pathname, new URL(address).pathname + '/session', 'he went along without doing anything');
}

// rests: it is paused, the plan says where, and it goes on there.
async function rests(john, sarah, address) {
	await john.page.getByRole('button', { name: john.t('session.pause'), exact: true }).click();
	await soon('she sees that it rests', () => sarah.page.getByText(sarah.t('session.rests')).isVisible());
	await john.page.getByText(john.t('session.rests')).waitFor();
	await john.page.goto(address);
	await john.page.locator('#session-banner').getByText(john.t('session.banner.rests', { N: 3, Of: 8, Title: john.t('session.topic.people') })).waitFor();
	await john.page.locator('#session-banner').getByRole('link').click();
	await john.page.getByRole('button', { name: john.t('session.continue') }).click();
	await at(john, 'people');
	await at(sarah, 'people');
}

// dates: who has none gets one where it stands.
async function dates(john, sarah) {
	const next = john.page.locator('.se-next button.first');
	for (const topic of ['approval', 'buyer', 'seller', 'dates']) {
		await next.click();
		await at(john, topic);
		await at(sarah, topic);
	}
	const without = sarah.page.locator('.se-date');
	await soon('both steps need a date', async () => await without.count() === 2);
	for (const day of ['2028-05-19', '2028-05-12']) {
		const n = await without.count();
		await without.first().getByLabel(sarah.t('plan.field.due'), { exact: true }).fill(day);
		await without.first().getByRole('button', { name: sarah.t('session.date.set'), exact: true }).click();
		await soon('one less needs a date', async () => await without.count() === n - 1);
	}
	await soon('he sees them dated', async () => await john.page.locator('.se-date').count() === 0);
	await sarah.page.getByRole('link', { name: sarah.t('session.date.decision') }).click();
	const box = sarah.page.getByRole('dialog');
	await box.getByLabel(sarah.t('plan.field.decideBy')).fill('2028-05-29');
	await box.getByRole('button', { name: sarah.t('plan.sheet.title.send') }).click();
	await soon('the decision has its date', async () => /29\s?\.?\sMa/.test(await john.page.locator('.se-have').innerText()));

	await next.click();
	await at(sarah, 'risks');
	await says(sarah, 'Im August ist bei uns Betriebsruhe.');
	await soon('he reads it', () => quote(john, 'Betriebsruhe').isVisible());
	const form = await makes(john, 'Betriebsruhe', 'risk');
	await into(john, form);
	await soon('she sees the risk', () => sarah.page.locator('.se-have').getByText('Im August ist bei uns Betriebsruhe').isVisible());
}

// finishes: the end says what is missing, and where it is mended; then both
// accept, and the plan is agreed.
async function finishes(john, sarah, address) {
	await john.page.locator('.se-next').getByRole('button', { name: john.t('session.finish') }).click();
	for (const p of [john, sarah]) {
		await p.page.getByRole('heading', { name: p.t('session.done.missing', { N: 2 }) }).waitFor();
	}
	await sarah.page.locator('.se-summary .missing a').first().click();
	const edit = sarah.page.locator('details.move', { has: sarah.page.locator('summary', { hasText: sarah.t('plan.move.edit') }) }).first();
	await edit.locator('summary').click();
	const side = await edit.getByLabel(sarah.t('plan.field.side'), { exact: true }).inputValue();
	const owners = side === 'joint' ? [['plan.field.ownerOf', { Name: 'Nordwerk' }, 'Sarah Chen, VP Operations'], ['plan.field.ownerOf', { Name: 'Acme Cloud' }, 'John Martinez']]
		: [['plan.field.owner', {}, side === 'buyer' ? 'Sarah Chen, VP Operations' : 'John Martinez']];
	for (const [key, args, label] of owners) await edit.getByLabel(sarah.t(key, args), { exact: true }).selectOption({ label });
	await edit.getByRole('button', { name: sarah.t('web.save') }).click();
	await said(sarah, 'moves.said.edit');
	await accepted(john, sarah, address);
	await sarah.page.goto(address + '/goals');
	await sarah.page.locator('#in-their-words').getByText('Heute dauert es drei').waitFor();
	await sarah.page.goto(address + '/history');
	await sarah.page.getByText(sarah.t('history.session.ended', { Who: 'John Martinez' })).waitFor();
}

// accepted: at the end of the session both say yes, each for their side.
async function accepted(john, sarah, address) {
	for (const p of [sarah, john]) {
		await p.page.goto(address + '/session');
		await p.page.getByRole('heading', { name: p.t('session.done.ready') }).waitFor();
		await p.page.getByRole('link', { name: p.t('session.done.accept') }).click();
		const box = p.page.getByRole('dialog');
		await box.getByRole('button', { name: p.t('plan.sheet.accept.send') }).click();
		await p.page.waitForURL(address);
	}
	for (const p of [john, sarah]) {
		await p.page.goto(address);
		await p.page.locator('#head .crumb').getByText(p.t('plan.state.revision', { N: 1 })).waitFor();
	}
}

// The whole way: is it time, a template, a session of both, and the plan that
// both accept, which the deal then knows of.
test('from the question whether it is time to an accepted plan', async (t) => {
	const server = await serve(t);
	const john = await person(t, { lang: 'en' });
	const sarah = await person(t, { lang: 'de' });
	await begin(john, server.setup);
	const deal = await isTime(john);
	const address = await fromTemplate(john);
	await brings(john, sarah, address);

	await sarah.page.locator('#session-banner').getByRole('link', { name: sarah.t('session.banner.go') }).click();
	await at(sarah, 'goals');
	await says(sarah, 'Bis Ende des Quartals wollen wir wissen, ob es in der Disposition trägt.');
	await soon('he reads her words', () => quote(john, 'ob es in der Disposition trägt').isVisible());
	await into(john, await makes(john, 'ob es in der Disposition trägt', 'goal'));
	for (const topic of ['activities', 'people', 'approval', 'buyer', 'seller', 'dates', 'risks']) {
		await john.page.locator('.se-next button.first').click();
		await at(john, topic);
		await at(sarah, topic);
	}
	await john.page.locator('.se-next').getByRole('button', { name: john.t('session.finish') }).click();
	await accepted(john, sarah, address);

	await john.page.goto(deal);
	const path = new URL(address).pathname;
	await john.page.locator(`main a[href^="${path}"]`).first().waitFor();
	assert.match(await john.page.locator('#sum-text').inputValue(), new RegExp(path), 'the summary for the CRM leads to the plan');
});

// isTime answers the questions before a plan, and goes where the advice leads.
async function isTime({ page, t }) {
	await page.goto(new URL('/new', page.url()).href);
	await page.getByRole('link', { name: t('ready.title'), exact: true }).click();
	await page.getByLabel(t('deal.field.account'), { exact: true }).fill('Nordwerk AG');
	await page.getByLabel(t('deal.field.name'), { exact: true }).fill('Acme for dispatch');
	for (const q of await page.locator('.questions fieldset').all()) await q.getByLabel(t('ready.answer.yes'), { exact: true }).check();
	await page.getByRole('button', { name: t('ready.go'), exact: true }).click();
	await page.getByRole('heading', { name: t('ready.level.now') }).waitFor();
	const deal = page.url().match(/^.*\/deals\/[0-9a-f]+/)[0];
	await page.getByRole('link', { name: t('ready.go.now'), exact: true }).click();
	await page.waitForURL(/\/new\/template\?deal=/);
	return deal;
}

// fromTemplate lays out the first of the processes, with a name in every role.
async function fromTemplate({ page, t }) {
	await page.locator('.tpl-cards a').first().click();
	assert.equal(await page.getByLabel(t('pages.field.buyer'), { exact: true }).inputValue(), 'Nordwerk AG', 'what the deal says is filled in');
	const fields = (side) => page.locator(`.tpl-roles fieldset.${side} input[type="text"]`).all();
	const buyers = ['Sarah Chen', 'Mara Klein', 'Tom Reuter', 'Jana Roth', 'Dr. Ute Brandt'];
	for (const [i, field] of (await fields('b')).entries()) await field.fill(buyers[i % buyers.length]);
	for (const field of await fields('s')) await field.fill('John Martinez');
	await page.getByLabel(t('pages.field.planLanguage.one')).selectOption('de');
	await page.getByRole('button', { name: t('templates.lay.look'), exact: true }).click();
	await page.locator('#laid .tpl-line li').first().waitFor();
	await page.getByRole('button', { name: t('templates.lay.create'), exact: true }).click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	return page.url();
}
