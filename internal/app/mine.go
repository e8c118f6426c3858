package app

import (
	"cmp"
	"context"
	"slices"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Mine is a plan from where one person stands: what they are asked for, what
// they wait for, and what comes later. It is made from what that person sees:
// the shared plan and their own side's space.
type Mine struct {
	View   View
	Asked  []Asked // the most urgent first
	Waits  []Wait
	Later  []Asked // own steps that are not due yet
	Others []MinePlan
	// Reminds is the day on which the product writes again about the first of
	// them; zero if it does not.
	Reminds civil.Day
}

// AskKind is what somebody is asked for.
type AskKind string

// Kinds of what is asked, in the order in which they are shown.
const (
	AskAnswer   AskKind = "answer"   // a step proposed for them: rule 6
	AskHelp     AskKind = "help"     // somebody cannot go on and waits for them
	AskAgain    AskKind = "again"    // an own step to which something is missing
	AskDo       AskKind = "do"       // an own step that is due
	AskInternal AskKind = "internal" // an own step only their side sees
	AskProposal AskKind = "proposal" // a proposal to answer
	AskConfirm  AskKind = "confirm"  // what the other side reported done
	AskReply    AskKind = "reply"    // a question about a step they asked for
	AskAccept   AskKind = "accept"   // leads: the plan, to be accepted
	AskStand    AskKind = "stand"    // new items, to stand behind
	AskOwner    AskKind = "owner"    // steps of their side nobody does
	AskLetIn    AskKind = "let-in"   // somebody who came in by the link
)

var askOrder = []AskKind{AskAnswer, AskHelp, AskAgain, AskDo, AskInternal, AskProposal, AskConfirm, AskReply, AskAccept, AskStand, AskOwner, AskLetIn}

// Asked is one thing somebody is asked for. Which fields are set depends on
// its kind.
type Asked struct {
	Kind     AskKind
	Item     *plan.Item
	Internal *plan.Internal
	Proposal *plan.Proposal
	Person   *plan.Person
	Question *plan.Comment
	By       plan.ID // who asks
	Count    int
	Late     bool
	Clash    *Clash      // an own absence stands in the way of the date
	Days     []civil.Day // other dates that could be meant: working days of the person
	Next     *plan.Item  // what waits for it and is next: a committee's step before any other
}

// ID names it in addresses.
func (a *Asked) ID() plan.ID {
	switch {
	case a.Item != nil:
		return a.Item.ID
	case a.Internal != nil:
		return a.Internal.ID
	case a.Proposal != nil:
		return a.Proposal.ID
	case a.Person != nil:
		return a.Person.ID
	}
	return plan.ID(a.Kind)
}

// due is by when; zero if nothing says.
func (a *Asked) due() civil.Day {
	switch {
	case a.Item != nil:
		return a.Item.Terms.Due
	case a.Internal != nil:
		return a.Internal.Due
	case a.Proposal != nil:
		return a.Proposal.Expires
	}
	return 0
}

// soonDays is how many working days ahead an own step counts as due.
const soonDays = 5

// Mine is the plan from where the caller stands. An item or proposal that is
// named comes first, for whoever comes from a mail about it.
//
// Faults are those of Open.
func (s *Service) Mine(ctx context.Context, c Caller, planID, first plan.ID) (Mine, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return Mine{}, err
	}
	m := MineOf(v, first)
	if m.Reminds, err = s.reminds(ctx, &m); err != nil || c.Member != nil { // a member's other plans are many: see MyPlans
		return m, err
	}
	m.Others, err = s.others(ctx, c, planID)
	return m, err
}

// MineByLink is Mine for the bearer of a personal link whose browser nobody
// knows yet: as it will be once they have come in. It changes nothing and
// remembers nothing: whoever opens links to look at them leaves no trace.
//
// Faults: fault.link.dead.
func (s *Service) MineByLink(ctx context.Context, x Secret, first plan.ID) (Mine, error) {
	pass, err := s.Look(ctx, x, PersonalPass)
	if err != nil {
		return Mine{}, err
	}
	p, q, err := s.bearerOf(ctx, pass)
	if err != nil {
		return Mine{}, err
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return Mine{}, err
	}
	arrive := plan.Arrive{Person: q.ID}
	if len(pass.Address) > 0 {
		arrive.Email = q.Email.Value
	}
	if d, err := plan.Decide(p, arrive, s.env("", w.zone())); err == nil {
		p = d.State // thought through, not stored
	}
	v, err := s.view(ctx, Caller{Session: Session{Persons: map[plan.ID]plan.ID{p.ID: q.ID}}}, p)
	if err != nil {
		return Mine{}, err
	}
	m := MineOf(v, first)
	m.Reminds, err = s.reminds(ctx, &m)
	return m, err
}

// reminds is the day on which the product will write again about what is asked
// first and has a date; zero if it will not: no mail is sent, the person wants
// none, or the plan is at rest.
func (s *Service) reminds(ctx context.Context, m *Mine) (civil.Day, error) {
	v := &m.View
	if !s.MailOn() || !v.Plan.Mailable(v.Me) || v.Plan.Paused != nil {
		return 0, nil
	}
	off, err := s.letters.MailOff(ctx, v.Me.ID)
	if err != nil || slices.Contains(off, AllMail) || slices.Contains(off, LetterRemind) {
		return 0, err
	}
	works := officeHours(v.Plan, v.Me, v.Zone).works(v.Today - 100)
	for i := range m.Asked {
		a := &m.Asked[i]
		if a.Kind != AskAnswer && a.Kind != AskDo || a.Late || a.Item.Terms.Due.IsZero() || stuck(a.Item, v.Me.Side) {
			continue
		}
		if on := remindOn(works, dueOf(a.Item)); on > v.Today {
			return on, nil
		}
		return 0, nil
	}
	return 0, nil
}

// MineOf looks at a view.
func MineOf(v View, first plan.ID) Mine {
	l := lookFor(v)
	m := Mine{View: v, Waits: l.waits()}
	for _, a := range l.asked() {
		if a.later(l) && a.ID() != first {
			m.Later = append(m.Later, a)
		} else {
			m.Asked = append(m.Asked, a)
		}
	}
	slices.SortStableFunc(m.Asked, func(a, b Asked) int {
		return cmp.Or(cmp.Compare(bit(a.ID() != first), bit(b.ID() != first)),
			cmp.Compare(slices.Index(askOrder, a.Kind), slices.Index(askOrder, b.Kind)), byDue(a.due(), b.due()))
	})
	slices.SortStableFunc(m.Later, func(a, b Asked) int { return byDue(a.due(), b.due()) })
	return m
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// byDue puts the earlier day first and no day last.
func byDue(a, b civil.Day) int {
	return cmp.Or(cmp.Compare(bit(a.IsZero()), bit(b.IsZero())), cmp.Compare(a, b))
}

// look is one person's look at a plan.
type look struct {
	v     View
	p     *plan.Plan
	me    *plan.Person
	side  plan.Side
	moves bool // may change something, and the plan lives
	works func(civil.Day) bool
	soon  civil.Day // the last day that counts as soon
	after map[plan.ID][]*plan.Item
	then  map[plan.ID][]*plan.Item
}

func lookFor(v View) *look {
	p, me := v.Plan, v.Me
	l := &look{v: v, p: p, me: me, side: me.Side, after: map[plan.ID][]*plan.Item{}, then: map[plan.ID][]*plan.Item{}}
	l.moves = !p.ReadOnly() && p.Phase != plan.Decided && p.Phase != plan.Draft && me.Access != plan.Viewer
	l.works = officeHours(p, me, v.Zone).works(v.Today)
	l.soon = v.Today
	for n := 0; n < soonDays && l.soon < v.Today+farthest; {
		l.soon++
		if l.works(l.soon) {
			n++
		}
	}
	for _, x := range p.Live(plan.KindLink) {
		from, to := p.Items[x.Terms.From], p.Items[x.Terms.To]
		if from != nil && to != nil {
			l.after[to.ID] = append(l.after[to.ID], from)
			l.then[from.ID] = append(l.then[from.ID], to)
		}
	}
	return l
}

// owns reports whether the person is an owner of a step.
func (l *look) owns(it *plan.Item) bool {
	if it.Kind != plan.KindAction || !it.Terms.Party.Includes(l.side) {
		return false
	}
	q := l.p.Person(it.Terms.Owners.Of(l.side))
	return q != nil && q.ID == l.me.ID
}

func (l *look) isMe(id plan.ID) bool {
	q := l.p.Person(id)
	return q != nil && q.ID == l.me.ID
}

// later: an own step that is not due yet, or whose owner asked for another date
// and waits for the answer.
func (a *Asked) later(l *look) bool {
	if a.Kind == AskDo && !a.Late && !a.Item.Committed(l.side) && l.wished(a.Item) {
		return true
	}
	return (a.Kind == AskDo || a.Kind == AskInternal) && !a.Late && (a.due().IsZero() || a.due() > l.soon)
}

// asked is everything the person is asked for, and their steps to come.
func (l *look) asked() []Asked {
	if !l.moves {
		return nil
	}
	var out []Asked
	for _, it := range l.p.Live(plan.KindAction) {
		if a, ok := l.askedFor(it); ok {
			out = append(out, a)
		}
	}
	for _, x := range l.v.Own.Actions {
		if x.Status != plan.Done && l.isMe(x.Owner) {
			out = append(out, Asked{Kind: AskInternal, Internal: x, Late: !x.Due.IsZero() && x.Due < l.v.Today})
		}
	}
	for _, x := range l.p.OpenProposals() {
		if x.OpenOn(l.v.Today) && x.Side != l.side && l.me.MayAgree() {
			out = append(out, Asked{Kind: AskProposal, Proposal: x, By: x.By})
		}
	}
	return append(out, l.leads()...)
}

// askedFor is what a step asks of the person.
func (l *look) askedFor(it *plan.Item) (Asked, bool) {
	a := Asked{Item: it, By: l.asker(it), Next: l.next(it), Late: !it.Terms.Due.IsZero() && it.Terms.Due < l.v.Today}
	switch g := it.Progress; {
	case g.Status == plan.Done:
		a.Kind, a.By, a.Late = AskConfirm, g.DoneBy, false
		return a, g.Confirmed == "" && g.Reported == l.side.Other() && l.me.Verified != "" && (l.me.MayAgree() || l.owns(it))
	case l.owns(it) && l.unanswered(it):
		a.Kind = AskAnswer
	case l.owns(it) && l.p.OwnerNeeded(it, l.side): // they said it is not theirs
		return a, false
	case l.owns(it) && !g.Missing.IsZero():
		a.Kind = AskAgain
	case l.owns(it):
		a.Kind = AskDo
	case g.Block != nil && (l.isMe(g.Block.Person) || g.Block.Person == "" && g.Block.Waits == l.side && l.p.Leads(l.me.ID)):
		a.Kind, a.By = AskHelp, g.Block.By
		return a, true
	default:
		if a.Question = l.question(it); a.Question != nil {
			a.Kind, a.By = AskReply, a.Question.By
		}
		return a, a.Question != nil
	}
	a.Clash = l.clash(it)
	a.Days = l.days(it.Terms.Due, a.Clash)
	return a, true
}

// unanswered: the owner owes a word on the step as it stands. One whose wish
// for another date came to nothing is asked again.
func (l *look) unanswered(it *plan.Item) bool {
	if it.Asked(l.side) {
		return true
	}
	return it.Owner.Of(l.side).Kind == plan.OtherDate && !l.wished(it)
}

// wished reports that a wish of the person for another date is still open.
func (l *look) wished(it *plan.Item) bool {
	for _, x := range l.p.OpenProposals() {
		for _, c := range x.Changes {
			if c.Item == it.ID && x.Side == l.side && x.OpenOn(l.v.Today) {
				return true
			}
		}
	}
	return false
}

// asker is who wants a step done: whoever stands behind it on the person's own
// side, because a side asks its own people; else whoever wrote it as it is;
// else the lead of the plan's home.
func (l *look) asker(it *plan.Item) plan.ID {
	if by := it.Stance.Of(l.side).By; it.StandsBehind(l.side) && !l.isMe(by) && l.p.Person(by) != nil {
		return by
	}
	if it.ChangedBy != "" && !l.isMe(it.ChangedBy) {
		return it.ChangedBy
	}
	for _, s := range []plan.Side{l.side, l.p.Home} {
		for _, q := range l.p.LeadsOf(s) {
			if q.ID != l.me.ID {
				return q.ID
			}
		}
	}
	return ""
}

// questionDays is for how long a question waits for whoever asked for a step.
const questionDays = 21

// question is what somebody else asked last about a step the person asked them
// for: nobody of the person's side has said anything since.
func (l *look) question(it *plan.Item) *plan.Comment {
	if it.Progress.Status == plan.Done || !l.isMe(l.askedBy(it)) {
		return nil
	}
	all := l.p.Comments[it.ID]
	if len(all) == 0 {
		return nil
	}
	c := all[len(all)-1]
	if l.isMe(c.By) || !l.ownerOf(it, c.By) || civil.On(c.At, l.v.Zone)+questionDays < l.v.Today {
		return nil
	}
	return c
}

// askedBy is who asked the owners of a step for it, if it was one person.
func (l *look) askedBy(it *plan.Item) plan.ID {
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if it.Terms.Party.Includes(s) && it.StandsBehind(s) {
			return it.Stance.Of(s).By
		}
	}
	return it.ChangedBy
}

func (l *look) ownerOf(it *plan.Item, id plan.ID) bool {
	q := l.p.Person(id)
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if o := l.p.Person(it.Terms.Owners.Of(s)); q != nil && o == q {
			return true
		}
	}
	return false
}

// next is what waits for a step and tells why its date matters: the nearest
// step of a committee behind it, else the first thing that follows.
func (l *look) next(it *plan.Item) *plan.Item {
	var first *plan.Item
	seen := map[plan.ID]bool{it.ID: true}
	for queue := []*plan.Item{it}; len(queue) > 0; queue = queue[1:] {
		for _, to := range l.then[queue[0].ID] {
			if seen[to.ID] || to.Removed != 0 || to.Progress.Status == plan.Done {
				continue
			}
			seen[to.ID] = true
			if to.Kind == plan.KindAction && to.Details.Gate != "" {
				return to
			}
			if queue[0] == it && (first == nil || byDue(to.Terms.Due, first.Terms.Due) < 0) {
				first = to
			}
			queue = append(queue, to)
		}
	}
	return first
}

// leads is what is for the lead of a side, or for who may bind it.
func (l *look) leads() []Asked {
	var out []Asked
	p, leads := l.p, l.p.Leads(l.me.ID)
	unseen := 0
	for _, it := range p.Live() {
		if it.Kind.HasTerms() && !it.StandsBehind(l.side) {
			unseen++
		}
	}
	accepted := p.Accepted.Of(l.side).Digest == p.Digest()
	switch {
	case p.Phase == plan.Shared && leads && !accepted:
		out = append(out, Asked{Kind: AskAccept, Count: unseen})
	case p.Phase == plan.Agreed && unseen > 0 && l.me.MayAgree():
		out = append(out, Asked{Kind: AskStand, Count: unseen})
	}
	if !leads {
		return out
	}
	for _, it := range p.Live(plan.KindAction) {
		if it.Progress.Status != plan.Done && it.Terms.Party.Includes(l.side) && p.OwnerNeeded(it, l.side) {
			out = append(out, Asked{Kind: AskOwner, Item: it, By: it.Terms.Owners.Of(l.side)})
		}
	}
	for _, q := range p.Everybody() {
		own := q.Side == l.side || l.side == p.Home && len(p.LeadsOf(q.Side)) == 0
		if (q.Joined || q.Asking) && q.Verified == "" && q.ID != l.me.ID && own {
			out = append(out, Asked{Kind: AskLetIn, Person: q})
		}
	}
	return out
}
