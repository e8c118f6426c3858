package mail

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"tandem/internal/plan"
)

// columns of a text mail.
const columns = 72

// marks of the sides, the same on the page, in HTML and in text.
var marks = map[plan.Side]string{plan.Buyer: "●", plan.Seller: "■", "": "●■"}

func headText(h plan.Head) string { return strconv.FormatInt(h.Seq, 10) + ":" + h.Hash }

// text is the mail for who reads it as text, and for programs that read aloud.
func (pg *page) text() string {
	var b strings.Builder
	para := func(s string) { b.WriteString(wrap(s, "", "") + "\n\n") }
	if pg.Marker != "" {
		b.WriteString("--- " + pg.Marker + " ---\n\n")
	}
	b.WriteString(pg.Greeting + "\n\n")
	for _, s := range pg.Lead {
		para(s)
	}
	if pg.Code != "" {
		b.WriteString("    " + pg.Code + "\n\n")
	}
	pg.textQuote(&b)
	if len(pg.Bars) > 0 {
		for _, x := range pg.Bars {
			b.WriteString(wrap(x.Words, marks[x.Side]+" ", "  ") + "\n")
		}
		b.WriteString("\n")
	}
	for _, g := range pg.Groups {
		pg.textGroup(&b, g)
	}
	if pg.Button != nil {
		b.WriteString(wrap(pg.Button.Label+":", "", "") + "\n" + pg.Button.URL + "\n\n")
	}
	for _, x := range pg.More {
		b.WriteString(wrap(x.Label+":", "", "") + "\n" + x.URL + "\n\n")
	}
	for _, s := range pg.After {
		para(s)
	}
	if pg.Receipt != "" {
		b.WriteString(wrap(pg.Receipt, "", "") + "\n" + pg.Head + "\n\n")
	}
	pg.textFoot(&b)
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func (pg *page) textQuote(b *strings.Builder) {
	if len(pg.Quote) == 0 {
		return
	}
	if pg.Quoted != "" {
		b.WriteString(wrap(pg.Quoted, "", "") + "\n")
	}
	for _, s := range pg.Quote {
		b.WriteString(wrap(s, "  | ", "  | ") + "\n")
	}
	b.WriteString("\n")
}

func (pg *page) textGroup(b *strings.Builder, g group) {
	if g.Head != "" {
		b.WriteString(g.Head + "\n" + strings.Repeat("-", min(columns, utf8.RuneCountInString(g.Head))) + "\n")
	}
	for _, r := range g.Rows {
		mark := marks[r.Side] + " "
		indent := strings.Repeat(" ", utf8.RuneCountInString(mark))
		b.WriteString(wrap(r.Title, mark, indent) + "\n")
		line := join(" · ", r.SignText, r.Due, r.Who)
		if r.New != "" || r.Old != "" {
			line = join(" · ", line, join(" → ", r.Old, r.New))
		}
		if line != "" {
			b.WriteString(wrap(line, indent, indent) + "\n")
		}
		for _, d := range r.Detail {
			b.WriteString(wrap(d, indent, indent) + "\n")
		}
	}
	b.WriteString("\n")
}

func (pg *page) textFoot(b *strings.Builder) {
	b.WriteString("-- \n")
	if pg.Why != "" {
		b.WriteString(wrap(pg.Why, "", "") + "\n")
	}
	if pg.Notice != "" {
		b.WriteString(wrap(pg.Notice, "", "") + "\n")
	}
	if pg.Settings != nil {
		b.WriteString("\n" + pg.Settings.Label + ":\n" + pg.Settings.URL + "\n")
	}
}

func join(by string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, by)
}

// wrap breaks a sentence into lines. What cannot be broken, such as a link,
// stays whole.
func wrap(s, first, rest string) string {
	var b strings.Builder
	b.WriteString(first)
	width := utf8.RuneCountInString(first)
	start := true
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }) {
		n := utf8.RuneCountInString(w)
		switch {
		case start:
		case width+1+n > columns:
			b.WriteString("\n" + rest)
			width = utf8.RuneCountInString(rest)
		default:
			b.WriteString(" ")
			width++
		}
		b.WriteString(w)
		width += n
		start = false
	}
	return strings.ReplaceAll(b.String(), "\u00a0", " ")
}
