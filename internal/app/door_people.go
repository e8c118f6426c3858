package app

import (
	"context"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// LetIn vouches for a newcomer (see plan.LetIn); if they are recognised as a
// listed person, their browser acts as that person from then on. Who asked at
// the front door gets a personal link by mail; without mail a lead hands it
// over, see HandOver.
func (s *Service) LetIn(ctx context.Context, c Caller, planID plan.ID, cmd plan.LetIn) (View, error) {
	v, err := s.Do(ctx, c, planID, cmd)
	if err == nil && cmd.As != "" {
		err = s.directory.RebindPerson(ctx, planID, cmd.Person, cmd.As)
	}
	return v, err
}

// withdrawn lists whose links and browsers end with a decision: of who left,
// lost access, or turned out to be somebody else. They do not come back to
// life when the person is let in again.
func withdrawn(p *plan.Plan, events []plan.Event) []PersonRef {
	var out []PersonRef
	for _, ev := range events {
		switch e := ev.(type) {
		case *plan.PersonLeft:
			out = append(out, PersonRef{p.ID, e.Person})
		case *plan.PersonAccess:
			if e.Access == plan.None {
				out = append(out, PersonRef{p.ID, e.Person})
			}
		case *plan.PersonDisowned:
			out = append(out, PersonRef{p.ID, e.Person})
		}
	}
	return out
}

// dismissed closes what the persons have open.
func (s *Service) dismissed(refs []PersonRef) {
	for _, r := range refs {
		s.dismiss(r.Plan, r.Person)
	}
}

// Withdraw ends a person's personal links and signs their browsers out of the
// plan: the next request is refused, open pages close. Their rights stay: they
// come in again by the front door. A lead of that side, or they themselves.
func (s *Service) Withdraw(ctx context.Context, c Caller, planID, person plan.ID) error {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return err
	}
	q := v.Plan.Person(person)
	if err := unknownPerson(q); err != nil || q.Side != v.Side() {
		return missing()
	}
	if q.ID != v.Me.ID && !v.Plan.Leads(v.Me.ID) {
		return fault.New(fault.Forbidden, "fault.right.lead")
	}
	var refs []PersonRef
	for _, id := range v.Plan.Subjects(q.ID) { // also as whom they came in
		refs = append(refs, PersonRef{planID, id})
	}
	if err := s.plans.Commit(ctx, Change{Withdraw: refs}); err != nil {
		return err
	}
	s.dismissed(append(refs, PersonRef{planID, q.ID}))
	return nil
}

// MayHandOver reports whether the reader may make a link for somebody by hand:
// for a person of a lead's own side where no mail can bring it, because this
// server sends none or the person has no address; and, where it sends none, for
// the first lead of the other side before they came.
func (v View) MayHandOver(q *plan.Person) bool {
	me, p := v.Me, v.Plan
	if q == nil || q.ID == me.ID || q.Access == plan.None || q.Left || q.Erased() || q.As != "" || !p.Leads(me.ID) || v.Mail && q.Email.Value != "" {
		return false
	}
	if q.Side == me.Side {
		return true
	}
	return !v.Mail && me.Side == p.Home && q.Access == plan.Lead && !q.Joined && p.Phase != plan.Draft && len(p.LeadsOf(q.Side)) == 1
}

// MayInvite reports whether the reader may send somebody the invitation again.
func (v View) MayInvite(q *plan.Person) bool {
	return v.Mail && q != nil && q.Side == v.Side() && v.Plan.Leads(v.Me.ID) && v.Plan.Mailable(q) && q.Access != plan.None && !q.Joined
}

// HandOver makes such a link. It works once, so that the person notices if
// somebody else used it; it does not prove an address.
func (s *Service) HandOver(ctx context.Context, c Caller, planID, person plan.ID) (Secret, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return "", err
	}
	q := v.Plan.Person(person)
	if err := unknownPerson(q); err != nil {
		return "", err
	}
	if !v.MayHandOver(q) {
		return "", fault.New(fault.Forbidden, "door.fault.handover")
	}
	return s.pass(ctx, Pass{Kind: PersonalPass, Plan: planID, Person: q.ID, Side: q.Side, MaxUses: 1}, handedLife)
}

// InviteAgain sends somebody the invitation once more. Leads of their side; at
// most once an hour.
func (s *Service) InviteAgain(ctx context.Context, c Caller, planID, person plan.ID) error {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return err
	}
	q := v.Plan.Person(person)
	if err := unknownPerson(q); err != nil || q.Side != v.Side() {
		return missing()
	}
	if !v.Plan.Leads(v.Me.ID) {
		return fault.New(fault.Forbidden, "fault.right.lead")
	}
	if !v.MayInvite(q) {
		return fault.New(fault.Refused, "door.fault.invite")
	}
	l := invitationTo(v.Plan, q)
	l.Key += "/" + s.clock().Truncate(time.Hour).UTC().Format("2006010215")
	return s.post(ctx, l)
}
