package sqlstore

import (
	"testing"

	"tandem/internal/app"
)

// FuzzCursor: a cursor is one of a row's place, or none; never a failure.
func FuzzCursor(f *testing.F) {
	for sort := range portfolioOrders {
		f.Add(cursorOf(app.PortfolioRow{Plan: "p1", Title: "Plan"}, sort), true)
		f.Add(cursorOf(app.PortfolioRow{Plan: "p1", Title: "Plan"}, sort), false)
	}
	f.Add("////", true)
	f.Add("", false)
	f.Fuzz(func(t *testing.T, text string, words bool) {
		key, id, ok := readCursor(text, words)
		if !ok {
			return
		}
		if _, isText := key.(string); isText != words {
			t.Errorf("%q is read as %T", text, key)
		}
		if !validText(id) || len(id) > 2_000 {
			t.Errorf("%q names the plan %q", text, id)
		}
	})
}
