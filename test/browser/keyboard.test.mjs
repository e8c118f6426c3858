// Everything by keyboard, and seeing where one is.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person, soon } from './lib/people.mjs';
import { asFile, planFile } from './lib/file.mjs';
import { meet, row } from './lib/plan.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const focus = (p) => p.page.evaluate(() => {
	const el = document.activeElement;
	// A step's link shows its focus around the whole step.
	const outlined = [el, el.closest('h3')?.closest('.item')].some((x) => {
		const style = x && getComputedStyle(x);
		return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
	});
	const box = el.getBoundingClientRect();
	return { tag: el.localName, id: el.id, href: el.getAttribute('href'), text: (el.ariaLabel || el.labels?.[0]?.innerText || el.innerText || '').trim(),
		seen: outlined, inSight: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
});

test('a plan by keyboard', async (t) => {
	const { seller } = await demo(t, 'en');
	const p = await person(t, { lang: 'en' });
	const { page } = p;
	const key = (k) => page.keyboard.press(k);
	await page.goto(seller);
	await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	const address = page.url();

	// The skip link is first and leads past the header.
	await key('Tab');
	assert.equal((await focus(p)).text, p.t('web.skip'));
	await key('Enter');
	assert.equal((await focus(p)).id, 'main');

	// Tab reaches everything that can be used, once around, each visibly, in the
	// order in which it stands.
	await page.goto(address);
	const usable = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
		.filter((el) => el.checkVisibility({ visibilityProperty: true }) && !el.disabled && el.tabIndex >= 0 && !el.closest('dialog:not([open])')).length);
	const met = [];
	for (let i = 0; i < usable; i++) {
		await key('Tab');
		const at = await focus(p);
		assert.ok(at.inSight, `focus is in sight: ${JSON.stringify(at)}`);
		assert.ok(at.seen, `focus shows: ${JSON.stringify(at)}`);
		met.push(await page.evaluate(() => {
			const el = document.activeElement;
			const again = el.dataset.met === '1';
			el.dataset.met = '1';
			return again;
		}));
	}
	assert.ok(met.every((again) => !again), 'no trap, nothing twice');
	await key('Tab');
	assert.ok(['body', 'html'].includes((await focus(p)).tag) || (await focus(p)).text === p.t('web.skip'), 'and out again');

	// "?" shows the keys; Escape closes and gives the focus back.
	await page.goto(address);
	const first = page.locator('article.item:visible h3 a').first();
	await first.focus();
	const before = (await focus(p)).href;
	await key('?');
	await page.getByRole('dialog', { name: p.t('web.keys') }).waitFor();
	await key('Escape');
	await page.getByRole('dialog').waitFor({ state: 'hidden' });
	assert.equal((await focus(p)).href, before);

	// j and k go from step to step, Enter opens, Escape closes and gives the focus back.
	await page.goto(address);
	await key('j');
	const one = (await focus(p)).href;
	assert.match(one, /\/items\//);
	await key('j');
	const two = (await focus(p)).href;
	assert.notEqual(two, one);
	await key('k');
	assert.equal((await focus(p)).href, one);
	await key('Enter');
	await page.locator('[data-detail]').waitFor();
	await soon('the step has the focus', async () => page.evaluate(() => document.activeElement.matches('[data-detail]')));
	await key('Escape');
	await page.locator('[data-detail]').waitFor({ state: 'detached' });
	assert.equal((await focus(p)).href, one);

	// n makes a new step; what was typed is not thrown away unasked.
	await key('n');
	await page.getByRole('dialog').getByLabel(p.t('plan.field.title'), { exact: true }).waitFor();
	assert.equal((await focus(p)).text, p.t('plan.field.title'));
	await page.keyboard.type('j k n ?'); // letters, while one types
	assert.equal(await page.getByRole('dialog').getByLabel(p.t('plan.field.title'), { exact: true }).inputValue(), 'j k n ?');
	p.expects(new RegExp(`dialog: ${p.t('web.form.discard').replace(/[?.]/g, '\\$&')}`));
	await key('Escape');
	await page.getByRole('dialog').waitFor(); // the question was answered with no
	assert.equal(await page.getByRole('dialog').getByLabel(p.t('plan.field.title'), { exact: true }).inputValue(), 'j k n ?');

	// A menu opens and closes.
	await page.goto(address);
	const menu = page.locator('header summary');
	await menu.focus();
	await key('Enter');
	await page.getByRole('button', { name: p.t('web.keys') }).waitFor();
	await key('Tab');
	await key('Escape');
	await soon('the menu is closed', async () => !await page.locator('header details.menu').evaluate((el) => el.open));
	assert.ok(await menu.evaluate((el) => el === document.activeElement));
});

test('keys can be switched off', async (t) => {
	const { seller } = await demo(t, 'en');
	const p = await person(t, { lang: 'en' });
	await p.page.goto(seller);
	await p.page.waitForURL(/\/plans\/[0-9a-f]+$/);
	await p.page.keyboard.press('?');
	await p.page.getByRole('checkbox', { name: p.t('web.keys.on') }).uncheck();
	await p.page.keyboard.press('Escape');
	await p.page.reload();
	await p.page.keyboard.press('j');
	await p.page.keyboard.press('?');
	assert.equal(await p.page.getByRole('dialog').count(), 0);
	assert.equal((await focus(p)).tag, 'body');
});

test('the table by keyboard: arrows, saving on leaving, pasting rows', async (t) => {
	const plan = planFile(9);
	const { john, sarah, address } = await meet(t, { file: asFile(plan) });
	const { page } = john;
	await page.goto(address + '/table');
	const cells = page.locator('table[data-grid] tbody tr');
	assert.equal(await cells.count(), 9);
	const at = () => page.evaluate(() => {
		const cell = document.activeElement.closest('td, th');
		return [cell.parentElement.rowIndex, document.activeElement.name];
	});
	const title = cells.nth(0).locator('input[name=title]');
	await title.focus();
	await page.keyboard.press('ArrowDown');
	assert.deepEqual(await at(), [2, 'title']);
	await page.keyboard.press('ArrowUp');
	assert.deepEqual(await at(), [1, 'title']);
	await page.keyboard.press('End');
	await page.keyboard.press('ArrowRight');
	assert.deepEqual(await at(), [1, 'side']);

	await title.fill('Kurz und klar');
	await page.keyboard.press('Enter'); // down, and so saved
	await soon('the buyer sees it', () => row(sarah, 'Kurz und klar').count());
	assert.deepEqual(await at(), [2, 'title']);
	const version = cells.nth(1).locator('input[name=version]');
	const before = await version.inputValue();
	await page.keyboard.press('Home');
	await page.keyboard.type('Und ');
	await page.keyboard.press('Enter');
	await soon('the second is saved, too', async () => await row(sarah, 'Und ' + plan.actions[1].title).count());
	await soon('and his row knows it', async () => await version.inputValue() !== before);
	await page.keyboard.press('Shift+Enter');
	await page.keyboard.press('End');
	await page.keyboard.type(' !'); // a second edit of one's own row is no conflict
	await page.keyboard.press('Enter');
	await soon('and saved again', async () => await row(sarah, 'Und ' + plan.actions[1].title + ' !').count());

	// Rows from a spreadsheet: looked at first, then in the plan.
	await cells.nth(3).locator('input[name=title]').focus();
	await page.evaluate(() => {
		const data = new DataTransfer();
		data.setData('text/plain', 'Schritt\tWer\tTermin\nVertrag prüfen\tNordwerk AG\t12.06.2028\nAngebot senden\tAcme Cloud\t13.06.2028\n');
		document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
	});
	const box = page.getByRole('dialog');
	await box.waitFor();
	assert.match(await box.getByLabel(john.t('plan.sheet.rows.field')).inputValue(), /Vertrag prüfen/);
	await box.getByRole('button', { name: john.t('plan.sheet.rows.send') }).click();
	await soon('the rows are in the plan', () => row(sarah, 'Vertrag prüfen').count());
	assert.equal(await row(sarah, 'Angebot senden').getAttribute('data-side'), 'seller');
});
