// Signing in: by mail (also with the mailbox on another device, and with a
// scanner that opens every link), through an identity provider at its real
// page, with a passkey of Chromium's virtual authenticator; and one's own
// access. PICTURES=DIR keeps pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { mailbox } from './lib/mailbox.mjs';
import { closeBrowser, desktop, person, phone, soon } from './lib/people.mjs';
import { begin } from './lib/plan.mjs';
import { freePort, provider, serveAt } from './lib/program.mjs';

after(closeBrowser);

const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const shots = process.env.PICTURES;

// looked runs axe on a page in both colour schemes, wide and narrow, and sees
// that it fits.
async function looked(p, name) {
	for (const [size, view] of [['desktop', desktop], ['phone', phone]]) {
		await p.page.setViewportSize(view);
		for (const colorScheme of ['light', 'dark']) {
			await p.page.emulateMedia({ colorScheme });
			await p.page.evaluate(axe);
			const { violations } = await p.page.evaluate((r) => window.axe.run(document, { runOnly: r, resultTypes: ['violations'] }), rules);
			assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`), [], `${name}, ${size}, ${colorScheme}`);
			const wide = await p.page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
			assert.ok(wide <= 0, `${name}, ${size}: ${wide} px too wide`);
			if (shots) {
				mkdirSync(shots, { recursive: true });
				await p.page.screenshot({ path: `${shots}/${p.lang}-${name}-${size}-${colorScheme}.png`, fullPage: true });
			}
		}
	}
	await p.page.setViewportSize(desktop);
	await p.page.emulateMedia({ colorScheme: 'light' });
}

const email = 'john.martinez@acme.example';

// house is a server with mail and an identity provider, and its administrator.
async function house(t, lang) {
	const box = await mailbox(t);
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const issuer = await provider(t, `${origin}/sign-in/callback`);
	const server = await serveAt(t, port, '--base-url', origin, '--smtp-addr', box.addr, '--smtp-security', 'none', '--mail-from', 'Acme <plans@acme.example>',
		'--oidc-issuer', issuer, '--oidc-client-id', 'tandem', '--oidc-client-secret', 'client-secret', '--oidc-label', 'Acme SSO');
	const john = await person(t, { lang });
	await begin(john, server.setup, 'John Martinez', email);
	return { box, origin, issuer, server, john };
}

// ask asks for a mail on the page to sign in.
async function ask(p, origin, address = email) {
	const { page, t } = p;
	await page.goto(`${origin}/sign-in`);
	await page.getByLabel(t('identity.signin.email'), { exact: true }).fill(address);
	await page.getByRole('button', { name: t('identity.signin.go') }).click();
	await page.getByRole('heading', { name: t('identity.asked.title') }).waitFor();
}

const signedIn = (p) => p.page.getByRole('link', { name: p.t('portfolio.nav') }).first().waitFor();

for (const lang of ['de', 'en']) {
	test(`by mail, ${lang}`, async (t) => {
		const { box, origin } = await house(t, lang);
		const p = await person(t, { lang });
		await p.page.goto(origin);
		await looked(p, 'welcome');
		await p.page.getByRole('link', { name: p.t('identity.welcome.signin') }).click();
		await p.page.getByRole('heading', { name: p.t('identity.signin.title') }).waitFor();
		await looked(p, 'sign-in');
		await ask(p, origin);
		await looked(p, 'asked');
		const mail = await box.next(email);
		const link = mail.link('/in/');
		assert.ok(link.startsWith(`${origin}/in/`) && mail.code, mail.text);
		assert.ok(!/https?:/.test(mail.html.replaceAll(origin, '').replace(/http:\/\/www\.w3\.org\S*/g, '')), 'the mail leads elsewhere');

		// A scanner opens the link and runs what is there, in a browser of its own.
		const scanner = await person(t, { lang });
		for (let n = 0; n < 3; n++) await scanner.page.goto(link, { waitUntil: 'networkidle' });
		await scanner.page.getByRole('heading', { name: scanner.t('identity.elsewhere.title') }).waitFor();
		assert.equal(await scanner.page.locator('main form, main button').count(), 0, 'there is something to press where nothing was asked for');
		await looked(scanner, 'elsewhere');
		assert.deepEqual((await scanner.context.cookies()).map((c) => c.name), [], 'opening the link left a cookie');

		// Even in the browser that asked, opening is not signing in.
		await p.page.goto(link, { waitUntil: 'networkidle' });
		await looked(p, 'link');
		const other = await p.context.newPage();
		await other.goto(origin);
		await other.getByRole('link', { name: p.t('identity.welcome.signin') }).waitFor();
		await other.close();
		await p.page.getByRole('button', { name: p.t('pages.signin.go') }).click();
		await signedIn(p);
		const cookie = (await p.context.cookies()).find((c) => c.name === 'tandem');
		assert.ok(cookie.httpOnly && cookie.sameSite === 'Lax');

		// The mailbox is on another device: the code does it, typed by keyboard.
		const desk = await person(t, { lang, view: phone });
		await ask(desk, origin);
		const second = await box.next(email);
		desk.expects(/422/);
		await desk.page.getByLabel(desk.t('identity.asked.code'), { exact: true }).fill('0000 0000');
		await desk.page.keyboard.press('Enter');
		await desk.page.getByRole('alert').filter({ hasText: desk.t('identity.fault.code', { N: 4 }) }).waitFor();
		await looked(desk, 'wrong-code');
		await desk.page.getByLabel(desk.t('identity.asked.code'), { exact: true }).fill(second.code);
		await desk.page.keyboard.press('Enter');
		await signedIn(desk);
	});

	test(`through an identity provider, ${lang}`, async (t) => {
		const { origin, issuer, john } = await house(t, lang);
		const through = async (p, login) => {
			p.expects(/favicon\.ico/); // the provider has none
			await p.page.goto(`${origin}/sign-in`);
			await p.page.getByRole('button', { name: p.t('identity.signin.with', { Provider: 'Acme SSO' }) }).click();
			await p.page.waitForURL((u) => u.href.startsWith(issuer)); // its own page
			await p.page.locator('[name=username]').fill(login);
			await p.page.locator('[name=password]').fill('pw');
			await p.page.locator('[type=submit]').click();
			await p.page.waitForURL((u) => u.origin === origin);
		};
		const early = await person(t, { lang });
		early.expects(/403/);
		await through(early, 'john');
		await early.page.getByText(early.t('identity.fault.provider.nobody', { Provider: 'Acme SSO' })).waitFor();
		await looked(early, 'nobody');

		await john.page.goto(`${origin}/workspace`);
		const form = john.page.locator('form[action^="/workspace/providers/"]');
		await form.getByLabel(john.t('identity.beliefs.on')).check();
		await form.getByLabel(john.t('identity.beliefs.domains'), { exact: true }).fill('acme.example');
		await form.getByRole('button', { name: john.t('web.save') }).click();
		await john.page.getByText(john.t('identity.beliefs.saved')).waitFor();
		await looked(john, 'workspace');

		const p = await person(t, { lang });
		await through(p, 'john');
		await signedIn(p);
		await p.page.goto(`${origin}/account`);
		await p.page.getByText(p.t('identity.logins.connected'), { exact: true }).waitFor();

		const eve = await person(t, { lang });
		eve.expects(/403/);
		await through(eve, 'eve'); // the same address, which nobody verified
		await eve.page.getByText(eve.t('identity.fault.provider.nobody', { Provider: 'Acme SSO' })).waitFor();
	});

	test(`with a passkey, ${lang}`, async (t) => {
		const { origin, john: p, box } = await house(t, lang);
		const device = await p.context.newCDPSession(p.page);
		await device.send('WebAuthn.enable');
		const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal',
			hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
		await p.page.goto(`${origin}/account`);
		await p.page.getByLabel(p.t('identity.passkeys.name'), { exact: true }).fill('Notebook');
		await p.page.getByRole('button', { name: p.t('identity.passkeys.make') }).click();
		await p.page.getByText(p.t('identity.passkeys.done')).waitFor();
		await p.page.getByText('Notebook', { exact: true }).waitFor();
		const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId });
		assert.equal(credentials.length, 1);
		assert.ok(credentials[0].isResidentCredential && credentials[0].rpId === 'localhost');
		await box.next(email); // told that there is a new way in
		await looked(p, 'account');

		// The same device makes no second one.
		p.expects(/409/);
		await p.page.getByRole('button', { name: p.t('identity.passkeys.make') }).click();
		await p.page.getByRole('alert').filter({ hasText: p.t('identity.fault.passkey.there') }).waitFor();

		await p.page.context().clearCookies();
		await p.page.goto(`${origin}/sign-in`);
		const button = p.page.getByRole('button', { name: p.t('identity.signin.passkey') });
		// Whoever is not there is not signed in, and told.
		await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
		await button.click();
		await p.page.getByRole('alert').filter({ hasText: p.t('identity.passkey.cancelled') }).waitFor();
		await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
		await button.click();
		await signedIn(p);

		await p.page.goto(`${origin}/account`);
		await p.page.getByLabel(p.t('identity.passkeys.change.which', { Name: 'Notebook' })).click();
		await p.page.getByRole('button', { name: p.t('identity.passkeys.remove') }).click();
		await p.page.getByText(p.t('identity.passkeys.removed')).waitFor();
		await p.page.context().clearCookies();
		await p.page.goto(`${origin}/sign-in`);
		await p.page.getByRole('button', { name: p.t('identity.signin.passkey') }).click();
		await p.page.getByRole('alert').filter({ hasText: p.t('identity.fault.passkey.unknown') }).waitFor();
	});
}

test('an ended session: the next request is refused, an open page closes within a second', async (t) => {
	const lang = 'de';
	const { box, origin, john } = await house(t, lang);
	await john.page.goto(`${origin}/new`);
	await john.page.locator('form[action="/new/sample"] button').first().click();
	await john.page.waitForURL(/\/plans\/[0-9a-f]+$/);
	const plan = john.page.url();
	const lost = await person(t, { lang });
	await ask(lost, origin);
	const mail = await box.next(email);
	await lost.page.goto(mail.link('/in/'));
	await lost.page.getByRole('button', { name: lost.t('pages.signin.go') }).click();
	await signedIn(lost);
	const streams = [];
	lost.page.on('response', (r) => { if (/\/live$/.test(new URL(r.url()).pathname)) streams.push(r); });
	await lost.page.goto(plan);
	await soon('the page is live', () => streams.length > 0);

	await john.page.goto(`${origin}/account`);
	await looked(john, 'browsers');
	lost.expects(/404/);
	await john.page.getByRole('button', { name: /beenden: / }).first().click();
	const began = performance.now();
	await lost.page.getByRole('heading', { name: lost.t('pages.trouble.missing') }).waitFor({ timeout: 5000 }).catch(() => {});
	const took = performance.now() - began;
	assert.ok(took < 1000, `it took ${Math.round(took)} ms; the page says ${await lost.page.locator('h1').innerText()}`);
	await lost.page.goto(`${origin}/workspace`);
	assert.equal(await lost.page.getByRole('link', { name: lost.t('portfolio.nav') }).count(), 0);
	await john.page.goto(plan);
	await john.page.getByRole('heading', { level: 1 }).waitFor();
});
