// Every page and state there is, in both languages, light and dark, on a
// desktop and a phone: axe finds nothing, and at 400 % zoom nothing has to be
// scrolled sideways. With PICTURES=folder it leaves a picture of each of them,
// for people to look at. PAGES=words looks only at pages whose name matches.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, desktop, phone } from './lib/people.mjs';
import { doors, method, plans } from './lib/tour.mjs';

after(closeBrowser);

const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const pictures = process.env.PICTURES;
const only = new RegExp(process.env.PAGES ?? '');

function inspector(lang) {
	const found = [];
	const known = new Map(); // the same thing in another state is told once
	let looked = 0;
	const visit = async (name, { page }) => {
		if (!only.test(name)) return;
		const note = (what) => found.push(`${name} (${page.url().replace(/^.*?\d\//, '/').replace(/[0-9a-f]{24}/g, '…')}): ${what}`);
		for (const [size, viewport] of [['desktop', desktop], ['phone', phone]]) {
			await page.setViewportSize(viewport);
			for (const colorScheme of ['light', 'dark']) {
				await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
				looked++;
				if (pictures) {
					mkdirSync(pictures, { recursive: true });
					await page.screenshot({ path: join(pictures, `${name.replace(/[^\w]+/g, '-')}.${lang}.${size}.${colorScheme}.png`), fullPage: !await page.locator('dialog[open]').count() });
				}
				if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
				// Dark differs from light in its colours only.
				const { violations } = await page.evaluate((options) => window.axe.run(document, options),
					colorScheme === 'light' ? { runOnly: rules, resultTypes: ['violations'] } : { runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'] });
				for (const v of violations) {
					for (const n of v.nodes) {
						const what = `${v.id}: ${n.any[0]?.message ?? v.help} ${n.html.slice(0, 200).replace(/[0-9a-f]{24}/g, '…')}`;
						if (!known.has(what)) note(`${size}, ${colorScheme}: ${what}`);
						known.set(what, true);
					}
				}
			}
		}
		await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
		await page.setViewportSize({ width: 320, height: 640 }); // 1280 at 400 %
		const wide = await page.evaluate(() => {
			const page = document.scrollingElement;
			if (page.scrollWidth <= 320) return null;
			const far = [...document.querySelectorAll('main *, header *')].filter((el) => el.getBoundingClientRect().right > 321).map((el) => el.outerHTML.slice(0, 100));
			return `${page.scrollWidth} px, ${far.slice(0, 3).join(' | ')}`;
		});
		const cut = await page.evaluate(() => [...document.querySelectorAll('details.menu[open] > div')].some((menu) => {
			const { left, right } = menu.getBoundingClientRect();
			return left < 0 || right > innerWidth;
		}));
		if (cut) note('a menu is cut off on a narrow page');
		if (wide) note(`has to be scrolled sideways at 400 %: ${wide}`);
		if (pictures) await page.screenshot({ path: join(pictures, `${name.replace(/[^\w]+/g, '-')}.${lang}.zoom.png`), fullPage: true });
		await page.setViewportSize(desktop);
	};
	return { visit, found, looked: () => looked };
}

for (const lang of ['de', 'en']) {
	for (const [what, tour] of [['the doors', doors], ['the plans', plans], ['the method', method]]) {
		test(`axe finds nothing: ${what}, ${lang}`, async (t) => {
			const { visit, found, looked } = inspector(lang);
			await tour(t, lang, visit).catch((e) => found.push(`the tour stopped: ${e.stack}`));
			t.diagnostic(`${looked()} states looked at`);
			assert.deepEqual(found, []);
		});
	}
}
