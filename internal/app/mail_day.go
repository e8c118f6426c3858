package app

import (
	"context"
	"errors"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// JobMailDay writes a plan's letters of a day; JobMailSweep sees to it that
// every running plan has one waiting, and deletes old letters.
const (
	JobMailDay   = "mail-day"
	JobMailSweep = "mail-sweep"
)

const (
	mailHour    = 2                    // of the workspace's night at which the day's letters are written
	remindDays  = 2                    // working days before a step is due
	againDays   = 5                    // working days between reminders of what is overdue
	againMost   = 4                    // after so many, the leads' digest says it, and nobody else is told
	lettersWait = 120 * 24 * time.Hour // what could not go out for so long, its reader being away, does not any more
	lettersKept = 400 * 24 * time.Hour // what was sent is known so long, so that it is not sent again
)

// mailDayJob is one job a plan, due in the next night.
func mailDayJob(p *plan.Plan, now time.Time, zone *time.Location) Job {
	y, m, d := now.In(zone).Date()
	at := time.Date(y, m, d, mailHour, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(y, m, d+1, mailHour, 0, 0, 0, zone)
	}
	return Job{Kind: JobMailDay, Key: JobMailDay + "/" + string(p.ID), RunAt: at, Data: []byte(p.ID)}
}

// startsDays reports that a plan has letters of the day from now on.
func startsDays(events []plan.Event) bool {
	for _, ev := range events {
		switch ev.(type) {
		case *plan.PlanShared, *plan.PlanResumed:
			return true
		}
	}
	return false
}

// mailDay writes the letters of today and comes back tomorrow, as long as the
// plan is worked on. That it runs twice does no harm: of letters with one key
// there is only the first.
func (s *Service) mailDay(ctx context.Context, id plan.ID) error {
	p, err := s.states.shared(ctx, id)
	if err != nil || !s.MailOn() || !alive(p) {
		return err
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return err
	}
	var c Change
	s.enclose(&c, dayLetters(p, w.zone(), s.clock()))
	c.Jobs = append(c.Jobs, mailDayJob(p, s.clock(), w.zone()))
	return s.plans.Commit(ctx, c)
}

// dayLetters are those of a plan's people for today. What they say, and
// whether there is anything to say, is seen when they are sent.
func dayLetters(p *plan.Plan, zone *time.Location, now time.Time) []Letter {
	var out []Letter
	for _, q := range p.Everybody() {
		if q.Access == plan.None || !p.Mailable(q) {
			continue
		}
		out = append(out, personLetters(p, q, officeHours(p, q, zone), civil.On(now, zone))...)
	}
	return out
}

// personLetters of a day, by the person's own calendar.
func personLetters(p *plan.Plan, q *plan.Person, h hours, today civil.Day) []Letter {
	works := h.works(today - 100)
	if !works(today) {
		return nil
	}
	var out []Letter
	morning := h.at(today, opens)
	add := func(kind LetterKind, item plan.ID, key string, at time.Time) {
		out = append(out, Letter{Kind: kind, Plan: p.ID, Person: q.ID, Item: item, Key: key, NotBefore: at})
	}
	if firstOfWeek(works, today) {
		add(LetterWeek, "", weekKey(today), morning)
		morning = morning.Add(15 * time.Minute) // the week's mail takes these in
	}
	if q.Access == plan.Lead && lastOfWeek(works, today) {
		add(LetterDigest, "", digestKey(today), h.at(today, 13))
	}
	for _, it := range p.Live(plan.KindAction) {
		owner := p.Person(it.Terms.Owners.Of(q.Side))
		if owner == nil || owner.ID != q.ID || !it.Terms.Party.Includes(q.Side) || !open(it) || stuck(it, q.Side) || it.Terms.Due.IsZero() {
			continue
		}
		// Also the day after, for a night may be missed; the keys see to it that
		// each is said once.
		switch due := dueOf(it); {
		case due > today+farthest/4:
		case due >= today:
			if on := remindOn(works, due); today == on || today > on && civil.On(it.ChangedAt, h.zone) < on {
				add(LetterRemind, it.ID, remindKey(it), morning)
			}
		default:
			late := workedSince(works, due, today) - 1
			if nth := late / againDays; nth < againMost && late%againDays <= 1 { // a missed night is made up for
				add(LetterOverdue, it.ID, overdueKey(it, nth), morning)
			}
		}
	}
	return out
}

// remindOn is the working day so many working days before a step is due: the
// last one counted is the due day itself, or the last worked one before it.
func remindOn(works func(civil.Day) bool, due civil.Day) civil.Day {
	day := due
	for n := 0; day > due-60; day-- {
		if works(day) {
			if n == remindDays {
				return day
			}
			n++
		}
	}
	return 0
}

// workedSince counts the working days after one day up to another; at most as
// many as matter.
func workedSince(works func(civil.Day) bool, after, today civil.Day) int {
	n := 0
	for day := today; day > after && n <= againDays*againMost+1; day-- {
		if works(day) {
			n++
		}
	}
	return n
}

func firstOfWeek(works func(civil.Day) bool, today civil.Day) bool {
	for day := monday(today); day < today; day++ {
		if works(day) {
			return false
		}
	}
	return true
}

func lastOfWeek(works func(civil.Day) bool, today civil.Day) bool {
	for day := today + 1; day <= monday(today)+6; day++ {
		if works(day) {
			return false
		}
	}
	return true
}

const sweepPage = 500

// mailSweep looks at every plan in the list, not into it: the job of a plan
// that is not worked on ends by itself.
func (s *Service) mailSweep(ctx context.Context) error {
	if !s.MailOn() {
		return nil
	}
	places, err := s.directory.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range places {
		if err := s.sweepIn(ctx, w); err != nil {
			return err
		}
	}
	old, err := s.letters.LettersIn(ctx, LetterQueued, s.clock().Add(-lettersWait), sweepPage)
	if err != nil {
		return err
	}
	for _, l := range old {
		if err := s.settle(ctx, l, LetterFailed, "too-old"); err != nil {
			return err
		}
	}
	return s.letters.ForgetLetters(ctx, s.clock().Add(-lettersKept))
}

func (s *Service) sweepIn(ctx context.Context, w Workspace) error {
	var before time.Time
	for {
		rows, err := s.plans.Plans(ctx, w.ID, before, sweepPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		var c Change
		for _, r := range rows {
			if (r.Phase == plan.Shared || r.Phase == plan.Agreed) && !r.Paused && !r.Left {
				c.Jobs = append(c.Jobs, mailDayJob(&plan.Plan{ID: r.Plan}, s.clock(), w.zone()))
			}
		}
		if len(c.Jobs) > 0 {
			if err := s.plans.Commit(ctx, c); err != nil {
				return err
			}
		}
		if len(rows) < sweepPage {
			return nil
		}
		before = rows[len(rows)-1].Updated
	}
}

// CatchUp sends what is due by the service's clock without waiting for whoever
// runs jobs: for the demo, whose past is made in a moment. Morning says that a
// day begins: then the letters of the day are written as well.
func (s *Service) CatchUp(ctx context.Context, plans []plan.ID, morning bool) error {
	if !s.MailOn() {
		return nil
	}
	for _, id := range plans {
		p, err := s.states.shared(ctx, id)
		if err != nil {
			return err
		}
		if !morning || !alive(p) {
			continue
		}
		w, err := s.workspace(ctx, p.Workspace)
		if err != nil {
			return err
		}
		if err := s.post(ctx, dayLetters(p, w.zone(), s.clock())...); err != nil {
			return err
		}
	}
	letters, err := s.letters.LettersIn(ctx, LetterQueued, s.clock().Add(time.Millisecond), sweepPage)
	if err != nil {
		return err
	}
	for _, l := range letters {
		var again Again
		if err := s.deliver(ctx, l.ID); err != nil && !errors.As(err, &again) {
			return err
		}
	}
	return nil
}
