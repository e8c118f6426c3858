package plan

import (
	"fmt"
	"testing"

	"tandem/internal/civil"
)

// hundred is an agreed plan of 100 actions with links.
func hundred(t failer) *world {
	w := agreed(t)
	for i := range 100 - 4 {
		id := ID(fmt.Sprintf("action-%02d", i))
		party, owner := BySeller, Patch{SellerOwner: ptr(tom)}
		if i%2 == 0 {
			party, owner = ByBuyer, Patch{BuyerOwner: ptr(ute)}
		}
		owner.Title, owner.Party, owner.Due, owner.DoneWhen = ptr(fmt.Sprint("Step ", i)), &party, ptr(today+10), ptr("Signed.")
		w.do(tom, Add{ID: id, Kind: KindAction, Terms: owner})
		if i > 0 && i%3 == 0 {
			w.do(tom, Add{ID: "link-" + id, Kind: KindLink, Terms: Patch{From: ptr(ID(fmt.Sprintf("action-%02d", i-1))), To: &id}})
		}
	}
	return w
}

func BenchmarkEditOf100Actions(b *testing.B) {
	w := hundred(b)
	cmd := w.edit("action-50", due(today+12))
	env := w.env(tom)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decide(w.plan, cmd, env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEditAndSealOf100Actions(b *testing.B) {
	w := hundred(b)
	cmd := w.edit("action-50", Patch{Due: ptr(today + 12), Title: ptr("Another")})
	env := w.env(tom)
	b.ReportAllocs()
	for b.Loop() {
		d, err := Decide(w.plan, cmd, env)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Seal(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAcceptPlanOf100Actions(b *testing.B) {
	w := hundred(b)
	cmd, env := AcceptPlan{Seen: w.plan.Shown()}, w.env(john)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decide(w.plan, cmd, env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReplay1000(b *testing.B) {
	w := hundred(b)
	for i := len(w.logs[SharedStream(planID)]); i < 1000; i++ {
		w.do(tom, w.edit("action-50", due(today+11+civil.Day(i%2))))
		w.later(i % 2)
	}
	records := w.logs[SharedStream(planID)]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Replay(New(), records, w.words); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(records)), "events")
}

func BenchmarkVerify1000(b *testing.B) {
	w := hundred(b)
	for len(w.logs[SharedStream(planID)]) < 1000 {
		w.do(tom, Say{ID: ID(fmt.Sprint("c", w.steps)), Text: "A remark."})
	}
	records := w.logs[SharedStream(planID)]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verifyRecords(records, nil); err != nil {
			b.Fatal(err)
		}
	}
}
