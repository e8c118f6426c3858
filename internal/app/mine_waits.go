package app

import (
	"cmp"
	"slices"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// WaitKind is why somebody waits.
type WaitKind string

// Kinds of what somebody waits for.
const (
	WaitStep    WaitKind = "step"    // a step theirs depends on
	WaitAnswer  WaitKind = "answer"  // the word of whom they asked for a step
	WaitBlock   WaitKind = "block"   // what blocks a step of theirs
	WaitConfirm WaitKind = "confirm" // the other side's yes to what they reported
	WaitVote    WaitKind = "vote"    // an answer to what they proposed
)

// Wait is one thing somebody waits for.
type Wait struct {
	Kind     WaitKind
	Item     *plan.Item
	Proposal *plan.Proposal
	Owners   []plan.ID // whose move it is; empty: the other side's
	Side     plan.Side // empty: both
}

// waits is what others owe that the person's own steps depend on, and what the
// person asked of them. What is blocked upstream of them is in it at whatever
// distance: it holds them up.
func (l *look) waits() []Wait {
	if l.p.ReadOnly() || l.p.Phase == plan.Decided {
		return nil
	}
	var out []Wait
	seen := map[plan.ID]bool{}
	add := func(w Wait, id plan.ID) {
		if !seen[id] {
			seen[id] = true
			out = append(out, w)
		}
	}
	for _, it := range l.p.Live(plan.KindAction) {
		if !l.owns(it) {
			continue
		}
		switch g := it.Progress; {
		case g.Status == plan.Done:
			if !it.IsDone() && g.Reported == l.side { // a joint step counts when the other side says so, too
				add(Wait{Kind: WaitConfirm, Item: it, Owners: owners(it, l.side.Other()), Side: l.side.Other()}, it.ID)
			}
			continue
		case g.Block != nil && !l.isMe(g.Block.Person):
			w := Wait{Kind: WaitBlock, Item: it, Side: g.Block.Waits}
			if g.Block.Person != "" {
				w.Owners = []plan.ID{g.Block.Person}
			}
			add(w, it.ID)
		}
		for _, before := range l.before(it) {
			add(Wait{Kind: WaitStep, Item: before, Owners: ownersOf(before), Side: sideOf(before)}, before.ID)
		}
	}
	for _, it := range l.p.Live(plan.KindAction) {
		for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
			if l.p.Phase != plan.Draft && it.Terms.Party.Includes(s) && it.Asked(s) && !l.isMe(it.Terms.Owners.Of(s)) && l.isMe(it.ChangedBy) {
				add(Wait{Kind: WaitAnswer, Item: it, Owners: owners(it, s), Side: s}, it.ID)
			}
		}
	}
	for _, x := range l.p.OpenProposals() {
		if l.isMe(x.By) && x.OpenOn(l.v.Today) {
			add(Wait{Kind: WaitVote, Proposal: x, Side: x.Side.Other()}, x.ID)
		}
	}
	slices.SortStableFunc(out, func(a, b Wait) int {
		return cmp.Or(cmp.Compare(bit(a.Kind == WaitAnswer), bit(b.Kind == WaitAnswer)), byDue(a.day(), b.day()))
	})
	return out
}

func (w *Wait) day() (d civil.Day) {
	if w.Item != nil {
		return w.Item.Terms.Due
	}
	return w.Proposal.Expires
}

// before lists the steps of others that a step waits for and are not done:
// those linked to it, and those further up that are blocked.
func (l *look) before(it *plan.Item) []*plan.Item {
	var out []*plan.Item
	seen := map[plan.ID]bool{it.ID: true}
	type at struct {
		it   *plan.Item
		near bool
	}
	for queue := []at{{it, true}}; len(queue) > 0; queue = queue[1:] {
		for _, from := range l.after[queue[0].it.ID] {
			if seen[from.ID] || from.Removed != 0 || from.Progress.Status == plan.Done {
				continue
			}
			seen[from.ID] = true
			action := from.Kind == plan.KindAction
			if action && !l.owns(from) && (queue[0].near || from.Progress.Status == plan.Blocked) {
				out = append(out, from)
			}
			queue = append(queue, at{from, queue[0].near && !action}) // a milestone stands for what leads to it
		}
	}
	return out
}

func owners(it *plan.Item, s plan.Side) []plan.ID {
	if id := it.Terms.Owners.Of(s); id != "" {
		return []plan.ID{id}
	}
	return nil
}

func ownersOf(it *plan.Item) (out []plan.ID) {
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if it.Terms.Party.Includes(s) {
			out = append(out, owners(it, s)...)
		}
	}
	return out
}
