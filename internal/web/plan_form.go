package web

import (
	"net/url"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// form reads the fields of a move; the names are those of view.ItemMoveFields
// and its neighbours. The first field that cannot be read is kept in err.
type form struct {
	url.Values
	v     app.View
	newID func() plan.ID
	err   error
	wrong string // name of the field that cannot be read
	sent  sentFile
}

func (f *form) text(name string) string { return strings.TrimSpace(f.Get(name)) }

func (f *form) bad(field, key string, nameValues ...any) {
	if f.err == nil {
		f.err, f.wrong = fault.New(fault.Invalid, key, nameValues...), field
	}
}

func (f *form) day(name string) civil.Day {
	s := f.text(name)
	if s == "" {
		return 0
	}
	d, err := civil.Parse(s)
	if err != nil {
		f.bad(name, "moves.form.date", "Value", s)
	}
	return d
}

func (f *form) number(name string) int {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		f.bad(name, "moves.form.number", "Value", s)
	}
	return n
}

// decimal takes a comma as well as a point.
func (f *form) decimal(name string) float64 {
	s := strings.Replace(f.text(name), ",", ".", 1)
	if s == "" {
		return 0
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		f.bad(name, "moves.form.number", "Value", f.text(name))
	}
	return x
}

func (f *form) version() int { return f.number("version") }

// on reports a ticked box; a form sends "off" before it, so that a box that is
// not ticked is told from one that was not there.
func (f *form) on(name string) bool {
	values := f.Values[name]
	return len(values) > 0 && values[len(values)-1] != "" && values[len(values)-1] != "off"
}

// patch is what a step's form changes; fields that were not sent stay.
func (f *form) patch(now plan.Terms) plan.Patch {
	var p plan.Patch
	party := now.Party
	text := func(name string, to **string) {
		if f.Has(name) {
			s := f.Get(name)
			*to = &s
		}
	}
	text("title", &p.Title)
	text("done_when", &p.DoneWhen)
	if f.Has("side") {
		party = plan.Party(f.Get("side"))
		p.Party = &party
	}
	person := func(name string, to **plan.ID) {
		if f.Has(name) {
			id := plan.ID(f.Get(name))
			*to = &id
		}
	}
	switch party {
	case plan.ByBuyer:
		person("owner", &p.BuyerOwner)
	case plan.BySeller:
		person("owner", &p.SellerOwner)
	case plan.Joint:
		person("owner_buyer", &p.BuyerOwner)
		person("owner_seller", &p.SellerOwner)
	}
	f.owners(&p, party)
	f.date(&p, now)
	return p
}

// date reads a date and the box that leaves it open: what was changed last
// counts where a form says both.
func (f *form) date(p *plan.Patch, now plan.Terms) {
	due, open := f.day("due"), f.on("date_open")
	if f.Has("due") {
		p.Due = &due
	}
	if !f.Has("date_open") {
		return
	}
	p.DateOpen = &open
	if open && !due.IsZero() && now.DateOpen {
		p.DateOpen = nil // a date was typed into a step whose date was open
	}
}

// owners drops a person of the other side: a select that lists everybody, or
// a side that was changed without choosing again.
func (f *form) owners(p *plan.Patch, party plan.Party) {
	none := plan.ID("")
	for _, x := range []struct {
		side plan.Side
		id   **plan.ID
	}{{plan.Buyer, &p.BuyerOwner}, {plan.Seller, &p.SellerOwner}} {
		if id := *x.id; id != nil && *id != "" {
			if q := f.v.Plan.Person(*id); q != nil && q.Side != x.side {
				*x.id = &none
			}
		}
		if p.Party != nil && !party.Includes(x.side) {
			*x.id = &none
		}
	}
}

func (f *form) milestone() *plan.ID {
	if !f.Has("milestone") {
		return nil
	}
	m := plan.ID(f.Get("milestone"))
	return &m
}

// typed is what a refused form keeps.
func (f *form) typed() map[string]string {
	out := map[string]string{}
	for name, values := range f.Values {
		if len(values) > 0 {
			out[name] = values[0]
		}
	}
	return out
}

// problem shows a refused move in its form, with what was typed.
func (f *form) problem(v *visit, move string, err error) *view.Problem {
	p := &view.Problem{Move: move, Field: f.wrong, Typed: f.typed()}
	x, ok := fault.As(err)
	if !ok {
		return nil
	}
	p.Text = v.l.Text(x.Key, x.Args)
	for _, fix := range x.Fixes {
		p.Fixes = append(p.Fixes, v.l.Text(fix, x.Args))
	}
	return p
}
