package app

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// hearCalendar is ReceiveCalendar for what comes by mail: what is refused is
// kept with the mail, and not tried again.
func (s *Service) hearCalendar(ctx context.Context, in CalendarMail) error {
	err := s.ReceiveCalendar(ctx, in)
	if f, ok := fault.As(err); ok && f.Kind != fault.Unready {
		slog.InfoContext(ctx, "calendar message not taken", "fault", f.Key)
		return nil
	}
	return err
}

// ReceiveCalendar does what somebody's calendar says: an answer to a check-in
// is that person's own; an appointment of theirs to which the plan's address
// is invited becomes its check-in, is changed and ends with it. The same mail
// twice does it once.
//
// Faults: checkin.ics for what cannot be read; checkin.mail.sender for who is
// nobody on the plan, or could not be proven to be who they say;
// checkin.mail.unknown for what the plan does not know; and those of the
// commands. Of a mail with several parts, those before it are stored then.
func (s *Service) ReceiveCalendar(ctx context.Context, in CalendarMail) error {
	if s.calendars.Codec == nil {
		return fault.New(fault.Unready, "checkin.ics")
	}
	for _, part := range in.Parts {
		m, err := s.calendars.Codec.Read(part.ICS)
		if err != nil {
			return err
		}
		if err := s.receive(ctx, in, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) receive(ctx context.Context, in CalendarMail, m CalendarMessage) error {
	return s.changing(ctx, in.Plan, func() error {
		p, err := s.states.shared(ctx, in.Plan)
		if err != nil {
			return err
		}
		q := sender(p, in)
		if q == nil {
			return fault.New(fault.Forbidden, "checkin.mail.sender")
		}
		w, err := s.workspace(ctx, p.Workspace)
		if err != nil {
			return err
		}
		b, err := calendarCommands(s, p, q, m, w.zone())
		if err != nil {
			return err
		}
		d, err := plan.Decide(p, b, s.env(q.ID, w.zone()))
		if err != nil {
			return err
		}
		return s.commit(ctx, &d, nil)
	})
}

// sender is who of a plan wrote a mail: by an address that is proven. Where
// somebody unverified gave the address of somebody verified, it is the latter;
// where two go by one address, it is neither.
func sender(p *plan.Plan, in CalendarMail) *plan.Person {
	if !in.Proven || p.Phase == "" {
		return nil
	}
	var found *plan.Person
	for _, q := range p.Everybody() {
		switch {
		case q.Access == plan.None || !sameAddress(q.Email.Value, in.From):
		case in.Person != "" && p.Person(in.Person) != q:
		case found == nil || found.Verified == "" && q.Verified != "":
			found = q
		case q.Verified != "":
			return nil
		}
	}
	return found
}

func calendarCommands(s *Service, p *plan.Plan, q *plan.Person, m CalendarMessage, zone *time.Location) (plan.Batch, error) {
	unknown := fault.New(fault.Missing, "checkin.mail.unknown")
	var b plan.Batch
	switch m.Method {
	case "REPLY", "COUNTER":
		for _, e := range m.Events {
			c := checkInNamed(p, e.UID)
			answer := answerIn(e, q.Email.Value)
			if c == nil || answer == "" {
				return nil, unknown
			}
			b = append(b, plan.AnswerCheckIn{CheckIn: c.ID, Day: dayIn(e.Of, c.Appointment), Answer: answer, Sequence: e.Sequence})
			if m.Method == "COUNTER" && e.Start != "" {
				b = append(b, s.otherTime(p, c, e, zone))
			}
		}
	case "REQUEST":
		return takeAppointments(s, p, q, m, zone)
	case "CANCEL":
		for _, e := range m.Events {
			c := p.ExternalCheckIn(e.UID)
			if c == nil {
				return nil, unknown
			}
			drop := plan.DropCheckIn{UID: e.UID, Sequence: e.Sequence}
			if !e.Of.IsZero() {
				drop.Day, drop.Sequence = dayIn(e.Of, c.Appointment), c.Sequence
			}
			if err := onDay(p, c.ID, drop.Day); err != nil {
				if slices.Contains(c.Except, drop.Day) {
					continue // known
				}
				return nil, err
			}
			b = append(b, drop)
		}
	default:
		return nil, unknown
	}
	return b, nil
}

// checkInNamed is the check-in that calendars know by a name.
func checkInNamed(p *plan.Plan, uid string) *plan.CheckIn {
	for _, c := range p.CheckIns {
		if !c.External && CalendarUID(p.ID, c.ID) == uid {
			return c
		}
	}
	return nil
}

// dayIn is which day of a series is meant; none for all of it, or where there
// is no series.
func dayIn(of Instant, a plan.Appointment) civil.Day {
	if of.IsZero() || a.Rule == "" {
		return 0
	}
	return of.In(zoneNamed(a.Zone, time.UTC))
}

// answerIn is what the one who answers says. Programs name nobody else; of
// several, it is the one with the address.
func answerIn(e CalendarEvent, email string) plan.Coming {
	if len(e.Attendees) == 1 {
		return e.Attendees[0].Answer
	}
	for _, a := range e.Attendees {
		if strings.EqualFold(a.Email, email) {
			return a.Answer
		}
	}
	return ""
}

// otherTime is a remark with the time that somebody proposes instead.
func (s *Service) otherTime(p *plan.Plan, c *plan.CheckIn, e CalendarEvent, zone *time.Location) plan.Command {
	at := e.Start.In(zoneNamed(e.Zone, zone)).In(zone)
	text := s.calendars.Words(p.Language, "checkin.counter", "Title", s.checkInTitle(p, c, p.Language), "Day", civil.On(at, zone), "Time", at.Format("15:04"))
	return plan.Say{ID: s.NewID(), Text: text}
}

// takeAppointments makes an appointment somebody has in their calendar one of
// the plan's; days that take place at other times come with it, or alone.
func takeAppointments(s *Service, p *plan.Plan, q *plan.Person, m CalendarMessage, zone *time.Location) (plan.Batch, error) {
	var b plan.Batch
	for _, uid := range uids(m.Events) {
		var in plan.CheckInInput
		known := p.ExternalCheckIn(uid)
		sequence, whole := 0, false
		if known != nil {
			in, sequence = inputOf(known.Appointment), known.Sequence
		}
		for _, e := range m.Events {
			if e.UID != uid || !e.Of.IsZero() {
				continue
			}
			if e.Start == "" || e.Organizer.Email != "" && !strings.EqualFold(e.Organizer.Email, q.Email.Value) {
				return nil, fault.New(fault.Forbidden, "checkin.mail.sender") // somebody else's, handed on
			}
			in, sequence, whole = taken(p, q, e, in, zone), e.Sequence, true
		}
		if known == nil && !whole {
			return nil, fault.New(fault.Missing, "checkin.mail.unknown")
		}
		for _, e := range m.Events {
			if e.UID == uid && !e.Of.IsZero() {
				exception(&in, e)
			}
		}
		if err := checkRhythm(in); err != nil {
			return nil, err
		}
		b = append(b, plan.TakeCheckIn{ID: s.NewID(), UID: uid, Sequence: sequence, CheckInInput: in})
	}
	return b, nil
}

func uids(events []CalendarEvent) []string {
	var out []string
	for _, e := range events {
		if !slices.Contains(out, e.UID) {
			out = append(out, e.UID)
		}
	}
	return out
}

func inputOf(a plan.Appointment) plan.CheckInInput {
	return plan.CheckInInput{Title: a.Title.Value, Place: a.Place.Value, Link: a.Link.Value, Start: a.Start, Zone: a.Zone, Minutes: a.Minutes,
		Rule: a.Rule, Except: slices.Clone(a.Except), Moved: slices.Clone(a.Moved), People: a.People}
}

// taken is an appointment in the plan's terms. Of a series that stays where it
// was, the days that were moved or left out stay so.
func taken(p *plan.Plan, q *plan.Person, e CalendarEvent, old plan.CheckInInput, zone *time.Location) plan.CheckInInput {
	in := plan.CheckInInput{Title: cut(e.Title, 500), Place: cut(e.Place, 500), Link: e.Link, Start: e.Start, Zone: e.Zone, Minutes: min(max(e.Minutes, 1), 7*24*60), Rule: e.Rule, Except: e.Except}
	if zoneNamed(in.Zone, nil) == nil {
		in.Zone = zone.String()
	}
	if in.Start == old.Start && in.Zone == old.Zone && in.Rule == old.Rule {
		in.Moved = old.Moved
		for _, d := range old.Except {
			if !slices.Contains(in.Except, d) {
				in.Except = append(in.Except, d)
			}
		}
	}
	in.People = []plan.ID{q.ID}
	for _, a := range e.Attendees {
		for _, other := range p.Everybody() {
			if a.Email != "" && other.ID != q.ID && strings.EqualFold(other.Email.Value, a.Email) && (p.Phase != plan.Draft || other.Side == p.Home) {
				in.People = append(in.People, other.ID)
			}
		}
	}
	return in
}

// exception puts one day of a series elsewhere, or takes it out.
func exception(in *plan.CheckInInput, e CalendarEvent) {
	base := zoneNamed(in.Zone, time.UTC)
	day := e.Of.In(base)
	in.Moved = slices.DeleteFunc(in.Moved, func(m plan.MovedOne) bool { return m.Day == day })
	if e.Cancelled {
		if !slices.Contains(in.Except, day) {
			in.Except = append(in.Except, day)
		}
		return
	}
	if e.Start == "" {
		return
	}
	start := civil.WallAt(e.Start.In(zoneNamed(e.Zone, base)), base)
	if start == in.Start.On(day) && e.Minutes == in.Minutes {
		return // back where it was
	}
	in.Moved = append(in.Moved, plan.MovedOne{Day: day, Start: start, Minutes: min(max(e.Minutes, 1), 7*24*60)})
}

// cut shortens a text at a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xC0 == 0x80 {
		most--
	}
	return s[:most]
}
