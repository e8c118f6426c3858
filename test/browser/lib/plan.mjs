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

// comeIn opens a share link and says who one is.
export async function comeIn(p, link, name, email) {
	const { page, t } = p;
	await page.goto(link);
	await page.getByLabel(t('pages.field.yourName')).fill(name);
	await page.getByLabel(t('pages.field.email')).fill(email);
	await page.getByRole('button', { name: t('pages.door.go') }).click();
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

// letIn lets a newcomer in as somebody listed.
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
	await comeIn(sarah, link, 'Sarah Chen', 'sarah.chen@nordwerk.example');
	await letIn(john, 'Sarah Chen', 'Sarah Chen, VP Operations');
	await sarah.page.getByText(sarah.t('plan.ask.accept')).first().waitFor({ state: 'attached' });
	if (agreed) {
		await accept(john);
		await accept(sarah);
		for (const p of [john, sarah]) await p.page.locator('#head .crumb').getByText(p.t('plan.state.revision', { N: 1 })).waitFor();
	}
	return { server, john, sarah, address, link };
}
