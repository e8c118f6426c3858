package plan

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/civil"
)

func weekly() CheckInInput {
	return CheckInInput{Title: "Weekly", Start: civil.WallOf(today+7, 10, 0), Zone: "Europe/Berlin", Minutes: 30, Rule: "FREQ=WEEKLY", Link: "https://meet.example/acme"}
}

func (w *world) checkIn(id ID) *CheckIn {
	w.t.Helper()
	c := w.plan.CheckIns[id]
	if c == nil {
		w.t.Fatalf("there is no check-in %q", id)
	}
	return c
}

func TestCheckInsAreFreeAndLogged(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	digest, revision := w.plan.Digest(), w.plan.Revision
	w.do(tom, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	w.do(tom, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()}) // sent twice
	w.do(ute, ScheduleCheckIn{ID: "theirs", CheckInInput: weekly()})
	w.is("check-ins", len(w.plan.OpenCheckIns()), 2)
	w.is("terms", w.plan.Digest(), digest)
	w.is("revision", w.plan.Revision, revision)
	c := w.checkIn("ci")
	w.is("who planned it", string(c.By)+" "+string(c.Side), "tom seller")
	w.is("title", c.Title.Value, "Weekly")
}

func TestCheckInsWhoMayWhat(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.right.checkin", cora, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	w.no("fault.right.viewer", vic, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	w.no("fault.missing", "ghost", ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	w.do(tom, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	other := weekly()
	other.Title = "Another name"
	edit := func() EditCheckIn {
		return EditCheckIn{CheckIn: "ci", Version: w.checkIn("ci").Version, CheckInInput: other}
	}
	w.no("fault.right.checkin", cora, edit())
	w.no("fault.right.checkin", john, edit()) // the other side's lead
	w.no("fault.right.checkin", ute, CancelCheckIn{CheckIn: "ci", Version: 1})
	w.do(sarah, edit()) // the lead of that side
	other.Title = "His own"
	w.do(tom, edit())
	w.no("fault.item.changed", tom, EditCheckIn{CheckIn: "ci", Version: 1, CheckInInput: other})
	w.no("fault.missing", tom, EditCheckIn{CheckIn: "nothing", Version: 1, CheckInInput: other})
	w.do(tom, CancelCheckIn{CheckIn: "ci", Version: 3})
	w.no("fault.checkin.cancelled", tom, edit())
}

func TestCheckInAnswersAreOnesOwn(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	say := func(a Coming, day civil.Day) AnswerCheckIn { return AnswerCheckIn{CheckIn: "ci", Answer: a, Day: day} }
	w.do(ute, say(Comes, 0))
	w.do(vic, say(ComesNot, 0)) // who only reads says whether they come, too
	w.do(ute, say(ComesNot, today+14))
	w.is("whole", w.plan.Answer(w.checkIn("ci"), ute, 0), Comes)
	w.is("one day", w.plan.Answer(w.checkIn("ci"), ute, today+14), ComesNot)
	w.is("another day", w.plan.Answer(w.checkIn("ci"), ute, today+21), Comes)
	w.is("nobody answers for another", w.plan.Answer(w.checkIn("ci"), tom, 0), Coming(""))
	w.is("version", w.checkIn("ci").Version, 1)
	w.no("fault.checkin.answer", ute, say("of course", 0))
	w.no("fault.checkin.day", ute, say(Comes, today))
	w.no("fault.missing", ute, AnswerCheckIn{CheckIn: "nothing", Answer: Comes})

	in := weekly()
	in.Link = "https://meet.example/other"
	w.do(tom, EditCheckIn{CheckIn: "ci", Version: 1, CheckInInput: in})
	w.is("another link asks nobody again", w.plan.Answer(w.checkIn("ci"), ute, 0), Comes)
	in.Start = civil.WallOf(today+8, 10, 0)
	w.do(tom, EditCheckIn{CheckIn: "ci", Version: 2, CheckInInput: in})
	w.is("another time does", w.plan.Answer(w.checkIn("ci"), ute, 0), Coming(""))
	w.no("fault.checkin.moved", ute, AnswerCheckIn{CheckIn: "ci", Answer: Comes, Sequence: 1}) // an answer to the old time, late
	w.do(ute, AnswerCheckIn{CheckIn: "ci", Answer: Comes, Sequence: 2})

	in.People = []ID{tom, john}
	w.do(tom, EditCheckIn{CheckIn: "ci", Version: 3, CheckInInput: in})
	w.no("fault.checkin.uninvited", vic, say(Comes, 0))
}

func TestCheckInSeries(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	w.do(ute, AnswerCheckIn{CheckIn: "ci", Answer: Comes, Day: today + 14})
	to := MovedOne{Day: today + 14, Start: civil.WallOf(today+15, 9, 0), Minutes: 45}
	w.do(tom, MoveCheckIn{CheckIn: "ci", Version: 1, To: to})
	w.is("an answer to the day that moved", w.plan.Answer(w.checkIn("ci"), ute, today+14), Coming(""))
	w.do(tom, CancelCheckIn{CheckIn: "ci", Version: 2, Day: today + 21})
	w.no("fault.checkin.day", tom, CancelCheckIn{CheckIn: "ci", Version: 3, Day: today + 21})
	c := w.checkIn("ci")
	w.is("moved", len(c.Moved), 1)
	w.is("left out", c.Except[0], today+21)
	w.is("sequence", c.Sequence, 2)
	in := weekly()
	in.Place = "Room 5"
	w.do(tom, EditCheckIn{CheckIn: "ci", Version: 3, CheckInInput: in})
	w.is("what was moved stays moved", len(w.checkIn("ci").Moved)+len(w.checkIn("ci").Except), 2)
	in.Rule = "FREQ=WEEKLY;INTERVAL=2"
	w.do(tom, EditCheckIn{CheckIn: "ci", Version: 4, CheckInInput: in})
	w.is("another rhythm begins anew", len(w.checkIn("ci").Moved)+len(w.checkIn("ci").Except), 0)
	w.no("fault.checkin.past", tom, MoveCheckIn{CheckIn: "ci", Version: 5, To: MovedOne{Day: today + 21, Start: civil.WallOf(today-2, 9, 0), Minutes: 30}})
}

func TestCheckInInputIsHeldToItsForm(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	for _, c := range []struct {
		name, key string
		change    func(*CheckInInput)
	}{
		{"a script as link", "fault.checkin.link", func(in *CheckInInput) { in.Link = "javascript:alert(1)" }},
		{"a link with a password", "fault.checkin.link", func(in *CheckInInput) { in.Link = "https://a:b@meet.example/" }},
		{"a link that is words", "fault.checkin.link", func(in *CheckInInput) { in.Link = "see mail" }},
		{"a link beyond measure", "fault.text.long", func(in *CheckInInput) { in.Link = "https://" + strings.Repeat("x", maxLink) }},
		{"no time", "fault.checkin.time", func(in *CheckInInput) { in.Start = "" }},
		{"30 February", "fault.checkin.time", func(in *CheckInInput) { in.Start = "2029-02-30T10:00" }},
		{"no zone", "fault.checkin.time", func(in *CheckInInput) { in.Zone = "" }},
		{"a zone with a line break", "fault.checkin.time", func(in *CheckInInput) { in.Zone = "Europe/Berlin\nX" }},
		{"a month long", "fault.checkin.time", func(in *CheckInInput) { in.Minutes = 31 * 24 * 60 }},
		{"a rhythm in words", "fault.checkin.rule", func(in *CheckInInput) { in.Rule = "weekly" }},
		{"a rhythm with a line break", "fault.checkin.rule", func(in *CheckInInput) { in.Rule = "FREQ=WEEKLY\nATTENDEE:x" }},
		{"last week", "fault.checkin.past", func(in *CheckInInput) { in.Start = civil.WallOf(today-7, 10, 0) }},
		{"a stranger", "fault.checkin.people", func(in *CheckInInput) { in.People = []ID{"stranger"} }},
	} {
		in := weekly()
		c.change(&in)
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.no(c.key, tom, ScheduleCheckIn{ID: "ci", CheckInInput: in})
		})
	}
}

func TestCheckInFromSomebodysOwnCalendar(t *testing.T) {
	t.Parallel()
	const uid = "040000008200E00074C5B7101A82E008"
	w := agreed(t)
	take := func(sequence int, change func(*CheckInInput)) TakeCheckIn {
		in := weekly()
		if change != nil {
			change(&in)
		}
		return TakeCheckIn{ID: ID("n" + string(rune('a'+sequence))), UID: uid, Sequence: sequence, CheckInInput: in}
	}
	w.no("fault.right.checkin", nina, take(1, nil)) // unverified
	w.do(max_, take(1, nil))                        // a contributor's own appointment
	c := w.plan.ExternalCheckIn(uid)
	w.is("external", c.External, true)
	w.no("fault.checkin.external", max_, EditCheckIn{CheckIn: c.ID, Version: 1, CheckInInput: weekly()})
	w.no("fault.missing", tom, take(2, nil)) // the name of somebody else's appointment
	later := func(in *CheckInInput) { in.Start = civil.WallOf(today+9, 11, 0) }
	w.do(max_, take(3, later))
	w.do(max_, take(2, nil)) // overtaken on its way
	w.is("start", w.plan.ExternalCheckIn(uid).Start, civil.WallOf(today+9, 11, 0))
	w.do(max_, DropCheckIn{UID: uid, Sequence: 4})
	w.is("cancelled", len(w.plan.OpenCheckIns()), 0)
	w.do(max_, take(5, nil))
	w.is("taken up again", len(w.plan.OpenCheckIns()), 1)
	w.do(john, CancelCheckIn{CheckIn: c.ID, Version: w.checkIn(c.ID).Version}) // taken out of the plan by the lead of that side
	w.is("one in all", len(w.plan.CheckIns), 1)
	w.no("fault.missing", max_, DropCheckIn{UID: "another", Sequence: 1})
	w.erase(max_)
	w.is("its name went with the person", w.checkIn(c.ID).UID.Gone, true)
}

func TestCheckInsOfADraftAreTheHomeSides(t *testing.T) {
	t.Parallel()
	w := draft(t)
	w.do(sarah, LetIn{Person: john, Access: Lead})
	w.do(tom, ScheduleCheckIn{ID: "ci", CheckInInput: weekly()})
	in := weekly()
	in.People = []ID{john}
	w.no("fault.checkin.people", tom, ScheduleCheckIn{ID: "other", CheckInInput: in})
	for _, q := range w.plan.Invited(w.checkIn("ci")) {
		w.is("invited", q.Side, Seller)
	}
	w.no("fault.missing", john, AnswerCheckIn{CheckIn: "ci", Answer: Comes})
	w.do(sarah, Share{})
	w.do(john, AnswerCheckIn{CheckIn: "ci", Answer: Comes})
}

func TestPropertyCheckInsTouchNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sequence(t, &rapidChooser{T: t}, 60, true, func(w *world, s step, p *Plan, events []Event, err error) {
			switch s.shared.(type) {
			case ScheduleCheckIn, EditCheckIn, MoveCheckIn, CancelCheckIn, AnswerCheckIn, TakeCheckIn, DropCheckIn:
				if stateJSON(p.Items) != stateJSON(w.plan.Items) || stateJSON(p.Proposals) != stateJSON(w.plan.Proposals) ||
					stateJSON(p.People) != stateJSON(w.plan.People) || p.Revision != w.plan.Revision || p.Phase != w.plan.Phase {
					t.Fatalf("%T changed more than a check-in", s.shared)
				}
			}
			for id, c := range w.plan.CheckIns {
				was := p.CheckIns[id]
				switch {
				case was == nil || was == c:
				case c.Sequence < was.Sequence || c.Version < was.Version:
					t.Fatalf("%s went back: sequence %d to %d", id, was.Sequence, c.Sequence)
				case !c.sameTime(was.Appointment) && len(c.Answers) > 0:
					t.Fatalf("%s moved, and old answers stand", id)
				}
				for who := range c.Answers {
					if was != nil && was.Answers[who] == nil && !w.plan.same(who, s.actor) {
						t.Fatalf("%s answered for %s", s.actor, who)
					}
				}
			}
		})
	})
}
