package cli

import (
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// heldScene is a check-in of the demo's past.
type heldScene struct {
	day    civil.Day
	adHoc  bool
	opened string // who opens and closes it
	there  []string
	notes  []heldNote
}

type heldNote struct{ who, item, text string }

// heldScenes: both met at once after they agreed, and again a week later; the
// third time nobody came.
func (p *stagePlan) heldScenes() []heldScene {
	say := func(de, en string) string {
		if p.lang == "de" {
			return de
		}
		return en
	}
	return []heldScene{
		{day: workdays(p.today-19, 1), adHoc: true, opened: "martinez", there: []string{"chen", "klein", "martinez", "natarajan"}, notes: []heldNote{
			{"chen", "", say("Wir treffen uns künftig jede Woche, eine halbe Stunde genügt.", "From now on we meet every week; half an hour is enough.")},
			{"klein", "a7", say("Frau Klein braucht den Pentest-Bericht, bevor sie beginnt.", "Ms Klein needs the penetration test report before she starts.")},
		}},
		{day: p.weekly - 14, opened: "chen", there: []string{"chen", "klein", "natarajan"}, notes: []heldNote{
			{"natarajan", "a5", say("Die Messwerte aus Werk 2 kommen am Freitag.", "The readings of plant 2 come on Friday.")},
			{"chen", "", say("Frau Dr. Brandt nimmt ab dem nächsten Mal teil.", "Dr. Brandt joins from next time.")},
		}},
	}
}

// heldUntil holds the check-ins of the demo's past up to a day.
func (p *stagePlan) heldUntil(day civil.Day) error {
	for len(p.toHold) > 0 && p.toHold[0].day < day {
		h := p.toHold[0]
		p.toHold = p.toHold[1:]
		if err := p.hold(h); err != nil {
			return err
		}
	}
	return nil
}

func (p *stagePlan) hold(h heldScene) error {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	begins := civil.WallOf(h.day, 10, 0).In(zone)
	p.goTo(begins)
	open := plan.OpenCheckIn{ID: p.s.NewID(), CheckIn: p.series, Day: h.day}
	if h.adHoc {
		open.CheckIn, open.Day = "", 0
	}
	if err := p.do(h.opened, open); err != nil {
		return err
	}
	for _, n := range h.notes {
		if err := p.do(n.who, plan.NoteCheckIn{Run: open.ID, ID: p.s.NewID(), Item: p.items[n.item], Text: n.text}); err != nil {
			return err
		}
	}
	p.goTo(begins.Add(27 * time.Minute))
	end := plan.CloseCheckIn{Run: open.ID}
	for _, who := range h.there {
		end.Present = append(end.Present, p.people[who])
	}
	return p.do(h.opened, end)
}

// tongues: somebody on each plan reads it in the other language.
func (p *stagePlan) tongues() error {
	who, language := "natarajan", "en"
	if p.lang == "en" {
		who, language = "klein", "de"
	}
	return p.do(map[string]string{"natarajan": "martinez", "klein": "chen"}[who],
		plan.EditPerson{Person: p.people[who], Version: p.version(who), Language: &language})
}

// tackles is what happens next about what is stuck.
func (p *stagePlan) tackles() error {
	next := "Ich hole den Bericht beim Prüfer ab und schicke ihn Frau Klein."
	if p.lang != "de" {
		next = "I collect the report from the auditor and send it to Ms Klein."
	}
	return p.on("natarajan", "a7", func(id plan.ID, v int) plan.Command {
		return plan.Tackle{Item: id, Version: v, Next: next, NextBy: workdays(p.today, 1), Waits: plan.Seller, Person: p.people["natarajan"]}
	})
}
