// Plan files for tests, in the open format.

const day = (n) => new Date(Date.UTC(2028, 4, 1) + n * 86400000).toISOString().slice(0, 10);
const workday = (n) => { // the n-th working day from 1 May 2028, a Monday, on
	return day(Math.floor(n / 5) * 7 + n % 5);
};

// planFile is a plan of so many steps of both sides, in three phases. Words is
// called for every text in it, to put something of one's own there.
export function planFile(steps, words = (text) => text) {
	const people = [
		['chen', 'buyer', 'Sarah Chen', 'VP Operations'], ['klein', 'buyer', 'Mara Klein', 'Leiterin IT-Sicherheit'], ['reuter', 'buyer', 'Tom Reuter', 'Einkauf'],
		['martinez', 'seller', 'John Martinez', 'Account Executive'], ['natarajan', 'seller', 'Priya Natarajan', 'Solution Engineer'],
	].map(([id, side, name, role]) => ({ id, side, name: words(name), role: words(role), email: `${name.toLowerCase().replace(' ', '.')}@${side === 'buyer' ? 'nordwerk' : 'acme'}.example` }));
	const buyers = ['chen', 'klein', 'reuter'];
	const sellers = ['martinez', 'natarajan'];
	const actions = [];
	for (let i = 0; i < steps; i++) {
		const side = i % 7 === 6 ? 'joint' : i % 2 ? 'seller' : 'buyer';
		actions.push({
			id: `a${i}`, title: words(`${side === 'joint' ? 'Gemeinsam' : side === 'buyer' ? 'Nordwerk' : 'Acme'}: Schritt ${i + 1} vorlegen`), side,
			...(side === 'joint' ? { owners: { buyer: buyers[i % 3], seller: sellers[Math.floor(i / 2) % 2] } } : { owner: side === 'buyer' ? buyers[i % 3] : sellers[Math.floor(i / 2) % 2] }),
			due: workday(i), milestone: `m${Math.floor(3 * i / steps) + 1}`, status: 'open', doneWhen: words(`Unterlage ${i + 1} liegt vor`),
		});
	}
	return {
		format: 'tandem.plan/1', title: words('Bis Ende des Jahres entscheiden, ob Acme zu Nordwerk passt'), language: 'de', start: day(0), decideBy: workday(steps + 5),
		sides: { buyer: { organisation: words('Nordwerk AG'), calendar: { region: 'DE-NI' } }, seller: { organisation: 'Acme Cloud', calendar: { region: 'GB-ENG' } } },
		people, goals: [{ side: 'buyer', text: words('Angebote kommen am selben Tag') }], criteria: [{ text: words('Zwei Werke nutzen es'), by: workday(steps + 2) }],
		milestones: [1, 2, 3].map((n) => ({ id: `m${n}`, title: words(`Abschnitt ${n}`), date: workday(Math.ceil(n * steps / 3)) })),
		actions, links: actions.slice(1, 6).map((a, i) => ({ from: `a${i}`, to: a.id, type: 'FS', lag: 0 })),
		risks: [{ id: 'r1', title: words('Sommerpause'), probability: 0.4, impact: { low: 2, likely: 5, high: 9 }, mitigation: words('Früher beginnen'), owner: 'chen', actions: ['a1'] }],
	};
}

// asFile is a plan file as a browser uploads it.
export const asFile = (plan) => ({ name: 'plan.plan.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(plan)) });
