package view

import (
	"strings"
	"unicode/utf8"

	"tandem/internal/locale"
)

// Side is whose something is.
type Side string

// The sides of a plan; a joint step is both's.
const (
	Buyer  Side = "buyer"
	Seller Side = "seller"
	Joint  Side = "joint"
)

// class is the style's short name: b, s or j.
func (s Side) class() string {
	switch s {
	case Buyer:
		return "b"
	case Seller:
		return "s"
	}
	return "j"
}

// Seal says who stands behind an item's present terms, and whether it is done.
type Seal struct {
	Buyer, Seller bool
	Done          Done
}

// Done is how far a step is finished.
type Done uint8

// Reported by its owner; confirmed by the other side.
const (
	NotDone Done = iota
	Reported
	Confirmed
)

// TroubleText is the content of an error page, in the reader's language.
type TroubleText struct {
	Title     string // what happened
	Text      string // why, if known
	Kept      string // what was kept
	Fixes     []string
	Ways      []Link // what to do next
	Reference string // for an internal error: what to tell the operator
}

// sealText says the seal in words.
func sealText(l *locale.Locale, s Seal, buyer, seller string) string {
	var text string
	switch {
	case s.Buyer && s.Seller:
		text = l.T("plan.seal.both")
	case s.Buyer:
		text = l.T("plan.seal.one", "Name", buyer)
	case s.Seller:
		text = l.T("plan.seal.one", "Name", seller)
	default:
		text = l.T("plan.seal.none")
	}
	switch s.Done {
	case Reported:
		text += l.T("plan.seal.reported")
	case Confirmed:
		text += l.T("plan.seal.confirmed")
	}
	return text
}

// Initials of a name for a small sign: the first and the last word's letter;
// titles ("Dr.") do not count.
func Initials(name string) string {
	words := strings.Fields(name)
	kept := words[:0]
	for _, w := range words {
		if !strings.HasSuffix(w, ".") {
			kept = append(kept, w)
		}
	}
	letter := func(w string) string {
		r, _ := utf8.DecodeRuneInString(w)
		return strings.ToUpper(string(r))
	}
	switch len(kept) {
	case 0:
		return "?"
	case 1:
		return letter(kept[0])
	}
	return letter(kept[0]) + letter(kept[len(kept)-1])
}
