package ics_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/exchange/ics"
	"tandem/internal/fault"
)

// TestRead reads messages of the shapes that Exchange, Outlook, Teams, Google
// and Apple send, and compares what is understood with the files beside them.
func TestRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/in/*.ics")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d messages: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m, err := ics.Codec{}.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(m, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "in/"+strings.TrimSuffix(filepath.Base(file), ".ics")+".json", append(got, '\n'))
		})
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	m, err := ics.Codec{}.Read(ics.Codec{}.Invitation(invitation("REQUEST")))
	if err != nil {
		t.Fatal(err)
	}
	e, want := m.Events[0], invitation("REQUEST")
	if m.Method != "REQUEST" || e.UID != want.Entry.UID || e.Title != want.Entry.Title || e.Start != want.Entry.At.Start || e.Zone != want.Entry.At.Zone ||
		e.Minutes != want.Entry.At.Minutes || e.Rule != want.Entry.At.Rule || e.Link != want.Entry.Link || e.Place != want.Entry.Place ||
		len(e.Except) != 1 || e.Except[0] != want.Entry.At.Except[0] || e.Organizer.Email != want.Organizer.Email || len(e.Attendees) != 3 {
		t.Errorf("got %+v", e)
	}
	for i, p := range e.Attendees {
		if p.Email != want.Invited[i].Email || p.Answer != want.Invited[i].Answer {
			t.Errorf("attendee %d: got %+v, want %+v", i, p, want.Invited[i])
		}
	}
	if got := e.Attendees[0].Name; got != "Brandt, Dr. Ute" {
		t.Errorf("a name with a comma: got %q", got)
	}
}

func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	event := "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:20280101T100000Z\r\nEND:VEVENT\r\n"
	for _, c := range []struct{ name, text string }{
		{"nothing", ""},
		{"words", "Hello"},
		{"no calendar", "BEGIN:VEVENT\r\nEND:VEVENT\r\n"},
		{"no event", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
		{"too large", "BEGIN:VCALENDAR\r\n" + strings.Repeat("X:"+strings.Repeat("x", 1000)+"\r\n", 1100)},
		{"too many lines", "BEGIN:VCALENDAR\r\n" + strings.Repeat("X:1\r\n", 20_100)},
		{"too deep", strings.Repeat("BEGIN:VCALENDAR\r\n", 9)},
	} {
		if _, err := (ics.Codec{}).Read([]byte(c.text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v, want a fault", c.name, err)
		}
	}
	m, err := ics.Codec{}.Read([]byte("BEGIN:VCALENDAR\r\n" + strings.Repeat(event, 700) + "END:VCALENDAR\r\n"))
	if err != nil || len(m.Events) != 500 {
		t.Errorf("700 events: read %d, %v; want the first 500", len(m.Events), err)
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/in/*.ics")
	for _, file := range files {
		if b, err := os.ReadFile(file); err == nil {
			f.Add(b)
		}
	}
	f.Add(ics.Codec{}.Invitation(invitation("REQUEST")))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ics.Codec{}.Read(b)
		if err != nil {
			return
		}
		for _, e := range m.Events {
			if e.Link != "" && !strings.HasPrefix(e.Link, "https://") || strings.ContainsAny(e.Link, "\r\n<>\"") {
				t.Errorf("a link that may not be shown: %q", e.Link)
			}
			if e.Minutes < 0 || e.Sequence < 0 {
				t.Errorf("got %+v", e)
			}
			if bytes.ContainsAny([]byte(e.Start), " \n") {
				t.Errorf("start %q", e.Start)
			}
		}
	})
}
