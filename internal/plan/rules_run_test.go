package plan

import (
	"testing"
	"time"

	"tandem/internal/civil"
)

// held is a plan with a series, and its first appointment today.
func held(t failer) *world {
	w := agreed(t)
	in := weekly()
	in.Start = civil.WallOf(today, 10, 0)
	w.do(tom, ScheduleCheckIn{ID: "weekly", CheckInInput: in})
	return w
}

func TestACheckInIsHeld(t *testing.T) {
	t.Parallel()
	w := held(t)
	digest, before := w.plan.Digest(), w.plan.Head.Seq
	w.do(ute, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today})
	w.do(tom, OpenCheckIn{ID: "r2", CheckIn: "weekly", Day: today}) // both press at once
	w.do(tom, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today}) // sent twice
	w.is("runs", len(w.plan.Runs), 1)
	r := w.plan.OpenRun()
	w.is("opened by", r.OpenedBy, ute)
	w.is("opened at", r.OpenedAt, before+1)

	w.do(tom, NoteCheckIn{Run: "r1", ID: "n1", Item: buyers, Text: "Legal starts on Monday."})
	w.do(cora, NoteCheckIn{Run: "r1", ID: "n2", Text: "Cora joins from now on."})
	w.do(tom, NoteCheckIn{Run: "r1", ID: "n1", Item: sellers, Text: "Legal starts on Tuesday."})
	n := w.plan.OpenRun().Notes
	w.is("notes", len(n), 2)
	w.is("words", n[0].Text.Value, "Legal starts on Tuesday.")
	w.is("it stays under its item", n[0].Item, buyers)
	w.no("fault.right.note", ute, NoteCheckIn{Run: "r1", ID: "n1", Text: "Mine now."})
	w.no("fault.right.note", ute, UnnoteCheckIn{Run: "r1", ID: "n1"})
	w.no("fault.text.empty", tom, NoteCheckIn{Run: "r1", ID: "n3"})
	w.no("fault.right.viewer", vic, NoteCheckIn{Run: "r1", ID: "n3", Text: "I only read."})
	w.no("fault.missing", tom, NoteCheckIn{Run: "r1", ID: "n3", Item: "nothing", Text: "?"})
	w.do(cora, UnnoteCheckIn{Run: "r1", ID: "n2"})
	w.do(cora, UnnoteCheckIn{Run: "r1", ID: "n2"})
	w.is("notes", len(w.plan.OpenRun().Notes), 1)

	last := w.plan.Head.Seq
	next := &NextOne{CheckIn: "weekly", Day: today + 7, Start: civil.WallOf(today+7, 10, 0), Zone: "Europe/Berlin", Minutes: 30}
	w.no("fault.right.checkin", cora, CloseCheckIn{Run: "r1"})
	w.no("fault.checkin.people", tom, CloseCheckIn{Run: "r1", Present: []ID{"ghost"}})
	w.do(tom, CloseCheckIn{Run: "r1", Present: []ID{tom, ute, tom}, Next: next})
	w.do(ute, CloseCheckIn{Run: "r1", Present: []ID{ute}}) // both press at once
	r = w.plan.LastRun()
	w.is("there", len(r.Present), 2)
	w.is("until", r.Until, last+1)
	w.is("next", *r.Next, *next)
	w.is("no run is open", w.plan.OpenRun() == nil, true)
	w.is("terms", w.plan.Digest(), digest)
	w.no("fault.checkin.closed", tom, NoteCheckIn{Run: "r1", ID: "n4", Text: "One more thing"})
	w.no("fault.checkin.closed", tom, UnnoteCheckIn{Run: "r1", ID: "n1"})
	w.no("fault.checkin.held", tom, OpenCheckIn{ID: "again", CheckIn: "weekly", Day: today})

	w.do(tom, OpenCheckIn{ID: "r3"}) // without appointment
	w.is("it begins where the last ended", w.plan.OpenRun().Since, r.Until)
	w.is("on the day", w.plan.OpenRun().Day, w.today())
}

func TestCheckInsHeldByWhomAndWhen(t *testing.T) {
	t.Parallel()
	w := held(t)
	w.no("fault.right.checkin", cora, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today})
	w.no("fault.right.viewer", vic, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today})
	w.no("fault.missing", "ghost", OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today})
	w.no("fault.missing", tom, OpenCheckIn{ID: "r1", CheckIn: "no", Day: today})
	w.no("fault.id", tom, OpenCheckIn{ID: "r 1", CheckIn: "weekly", Day: today})
	w.no("fault.checkin.day", tom, OpenCheckIn{ID: "r1", CheckIn: "weekly"})
	w.no("fault.checkin.day", tom, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today - 7})
	w.do(tom, CancelCheckIn{CheckIn: "weekly", Version: 1, Day: today + 7})
	w.no("fault.checkin.day", tom, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today + 7})
	w.do(tom, OpenCheckIn{ID: "r1"})
	w.no("fault.checkin.running", ute, OpenCheckIn{ID: "r2", CheckIn: "weekly", Day: today})
	w.no("fault.missing", tom, NoteCheckIn{Run: "r2", ID: "n", Text: "?"})
	w.no("fault.missing", tom, CloseCheckIn{Run: "r2"})
	w.do(sarah, CloseCheckIn{Run: "r1"})
	w.do(tom, CancelCheckIn{CheckIn: "weekly", Version: 2})
	w.no("fault.checkin.cancelled", tom, OpenCheckIn{ID: "r3", CheckIn: "weekly", Day: today})

	d := draft(t)
	d.no("fault.checkin.draft", sarah, OpenCheckIn{ID: "r1"})
}

func TestACheckInMayEndWithTheDecision(t *testing.T) {
	t.Parallel()
	w := held(t)
	w.do(john, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today})
	w.do(john, Conclude{Outcome: DecidedYes})
	w.do(john, NoteCheckIn{Run: "r1", ID: "n1", Text: "Done!"})
	w.do(john, CloseCheckIn{Run: "r1", Present: []ID{john}})
	w.is("closed", w.plan.LastRun().ClosedBy, john)
	w.no("fault.plan.decided", john, OpenCheckIn{ID: "r2"})
}

func TestAForgottenCheckInEnds(t *testing.T) {
	t.Parallel()
	w := held(t)
	w.do(tom, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today})
	w.now = w.now.Add(RunEnds - time.Minute)
	w.do("", EndCheckIns{})
	w.is("still open", w.plan.OpenRun() != nil, true)
	w.now = w.now.Add(time.Minute)
	w.do("", EndCheckIns{})
	w.is("closed by nobody", w.plan.LastRun().ClosedBy, ID(""))
	w.is("nobody says who was there", len(w.plan.LastRun().Present), 0)
	w.no("fault.missing", tom, Batch{EndCheckIns{}})
}

func TestRunsHaveBounds(t *testing.T) {
	t.Parallel()
	w := held(t)
	w.do(tom, OpenCheckIn{ID: "r1"})
	r := *w.plan.Runs[0]
	for range maxNotes {
		r.Notes = append(r.Notes, &RunNote{ID: "x", By: tom})
	}
	w.plan.Runs[0] = &r
	w.no("fault.checkin.notes", tom, NoteCheckIn{Run: "r1", ID: "n1", Text: "one too many"})
	r.Closed = w.now
	for range maxRuns {
		w.plan.Runs = append(w.plan.Runs, &r)
	}
	w.no("fault.checkin.runs", tom, OpenCheckIn{ID: "r2"})
}

func TestAnObstacleIsWorkedOn(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.right.report", tom, Tackle{Item: buyers, Version: w.v(buyers), Next: "?"})
	w.do(ute, Hinder{Item: buyers, Version: w.v(buyers), Because: "The report is missing", Waits: Seller, Person: cora, Since: today - 3})
	w.do(cora, Tackle{Item: buyers, Version: w.v(buyers), Next: "I ask the lab.", NextBy: today + 2, Waits: Seller, Person: cora}) // whose move it is
	b := w.plan.Items[buyers].Progress.Block
	w.is("since", b.Since, today-3)
	w.is("because", b.Because.Value, "The report is missing")
	w.is("next", b.Next.Value, "I ask the lab.")
	w.is("by", b.NextBy, today+2)
	w.is("words are hers", b.Next.Subject, cora)
	w.do(tom, Tackle{Item: buyers, Version: w.v(buyers), Next: "Tom asks.", Waits: Seller, Person: cora}) // an editor of that side
	w.do(ute, Tackle{Item: buyers, Version: w.v(buyers), Next: "We wait.", Waits: Seller, Person: cora})  // the owner
	w.do(ute, w.undo(buyers))
	w.is("undone", w.plan.Items[buyers].Progress.Block.Next.Value, "Tom asks.")
	w.no("fault.obstacle.next", ute, Tackle{Item: buyers, Version: w.v(buyers)})
	w.no("fault.owner.side", ute, Tackle{Item: buyers, Version: w.v(buyers), Next: "?", Waits: Buyer, Person: cora})
	w.no("fault.party", ute, Tackle{Item: buyers, Version: w.v(buyers), Next: "?", Waits: "x"})
	w.no("fault.date.range", ute, Tackle{Item: buyers, Version: w.v(buyers), Next: "?", NextBy: civil.Latest + 1})
	w.no("fault.item.changed", ute, Tackle{Item: buyers, Version: 1, Next: "?"})
	w.no("fault.obstacle.not-yours", tom, PassMove{Item: buyers, Version: w.v(buyers)})
	w.do(cora, PassMove{Item: buyers, Version: w.v(buyers), Because: "The lab is Tom's."})
	b = w.plan.Items[buyers].Progress.Block
	w.is("nobody's now", b.Person, ID(""))
	w.is("but still that side's", b.Waits, Seller)
	w.no("fault.right.report", cora, Unhinder{Item: buyers, Version: w.v(buyers)}) // it is not hers any more
	w.do(tom, Unhinder{Item: buyers, Version: w.v(buyers), Solved: "The lab sent it."})
	w.is("solved", w.plan.Items[buyers].Progress.Status, Open)
	w.no("fault.action.not-blocked", ute, Tackle{Item: buyers, Version: w.v(buyers), Next: "?"})
}
