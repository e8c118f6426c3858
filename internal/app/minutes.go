package app

import (
	"context"
	"slices"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Minutes are what a check-in led to, as it was said when it was closed. They
// are not stored: they are read from the log up to the closing, which never
// changes. So titles stay what they were called then, and the words of somebody
// who was erased are gone from them as from everywhere.
type Minutes struct {
	Plan   *plan.Plan // as it was at the closing; of the shared plan alone
	Run    *plan.Run
	Agenda Agenda
	Opened int64     // sequence of the opening: what came after was said in the check-in itself
	Today  civil.Day // of the closing, in the workspace's zone
	Head   plan.Head // of the log at the closing: the receipt of rule 15
}

// During reports that something was said in the check-in itself, and not
// before.
func (m *Minutes) During(e Entry) bool { return e.Seq > m.Opened }

// Minutes of a check-in that was held. Everybody who sees the plan.
//
// Faults: fault.missing for a check-in there was not, or that is not closed.
func (s *Service) Minutes(ctx context.Context, v View, run plan.ID) (*Minutes, error) {
	r := v.Plan.Run(run)
	if r == nil || r.IsOpen() {
		return nil, missing()
	}
	return s.minutes(ctx, v.Plan.ID, r, v.Workspace)
}

func (s *Service) minutes(ctx context.Context, id plan.ID, r *plan.Run, w Workspace) (*Minutes, error) {
	stream := plan.SharedStream(id)
	records, err := s.plans.Records(ctx, stream, 0, int(r.Until))
	if err != nil {
		return nil, err
	}
	words, err := s.plans.Words(ctx, stream)
	if err != nil {
		return nil, err
	}
	then, err := plan.Replay(plan.New(), records, words)
	if err != nil {
		return nil, err
	}
	since, err := unsealed(records[min(max(r.Since, r.Until-agendaEvents), int64(len(records))):], words)
	if err != nil {
		return nil, err
	}
	run := then.Run(r.ID)
	if run == nil {
		return nil, missing()
	}
	today := civil.On(run.Closed, w.zone())
	return &Minutes{Plan: then, Run: run, Agenda: AgendaOf(then, since, today), Opened: run.OpenedAt, Today: today, Head: then.Head}, nil
}

// There lists who is likely to be at a check-in that is open: who opened it,
// and who did something meanwhile. The one who closes it says who was.
func (s *Service) There(ctx context.Context, v View) ([]plan.ID, error) {
	r := v.Plan.OpenRun()
	if r == nil {
		return nil, nil
	}
	since, err := s.between(ctx, v.Plan.ID, r.OpenedAt-1, v.Plan.Head.Seq)
	if err != nil {
		return nil, err
	}
	var out []plan.ID
	add := func(id plan.ID) {
		if q := v.Plan.Person(id); q != nil && !slices.Contains(out, q.ID) {
			out = append(out, q.ID)
		}
	}
	for _, e := range since {
		add(e.Actor)
	}
	return out, nil
}

// MinutesCount says in numbers what a check-in led to.
type MinutesCount struct {
	Decided, Done, Solved, Stuck, Moved int
}

// MinutesCounts counts. Decided are the proposals accepted or declined.
func MinutesCounts(m *Minutes) MinutesCount {
	n := MinutesCount{Done: len(m.Agenda.Done), Solved: len(m.Agenda.Solved), Stuck: len(m.Agenda.Stuck), Moved: len(m.Agenda.Moved)}
	for _, x := range m.Agenda.Decided {
		if x.Status == plan.Accepted || x.Status == plan.Declined {
			n.Decided++
		}
	}
	return n
}
