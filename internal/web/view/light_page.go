package view

import "strconv"

// LightForm is the form of a plan on one page.
type LightForm struct {
	ID, Deal, Title, Buyer, Seller, DecideBy, Language string
	Milestones, Steps                                  []LightLine
	Problem                                            *FormProblem
}

// LightLine is one line of it: a milestone or a step.
type LightLine struct{ Title, Side, Who, Date string }

func (f *LightForm) sides(p *Page) []Option {
	return []Option{{"buyer", orElse(f.Buyer, p.L.T("pages.field.buyer"))}, {"seller", f.Seller}, {"joint", p.L.T("plan.both")}}
}

func lineName(kind string, i int) string { return kind + strconv.Itoa(i) }

// fullUp: one more step makes a full plan of a light one.
func (p *Plan) fullUp(most int) bool { return p.Light && p.shared() >= most }

// shared counts the steps both see.
func (p *Plan) shared() int {
	n := 0
	for i := range p.Items {
		if !p.Items[i].Internal {
			n++
		}
	}
	return n
}
