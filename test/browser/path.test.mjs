// The whole path: from the spreadsheet a sales team really keeps to an agreed
// plan and on, two people in two browsers, one English, one German. No page is
// ever reloaded to see what the other side did.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { closeBrowser, person, soon } from './lib/people.mjs';
import { begin, comeBy, create, handOver, open, ring, row, said, share, sheet, unfold, upload } from './lib/plan.mjs';
import { run, serve } from './lib/program.mjs';

after(closeBrowser);

const csv = fileURLToPath(new URL('testdata/nordwerk-acme.csv', import.meta.url));
const prices = 'Angebotsentwurf mit Preisgestaltung einreichen';
const legal = 'Rechtsprüfung der Vertragsbedingungen abschließen';
const rollout = 'Implementierungsplanung beginnen';
const aligned = 'Anforderungen im Haus abstimmen';
const alignment = 'Internes Stakeholder-Alignment-Treffen durchführen';

test('from a spreadsheet to an agreed plan, in two browsers and two languages', async (t) => {
	const server = await serve(t);
	const john = await person(t, { lang: 'en' });
	const sarah = await person(t, { lang: 'de' });
	const times = [];
	// live does something on one page and waits until it shows on the other.
	const live = async (what, act, shows) => {
		const began = performance.now();
		await act();
		await soon(what, shows);
		times.push(performance.now() - began);
		t.diagnostic(`${Math.round(times.at(-1))} ms: ${what}`);
	};

	await begin(john, server.setup);
	await upload(john, csv);
	await preview(john);
	const address = await create(john);
	await john.page.getByText(john.t('plan.state.draft', { Name: 'Acme Cloud' })).waitFor();
	await row(john, prices).waitFor();
	await john.page.goto(address + '/people');
	await john.page.getByText('Dr. Ute Brandt').first().waitFor();
	await john.page.goto(address);

	const link = await share(john);
	await john.page.getByRole('dialog').getByRole('link', { name: john.t('web.close') }).first().click();

	await arrives(john, sarah, link, live, address);
	await together(john, sarah, live);
	await completes(john, sarah, live);
	await accepts(john, sarah, live);
	await proposes(john, sarah, live);
	await finishes(john, sarah, live);
	await talks(john, sarah, live);
	await past(john, sarah, address);
	await verified(john, address, server.folder);
	t.diagnostic(`a change was seen by the other side after ${Math.round(Math.max(...times))} ms at most`);
});

// preview: columns are recognised, can be corrected and corrected back, and a
// note offers what it says.
async function preview({ page, t }) {
	const column = (name) => page.getByLabel(name, { exact: true });
	await page.getByRole('heading', { name: t('pages.preview.steps', { N: 14 }) }).waitFor();
	const first = page.locator('ol.steps > li').first();
	assert.match(await first.innerText(), /Technische Architektur-Dokumentation bereitstellen[^]*Acme Cloud[^]*John Martinez/);

	const due = column('Fällig am');
	if (!await due.isVisible()) await page.locator('details', { has: due }).locator('summary').click();
	const was = await due.inputValue();
	assert.match(await first.innerText(), /3\sMay\s2028/);
	await due.selectOption('ignore');
	await soon('the dates are gone', async () => !/3\sMay\s2028/.test(await first.innerText()));
	await due.selectOption(was);
	await soon('the dates are back', async () => /3\sMay\s2028/.test(await first.innerText()));

	const offer = page.getByRole('checkbox', { name: t('pages.offer.absence', { Name: 'Dr. Ute Brandt' }) });
	assert.equal(await offer.isChecked(), false, 'nothing is taken over unasked');
	await offer.check();
	await soon('the absence is taken over', () => page.getByRole('checkbox', { name: t('pages.offer.absence', { Name: 'Dr. Ute Brandt' }) }).isChecked());
}

// arrives: the buyer asks at the door and sees nothing; the seller sees at once
// who asks, says who she is, and gives her the link that no mail can bring here.
async function arrives(john, sarah, link, live, address) {
	await live('the seller sees who asks', () => ring(sarah, link, 'Sarah Chen', 'sarah.chen@nordwerk.example', 'Wir haben telefoniert.'),
		() => john.page.getByText(john.t('plan.ask.newcomer', { Name: 'Sarah Chen', Side: 'Nordwerk' })).isVisible());
	assert.equal(await sarah.page.getByText('Angebotsentwurf').count(), 0, 'a stranger sees nothing of the plan');
	sarah.expects(/answer: 404 GET/, /status of 404/);
	await sarah.page.goto(address);
	await sarah.page.getByRole('heading', { name: sarah.t('pages.trouble.missing') }).waitFor();

	const ask = john.page.locator('.ask').filter({ hasText: 'Sarah Chen' });
	await ask.getByText('Wir haben telefoniert.').waitFor();
	await ask.getByLabel(john.t('plan.ask.newcomer.as')).selectOption({ label: 'Sarah Chen, VP Operations' });
	await ask.getByRole('button', { name: john.t('plan.move.admit'), exact: true }).click();
	await soon('there is nobody left to let in', async () => await ask.count() === 0);
	const personal = await handOver(john, address, 'Sarah Chen');
	await john.page.goto(address);
	await comeBy(sarah, personal);
	await sarah.page.locator('.ask').getByText(sarah.t('plan.ask.accept')).first().waitFor({ state: 'attached' });
}

// together: before the agreement both edit freely, and see each other do it.
async function together(john, sarah, live) {
	const theirs = await open(sarah, alignment);
	let form = await unfold(sarah, theirs, 'plan.move.edit');
	await form.getByLabel(sarah.t('plan.field.title'), { exact: true }).fill(aligned);
	await form.getByLabel(sarah.t('plan.field.doneWhen')).fill('Protokoll liegt vor');
	await live('the seller sees the edited step', () => form.getByRole('button').click(), () => row(john, aligned).isVisible());
	await said(sarah, 'moves.said.edit');

	const mine = await open(john, prices);
	form = await unfold(john, mine, 'plan.move.edit');
	await form.getByLabel(john.t('plan.field.due'), { exact: true }).fill('2028-05-15');
	await live('the buyer sees the new date', () => form.getByRole('button').click(), () => due(sarah, prices, '2028-05-15'));

	const box = await sheet(sarah, 'plan.more.goal');
	await box.getByLabel(sarah.t('plan.field.goal')).fill('Angebote kommen binnen eines Tages');
	await box.getByRole('button', { name: sarah.t('plan.sheet.goals.send') }).click();
	await said(sarah, 'moves.said.goals');
}

// due reports whether a step stands on the plan with a date.
const due = (p, title, day) => row(p, title).locator(`time[datetime="${day}"]`).count();

// completes: what is missing is listed with who can mend it, and both do.
async function completes(john, sarah, live) {
	const missing = john.page.locator('#asks .missing');
	await missing.getByRole('link', { name: john.t('state.missing.owner', { What: rollout }) }).waitFor();
	await missing.getByRole('link', { name: john.t('state.missing.date', { What: rollout }) }).waitFor();

	let form = await unfold(john, await open(john, rollout), 'plan.move.edit');
	await form.getByLabel(john.t('plan.field.ownerOf', { Name: 'Acme Cloud' })).selectOption({ label: 'Priya Natarajan, Solution Engineer' });
	await form.getByRole('button').click();
	await soon('the owner is no longer missing', async () => await missing.getByText(john.t('state.missing.owner', { What: rollout })).count() === 0);

	form = await unfold(sarah, await open(sarah, rollout), 'plan.move.edit');
	const owner = form.getByLabel(sarah.t('plan.field.ownerOf', { Name: 'Nordwerk' }));
	assert.equal(await owner.evaluate((el) => el.selectedOptions[0].label), 'IT-Team', 'the import keeps every word');
	await owner.selectOption({ label: 'Tom Reuter, Einkauf' });
	await form.getByLabel(sarah.t('plan.field.due'), { exact: true }).fill('2028-05-30');
	await live('nothing is missing any more', () => form.getByRole('button').click(),
		() => john.page.getByText(john.t('plan.ask.accept.ready')).isVisible());
	await row(john, rollout).getByText(/Tom Reuter/).first().waitFor();
}

const crumb = (p) => p.page.locator('#head .crumb');

// accepts: each lead stands behind what is shown, and the plan is agreed on
// both pages.
async function accepts(john, sarah, live) {
	const accept = async (p) => {
		const more = p.page.locator('#asks-more:not([open]) > summary');
		if (await more.count()) await more.click();
		await p.page.locator('#asks').getByRole('link', { name: p.t('plan.more.accept') }).click();
		const box = p.page.getByRole('dialog');
		await box.waitFor();
		assert.ok(await box.locator('ul.seen > li').count() >= 15, 'everything one stands behind is listed');
		await box.getByRole('button', { name: p.t('plan.sheet.accept.send') }).click();
	};
	await live('the buyer reads that the seller accepted', () => accept(john),
		() => sarah.page.getByText(sarah.like('state.accepted.by', { Name: 'John Martinez' })).count());
	await live('it is agreed on both pages', () => accept(sarah), async () =>
		(await crumb(john).innerText()).includes(john.t('plan.state.revision', { N: 1 })) && (await crumb(sarah).innerText()).includes(sarah.t('plan.state.revision', { N: 1 })));
	assert.match(await crumb(john).innerText(), john.like('plan.state.agreed'));
	assert.match(await crumb(sarah).innerText(), sarah.like('plan.state.agreed'));
}

// proposes: a later date with a reason, another date in answer, a yes.
async function proposes(john, sarah, live) {
	let form = await unfold(sarah, await open(sarah, legal), 'plan.move.propose');
	await form.getByLabel(sarah.t('plan.field.due'), { exact: true }).fill('2028-05-26');
	await form.getByLabel(sarah.t('plan.field.reason', { Name: 'Acme Cloud' })).fill('Zwei Ausschreibungen laufen.');
	const ask = john.page.locator('#asks .ask[data-kind=proposal]');
	await live('the seller sees the proposal', () => form.getByRole('button', { name: sarah.t('plan.move.sendProposal') }).click(),
		() => ask.getByText('Zwei Ausschreibungen laufen.').isVisible());
	assert.match(await ask.innerText(), /18[^]*26\sMay/);
	assert.ok(await due(john, legal, '2028-05-18'), 'until it is answered the agreed date stands');

	await ask.getByRole('link', { name: john.t('plan.move.counter') }).click();
	const box = john.page.getByRole('dialog');
	await box.getByRole('group', { name: legal }).getByLabel(john.t('plan.field.due'), { exact: true }).fill('2028-05-24');
	await box.getByLabel(john.t('plan.field.reason', { Name: 'Nordwerk' })).fill('The committee needs it by then.');
	const answer = sarah.page.locator('#asks .ask[data-kind=proposal]');
	await live('the buyer sees the counter-proposal', () => box.getByRole('button', { name: john.t('plan.move.sendProposal') }).click(),
		() => answer.getByText('The committee needs it by then.').isVisible());
	await live('the date has moved on both pages', () => answer.getByRole('button', { name: sarah.t('plan.move.agree'), exact: true }).click(),
		async () => await due(john, legal, '2028-05-24') && due(sarah, legal, '2028-05-24'));
	for (const p of [john, sarah]) {
		await soon('the next revision', async () => (await crumb(p).innerText()).includes(p.t('plan.state.revision', { N: 2 })));
		await soon('nothing waits for an answer', async () => await p.page.locator('.ask[data-kind=proposal]').count() === 0);
	}
}

// finishes: reported, disputed, reported again, taken back.
async function finishes(john, sarah, live) {
	const state = (p) => row(p, prices).getAttribute('data-state');
	const report = async () => {
		const form = await unfold(john, await open(john, prices), 'plan.move.report');
		await form.getByLabel(john.t('plan.field.result')).fill('Sent to Tom Reuter.');
		await form.getByRole('button').click();
	};
	const before = await state(sarah);
	await live('the buyer sees that it is done', report, async () => await state(sarah) === 'done');
	const form = await unfold(sarah, await open(sarah, prices), 'plan.move.dispute');
	await form.getByLabel(sarah.t('plan.field.missing')).fill('die Staffelpreise');
	await live('the seller sees what is missing', () => form.getByRole('button').click(),
		() => row(john, prices).getByText(john.t('state.sign.missing', { What: 'die Staffelpreise' })).isVisible());
	await live('the buyer sees that it is done after all', report, async () => await state(sarah) === 'done');
	await live('the buyer sees it taken back', async () => (await open(john, prices)).getByRole('button', { name: john.t('plan.move.undo') }).click(),
		async () => await state(sarah) !== 'done');
	assert.notEqual(before, 'done');
}

// talks: comments are for both, notes for one's own side.
async function talks(john, sarah, live) {
	const theirs = await open(sarah, prices);
	const mine = await open(john, prices);
	await theirs.getByLabel(sarah.t('plan.talk.field', { Name: 'Acme Cloud' })).fill('Bitte je Werk getrennt.');
	await live('the seller reads the comment', () => theirs.getByRole('button', { name: sarah.t('plan.talk.send'), exact: true }).click(),
		() => mine.getByRole('region', { name: john.t('plan.talk') }).getByText('Bitte je Werk getrennt.').isVisible());
	await mine.locator('details.private:not([open]) > summary').click();
	await mine.getByLabel(john.t('plan.notes.field', { Name: 'Acme Cloud' })).fill('Ask for a discount first.');
	await mine.locator('details.private').getByRole('button', { name: john.t('web.save'), exact: true }).click();
	await mine.locator('details.private li').getByText('Ask for a discount first.').waitFor();
	await said(john, 'moves.said.note');
}

// past: the history reads as sentences, each in the reader's language.
async function past(john, sarah, address) {
	for (const p of [john, sarah]) {
		await p.page.goto(address + '/history');
		const told = (await p.page.locator('#history').innerText()).replace(/\s+/g, ' ');
		for (const [key, args] of [
			['history.recognised', { Who: 'John Martinez', Name: 'Sarah Chen' }],
			['history.accepted', { Who: 'John Martinez' }], ['history.accepted', { Who: 'Sarah Chen' }], ['history.agreed', { Revision: 1 }],
			['history.proposed', { Who: 'Sarah Chen' }], ['history.countered', { Who: 'John Martinez' }],
			['history.proposalAccepted', { Who: 'Sarah Chen', Name: 'John Martinez' }],
			['history.done', { Who: 'John Martinez', What: prices }], ['history.reopened', { Who: 'Sarah Chen', What: prices }],
			['history.undone', { Who: 'John Martinez', What: prices }], ['history.commented', { Who: 'Sarah Chen', What: prices }],
		]) {
			assert.match(told, p.like(key, args), `${p.lang}: ${key}`);
		}
		assert.ok(!told.includes('Ask for a discount first.'), 'a note is no part of the shared history');
	}
}

// verified: what both can take away proves that nothing was rewritten.
async function verified(john, address, folder) {
	const { page, t } = john;
	await page.goto(address + '/receipt');
	const receipt = await page.getByLabel(t('moves.receipt.label')).inputValue();
	await page.goto(address + '/take');
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: t('pages.take.history'), exact: true }).click()]);
	const file = join(folder, 'history.jsonl');
	await download.saveAs(file);
	const events = receipt.split(':')[0];
	assert.match(await run('verify', file, '--expect', receipt, '--lang', 'en'), new RegExp(`^intact, ${events} events`));
	writeFileSync(file, readFileSync(file, 'utf8').replace('2028-05-24', '2028-05-25'));
	await assert.rejects(run('verify', file, '--expect', receipt, '--lang', 'en'), (e) => e.code === 1 && /does not fit/.test(e.stdout));
}
