// The mails of the golden files, drawn as mail programs draw them: 600 and 360
// pixels wide, light and dark. PICTURES=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { browser, closeBrowser } from './lib/people.mjs';

const folder = new URL('../../internal/mail/testdata/golden/', import.meta.url);
const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const shots = process.env.PICTURES;

after(closeBrowser);

for (const [width, colorScheme] of [[640, 'light'], [640, 'dark'], [360, 'light'], [360, 'dark']]) {
	test(`mails ${width} pixels wide, ${colorScheme}`, async () => {
		const context = await (await browser()).newContext({ viewport: { width, height: 900 }, colorScheme, deviceScaleFactor: shots ? 1.5 : 1 });
		const page = await context.newPage();
		const asked = [];
		page.on('request', (r) => { if (!r.url().startsWith('data:') && r.url() !== 'about:blank') asked.push(r.url()); });
		const names = readdirSync(folder).filter((n) => n.endsWith('.html'));
		assert.ok(names.length >= 26, 'every kind of mail in both languages');
		for (const name of names) {
			await page.setContent(readFileSync(new URL(name, folder), 'utf8'));
			const wide = await page.evaluate(() => document.documentElement.scrollWidth);
			assert.ok(wide <= width, `${name} is ${wide} pixels wide`);
			await page.evaluate(axe);
			const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
			assert.deepEqual(violations.map((v) => [v.id, v.nodes.map((n) => n.html)]), [], name);
			if (shots) {
				mkdirSync(shots, { recursive: true });
				await page.screenshot({ path: `${shots}/${name.replace('.html', '')}-${width}-${colorScheme}.png`, fullPage: true });
			}
		}
		assert.deepEqual(asked, [], 'a mail loads nothing');
		await context.close();
	});
}
