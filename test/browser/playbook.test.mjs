// The playbook in a browser: read from a moment in a plan and back into it,
// replaced in a workspace's words with a preview, hostile words that stay
// words, an earlier version, and back to the product's text. The other side
// finds no way in.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

const hostile = `## Unser Weg

Ein **fester** Satz. <script>document.title = 'gone'</script>

<img src="https://evil.example/a.png" onerror="document.title = 'gone'"><iframe src="https://evil.example"></iframe>

![Bild](https://evil.example/b.png) [klick](javascript:document.title='gone') [Check-ins](/plans/{plan}/check-ins)

<form action="/sign-out" method="post"><button>Weg</button></form>
<style>main { display: none }</style>`;

for (const lang of ['de', 'en']) {
	test(`read, replaced, given back (${lang})`, async (t) => {
		const { seller, buyer, origin } = await demo(t, lang);
		const p = await person(t, { lang });
		const { page } = p;
		await page.goto(seller);
		await page.waitForURL(/\/plans\/[0-9a-f]+$/);
		const plan = page.url();

		// From the moment to its page, and from there into the plan.
		await page.goto(`${plan}/check-ins`);
		await page.locator('a[data-playbook]').click();
		await page.getByRole('heading', { level: 1, name: p.t('playbook.page.check-in') }).waitFor();
		await page.locator('.pb-text').getByRole('link', { name: 'Check-ins', exact: false }).first().click();
		await page.waitForURL(`${plan}/check-ins`);

		// Over the head to the overview, and through all pages by the keyboard's way.
		await page.locator('header nav').getByRole('link', { name: 'Playbook' }).click();
		await page.getByRole('heading', { level: 1, name: p.t('playbook.title') }).waitFor();
		await page.locator('.pb-list').first().getByRole('link').first().click();
		let read = 1;
		for (let next = page.locator('a[rel=next]'); await next.count(); next = page.locator('a[rel=next]')) {
			const before = page.url();
			await next.click();
			await page.waitForURL((u) => u.href !== before);
			await page.locator('.pb h1').waitFor();
			read++;
		}
		assert.ok(read >= 13, `${read} pages`);

		// Replaced, with a preview first; hostile words stay words.
		await page.goto(`${origin}/playbook/obstacles`);
		await page.getByRole('link', { name: p.t('playbook.edit'), exact: true }).click();
		await page.getByLabel(p.t('playbook.field.title'), { exact: true }).fill('Was klemmt');
		await page.getByLabel(p.t('playbook.field.text'), { exact: true }).fill(hostile);
		await page.getByRole('button', { name: p.t('playbook.preview'), exact: true }).click();
		await page.getByText(p.t('playbook.preview.is')).waitFor();
		assert.equal(await page.getByLabel(p.t('playbook.field.text'), { exact: true }).inputValue(), hostile, 'the preview keeps what was typed');
		await page.getByRole('button', { name: p.t('web.save'), exact: true }).click();
		await page.getByRole('heading', { level: 1, name: 'Was klemmt' }).waitFor();
		const text = page.locator('.pb-text');
		assert.equal(await text.locator('script, img, iframe, form, style, button').count(), 0, 'nothing but words');
		assert.deepEqual(await text.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))), [], 'no link that leads to a script, and none to no plan');
		assert.match(await text.innerText(), /Ein fester Satz\./);
		assert.doesNotMatch(await page.title(), /gone/);

		// Another language and the overview.
		await page.goto(`${origin}/playbook`);
		await page.getByRole('link', { name: 'Was klemmt' }).waitFor();

		// Back to the product's text; the words are kept.
		await page.goto(`${origin}/playbook/obstacles/edit`);
		await page.getByRole('button', { name: p.t('playbook.return'), exact: true }).click();
		await page.getByRole('heading', { level: 1, name: p.t('playbook.page.obstacles') }).waitFor();
		await page.goto(`${origin}/playbook/obstacles/edit`);
		await page.locator('.pb-versions').getByRole('link', { name: 'Was klemmt' }).click();
		await page.waitForURL(/version=1/);
		assert.equal(await page.getByLabel(p.t('playbook.field.text'), { exact: true }).inputValue(), hostile, 'an earlier version fills the form');

		// The other side: no link, no page.
		const sarah = await person(t, { lang });
		sarah.expects(/answer: 404/, /status of 404/);
		await sarah.page.goto(buyer);
		await sarah.page.waitForURL(/\/plans\/[0-9a-f]+$/);
		for (const path of ['', '/check-ins', '/propose']) {
			await sarah.page.goto(plan + path);
			assert.equal(await sarah.page.locator('a[href*="/playbook"]').count(), 0, `${path} leads the other side to the playbook`);
		}
		for (const path of ['/playbook', '/playbook/obstacles', '/playbook/obstacles/edit']) {
			const answer = await sarah.page.goto(origin + path);
			assert.equal(answer.status(), 404, path);
		}
	});
}
