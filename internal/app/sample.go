package app

import (
	"strings"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// Sample is a plan of fictitious people to try things with, in German ("de")
// or English, laid out around a day: begun two and a half weeks before it, to
// be decided about five weeks after. Every date is a working day of both
// sides, the committee's step is on one of its days, and one step is blocked
// and overdue, because that is what a plan is for.
func Sample(language string, today civil.Day) *planfile.Plan {
	b := newSample(language, today)
	b.frame()
	b.steps()
	b.risks()
	return b.plan
}

// sample lays out one plan.
type sample struct {
	german bool
	plan   *planfile.Plan
	work   *calendar.Calendar // days on which both sides work; nil: Monday to Friday
	today  civil.Day
	board  civil.Day // the committee's meeting
	decide civil.Day
}

const (
	sampleBuyerRegion  = "DE-NI"
	sampleSellerRegion = "GB-ENG"
)

func newSample(language string, today civil.Day) *sample {
	b := &sample{german: language == "de", today: today, plan: &planfile.Plan{Format: planfile.Format, Language: "en"}}
	if b.german {
		b.plan.Language = "de"
	}
	h := calendar.Horizon{First: today - 60, Last: today + 150}
	buyer, err1 := calendar.Compile(calendar.Spec{Region: sampleBuyerRegion}, h)
	seller, err2 := calendar.Compile(calendar.Spec{Region: sampleSellerRegion}, h)
	if err1 == nil && err2 == nil { // else it is a year whose holidays nobody knows yet
		b.work, _ = calendar.Both(buyer, seller) // the horizons are the same
	}
	b.board = b.day(17)
	for b.board.Weekday() != time.Tuesday || !b.works(b.board) {
		b.board++
	}
	b.decide = b.after(b.board, 3)
	for quarterEnd(b.decide) { // nobody at the buyer asks for such a day
		b.decide = b.after(b.decide, 1)
	}
	return b
}

func quarterEnd(d civil.Day) bool {
	_, month, _ := d.Date()
	_, next, _ := (d + 4).Date()
	return month != next && month%3 == 0
}

func (b *sample) works(d civil.Day) bool {
	if b.work != nil {
		return b.work.Works(d)
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// day is so many working days after today, or before.
func (b *sample) day(n int) civil.Day { return b.after(b.today, n) }

func (b *sample) after(d civil.Day, n int) civil.Day {
	step := civil.Day(1)
	if n < 0 {
		step, n = -1, -n
	}
	for !b.works(d) {
		d += step
	}
	for ; n > 0; n-- {
		for d += step; !b.works(d); d += step {
		}
	}
	return d
}

// say picks the language.
func (b *sample) say(german, english string) string {
	if b.german {
		return german
	}
	return english
}

// frame is everything but steps and risks.
func (b *sample) frame() {
	p := b.plan
	day := b.date(b.decide)
	p.Title = b.say("Bis "+day+" entscheiden, ob Acme Cloud zu Nordwerk passt", "Decide by "+day+" whether Acme Cloud fits Nordwerk")
	p.Start, p.DecideBy = b.day(-13), b.decide
	p.Sides = planfile.Sides{
		Buyer:  planfile.Party{Organisation: "Nordwerk AG", Calendar: planfile.Calendar{Region: sampleBuyerRegion}},
		Seller: planfile.Party{Organisation: "Acme Cloud", Calendar: planfile.Calendar{Region: sampleSellerRegion}},
	}
	person := func(id string, side planfile.Side, name, german, english string) {
		host := "nordwerk.example"
		if side == planfile.Seller {
			host = "acme.example"
		}
		address := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "Dr. ")), " ", ".") + "@" + host
		p.People = append(p.People, planfile.Person{ID: id, Side: side, Name: name, Role: b.say(german, english), Email: address})
	}
	person("chen", planfile.Buyer, "Sarah Chen", "Leiterin Operations", "VP Operations")
	person("brandt", planfile.Buyer, "Dr. Ute Brandt", "CFO", "CFO")
	person("klein", planfile.Buyer, "Mara Klein", "Leiterin IT-Sicherheit", "Head of IT Security")
	person("roth", planfile.Buyer, "Jana Roth", "Rechtsabteilung", "Legal")
	person("reuter", planfile.Buyer, "Tom Reuter", "Einkauf", "Procurement")
	person("martinez", planfile.Seller, "John Martinez", "Account Executive", "Account Executive")
	person("natarajan", planfile.Seller, "Priya Natarajan", "Solution Engineer", "Solution Engineer")
	person("vogt", planfile.Seller, "Lena Vogt", "Legal Counsel", "Legal Counsel")
	p.People[0].Lead, p.People[5].Lead = true, true
	p.People[1].Absences = []planfile.Span{{From: b.day(8), To: b.day(14), Note: b.say("auf Reisen", "travelling")}}
	p.Goals = []planfile.Goal{
		{Side: planfile.Buyer, Text: b.say("Lieferstörungen einen Tag früher sehen als heute, ohne eine weitere Insellösung.", "See disruptions a day earlier than today, without another isolated tool.")},
		{Side: planfile.Seller, Text: b.say("Zeigen, dass die Einführung in acht Wochen mit zwei Werken gelingt.", "Show that two plants can be live within eight weeks.")},
	}
	p.Criteria = []planfile.Criterion{
		{Text: b.say("Bis "+day+" liegt alles vor, um sicher zu entscheiden, so oder so.", "By "+day+" everything is there to decide with confidence, either way."), By: b.decide},
		{Text: b.say("Testlauf mit Echtdaten: mindestens 8 von 10 Störungen erkannt.", "Trial with real data: at least 8 of 10 disruptions found."), By: b.day(-4)},
	}
	p.Milestones = []planfile.Milestone{
		{ID: "m1", Title: b.say("Bedarf und Ziele geklärt", "Needs and goals settled"), Date: b.day(-9)},
		{ID: "m2", Title: b.say("Technische Validierung", "Technical validation"), Date: b.day(2)},
		{ID: "m3", Title: b.say("Business Case bestätigt", "Business case confirmed"), Date: b.day(7)},
		{ID: "m4", Title: b.say("Freigaben liegen vor", "Approvals in place"), Date: b.board},
	}
	p.Gates = []planfile.Gate{{ID: "g1", Title: b.say("Freigabeausschuss Nordwerk", "Nordwerk approval board"),
		Rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", Anchor: b.board - 28}}
}

var sampleMonths = [][2]string{{"Januar", "January"}, {"Februar", "February"}, {"März", "March"}, {"April", "April"}, {"Mai", "May"}, {"Juni", "June"},
	{"Juli", "July"}, {"August", "August"}, {"September", "September"}, {"Oktober", "October"}, {"November", "November"}, {"Dezember", "December"}}

// date is a day as the plan's own words name it.
func (b *sample) date(d civil.Day) string {
	_, month, _ := d.Date()
	names := sampleMonths[month-1]
	return b.say(d.Time().Format("2. ")+names[0], d.Time().Format("2 ")+names[1])
}

// step is what differs from one step to the next.
type step struct {
	id, milestone, german, english string
	side                           planfile.Side
	owner                          string
	due                            civil.Day
	days                           int // of work
	doneDe, doneEn                 string
	with                           func(*planfile.Action)
}

func (b *sample) add(s step) {
	a := planfile.Action{ID: s.id, Milestone: s.milestone, Title: b.say(s.german, s.english), Side: s.side, Due: s.due,
		DoneWhen: b.say(s.doneDe, s.doneEn), Status: planfile.Open}
	if s.days > 0 {
		a.Duration = &s.days
	}
	if buyer, seller, joint := strings.Cut(s.owner, "+"); joint {
		a.Owners = planfile.Owners{Buyer: buyer, Seller: seller}
	} else {
		a.Owner = s.owner
	}
	if s.with != nil {
		s.with(&a)
	}
	b.plan.Actions = append(b.plan.Actions, a)
}

// done says that a step was finished on its day.
func done(a *planfile.Action) { a.Status, a.DoneOn = planfile.Done, a.Due }
