package ics_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/exchange/ics"
	"tandem/internal/plan"
)

var update = flag.Bool("update", false, "write the golden files anew; then run testdata/oracle.py")

var moment = time.Date(2028, time.March, 1, 8, 30, 0, 0, time.UTC)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// series are appointments in weeks in which clocks change, and where they do
// in ways of their own.
func series() []app.CalendarEntry {
	day := func(y int, m time.Month, d int) civil.Day { return civil.Of(y, m, d) }
	at := func(d civil.Day, h, m int, zone, rule string) plan.Appointment {
		return plan.Appointment{Start: civil.WallOf(d, h, m), Zone: zone, Minutes: 45, Rule: rule}
	}
	berlin := at(day(2028, 3, 14), 10, 0, "Europe/Berlin", "FREQ=WEEKLY")
	berlin.Except = []civil.Day{day(2028, 4, 18)}
	berlin.Moved = []plan.MovedOne{{Day: day(2028, 3, 28), Start: civil.WallOf(day(2028, 3, 29), 15, 30), Minutes: 60}}
	entries := []app.CalendarEntry{
		{UID: "berlin", At: berlin},
		{UID: "autumn", At: at(day(2028, 10, 19), 10, 0, "Europe/Berlin", "FREQ=WEEKLY;INTERVAL=2;COUNT=6")},
		{UID: "night", At: at(day(2028, 3, 25), 2, 30, "Europe/Berlin", "FREQ=DAILY;COUNT=3")},  // 26 March has no 02:30
		{UID: "twice", At: at(day(2028, 10, 28), 2, 30, "Europe/Berlin", "FREQ=DAILY;COUNT=3")}, // 29 October has two
		{UID: "until", At: at(day(2028, 3, 20), 9, 0, "Europe/Berlin", "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20280403T070000Z")},
		{UID: "newyork", At: at(day(2028, 3, 7), 9, 0, "America/New_York", "FREQ=WEEKLY;COUNT=5")},
		{UID: "dublin", At: at(day(2028, 3, 21), 9, 0, "Europe/Dublin", "FREQ=WEEKLY;COUNT=4")},
		{UID: "sydney", At: at(day(2028, 3, 28), 17, 0, "Australia/Sydney", "FREQ=WEEKLY;COUNT=4")},
		{UID: "kolkata", At: at(day(2028, 3, 28), 17, 15, "Asia/Kolkata", "FREQ=MONTHLY;BYDAY=-1TU;COUNT=4")},
		{UID: "casablanca", At: at(day(2028, 1, 18), 9, 0, "Africa/Casablanca", "FREQ=WEEKLY;COUNT=8")}, // around Ramadan
		{UID: "utc", At: at(day(2028, 3, 21), 9, 0, "UTC", "FREQ=WEEKLY;COUNT=3")},
		{UID: "once", At: at(day(2028, 3, 26), 1, 30, "Europe/Berlin", "")}, // its end is on the other side of the change
	}
	for i := range entries {
		entries[i].Title, entries[i].Created, entries[i].Changed = "Check-in "+entries[i].UID, moment, moment
	}
	return entries
}

// feed has everything that is hard to write: long titles with umlauts, commas,
// semicolons, quotes, backslashes and line breaks; days and times.
func feed() app.CalendarFeed {
	f := app.CalendarFeed{Name: "Nordwerk – Acme: Entscheidung bis 24. Mai", Words: "Ein Plan; beide Seiten, ein Blick.", Zone: "Europe/Berlin"}
	f.Entries = []app.CalendarEntry{
		{UID: "a1", Sequence: 3, Title: "Rechtsprüfung, „AGB“; Fassung 2 \\ Anhang \"B\"", Words: "Zeile eins,\nZeile zwei; mit \\ und \"Anführung\".\n\nhttps://plans.example.com/plans/x/items/a1",
			Path: "https://plans.example.com/plans/x/items/a1", Day: civil.Of(2028, time.May, 26), Created: moment, Changed: moment},
		{UID: "a2", Title: strings.Repeat("Übergrößenprüfungsausschussänderungsäußerung ", 6), Day: civil.Of(2028, time.February, 29), Tentative: true, Created: moment, Changed: moment},
		{UID: "a3", Title: strings.Repeat("日本語の長い題名🙂", 12), Day: civil.Of(2028, time.December, 31), Created: moment, Changed: moment},
		{UID: "m1", Title: "Meilenstein\r\nEND:VEVENT\r\nX-EVIL:1\x00\x07", Words: "BEGIN:VEVENT", Day: civil.Of(2028, time.June, 1), Created: moment, Changed: moment},
	}
	c := app.CalendarEntry{UID: "c1", Sequence: 1, Title: "Wöchentlicher Check-in", Words: "Besprechung: https://teams.microsoft.com/l/meetup-join/19%3ameeting_x/0?context=%7b%22Tid%22%3a%22y%22%7d",
		Link: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x/0?context=%7b%22Tid%22%3a%22y%22%7d", Created: moment, Changed: moment}
	c.At = plan.Appointment{Start: civil.WallOf(civil.Of(2028, time.May, 16), 10, 0), Zone: "Europe/Berlin", Minutes: 30, Rule: "FREQ=WEEKLY"}
	f.Entries = append(f.Entries, c)
	return f
}

func invitation(method string) app.CalendarInvitation {
	e := feed().Entries[4]
	e.Place = "Raum 5, 2. Stock"
	e.At.Except = []civil.Day{civil.Of(2028, time.May, 30)}
	return app.CalendarInvitation{Method: method, Entry: e, Organizer: app.CalendarPerson{Name: "Tandem: Nordwerk, Acme", Email: "plan+abc@plans.example.com"},
		Invited: []app.CalendarPerson{
			{Name: "Brandt, Dr. Ute", Email: "ute.brandt@nordwerk.example"},
			{Name: `Sarah "Sal" O'Chen; Acme`, Email: "sarah.chen@acme.example", Answer: plan.Comes},
			{Name: "Müller^Lüdenscheidt", Email: "m@nordwerk.example", Answer: plan.ComesNot},
		}}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	golden(t, "feed.ics", ics.Codec{}.Feed(feed()))
	golden(t, "series.ics", ics.Codec{}.Feed(app.CalendarFeed{Name: "Series", Entries: series()}))
	golden(t, "request.ics", ics.Codec{}.Invitation(invitation("REQUEST")))
	golden(t, "cancel.ics", ics.Codec{}.Invitation(invitation("CANCEL")))
}

func TestLinesAreFoldedBetweenCharacters(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{"feed": ics.Codec{}.Feed(feed()), "request": ics.Codec{}.Invitation(invitation("REQUEST"))} {
		if !bytes.HasSuffix(b, []byte("END:VCALENDAR\r\n")) {
			t.Errorf("%s does not end as it must", name)
		}
		for i, l := range bytes.Split(bytes.TrimSuffix(b, []byte("\r\n")), []byte("\r\n")) {
			if len(l) > 75 {
				t.Errorf("%s, line %d has %d octets, want 75 at most", name, i+1, len(l))
			}
			if !utf8.Valid(l) {
				t.Errorf("%s, line %d is broken within a character: %q", name, i+1, l)
			}
			if bytes.ContainsAny(l, "\r\n\x00\x07") {
				t.Errorf("%s, line %d has a control character: %q", name, i+1, l)
			}
		}
		if bytes.Contains(b, []byte("\r\nX-EVIL")) {
			t.Errorf("%s: words became a property", name)
		}
	}
}

// TestSeriesAsOthersReadThem holds what the product computes against what
// python-dateutil reads from the files that were written: their rules of the
// zones, their rhythms (testdata/oracle.py).
func TestSeriesAsOthersReadThem(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/series.occurrences.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][]string
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	for _, e := range series() {
		var got []string
		for _, o := range app.Series(e.At).Between(moment.AddDate(-1, 0, 0), moment.AddDate(20, 0, 0), 10) {
			got = append(got, o.Start.UTC().Format(time.RFC3339)+"/"+o.End.UTC().Format("15:04"))
		}
		if diff := cmp.Diff(want[e.UID], got); diff != "" {
			t.Errorf("%s (-dateutil +got):\n%s", e.UID, diff)
		}
	}
}
