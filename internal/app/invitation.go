package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// wanted tells, of one state of a plan, whose calendar has which check-in in
// which sequence: of those the plan itself keeps and that are not over.
type wanted map[plan.ID]map[plan.ID]int // check-in → person → sequence

func wantedBy(p *plan.Plan, now time.Time) wanted {
	out := wanted{}
	if p.ReadOnly() {
		return out
	}
	for _, c := range p.OpenCheckIns() {
		if _, more := Series(c.Appointment).Next(now); c.External || !more {
			continue
		}
		for _, q := range p.Invited(c) {
			if p.Mailable(q) && q.Access != plan.None {
				if out[c.ID] == nil {
					out[c.ID] = map[plan.ID]int{}
				}
				out[c.ID][q.ID] = c.Sequence
			}
		}
	}
	return out
}

// invitations are the letters that take everybody's calendar from the state
// before a change to the one after it, whatever it was: a check-in, somebody
// who came or went, a draft that was shared, a plan that was left.
func invitations(d *plan.Decision) []Letter {
	p := d.State
	if len(p.CheckIns) == 0 || !touchesCalendars(d.Events) {
		return nil
	}
	now := d.Metas[len(d.Metas)-1].At
	before, after := wantedBy(d.Before, now), wantedBy(p, now)
	var out []Letter
	write := func(kind LetterKind, check, person plan.ID) {
		out = append(out, Letter{Kind: kind, Plan: p.ID, Person: person, Item: check, Key: checkInKey(p.CheckIns[check], p.Head.Seq)})
	}
	for _, id := range slices.Sorted(maps.Keys(p.CheckIns)) {
		for _, person := range slices.Sorted(maps.Keys(p.People)) {
			was, had := before[id][person]
			is, has := after[id][person]
			switch {
			case has && (!had || is != was):
				write(LetterCheckIn, id, person)
			case had && !has:
				write(LetterCheckInCancel, id, person)
			}
		}
	}
	return out
}

func touchesCalendars(events []plan.Event) bool {
	for _, ev := range events {
		switch ev.(type) {
		case *plan.CheckInAnswered:
		case *plan.PlanShared, *plan.PlanLeft, *plan.PlanArchived:
			return true
		default:
			if k := ev.Kind(); strings.HasPrefix(k, "checkin.") || strings.HasPrefix(k, "person.") || strings.HasPrefix(k, "lead.") {
				return true
			}
		}
	}
	return false
}

// checkInKey names a letter: which check-in in which sequence, and the event
// of the plan that led to it.
func checkInKey(c *plan.CheckIn, seq int64) string {
	return fmt.Sprintf("checkin/%s/%d/%d", c.ID, c.Sequence, seq)
}

// keyed reads the sequence and the event of a letter's key.
func keyed(key string) (sequence int, event int64) {
	parts := strings.Split(key, "/")
	if len(parts) == 4 {
		sequence, _ = strconv.Atoi(parts[2])
		event, _ = strconv.ParseInt(parts[3], 10, 64)
	}
	return sequence, event
}

// overtaken reports that a check-in changed after a letter: a later one says
// more.
func overtaken(l Letter, c *plan.CheckIn) bool {
	sequence, _ := keyed(l.Key)
	return sequence < c.Sequence
}

// checkInLetters names who writes them, and when; while the service is made.
func (s *Service) checkInLetters() {
	s.announce(invitations)
	s.compose(LetterCheckIn, s.composeCheckIn)
	s.compose(LetterCheckInCancel, s.composeCheckInCancel)
}

// composeCheckIn writes an invitation or its update.
func (s *Service) composeCheckIn(ctx context.Context, l Letter) (Mail, error) {
	p, q, c, err := s.letterCheckIn(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if _, wants := wantedBy(p, s.clock())[c.ID][q.ID]; !wants || overtaken(l, c) {
		return Mail{}, errNothingToSay
	}
	known, err := s.toldOf(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	key := "checkin.mail.invitation"
	if known {
		key = "checkin.mail.update"
	}
	m, err := s.mailOf(ctx, p, q, c, "REQUEST")
	if err != nil {
		return Mail{}, err
	}
	m.Subject = Said(key, "Title", s.checkInTitle(p, c, m.To.Language), "When", s.whenOf(c, m.To))
	m.Lead = []Say{Said(key+".lead", "Who", nameOf(p, c.By), "Title", s.checkInTitle(p, c, m.To.Language))}
	next, _ := Series(c.Appointment).Next(s.clock())
	m.Rows = []MailRow{{Title: s.checkInTitle(p, c, m.To.Language), Detail: s.details(c, m.To), Due: OnDay(civil.On(next.Start, m.To.Zone)),
		Path: "/plans/" + string(p.ID) + "/check-ins/" + string(c.ID) + "/" + next.Day.String() + "/run"}}
	m.After = append(m.After, Said("checkin.mail.agenda"))
	if c.Link.Value != "" {
		m.After = append(m.After, Said("checkin.mail.link", "Link", c.Link.Value))
	}
	if m.Invitation != nil {
		m.After = append(m.After, Said("checkin.mail.answer"))
	}
	return m, nil
}

// composeCheckInCancel writes that one is off, or that its reader is not
// invited any more. Who was never invited hears nothing.
func (s *Service) composeCheckInCancel(ctx context.Context, l Letter) (Mail, error) {
	p, q, c, err := s.letterCheckIn(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if _, wants := wantedBy(p, s.clock())[c.ID][q.ID]; wants {
		return Mail{}, errNothingToSay
	}
	if _, more := Series(c.Appointment).Next(s.clock()); !more {
		return Mail{}, errNothingToSay
	}
	known, err := s.toldOf(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if !known {
		return Mail{}, errNothingToSay
	}
	m, err := s.mailOf(ctx, p, q, c, "CANCEL")
	if err != nil {
		return Mail{}, err
	}
	title := s.checkInTitle(p, c, m.To.Language)
	m.Subject = Said("checkin.mail.cancel", "Title", title, "When", s.whenOf(c, m.To))
	m.Lead = []Say{Said("checkin.mail.cancel.off", "Title", title)}
	if q.Left || q.Access == plan.None {
		m.Button = nil // it would lead nowhere
	}
	if !c.Cancelled && !p.ReadOnly() {
		m.Lead = []Say{Said("checkin.mail.cancel.you", "Title", title)}
	}
	return m, nil
}

func (s *Service) letterCheckIn(ctx context.Context, l Letter) (*plan.Plan, *plan.Person, *plan.CheckIn, error) {
	p, err := s.states.shared(ctx, l.Plan)
	if err != nil {
		return nil, nil, nil, err
	}
	q, c := p.Person(l.Person), p.CheckIns[l.Item]
	if q == nil || q.Email.Value == "" || c == nil {
		return nil, nil, nil, errNothingToSay
	}
	return p, q, c, nil
}

// toldOf reports that the reader has this check-in in their calendar: the last
// they were sent of it was no cancellation.
func (s *Service) toldOf(ctx context.Context, l Letter) (bool, error) {
	rows, err := s.letters.LettersTo(ctx, l.Plan, l.Person, 1_000)
	if err != nil {
		return false, err
	}
	var last int64
	told := false
	for _, r := range rows {
		if _, event := keyed(r.Key); r.Item == l.Item && r.State == LetterSent && event > last {
			last, told = event, r.Kind == LetterCheckIn
		}
	}
	return told, nil
}

// mailOf is a mail with its calendar part. Answers come to the plan's
// address; where this server reads no mail, to whoever planned the check-in.
func (s *Service) mailOf(ctx context.Context, p *plan.Plan, q *plan.Person, c *plan.CheckIn, method string) (Mail, error) {
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return Mail{}, err
	}
	m := Mail{To: Reader{Name: q.Name.Value, Email: q.Email.Value, Salutation: q.Salutation.Value, Language: cmp.Or(q.Language, p.Language), Zone: zoneNamed(q.Zone, w.zone())},
		Plan: p.ID, Title: p.Items[plan.DecisionItem].Terms.Title.Value, Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value,
		DecideBy: p.Items[plan.DecisionItem].Terms.Due, Notice: p.Notice.Value,
		Button: &MailLink{Label: Said("checkin.mail.button"), Path: "/plans/" + string(p.ID) + "/check-ins"}}
	organizer := CalendarPerson{Name: s.calendarName(p, m.To.Language)}
	if organizer.Email, err = s.PlanAddress(ctx, p.ID); err != nil {
		return Mail{}, err
	}
	if by := p.Person(c.By); organizer.Email == "" && by != nil {
		organizer = CalendarPerson{Name: by.Name.Value, Email: by.Email.Value}
	}
	if organizer.Email == "" || s.calendars.Codec == nil {
		return m, nil
	}
	e := s.checkInEntry(p, c, m.To.Language, s.whole)
	e.Changed = s.clock() // a message has the time at which it was made
	i := CalendarInvitation{Method: method, Entry: e, Organizer: organizer, Invited: s.attendees(p, q, c, method)}
	m.Invitation = &Invitation{Method: method, ICS: s.calendars.Codec.Invitation(i)}
	return m, nil
}

func (s *Service) calendarName(p *plan.Plan, language string) string {
	return s.calendars.Words(language, "checkin.entry.organizer", "Buyer", p.Organisation.Buyer.Value, "Seller", p.Organisation.Seller.Value)
}

// attendees are those invited whom the product may write to; of a
// cancellation, its reader alone.
func (s *Service) attendees(p *plan.Plan, reader *plan.Person, c *plan.CheckIn, method string) []CalendarPerson {
	one := func(q *plan.Person) CalendarPerson {
		return CalendarPerson{Name: q.Name.Value, Email: q.Email.Value, Answer: p.Answer(c, q.ID, 0)}
	}
	out := []CalendarPerson{one(reader)}
	if method == "CANCEL" {
		return out
	}
	for _, q := range p.Invited(c) {
		if q.ID != reader.ID && p.Mailable(q) && q.Access != plan.None {
			out = append(out, one(q))
		}
	}
	return out
}

// whole is a path as an address of this server.
func (s *Service) whole(path string) string {
	if s.calendars.Base == nil {
		return path
	}
	return s.calendars.Base() + path
}

func nameOf(p *plan.Plan, id plan.ID) string {
	if q := p.Person(id); q != nil {
		return q.Name.Value
	}
	return ""
}

// whenOf is the beginning of the next one, on the reader's clock.
func (s *Service) whenOf(c *plan.CheckIn, to Reader) Say {
	next, _ := Series(c.Appointment).Next(s.clock())
	return s.moment(next.Start, to.Zone)
}

func (s *Service) moment(t time.Time, zone *time.Location) Say {
	return Said("checkin.mail.when", "Day", OnDay(civil.On(t, zone)), "Time", t.In(zone).Format("15:04"))
}

// details are when and how often, where, and for how long.
func (s *Service) details(c *plan.CheckIn, to Reader) []Say {
	out := []Say{s.whenOf(c, to)}
	switch c.Rule {
	case "":
	case Weekly:
		out = append(out, Said("checkin.mail.weekly"))
	case Fortnightly:
		out = append(out, Said("checkin.mail.fortnight"))
	default:
		out = append(out, Said("checkin.mail.series"))
	}
	out = append(out, Said("checkin.mail.minutes", "N", c.Minutes))
	if c.Place.Value != "" {
		out = append(out, Said("checkin.mail.place", "Place", c.Place.Value))
	}
	return out
}
