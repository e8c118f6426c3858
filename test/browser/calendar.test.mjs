// What ical.js (Thunderbird's reader of calendars) makes of the calendars the
// product writes: titles with every awkward character, whole days, and series
// in the weeks in which clocks change, computed by the zones in the files.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const data = new URL('../../internal/exchange/ics/testdata/', import.meta.url);
const text = (name) => readFileSync(new URL(name, data), 'utf8');

function calendar(name) {
	const root = new ICAL.Component(ICAL.parse(text(name)));
	for (const z of root.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(z);
	return root;
}

test('a feed keeps its words and its days', () => {
	const root = calendar('feed.ics');
	const events = root.getAllSubcomponents('vevent').map((v) => new ICAL.Event(v));
	const by = Object.fromEntries(events.map((e) => [e.uid, e]));
	assert.equal(by.a1.summary, 'Rechtsprüfung, „AGB“; Fassung 2 \\ Anhang "B"');
	assert.equal(by.a1.description.split('\n')[1], 'Zeile zwei; mit \\ und "Anführung".');
	assert.equal(by.a1.startDate.toString(), '2028-05-26');
	assert.equal(by.a1.endDate.toString(), '2028-05-27');
	assert.equal(by.a1.startDate.isDate, true);
	assert.equal(by.a2.startDate.toString(), '2028-02-29');
	assert.equal(by.a3.summary, '日本語の長い題名🙂'.repeat(12));
	assert.equal(by.m1.summary.split('\n')[0], 'Meilenstein');
	assert.equal(events.length, 5);
	assert.equal(root.getFirstPropertyValue('x-wr-calname'), 'Nordwerk – Acme: Entscheidung bis 24. Mai');
});

test('an invitation names who is invited', () => {
	const root = calendar('request.ics');
	assert.equal(root.getFirstPropertyValue('method'), 'REQUEST');
	const event = root.getFirstSubcomponent('vevent');
	assert.equal(event.getFirstProperty('organizer').getParameter('cn'), 'Tandem: Nordwerk, Acme');
	const names = event.getAllProperties('attendee').map((a) => a.getParameter('cn'));
	assert.deepEqual(names, ['Brandt, Dr. Ute', "Sarah 'Sal' O'Chen; Acme", 'Müller^Lüdenscheidt']);
});

test('series take place when they are meant to, also when clocks change', () => {
	const wanted = JSON.parse(text('series.occurrences.json'));
	const all = calendar('series.ics').getAllSubcomponents('vevent');
	for (const [uid, times] of Object.entries(wanted)) {
		// Of times that clocks skip or show twice, ical.js takes the offset after
		// the change; RFC 5545 says the one before.
		if (uid === 'night' || uid === 'twice') continue;
		const own = all.filter((v) => v.getFirstPropertyValue('uid') === uid);
		const master = own.find((v) => !v.hasProperty('recurrence-id'));
		const event = new ICAL.Event(master, { exceptions: own.filter((v) => v !== master) });
		const got = [];
		if (!event.isRecurring()) {
			got.push(event.startDate.toJSDate().toISOString());
		} else {
			const next = event.iterator();
			for (let t = next.next(); t && got.length < times.length; t = next.next()) {
				got.push(event.getOccurrenceDetails(t).startDate.toJSDate().toISOString());
			}
		}
		got.sort();
		assert.deepEqual(got.map((t) => t.slice(0, 19) + 'Z'), times.map((t) => t.split('/')[0]), uid);
	}
});
