// One page while another changes the plan: what the other side does slides in
// within a second and takes nothing away from who reads or writes.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person, soon } from './lib/people.mjs';
import { meet, open, row, said, unfold } from './lib/plan.mjs';
import { asFile, planFile } from './lib/file.mjs';

after(closeBrowser);

const title = (plan, i) => plan.actions[i].title;

// where is what a reader must not lose: focus, caret, text, what is open, and
// where the field stands on the screen.
const where = (p) => p.page.evaluate(() => {
	const el = document.activeElement;
	return {
		focus: el.id, value: el.value, from: el.selectionStart, to: el.selectionEnd,
		open: window.opened.map((d) => d.isConnected && d.open),
		top: Math.round(el.getBoundingClientRect().top), scrolled: scrollY > 0,
	};
});

test('what the other side does takes nothing away', async (t) => {
	const plan = planFile(12);
	const { john, sarah } = await meet(t, { file: asFile(plan), seller: { view: { width: 1366, height: 640 } } });
	const [other, same] = [title(plan, 2), title(plan, 9)];

	// John writes in the middle of a text, far down, with a form and notes open.
	const detail = await open(john, same);
	const form = await unfold(john, detail, 'plan.move.edit');
	await detail.locator('details.private > summary').click();
	const field = form.getByLabel(john.t('plan.field.doneWhen'));
	await field.fill('Signed by both, and filed.');
	await field.scrollIntoViewIfNeeded();
	await field.evaluate((el) => el.setSelectionRange(9, 9));
	await detail.evaluate((el) => { window.opened = [...el.querySelectorAll('details[open]')]; });
	const before = await where(john);
	assert.deepEqual([before.open, before.scrolled, before.from], [[true, true], true, 9]);

	const change = async (what, act, shows) => {
		const began = performance.now();
		await act();
		await soon(what, shows);
		t.diagnostic(`${Math.round(performance.now() - began)} ms: ${what}`);
		const { top, ...now } = await where(john);
		assert.deepEqual({ ...now, top: before.top }, before, what);
		assert.ok(Math.abs(top - before.top) <= 2, `${what}: the field moved on the screen from ${before.top} to ${top}`);
	};

	// Another step, above, gets a longer title; then the very step is commented
	// on, and its title changes under the open form.
	const edit = await unfold(sarah, await open(sarah, other), 'plan.move.edit');
	const longer = other + ', mit allen Anlagen, geprüft und von beiden Seiten unterschrieben, in zwei Ausfertigungen';
	await edit.getByLabel(sarah.t('plan.field.title'), { exact: true }).fill(longer);
	await change('another step changes', () => edit.getByRole('button').click(), () => row(john, longer).count());
	const theirs = await open(sarah, same);
	await theirs.getByLabel(sarah.t('plan.talk.field', { Name: 'Acme Cloud' })).fill('Reicht ein Scan?');
	await change('the same step is commented on', () => theirs.getByRole('button', { name: sarah.t('plan.talk.send'), exact: true }).click(),
		() => detail.getByRole('region', { name: john.t('plan.talk') }).getByText('Reicht ein Scan?').count());
	const rename = await unfold(sarah, theirs, 'plan.move.edit');
	await rename.getByLabel(sarah.t('plan.field.title'), { exact: true }).fill(same + ' (neu)');
	await change('the same step changes', () => rename.getByRole('button').click(), () => row(john, same + ' (neu)').count());

	// Typing goes on where it was; sending is refused, shows both, keeps the words.
	await john.page.keyboard.type('twice, ');
	const mine = form.locator('form');
	assert.equal(await field.inputValue(), 'Signed bytwice,  both, and filed.');
	await soon('it is said that the step has changed', async () => await mine.getAttribute('data-stale') === john.t('web.form.stale'));
	john.expects(/status of 409/, /answer: 409 POST .*\/edit$/);
	await mine.getByRole('button').click();
	const wrong = mine.locator('.wrong');
	await wrong.waitFor();
	assert.match(await wrong.innerText(), /\(neu\)/, 'their value is shown');
	assert.equal(await mine.getByLabel(john.t('plan.field.doneWhen')).inputValue(), 'Signed bytwice,  both, and filed.');
});

test('what is said after a move waits for the page that was asked for', async (t) => {
	const plan = planFile(9);
	const { john, sarah } = await meet(t, { file: asFile(plan) });
	const background = [];
	john.page.on('request', (r) => {
		if (r.resourceType() === 'fetch' && r.method() === 'GET' && !r.redirectedFrom()) background.push(r.headers()['tandem-background']);
	});
	// A move whose answer has not been fetched yet …
	const detail = await open(john, title(plan, 1));
	const form = detail.locator('form[action$="/comment"]');
	const action = await form.getAttribute('action');
	const moved = await john.context.request.post(new URL(action, john.page.url()).href, { maxRedirects: 0, data: 'text=Said+once.',
		headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: new URL(john.page.url()).origin } });
	assert.equal(moved.status(), 303);
	// … and the page brings itself up to date in between.
	await detail.getByRole('region', { name: john.t('plan.talk') }).getByText('Said once.').waitFor();
	assert.ok(background.length >= 2 && background.every((b) => b === '1'), `fetched in the background: ${background}`);
	await john.page.goto(john.page.url());
	await said(john, 'moves.said.comment');
	assert.equal(await sarah.page.locator('#notice p').count(), 0);
});

test('an answer that is late takes nothing away that came meanwhile', async (t) => {
	const plan = planFile(6);
	const { john, sarah } = await meet(t, { file: asFile(plan) });
	const [mine, other] = [title(plan, 1), title(plan, 3)];
	const theirs = await open(sarah, mine);
	const edit = await unfold(john, await open(john, other), 'plan.move.edit');

	// Her comment is stored, and the page that answers it is on its way.
	let arrive, release;
	const arrived = new Promise((resolve) => { arrive = resolve; });
	const held = new Promise((resolve) => { release = resolve; });
	await sarah.page.route(/\/items\/[^/]+\/comment$/, async (route) => {
		const response = await route.fetch();
		arrive();
		await held;
		await route.fulfill({ response });
	});
	await theirs.getByLabel(sarah.t('plan.talk.field', { Name: 'Acme Cloud' })).fill('Reicht ein Scan?');
	await theirs.getByRole('button', { name: sarah.t('plan.talk.send'), exact: true }).click();
	await arrived;
	await edit.getByLabel(john.t('plan.field.title'), { exact: true }).fill(other + ' (neu)');
	await edit.getByRole('button').click();
	await soon('she sees his change', () => row(sarah, other + ' (neu)').count());
	release();
	await soon('she is told that it was sent', async () => await sarah.page.locator('#notice p').count());
	await sarah.page.waitForLoadState('networkidle');
	assert.equal(await row(sarah, other + ' (neu)').count(), 1, 'his change is still there');
	assert.equal(await theirs.getByRole('region', { name: sarah.t('plan.talk') }).getByText('Reicht ein Scan?').count(), 1, 'and so is what she wrote');
});

test('who is here is shown, and that they left', async (t) => {
	const { john, sarah } = await meet(t);
	const here = john.page.locator('#presence');
	await soon('both are here', async () => (await here.innerText()).includes(john.t('pages.here.both')));
	await sarah.context.close();
	await soon('one of them has left', async () => !(await here.innerText()).includes(john.t('pages.here.both')));
});

test('a step one reads by keyboard keeps its focus when it moves', async (t) => {
	const plan = planFile(9);
	const { john, sarah } = await meet(t, { file: asFile(plan) });
	const moving = title(plan, 3);
	const link = john.page.locator('h3').getByRole('link', { name: moving, exact: true });
	await link.focus();
	const form = await unfold(sarah, await open(sarah, moving), 'plan.move.edit');
	await form.getByLabel(sarah.t('plan.field.due'), { exact: true }).fill('2028-05-11');
	await form.getByRole('button').click();
	await soon('it has moved', () => row(john, moving).locator('time[datetime="2028-05-11"]').count());
	assert.equal(await john.page.evaluate(() => document.activeElement.textContent), moving);
});

test('a server that dies and comes back: said, nothing lost, nothing twice', async (t) => {
	const plan = planFile(9);
	const { server, john, sarah, address } = await meet(t, { file: asFile(plan) });
	const down = [/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_NETWORK_CHANGED/, /failed: GET .*\/live/];
	john.expects(...down);
	sarah.expects(...down);
	const steps = [title(plan, 1), title(plan, 2)];
	const count = (p) => p.page.locator('article.item').count();
	const all = await count(john);

	const detail = await open(john, steps[0]);
	const field = detail.getByLabel(john.t('plan.talk.field', { Name: 'Nordwerk' }));
	await field.fill('Written while the line was down.');
	await server.program.kill('SIGKILL');
	const banner = john.page.locator('#lost');
	await soon('the lost connection is shown', () => banner.isVisible(), 10000);
	assert.match(await banner.innerText(), new RegExp(john.t('web.lost').replace('{time}', '\\d\\d:\\d\\d')));

	// Sent into the void: said so, and kept.
	john.expects(/failed: POST .*\/comment/);
	await detail.getByRole('button', { name: john.t('plan.talk.send'), exact: true }).click();
	await detail.getByText(john.t('web.form.unsent')).waitFor();
	assert.equal(await field.inputValue(), 'Written while the line was down.');

	await server.again();
	const began = performance.now();
	await soon('the banner goes', async () => !await banner.isVisible(), 20000);
	t.diagnostic(`${Math.round(performance.now() - began)} ms until the page is live again`);
	await soon('the other page is live again', async () => !await sarah.page.locator('#lost').isVisible(), 20000);
	assert.equal(await field.inputValue(), 'Written while the line was down.');
	await detail.getByRole('button', { name: john.t('plan.talk.send'), exact: true }).click();
	const theirs = await open(sarah, steps[0]);
	await soon('it arrives', () => theirs.getByText('Written while the line was down.').count());
	const form = await unfold(sarah, await open(sarah, steps[1]), 'plan.move.edit');
	await form.getByLabel(sarah.t('plan.field.title'), { exact: true }).fill('Danach');
	await form.getByRole('button').click();
	await soon('changes arrive again', () => row(john, 'Danach').count());
	for (const p of [john, sarah]) {
		assert.equal(await count(p), all, 'no step is there twice');
		assert.deepEqual(await p.page.evaluate(() => { // an id stands for one thing
			const ids = [...document.querySelectorAll('[id]')].map((el) => el.id);
			return ids.filter((id, i) => ids.indexOf(id) !== i);
		}), []);
	}
	const fresh = await person(t, { lang: 'en' });
	await fresh.context.addCookies(await john.context.cookies());
	await fresh.page.goto(address + '/history');
	assert.equal(await fresh.page.getByText('Written while the line was down.').count(), 1, 'nothing is there twice');
});
