// The first visit to a plan of a hundred steps, as it comes over the line.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person } from './lib/people.mjs';
import { asFile, planFile } from './lib/file.mjs';
import { meet } from './lib/plan.mjs';

after(closeBrowser);

test('a first visit to a plan of 100 steps is under 60 KB in all', async (t) => {
	const { sarah, address } = await meet(t, { file: asFile(planFile(100)) });
	const fresh = await person(t, { lang: 'de' });
	await fresh.context.addCookies(await sarah.context.cookies());
	const cdp = await fresh.context.newCDPSession(fresh.page);
	await cdp.send('Network.enable');
	const urls = new Map();
	const sizes = new Map();
	cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, new URL(request.url).pathname));
	cdp.on('Network.dataReceived', ({ requestId, encodedDataLength }) => sizes.set(requestId, (sizes.get(requestId) ?? 0) + encodedDataLength));
	cdp.on('Network.responseReceived', ({ requestId, response }) => sizes.set(requestId, (sizes.get(requestId) ?? 0) + response.encodedDataLength));
	cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
	await fresh.page.goto(address);
	assert.equal(await fresh.page.locator('article.item').count(), 100);
	await fresh.page.waitForLoadState('load');
	await fresh.page.locator('#presence .stack > *').first().waitFor({ state: 'attached' }); // the live stream has begun, too
	let all = 0;
	for (const [id, size] of sizes) {
		t.diagnostic(`${size} bytes: ${urls.get(id)}`);
		all += size;
	}
	t.diagnostic(`${all} bytes in all`);
	assert.ok(sizes.size >= 3, 'page, style and script are counted');
	assert.ok(all < 60_000, `${all} bytes`);
});
