package view

import (
	"math"
	"strconv"

	"github.com/a-h/templ"

	"tandem/internal/civil"
)

// pen draws a timeline. Days are percent of the width and rows percent of the
// height, so that one drawing fits a window, a phone, a sheet of paper and a
// mail; only thickness is in pixels. On a page colours come from its style
// sheet by class; a drawing that stands alone carries them itself.
type pen struct {
	b     []byte
	from  civil.Day
	days  float64
	alone bool
}

func newPen(t *Timeline) *pen {
	return &pen{b: make([]byte, 0, 1024), from: t.From, days: float64(t.To-t.From) + 1}
}

func (d *pen) s(s string) *pen { d.b = append(d.b, s...); return d }

// f writes a number with at most three decimals.
func (d *pen) f(x float64) *pen {
	n := int64(math.Round(x * 1000))
	if n < 0 {
		d.b = append(d.b, '-')
		n = -n
	}
	d.b = strconv.AppendInt(d.b, n/1000, 10)
	if n %= 1000; n != 0 {
		d.b = append(d.b, '.', byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
		for d.b[len(d.b)-1] == '0' {
			d.b = d.b[:len(d.b)-1]
		}
	}
	return d
}

// per writes a percentage.
func (d *pen) per(x float64) *pen { d.f(x); d.b = append(d.b, '%'); return d }

// at is where a day begins.
func (d *pen) at(day civil.Day) float64 { return float64(day-d.from) / d.days * 100 }

// class paints what is being written.
func (d *pen) class(c string) *pen {
	if d.alone {
		return d.s(paints[c])
	}
	return d.s(` class="`).s(c).s(`"`)
}

// rect is days by pixels, or by percent of the height where tall is 0.
func (d *pen) rect(class string, from, to civil.Day, y, tall, round float64) *pen {
	d.s(`<rect`).class(class).s(` x="`).per(d.at(from)).s(`" width="`).per(d.at(to+1) - d.at(from)).s(`"`)
	if class == "tl-hatch" { // an address in a style sheet would be one beside the style sheet
		d.s(` fill="url(#tl-hatching)"`)
	}
	if tall == 0 {
		return d.s(` height="100%"/>`)
	}
	d.s(` y="`).f(y).s(`" height="`).f(tall).s(`"`)
	if round > 0 {
		d.s(` rx="`).f(round).s(`"`)
	}
	return d.s(`/>`)
}

// line between points in percent, or in pixels where the y is.
func (d *pen) line(class string, x1, y1, x2, y2 float64, percent bool) *pen {
	y := func(v float64) {
		if percent {
			d.per(v)
		} else {
			d.f(v)
		}
	}
	d.s(`<line`).class(class).s(` x1="`).per(x1).s(`" y1="`)
	y(y1)
	d.s(`" x2="`).per(x2).s(`" y2="`)
	y(y2)
	return d.s(`"/>`)
}

// open moves the origin to a day, for what is drawn in pixels; close ends it.
func (d *pen) open(x float64) *pen { return d.s(`<svg overflow="visible" x="`).per(x).s(`">`) }
func (d *pen) close() *pen         { return d.s(`</svg>`) }
func (d *pen) mark(x float64, class, path string) *pen {
	return d.open(x).s(`<path`).class(class).s(` d="`).s(path).s(`"/>`).close()
}

func (d *pen) text(class string, x, dx, y float64, end bool, text string) *pen {
	d.s(`<text`).class(class).s(` x="`).per(x).s(`" y="`).f(y).s(`"`)
	if dx != 0 {
		d.s(` dx="`).f(dx).s(`"`)
	}
	if end {
		d.s(` text-anchor="end"`)
	}
	return d.s(`>`).s(templ.EscapeString(text)).s(`</text>`)
}

// half of a bar's height.
const half = 6.0

// lane draws a row: what it waits for, then around the middle of the row
// everything else.
func (d *pen) lane(p *Plan, r *lane) {
	for _, side := range []Side{Buyer, Seller} {
		if r.item != nil && (r.item.Side == side || r.item.Side == Joint) {
			d.sideOff(r.item.Side, side)
		}
	}
	for _, a := range r.away(p) {
		d.absence(p, a)
	}
	for _, t := range r.ties {
		d.tie(r, t)
	}
	d.s(`<svg y="50%" overflow="visible">`)
	switch r.kind {
	case stepLane:
		d.step(p, r)
	case foldLane:
		d.folded(r)
	default:
		d.stone(p, r)
	}
	d.s(`</svg>`)
}

// sideOff shades the days on which only this side does not work, drawn once on
// the ground; in a joint step's row the buyer's are the upper half.
func (d *pen) sideOff(of, side Side) {
	use := func() { d.s(`<use href="#tl-off-`).s(side.class()).s(`"/>`) }
	switch {
	case of != Joint:
		use()
		return
	case side == Buyer:
		d.s(`<svg height="50%">`)
	default:
		d.s(`<svg y="50%" height="50%">`)
	}
	use()
	d.s(`</svg>`)
}

// offDays are the symbols of sideOff.
func (d *pen) offDays(t *Timeline, side Side) {
	d.s(`<symbol id="tl-off-`).s(side.class()).s(`">`)
	for _, o := range t.Off {
		from, to := max(o.From, t.From), min(o.To, t.To)
		if o.Side == side && from <= to {
			d.rect("tl-off", from, to, 0, 0, 0)
		}
	}
	d.s(`</symbol>`)
}

// absence shades when an owner is away, with the name for the mouse; the name
// of the row says it in words.
func (d *pen) absence(p *Plan, a Absence) {
	from, to := max(a.From, p.Timeline.From), min(a.To, p.Timeline.To)
	if to < from {
		return
	}
	d.s(`<rect`).class("tl-away").s(` x="`).per(d.at(from)).s(`" width="`).per(d.at(to+1) - d.at(from)).s(`" height="100%"><title>`)
	d.s(templ.EscapeString(p.L.T("timeline.away", "Name", a.Note, "Span", p.L.Span(a.From, a.To)))).s(`</title></rect>`)
}

// tie is an elbow from the end (or start) of one bar to the start (or end) of
// this one: down, then across.
func (d *pen) tie(r *lane, t lineTo) {
	class := "tl-tie"
	if t.critical {
		class = "tl-tie tl-crit"
	}
	end := func(b Bar, start bool) float64 {
		if start {
			return d.at(b.Start)
		}
		return d.at(max(b.End, b.Needs) + 1)
	}
	x1 := end(t.from.bar, t.typ == "SS" || t.typ == "SF")
	x2 := end(r.bar, t.typ != "FF" && t.typ != "SF")
	if r.kind != stepLane {
		x2 = d.at(r.bar.End) + (d.at(1)-d.at(0))/2
	}
	y := 50 - float64(t.up)*100
	d.s(`<g`).class(class).s(` data-from="`).s(templ.EscapeString(t.from.id)).s(`">`)
	d.line("tl-leg", x1, y, x1, 50, true)
	if x1 != x2 {
		d.line("tl-leg", x1, 50, x2, 50, true)
	}
	d.s(`<svg y="50%" overflow="visible">`)
	switch {
	case x2 > x1:
		d.mark(x2, "tl-arrow", "M0 0l-6-3.5v7z")
	case x2 < x1:
		d.mark(x2, "tl-arrow", "M0 0l6-3.5v7z")
	case t.up > 0:
		d.mark(x2, "tl-arrow", "M0-6l-3.5-6h7z")
	default:
		d.mark(x2, "tl-arrow", "M0 6l-3.5 6h7z")
	}
	d.s(`</svg></g>`)
}

// step is a step's bar with everything that is said about it.
func (d *pen) step(p *Plan, r *lane) {
	b, it := r.bar, r.item
	if b.End.IsZero() {
		d.text("tl-date", d.at(max(p.L.Today, p.Timeline.From)), 6, 4, false, p.L.T("timeline.undated"))
		return
	}
	if it.State == Over {
		d.over(p, r)
		return
	}
	d.window(b)
	if p.Timeline.Zoom == ZoomQuarter && b.End-b.Start < 3 { // too short to show whose it is
		d.sign(it, b)
	} else {
		d.bar(it, b)
	}
	if b.Critical && (p.Timeline.Zoom != ZoomQuarter || b.End-b.Start >= 3) {
		d.rect("tl-drives", b.Start, b.End, -half-1.5, 2*half+3, roundOf(it.Side)+1)
	}
	last := b.End
	if !b.Needs.IsZero() {
		last = b.Needs
		d.rect("tl-needs", b.End+1, b.Needs, -half+2, 2*half-4, 0)
	}
	if !b.Loose && p.Timeline.Zoom != ZoomQuarter {
		d.mark(d.at(b.End+1), "tl-due", "M0-9V9")
	}
	if !it.Proposed.IsZero() && it.Proposed != b.End {
		d.rect("tl-asked", it.Proposed-(b.End-b.Start), it.Proposed, -half, 2*half, roundOf(it.Side))
		last = max(last, it.Proposed)
	}
	d.baselines(b, roundOf(it.Side))
	d.words(p, r, last)
}

// words stand right of the bar, or left of it near the edge: the sign for what
// is wrong, and the date.
func (d *pen) words(p *Plan, r *lane, last civil.Day) {
	b, it := r.bar, r.item
	text := p.L.Date(b.End)
	if b.Loose {
		text = p.L.T("timeline.about", "Date", b.End)
	}
	if !b.Needs.IsZero() {
		text += " → " + p.L.Date(b.Needs)
	}
	class := "tl-date"
	sign := ""
	switch {
	case it.State == Blocked:
		sign, class = "‖ ", "tl-date tl-bad"
	case !b.Needs.IsZero() || it.Late:
		sign, class = "! ", "tl-date tl-bad"
	case b.Critical:
		class = "tl-date tl-ink"
	}
	x, beside := d.at(last+1), 7.0
	if p.Timeline.Zoom == ZoomQuarter {
		beside = 11 // a sign is wider than its day
	}
	if x > 86 {
		d.text(class, min(d.at(b.Start), d.at(earlier(b.Early, b.Start))), -beside, 4, true, sign+text)
		return
	}
	d.text(class, x, beside, 4, false, sign+text)
}

// earlier is the earlier of two days, of which the first may be unknown.
func earlier(a, b civil.Day) civil.Day {
	if a.IsZero() || a > b {
		return b
	}
	return a
}

// bar: the buyer's is round and solid, the seller's square and hatched, a
// joint one both.
func (d *pen) bar(it *Item, b Bar) {
	loose := ""
	if b.Loose || it.Internal {
		loose = " tl-loose"
	}
	switch it.Side {
	case Buyer:
		d.rect("tl-b"+loose, b.Start, b.End, -half, 2*half, half)
	case Seller:
		d.rect("tl-s"+loose, b.Start, b.End, -half, 2*half, 0)
		if loose == "" {
			d.rect("tl-hatch", b.Start, b.End, -half, 2*half, 0)
		}
	default:
		d.rect("tl-b"+loose, b.Start, b.End, -half, half, half/2)
		d.rect("tl-s"+loose, b.Start, b.End, 0.5, half, 0)
		if loose == "" {
			d.rect("tl-hatch", b.Start, b.End, 0.5, half, 0)
		}
	}
}

// sign is a bar too short to be told by its shape: its side's sign, on its last
// day.
func (d *pen) sign(it *Item, b Bar) {
	x := d.at(b.End) + (d.at(1)-d.at(0))/2
	if b.Critical {
		d.mark(x, "tl-drives", "M-7-7h14v14h-14z")
	}
	loose := ""
	if b.Loose || it.Internal {
		loose = " tl-loose"
	}
	switch it.Side {
	case Buyer:
		d.mark(x, "tl-b"+loose, "M-5 0a5 5 0 1 0 10 0 5 5 0 1 0-10 0z")
	case Seller:
		d.mark(x, "tl-s"+loose, "M-5-5h10v10h-10z")
		d.mark(x, "tl-core", "M-2.5-2.5h5v5h-5z")
	default:
		d.mark(x, "tl-b"+loose, "M-5 0a5 5 0 0 1 10 0z")
		d.mark(x, "tl-s"+loose, "M-5 .5h10v4.5h-10z")
	}
}

func roundOf(s Side) float64 {
	if s == Buyer {
		return half
	}
	return 0
}

// window is where the step could lie: from its earliest day to its latest.
func (d *pen) window(b Bar) {
	if b.Early.IsZero() || b.Late.IsZero() {
		return
	}
	from, to := min(b.Early, b.Start), max(b.Late, b.End)
	if from < b.Start || to > b.End {
		d.line("tl-slack", d.at(from), 0, d.at(to+1), 0, false)
		if from < b.Start {
			d.mark(d.at(from), "tl-cap", "M0-3V3")
		}
		if to > b.End {
			d.mark(d.at(to+1), "tl-cap", "M0-3V3")
		}
	}
}

// baselines are where it lay as first and as last agreed.
func (d *pen) baselines(b Bar, round float64) {
	for _, day := range []civil.Day{b.First, b.Last} {
		if !day.IsZero() {
			d.rect("tl-was", day-(b.End-b.Start), day, -half-2, 2*half+4, round)
		}
	}
}

// over is a step that is done: thin, with a tick.
func (d *pen) over(p *Plan, r *lane) {
	b := r.bar
	switch r.item.Side {
	case Buyer:
		d.rect("tl-b tl-past", b.Start, b.End, -2.5, 5, 2.5)
	case Seller:
		d.rect("tl-s tl-past", b.Start, b.End, -2.5, 5, 0)
	default:
		d.rect("tl-b tl-past", b.Start, b.End, -2.5, 2.5, 1)
		d.rect("tl-s tl-past", b.Start, b.End, 0.5, 2.5, 0)
	}
	d.mark(d.at(b.End+1), "tl-tick", "M6 0l3 3 6-7")
	d.text("tl-date", d.at(b.End+1), 19, 4, false, p.L.Date(b.End))
}

// folded is a milestone's steps that are done, in one row.
func (d *pen) folded(r *lane) {
	for _, it := range r.over {
		day := it.DoneOn
		if day.IsZero() {
			day = it.Due
		}
		if !day.IsZero() {
			d.mark(d.at(day)+(d.at(1)-d.at(0))/2, "tl-tick", "M-4.5 0l3 3 6-7")
		}
	}
}

// stone is a milestone or the decision: a diamond on its day.
func (d *pen) stone(p *Plan, r *lane) {
	b := r.bar
	if b.End.IsZero() {
		return
	}
	middle := (d.at(1) - d.at(0)) / 2
	for _, day := range []civil.Day{b.First, b.Last} {
		if !day.IsZero() {
			d.mark(d.at(day)+middle, "tl-was", "M0-7 7 0 0 7-7 0z")
		}
	}
	class := "tl-stone"
	if r.kind == endLane || r.stone.Reached {
		class = "tl-stone tl-full"
	}
	d.mark(d.at(b.End)+middle, class, "M0-7 7 0 0 7-7 0z")
	text, look := p.L.Date(b.End), "tl-date tl-ink"
	if !b.Needs.IsZero() {
		d.line("tl-late", d.at(b.End)+middle, 0, d.at(b.Needs)+middle, 0, false)
		d.mark(d.at(b.Needs)+middle, "tl-stone tl-red", "M0-7 7 0 0 7-7 0z")
		text, look = "! "+text+" → "+p.L.Date(b.Needs), "tl-date tl-bad"
	}
	x := d.at(max(b.End, b.Needs)) + middle
	if x > 86 {
		d.text(look, d.at(b.End)+middle, -12, 4, true, text)
		return
	}
	d.text(look, x, 12, 4, false, text)
}
