package sheet_test

import (
	"strings"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		notes                  string
		kind, person, from, to string
		rules                  string
	}{
		{"CFO ab 14.05. drei Wochen auf Reisen", "absence", "brandt", "2028-05-14", "2028-06-02", ""},
		{"Frau Klein vom 8.5. bis 12.5. im Urlaub", "absence", "klein", "2028-05-08", "2028-05-12", ""},
		{"Urlaub 14.-28.5.", "absence", "brandt", "2028-05-14", "2028-05-28", ""},
		{"Mara on leave 8 to 19 May", "absence", "klein", "2028-05-08", "2028-05-19", ""},
		{"away from 15 May 2028 for 2 weeks", "absence", "brandt", "2028-05-15", "2028-05-26", ""},
		{"Klein out of office until 20 May", "absence", "klein", "", "2028-05-20", ""},
		{"Klein ist viel auf Reisen", "", "", "", "", ""},
		{"Ausschuss tagt jeden 2. Dienstag", "gate", "", "", "", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU FREQ=MONTHLY;BYDAY=2TU"},
		{"Committee meets every second Tuesday", "gate", "", "", "", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU FREQ=MONTHLY;BYDAY=2TU"},
		{"committee: every second Tuesday of the month", "gate", "", "", "", "FREQ=MONTHLY;BYDAY=2TU"},
		{"Gremium: alle zwei Wochen am Mittwoch", "gate", "", "", "", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"},
		{"jeden ersten Montag im Monat", "gate", "", "", "", "FREQ=MONTHLY;BYDAY=1MO"},
		{"tagt donnerstags", "gate", "", "", "", "FREQ=WEEKLY;BYDAY=TH"},
		{"every other Friday", "gate", "", "", "", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"},
		{"Meilenstein", "milestone", "", "", "", ""},
		{"Termin folgt", "open", "", "", "", ""},
		{"wartet auf Pentest-Bericht", "", "", "", "", ""},
	} {
		t.Run(test.notes, func(t *testing.T) {
			t.Parallel()
			p := planfile.Plan{
				People: []planfile.Person{{ID: "klein", Name: "Mara Klein", Role: "Leiterin IT-Sicherheit"}, {ID: "brandt", Name: "Dr. Ute Brandt", Role: "CFO"}},
				Actions: []planfile.Action{{ID: "a1", Title: "x", Due: civil.Of(2028, 5, 15)},
					{ID: "a2", Title: "y", Owner: "brandt", Notes: test.notes}}}
			got := sheet.Suggest(p)
			if test.kind == "" {
				if len(got) > 0 {
					t.Fatalf("suggested %+v, want nothing", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("suggested %+v, want one", got)
			}
			s := got[0]
			if s.Kind != test.kind || s.Person != test.person || s.From.String() != test.from || s.To.String() != test.to || strings.Join(s.Rules, " ") != test.rules {
				t.Errorf("suggested %+v, want %+v", s, test)
			}
			if s.Ambiguous != (len(s.Rules) > 1) || s.Action != "a2" || s.Text != test.notes {
				t.Errorf("suggested %+v", s)
			}
		})
	}
}
