package app

import (
	"errors"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// answerDays is how many working days of the answering side a proposal stays
// open, and how long a claim to lead a side can be objected to.
const (
	answerDays = 10
	claimDays  = 5
)

// SideCalendar compiles the working days of a side for about the given number
// of civil days from a day on.
func SideCalendar(p *plan.Plan, side plan.Side, from civil.Day, days int) (*calendar.Calendar, error) {
	c := p.Calendar.Of(side)
	spec := calendar.Spec{Who: string(side), Region: c.Region}
	if len(c.Week) > 0 {
		week, err := calendar.ParseWeek(c.Week)
		if err != nil {
			return nil, err
		}
		spec.Week = week
	}
	for _, x := range c.Closed {
		spec.Closed = append(spec.Closed, calendar.Span{From: x.From, To: x.To, Note: x.Note.Value})
	}
	return calendar.Compile(spec, calendar.Horizon{First: from, Last: from + civil.Day(days)})
}

// workingDaysFrom is the day a number of working days of a side after a day.
// Where the calendar cannot tell (no working day in sight), it counts five
// working days a week.
func workingDaysFrom(p *plan.Plan, side plan.Side, from civil.Day, n int) civil.Day {
	c, err := SideCalendar(p, side, from, 120)
	if err == nil {
		if day, err := c.Add(from, n); err == nil {
			return day
		}
	}
	return from + civil.Day(n*7/5+2)
}

// complete fills in what people need not say: how long a proposal is open.
func (s *Service) complete(v View, cmd plan.Command) (plan.Command, error) {
	answer := func() civil.Day { return workingDaysFrom(v.Plan, v.Side().Other(), v.Today, answerDays) }
	fill := func(c *plan.Propose) {
		if c.Expires.IsZero() {
			c.Expires = answer()
		}
		if c.ID == "" {
			c.ID = s.NewID()
		}
	}
	switch c := cmd.(type) {
	case plan.Create, plan.Join, plan.Arrive, plan.Enter, plan.Ask, plan.Disown, plan.ExpireProposals, plan.EndCheckIns, plan.RecordErasure, plan.TakeCheckIn, plan.DropCheckIn:
		return nil, errors.New("app: not a person's command")
	case plan.ScheduleCheckIn:
		return c, checkAppointment(c.CheckInInput)
	case plan.EditCheckIn:
		return c, checkAppointment(c.CheckInInput)
	case plan.MoveCheckIn:
		return c, onDay(v.Plan, c.CheckIn, c.To.Day)
	case plan.CancelCheckIn:
		return c, onDay(v.Plan, c.CheckIn, c.Day)
	case plan.AnswerCheckIn:
		return c, onDay(v.Plan, c.CheckIn, c.Day)
	case plan.OpenCheckIn:
		return c, s.mayOpen(v, c)
	case plan.CloseCheckIn:
		c.Next = nextAfter(v)
		return c, nil
	case plan.Propose:
		fill(&c)
		return c, nil
	case plan.Batch:
		all := make(plan.Batch, len(c))
		for i := range c {
			var err error
			if all[i], err = s.complete(v, c[i]); err != nil {
				return nil, err
			}
		}
		return all, nil
	case plan.Counter:
		fill(&c.With)
		return c, nil
	case plan.GiveAnswer:
		if c.Expires.IsZero() {
			c.Expires = answer()
		}
		if c.ProposalID == "" {
			c.ProposalID = s.NewID()
		}
		return c, nil
	case plan.ClaimLead:
		if c.After.IsZero() {
			c.After = max(workingDaysFrom(v.Plan, v.Side(), v.Today, claimDays), v.Today+claimDays)
		}
		return c, nil
	case plan.AddPerson:
		if c.Access != plan.None && c.How == plan.ByAccount {
			return nil, errors.New("app: only AddMember vouches by account")
		}
		return c, nil
	}
	return cmd, nil
}

// Today is the civil day of an instant for a workspace.
func (w Workspace) Today(now time.Time) civil.Day { return civil.On(now, w.zone()) }
