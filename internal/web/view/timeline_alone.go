package view

import (
	"strconv"
	"unicode/utf8"
)

// paints are the colours of a drawing that stands alone: in a mail and on
// paper there is no style sheet, and always a light ground.
var paints = map[string]string{
	"tl-b": ` fill="#b4500f"`, "tl-s": ` fill="#1f56b3"`,
	"tl-b tl-loose": ` fill="#fff" stroke="#b4500f" stroke-dasharray="4 3"`, "tl-s tl-loose": ` fill="#fff" stroke="#1f56b3" stroke-dasharray="4 3"`,
	"tl-b tl-past": ` fill="#b4500f" fill-opacity=".55"`, "tl-s tl-past": ` fill="#1f56b3" fill-opacity=".55"`,
	"tl-core": ` fill="#fff"`, "tl-hatch": ``, "tl-scratch": ` stroke="#fff" stroke-opacity=".45" stroke-width="2"`,
	"tl-drives": ` fill="none" stroke="#1d1c1a" stroke-width="2"`, "tl-due": ` fill="none" stroke="#1d1c1a" stroke-width="1.5"`,
	"tl-needs": ` fill="#b3261e"`, "tl-late": ` stroke="#b3261e" stroke-width="2"`,
	"tl-asked": ` fill="none" stroke="#1d1c1a" stroke-dasharray="2 3"`, "tl-was": ` fill="none" stroke="#8d887d"`,
	"tl-slack": ` stroke="#8d887d" stroke-width="1.5"`, "tl-cap": ` fill="none" stroke="#8d887d" stroke-width="1.5"`,
	"tl-tie": ` stroke="#8d887d" fill="#8d887d"`, "tl-tie tl-crit": ` stroke="#1d1c1a" fill="#1d1c1a" stroke-width="1.5"`, "tl-leg": ``, "tl-arrow": ` stroke="none"`,
	"tl-off": ` fill="#f1eee7"`, "tl-away": ` fill="#8d887d" fill-opacity=".3"`,
	"tl-month": ` stroke="#d9d4c8"`, "tl-week": ` stroke="#e4dfd5" stroke-width=".5"`,
	"tl-gate": ` stroke="#625f58" stroke-dasharray="2 4"`, "tl-gate-sign": ` fill="#625f58"`,
	"tl-decide": ` stroke="#1d1c1a" stroke-dasharray="7 3"`, "tl-now": ` stroke="#1d1c1a" stroke-width="1.5"`,
	"tl-stone": ` fill="#fff" stroke="#1d1c1a" stroke-width="1.5"`, "tl-stone tl-full": ` fill="#1d1c1a"`, "tl-stone tl-red": ` fill="#fff" stroke="#b3261e" stroke-width="1.5"`,
	"tl-tick": ` fill="none" stroke="#1d1c1a" stroke-width="1.6"`,
	"tl-date": ` fill="#625f58" font-size="11"`, "tl-date tl-ink": ` fill="#1d1c1a" font-size="11" font-weight="600"`, "tl-date tl-bad": ` fill="#b3261e" font-size="11" font-weight="600"`,
	"tl-axis-month": ` fill="#1d1c1a" font-size="12" font-weight="600"`, "tl-axis-week": ` fill="#625f58" font-size="10.5"`,
	"tl-axis-day": ` fill="#625f58" font-size="10.5" text-anchor="middle"`, "tl-axis-sign": ` fill="#1d1c1a" font-size="10.5" font-weight="600"`,
	"tl-ghost": ` fill="none" stroke="#1d1c1a" stroke-width="2" stroke-dasharray="5 3"`, "tl-ghost-date": ` fill="#1d1c1a" font-size="11" font-weight="650"`,
	"tl-moved": ` stroke="#1d1c1a" stroke-dasharray="2 3"`,
	"tl-label": ` fill="#1d1c1a" font-size="12.5"`, "tl-label-head": ` fill="#1d1c1a" font-size="12.5" font-weight="650"`, "tl-label-who": ` fill="#625f58" font-size="11"`,
	"tl-paper": ` fill="#fff"`,
}

// Sizes of a drawing that stands alone, in pixels.
const (
	aloneLabel = 290
	aloneRow   = 26
)

// TimelineSVG is the timeline as one picture that needs nothing around it: for
// mails and documents. Width is in pixels; the height follows from the rows.
// The plan must have been presented for its timeline.
func TimelineSVG(p *Plan, width int) []byte {
	d := newPen(p.Timeline)
	d.alone = true
	rows := lanes(p)
	height := axisHeight + len(rows)*aloneRow
	number := func(n int) *pen { return d.s(strconv.Itoa(n)) }
	d.s(`<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="`).s(p.L.Lang).s(`" width="`)
	number(width).s(`" height="`)
	number(height).s(`" viewBox="0 0 `)
	number(width).s(" ")
	number(height).s(`" font-family="Inter, system-ui, sans-serif"><title>`).s(escape(p.Title)).s(`</title>`)
	d.s(`<rect`).class("tl-paper").s(` width="100%" height="100%"/>`)
	part := func(y, tall int, draw func()) {
		d.s(`<svg x="`)
		number(aloneLabel).s(`" y="`)
		number(y).s(`" width="`)
		number(width - aloneLabel - 8).s(`" height="`)
		number(tall).s(`" overflow="visible">`)
		draw()
		d.s(`</svg>`)
	}
	part(0, axisHeight, func() { d.axis(p) })
	part(axisHeight, len(rows)*aloneRow, func() { d.ground(p) })
	for i, r := range rows {
		y := axisHeight + i*aloneRow
		d.label(p, r, y+aloneRow/2)
		part(y, aloneRow, func() { d.lane(p, r) })
	}
	part(axisHeight, len(rows)*aloneRow, func() { d.ghosts(p, rows) })
	return d.s(`</svg>`).b
}

// label names a row of a drawing that stands alone, with its side's sign.
func (d *pen) label(p *Plan, r *lane, middle int) {
	at := func(x int) {
		d.s(`<g transform="translate(`).s(strconv.Itoa(x)).s(" ").s(strconv.Itoa(middle)).s(`)">`)
	}
	if r.item == nil {
		at(4)
		class := "tl-label-head"
		if r.kind == foldLane {
			class = "tl-label-who"
		}
		d.text(class, 0, 0, 4, false, cut(r.title(p), 34)+counted(r)).s(`</g>`)
		return
	}
	at(12)
	switch r.item.Side {
	case Buyer:
		d.s(`<circle`).class("tl-b").s(` r="4"/>`)
	case Seller:
		d.s(`<rect`).class("tl-s").s(` x="-4" y="-4" width="8" height="8"/>`)
	default:
		d.s(`<path`).class("tl-b").s(` d="M0-4a4 4 0 0 0 0 8z"/><path`).class("tl-s").s(` d="M0-4h4v8h-4z"/>`)
	}
	who := whoText(r.item)
	d.text("tl-label", 0, 12, 4, false, cut(r.item.Title, max(24, 42-utf8.RuneCountInString(who)*5/6))).s(`</g>`)
	at(aloneLabel - 12)
	d.text("tl-label-who", 0, 0, 4, true, cut(who, 18)).s(`</g>`)
}

func counted(r *lane) string {
	if r.count == "" {
		return ""
	}
	return " · " + r.count
}

// cut shortens a text to a number of letters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}
