// What a test began ends with it, the last first: people leave before their
// server goes. (node:test runs its own hooks in the order they were made.)

const ends = new WeakMap();

export function atEnd(t, end) {
	let all = ends.get(t);
	if (!all) {
		ends.set(t, all = []);
		t.after(async () => {
			let failed;
			for (const f of all.reverse()) {
				try { await f(); } catch (e) { failed ??= e; }
			}
			if (failed) throw failed;
		});
	}
	all.push(end);
}
