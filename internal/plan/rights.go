package plan

import (
	"slices"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

func forbidden(key string, nameValues ...any) *fault.Error {
	return fault.New(fault.Forbidden, key, nameValues...)
}

// notYours is the one answer for what does not exist and for what one may not
// know of, so that neither words nor timing tell them apart.
func notYours() *fault.Error { return fault.New(fault.Missing, "fault.missing") }

func changed(item ID, against, now int) *fault.Error {
	return fault.New(fault.Conflict, "fault.item.changed", "item", string(item), "against", against, "now", now).
		Fix("fix.look-again")
}

// who is the person behind an id, following recognitions. A person who left
// or whose name was erased acts no more.
func (p *Plan) who(id ID) *Person {
	q := p.Person(id)
	if q == nil || q.Left || q.Erased() {
		return nil
	}
	return q
}

// Person is the person behind an id, following recognitions; nil if unknown.
func (p *Plan) Person(id ID) *Person {
	q := p.People[id]
	for q != nil && q.As != "" {
		q = p.People[q.As]
	}
	return q
}

// same reports that two ids name one person: somebody who came in under one id
// may have been recognised as another since.
func (p *Plan) same(a, b ID) bool {
	if a == "" || b == "" {
		return false
	}
	q := p.Person(a)
	return q != nil && q == p.Person(b)
}

// mayEdit: editors and leads.
func (q *Person) mayEdit() bool { return q.Access == Editor || q.Access == Lead }

// MayAgree reports whether the person can bind their side: a verified editor
// or lead. Somebody who only typed a name at a share link cannot.
func (q *Person) MayAgree() bool { return q != nil && q.mayEdit() && q.Verified != "" }

// Leads reports whether the person has the lead's rights: as a lead, or
// standing in for one. An unverified lead does not exist.
func (p *Plan) Leads(id ID) bool {
	q := p.who(id)
	switch {
	case !q.MayAgree():
		return false
	case q.Access == Lead:
		return true
	case q.StandsIn == "":
		return false
	}
	l := p.who(q.StandsIn)
	return l != nil && l.Access == Lead && l.Side == q.Side
}

// everLed reports that a side has or had a lead. The last one cannot go or be
// demoted, so that a lead whose name was erased is still seen here.
func (p *Plan) everLed(s Side) bool {
	for _, q := range p.People {
		if q.Side == s && q.Access == Lead {
			return true
		}
	}
	return false
}

// LeadsOf lists the leads of a side, in order of their ids.
func (p *Plan) LeadsOf(s Side) []*Person {
	var out []*Person
	for _, q := range p.People {
		if q.Side == s && q.Access == Lead && !q.Left && q.As == "" && !q.Erased() {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b *Person) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// Mailable reports whether the product may write to a person by itself (rule
// 12): the people of the home side; of the other side those whom somebody of
// their own side brought in or a lead let in, and nobody while the plan is a
// draft. Whom the home side named as the first lead of the other is written to
// once they have come in by themselves, and nobody at an address that they gave
// themselves and have not proven: it may be somebody else's. What somebody asks for at the front door
// is an answer, no such mail.
func (p *Plan) Mailable(q *Person) bool {
	if q == nil || q.Email.Value == "" || q.Left || q.Erased() || q.As != "" || q.Asking || q.ShutOut() {
		return false
	}
	if q.Side == p.Home {
		return true
	}
	return p.Phase != Draft && !q.Claimed && (q.NamedBy == q.Side || q.VouchedBy == q.Side || q.Proven && q.Verified != "")
}

// vouched keeps that a lead of the person's own side has let them in.
func (q *Person) vouched(access Access, m Meta) {
	if access == None {
		q.VouchedBy = ""
		return
	}
	q.Asking, q.Claimed = false, q.Claimed && m.Side != q.Side
	if m.Side == q.Side && q.VouchedBy == "" {
		q.VouchedBy, q.By = m.Side, m.Actor
	}
}

// SeesPrivate tells whether a person may read their side's private plan, and
// which side that is: everybody of the side who was let in. Somebody who only
// typed a name at a share link does not, nor the other side while the plan is
// a draft.
func (p *Plan) SeesPrivate(id ID) (Side, bool) {
	q := p.who(id)
	if q == nil || q.Access == None || q.Verified == "" || p.Phase == Draft && q.Side != p.Home {
		return "", false
	}
	return q.Side, true
}

// Subjects lists all ids under which a person is known in a plan, for their
// erasure (rule 16): their own, and those under which they came in before they
// were recognised.
func (p *Plan) Subjects(id ID) []ID {
	var out []ID
	for other := range p.People {
		if p.same(other, id) {
			out = append(out, other)
		}
	}
	slices.Sort(out)
	return out
}

// MovesFreely reports whether a side may give an action another date by itself:
// because it is not agreed yet, or because rule 7 lets it.
func (p *Plan) MovesFreely(it *Item, s Side, due civil.Day) bool {
	if !it.Bound() {
		return true
	}
	next := it.Terms
	next.Due, next.DateOpen = due, false
	_, free := p.free(it, next, s)
	return free
}

// MayReport reports whether a person may tell the state of an action: its
// owner, or an editor of a side that does it.
func (p *Plan) MayReport(id ID, it *Item) bool {
	q := p.who(id)
	if q == nil || q.Access == None || q.Access == Viewer {
		return false
	}
	if it.Kind == KindMilestone {
		return q.mayEdit()
	}
	if it.Kind != KindAction || !it.Terms.Party.Includes(q.Side) {
		return false
	}
	return q.mayEdit() || p.same(it.Terms.Owners.Of(q.Side), q.ID)
}
