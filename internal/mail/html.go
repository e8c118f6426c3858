package mail

import (
	_ "embed"
	"html/template"
	"strings"

	"tandem/internal/plan"
)

//go:embed mail.html
var layout string

// Comments only Outlook for Windows reads: it knows no max-width, so a table of
// fixed width stands around ours. They are constants, nothing of a mail is in
// them.
const (
	msoHead  = `<!--[if mso]><xml><o:OfficeDocumentSettings xmlns:o="urn:schemas-microsoft-com:office:office"><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->`
	msoOpen  = `<!--[if mso]><table role="presentation" align="center" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`
	msoClose = `<!--[if mso]></td></tr></table><![endif]-->`
)

// Colours of the light page, written into the mail itself; a style block turns
// them dark where a program reads it.
var colours = map[string]string{
	"ink": "#1d1c1a", "soft": "#625f58", "line": "#e4dfd5", "paper": "#fbfaf7", "card": "#ffffff", "wash": "#f1eee7",
	"buyer": "#b4500f", "seller": "#1f56b3", "urgent": "#b3261e",
}

var html = template.Must(template.New("mail").Funcs(template.FuncMap{
	"msoHead":  func() template.HTML { return msoHead },
	"msoOpen":  func() template.HTML { return msoOpen },
	"msoClose": func() template.HTML { return msoClose },
	"colour":   func(name string) string { return colours[name] },
	"side":     sideName,
	"marks":    sideMarks,
	"done":     func(b bar) int { return share(b.Done, b.Total) },
	"rest":     func(b bar) int { return 100 - share(b.Done, b.Total) },
	"pad":      func() string { return preheaderPad },
}).Parse(layout))

// preheaderPad keeps the mail's own text out of the line the list of mails
// shows beside the subject: nothing to see, but counted.
var preheaderPad = strings.Repeat("\u200c\u00a0", 60)

func sideName(s plan.Side) string {
	if s == "" {
		return "both"
	}
	return string(s)
}

// mark is a sign of a side in its colour.
type mark struct{ Class, Sign string }

func sideMarks(s plan.Side) []mark {
	switch s {
	case plan.Buyer, plan.Seller:
		return []mark{{string(s), marks[s]}}
	}
	return []mark{{"buyer", marks[plan.Buyer]}, {"seller", marks[plan.Seller]}}
}

// share in whole percent; nothing done is shown as nothing, everything as
// everything, and what lies between as neither.
func share(done, total int) int {
	switch {
	case total <= 0 || done <= 0:
		return 0
	case done >= total:
		return 100
	}
	return max(1, min(99, done*100/total))
}

func (pg *page) html() string {
	var b strings.Builder
	if err := html.Execute(&b, pg); err != nil {
		panic("mail: " + err.Error()) // a mistake in the template, which every test meets
	}
	return b.String()
}
