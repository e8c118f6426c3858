// The program under test: TANDEM_BIN, on a port of its own, with a file of its
// own that goes with it.
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { atEnd } from './teardown.mjs';

const bin = process.env.TANDEM_BIN;
if (!bin) throw new Error('TANDEM_BIN names no program; run scripts/browser');

// freePort asks the system for one, so that a server can come back on it.
export async function freePort() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

const listening = /(http:\S+?)\.?$/; // the line that names the address

class Program {
	constructor(args, file = bin) { this.args = args; this.file = file; this.said = ''; }

	// start runs the program until it has printed a line for every pattern, and
	// returns what their groups caught.
	async start(...patterns) {
		const child = spawn(this.file, this.args, { stdio: ['ignore', 'pipe', 'pipe'] });
		this.child = child;
		let out = '';
		const found = patterns.map(() => null);
		child.stderr.on('data', (b) => { this.said += b; });
		const ready = new Promise((resolve) => {
			child.stdout.on('data', (b) => {
				this.said += b;
				out += b;
				for (const line of out.split('\n').slice(0, -1)) patterns.forEach((p, i) => { found[i] ??= p.exec(line); });
				if (found.every(Boolean)) resolve();
			});
		});
		this.ended = once(child, 'exit').then(([code, signal]) => `${signal ?? `status ${code}`}, having said: ${this.said}`);
		const ended = await Promise.race([ready, this.ended]);
		if (ended) throw new Error(`the program did not start: ${ended}`);
		return found.map((m) => m[1]);
	}

	// kill ends the program; it is a mistake if it had ended by itself.
	async kill(signal = 'SIGTERM') {
		if (this.killed === this.child) return;
		const early = this.child.exitCode !== null || this.child.signalCode !== null;
		this.killed = this.child;
		this.child.kill(signal);
		const how = await this.ended;
		if (early) throw new Error(`the program ended by itself: ${how}`);
	}
}

// demo starts the demo in a language: addresses that sign in at once.
export async function demo(t, lang) {
	const program = new Program(['demo', '--addr', '127.0.0.1:0', '--lang', lang]);
	atEnd(t, () => program.kill());
	const [seller, buyer, owner] = await program.start(/^Seller: (\S+)/, /^Buyer: (\S+)/, /^Dr\. Ute Brandt: (\S+)/);
	return { seller, buyer, owner, origin: new URL(seller).origin, program };
}

// serve starts a server on a fresh file and returns its one-time link. It can
// be killed and come back on the same port with the same file.
export async function serve(t, ...more) { return serveAt(t, await freePort(), ...more); }

// serveAt does so on a port that was asked for before.
export async function serveAt(t, port, ...more) {
	const folder = mkdtempSync(join(tmpdir(), 'tandem-browser-'));
	const program = new Program(['serve', '--addr', `127.0.0.1:${port}`, '--db', join(folder, 'tandem.db'), '--lang', 'en', ...more]);
	atEnd(t, async () => {
		await program.kill();
		rmSync(folder, { recursive: true, force: true });
	});
	const [setup] = await program.start(/(http:\S+\/setup\/\S+)/, listening);
	return { setup, origin: new URL(setup).origin, folder, program, again: () => program.start(listening) };
}

// provider starts an identity provider that sends browsers back to an address.
export async function provider(t, back) {
	if (!process.env.IDP_BIN) throw new Error('IDP_BIN names no program; run scripts/browser');
	const program = new Program([back], process.env.IDP_BIN);
	atEnd(t, () => program.kill());
	const [issuer] = await program.start(/^idp: (\S+)/);
	return issuer;
}

// run runs a command of the program to its end.
export async function run(...args) {
	const { stdout } = await promisify(execFile)(bin, args);
	return stdout.trim();
}
