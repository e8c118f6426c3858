// The buyer's decision paper: written inside, conflicts shown, shared when its
// writers say so, and one page on paper.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person } from './lib/people.mjs';
import { demo } from './lib/program.mjs';

after(closeBrowser);

async function plan(t, lang, link) {
	const p = await person(t, { lang });
	await p.page.goto(link);
	await p.page.waitForURL(/\/plans\/[0-9a-f]+/);
	p.address = p.page.url().match(/^.*\/plans\/[0-9a-f]+/)[0];
	return p;
}

for (const lang of ['de', 'en']) {
	test(`a decision paper stays inside until it is shared, ${lang}`, async (t) => {
		const { seller, buyer } = await demo(t, lang);
		const sarah = await plan(t, lang, buyer);
		const john = await plan(t, lang, seller);
		john.expects(/answer: 404/, /status of 404/);
		const paper = `${sarah.address}/paper`;
		assert.equal((await john.page.goto(paper)).status(), 404);
		await john.page.goto(john.address);
		assert.doesNotMatch(await john.page.content(), new RegExp(`${john.t('paper.title')}|/paper`), 'the seller sees that there is one');

		await sarah.page.goto(sarah.address);
		await sarah.page.locator('#bar details.menu summary, details.menu summary').last().click();
		await sarah.page.getByRole('link', { name: sarah.t('paper.title'), exact: true }).click();
		await sarah.page.waitForURL(/\/paper$/);
		await sarah.page.getByText(sarah.like('paper.lead.internal')).waitFor();

		// Two write the same part: nothing is lost.
		const edit = async (p) => {
			await p.page.goto(`${paper}?edit=advice`);
			return p.page.locator('#f-advice textarea');
		};
		const other = await plan(t, lang, buyer);
		const late = await edit(other);
		other.expects(/answer: 409/, /status of 409/);
		const mine = await edit(sarah);
		await mine.fill('Wir beginnen in einem Werk.');
		await sarah.page.getByRole('button', { name: sarah.t('web.save'), exact: true }).click();
		await sarah.page.locator('#advice').getByText('Wir beginnen in einem Werk.').waitFor();
		await late.fill('Wir warten bis Herbst.');
		await other.page.getByRole('button', { name: other.t('web.save'), exact: true }).click();
		await other.page.getByRole('alert').getByText('Wir beginnen in einem Werk.').waitFor();
		assert.equal(await other.page.locator('#f-advice textarea').inputValue(), 'Wir warten bis Herbst.');

		// It prints on one page.
		await sarah.page.goto(paper);
		const pdf = await sarah.page.pdf({ format: 'A4', printBackground: true });
		assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1, 'it takes more than one page');
		await sarah.page.emulateMedia({ media: 'print' });
		for (const gone of ['header.top', '.crumb', '.acts', '.by', '.lead', '.hint']) {
			for (const el of await sarah.page.locator(gone).all()) assert.equal(await el.isVisible(), false, `${gone} is not for paper`);
		}
		assert.equal(await sarah.page.locator('.sheet h2:visible').count(), 7, 'every part is on it');
		await sarah.page.emulateMedia({ media: 'screen' });

		// Shared, as it stands; what is written later stays.
		await sarah.page.getByText(sarah.like('paper.do.share')).click();
		await sarah.page.getByRole('button', { name: sarah.like('paper.share.go') }).click();
		await sarah.page.locator('#notice').getByText(sarah.like('paper.said.shared')).waitFor();
		await john.page.goto(paper);
		await john.page.locator('#advice').getByText('Wir beginnen in einem Werk.').waitFor();
		assert.equal(await john.page.locator('textarea').count(), 0);
		const after = await edit(sarah);
		await after.fill('Nur unter uns: höchstens 40.000 €.');
		await sarah.page.getByRole('button', { name: sarah.t('web.save'), exact: true }).click();
		await sarah.page.getByText(sarah.like('paper.lead.changed')).waitFor();
		await john.page.reload();
		assert.doesNotMatch(await john.page.content(), /40\.000/);
	});
}
