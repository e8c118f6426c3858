// The program under test: TANDEM_BIN, on a port of its own, with a file of its
// own that goes with it.
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { atEnd } from './teardown.mjs';

const bin = process.env.TANDEM_BIN;
if (!bin) throw new Error('TANDEM_BIN names no program; run scripts/browser');

// freePort asks the system for one, so that a server can come back on it.
async function freePort() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

const ready = /(http:\S+?)\.?$/; // the line that names the address

class Program {
	constructor(args) { this.args = args; this.said = ''; }

	// start runs the program until it has printed a line for every pattern, and
	// returns what their groups caught.
	async start(...patterns) {
		const child = spawn(bin, this.args, { stdio: ['ignore', 'pipe', 'pipe'] });
		this.child = child;
		this.exited = once(child, 'exit');
		child.stderr.on('data', (b) => { this.said += b; });
		const found = patterns.map(() => null);
		for await (const line of createInterface(child.stdout)) {
			this.said += line + '\n';
			patterns.forEach((p, i) => { found[i] ??= p.exec(line); });
			if (found.every(Boolean)) break;
		}
		if (!found.every(Boolean)) throw new Error('the program did not start: ' + this.said);
		child.stdout.on('data', () => {});
		return found.map((m) => m[1]);
	}

	async kill(signal = 'SIGTERM') {
		if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
		await this.exited;
	}
}

// demo starts the demo in a language: addresses that sign in at once.
export async function demo(t, lang) {
	const program = new Program(['demo', '--addr', '127.0.0.1:0', '--lang', lang]);
	atEnd(t, () => program.kill());
	const [seller, buyer] = await program.start(/^Seller: (\S+)/, /^Buyer: (\S+)/);
	return { seller, buyer, origin: new URL(seller).origin, program };
}

// serve starts a server on a fresh file and returns its one-time link. It can
// be killed and come back on the same port with the same file.
export async function serve(t) {
	const folder = mkdtempSync(join(tmpdir(), 'tandem-browser-'));
	const port = await freePort();
	const program = new Program(['serve', '--addr', `127.0.0.1:${port}`, '--db', join(folder, 'tandem.db'), '--lang', 'en']);
	atEnd(t, async () => {
		await program.kill();
		rmSync(folder, { recursive: true, force: true });
	});
	const [setup] = await program.start(/(http:\S+\/setup\/\S+)/, ready);
	return { setup, origin: new URL(setup).origin, folder, program, again: () => program.start(ready) };
}

// run runs a command of the program to its end.
export async function run(...args) {
	const { stdout } = await promisify(execFile)(bin, args);
	return stdout.trim();
}
