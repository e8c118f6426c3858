// What people do with a plan, by what they see on it.
import { asFile, planFile } from './file.mjs';
import { person } from './people.mjs';
import { serve } from './program.mjs';

// begin makes the workspace with the one-time link of a fresh server.
export async function begin(p, setup, name = 'John Martinez', email = 'john.martinez@acme.example') {
	const { page, t } = p;
	await page.goto(setup);
	await page.getByLabel(t('pages.field.yourName')).fill(name);
	await page.getByLabel(t('pages.field.email')).fill(email);
	await page.getByLabel(t('pages.field.organisation')).fill('Acme Cloud');
	await page.getByRole('button', { name: t('pages.setup.go') }).click();
	await page.getByRole('heading', { name: t('pages.list.head', { Name: 'Acme Cloud' }) }).waitFor();
}

// upload takes a file to its preview.
export async function upload(p, file) {
	const { page, t } = p;
	await page.goto(new URL('/new/sheet', page.url()).href);
	await page.getByLabel(t('pages.import.file'), { exact: true }).setInputFiles(file);
	await page.getByRole('button', { name: t('pages.import.go') }).click();
	await page.getByRole('heading', { name: t('pages.preview.title') }).waitFor();
}

// create makes the plan of the preview and returns its address.
export async function create(p) {
	const { page, t } = p;
	await page.getByRole('button', { name: t('pages.preview.create') }).first().click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	return page.url();
}

// sample makes the sample plan.
export async function sample(p) {
	const { page, t } = p;
	await page.goto(new URL('/new', page.url()).href);
	await page.getByRole('button', { name: t('pages.new.sample') }).click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	return page.url();
}

// sheet opens a form over the plan from its menu of more.
export async function sheet(p, key) {
	const { page, t } = p;
	const link = page.locator('#bar').getByRole('link', { name: key === 'plan.step' ? '+ ' + t(key) : t(key), exact: true });
	if (!await link.isVisible()) await page.locator('#bar').getByText(t('plan.more'), { exact: true }).click();
	await link.click();
	const box = page.getByRole('dialog');
	await box.waitFor();
	return box;
}

// share makes a link for the other side.
export async function share(p) {
	const box = await sheet(p, 'plan.more.share');
	await box.getByRole('button', { name: p.t('plan.sheet.share.send') }).click();
	const link = p.page.getByLabel(p.t('plan.sheet.share.link'));
	await link.waitFor();
	return link.inputValue();
}

// ring asks to come in at the door that a share link leads to.
export async function ring(p, link, name, email, words = '') {
	const { page, t } = p;
	await page.goto(link);
	await page.getByLabel(t('pages.field.email')).fill(email);
	await page.getByLabel(t('pages.field.yourName')).fill(name);
	await page.getByLabel(t('door.field.words')).fill(words);
	await page.getByRole('button', { name: t('door.go'), exact: true }).click();
	await page.getByRole('heading', { name: t('door.asked.title') }).waitFor();
}

// handOver is the personal link that a lead gives somebody where no mail can.
export async function handOver(p, address, name) {
	const { page, t } = p;
	await page.goto(address + '/people');
	await card(p, name).getByRole('button', { name: t('door.handOver'), exact: true }).click();
	const link = page.getByLabel(t('door.handed.label'));
	await link.waitFor();
	return link.inputValue();
}

// card is somebody in the list of people.
export const card = (p, name) => p.page.locator('li.person').filter({ has: p.page.locator('b').getByText(name, { exact: true }) });

// comeBy opens a personal link and clicks on it.
export async function comeBy(p, link) {
	const { page } = p;
	await page.goto(link);
	await page.locator('main form button.first').click();
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
}

// row is a step as it stands on the plan.
export const row = (p, title) => p.page.locator('article.item').filter({ has: p.page.locator('h3').getByText(title, { exact: true }) });

// open opens a step where it stands and returns it in full.
export async function open(p, title) {
	const detail = p.page.getByRole('region', { name: title, exact: true });
	if (!await detail.count()) {
		const link = p.page.locator('h3').getByRole('link', { name: title, exact: true });
		// Done steps are folded away.
		for (const fold of await p.page.locator('details.fold:not([open]), details.phase:not([open])').all()) {
			if (await fold.getByText(title, { exact: true }).count()) await fold.locator('summary').first().click();
		}
		await link.click();
	}
	await detail.waitFor();
	return p.page.locator(`[data-detail="${await detail.getAttribute('data-detail')}"]`); // its name may change
}

// unfold opens the form of a move that asks for words.
export async function unfold(p, detail, key) {
	const words = new RegExp('^\\s*' + p.t(key) + ' …\\s*$');
	const move = detail.locator('details.move', { has: p.page.locator('summary', { hasText: words }) });
	if (!await move.evaluate((el) => el.open)) await move.locator('summary').click();
	return move;
}

// said waits for what the page says after a move.
export async function said(p, key) {
	await p.page.locator('#notice').getByText(p.t(key), { exact: true }).waitFor();
}

// letIn lets somebody who waits in as somebody listed.
export async function letIn(p, name, listed) {
	const ask = p.page.locator('.ask').filter({ hasText: name });
	const who = ask.getByLabel(p.t('plan.ask.newcomer.as'));
	await who.selectOption({ label: listed });
	await ask.getByRole('button', { name: p.t('plan.move.admit'), exact: true }).click();
	await ask.waitFor({ state: 'detached' });
}

// accept accepts the plan as it stands.
export async function accept(p) {
	const more = p.page.locator('#asks-more:not([open]) > summary');
	if (await more.count()) await more.click();
	await p.page.locator('#asks').getByRole('link', { name: p.t('plan.more.accept') }).click();
	const box = p.page.getByRole('dialog');
	await box.waitFor();
	await box.getByRole('button', { name: p.t('plan.sheet.accept.send') }).click();
	await box.waitFor({ state: 'hidden' });
}

// meet brings a seller (English) and a buyer's lead (German) to one plan on a
// fresh server: shared, or agreed if wanted.
export async function meet(t, { file, agreed = false, seller = {}, buyer = {} } = {}) {
	const server = await serve(t);
	const john = await person(t, { lang: 'en', ...seller });
	const sarah = await person(t, { lang: 'de', ...buyer });
	await begin(john, server.setup);
	await upload(john, file ?? asFile(planFile(9)));
	const address = await create(john);
	const link = await share(john);
	await john.page.goto(address);
	await john.page.goto(address + '/people');
	await card(john, 'Sarah Chen').getByRole('button', { name: john.t('door.nameLead'), exact: true }).click();
	await said(john, 'moves.said.people.name-lead');
	await comeBy(sarah, await handOver(john, address, 'Sarah Chen'));
	await john.page.goto(address);
	await sarah.page.getByText(sarah.t('plan.ask.accept')).first().waitFor({ state: 'attached' });
	if (agreed) {
		await accept(john);
		await accept(sarah);
		for (const p of [john, sarah]) await p.page.locator('#head .crumb').getByText(p.t('plan.state.revision', { N: 1 })).waitFor();
	}
	return { server, john, sarah, address, link };
}
