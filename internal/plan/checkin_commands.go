package plan

import (
	"net/url"
	"slices"
	"strings"

	"tandem/internal/civil"
)

type (
	// ScheduleCheckIn plans a check-in. Editors and leads of either side. The
	// id is chosen by the caller, so that a form sent twice plans once.
	ScheduleCheckIn struct {
		ID ID
		CheckInInput
	}
	// EditCheckIn changes one as a whole; days left out or moved stay where the
	// series itself does. Who planned it, or a lead of that side; one from
	// somebody's own calendar changes there.
	EditCheckIn struct {
		CheckIn ID
		Version int
		CheckInInput
	}
	// MoveCheckIn puts one appointment of a series at another time. As
	// EditCheckIn.
	MoveCheckIn struct {
		CheckIn ID
		Version int
		To      MovedOne
	}
	// CancelCheckIn takes out a check-in, or one day of a series. As
	// EditCheckIn; one from somebody's own calendar can be taken out of the
	// plan, and stays in that calendar.
	CancelCheckIn struct {
		CheckIn ID
		Version int
		Day     civil.Day // none: all of it
	}
	// AnswerCheckIn is the actor's own answer, also a viewer's. Who is invited.
	AnswerCheckIn struct {
		CheckIn ID
		Day     civil.Day // none: to all of it
		Answer  Coming
		// Sequence that was answered, as far as a calendar says it; 0 is unsaid.
		Sequence int
	}
	// TakeCheckIn takes over an appointment of the actor's own calendar, or
	// what changed in it. Verified contributors and above. An older sequence
	// than is known changes nothing.
	TakeCheckIn struct {
		ID       ID // of a new one
		UID      string
		Sequence int
		CheckInInput
	}
	// DropCheckIn is its end, or that of one of its days, in that calendar.
	DropCheckIn struct {
		UID      string
		Sequence int
		Day      civil.Day
	}
	// CheckInInput is an appointment in plain words.
	CheckInInput struct {
		Title, Place, Link string
		Start              civil.Wall
		Zone               string
		Minutes            int
		Rule               string
		Except             []civil.Day
		Moved              []MovedOne
		People             []ID
	}
)

// appointment checks what was typed and seals it: the title is the plan's, a
// place and the link of a conference are their author's (a person's own
// meeting room goes with the person).
func (d *decider) appointment(old Appointment, in CheckInInput) (Appointment, error) {
	a := Appointment{Start: in.Start, Zone: in.Zone, Minutes: in.Minutes, Rule: strings.TrimPrefix(in.Rule, "RRULE:"), Moved: slices.Clone(in.Moved), Except: slices.Clone(in.Except)}
	var err error
	if a.Title, err = d.retext(old.Title, in.Title, maxLine); err != nil {
		return a, err
	}
	if a.Place, err = d.own(old.Place, in.Place, maxLine); err != nil {
		return a, err
	}
	if a.Link, err = d.own(old.Link, in.Link, maxLink); err != nil {
		return a, err
	}
	if a.Link.Value != "" && !isLink(a.Link.Value) {
		return a, invalid("fault.checkin.link")
	}
	if !goodTime(a.Start, a.Minutes) || a.Zone == "" || !zoneName(a.Zone) {
		return a, invalid("fault.checkin.time")
	}
	if c, err := clean(a.Rule, maxLine); err != nil || c != a.Rule || a.Rule != "" && !strings.HasPrefix(a.Rule, "FREQ=") {
		return a, invalid("fault.checkin.rule")
	}
	if a.Rule == "" {
		a.Except, a.Moved = nil, nil
	}
	if len(a.Except) > maxSpans || len(a.Moved) > maxSpans {
		return a, invalid("fault.checkin.day")
	}
	for _, m := range a.Moved {
		if !goodTime(m.Start, m.Minutes) || m.Day.IsZero() {
			return a, invalid("fault.checkin.day")
		}
	}
	a.People, err = d.invited(in.People)
	return a, err
}

// own is a text of the actor's own; an unchanged one keeps its seal.
func (d *decider) own(old Text, s string, max int) (Text, error) {
	s, err := clean(s, max)
	if err != nil || s == old.Value && !old.Gone {
		return old, err
	}
	return d.log.text(d.env.Random, d.log.actor, s), nil
}

// invited are people of the plan, each once and by the id they go by now.
func (d *decider) invited(ids []ID) ([]ID, error) {
	var out []ID
	for _, id := range ids {
		q := d.st.who(id)
		if q == nil || d.st.Phase == Draft && q.Side != d.st.Home {
			return nil, invalid("fault.checkin.people")
		}
		if !slices.Contains(out, q.ID) {
			out = append(out, q.ID)
		}
	}
	return out, nil
}

func goodTime(start civil.Wall, minutes int) bool {
	w, err := civil.ParseWall(string(start))
	return err == nil && w == start && minutes >= 1 && minutes <= maxMinutes
}

// isLink: what a browser or a telephone can open, and nothing that runs.
func isLink(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " \t\n\"<>\\") {
		return false
	}
	switch u.Scheme {
	case "https", "http":
		return u.Host != "" && u.User == nil
	case "tel":
		return u.Opaque != ""
	}
	return false
}

// soon checks that nothing is planned for the past. A day of grace: it may
// still be yesterday where the appointment is.
func (d *decider) soon(start civil.Wall) error {
	if start.Day() < d.env.Today-1 {
		return invalid("fault.checkin.past")
	}
	return nil
}

func (c ScheduleCheckIn) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	switch {
	case !d.me.mayEdit():
		return forbidden("fault.right.checkin")
	case !c.ID.valid():
		return invalid("fault.id")
	case d.st.CheckIns[c.ID] != nil:
		return nil // sent twice
	case len(d.st.CheckIns) >= maxCheckIns:
		return refuse("fault.checkin.many", "max", maxCheckIns)
	}
	c.Except, c.Moved = nil, nil
	a, err := d.appointment(Appointment{}, c.CheckInInput)
	if err != nil {
		return err
	}
	if err := d.soon(a.Start); err != nil {
		return err
	}
	d.emit(&CheckInScheduled{CheckIn: c.ID, New: a})
	return nil
}

// checkIn finds one the actor may change, in the version the command was made
// against.
func (d *decider) checkIn(id ID, version int) (*CheckIn, error) {
	c := d.st.CheckIns[id]
	switch {
	case c == nil:
		return nil, notYours()
	case !d.st.MayChangeCheckIn(d.me.ID, c):
		return nil, forbidden("fault.right.checkin")
	case c.Version != version:
		return nil, changed(id, version, c.Version)
	case c.Cancelled:
		return nil, refuse("fault.checkin.cancelled")
	}
	return c, nil
}

// ours is checkIn for what only this plan keeps.
func (d *decider) ours(id ID, version int) (*CheckIn, error) {
	if err := d.working(); err != nil {
		return nil, err
	}
	c, err := d.checkIn(id, version)
	if err == nil && c.External {
		return nil, refuse("fault.checkin.external")
	}
	return c, err
}

func (c EditCheckIn) decide(d *decider) error {
	x, err := d.ours(c.CheckIn, c.Version)
	if err != nil {
		return err
	}
	c.Except, c.Moved = nil, nil
	if c.Start == x.Start && c.Zone == x.Zone && c.Rule == x.Rule {
		c.Except, c.Moved = x.Except, x.Moved
	}
	a, err := d.appointment(x.Appointment, c.CheckInInput)
	if err != nil {
		return err
	}
	if a.Start != x.Start {
		if err := d.soon(a.Start); err != nil {
			return err
		}
	}
	if !a.equal(x.Appointment) {
		d.emit(&CheckInChanged{CheckIn: x.ID, Old: x.Appointment, New: a, Sequence: x.Sequence + 1})
	}
	return nil
}

// dayOf checks that a day can be one of a series. Whether the rule puts
// anything on it, the application knows.
func (x *CheckIn) dayOf(day civil.Day) error {
	if x.Rule == "" || day < x.Start.Day() || slices.Contains(x.Except, day) || len(x.Except)+len(x.Moved) >= maxSpans {
		return invalid("fault.checkin.day")
	}
	return nil
}

func (c MoveCheckIn) decide(d *decider) error {
	x, err := d.ours(c.CheckIn, c.Version)
	if err != nil {
		return err
	}
	if err := x.dayOf(c.To.Day); err != nil {
		return err
	}
	if !goodTime(c.To.Start, c.To.Minutes) {
		return invalid("fault.checkin.time")
	}
	if err := d.soon(c.To.Start); err != nil {
		return err
	}
	if slices.Contains(x.Moved, c.To) {
		return nil
	}
	d.emit(&CheckInMoved{CheckIn: x.ID, To: c.To, Sequence: x.Sequence + 1})
	return nil
}

func (c CancelCheckIn) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	x, err := d.checkIn(c.CheckIn, c.Version)
	if err != nil {
		return err
	}
	if !c.Day.IsZero() {
		if x.External {
			return refuse("fault.checkin.external")
		}
		if err := x.dayOf(c.Day); err != nil {
			return err
		}
	}
	sequence := x.Sequence + 1
	if x.External {
		sequence = x.Sequence // that calendar counts
	}
	d.emit(&CheckInCancelled{CheckIn: x.ID, Day: c.Day, Sequence: sequence})
	return nil
}

func (c AnswerCheckIn) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	x := d.st.CheckIns[c.CheckIn]
	switch {
	case x == nil:
		return notYours()
	case x.Cancelled:
		return refuse("fault.checkin.cancelled")
	case !c.Answer.valid():
		return invalid("fault.checkin.answer")
	case !slices.ContainsFunc(d.st.Invited(x), func(q *Person) bool { return q.ID == d.me.ID }):
		return forbidden("fault.checkin.uninvited")
	case c.Sequence != 0 && c.Sequence < x.Asked:
		return refuse("fault.checkin.moved")
	}
	if !c.Day.IsZero() {
		if err := x.dayOf(c.Day); err != nil {
			return err
		}
	}
	if r := x.Answers[d.me.ID]; r != nil && d.st.Answer(x, d.me.ID, c.Day) == c.Answer && (len(r.Days) == 0 || !c.Day.IsZero()) {
		return nil
	}
	d.emit(&CheckInAnswered{CheckIn: x.ID, Day: c.Day, Answer: c.Answer})
	return nil
}

// taken checks who takes over an appointment of their own calendar, and finds
// it if it is known.
func (d *decider) taken(uid string) (*CheckIn, error) {
	if err := d.working(); err != nil {
		return nil, err
	}
	if d.me.Verified == "" {
		return nil, forbidden("fault.right.checkin")
	}
	if c, err := clean(uid, maxUID); err != nil || c == "" || c != uid {
		return nil, invalid("fault.id")
	}
	x := d.st.ExternalCheckIn(uid)
	if x != nil && !d.st.same(x.By, d.me.ID) {
		return nil, notYours() // the name of somebody else's appointment
	}
	return x, nil
}

func (c TakeCheckIn) decide(d *decider) error {
	x, err := d.taken(c.UID)
	if err != nil {
		return err
	}
	if c.Sequence < 0 || c.Sequence > 1_000_000 {
		return invalid("fault.checkin.time")
	}
	if x == nil {
		switch {
		case !c.ID.valid() || d.st.CheckIns[c.ID] != nil:
			return invalid("fault.id")
		case len(d.st.CheckIns) >= maxCheckIns:
			return refuse("fault.checkin.many", "max", maxCheckIns)
		}
		a, err := d.appointment(Appointment{}, c.CheckInInput)
		if err != nil {
			return err
		}
		d.emit(&CheckInScheduled{CheckIn: c.ID, New: a, External: true, UID: d.log.text(d.env.Random, d.log.actor, c.UID), Sequence: c.Sequence})
		return nil
	}
	if c.Sequence < x.Sequence {
		return nil // overtaken on its way
	}
	a, err := d.appointment(x.Appointment, c.CheckInInput)
	if err != nil {
		return err
	}
	if !a.equal(x.Appointment) || x.Cancelled {
		d.emit(&CheckInChanged{CheckIn: x.ID, Old: x.Appointment, New: a, Sequence: c.Sequence})
	}
	return nil
}

func (c DropCheckIn) decide(d *decider) error {
	x, err := d.taken(c.UID)
	switch {
	case err != nil:
		return err
	case x == nil:
		return notYours()
	case x.Cancelled || c.Sequence < x.Sequence:
		return nil
	}
	if !c.Day.IsZero() {
		if err := x.dayOf(c.Day); err != nil {
			return err
		}
	}
	d.emit(&CheckInCancelled{CheckIn: x.ID, Day: c.Day, Sequence: c.Sequence})
	return nil
}
