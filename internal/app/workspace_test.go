package app_test

import (
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

func TestNewPlansBeginWithTheWorkspacesOwnDays(t *testing.T) {
	t.Parallel()
	h := open(t)
	w, err := h.Place(h.ctx(), h.seller)
	if err != nil {
		t.Fatal(err)
	}
	w.Closed = []plan.SpanInput{{From: civil.Of(2028, time.December, 24), To: civil.Of(2029, time.January, 1), Note: "plant shutdown"}}
	w.Fiscal = 4
	if err := h.ChangePlace(h.ctx(), h.seller, w); err != nil {
		t.Fatal(err)
	}
	got := h.sample().Plan.Calendar
	if c := got.Seller; c.Fiscal != 4 || len(c.Closed) != 1 || c.Closed[0].To != civil.Of(2029, time.January, 1) || c.Closed[0].Note.Value != "plant shutdown" {
		t.Errorf("the seller's days: got %+v", c)
	}
	if c := got.Buyer; c.Fiscal != 0 || len(c.Closed) != 0 {
		t.Errorf("the buyer got the seller's days: %+v", c)
	}
	w.Closed[0].To = w.Closed[0].From - 1
	wantFault(t, h.ChangePlace(h.ctx(), h.seller, w), fault.Invalid, "fault.span")
	_, err = h.Place(h.ctx(), app.Caller{})
	wantFault(t, err, fault.Missing, "")
}
