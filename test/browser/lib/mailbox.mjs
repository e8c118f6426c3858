// A mail server on this machine that takes every mail and keeps it: SMTP as
// RFC 5321 has it, without encryption, for the program under test.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { atEnd } from './teardown.mjs';

// decoded is a body as it was before its transfer encoding.
function decoded(head, body) {
	const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(head)?.[1]?.toLowerCase();
	if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
	if (encoding !== 'quoted-printable') return body;
	const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, 'latin1').toString();
}

// parts are the text and the HTML of a mail.
function parts(raw) {
	const [head, ...rest] = raw.split('\r\n\r\n');
	const body = rest.join('\r\n\r\n');
	const boundary = /boundary="?([^";\r\n]+)"?/i.exec(head)?.[1];
	if (!boundary) return [[/^content-type:\s*([^;\s]+)/im.exec(head)?.[1] ?? 'text/plain', decoded(head, body)]];
	return body.split(`--${boundary}`).slice(1, -1).flatMap((p) => parts(p.replace(/^\r\n/, '')));
}

function read(from, to, raw) {
	const head = raw.split('\r\n\r\n')[0].replace(/\r\n[ \t]+/g, ' ');
	const all = Object.fromEntries(parts(raw));
	const text = all['text/plain'] ?? '';
	const links = [...text.matchAll(/https?:\/\/\S+/g)].map((m) => m[0].replace(/[.,)>]+$/, ''));
	return { from, to, head, text, html: all['text/html'] ?? '', links, raw,
		link: (path) => links.find((l) => new URL(l).pathname.startsWith(path)),
		code: /^\s*(\d{8}|\d{4}[ -]\d{4})\s*$/m.exec(text)?.[1] };
}

// mailbox takes mail until the test ends. next waits for the next mail to an
// address that nobody has read yet.
export async function mailbox(t) {
	const mails = [];
	const unread = [];
	const waiting = [];
	const deliver = (m) => {
		mails.push(m);
		const i = waiting.findIndex((w) => w.to === m.to);
		if (i < 0) unread.push(m); else waiting.splice(i, 1)[0].resolve(m);
	};
	const sockets = new Set();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => {});
		let buffer = '';
		let data = false;
		let from = '';
		let to = [];
		const say = (line) => socket.write(line + '\r\n');
		say('220 mailbox ready');
		socket.on('data', (b) => {
			buffer += b.toString('latin1');
			for (;;) {
				const end = data ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
				if (end < 0) return;
				const line = buffer.slice(0, end);
				buffer = buffer.slice(end + (data ? 5 : 2));
				if (data) {
					data = false;
					const raw = Buffer.from(line.replace(/\r\n\.\./g, '\r\n.'), 'latin1').toString();
					for (const one of to) deliver(read(from, one, raw));
					to = [];
					say('250 kept');
					continue;
				}
				const verb = line.slice(0, 4).toUpperCase();
				if (verb === 'EHLO') socket.write('250-mailbox\r\n250 8BITMIME\r\n');
				else if (verb === 'MAIL') { from = /<(.*?)>/.exec(line)?.[1] ?? ''; say('250 ok'); }
				else if (verb === 'RCPT') { to.push(/<(.*?)>/.exec(line)?.[1]); say('250 ok'); }
				else if (verb === 'DATA') { data = true; say('354 go on'); }
				else if (verb === 'QUIT') { say('221 bye'); socket.end(); }
				else say('250 ok');
			}
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	atEnd(t, async () => {
		for (const s of sockets) s.destroy();
		server.close();
		await once(server, 'close');
	});
	return {
		addr: `127.0.0.1:${server.address().port}`, mails,
		next: (to, within = 15000) => {
			const i = unread.findIndex((m) => m.to === to);
			if (i >= 0) return Promise.resolve(unread.splice(i, 1)[0]);
			return new Promise((resolve, reject) => {
				const timer = setTimeout(() => reject(new Error(`no mail to ${to} within ${within} ms; there are ${mails.map((m) => m.to)}`)), within);
				waiting.push({ to, resolve: (m) => { clearTimeout(timer); resolve(m); } });
			});
		},
	};
}
