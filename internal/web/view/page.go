// Package view is how pages look: templates and the structs they are filled
// from. It decides nothing and reads nothing; a handler fills a struct and
// renders it.
//
// Pages carry no inline script or style, so they work under the content
// security policy "default-src 'self'". Every form is a real one, so a page
// works before and without its script.
package view

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"tandem/internal/locale"
)

// Page is what every page has around its middle.
type Page struct {
	L        *locale.Locale
	Name     string // kind of page, e.g. "plan": an answer of the same kind is taken over in place
	Title    string // of the tab, without the product's name
	Theme    string // "light", "dark", or "" to follow the device
	Here     string // path and query of this page, to come back to after a switch
	Nav      []Link
	Actions  []Link     // buttons at the right: take away, invite
	Reader   *Reader    // who reads; nil before anybody is known
	Presence *Presence  // who else has this page open; nil where nobody can
	Notice   *Notice    // what has just happened
	Dead     []DeadMail // to whom mail does not arrive; for leads
	Live     *Live      // nil for a page that does not change by itself
	Narrow   bool       // a column for reading, not the whole width
	Keys     bool       // the plan's keys work here
	Style    string     // what this page needs besides the style of all: "mine.css"; a dialog on another page has it not
	Script   string     // what this page needs besides the script of all: "passkey.js"
	Head     string     // stands beside the sign instead of the product's name: whose plan it is
	Sub      string     // under it
}

// Link leads somewhere. Sheet links open in a dialog where scripts run.
type Link struct {
	Href, Label string
	Here        bool
	Sheet       bool
	First       bool // the one most people want
	Key         string
}

// Reader is the person the page is for.
type Reader struct {
	Person Person
	Menu   []Link // settings, what is stored about me …
	Leave  string // where "sign out" posts to; empty: nowhere to sign out of
}

// Presence says who has the page open now.
type Presence struct {
	People []Person
	Text   string // "beide gerade hier", ready
}

// Notice is said once, at the top of the page.
type Notice struct {
	Text  string
	Bad   bool
	Fixes []string
	Undo  *Undo
}

// Undo takes back one's own last change: posted to Action with the field
// version.
type Undo struct {
	Action  string
	Version uint64
}

// Live tells the script where to listen. The URL gets ?from=SEQ.
type Live struct {
	URL string // server-sent events of this page, for this reader, tab and filter
	Seq string // what the page shows; the id of the last message it contains
}

// Body puts a middle into the layout.
func Body(p *Page, middle templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return Layout(p).Render(templ.WithChildren(ctx, middle), w)
	})
}

func noticeClass(n *Notice) string {
	switch {
	case n == nil:
		return "quiet"
	case n.Bad:
		return "notice bad"
	}
	return "notice"
}
