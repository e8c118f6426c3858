// The words of the program, read from its own message catalogue: the tests look
// for what people read, in either language, and follow when a sentence changes.
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../../internal/locale/text/', import.meta.url);
const catalogue = { de: {}, en: {} };
for (const file of readdirSync(folder)) {
	const lang = file.split('.').at(-2);
	Object.assign(catalogue[lang], JSON.parse(readFileSync(new URL(file, folder))));
}

// words returns t(key, args) in a language. A key that is not there is an error.
export function words(lang) {
	return (key, args = {}) => {
		let text = catalogue[lang][key];
		if (text === undefined) throw new Error(`no text ${key} in ${lang}`);
		if (typeof text === 'object') text = args.N === 1 ? text.one ?? text.other : text.other;
		return text.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name) => {
			if (args[name] === undefined) throw new Error(`${key} needs ${name}`);
			return args[name];
		});
	};
}

// sentence is a text as a pattern, with a gap for every argument not given.
export function sentence(lang, key, args = {}) {
	let text = catalogue[lang][key];
	if (text === undefined) throw new Error(`no text ${key} in ${lang}`);
	if (typeof text === 'object') text = text.other;
	const quote = (s) => String(s).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(text.split(/(\{\{\s*\.\w+\s*\}\})/).map((part) => {
		const name = /\{\{\s*\.(\w+)\s*\}\}/.exec(part)?.[1];
		if (!name) return quote(part);
		return args[name] === undefined ? '.+?' : quote(args[name]);
	}).join(''));
}
