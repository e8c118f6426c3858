// What people do with a plan, by what they see on it.
import { soon } from './people.mjs';

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
	const link = page.locator('#bar').getByRole('link', { name: t(key), exact: true });
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
	return detail;
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

// sees waits until a text is visible and returns how long that took.
export const sees = (p, locator, within) => soon(`${p.lang} sees it`, () => locator.first().isVisible(), within);
