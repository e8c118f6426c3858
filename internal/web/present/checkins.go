package present

import (
	"slices"
	"strconv"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// shownSlots is how many appointments of a series a page lists.
const shownSlots = 5

// CheckIns is the page of when both sides meet. Zones are those offered.
func CheckIns(v app.View, language, base string, zones []string) *view.CheckIns {
	pr := newPresenter(v, Options{Language: language, Base: base})
	out := &view.CheckIns{Zones: zones}
	out.MayPlan = pr.moves && (v.Me.Access == plan.Editor || v.Me.Access == plan.Lead)
	start, away := app.SuggestCheckIn(v)
	out.New = view.CheckInForm{ID: "", Date: start.Day().String(), Time: start.HHMM(), Minutes: "30", Zone: v.Zone.String(), Rhythm: "week"}
	out.New.Hint = pr.suggestion(start, away)
	for _, c := range v.Plan.OpenCheckIns() {
		out.All = append(out.All, pr.checkIn(c))
	}
	slices.SortStableFunc(out.All, func(a, b view.CheckIn) int { // what is over comes last
		return min(len(b.Next), 1) - min(len(a.Next), 1)
	})
	for _, x := range out.All {
		if !slices.Contains(out.Zones, x.Form.Zone) {
			out.Zones = append(slices.Clone(out.Zones), x.Form.Zone)
		}
	}
	pr.heldCheckIns(out)
	if !slices.Contains(out.Zones, out.New.Zone) {
		out.Zones = append([]string{out.New.Zone}, out.Zones...)
	}
	return out
}

// shownHeld is how many minutes the page lists; all are on their own page.
const shownHeld = 3

// heldCheckIns is what took place, what did not, and what is on now.
func (pr *presenter) heldCheckIns(out *view.CheckIns) {
	p, v := pr.p, pr.v
	out.Held = MinutesList(v, pr.o).All
	out.Held = out.Held[:min(len(out.Held), shownHeld)]
	for i := range out.All {
		if pr.p.Phase != plan.Draft && !p.ReadOnly() && len(out.All[i].Next) > 0 {
			s := &out.All[i].Next[0]
			s.Run = RunPath(pr.o.Base, out.All[i].ID, s.Day)
		}
	}
	if r := p.OpenRun(); r != nil {
		out.Running = PathOfRun(pr.o.Base, r)
		return
	}
	if p.MayHoldCheckIn(v.Me.ID) {
		out.Now = RunPath(pr.o.Base, AdHoc, v.Today)
	}
	if m, missed := app.LastMissed(p, v.Now, v.Zone); missed {
		out.Missed = pr.l.T("run.missed.line", "Day", pr.l.Day(civil.On(m.Start, v.Zone)))
		if out.Now != "" {
			out.Late = RunPath(pr.o.Base, string(m.CheckIn.ID), m.Day)
		}
	}
}

func (pr *presenter) suggestion(start civil.Wall, h app.Hindrance) string {
	day := pr.l.Day(start.Day())
	if len(h.Away) == 0 {
		return pr.l.T("checkin.suggested", "Day", day)
	}
	var names []string
	for _, q := range h.Away {
		names = append(names, q.Name.Value)
	}
	return pr.l.T("checkin.suggested.without", "Day", day, "Who", names)
}

func (pr *presenter) checkIn(c *plan.CheckIn) view.CheckIn {
	v, p := pr.v, pr.p
	x := view.CheckIn{ID: string(c.ID), Title: pr.checkInTitle(c.Title), When: pr.appointment(c.Appointment), Place: c.Place.Value, Link: c.Link.Value,
		Series: c.Rule != "", Version: uint64(c.Version), Answer: string(p.Answer(c, v.Me.ID, 0)), MayChange: p.LeftBy == "" && p.Phase != plan.Archived && p.MayChangeCheckIn(v.Me.ID, c)}
	if c.External {
		x.Keeper = pr.name(c.By)
	}
	people := p.Invited(c)
	for _, q := range people {
		x.Who = append(x.Who, view.Comer{Person: pr.person(q.ID), Answer: string(p.Answer(c, q.ID, 0))})
		x.Invited = x.Invited || q.ID == v.Me.ID
	}
	hinders := app.Hindrances(p, people, v.Today)
	zone := v.MyZone()
	for _, o := range app.Series(c.Appointment).Between(v.Now, v.Now.AddDate(2, 0, 0), shownSlots) {
		s := view.Slot{Day: o.Day, Text: pr.slot(o.Start, o.End, zone), Date: civil.On(o.Start, startZone(c)).String(), Time: o.Start.In(startZone(c)).Format("15:04")}
		h := hinders(civil.On(o.Start, v.Zone))
		for _, side := range h.Closed {
			s.Away = append(s.Away, pr.l.T("checkin.closed", "Name", pr.party(side).Short))
		}
		for _, q := range h.Away {
			s.Away = append(s.Away, pr.l.T("checkin.away", "Name", q.Name.Value))
		}
		for _, q := range people {
			if p.Answer(c, q.ID, o.Day) == plan.ComesNot && p.Answer(c, q.ID, 0) != plan.ComesNot {
				s.Away = append(s.Away, pr.l.T("checkin.declined", "Name", q.Name.Value))
			}
		}
		x.Next = append(x.Next, s)
	}
	x.Form = pr.checkInForm(c, x.Next)
	return x
}

func startZone(c *plan.CheckIn) *time.Location {
	if z, err := time.LoadLocation(c.Zone); err == nil {
		return z
	}
	return time.UTC
}

func (pr *presenter) slot(start, end time.Time, zone *time.Location) string {
	return pr.l.T("checkin.slot", "Day", pr.l.Day(civil.On(start, zone)), "From", start.In(zone).Format("15:04"), "To", end.In(zone).Format("15:04"))
}

// checkInForm is what the form that changes it begins with: a series goes on
// from its next day.
func (pr *presenter) checkInForm(c *plan.CheckIn, next []view.Slot) view.CheckInForm {
	f := view.CheckInForm{Title: c.Title.Value, Date: c.Start.Day().String(), Time: c.Start.HHMM(), Minutes: strconv.Itoa(c.Minutes), Zone: c.Zone,
		Link: c.Link.Value, Place: c.Place.Value, Some: len(c.People) > 0, Chosen: map[string]bool{}}
	if c.Rule != "" && len(next) > 0 {
		f.Date = next[0].Day.String()
	}
	switch c.Rule {
	case "":
		f.Rhythm = "once"
	case app.Weekly:
		f.Rhythm = "week"
	case app.Fortnightly:
		f.Rhythm = "fortnight"
	default:
		f.Rhythm = "kept"
	}
	for _, id := range c.People {
		if q := pr.p.Person(id); q != nil {
			f.Chosen[string(q.ID)] = true
		}
	}
	return f
}

// nextCheckIn puts it on the spine: the first of today or later.
func (pr *presenter) nextCheckIn(out *view.Plan) {
	m, ok := app.NextMeeting(pr.p, civil.WallOf(pr.v.Today, 0, 0).In(pr.v.Zone))
	if !ok || state(pr.p) == view.Decided || pr.p.ReadOnly() {
		return
	}
	zone := pr.v.MyZone()
	day := civil.On(m.Start, zone)
	if day < pr.v.Today {
		return
	}
	text := pr.l.T("checkin.spine", "Title", pr.checkInTitle(m.CheckIn.Title), "When", pr.slot(m.Start, m.End, zone))
	out.Gates = append(out.Gates, view.GateDay{ID: "ci-" + string(m.CheckIn.ID), Text: text, First: day, Href: RunPath(pr.o.Base, string(m.CheckIn.ID), m.Day)})
}
