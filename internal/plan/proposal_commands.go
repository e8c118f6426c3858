package plan

import (
	"slices"

	"tandem/internal/civil"
)

type (
	// Propose asks the other side for changes of agreed terms, all or none.
	// Verified editors and leads; an owner who is a contributor only for the
	// date of their own action.
	Propose struct {
		ID      ID
		Changes []Wish
		Reason  string
		Expires civil.Day // the last day; the use case sets the default
	}
	// Wish is one change: a patch of an item's terms, its removal, or a new
	// link (Link) between agreed items.
	Wish struct {
		Item    ID
		Version int
		Patch   Patch
		Remove  bool
		Link    bool
	}
	// Accept is the answering side's yes to exactly the proposal with a digest.
	Accept struct {
		ID     ID
		Digest Digest
	}
	// Decline is its no.
	Decline struct {
		ID     ID
		Reason string
	}
	// Counter answers with other values: it closes the proposal and makes one
	// in the other direction.
	Counter struct {
		ID   ID
		With Propose
	}
	// Withdraw takes one's own side's proposal back: its author, or a lead.
	Withdraw struct{ ID ID }
	// ExpireProposals closes what nobody answered in time. The system's.
	ExpireProposals struct{}
)

const (
	maxChanges = 200
	maxExpiry  = 366 // civil days
)

func (c Propose) decide(d *decider) error { return d.propose(c, "") }

func (d *decider) propose(c Propose, counters ID) error {
	if err := d.working(); err != nil {
		return err
	}
	switch {
	case d.st.Phase != Agreed:
		return refuse("fault.propose.before-agreement").Fix("fix.edit")
	case !c.ID.valid() || d.st.Proposals[c.ID] != nil:
		return invalid("fault.id")
	case len(c.Changes) == 0:
		return invalid("fault.propose.empty")
	case len(c.Changes) > maxChanges:
		return invalid("fault.propose.many", "max", maxChanges)
	case c.Expires < d.env.Today || c.Expires > d.env.Today+maxExpiry:
		return invalid("fault.propose.expiry", "max", maxExpiry)
	}
	reason, err := d.needed(c.Reason, "fault.reason.empty")
	if err != nil {
		return err
	}
	var changes []Change
	for _, w := range c.Changes {
		change, err := d.change(w)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(changes, func(x Change) bool { return x.Item == change.Item || slices.Contains(x.With, change.Item) }) {
			return invalid("fault.propose.twice", "item", string(w.Item))
		}
		changes = append(changes, change)
	}
	if !d.me.MayAgree() && (d.me.Verified == "" || !d.st.onlyOwnDate(changes, d.me)) {
		return forbidden("fault.right.agree")
	}
	made := &ProposalMade{Proposal: c.ID, Changes: changes, Reason: reason, Expires: c.Expires, Counters: counters}
	if err := d.acceptable(d.try(made), c.ID); err != nil {
		return err // nobody can say yes to it
	}
	d.emit(made)
	return nil
}

// acceptable checks what changes do together: a link may end at an item that
// another change removes, or two links close a ring that neither does alone.
func (d *decider) acceptable(st *Plan, id ID) error {
	then := decider{st: st, log: log{at: d.log.at, seq: st.Head.Seq}}
	return then.try(&ProposalAccepted{Proposal: id}).soundLinks()
}

// onlyOwnDate: an owner may ask for another date of their own action.
func (p *Plan) onlyOwnDate(changes []Change, me *Person) bool {
	for _, c := range changes {
		if c.Remove || c.Add || !p.same(c.Old.Owners.Of(me.Side), me.ID) || !onlyDate(c.Old.Differ(c.New)) {
			return false
		}
	}
	return true
}

func (d *decider) change(w Wish) (Change, error) {
	if w.Link {
		return d.newLink(w)
	}
	it, err := d.item(w.Item, w.Version)
	switch {
	case err != nil:
		return Change{}, err
	case !it.Kind.HasTerms():
		return Change{}, notYours()
	case !it.Bound() && !(w.Remove && d.st.holdsAgreedLink(it.ID)):
		return Change{}, refuse("fault.propose.not-agreed", "item", string(it.ID)).Fix("fix.edit")
	case it.Progress.Status == Done:
		return Change{}, refuse("fault.action.done")
	}
	c := Change{Item: it.ID, Kind: it.Kind, Version: it.Version, Old: it.Terms}
	if w.Remove {
		if it.Kind == KindDecision {
			return c, refuse("fault.decision.stays")
		}
		c.Remove, c.New = true, it.Terms
		if it.Kind != KindLink {
			c.With = d.st.linksOf(it.ID)
		}
		return c, nil
	}
	next, err := w.Patch.onto(it.Terms, d.content)
	if err != nil {
		return c, err
	}
	if c.New, err = d.tidy(it.Kind, it.ID, next); err != nil {
		return c, err
	}
	if len(c.Old.Differ(c.New)) == 0 {
		return c, invalid("fault.propose.same", "item", string(it.ID))
	}
	return c, nil
}

func (d *decider) newLink(w Wish) (Change, error) {
	if !w.Item.valid() || d.st.Items[w.Item] != nil {
		return Change{}, invalid("fault.id")
	}
	terms, err := w.Patch.onto(Terms{}, d.content)
	if err != nil {
		return Change{}, err
	}
	if terms, err = d.tidy(KindLink, w.Item, terms); err != nil {
		return Change{}, err
	}
	if !d.bound(terms.From) || !d.bound(terms.To) {
		return Change{}, refuse("fault.propose.not-agreed", "item", string(w.Item)).Fix("fix.edit")
	}
	return Change{Item: w.Item, Kind: KindLink, New: terms, Add: true}, nil
}

// answering finds an open proposal of the other side.
func (d *decider) answering(id ID) (*Proposal, error) {
	if err := d.working(); err != nil {
		return nil, err
	}
	pr := d.st.Proposals[id]
	switch {
	case pr == nil:
		return nil, notYours()
	case pr.Status != Pending:
		return nil, refuse("fault.proposal." + string(pr.Status))
	case pr.Side == d.me.Side:
		return nil, refuse("fault.proposal.own")
	case !d.me.MayAgree():
		return nil, forbidden("fault.right.agree")
	case !pr.OpenOn(d.env.Today):
		return nil, refuse("fault.proposal.expired")
	}
	return pr, nil
}

func (c Accept) decide(d *decider) error {
	pr, err := d.answering(c.ID)
	if err != nil {
		return err
	}
	if pr.Digest() != c.Digest {
		return changed(pr.ID, 0, 0)
	}
	for _, x := range pr.Changes {
		if x.Remove {
			continue
		}
		now := x.New
		if it := d.st.Items[x.Item]; it != nil {
			now = x.applied(it.Terms)
		}
		if _, err := d.tidy(x.Kind, x.Item, now); err != nil {
			return err
		}
	}
	if err := d.acceptable(d.st, pr.ID); err != nil {
		return err
	}
	d.emit(&ProposalAccepted{Proposal: pr.ID, Revision: d.st.Revision + 1, Waited: d.log.at.Sub(pr.At)})
	return nil
}

func (c Decline) decide(d *decider) error {
	pr, err := d.answering(c.ID)
	if err != nil {
		return err
	}
	reason, err := d.words(c.Reason, maxWords)
	if err != nil {
		return err
	}
	d.emit(&ProposalClosed{Proposal: pr.ID, Status: Declined, Answer: reason})
	return nil
}

func (c Counter) decide(d *decider) error {
	pr, err := d.answering(c.ID)
	if err != nil {
		return err
	}
	d.emit(&ProposalClosed{Proposal: pr.ID, Status: Countered, By: c.With.ID})
	return d.propose(c.With, pr.ID)
}

func (c Withdraw) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	pr := d.st.Proposals[c.ID]
	switch {
	case pr == nil:
		return notYours()
	case pr.Status != Pending:
		return refuse("fault.proposal." + string(pr.Status))
	case !d.st.same(pr.By, d.me.ID) && !(pr.Side == d.me.Side && d.st.Leads(d.me.ID)):
		return forbidden("fault.right.withdraw")
	}
	d.emit(&ProposalClosed{Proposal: pr.ID, Status: Withdrawn})
	return nil
}

func (ExpireProposals) decide(d *decider) error {
	for _, pr := range d.st.OpenProposals() {
		if !pr.OpenOn(d.env.Today) {
			d.emit(&ProposalClosed{Proposal: pr.ID, Status: Expired})
		}
	}
	return nil
}
