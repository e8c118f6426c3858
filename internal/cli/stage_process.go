package cli

import (
	"strings"

	"tandem/internal/app"
	"tandem/internal/process"
)

// lessons are what the team calls what it learned from the plan that was
// decided, and what it changed in it afterwards.
var lessons = map[string]struct{ name, purpose, proof string }{
	"de": {"Zwei Werke, ein Testlauf", "Für Maschinenbauer mit zwei Standorten, gelernt aus dem Projekt mit Rheinwerk.", "Messwerte liegen beiden Seiten vor"},
	"en": {"Two plants, one trial", "For mechanical engineers with two sites, learned from the project with Rheinwerk.", "Both sides have the measurements"},
}

// learned makes a template of the last plan, which was decided, and a second
// version of it a day later.
func (d *director) learned() error {
	d.at(d.today-6, 10)
	p, _, err := d.s.LearnProcess(d.ctx, d.seller, d.plans[len(d.plans)-1])
	if err != nil {
		return err
	}
	say := func(text string) process.Words {
		if d.lang == "de" {
			return process.Words{DE: text}
		}
		return process.Words{EN: text}
	}
	t := lessons[d.lang]
	other := strings.NewReplacer("Freigabeausschuss Nordwerk", "Freigabeausschuss", "Nordwerk approval board", "Approval board", "Sarah Chen", "{buyer}")
	for i := range p.Gates {
		g := &p.Gates[i].Title
		g.DE, g.EN = other.Replace(g.DE), other.Replace(g.EN)
	}
	for i := range p.Steps {
		w := &p.Steps[i].DoneWhen
		w.DE, w.EN = other.Replace(w.DE), other.Replace(w.EN)
	}
	p.Name, p.Purpose = say(t.name), say(t.purpose)
	if p, err = d.s.SaveProcess(d.ctx, d.seller, p, 0, app.OriginPlan); err != nil {
		return err
	}
	d.at(d.today-5, 11)
	next := p.As(p.ID, 2)
	next.Steps[len(next.Steps)/2].DoneWhen = say(t.proof)
	_, err = d.s.SaveProcess(d.ctx, d.seller, next, 1, "")
	return err
}
