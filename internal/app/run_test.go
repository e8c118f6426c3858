package app_test

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// weekly plans a series whose first appointment is so many days from today.
func (d *deal) weekly(in int) plan.ID {
	d.t.Helper()
	id := d.NewID()
	d.do(d.seller, plan.ScheduleCheckIn{ID: id, CheckInInput: plan.CheckInInput{Start: civil.WallOf(d.today()+civil.Day(in), 10, 0), Zone: "Europe/Berlin", Minutes: 30, Rule: app.Weekly}})
	return id
}

func (d *deal) today() civil.Day { return civil.On(d.now, time.UTC) }

func (d *deal) view() app.View {
	d.t.Helper()
	v, err := d.Open(d.ctx(), d.seller, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// missed are the days of the series that did not take place, the latest first.
func (d *deal) missed() []civil.Day {
	v := d.view()
	var out []civil.Day
	for _, m := range app.MissedCheckIns(v.Plan, d.now, v.Zone) {
		out = append(out, m.Day)
	}
	return out
}

func TestMissedCheckIns(t *testing.T) {
	t.Parallel()
	days := func(d *deal, n int) { d.now = d.now.AddDate(0, 0, n) }
	for _, c := range []struct {
		name string
		play func(d *deal, id plan.ID, first civil.Day)
		want func(first civil.Day) []civil.Day
	}{
		{"nobody came for two weeks", func(d *deal, _ plan.ID, _ civil.Day) { days(d, 15) }, func(f civil.Day) []civil.Day { return []civil.Day{f + 7, f} }},
		{"it may still be held", func(d *deal, _ plan.ID, _ civil.Day) { days(d, 4) }, nil},
		{"held", func(d *deal, id plan.ID, f civil.Day) {
			days(d, 2)
			d.do(d.seller, plan.OpenCheckIn{ID: "r", CheckIn: id, Day: f})
			days(d, 6)
		}, nil},
		{"held without appointment the day after", func(d *deal, _ plan.ID, _ civil.Day) {
			days(d, 3)
			d.do(d.as("Mara"), plan.OpenCheckIn{ID: "r"})
			days(d, 5)
		}, nil},
		{"held without appointment a week late", func(d *deal, _ plan.ID, _ civil.Day) {
			days(d, 8)
			d.do(d.as("Mara"), plan.OpenCheckIn{ID: "r"})
		}, func(f civil.Day) []civil.Day { return []civil.Day{f} }},
		{"held late, for that appointment", func(d *deal, id plan.ID, f civil.Day) {
			days(d, 8)
			d.do(d.as("Mara"), plan.OpenCheckIn{ID: "r", CheckIn: id, Day: f})
		}, nil},
		{"cancelled", func(d *deal, id plan.ID, f civil.Day) {
			d.do(d.seller, plan.CancelCheckIn{CheckIn: id, Version: 1, Day: f})
			days(d, 8)
		}, nil},
		{"moved, and nobody came there either", func(d *deal, id plan.ID, f civil.Day) {
			d.do(d.seller, plan.MoveCheckIn{CheckIn: id, Version: 1, To: plan.MovedOne{Day: f, Start: civil.WallOf(f+2, 15, 0), Minutes: 30}})
			days(d, 7)
		}, nil}, // two working days after the new time have not gone by
		{"moved, and longer ago", func(d *deal, id plan.ID, f civil.Day) {
			d.do(d.seller, plan.MoveCheckIn{CheckIn: id, Version: 1, To: plan.MovedOne{Day: f, Start: civil.WallOf(f+2, 15, 0), Minutes: 30}})
			days(d, 8)
		}, func(f civil.Day) []civil.Day { return []civil.Day{f} }},
		{"paused meanwhile", func(d *deal, _ plan.ID, _ civil.Day) {
			d.do(d.seller, plan.Suspend{Reason: "Summer", Review: d.today() + 20})
			days(d, 15)
		}, nil},
		{"decided meanwhile", func(d *deal, _ plan.ID, _ civil.Day) {
			days(d, 8)
			d.do(d.seller, plan.Conclude{Outcome: plan.DecidedYes})
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := open(t).deal()
			id := d.weekly(2)
			first := d.today() + 2
			c.play(d, id, first)
			var want []civil.Day
			if c.want != nil {
				want = c.want(first)
			}
			if got := d.missed(); !slices.Equal(got, want) {
				t.Errorf("missed are %v, want %v (first %v, now %v)", got, want, first, d.now)
			}
		})
	}
}

func TestMissedCheckInsAreBounded(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	d.do(d.seller, plan.ScheduleCheckIn{ID: "daily", CheckInInput: plan.CheckInInput{Start: civil.WallOf(d.today(), 10, 0), Zone: "Europe/Berlin", Minutes: 30, Rule: "FREQ=DAILY"}})
	d.now = d.now.AddDate(3, 0, 0)
	if n := len(d.missed()); n == 0 || n > 40 {
		t.Errorf("%d check-ins were missed in three years of a daily series, want a bounded number", n)
	}
	once := d.NewID()
	d.do(d.seller, plan.ScheduleCheckIn{ID: once, CheckInInput: plan.CheckInInput{Start: civil.WallOf(d.today(), 10, 0), Zone: "Europe/Berlin", Minutes: 30}})
	d.now = d.now.AddDate(0, 0, 10)
	for _, m := range app.MissedCheckIns(d.view().Plan, d.now, time.UTC) {
		if m.CheckIn.ID == once {
			t.Error("a single appointment counts as missed: it may have taken place elsewhere")
		}
	}
}

func TestACheckInOpensFromTheDayBefore(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	id := d.weekly(2)
	first := d.today() + 2
	_, err := d.Do(d.ctx(), d.seller, d.id, plan.OpenCheckIn{ID: "r", CheckIn: id, Day: first})
	wantFault(t, err, fault.Refused, "fault.checkin.early")
	_, err = d.Do(d.ctx(), d.seller, d.id, plan.OpenCheckIn{ID: "r", CheckIn: id, Day: first + 1})
	wantFault(t, err, fault.Invalid, "fault.checkin.day")
	d.now = d.now.AddDate(0, 0, 1)
	v := d.do(d.seller, plan.OpenCheckIn{ID: "r", CheckIn: id, Day: first})
	d.do(d.seller, plan.CloseCheckIn{Run: "r"})
	if v = d.view(); v.Plan.LastRun().Next == nil || v.Plan.LastRun().Next.Day != first+7 {
		t.Errorf("the next one is %+v, want %v", v.Plan.LastRun().Next, first+7)
	}
}

func TestForgottenCheckInsEndByThemselves(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	d.do(d.seller, plan.OpenCheckIn{ID: "r"})
	d.runDue()
	if d.view().Plan.OpenRun() == nil {
		t.Fatal("it ended at once")
	}
	d.now = d.now.Add(plan.RunEnds)
	d.runDue()
	if d.view().Plan.OpenRun() != nil {
		t.Error("it is still open after eight hours")
	}
}

func TestAgendaIsWhatHappenedSince(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	agenda := func() app.Agenda {
		t.Helper()
		a, err := d.Agenda(d.ctx(), d.view())
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	titles := func(all []app.Told) (out []string) {
		for _, x := range all {
			out = append(out, x.Item.Terms.Title.Value)
		}
		return out
	}
	if a := agenda(); len(a.Done) != 0 || len(a.Moved) != 0 { // what was so when they agreed is not news
		t.Errorf("right after they agreed the agenda has %v done and %d dates moved", titles(a.Done), len(a.Moved))
	}
	it := d.item("security questionnaire")
	d.now = d.now.Add(time.Hour)
	d.do(d.as("Mara"), plan.Unhinder{Item: it.ID, Version: it.Version, Solved: "The report came."})
	d.do(d.as("Mara"), plan.Report{Item: it.ID, Version: d.item("security questionnaire").Version, Result: "Twelve questions."})
	offer := d.item("offer with prices")
	d.do(d.seller, plan.Hinder{Item: offer.ID, Version: offer.Version, Because: "No prices yet", Waits: plan.Seller})
	a := agenda()
	wantEqual(t, "done", slices.Equal(titles(a.Done), []string{it.Terms.Title.Value}), true)
	wantEqual(t, "solved", slices.Equal(titles(a.Solved), []string{it.Terms.Title.Value}), true)
	wantEqual(t, "stuck", len(a.Stuck), 1)
	for _, x := range append(slices.Clone(a.Flight), a.Next...) {
		if x.ID == it.ID || x.ID == offer.ID {
			t.Errorf("%q is on two lists", x.Terms.Title.Value)
		}
	}
	// A check-in draws the line: what was told is told.
	d.do(d.seller, plan.OpenCheckIn{ID: "r"})
	d.do(d.seller, plan.CloseCheckIn{Run: "r"})
	a = agenda()
	wantEqual(t, "done since the check-in", len(a.Done), 0)
	wantEqual(t, "still stuck", len(a.Stuck), 1)
}

func TestMinutesStayAsTheyWere(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("security questionnaire")
	was := it.Terms.Title.Value
	d.now = d.now.Add(time.Hour)
	d.do(d.as("Sarah"), plan.OpenCheckIn{ID: "r"})
	d.do(d.as("Mara"), plan.Unhinder{Item: it.ID, Version: it.Version, Solved: "The report came."})
	d.do(d.as("Mara"), plan.Report{Item: it.ID, Version: d.item("security questionnaire").Version, Result: "Twelve questions."})
	d.do(d.as("Mara"), plan.NoteCheckIn{Run: "r", ID: "n", Item: it.ID, Text: "Mara sends them today."})
	v := d.view()
	if _, err := d.Minutes(d.ctx(), v, "r"); !fault.Is(err, fault.Missing) {
		t.Errorf("minutes of a check-in that is on: %v", err)
	}
	d.do(d.as("Sarah"), plan.CloseCheckIn{Run: "r", Present: []plan.ID{d.people["Sarah"], d.people["Mara"]}})
	head := d.view().Plan.Head

	// The plan goes on: the step is disputed and reported anew, the person leaves.
	d.now = d.now.Add(time.Hour)
	d.do(d.seller, plan.Lacks{Item: it.ID, Version: d.view().Plan.Items[it.ID].Version, Missing: "Question nine"})
	m, err := d.Minutes(d.ctx(), d.view(), "r")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "done", len(m.Agenda.Done), 1)
	wantEqual(t, "its title", m.Agenda.Done[0].Item.Terms.Title.Value, was)
	wantEqual(t, "its result", m.Agenda.Done[0].Item.Progress.Result.Value, "Twelve questions.")
	wantEqual(t, "it was said in the meeting", m.During(m.Agenda.Done[0].Entry), true)
	wantEqual(t, "the note", m.Run.Notes[0].Text.Value, "Mara sends them today.")
	wantEqual(t, "the receipt", m.Head, head)
	wantEqual(t, "present", len(m.Run.Present), 2)

	// Who is erased is erased from them, too; the rest stays.
	if _, err := d.EraseFromPlan(d.ctx(), d.as("Sarah"), d.id, d.people["Mara"]); err != nil {
		t.Fatal(err)
	}
	if m, err = d.Minutes(d.ctx(), d.view(), "r"); err != nil {
		t.Fatal(err)
	}
	if n := m.Run.Notes[0]; !n.Text.Gone || n.Text.Value != "" || m.Plan.People[d.people["Mara"]].Name.Value != "" {
		t.Errorf("words of somebody erased are in the minutes: %+v", n)
	}
	wantEqual(t, "the title stays", m.Agenda.Done[0].Item.Terms.Title.Value, was)
}

func TestWhoeverHasTheMoveSeesTheObstacle(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("security questionnaire")
	d.do(d.as("Mara"), plan.Tackle{Item: it.ID, Version: it.Version, Next: "Priya asks the auditor.", NextBy: d.today() + 2, Waits: plan.Seller, Person: d.people["Priya"]})
	if find(d.mine("Priya"), app.AskHelp) == nil {
		t.Fatal("whose move it is does not see it")
	}
	v := d.do(d.as("Priya"), plan.PassMove{Item: it.ID, Version: d.item("security questionnaire").Version, Because: "John knows the auditor."})
	if find(d.mine("Priya"), app.AskHelp) != nil {
		t.Error("who said it is not theirs is still asked")
	}
	if find(d.mine("John"), app.AskHelp) == nil {
		t.Error("nobody is named, and the lead of that side does not see it")
	}
	now, _, err := d.Obstacles(d.ctx(), v)
	if err != nil || len(now) != 1 || len(now[0].Tried) < 2 {
		t.Fatalf("obstacles: %+v, %v", now, err)
	}
	d.do(d.seller, plan.Unhinder{Item: it.ID, Version: d.item("security questionnaire").Version, Solved: "Sent."})
	now, before, err := d.Obstacles(d.ctx(), d.view())
	if err != nil || len(now) != 0 || len(before) != 1 {
		t.Errorf("after it was solved there are %d obstacles and %d solved ones, %v", len(now), len(before), err)
	}
}
