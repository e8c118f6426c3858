package app_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

var someZones = []string{"", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns", "Nowhere/Nothing"}

// reader draws somebody of a plan, with a calendar, a zone and absences.
func reader(r *rapid.T) (*plan.Plan, *plan.Person) {
	regions := []string{"", "DE-BY", "DE-NI", "GB-ENG", "AT", "Nowhere"}
	p := plan.New()
	p.Home, p.Phase, p.Workspace = plan.Seller, plan.Agreed, "w"
	p.Calendar.Buyer = plan.Calendar{Region: rapid.SampledFrom(regions).Draw(r, "region")}
	if rapid.Bool().Draw(r, "four days a week") {
		p.Calendar.Buyer.Week = []string{"mon", "tue", "wed", "thu"}
	}
	q := &plan.Person{ID: "q", Side: plan.Buyer, Zone: rapid.SampledFrom(someZones).Draw(r, "zone"), Access: plan.Contributor,
		NamedBy: plan.Buyer, Email: plan.Text{Value: "q@nordwerk.example"}, Name: plan.Text{Value: "Q"}}
	for range rapid.IntRange(0, 3).Draw(r, "absences") {
		from := civil.Of(2028, time.January, 1) + civil.Day(rapid.IntRange(0, 360).Draw(r, "away from"))
		q.Absences = append(q.Absences, plan.Span{From: from, To: from + civil.Day(rapid.IntRange(0, 30).Draw(r, "away for"))})
	}
	p.People[q.ID] = q
	return p, q
}

func zoneOf(q *plan.Person) *time.Location {
	if z, err := time.LoadLocation(q.Zone); err == nil && q.Zone != "" {
		return z
	}
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return z
}

// free tells in its own way whether a day is none on which somebody works.
func free(p *plan.Plan, q *plan.Person, day civil.Day) bool {
	w := day.Weekday()
	if w == time.Saturday || w == time.Sunday {
		return true
	}
	known := calendar.CheckRegion(p.Calendar.Buyer.Region) == nil || p.Calendar.Buyer.Region == ""
	if known && len(p.Calendar.Buyer.Week) == 4 && w == time.Friday {
		return true
	}
	if known && p.Calendar.Buyer.Region != "" {
		y, _, _ := day.Date()
		days, err := calendar.Holidays(p.Calendar.Buyer.Region, y)
		if err != nil {
			panic(err)
		}
		for _, h := range days {
			if h.Date == day {
				return true
			}
		}
	}
	for _, x := range q.Absences {
		if x.From <= day && day <= x.To {
			return true
		}
	}
	return false
}

func TestNextHour(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		p, q := reader(r)
		zone := zoneOf(q)
		from := time.Date(2028, time.January, 1, 0, rapid.IntRange(0, 366*24*60-1).Draw(r, "minute"), 0, 0, time.UTC)
		at, ok := app.NextHour(p, q, zoneNamedBerlin(t), from)
		if !ok {
			r.Fatalf("%v finds no hour after %s", q, from)
		}
		local := at.In(zone)
		day := civil.On(at, zone)
		switch {
		case at.Before(from):
			r.Errorf("%s is before %s", at, from)
		case free(p, q, day):
			r.Errorf("%s is no working day", local)
		case local.Hour() < 8 || local.Hour() >= 17:
			r.Errorf("%s is outside working hours", local)
		}
		// It is the first such: every quarter of an hour before is none.
		for x := from; x.Before(at); x = x.Add(15 * time.Minute) {
			if l := x.In(zone); l.Hour() >= 8 && l.Hour() < 17 && !free(p, q, civil.On(x, zone)) {
				r.Fatalf("%s would have done, before %s", l, local)
			}
		}
		if again, ok := app.NextHour(p, q, zoneNamedBerlin(t), at); !ok || !again.Equal(at) {
			r.Errorf("from %s on it is %s", at, again)
		}
	})
}

func zoneNamedBerlin(t *testing.T) *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestLettersOfADay: whatever somebody's steps are, each is reminded of once
// before it is due and seldom after it, on working days, and never while it is
// done, waits for others, or is another's.
func TestLettersOfADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		p, q := reader(r)
		first := civil.Of(2028, time.January, 10)
		for n := range rapid.IntRange(1, 4).Draw(r, "steps") {
			it := &plan.Item{ID: plan.ID(fmt.Sprint("i", n)), Kind: plan.KindAction, Terms: plan.Terms{Party: plan.ByBuyer, Due: first + civil.Day(rapid.IntRange(-10, 80).Draw(r, "due"))}}
			it.Terms.Owners.Buyer = q.ID
			switch rapid.IntRange(0, 7).Draw(r, "state") {
			case 0:
				it.Terms.Owners.Buyer = "somebody"
			case 1:
				it.Progress.Status = plan.Done
			case 2:
				it.Progress.Status, it.Progress.Block = plan.Blocked, &plan.Block{Waits: plan.Seller}
			case 3:
				it.Progress.Expected = it.Terms.Due + 9
			case 4:
				it.Terms.Due = 0
			}
			p.Items[it.ID] = it
			p.Order = append(p.Order, it.ID)
		}
		reminded, overdue := map[plan.ID]map[string]bool{}, map[plan.ID]map[string]bool{}
		weeks := map[string]bool{}
		for day := first; day < first+110; day++ {
			for _, l := range app.PersonLetters(p, q, zoneNamedBerlin(t), day) {
				if free(p, q, day) {
					r.Fatalf("%s on %s, which is free", l.Kind, day)
				}
				it := p.Items[l.Item]
				switch l.Kind {
				case app.LetterWeek:
					if weeks[l.Key] {
						r.Fatalf("the week's mail twice: %s", l.Key)
					}
					weeks[l.Key] = true
					continue
				case app.LetterDigest:
					r.Fatalf("a digest for a contributor")
				}
				due := max(it.Terms.Due, it.Progress.Expected)
				if it.Terms.Owners.Buyer != q.ID || it.Progress.Status == plan.Done || it.Progress.Status == plan.Blocked || it.Terms.Due == 0 {
					r.Fatalf("%s about %+v", l.Kind, it)
				}
				seen := reminded
				if l.Kind == app.LetterOverdue {
					seen = overdue
				}
				if (day > due) != (l.Kind == app.LetterOverdue) {
					r.Fatalf("%s on %s, due %s", l.Kind, day, due)
				}
				if seen[it.ID] == nil {
					seen[it.ID] = map[string]bool{}
				}
				seen[it.ID][l.Key] = true // the same key is sent once
			}
		}
		for id, it := range p.Items {
			if len(reminded[id]) > 1 || len(overdue[id]) > 4 {
				r.Errorf("%s: %d reminders before, %d after it was due", id, len(reminded[id]), len(overdue[id]))
			}
			mine := it.Terms.Owners.Buyer == q.ID && it.Progress.Status == "" && it.Terms.Due != 0
			if due := max(it.Terms.Due, it.Progress.Expected); mine && due < first+60 && len(overdue[id]) == 0 {
				r.Errorf("%s was due %s and nobody asked about it", id, due)
			}
		}
	})
}
