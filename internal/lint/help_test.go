package lint

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

func lines(list string) []string {
	return strings.Split(strings.TrimSpace(list), "\n")
}

func cut(row string) (want, rest string) {
	want, rest, _ = strings.Cut(row, ": ")
	return want, rest
}

// day reads a date of the year 2028 in which the test plans live.
func day(monthDay string) civil.Day {
	d, err := civil.Parse("2028-" + monthDay)
	if err != nil {
		panic(err)
	}
	return d
}

func number(n int) *int { return &n }

// healthy is a small plan in which there is nothing to find.
func healthy(lang string) planfile.Plan {
	title := func(de, en string) string {
		if lang == "de" {
			return de
		}
		return en
	}
	return planfile.Plan{
		Format: planfile.Format, Title: "Nordwerk / Acme", Language: lang, DecideBy: day("05-24"),
		Sides: planfile.Sides{
			Buyer:  planfile.Party{Organisation: "Nordwerk AG", Calendar: planfile.Calendar{Region: "DE-NI"}},
			Seller: planfile.Party{Organisation: "Acme Cloud", Calendar: planfile.Calendar{Region: "GB-ENG"}},
		},
		People: []planfile.Person{
			{ID: "chen", Side: "buyer", Name: "Sarah Chen", Role: "VP Operations", Lead: true},
			{ID: "klein", Side: "buyer", Name: "Mara Klein", Role: title("Leiterin IT-Sicherheit", "Head of IT security")},
			{ID: "brandt", Side: "buyer", Name: "Dr. Ute Brandt", Role: "CFO"},
			{ID: "martinez", Side: "seller", Name: "John Martinez", Role: "Account Executive", Lead: true},
			{ID: "vogt", Side: "seller", Name: "Lena Vogt", Role: "Legal Counsel"},
		},
		Goals:    []planfile.Goal{{Side: "buyer", Text: title("Wissen, ob Acme zu uns passt", "Know whether Acme fits")}},
		Criteria: []planfile.Criterion{{Text: title("Alle Muss-Anforderungen geprüft", "All requirements checked"), By: day("05-24")}},
		Milestones: []planfile.Milestone{
			{ID: "m1", Title: title("Technik geprüft", "Technical validation done"), Date: day("05-12")},
		},
		Actions: []planfile.Action{
			{ID: "a1", Title: title("Architektur-Dokumentation bereitstellen", "Provide architecture documentation"),
				Side: "seller", Owner: "martinez", Milestone: "m1", Due: day("05-03"), Status: "open"},
			{ID: "a2", Title: title("Sicherheitsfragebogen ausfüllen", "Fill in security questionnaire"),
				Side: "buyer", Owner: "klein", Milestone: "m1", Start: day("05-08"), Due: day("05-12"), Status: "open"},
			{ID: "a3", Title: title("Angebot mit Preisen einreichen", "Submit proposal with prices"),
				Side: "seller", Owner: "martinez", Due: day("05-15"), Status: "open"},
			{ID: "a4", Title: title("CFO prüft Business Case und gibt Feedback zu den ROI-Annahmen",
				"CFO reviews business case and gives feedback on the ROI assumptions"),
				Side: "buyer", Owner: "brandt", Due: day("05-17"), Status: "open"},
			{ID: "a5", Title: title("Vertragsentwurf unterschriftsreif machen", "Complete draft contract"),
				Side: "joint", Owners: planfile.Owners{Buyer: "chen", Seller: "vogt"}, Due: day("05-19"), Status: "open"},
			{ID: "a6", Title: title("Kaufentscheidung", "Purchase decision"),
				Side: "buyer", Owner: "chen", Due: day("05-24"), Status: "open"},
		},
		Links: []planfile.Link{{From: "a1", To: "a2"}, {From: "a3", To: "a4"}, {From: "a4", To: "a6"}},
		Risks: []planfile.Risk{{ID: "r1", Title: title("CFO auf Reisen", "CFO travelling"), Probability: 0.5}},
	}
}

// action of the plan with an id.
func action(p *planfile.Plan, id string) *planfile.Action {
	for i := range p.Actions {
		if p.Actions[i].ID == id {
			return &p.Actions[i]
		}
	}
	panic("no action " + id)
}

// items that a rule tells about, the plan as "plan", in order.
func items(findings []Finding, rule string) string {
	var all []string
	for _, f := range findings {
		if f.Rule == rule {
			id := f.Item
			if id == "" {
				id = "plan"
			}
			all = append(all, id)
		}
	}
	return strings.Join(all, " ")
}

// file reads a plan of testdata.
func file(t testing.TB, name string) planfile.Plan {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".plan.json")
	if err != nil {
		t.Fatal(err)
	}
	p, err := planfile.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return *p
}

// catalogue is the texts of one language by key; of plural forms, all.
func catalogue(t testing.TB, lang string) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../locale/text/lint." + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for key, v := range raw {
		switch v := v.(type) {
		case string:
			texts[key] = v
		case map[string]any:
			texts[key] = v["one"].(string) + " " + v["other"].(string)
		}
	}
	return texts
}

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// namesIn are the placeholders of a text, sorted, each once.
func namesIn(text string) []string {
	seen := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		seen[m[1]] = true
	}
	var names []string
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// texts within a text, itself first.
func texts(t Text) []Text {
	all := []Text{t}
	for _, v := range t.Args {
		if inner, ok := v.(Text); ok {
			all = append(all, texts(inner)...)
		}
	}
	return all
}

// textsOf are all texts of a finding.
func textsOf(f Finding) []Text {
	var all []Text
	for _, t := range []Text{f.Message, f.Suggestion} {
		if !t.IsZero() {
			all = append(all, texts(t)...)
		}
	}
	if f.Fix != nil && !f.Fix.Text.IsZero() {
		all = append(all, texts(f.Fix.Text)...)
	}
	return all
}

// sayWith fills in texts from catalogues; values are written plainly.
func sayWith(byLang map[string]map[string]string) func(lang, key string, args map[string]any) string {
	return func(lang, key string, args map[string]any) string {
		return placeholder.ReplaceAllStringFunc(byLang[lang][key], func(p string) string {
			switch v := args[placeholder.FindStringSubmatch(p)[1]].(type) {
			case string:
				return v
			case civil.Day:
				return v.String()
			default:
				b, _ := json.Marshal(v)
				return string(b)
			}
		})
	}
}

// planDay is a number of days to add to a date.
func planDay(n int) civil.Day { return civil.Day(n) }

// huge is a plan with n of everything, each with something to find.
func huge(n int) planfile.Plan {
	p := healthy("de")
	p.DecideBy, p.Actions[0].Due = 80000, 11000
	for i := range n {
		id := strconv.Itoa(i)
		p.People = append(p.People, planfile.Person{ID: "p" + id, Side: "buyer", Name: "Mara Klein " + id, Role: "IT",
			Absences: []planfile.Span{{From: day("05-10"), To: day("06-20")}}})
		p.People = append(p.People, planfile.Person{ID: "t" + id, Side: "buyer", Name: "Sonderteam " + id})
		p.Milestones = append(p.Milestones, planfile.Milestone{ID: "m" + id, Title: "Freigabe"})
		p.Actions = append(p.Actions, planfile.Action{ID: "x" + id, Title: "Angebot prüfen", Side: "buyer", Owner: "p" + id,
			Due: day("05-17"), Milestone: "m" + id, Duration: number(300), Gate: "g" + id})
		p.Actions = append(p.Actions, planfile.Action{ID: "y" + id, Title: "Angebot prüfen", Side: "buyer", Owner: "t" + id})
		p.Links = append(p.Links, planfile.Link{From: "x" + id, To: "m" + id}, planfile.Link{From: "m" + id, To: "y" + id},
			planfile.Link{From: "y" + id, To: "x" + strconv.Itoa((i+1)%n)})
		p.Gates = append(p.Gates, planfile.Gate{ID: "g" + id, Rule: "FREQ=DAILY"})
	}
	return p
}
