package app

import (
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"slices"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Do decides a command of a caller on a plan and stores what follows. When it
// returns without error, the change is on disk and chained. It answers with
// the plan as the caller sees it afterwards.
//
// Faults are those of plan.Decide; nothing was stored then.
func (s *Service) Do(ctx context.Context, c Caller, planID plan.ID, cmd plan.Command) (View, error) {
	var view View
	err := s.changing(ctx, planID, func() error {
		v, err := s.Open(ctx, c, planID)
		if err != nil {
			return err
		}
		if cmd, err = s.complete(v, cmd); err != nil {
			return err
		}
		if err := s.proven(c, v, cmd); err != nil {
			return err
		}
		if err := s.roomFor(v.Plan.Blobs(), cmd); err != nil {
			return err
		}
		d, err := plan.Decide(v.Plan, cmd, s.env(v.Me.ID, v.Zone))
		if err != nil {
			return err
		}
		if err := s.commit(ctx, &d, nil); err != nil {
			return err
		}
		view, err = s.view(ctx, c, d.State)
		return err
	})
	return view, err
}

// DoPrivate is Do for a side's own space.
func (s *Service) DoPrivate(ctx context.Context, c Caller, planID plan.ID, cmd plan.PrivateCommand) (View, error) {
	var view View
	err := s.changing(ctx, planID, func() error {
		v, err := s.Open(ctx, c, planID)
		if err != nil {
			return err
		}
		if err := s.roomFor(v.Own.Blobs(), cmd); err != nil {
			return err
		}
		d, err := plan.DecidePrivate(v.Plan, v.Own, cmd, s.env(v.Me.ID, v.Zone))
		if err != nil {
			return err
		}
		if err := s.commit(ctx, nil, &d); err != nil {
			return err
		}
		view = v
		view.Own = d.State
		return nil
	})
	return view, err
}

// PublishNote makes a side's own note a comment both sides see: one
// transaction over both streams, so that it is never lost and never twice.
func (s *Service) PublishNote(ctx context.Context, c Caller, planID, noteID plan.ID, version int) (View, error) {
	var view View
	err := s.changing(ctx, planID, func() error {
		v, err := s.Open(ctx, c, planID)
		if err != nil {
			return err
		}
		note := v.Own.Notes[noteID]
		if note == nil {
			return missing()
		}
		env := s.env(v.Me.ID, v.Zone)
		gone, err := plan.DecidePrivate(v.Plan, v.Own, plan.RemoveNote{ID: noteID, Version: version}, env)
		if err != nil {
			return err
		}
		said, err := plan.Decide(v.Plan, plan.Say{ID: s.NewID(), Item: note.Item, Text: note.Text.Value}, env)
		if err != nil {
			return err
		}
		if err := s.commit(ctx, &said, &gone); err != nil {
			return err
		}
		view, err = s.view(ctx, c, said.State)
		return err
	})
	return view, err
}

func (s *Service) env(actor plan.ID, zone *time.Location) plan.Env {
	now := s.clock()
	return plan.Env{Now: now, Today: civil.On(now, zone), Actor: actor, Random: s.random}
}

const maxTries = 8

// changing runs one change of a plan at a time on this machine; when another
// machine was faster it forgets what it knew and tries again. A refusal is
// given only by a state that was read afresh: the one in memory may be behind.
func (s *Service) changing(ctx context.Context, planID plan.ID, try func() error) error {
	h := fnv.New32a()
	h.Write([]byte(planID))
	lock := &s.writing[h.Sum32()%uint32(len(s.writing))]
	lock.Lock()
	defer lock.Unlock()
	for n := range maxTries {
		err := try()
		if !errors.Is(err, ErrStale) && !(n == 0 && refusedByState(err)) {
			return err
		}
		s.states.forget(planID)
	}
	return fault.New(fault.Unready, "fault.plan.busy")
}

func refusedByState(err error) bool {
	f, ok := fault.As(err)
	return ok && slices.Contains([]fault.Kind{fault.Conflict, fault.Missing, fault.Forbidden, fault.Refused}, f.Kind)
}

// snapshotEvery is how many events a state is replayed from at most, about.
const snapshotEvery = 64

// commit stores the decisions on a plan, keeps the new states and tells the
// open pages. A decision without events stores nothing.
//
// Letters that follow from what happened are stored with it, and those that
// the caller adds.
func (s *Service) commit(ctx context.Context, d *plan.Decision, pd *plan.PrivateDecision, letters ...Letter) error {
	return s.commitChange(ctx, Change{}, d, pd, letters)
}

// commitHeard is commit for what a mail led to; that it was heard is stored
// even if nothing follows.
func (s *Service) commitHeard(ctx context.Context, d *plan.Decision, h *Heard, letters []Letter) error {
	if d != nil && len(d.Metas) > 0 {
		h.Seq = d.Metas[len(d.Metas)-1].Seq
	}
	return s.commitChange(ctx, Change{Heard: h}, d, nil, letters)
}

func (s *Service) commitChange(ctx context.Context, change Change, d *plan.Decision, pd *plan.PrivateDecision, letters []Letter) error {
	var p *plan.Plan
	var pv *plan.Private
	if d != nil && len(d.Events) > 0 {
		p = d.State
		before := d.Metas[0].Seq - 1
		records, err := d.Seal()
		if err != nil {
			return err
		}
		a := Append{Stream: plan.SharedStream(p.ID), Expect: before, Records: records}
		if a.Snapshot, err = snapshot(p, before, p.Head.Seq); err != nil {
			return err
		}
		change.Appends = append(change.Appends, a)
		row := Row(p)
		for _, m := range d.Metas {
			if m.Side == plan.Buyer {
				row.LastBuyer = m.At
			}
		}
		change.Row = &row
		if err := s.shown(ctx, &change, d); err != nil {
			return err
		}
		change.People, change.Answers = peopleRows(p, d.Events), answerRows(p, d.Events)
		change.Jobs = append(jobsOf(p, d.Events), s.sweepsOf(p.ID, d.Events)...)
		letters = append(letters, s.lettersOf(d)...)
		change.Withdraw = withdrawn(p, d.Events)
		if s.MailOn() && startsDays(d.Events) {
			w, err := s.workspace(ctx, p.Workspace)
			if err != nil {
				return err
			}
			change.Jobs = append(change.Jobs, mailDayJob(p, s.clock(), w.zone()))
		}
	}
	if pd != nil && len(pd.Events) > 0 {
		pv = pd.State
		before := pd.Metas[0].Seq - 1
		records, err := pd.Seal()
		if err != nil {
			return err
		}
		a := Append{Stream: plan.PrivateStream(pv.Plan, pv.Side), Expect: before, Records: records}
		if a.Snapshot, err = snapshot(pv, before, pv.Head.Seq); err != nil {
			return err
		}
		change.Appends = append(change.Appends, a)
		change.Jobs = append(change.Jobs, s.sweepsOf(pv.Plan, pd.Events)...)
	}
	if len(change.Appends) == 0 && change.Heard == nil {
		return nil
	}
	s.enclose(&change, letters)
	if err := s.plans.Commit(ctx, change); err != nil {
		if !errors.Is(err, ErrStale) && len(change.Appends) > 0 { // unknown whether it is stored: the log is the truth
			s.states.forget(planIDOf(p, pv))
		}
		return err
	}
	if p == nil && pv == nil {
		return nil
	}
	s.states.keep(p, pv)
	s.tell(p, pv)
	s.dismissed(change.Withdraw)
	if change.Deal != nil && p != nil && p.Predecessor != "" { // it had the deal
		return s.dealsMoved(ctx, p.Predecessor)
	}
	return nil
}

func planIDOf(p *plan.Plan, pv *plan.Private) plan.ID {
	if p != nil {
		return p.ID
	}
	return pv.Plan
}

func (s *Service) tell(p *plan.Plan, pv *plan.Private) {
	switch {
	case s.publisher == nil:
	case p != nil:
		s.publisher.Publish(p.ID, "")
	default:
		s.publisher.Publish(pv.Plan, pv.Side)
	}
}

// snapshot is due when the events pass a multiple of snapshotEvery.
func snapshot(state any, before, after int64) ([]byte, error) {
	if before/snapshotEvery == after/snapshotEvery {
		return nil, nil
	}
	return json.Marshal(state)
}

// Row is what lists show of a plan.
func Row(p *plan.Plan) PlanRow {
	decision := p.Items[plan.DecisionItem]
	r := PlanRow{Plan: p.ID, Workspace: p.Workspace, Home: p.Home, Phase: p.Phase, Paused: p.Paused != nil, Left: p.LeftBy != "",
		Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value, Title: decision.Terms.Title.Value,
		DecideBy: decision.Terms.Due.String(), Revision: p.Revision, Proposals: len(p.OpenProposals()),
		Updated: time.UnixMilli(p.Head.At).UTC(), Seq: p.Head.Seq}
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		done, total := Progress(p, side)
		r.Done.Set(side, done)
		r.Total.Set(side, total)
	}
	return r
}

// Progress counts the actions of a side that are done, and all of them; a
// joint action counts on both sides.
func Progress(p *plan.Plan, side plan.Side) (done, total int) {
	for _, it := range p.Live(plan.KindAction) {
		if it.Terms.Party.Includes(side) {
			total++
			if it.IsDone() {
				done++
			}
		}
	}
	return done, total
}
