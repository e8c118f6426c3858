package view

import (
	"strconv"
	"time"

	"tandem/internal/civil"
)

// ground is what lies under all rows: days on which nobody works, the weeks or
// months, committees, today and the decision.
func (d *pen) ground(p *Plan) {
	t := p.Timeline
	d.s(`<defs><pattern id="tl-hatching" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line`).
		class("tl-scratch").s(` x1="0" y1="0" x2="0" y2="5"/></pattern>`)
	d.offDays(t, Buyer)
	d.offDays(t, Seller)
	d.s(`</defs>`)
	for _, o := range t.Off {
		from, to := max(o.From, t.From), min(o.To, t.To)
		if o.Side == Joint && from <= to && (o.Name != "" || t.Zoom != ZoomQuarter) {
			d.rect("tl-off", from, to, 0, 0, 0)
		}
	}
	marks(t, func(day civil.Day, month, week bool) {
		switch {
		case month:
			d.line("tl-month", d.at(day), 0, d.at(day), 100, true)
		case week && t.Zoom != ZoomQuarter:
			d.line("tl-week", d.at(day), 0, d.at(day), 100, true)
		}
	})
	middle := (d.at(1) - d.at(0)) / 2
	for _, m := range t.Meetings {
		d.s(`<g>`).line("tl-gate", d.at(m.Day)+middle, 0, d.at(m.Day)+middle, 100, true)
		d.s(`</g>`)
	}
	if !p.DecideBy.IsZero() {
		d.line("tl-decide", d.at(p.DecideBy)+middle, 0, d.at(p.DecideBy)+middle, 100, true)
	}
	if now := p.L.Today; now >= t.From && now <= t.To {
		d.line("tl-now", d.at(now)+middle, 0, d.at(now)+middle, 100, true)
	}
}

// marks are the days shown that begin a month or a week.
func marks(t *Timeline, f func(day civil.Day, month, week bool)) {
	for day := t.From; day <= t.To; day++ {
		_, _, n := day.Date()
		month, week := n == 1, day.Weekday() == time.Monday
		if month || week || day == t.From {
			f(day, month, week)
		}
	}
}

// Lines of the axis, in pixels from its top.
const (
	axisMonths = 14
	axisDays   = 30
	axisLabels = 60
	axisHeight = 66
)

// axis: the months, under them weeks or days, and what stands out: committees,
// holidays, today, the decision.
func (d *pen) axis(p *Plan) {
	t := p.Timeline
	shown := d.at(1) - d.at(0)
	for i, m := range monthsShown(t) {
		d.text("tl-axis-month", d.at(m.from), 4, axisMonths, false, monthText(p, m.from, i == 0, m.days, t.Zoom))
		d.line("tl-month", d.at(m.from), 0, d.at(m.from), axisHeight, false)
	}
	for day := t.From; day <= t.To; day++ {
		_, _, n := day.Date()
		switch t.Zoom {
		case ZoomWeek:
			d.text("tl-axis-day", d.at(day)+shown/2, 0, axisDays, false, strconv.Itoa(n))
		case ZoomMonth:
			if day.Weekday() == time.Monday {
				d.text("tl-axis-week", d.at(day), 3, axisDays, false, strconv.Itoa(n)+dot(p))
			}
		}
	}
	d.signs(p, shown/2)
}

func dot(p *Plan) string {
	if p.L.Lang == "de" {
		return "."
	}
	return ""
}

type axisMonth struct {
	from civil.Day
	days int
}

// monthsShown are the months on the axis; the first one may begin in the middle.
func monthsShown(t *Timeline) []axisMonth {
	var out []axisMonth
	for day := t.From; day <= t.To; day++ {
		if _, _, n := day.Date(); n == 1 || day == t.From {
			out = append(out, axisMonth{from: day})
		}
		out[len(out)-1].days++
	}
	return out
}

// monthText is the month, with the year where it begins; where there is little
// room it is short or left out.
func monthText(p *Plan, first civil.Day, begins bool, days int, z Zoom) string {
	if days*z.perDay() < 26 {
		return ""
	}
	y, m, _ := first.Date()
	key := "timeline.month." + strconv.Itoa(int(m))
	if days*z.perDay() < 100 {
		key = "timeline.mon." + strconv.Itoa(int(m))
	}
	text := p.L.T(key)
	if begins && days*z.perDay() > 120 || m == time.January {
		text += " " + strconv.Itoa(y)
	}
	return text
}

// signs on the axis say what the lines on the ground mean. A holiday of one
// side carries that side's sign.
func (d *pen) signs(p *Plan, middle float64) {
	t := p.Timeline
	sign := func(day civil.Day, class, path, text string) {
		d.s(`<g>`).mark(d.at(day)+middle, class, path).s(`<title>`).s(escape(text)).s(`</title></g>`)
	}
	for _, o := range t.Off {
		if o.Name == "" || o.To < t.From || o.From > t.To {
			continue
		}
		text := p.L.Span(o.From, o.To) + ": " + o.Name
		switch o.Side {
		case Buyer:
			sign(max(o.From, t.From), "tl-b", "M-3 41a3 3 0 1 0 6 0 3 3 0 1 0-6 0z", p.Buyer.Short+", "+text)
		case Seller:
			sign(max(o.From, t.From), "tl-s", "M-3 38h6v6h-6z", p.Seller.Short+", "+text)
		default:
			sign(max(o.From, t.From), "tl-stone", "M-3 38h6v6h-6z", text)
		}
	}
	for _, m := range t.Meetings {
		sign(m.Day, "tl-gate-sign", "M-5 37h10l-5 8z", p.L.Date(m.Day)+": "+m.Text)
	}
	last := t.To
	end := func(day civil.Day) bool { return d.at(day) > 92 }
	if !p.DecideBy.IsZero() && p.DecideBy <= last {
		d.text("tl-axis-sign", d.at(p.DecideBy)+middle, edge(end(p.DecideBy)), axisLabels, end(p.DecideBy), p.L.T("timeline.decision"))
	}
	if now := p.L.Today; now >= t.From && now <= last && now != p.DecideBy {
		d.text("tl-axis-sign", d.at(now)+middle, edge(end(now)), axisLabels, end(now), p.L.T("timeline.today"))
	}
}

func edge(end bool) float64 {
	if end {
		return -5
	}
	return 5
}

// ghosts are where the rows would lie with the date that is tried. Rows are
// percent of the height, so they need not know how tall a row is.
func (d *pen) ghosts(p *Plan, rows []*lane) {
	t := p.Timeline
	if t.Trial == nil || len(rows) == 0 {
		return
	}
	moves := map[string]*TrialMove{}
	for i := range t.Trial.Moves {
		m := &t.Trial.Moves[i]
		moves[laneID(m.ID)] = m
	}
	for i, r := range rows {
		m := moves[r.id]
		if m == nil {
			continue
		}
		d.s(`<svg y="`).per((float64(i) + 0.5) / float64(len(rows)) * 100).s(`" overflow="visible">`)
		middle := (d.at(1) - d.at(0)) / 2
		if r.kind == stepLane {
			d.line("tl-moved", d.at(r.bar.End+1), 0, d.at(m.To+1), 0, false)
			d.rect("tl-ghost", m.To-(r.bar.End-r.bar.Start), m.To, -half-2, 2*half+4, roundOf(r.item.Side))
			d.text("tl-ghost-date", d.at(m.To+1), 7, 4, false, p.L.Date(m.To))
		} else {
			d.line("tl-moved", d.at(r.bar.End)+middle, 0, d.at(m.To)+middle, 0, false)
			d.mark(d.at(m.To)+middle, "tl-ghost", "M0-8 8 0 0 8-8 0z")
			d.text("tl-ghost-date", d.at(m.To)+middle, 12, 4, false, p.L.Date(m.To))
		}
		d.s(`</svg>`)
	}
}
