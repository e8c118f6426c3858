// A plan on paper.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

test('a plan prints as a page one would hand on', async (t) => {
	const { seller } = await demo(t, 'de');
	const p = await person(t, { lang: 'de' });
	await p.page.goto(seller);
	await p.page.waitForURL(/\/plans\/[0-9a-f]+$/);
	const pdf = await p.page.pdf({ format: 'A4', printBackground: true });
	const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
	t.diagnostic(`${pages} pages`);
	assert.ok(pages >= 1 && pages <= 4, `${pages} pages`);
	await p.page.emulateMedia({ media: 'print' });
	for (const gone of ['header.top', '#bar', '.quick', '#asks', 'dialog', '.skip']) {
		for (const el of await p.page.locator(gone).all()) assert.equal(await el.isVisible(), false, `${gone} is not for paper`);
	}
	for (const there of ['h1', '#head .crumb', 'article.item h3', '#decision', '#foot']) assert.ok(await p.page.locator(there).first().isVisible(), `${there} is`);
	const hidden = await p.page.locator('article.item h3').evaluateAll((all) => all.filter((el) => !el.checkVisibility()).length);
	assert.equal(hidden, 0, 'folded steps are printed');
	const wide = await p.page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth);
	assert.ok(wide, 'nothing is cut off');
});
