package plan

import (
	"maps"
	"slices"
)

// Apply is the state after an event. Deciding and replaying go through it
// alike, so that a replay gives the same state. It works on a state made by
// clone: the caller's own.
func (p *Plan) apply(ev Event, m Meta) {
	p.Head.Seq, p.Head.At = m.Seq, m.At.UnixMilli()
	p.goesOn(m)
	switch e := ev.(type) {
	case *PlanCreated:
		p.ID, p.Workspace, p.Home, p.Predecessor = e.Plan, e.Workspace, e.Home, e.Predecessor
		p.Language, p.Notice, p.Organisation, p.Calendar, p.Start = e.Language, e.Notice, e.Organisation, e.Calendar, e.Start
		p.Phase, p.Created, p.Form, p.Process = Draft, m.At, e.Form, e.Process
	case *PlanShared:
		p.Phase, p.SharedAt = Shared, m.At
	case *PlanSettingsChanged:
		p.Language, p.Notice, p.Organisation, p.Calendar, p.Start = e.Language, e.Notice, e.Organisation, e.Calendar, e.Start
	case *PlanAccepted:
		p.applyAccepted(e, m)
	case *PlanAgreed:
		p.applyAgreed(e, m)
	case *ItemsAgreed:
		for _, id := range e.Items {
			p.bind(id)
		}
		p.Revision, p.RevisionAt = e.Revision, m.At
	case *PlanPaused:
		p.Paused = &Pause{By: m.Actor, Side: e.Side, Reason: e.Reason, Review: e.Review, Since: e.Since}
	case *PlanResumed:
		p.Paused = nil
	case *PlanLeft:
		p.LeftBy, p.LeftBecause = e.Side, e.Reason
	case *PlanDecided:
		p.Phase, p.Paused = Decided, nil
		p.Outcome = Verdict{Outcome: e.Outcome, Reason: e.Reason, By: m.Actor, On: e.On}
	case *PlanArchived:
		p.Phase = Archived
	case *FormChanged:
		p.Form = e.New
	case *WayChosen:
		p.Eased = &e.New
	case *ErasureDone:
		p.Erasures++
	case *CommentAdded:
		c := &Comment{ID: e.Comment, Item: e.Item, By: m.Actor, Side: m.Side, At: m.At, Text: e.Text}
		p.Comments[e.Item] = append(slices.Clip(p.Comments[e.Item]), c)
	case *ProposalMade:
		p.Proposals[e.Proposal] = &Proposal{ID: e.Proposal, Side: m.Side, By: m.Actor, At: m.At, Changes: e.Changes,
			Reason: e.Reason, Expires: e.Expires, Status: Pending, Counters: e.Counters}
	case *ProposalAccepted:
		p.applyProposalAccepted(e, m)
	case *ProposalClosed:
		pr := *p.Proposals[e.Proposal]
		pr.Status, pr.Answer, pr.CounteredBy, pr.Because = e.Status, e.Answer, e.By, e.Because
		pr.AnsweredBy, pr.AnsweredAt = m.Actor, m.At
		p.Proposals[e.Proposal] = &pr
	default:
		if !p.applyPerson(ev, m) && !p.applyCheckIn(ev, m) && !p.applyRun(ev, m) && !p.applyObstacle(ev, m) && !p.applyDocument(ev, m) && !p.applySession(ev, m) && !p.applyPaper(ev, m) {
			p.applyItem(ev, m)
		}
	}
}

func (p *Plan) applyAccepted(e *PlanAccepted, m Meta) {
	stance := func(d Digest) Stance { return Stance{Digest: d, By: m.Actor, At: m.At} }
	for _, x := range e.Items {
		it := *p.Items[x.Item]
		if it.Stance.Of(e.Side).Digest != x.Digest {
			it.Stance.Set(e.Side, stance(x.Digest))
			it.Version++
			it.Undo = nil
		}
		p.Items[x.Item] = &it
	}
	p.Accepted.Set(e.Side, Acceptance{Digest: e.Digest, By: m.Actor, At: m.At})
}

func (p *Plan) applyAgreed(e *PlanAgreed, m Meta) {
	p.Phase, p.Revision, p.RevisionAt = Agreed, e.Revision, m.At
	b := Baseline{Number: e.Baseline, Revision: e.Revision, At: m.At, Digest: p.Digest(), Terms: map[ID]*Terms{}}
	for _, it := range p.Live() {
		if it.Kind.HasTerms() {
			p.bind(it.ID)
			b.Terms[it.ID] = &p.Items[it.ID].Terms
		}
	}
	p.Baselines = append(p.Baselines, b)
}

// bind records that both sides agree on the present terms: whatever led there
// cannot be undone any more, only proposed away.
func (p *Plan) bind(id ID) {
	it := *p.Items[id]
	terms := it.Terms
	it.Agreed, it.AgreedAs, it.AgreedFor, it.Undo = &terms, it.Digest, it.Details.Milestone, nil
	p.Items[id] = &it
}

func (p *Plan) applyProposalAccepted(e *ProposalAccepted, m Meta) {
	pr := *p.Proposals[e.Proposal]
	pr.Status, pr.AnsweredBy, pr.AnsweredAt = Accepted, m.Actor, m.At
	p.Proposals[e.Proposal] = &pr
	for _, c := range pr.Changes {
		switch {
		case c.Remove:
			for _, id := range append([]ID{c.Item}, c.With...) {
				if !p.gone(id) { // a link between two removed items is named by both
					p.touch(id, m, func(it *Item) { it.Removed = m.Seq })
					p.forbidUndo(id)
				}
			}
		case c.Add:
			it := &Item{ID: c.Item, Kind: c.Kind, Version: 1, Terms: c.New, Digest: c.New.digest(c.Kind),
				AddedBy: pr.Side, AddedAt: m.At, ChangedBy: m.Actor, ChangedAt: m.At}
			it.Stance.Set(pr.Side, Stance{Digest: it.Digest, By: pr.By, At: pr.At})
			it.Stance.Set(pr.Side.Other(), Stance{Digest: it.Digest, By: m.Actor, At: m.At})
			p.insert(it)
			p.bind(c.Item)
		default:
			p.touch(c.Item, m, func(it *Item) { p.grant(it, c, &pr, m) })
		}
	}
	p.Revision, p.RevisionAt = e.Revision, m.At
}

// grant puts the values of an accepted change into an item. A side stands
// behind the whole item only if it knew the whole: the rest is still as the
// proposal showed it, or the side stood behind what changed beside it under
// rule 7 meanwhile. Otherwise only the fields of the change are agreed.
func (p *Plan) grant(it *Item, c Change, pr *Proposal, m Meta) {
	before := *it
	it.Terms = c.applied(it.Terms)
	it.Digest = it.Terms.digest(it.Kind)
	asShown := it.Digest == c.New.digest(it.Kind)
	it.Stance = Sides[Stance]{}
	if s := pr.Side; asShown || before.StandsBehind(s) {
		it.Stance.Set(s, Stance{Digest: it.Digest, By: pr.By, At: pr.At})
	}
	if s := pr.Side.Other(); asShown || before.StandsBehind(s) {
		it.Stance.Set(s, Stance{Digest: it.Digest, By: m.Actor, At: m.At})
	}
	agreed := it.Terms
	if !it.IsAgreed() {
		agreed = c.applied(*it.Agreed)
	}
	it.Agreed, it.AgreedAs, it.Undo = &agreed, agreed.digest(it.Kind), nil
	p.askAgain(it, &before, pr.By, m.Actor)
	if s := pr.Side; it.Asked(s) && p.same(it.Terms.Owners.Of(s), pr.By) {
		p.yes(it, s, m) // asked for these very terms
	}
}

func (p *Plan) applyPerson(ev Event, m Meta) bool {
	change := func(id ID, f func(*Person)) {
		q := *p.People[id]
		q.Version++
		f(&q)
		p.People[id] = &q
	}
	switch e := ev.(type) {
	case *PersonAdded:
		q := e.Person
		q.Version = 1
		if m.Actor != q.ID {
			q.NamedBy, q.By = m.Side, m.Actor
		} else if !q.Proven && q.Verified == "" {
			q.Claimed = true
		}
		p.People[q.ID] = &q
	case *PersonEdited:
		change(e.Person, func(q *Person) {
			if e.Email.Hash != q.Email.Hash {
				q.Proven, q.Disowned, q.Claimed = false, q.Disowned && e.Email.IsZero(), !e.Email.IsZero() && p.same(m.Actor, q.ID)
			}
			q.Name, q.Role, q.Email, q.Absences = e.Name, e.Role, e.Email, e.Absences
			q.Language, q.Salutation, q.Zone = e.Language, e.Salutation, e.Zone
		})
	case *PersonAccess:
		change(e.Person, func(q *Person) {
			q.Access, q.Verified = e.Access, e.Verified
			q.vouched(e.Access, m)
		})
	case *PersonRecognised:
		asked := p.People[e.Person].Asking
		change(e.Person, func(q *Person) { q.As, q.Access, q.Asking = e.As, None, false })
		change(e.As, func(q *Person) {
			q.Access, q.Verified, q.Joined = e.Access, VouchedFor, q.Joined || !asked
			q.vouched(e.Access, m)
		})
	case *PersonLeft:
		change(e.Person, func(q *Person) { q.Left, q.Access, q.StandsIn = true, None, "" })
		for id, q := range p.People {
			if q.StandsIn == e.Person {
				change(id, func(q *Person) { q.StandsIn = "" })
			}
		}
	case *StandInNamed:
		for id, q := range p.People {
			if q.StandsIn == e.Lead {
				change(id, func(q *Person) { q.StandsIn = "" })
			}
		}
		if e.Person != "" {
			change(e.Person, func(q *Person) { q.StandsIn = e.Lead })
		}
	case *LeadClaimed:
		p.Claims.Set(e.Side, &Claim{By: m.Actor, After: e.After})
	case *LeadClaimEnded:
		p.Claims.Set(e.Side, nil)
	default:
		return p.applyDoor(ev, change)
	}
	return true
}

func (p *Plan) applyItem(ev Event, m Meta) {
	switch e := ev.(type) {
	case *ItemAdded:
		it := &Item{ID: e.Item, Kind: e.ItemKind, Version: 1, Terms: e.Terms, Details: e.Details, Progress: e.Progress,
			AddedBy: m.Side, AddedAt: m.At, ChangedBy: m.Actor, ChangedAt: m.At}
		if it.Kind.HasTerms() {
			it.Digest = it.Terms.digest(it.Kind)
		}
		p.stand(it, e.Stand, m)
		p.ownYes(it, m)
		it.Undo = &Undo{By: m.Actor, Seq: m.Seq, Kind: ev.Kind()}
		p.insert(it)
	case *ItemEdited:
		p.change(e.Item, ev, m, func(it *Item) {
			p.newTerms(it, e.New, e.Stand, m)
			set(&it.Details.Milestone, e.For)
		})
	case *ItemDeviated:
		p.change(e.Item, ev, m, func(it *Item) {
			p.newTerms(it, e.New, e.Stand, m)
			set(&it.Details.Milestone, e.For)
			it.Deviations = append(slices.Clip(it.Deviations), Deviation{Seq: m.Seq, At: m.At, By: m.Actor, Rule: e.Rule, Old: e.Old, New: e.New})
		})
	case *ItemDetailed:
		p.change(e.Item, ev, m, func(it *Item) { it.Details = e.New })
	case *ItemStood:
		p.change(e.Item, ev, m, func(it *Item) { it.Stance.Set(m.Side, Stance{Digest: e.Digest, By: m.Actor, At: m.At}) })
		if p.Phase == Agreed && p.Items[e.Item].IsAgreed() {
			p.forbidUndo(e.Item) // it completed an agreement
		}
	case *ItemRemoved:
		p.change(e.Item, ev, m, func(it *Item) { it.Removed = m.Seq })
		for _, id := range e.With {
			p.touch(id, m, func(it *Item) { it.Removed = m.Seq })
			p.forbidUndo(id)
		}
	case *ItemUndone:
		p.applyUndone(e, m)
	case *OwnerAnswered:
		p.change(e.Item, ev, m, func(it *Item) {
			it.Owner.Set(e.Side, Answer{Person: it.Terms.Owners.Of(e.Side), Kind: e.Answer, Digest: e.Digest, At: m.At, Reason: e.Reason})
		})
	default:
		p.applyProgress(ev, m)
	}
}

func (p *Plan) applyProgress(ev Event, m Meta) {
	switch e := ev.(type) {
	case *ActionExpected:
		p.change(e.Item, ev, m, func(it *Item) { it.Progress.Expected, it.Progress.Because = e.Date, e.Because })
	case *ActionStarted:
		p.change(e.Item, ev, m, func(it *Item) {
			pr := &it.Progress
			pr.StartedOn, pr.Remaining = e.On, e.Remaining
			if pr.Status != Blocked { // what blocks it is solved by saying so
				pr.Status = Started
			}
		})
	case *ActionDone:
		p.change(e.Item, ev, m, func(it *Item) {
			pr := &it.Progress
			pr.Status, pr.DoneOn, pr.DoneBy, pr.Reported, pr.Result = Done, e.On, m.Actor, m.Side, e.Result
			pr.Block, pr.Missing, pr.Remaining, pr.Confirmed = nil, Text{}, nil, ""
		})
	case *ActionConfirmed:
		p.change(e.Item, ev, m, func(it *Item) { it.Progress.Confirmed = m.Actor })
	case *ActionReopened:
		p.change(e.Item, ev, m, func(it *Item) {
			pr := &it.Progress
			pr.Status, pr.DoneOn, pr.DoneBy, pr.Reported, pr.Missing = Open, 0, "", "", e.Missing
			if !pr.StartedOn.IsZero() {
				pr.Status = Started
			}
		})
	case *ActionBlocked:
		b := e.Block
		p.change(e.Item, ev, m, func(it *Item) { it.Progress.Status, it.Progress.Block = Blocked, &b })
	case *ActionUnblocked:
		p.change(e.Item, ev, m, func(it *Item) {
			it.Progress.Status, it.Progress.Block = Open, nil
			if !it.Progress.StartedOn.IsZero() {
				it.Progress.Status = Started
			}
		})
	}
}

func (p *Plan) insert(it *Item) {
	p.Items[it.ID] = it
	p.Order = append(p.Order, it.ID)
}

// touch replaces an item by a changed copy of the next version.
func (p *Plan) touch(id ID, m Meta, f func(*Item)) {
	it := *p.Items[id]
	it.Version++
	it.ChangedBy, it.ChangedAt = m.Actor, m.At
	f(&it)
	p.Items[id] = &it
}

// change is touch with a way back. Handing an action on is two events, the
// answer and the new owner; the way back leads before both.
func (p *Plan) change(id ID, ev Event, m Meta, f func(*Item)) {
	before := *p.Items[id]
	back := &before
	if u := before.Undo; u != nil && u.Seq == m.Seq-1 && u.Prev != nil && u.Kind == answered && before.handed(m) {
		back = u.Prev
	}
	before.Undo = nil
	p.touch(id, m, func(it *Item) {
		f(it)
		it.Undo = &Undo{By: m.Actor, Seq: m.Seq, Kind: ev.Kind(), Prev: back}
	})
}

var answered = (*OwnerAnswered)(nil).Kind()

func (it *Item) handed(m Meta) bool { return m.Side != "" && it.Owner.Of(m.Side).Kind == Handed }

func (p *Plan) forbidUndo(id ID) {
	it := *p.Items[id]
	it.Undo = nil
	p.Items[id] = &it
}

// newTerms puts new terms in the place of the old. Every yes to the old ones
// is off for good: should somebody go back to them later, who stood behind
// them once is asked again.
func (p *Plan) newTerms(it *Item, terms Terms, stand bool, m Meta) {
	before := *it
	it.Terms, it.Digest = terms, terms.digest(it.Kind)
	it.Stance = Sides[Stance]{}
	p.stand(it, stand, m)
	p.askAgain(it, &before, m.Actor)
	p.ownYes(it, m)
}

func (p *Plan) stand(it *Item, stand bool, m Meta) {
	if stand && it.Digest != "" {
		it.Stance.Set(m.Side, Stance{Digest: it.Digest, By: m.Actor, At: m.At})
	}
}

// ownYes: who writes an action for themselves says yes to it by writing it.
func (p *Plan) ownYes(it *Item, m Meta) {
	if it.Kind != KindAction || m.Side == "" {
		return
	}
	if o := it.Terms.Owners.Of(m.Side); p.same(o, m.Actor) && p.Person(o).Verified != "" {
		p.yes(it, m.Side, m)
	}
}

func (p *Plan) yes(it *Item, s Side, m Meta) {
	it.Owner.Set(s, Answer{Person: it.Terms.Owners.Of(s), Kind: TakesOn, Digest: it.Terms.ownerDigest(s), At: m.At})
}

// askAgain drops the owners' answers to terms that are no longer, but keeps an
// owner's yes over a change that the owner made or accepted (rule 6).
func (p *Plan) askAgain(it, before *Item, knew ...ID) {
	if it.Kind != KindAction {
		return
	}
	for _, s := range []Side{Buyer, Seller} {
		if it.Terms.sameForOwner(before.Terms, s) {
			continue
		}
		var a Answer
		owner := it.Terms.Owners.Of(s)
		knows := func(id ID) bool { return p.same(owner, id) }
		if owner == before.Terms.Owners.Of(s) && slices.ContainsFunc(knew, knows) && before.Committed(s) {
			a = it.Owner.Of(s)
			a.Digest = it.Terms.ownerDigest(s)
		}
		it.Owner.Set(s, a)
	}
}

// applyUndone puts an item back as it was before its last event: stances,
// dates and status. Only its version goes on.
func (p *Plan) applyUndone(e *ItemUndone, m Meta) {
	now := p.Items[e.Item]
	prev := now.Undo.Prev
	if prev == nil {
		p.touch(e.Item, m, func(it *Item) { it.Removed = m.Seq })
		p.forbidUndo(e.Item)
		return
	}
	back := *prev
	back.Version = now.Version + 1
	back.ChangedBy, back.ChangedAt, back.Undo = m.Actor, m.At, nil
	p.Items[e.Item] = &back
	if now.Removed != 0 { // links removed together come back together
		for _, id := range slices.Sorted(maps.Keys(p.Items)) {
			if it := p.Items[id]; it.Removed == now.Removed && id != e.Item {
				p.touch(id, m, func(it *Item) { it.Removed = 0 })
			}
		}
	}
}
