package lint

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// The spreadsheet of the mission's example, as its own description says: dates
// on weekends, the decision before the procurement approval, a team as owner,
// a missing date; the holiday once regions are set, the absence once entered.
func TestNordwerkSpreadsheet(t *testing.T) {
	t.Parallel()
	asItCame := []string{
		"warning blocked-without-reason a5 blockedBecause",
		"warning weekend a7 due 2028-05-15",
		"warning weekend a11 due 2028-05-22",
		"warning weekend a12 due 2028-05-29",
		"warning decision-too-early a13 due 2028-05-29",
		"warning team-owner a14 owners.buyer klein",
		"warning joint-owner a14 owners.seller",
		"warning missing-date a14 due",
		"advice no-risk  risks",
		"advice no-goal  goals",
		"advice vague-wording a9 title",
	}
	withRegions := slices.Insert(slices.Clone(asItCame), 8, "warning holiday a14 start 2028-05-26")
	withAbsence := slices.Insert(slices.Clone(withRegions), 2, "warning absence a8 due 2028-06-06")
	for name, want := range map[string][]string{
		"nordwerk": asItCame, "nordwerk-regions": withRegions, "nordwerk-absence": withAbsence,
	} {
		var got []string
		for _, f := range Check(file(t, name), Options{}) {
			got = append(got, summary(f))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func summary(f Finding) string {
	s := string(f.Severity) + " " + f.Rule + " " + f.Item + " " + f.Field
	if f.Fix != nil && f.Fix.Day != 0 {
		s += " " + f.Fix.Day.String()
	}
	if f.Fix != nil && f.Fix.Person != "" {
		s += " " + f.Fix.Person
	}
	return s
}

func TestOfferedWordingIsConcrete(t *testing.T) {
	t.Parallel()
	say := sayWith(map[string]map[string]string{"de": catalogue(t, "de"), "en": catalogue(t, "en")})
	for _, planLang := range []string{"de", "en"} {
		for _, list := range []string{badGerman, badEnglish} {
			for _, row := range lines(list) {
				_, title := cut(row)
				p := healthy(planLang)
				action(&p, "a2").Title = title
				for _, f := range Check(p, Options{}) {
					if f.Rule != "vague-wording" {
						continue
					}
					wording := f.Fix.Text.In("xx", say)
					if v, bad := judge(wording, planLang); bad {
						t.Errorf("%q in %s: offered %q, itself vague: %s", title, planLang, wording, v.word)
					}
					if !strings.Contains(wording, "Mara Klein") && f.Severity == Warning {
						t.Errorf("%q in %s: offered %q, which names no owner", title, planLang, wording)
					}
				}
			}
		}
	}
}

func TestRewording(t *testing.T) {
	t.Parallel()
	say := sayWith(map[string]map[string]string{"de": catalogue(t, "de"), "en": catalogue(t, "en")})
	for _, row := range []struct{ lang, title, want string }{
		{"de", "Angebot prüfen", "Mara Klein prüft das Angebot und gibt John Martinez Rückmeldung zu Leistungsumfang und Preis"},
		{"de", "Review proposal", "Mara Klein prüft das Angebot und gibt John Martinez Rückmeldung zu Leistungsumfang und Preis"},
		{"de", "CFO schaut sich den Business Case an", "Mara Klein prüft den Business Case und gibt John Martinez Rückmeldung zu den ROI-Annahmen"},
		{"de", "Vertrag und Angebot durchgehen", "Mara Klein prüft den Vertrag und das Angebot und schickt John Martinez die gewünschten Änderungen je Klausel"},
		{"de", "Technische Unterlagen sichten", "Mara Klein prüft technische Unterlagen und bestätigt John Martinez schriftlich, welche Anforderungen erfüllt sind"},
		{"de", "Sicherheitsfragebogen-Überprüfung", "Mara Klein schließt die Sicherheitsfragebogen-Überprüfung ab und schickt John Martinez das Ergebnis mit allen offenen Punkten"},
		{"de", "Zertifikate zeitnah liefern", "Zertifikate liefern"},
		{"en", "review proposal", "Mara Klein reviews the proposal and tells John Martinez what has to change in scope and price"},
		{"en", "CFO reviews business case", "Mara Klein reviews the business case and gives John Martinez feedback on the ROI assumptions"},
		{"en", "Angebot prüfen", "Mara Klein reviews the proposal and tells John Martinez what has to change in scope and price"},
		{"en", "Security review", "Mara Klein completes the security review and sends John Martinez the result and any open points"},
		{"en", "Review our contract", "Mara Klein reviews our contract and sends John Martinez the changes wanted, clause by clause"},
		{"en", "Send contract ASAP", "Send contract"},
	} {
		p := healthy(row.lang)
		action(&p, "a2").Title = row.title
		for _, f := range Check(p, Options{}) {
			if f.Rule == "vague-wording" {
				if got := f.Fix.Text.In("xx", say); got != row.want {
					t.Errorf("%q in %s:\n got %s\nwant %s", row.title, row.lang, got, row.want)
				}
			}
		}
	}
}

func TestOfferedDates(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		rule, item string
		edit       edit
		want       string
	}{
		{"weekend", "a3", due("a3", "05-13"), "05-15"},
		{"holiday", "a4", due("a4", "05-25"), "05-26"},
		{"absence", "a4", absent("brandt", "05-14", "06-03", ""), "06-06"}, // 5 June is Whit Monday
		{"against-dependency", "a4", due("a3", "05-18"), "05-19"},          // the day after, to have one to work
		{"against-dependency", "a4", due("a3", "05-19"), "05-22"},
		{"against-dependency", "m1", link("a4", "m1", "FS", 0), "05-17"}, // a milestone needs none
		{"decision-too-early", "a6", all(due("a5", "05-26"), title("a5", "Budgetfreigabe")), "05-26"},
		{"gate-day", "a4", gate("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), "05-23"},
		{"expected-late", "a3", set("a3", func(a *planfile.Action) { a.Expected = day("05-18") }), "05-18"},
		{"milestone-date", "m1", func(p *planfile.Plan) { p.Milestones[0].Date = 0 }, "05-12"},
	} {
		p := healthy("de")
		row.edit(&p)
		var got civil.Day
		for _, f := range Check(p, Options{}) {
			if f.Rule == row.rule && f.Item == row.item && f.Fix != nil {
				got = f.Fix.Day
			}
		}
		if got != day(row.want) {
			t.Errorf("%s of %s: offers %s, want %s", row.rule, row.item, got, day(row.want))
		}
	}
}

// Pressure of the seller's own is not for the buyer's eyes.
func TestSellersFindingsAreForTheSeller(t *testing.T) {
	t.Parallel()
	for _, r := range rows {
		for _, f := range r.run("de") {
			private := f.Rule == "quarter-end" || f.Rule == "sales-talk"
			if want := map[bool]planfile.Side{true: planfile.Seller}[private]; f.Audience != want {
				t.Errorf("%s in %s: audience %q, want %q", f.Rule, r.name, f.Audience, want)
			}
		}
	}
}

// holds checks what is true of the findings of every plan.
func holds(t interface{ Errorf(string, ...any) }, p planfile.Plan, opt Options) []Finding {
	found := Check(p, opt)
	for range 3 {
		if again := Check(p, opt); !reflect.DeepEqual(found, again) {
			t.Errorf("the same plan gave other findings")
		}
	}
	seen := map[[2]string]bool{}
	heaviest := 0
	for _, f := range found {
		if id := [2]string{f.Rule, f.Item}; seen[id] {
			t.Errorf("%s told twice about %q", f.Rule, f.Item)
		} else {
			seen[id] = true
		}
		if !slices.Contains(Rules(), f.Rule) || f.Message.IsZero() || f.Field == "" {
			t.Errorf("incomplete finding: %+v", f)
		}
		if weight[f.Severity] < heaviest {
			t.Errorf("%s of %s comes behind lighter findings", f.Severity, f.Rule)
		}
		heaviest = weight[f.Severity]
	}
	return found
}

func TestCheckHoldsForEveryPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		before, _ := json.Marshal(p)
		holds(t, p, Options{
			Today:    randomDay(t, "today"),
			Language: rapid.SampledFrom([]string{"", "de", "en", "fr"}).Draw(t, "language"),
		})
		if after, _ := json.Marshal(p); string(before) != string(after) {
			t.Errorf("the check changed the plan")
		}
	})
}

// A date that the check offers is one it has nothing against.
func TestOfferedDaysAreWorked(t *testing.T) {
	t.Parallel()
	offDays := []string{"weekend", "holiday", "absence", "closed-day"}
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		taken := map[string]bool{} // with an id used twice, the wrong one would be moved
		p.Actions = slices.DeleteFunc(p.Actions, func(a planfile.Action) bool {
			twice := taken[a.ID]
			taken[a.ID] = true
			return twice
		})
		for _, f := range Check(p, Options{}) {
			if !slices.Contains(offDays, f.Rule) || f.Fix == nil || f.Item == "" {
				continue
			}
			q := p
			q.Actions = slices.Clone(p.Actions)
			for i := range q.Actions {
				if a := &q.Actions[i]; a.ID == f.Item && f.Field == "due" {
					a.Due = f.Fix.Day
					break
				}
			}
			for _, g := range Check(q, Options{}) {
				if g.Item == f.Item && g.Field == "due" && f.Field == "due" && slices.Contains(offDays, g.Rule) {
					t.Fatalf("%s: moved %s to %s as told, now %s", f.Rule, f.Item, f.Fix.Day, g.Rule)
				}
			}
		}
	})
}

var (
	ids         = []string{"", "a1", "a2", "a3", "a4", "m1", "m2", "p1", "p2", "p3", "ghost"}
	sides       = []planfile.Side{"buyer", "seller", "joint", ""}
	statuses    = []planfile.Status{"open", "started", "blocked", "done", "dropped", "", "odd"}
	someTitles  = append(lines(badGerman), append(lines(goodEnglish), "", " ", "„", "und", ",", "\x00", "prüfen", "Review", "Kaufentscheidung", "Freigabe")...)
	someNames   = []string{"Mara Klein", "IT-Team", "TBD", "CFO", "", "Tom Reuter"}
	someRegions = []string{"", "DE-NI", "GB-ENG", "AT-9", "XX"}
)

func randomDay(t *rapid.T, name string) civil.Day {
	switch rapid.IntRange(0, 9).Draw(t, name+" kind") {
	case 0:
		return 0
	case 1:
		return civil.Day(rapid.Int32().Draw(t, name))
	}
	return day("04-20") + civil.Day(rapid.IntRange(0, 80).Draw(t, name))
}

func randomSpans(t *rapid.T, name string) []planfile.Span {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) planfile.Span {
		return planfile.Span{From: randomDay(t, name+" from"), To: randomDay(t, name+" to"), Note: rapid.SampledFrom(someNames).Draw(t, "note")}
	}), 0, 2).Draw(t, name)
}

func randomPlan(t *rapid.T) planfile.Plan {
	pick := func(from []string, name string) string { return rapid.SampledFrom(from).Draw(t, name) }
	some := func(most int, name string, one func()) {
		for range rapid.IntRange(0, most).Draw(t, name) {
			one()
		}
	}
	p := planfile.Plan{Title: pick(someTitles, "title"), Language: pick([]string{"", "de", "en"}, "language"), DecideBy: randomDay(t, "decide")}
	for _, side := range []*planfile.Party{&p.Sides.Buyer, &p.Sides.Seller} {
		side.Organisation = pick([]string{"", "Nordwerk AG"}, "organisation")
		side.Calendar = planfile.Calendar{Region: pick(someRegions, "region"), Closed: randomSpans(t, "closed"),
			Week: rapid.SliceOfN(rapid.SampledFrom([]string{"mon", "tue", "sat", "day"}), 0, 3).Draw(t, "week")}
	}
	some(3, "people", func() {
		p.People = append(p.People, planfile.Person{ID: pick(ids, "id"), Side: rapid.SampledFrom(sides).Draw(t, "side"),
			Name: pick(someNames, "name"), Role: pick([]string{"", "CFO", "IT"}, "role"), Absences: randomSpans(t, "absences")})
	})
	some(2, "milestones", func() {
		p.Milestones = append(p.Milestones, planfile.Milestone{ID: pick(ids, "id"), Title: pick(someTitles, "title"), Date: randomDay(t, "date")})
	})
	some(8, "actions", func() {
		a := planfile.Action{ID: pick(ids, "id"), Title: pick(someTitles, "title"), Side: rapid.SampledFrom(sides).Draw(t, "side"),
			Owner: pick(ids, "owner"), Owners: planfile.Owners{Buyer: pick(ids, "buyer"), Seller: pick(ids, "seller")},
			Milestone: pick(ids, "milestone"), Start: randomDay(t, "start"), Due: randomDay(t, "due"), Expected: randomDay(t, "expected"),
			Status: rapid.SampledFrom(statuses).Draw(t, "status"), Gate: pick([]string{"", "g1"}, "gate")}
		if rapid.Bool().Draw(t, "has duration") {
			a.Duration = number(rapid.IntRange(-5, 1<<30).Draw(t, "duration"))
		}
		p.Actions = append(p.Actions, a)
	})
	some(8, "links", func() {
		p.Links = append(p.Links, planfile.Link{From: pick(ids, "from"), To: pick(ids, "to"), Type: pick([]string{"", "FS", "SS", "FF", "SF", "?"}, "type"),
			Lag: rapid.SampledFrom([]int{0, 0, 1, -3, 1 << 40, -1 << 40}).Draw(t, "lag"), LagCalendar: pick([]string{"", "elapsed", "successor"}, "lag calendar")})
	})
	some(1, "gates", func() {
		p.Gates = append(p.Gates, planfile.Gate{ID: "g1", Rule: pick([]string{"FREQ=WEEKLY;BYDAY=TU", "nonsense", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule"),
			LeadDays: rapid.IntRange(-1, 300).Draw(t, "lead")})
	})
	some(1, "freezes", func() {
		p.Freezes = append(p.Freezes, planfile.Freeze{From: randomDay(t, "from"), To: randomDay(t, "to"), Blocks: pick([]string{"work", "start", "finish"}, "blocks")})
	})
	return p
}

func FuzzCheck(f *testing.F) {
	for _, name := range []string{"nordwerk", "nordwerk-regions", "nordwerk-absence"} {
		data, err := json.Marshal(file(f, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, lang := range []string{"de", "en"} {
		data, err := json.Marshal(healthy(lang))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p planfile.Plan
		if json.Unmarshal(data, &p) != nil { // looser than the format: the check takes any plan
			return
		}
		holds(t, p, Options{Today: day("05-11")})
	})
}

func FuzzTitle(f *testing.F) {
	for _, list := range []string{goodGerman, badGerman, goodEnglish, badEnglish} {
		for _, title := range lines(list) {
			f.Add(title)
		}
	}
	f.Fuzz(func(t *testing.T, title string) {
		for _, lang := range []string{"de", "en"} {
			p := healthy(lang)
			action(&p, "a2").Title = title
			p.People[0].Name = title
			holds(t, p, Options{})
		}
	})
}
