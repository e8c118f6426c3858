package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Agenda is what a check-in is about, made from the plan and what happened
// since the last one: nobody writes it. The minutes are the same, of the moment
// at which the check-in was closed. It is made from the shared plan alone.
type Agenda struct {
	Done    []Told           // reported done since then, and still done
	Flight  []*plan.Item     // begun, or due by now; the most urgent first
	Stuck   []*plan.Item     // blocked now; the oldest first
	Solved  []Told           // no longer blocked, and how that came
	Next    []*plan.Item     // what comes up
	Open    []*plan.Proposal // to be answered
	Fresh   []*plan.Item     // added since the agreement and not agreed: bundled for a yes (rule 5)
	Decided []*plan.Proposal // answered since then
	Moved   []DateMoved      // dates that changed
}

// Told is an item with the last event that said something of it.
type Told struct {
	Item *plan.Item
	Entry
}

// DateMoved is an agreed or expected date that changed: from where it was at the
// last check-in to where it is.
type DateMoved struct {
	Item     *plan.Item
	Old, New civil.Day // zero: none
	Expected bool      // it is what the owner believes, and not agreed
	Why      string
	Entry
}

// How far an agenda looks ahead, and how many steps it names at least and at
// most in one list.
const (
	agendaDays  = 14
	agendaLeast = 3
	agendaMost  = 40
	// agendaEvents is how many events of the time between are read; what is
	// older than that many is not on the agenda, but still in the history.
	agendaEvents = 5_000
)

// AgendaOf makes the agenda of a plan from the events since the last check-in,
// in order. Those from before both sides agreed, or could see the plan, are
// left out.
func AgendaOf(p *plan.Plan, since []Entry, today civil.Day) Agenda {
	a := Agenda{}
	a.happened(p, begun(p, since))
	for _, it := range p.Live(plan.KindAction) {
		due := dueOf(it)
		switch {
		case it.Progress.Status == plan.Done:
		case it.Progress.Status == plan.Blocked:
			a.Stuck = append(a.Stuck, it)
		case it.Progress.Status == plan.Started || due != 0 && due <= today:
			a.Flight = append(a.Flight, it)
		case due != 0:
			a.Next = append(a.Next, it)
		}
	}
	slices.SortStableFunc(a.Stuck, func(x, y *plan.Item) int { return cmp.Compare(x.Progress.Block.Since, y.Progress.Block.Since) })
	byDate(a.Flight)
	byDate(a.Next)
	a.Next = upcoming(a.Next, today)
	for _, x := range p.OpenProposals() {
		if x.OpenOn(today) {
			a.Open = append(a.Open, x)
		}
	}
	if p.Phase == plan.Agreed {
		for _, it := range p.Live() {
			if it.Kind.HasTerms() && !it.Bound() {
				a.Fresh = append(a.Fresh, it)
			}
		}
	}
	a.Flight, a.Stuck = atMost(a.Flight, agendaMost), atMost(a.Stuck, agendaMost)
	return a
}

// begun are the events after both sides agreed for the first time, or, before
// that, after the plan was shared.
func begun(p *plan.Plan, since []Entry) []Entry {
	for i, e := range since {
		switch ev := e.Event.(type) {
		case *plan.PlanAgreed:
			if ev.Baseline == 1 {
				return since[i+1:]
			}
		case *plan.PlanShared:
			if len(p.Baselines) == 0 {
				return since[i+1:]
			}
		}
	}
	return since
}

func atMost[T any](all []T, n int) []T { return all[:min(n, len(all))] }

// upcoming are the steps of the next days, and the first few in any case.
func upcoming(steps []*plan.Item, today civil.Day) []*plan.Item {
	n := 0
	for n < len(steps) && n < agendaMost && (n < agendaLeast || dueOf(steps[n]) <= today+agendaDays) {
		n++
	}
	return steps[:n]
}

// happened sorts the events: each step is told once, by the last that counts.
func (a *Agenda) happened(p *plan.Plan, since []Entry) {
	done, solved, moved := map[plan.ID]int{}, map[plan.ID]int{}, map[string]int{}
	tell := func(list *[]Told, at map[plan.ID]int, id plan.ID, e Entry) {
		it := p.Items[id]
		if it == nil || it.Removed != 0 {
			return
		}
		if i, known := at[id]; known {
			(*list)[i].Entry = e
			return
		}
		at[id] = len(*list)
		*list = append(*list, Told{it, e})
	}
	shift := func(id plan.ID, old, now civil.Day, expected bool, why string, e Entry) {
		it := p.Items[id]
		if it == nil || it.Removed != 0 || !it.Kind.HasTerms() {
			return
		}
		key := string(id)
		if expected {
			key += "/expected"
		}
		if i, known := moved[key]; known {
			x := &a.Moved[i]
			x.New, x.Why, x.Entry = now, why, e
			return
		}
		moved[key] = len(a.Moved)
		a.Moved = append(a.Moved, DateMoved{it, old, now, expected, why, e})
	}
	for _, e := range since {
		switch ev := e.Event.(type) {
		case *plan.ActionDone:
			tell(&a.Done, done, ev.Item, e)
		case *plan.ActionUnblocked:
			tell(&a.Solved, solved, ev.Item, e)
		case *plan.ActionExpected:
			if it := p.Items[ev.Item]; it != nil {
				shift(ev.Item, it.Terms.Due, ev.Date, true, ev.Because.Value, e)
			}
		case *plan.ItemDeviated:
			if ev.Old.Due != ev.New.Due {
				shift(ev.Item, ev.Old.Due, ev.New.Due, false, ev.Reason.Value, e)
			}
		case *plan.ItemEdited:
			if ev.Old.Due != ev.New.Due {
				shift(ev.Item, ev.Old.Due, ev.New.Due, false, "", e)
			}
		case *plan.ProposalAccepted:
			if x := p.Proposals[ev.Proposal]; x != nil {
				a.Decided = append(a.Decided, x)
				for _, c := range x.Changes {
					if !c.Remove && !c.Add && c.Old.Due != c.New.Due {
						shift(c.Item, c.Old.Due, c.New.Due, false, x.Reason.Value, e)
					}
				}
			}
		case *plan.ProposalClosed:
			if x := p.Proposals[ev.Proposal]; x != nil {
				a.Decided = append(a.Decided, x)
			}
		}
	}
	a.Done = slices.DeleteFunc(a.Done, func(t Told) bool { return t.Item.Progress.Status != plan.Done })
	a.Solved = slices.DeleteFunc(a.Solved, func(t Told) bool { return t.Item.Progress.Status == plan.Blocked })
	a.Moved = slices.DeleteFunc(a.Moved, func(s DateMoved) bool {
		if s.Expected { // of what is done, or is expected on its day, there is nothing to say any more
			return s.Item.Progress.Status == plan.Done || s.Item.Progress.Expected.IsZero() || s.Item.Progress.Expected == s.Item.Terms.Due
		}
		return s.Old == s.New
	})
}

// between reads the events after one sequence up to another, in order; the
// latest agendaEvents of them.
func (s *Service) between(ctx context.Context, id plan.ID, after, until int64) ([]Entry, error) {
	after = max(after, until-agendaEvents, 0)
	if until <= after {
		return nil, nil
	}
	records, err := s.plans.Records(ctx, plan.SharedStream(id), after, int(until-after))
	if err != nil {
		return nil, err
	}
	words, err := s.plans.Words(ctx, plan.SharedStream(id))
	if err != nil {
		return nil, err
	}
	return unsealed(records, words)
}

func unsealed(records []plan.Record, words plan.Words) ([]Entry, error) {
	out := make([]Entry, 0, len(records))
	for _, r := range records {
		ev, m, err := plan.Unseal(r, words)
		if err != nil {
			return nil, err
		}
		out = append(out, Entry{ev, m})
	}
	return out, nil
}

// Agenda is what there is to go through now: since the last check-in that was
// held and closed, else since both agreed. Everybody who sees the plan.
func (s *Service) Agenda(ctx context.Context, v View) (Agenda, error) {
	after := int64(0)
	if last := v.Plan.LastRun(); last != nil {
		after = last.Until
	}
	since, err := s.between(ctx, v.Plan.ID, after, v.Plan.Head.Seq)
	if err != nil {
		return Agenda{}, err
	}
	return AgendaOf(v.Plan, since, v.Today), nil
}

// Obstacle is something that blocks a step, or did, with what was tried.
type Obstacle struct {
	Item   *plan.Item
	Days   int     // working days of the step's side it has been blocked, or was
	Tried  []Entry // that it was reported, next steps, who it was not for, how it was solved; oldest first
	Solved time.Time
}

// Obstacles lists what blocks the plan, the oldest first, and what did in the
// last weeks, the latest first. Everybody who sees the plan.
func (s *Service) Obstacles(ctx context.Context, v View) (now, before []Obstacle, err error) {
	all, err := s.between(ctx, v.Plan.ID, 0, v.Plan.Head.Seq)
	if err != nil {
		return nil, nil, err
	}
	now, before = ObstaclesOf(v.Plan, all, v.Today, v.Zone)
	return now, before, nil
}

// solvedShown is how many obstacles that were solved are listed.
const solvedShown = 12

// ObstaclesOf is Obstacles from a plan and its events, in order.
func ObstaclesOf(p *plan.Plan, all []Entry, today civil.Day, zone *time.Location) (now, before []Obstacle) {
	tried := map[plan.ID][]Entry{}
	for _, e := range all {
		switch ev := e.Event.(type) {
		case *plan.ActionBlocked:
			if it := p.Items[ev.Item]; it != nil && (len(tried[ev.Item]) == 0 || over(tried[ev.Item])) {
				tried[ev.Item] = nil // another obstacle
			}
			tried[ev.Item] = append(tried[ev.Item], e)
		case *plan.ActionTackled:
			tried[ev.Item] = append(tried[ev.Item], e)
		case *plan.ActionPassed:
			tried[ev.Item] = append(tried[ev.Item], e)
		case *plan.ActionUnblocked:
			tried[ev.Item] = append(tried[ev.Item], e)
		}
	}
	for _, it := range p.Live(plan.KindAction) {
		entries := tried[it.ID]
		if b := it.Progress.Block; b != nil && it.Progress.Status == plan.Blocked {
			now = append(now, Obstacle{Item: it, Days: BlockedDays(p, it, today), Tried: entries})
			continue
		}
		if !over(entries) {
			continue
		}
		last := entries[len(entries)-1]
		o := Obstacle{Item: it, Tried: entries, Solved: last.At}
		if e, ok := entries[0].Event.(*plan.ActionBlocked); ok {
			o.Days = worked(p, it, e.Block.Since, civil.On(last.At, zone))
		}
		before = append(before, o)
	}
	slices.SortStableFunc(now, func(x, y Obstacle) int { return cmp.Compare(x.Item.Progress.Block.Since, y.Item.Progress.Block.Since) })
	slices.SortStableFunc(before, func(x, y Obstacle) int { return y.Solved.Compare(x.Solved) })
	return now, atMost(before, solvedShown)
}

// over reports that the last of what was said of an obstacle is that it was
// solved.
func over(entries []Entry) bool {
	if len(entries) == 0 {
		return false
	}
	_, solved := entries[len(entries)-1].Event.(*plan.ActionUnblocked)
	return solved
}

// BlockedDays is for how many working days of its side a step has been
// blocked: of a joint one, days on which both work. Zero on the first day.
func BlockedDays(p *plan.Plan, it *plan.Item, today civil.Day) int {
	if b := it.Progress.Block; b != nil {
		return worked(p, it, b.Since, today)
	}
	return 0
}

// worked counts working days of a step's sides after one day up to another,
// a year at most.
func worked(p *plan.Plan, it *plan.Item, from, to civil.Day) int {
	const most = 366
	from = max(from, to-most)
	works := []func(civil.Day) bool{}
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if !it.Terms.Party.Includes(s) {
			continue
		}
		if c, err := SideCalendar(p, s, from, most+1); err == nil {
			works = append(works, c.Works)
		}
	}
	n := 0
	for d := from + 1; d <= to; d++ {
		if !slices.ContainsFunc(works, func(works func(civil.Day) bool) bool { return !works(d) }) {
			n++
		}
	}
	return n
}
