// The timeline: another date is tried, by pointer and by keys; what follows is
// shown before anybody else sees it, goes over as one proposal, and when the
// other side agrees all dates move together, on both pages, live.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { closeBrowser, person, phone, soon } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// enter signs somebody in and opens the timeline.
async function enter(p, door) {
	await p.page.goto(door);
	const plan = p.page.url().replace(/[?#].*/, '');
	await p.page.goto(plan + '/timeline');
	await p.page.locator('.tl').waitFor();
	return plan;
}

// ends are the last days of all bars that can be moved, by id, at one moment.
const ends = (p) => p.page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.tl-bar')].map((a) => [a.dataset.move, a.dataset.end])));

// watch notes, at every change of the page, the ends of some bars.
const watch = (p, ids) => p.page.evaluate((ids) => {
	window.seen = [];
	const look = () => {
		const now = ids.map((id) => document.querySelector(`[data-move="${id}"]`)?.dataset.end).join(' ');
		if (window.seen.at(-1) !== now) window.seen.push(now);
	};
	look();
	new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
}, ids);

const lane = (p, id) => p.page.locator(`.tl-bar[data-move="${id}"]`);
const panel = (p) => p.page.locator('#tl-try section');

// tried are the dates of the panel, by id.
const tried = (p) => panel(p).locator('input[name^="due."]').evaluateAll((all) => Object.fromEntries(all.map((i) => [i.name.slice(4), i.value])));

// setsDate is the
// first open step that sets the date.
async function setsDate(p) {
	return p.page.locator('.tl-row.tl-sets[data-side] .tl-bar').first().getAttribute('data-move');
}

async function drag(p, id, days) {
	const a = lane(p, id);
	await a.scrollIntoViewIfNeeded();
	const box = await a.boundingBox();
	const perDay = await p.page.evaluate(({ width }) => {
		const { from, to } = document.querySelector('.tl').dataset;
		return width / ((Date.parse(to) - Date.parse(from)) / 86400000 + 1);
	}, box);
	const x = box.x + box.width * 0.3;
	const y = box.y + box.height / 2;
	await p.page.mouse.move(x, y);
	await p.page.mouse.down();
	for (let i = 1; i <= 4; i++) await p.page.mouse.move(x + perDay * days * i / 4, y);
	await p.page.locator('.tl-trial .tl-ghost').waitFor({ state: 'attached' });
	await p.page.mouse.up();
	await panel(p).waitFor();
}

test('a bar is dragged, one proposal goes over, all dates move together on both pages', async (t) => {
	const { seller, buyer } = await demo(t, 'de');
	const john = await person(t, { lang: 'de' });
	const sarah = await person(t, { lang: 'de' });
	await enter(john, seller);
	await enter(sarah, buyer);
	const before = await ends(john);
	assert.deepEqual(await ends(sarah), before, 'both see the same dates');

	const id = await setsDate(john);
	await drag(john, id, 7);
	const moves = await tried(john);
	assert.ok(Object.keys(moves).length > 2, `what follows is shown: ${JSON.stringify(moves)}`);
	assert.ok(moves[id] > before[id]);
	const ghosts = await john.page.locator('#tl-ghosts .tl-ghost').count();
	assert.equal(ghosts, Object.keys(moves).length, 'a ghost per date that would move');
	for (const [item, due] of Object.entries(moves)) assert.ok(due > before[item], 'nothing moves earlier');
	assert.deepEqual(await ends(john), before, 'nothing has changed by trying');
	assert.deepEqual(await ends(sarah), before, 'the other side sees nothing of it');

	const reason = 'Das Angebot braucht die neue Preisliste.';
	await panel(john).getByLabel(john.t('timeline.try.reason', { Name: 'Nordwerk' })).fill(reason);
	const posts = [];
	john.page.on('request', (r) => { if (r.method() === 'POST') posts.push(new URL(r.url()).pathname); });
	await panel(john).getByRole('button', { name: john.t('timeline.try.propose') }).click();
	const ask = sarah.page.locator('.ask').filter({ hasText: reason });
	t.diagnostic(`${Math.round(await soon('the other side is asked', () => ask.isVisible()))} ms: the other side is asked`);
	assert.equal(posts.length, 1, 'one message');
	assert.equal(await sarah.page.locator('.ask').filter({ hasText: reason }).count(), 1, 'one proposal');
	await soon('the trial is over', async () => await panel(john).count() === 0 && !new URL(john.page.url()).searchParams.has('item'));
	assert.deepEqual(await ends(sarah), before, 'a proposal moves no date');

	const ids = Object.keys(moves).filter((item) => item in before);
	await watch(john, ids);
	await watch(sarah, ids);
	await ask.getByRole('button', { name: sarah.t('plan.move.agree') }).click();
	const together = ids.map((item) => moves[item]).join(' ');
	for (const p of [sarah, john]) {
		const took = await soon('the dates move', async () => (await p.page.evaluate(() => window.seen.at(-1))) === together);
		t.diagnostic(`${Math.round(took)} ms: all dates moved`);
		assert.deepEqual(await p.page.evaluate(() => window.seen), [ids.map((item) => before[item]).join(' '), together], 'at no moment had only some of them moved');
	}
	const then = await ends(john);
	assert.deepEqual(await ends(sarah), then, 'both see the same dates again');
	for (const item of Object.keys(before)) assert.equal(then[item], moves[item] ?? before[item], 'what was not in the proposal stays');
});

test('a bar is moved with the keys, and taken back', async (t) => {
	const { seller } = await demo(t, 'en');
	const john = await person(t, { lang: 'en' });
	await enter(john, seller);
	const before = await ends(john);
	const id = await setsDate(john);
	await lane(john, id).focus();
	for (let i = 0; i < 3; i++) await john.page.keyboard.press('ArrowRight');
	await john.page.keyboard.press('ArrowLeft');
	const day = await john.page.locator('.tl-trial .tl-ghost-date').textContent();
	assert.equal(await john.page.locator('#said').textContent(), day, 'the day is read out');
	await john.page.keyboard.press('Escape');
	await soon('it is taken back', async () => await john.page.locator('.tl-trial').count() === 0);

	for (let i = 0; i < 5; i++) await john.page.keyboard.press('ArrowRight');
	await john.page.keyboard.press('Enter');
	await panel(john).waitFor();
	const moves = await tried(john);
	assert.ok(moves[id] > before[id]);
	await soon('the title has the focus', () => john.page.evaluate(() => document.activeElement.id === 'tl-try-title'));
	await john.page.keyboard.press('Escape');
	await soon('the panel is gone', async () => await panel(john).count() === 0);
	await soon('the focus is back', () => john.page.evaluate((i) => document.activeElement.dataset.move === i, id));
	assert.deepEqual(await ends(john), before);

	// Without a script the bar leads to a form for the date.
	const plain = await person(t, { lang: 'en', javaScriptEnabled: false, storageState: await john.context.storageState() });
	await plain.page.goto(await lane(john, id).evaluate((a) => a.href));
	await plain.page.getByLabel(plain.t('timeline.try.date')).fill(moves[id]);
	await plain.page.getByRole('button', { name: plain.t('timeline.try.go') }).click();
	await plain.page.getByRole('button', { name: plain.t('timeline.try.propose') }).waitFor();
	assert.equal(await plain.page.locator('#tl-ghosts .tl-ghost').count(), Object.keys(moves).length);
});

for (const [name, lang, options] of [['desktop', 'de', {}], ['dark', 'en', { colorScheme: 'dark' }], ['phone', 'de', { view: phone }], ['phone, dark', 'en', { view: phone, colorScheme: 'dark' }]]) {
	test(`axe finds nothing on the timeline: ${name}, ${lang}`, async (t) => {
		const { seller } = await demo(t, lang);
		const p = await person(t, { lang, ...options });
		const plan = await enter(p, seller);
		const id = await setsDate(p);
		const end = (await ends(p))[id];
		for (const query of ['', '?zoom=week&done=1', `?zoom=quarter&item=${id}&due=${stamp(end, 14)}`]) {
			await p.page.goto(plan + '/timeline' + query);
			await p.page.evaluate(axe);
			const found = await p.page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
			assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(' | ')}`), [], query);
			const wide = await p.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
			assert.equal(wide, 0, 'only the figure scrolls sideways');
		}
	});
}

const stamp = (day, more) => new Date(Date.parse(day) + more * 86400000).toISOString().slice(0, 10);
