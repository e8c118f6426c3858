// What is internal to a side never reaches a browser of the other: not in any
// page, answer, header, file or live message.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, soon } from './lib/people.mjs';
import { asFile, planFile } from './lib/file.mjs';
import { meet, open, row, said, sheet } from './lib/plan.mjs';
import { run } from './lib/program.mjs';

after(closeBrowser);

// wiretap records all a page receives, byte for byte.
async function wiretap(p) {
	const cdp = await p.context.newCDPSession(p.page);
	await cdp.send('Network.enable', { maxTotalBufferSize: 1 << 27, maxResourceBufferSize: 1 << 26 });
	const heard = [];
	const unheard = [];
	const open = new Map(); // requests whose answer has not been recorded, by id
	cdp.on('Network.requestWillBeSent', ({ requestId, type, request: { url } }) => {
		// The live stream is heard message by message; scripts and styles are the
		// same for everybody and lie in the program; data: is the browser's own.
		if (type !== 'EventSource' && url.startsWith('http') && !new URL(url).pathname.startsWith('/static/')) open.set(requestId, url);
	});
	cdp.on('Network.responseReceived', ({ response }) => heard.push(JSON.stringify(response.headers)));
	cdp.on('Network.responseReceivedExtraInfo', ({ headers }) => heard.push(JSON.stringify(headers)));
	cdp.on('Network.eventSourceMessageReceived', ({ eventId, data }) => heard.push(`live ${eventId}\n${data}`));
	cdp.on('Network.loadingFailed', ({ requestId }) => open.delete(requestId));
	cdp.on('Network.loadingFinished', async ({ requestId }) => {
		const url = open.get(requestId);
		if (!url) return;
		try {
			const { body, base64Encoded } = await cdp.send('Network.getResponseBody', { requestId });
			heard.push(url + '\n' + (base64Encoded ? Buffer.from(body, 'base64').toString() : body));
		} catch (e) {
			unheard.push(`${url}: ${e.message}`);
		}
		open.delete(requestId);
	});
	return {
		heard,
		async all() {
			await soon('every answer is recorded', () => open.size === 0);
			assert.deepEqual(unheard, [], 'an answer was not recorded');
			return heard.join('\n');
		},
	};
}

// secrets makes everything a side can keep to itself.
async function secrets(p, step, other, own, marker) {
	const detail = await open(p, step);
	const box = detail.locator('details.private');
	if (!await box.evaluate((el) => el.open)) await box.locator('summary').click();
	await box.getByLabel(p.t('plan.notes.field', { Name: own })).fill(`${marker} note`);
	await box.getByRole('button', { name: p.t('web.save'), exact: true }).click();
	await box.locator('li').getByText(`${marker} note`).waitFor();
	const form = await sheet(p, 'plan.step');
	await form.getByLabel(p.t('plan.field.title'), { exact: true }).fill(`${marker} step`);
	await form.getByLabel(p.t('plan.field.due'), { exact: true }).fill('2028-05-09');
	await form.getByLabel(p.t('plan.field.internal', { Name: own })).check();
	await form.getByRole('button', { name: p.t('plan.sheet.items.send'), exact: true }).click();
	await row(p, `${marker} step`).waitFor();
	await row(p, `${marker} step`).getByRole('button', { name: p.t('plan.move.report') }).click();
	await said(p, 'moves.said.report');
}

// everything visits all of a plan's pages and takes all its files away.
async function everything(p, tap, address, folder) {
	const files = [];
	const { page } = p;
	const visit = async (path) => {
		await tap.all(); // before the page goes and its answers with it
		await page.goto(address + path);
		await page.waitForLoadState('load');
	};
	for (const path of ['', '/table', '/people', '/goals', '/risks', '/history', '/receipt', '/take', '/accept', '/items/new']) await visit(path);
	await visit('');
	const steps = await page.locator('article.item [data-open]').evaluateAll((links) => links.map((a) => new URL(a.href).pathname));
	assert.ok(steps.length >= 9);
	for (const path of steps) {
		await tap.all();
		await page.goto(new URL(path, address).href);
	}
	for (const file of ['../plan.json', 'table.csv', 'table.xlsx', 'plan.json', 'history.jsonl', 'history-own.jsonl']) {
		const answer = await p.context.request.get(`${address}/take/${file}`);
		assert.equal(answer.status(), 200, file);
		const body = await answer.body();
		files.push([file, body.toString()]);
		if (file !== 'table.xlsx') continue;
		const at = join(folder, 'table.xlsx');
		writeFileSync(at, body);
		await run('convert', at, join(folder, 'table.plan.json'), '--buyer', 'Nordwerk AG', '--seller', 'Acme Cloud');
		files.push(['table.xlsx, read', readFileSync(join(folder, 'table.plan.json'), 'utf8')]);
	}
	await visit('');
	return files;
}

for (const agreed of [false, true]) {
	test(`nothing internal reaches the other side, ${agreed ? 'after' : 'before'} the agreement`, async (t) => {
		const plan = planFile(9);
		plan.actions[0].notes = 'Zebrafink imported';
		const { server, john, sarah, address } = await meet(t, { file: asFile(plan), agreed });
		const [one, two] = [plan.actions[0].title, plan.actions[1].title];
		const taps = { john: await wiretap(john), sarah: await wiretap(sarah) };
		await john.page.goto(address);
		await sarah.page.goto(address);
		const bar = await sarah.page.locator('#bar').innerText();
		const head = await sarah.page.locator('#head').innerText();

		await secrets(john, two, 'Nordwerk', 'Acme Cloud', 'Zebrafink');
		// Something shared after it: once that has arrived, all before it has.
		const detail = await open(john, two);
		await detail.getByLabel(john.t('plan.talk.field', { Name: 'Nordwerk' })).fill('For both of us.');
		await detail.getByRole('button', { name: john.t('plan.talk.send'), exact: true }).click();
		await soon('the shared comment arrives', async () => (await row(sarah, two).innerText()).includes(sarah.t('plan.row.comments', { N: 1 })));
		assert.equal(await sarah.page.locator('#bar').innerText(), bar, 'no count tells');
		assert.equal(await sarah.page.locator('#head').innerText(), head, 'no progress tells');
		await secrets(sarah, one, 'Acme Cloud', 'Nordwerk', 'Eisvogel');

		const files = { john: await everything(john, taps.john, address, server.folder), sarah: await everything(sarah, taps.sarah, address, server.folder) };
		for (const [who, own, others] of [['john', 'Zebrafink', 'Eisvogel'], ['sarah', 'Eisvogel', 'Zebrafink']]) {
			const heard = await taps[who].all();
			assert.ok(heard.includes(`${own} note`) && heard.includes(`${own} step`), `${who} receives their own`);
			assert.ok(taps[who].heard.some((x) => x.startsWith('live ')), `${who} has a live stream that is recorded`);
			const found = heard.indexOf(others);
			assert.equal(found, -1, `${who} received: ${heard.slice(Math.max(0, found - 200), found + 100)}`);
			for (const [name, text] of files[who]) assert.ok(!text.includes(others), `${who} takes away ${name} with ${others}`);
		}
		assert.ok(files.john.some(([name, text]) => name === 'plan.json' && text.includes('Zebrafink imported')), 'a side takes its own notes along');
	});
}
