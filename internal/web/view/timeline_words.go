package view

import (
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"
)

// pens are used again: a page draws each row by itself.
var pens = sync.Pool{New: func() any { return new(pen) }}

func escape(s string) string { return templ.EscapeString(s) }

// draw is a part of the drawing as a component.
func draw(p *Plan, part func(*pen, *Plan)) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		d, _ := pens.Get().(*pen)
		*d = pen{b: d.b[:0], from: p.Timeline.From, days: float64(p.Timeline.To-p.Timeline.From) + 1}
		part(d, p)
		_, err := w.Write(d.b)
		pens.Put(d)
		return err
	})
}

func drawLane(p *Plan, r *lane) templ.Component {
	return draw(p, func(d *pen, p *Plan) { d.lane(p, r) })
}

func drawGhosts(p *Plan, rows []*lane) templ.Component {
	return draw(p, func(d *pen, p *Plan) { d.ghosts(p, rows) })
}

// laneClass is how a row looks.
func laneClass(r *lane) string {
	class := ""
	switch {
	case r.kind == foldLane:
		return "tl-fold"
	case r.kind != stepLane:
		class = "tl-head-row"
	case r.item.State == Over:
		class = "tl-done"
	case r.item.Mine:
		class = "tl-mine"
	}
	if r.bar.Critical {
		class += " tl-sets"
	}
	return class
}

// idOf is the id of a row's step or milestone.
func idOf(r *lane) string {
	switch r.kind {
	case stepLane:
		return r.item.ID
	case stoneLane:
		return r.stone.ID
	}
	return "decision"
}

// whoText is who answers for a step, by initials: the row's label has the rest.
func whoText(it *Item) string {
	switch len(it.Owners) {
	case 0:
		return ""
	case 1:
		return Initials(it.Owners[0].Name)
	}
	return Initials(it.Owners[0].Name) + " + " + Initials(it.Owners[1].Name)
}

func tryTitle(p *Plan, x *Trial) string {
	switch {
	case len(x.Moves) == 0:
		return p.L.T("timeline.try.title", "What", x.Title)
	case len(x.Moves) == 1:
		return p.L.T("timeline.try.alone", "What", x.Title, "Day", p.L.Day(x.To))
	}
	return p.L.T("timeline.try.along", "What", x.Title, "Day", p.L.Day(x.To), "N", len(x.Moves)-1)
}

// readyText is what it does to the day on which the decision can be made.
func readyText(p *Plan, x *Trial) string {
	if x.Then.IsZero() || x.Then == x.Ready {
		return p.L.T("timeline.try.same")
	}
	return p.L.T("timeline.try.ready", "From", p.L.Day(x.Ready), "To", p.L.Day(x.Then))
}

func sendText(p *Plan, x *Trial) string {
	if x.Agreed {
		return p.L.T("timeline.try.propose")
	}
	return p.L.T("timeline.try.change")
}
