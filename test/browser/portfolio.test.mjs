// The portfolio of the demo: the answer at the top, filters, orders, views,
// keys, a remark that stays in the house, on a desk and on a phone.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { closeBrowser, person, phone } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const rows = (p) => p.page.locator('table.portfolio tbody tr');
const names = (p) => p.page.locator('a[data-row] b').allTextContents();

for (const lang of ['de', 'en']) {
	test(`which deal needs me, ${lang}`, async (t) => {
		const { seller, buyer, origin } = await demo(t, lang);
		const john = await person(t, { lang });
		const { page } = john;
		await page.goto(seller);
		await page.goto(`${origin}/`);
		const heading = await page.getByRole('heading', { level: 1 }).textContent();
		assert.match(heading, /\d+/, heading);
		const all = await rows(john).count();
		assert.ok(all >= 12, `${all} plans`);

		// The number at the top is that of the list behind it.
		const chip = (name) => page.getByRole('navigation', { name: john.t('portfolio.filter') }).getByRole('link', { name: john.t(name), exact: true });
		await chip('portfolio.show.needs').click();
		await page.waitForURL(/show=needs/);
		assert.equal(await chip('portfolio.show.needs').getAttribute('aria-current'), 'true');
		const need = await rows(john).count();
		assert.equal(need, Number(heading.match(/\d+/)[0]));
		assert.ok(need < all);
		for (const row of await rows(john).all()) assert.ok(await row.locator('.why li').count() > 0, 'a plan without a reason');

		// In another order, kept as a view for everybody.
		await page.locator('thead').getByRole('link', { name: john.t('portfolio.col.amount') }).click();
		await page.waitForURL(/sort=amount/);
		assert.equal(await page.locator('thead th[aria-sort=descending]').count(), 1);
		await page.getByText(john.t('portfolio.view.save'), { exact: true }).click();
		await page.getByLabel(john.t('portfolio.view.name')).fill('Heute');
		await page.getByLabel(john.t('portfolio.view.share')).check();
		await page.getByRole('button', { name: john.t('web.save'), exact: true }).first().click();
		const view = page.getByRole('navigation', { name: john.t('portfolio.views') }).getByRole('link', { name: /^Heute/ });
		await view.waitFor();
		const kept = await names(john);
		await page.goto(`${origin}/`);
		await view.click();
		await page.waitForURL(/show=needs&sort=amount|sort=amount&show=needs/);
		assert.deepEqual(await names(john), kept);
		assert.equal(await view.getAttribute('aria-current'), 'page');

		// Keys: one stop for all rows, j and the arrows go on, / finds, ? shows them.
		await page.goto(`${origin}/`);
		const focused = () => page.evaluate(() => document.activeElement.querySelector?.('b')?.textContent ?? document.activeElement.id);
		const order = await names(john);
		await page.keyboard.press('j');
		assert.equal(await focused(), order[0]);
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('j');
		assert.equal(await focused(), order[2]);
		await page.keyboard.press('k');
		assert.equal(await focused(), order[1]);
		assert.equal(await page.locator('a[data-row][tabindex="0"]').count(), 1);
		await page.keyboard.press('End');
		assert.equal(await focused(), order.at(-1));
		await page.keyboard.press('?');
		await page.getByRole('dialog', { name: john.t('web.keys') }).waitFor();
		await page.keyboard.press('Escape');
		await page.keyboard.press('/');
		assert.equal(await focused(), 'f-q');
		await page.keyboard.type('donau');
		await page.keyboard.press('Enter');
		await page.waitForURL(/q=donau/);
		assert.deepEqual(await names(john), ['Donau Energie AG']);

		// A remark, in place; nothing of it for the buyer.
		await page.goto(`${origin}/?q=nordwerk`);
		const secret = 'Der CFO ist der Engpass';
		const row = rows(john).first();
		await row.locator('details.move summary').click();
		await row.getByLabel(john.t('portfolio.remark'), { exact: true }).fill(secret);
		await row.getByRole('button', { name: john.t('web.save') }).click();
		await row.locator('.remark', { hasText: secret }).waitFor();
		assert.match(page.url(), /q=nordwerk/);
		const sarah = await person(t, { lang });
		await sarah.page.goto(buyer);
		await sarah.page.waitForURL(/\/plans\/[0-9a-f]+$/);
		const plan = sarah.page.url();
		for (const path of ['', '/table', '/history', '/people', '/mine', '/take/plan.json', '/take/history.jsonl']) {
			const answer = await sarah.page.request.get(plan + path);
			assert.ok(!(await answer.text()).includes(secret), path);
		}

		// Enter opens the plan one stands on.
		await page.keyboard.press('Escape');
		await page.locator('a[data-row]').first().focus();
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/plans\/[0-9a-f]+$/);

		// The pilot view counts, with the plans behind each number.
		await page.goto(`${origin}/pilot`);
		assert.equal(await page.locator('.figures .number').count(), 4);
		for (const n of await page.locator('.figures .number b').allTextContents()) assert.match(n, /^\d+ (von|of) \d+$/);
		await page.locator('.figures details[open] a').first().click();
		await page.waitForURL(/\/plans\/[0-9a-f]+$/);
	});
}

test('the portfolio on a phone, without a script', async (t) => {
	const { seller, origin } = await demo(t, 'de');
	const john = await person(t, { lang: 'de', view: phone, javaScriptEnabled: false });
	await john.page.goto(seller);
	for (const path of ['/', '/?show=needs&sort=decide', '/pilot']) {
		await john.page.goto(origin + path);
		const box = await john.page.locator('main').boundingBox();
		assert.ok(box.width <= phone.width, `${path} is ${box.width} wide`);
	}
	await john.page.goto(`${origin}/`);
	await john.page.getByLabel(john.t('portfolio.find')).fill('klinikum');
	await john.page.getByRole('button', { name: john.t('portfolio.go') }).click();
	assert.deepEqual(await names(john), ['Elbe Klinikum']);
	await rows(john).locator('details.move summary').click();
	await rows(john).getByLabel(john.t('portfolio.remark'), { exact: true }).fill('Am Montag anrufen');
	await rows(john).getByRole('button', { name: john.t('web.save') }).click();
	await rows(john).locator('.remark', { hasText: 'Am Montag anrufen' }).waitFor();
});
