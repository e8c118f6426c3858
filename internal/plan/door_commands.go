package plan

import (
	"slices"
	"strings"
	"unicode"
)

type (
	// Arrive is a listed person who comes in: by a link that was mailed to the
	// address given here, which proves it, or, with none, by a link that a lead
	// handed over. The system's, after the link was checked. Whom their own
	// side named gets in; who was named by the other side alone reads along,
	// visibly unverified, until a lead lets them in.
	Arrive struct {
		Person ID
		Email  string
	}
	// Enter is somebody whose address, proven, is of a domain that the side's
	// lead let in. The system's.
	Enter struct{ NewPerson }
	// Ask is a stranger at the front door: named in the plan with what they
	// say, without any access, until a lead lets them in. Whoever asks again
	// with the same address, or while too many wait, changes nothing. The
	// system's.
	Ask struct {
		NewPerson
		Words string
	}
	// AllowDomains says which mail domains of the actor's side get in by
	// confirming an address. A lead of that side, and nobody of the other.
	AllowDomains struct{ Domains []string }
	// Disown is said by whoever gets a person's mail and is not that person: the
	// address is taken out. The system's, after the link in the mail was
	// checked.
	Disown struct{ Person ID }
)

const (
	maxAsking  = 20 // open requests of a plan; more are not put to anybody
	maxDomains = 20
)

// system reports whether a command is nobody's: given by the system itself,
// after it has checked what it rests on.
func system(cmd Command) bool {
	switch cmd.(type) {
	case Create, Join, Arrive, Enter, Ask, Disown, ExpireProposals, EndCheckIns, RecordErasure:
		return true
	}
	return false
}

// ShutOut reports that the person's access was taken away: it does not come
// back by confirming an address.
func (q *Person) ShutOut() bool {
	return q.Access == None && (q.Joined || q.Verified != "")
}

// SameAddress reports whether two e-mail addresses are the same one.
func SameAddress(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}

// Known is the person of a side whose address this is, for somebody who has
// proven it: the only one listed with it. An address that a person claimed for
// themselves and never proved is nobody's: it may be somebody else's.
func (p *Plan) Known(s Side, email string) *Person {
	var found *Person
	for _, q := range p.People {
		if q.Side != s || q.As != "" || q.Left || q.Erased() || q.Asking || !SameAddress(q.Email.Value, email) {
			continue
		}
		if found != nil {
			return nil
		}
		found = q
	}
	if found == nil || found.Claimed || found.ShutOut() {
		return nil
	}
	return found
}

// Asking lists who waits at the front door of a side, in order of their ids.
func (p *Plan) Asking(s Side) []*Person {
	var out []*Person
	for _, q := range p.People {
		if q.Side == s && q.Asking && !q.Left && q.As == "" && !q.Erased() {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b *Person) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// Allows reports whether an address is of a domain that the side lets in.
func (p *Plan) Allows(s Side, email string) bool {
	_, domain, ok := strings.Cut(strings.TrimSpace(email), "@")
	return ok && slices.Contains(p.Domains.Of(s), strings.ToLower(domain))
}

func (c Arrive) decide(d *decider) error {
	q := d.st.Person(c.Person)
	if q == nil || q.Left || q.Erased() || q.Asking || q.ShutOut() || d.st.Phase == Draft && q.Side != d.st.Home {
		return notYours()
	}
	proves := c.Email != ""
	if proves && !SameAddress(c.Email, q.Email.Value) || !proves && q.Access == None {
		return notYours()
	}
	now := PersonArrived{Person: q.ID, Access: q.Access, Verified: q.Verified, Proven: q.Proven || proves}
	if now.Access == None {
		now.Access = Contributor
	}
	if now.Verified == "" && q.NamedBy == q.Side && proves {
		now.Verified = ByMail
	}
	if q.Joined && q.Access == now.Access && q.Verified == now.Verified && q.Proven == now.Proven {
		return nil
	}
	if err := d.alive(); err != nil {
		if q.Access != None { // they may come and read
			return nil
		}
		return err
	}
	d.log.actor, d.log.side = q.ID, q.Side
	d.emit(&now)
	return nil
}

func (c Enter) decide(d *decider) error {
	if d.st.Phase == Draft || !d.st.Allows(c.Side, c.Email) {
		return notYours()
	}
	if err := d.working(); err != nil {
		return err
	}
	for _, q := range d.st.People {
		if q.Side == c.Side && q.As == "" && !q.Asking && !q.Erased() && SameAddress(q.Email.Value, c.Email) {
			return notYours() // somebody has it already, or had and is gone
		}
	}
	d.log.actor, d.log.side = c.ID, c.Side
	return d.newcomer(c.NewPerson, func(q *Person) {
		q.Access, q.Verified, q.Joined, q.Proven = Contributor, ByMail, true, true
	}, func(q Person) Event { return &PersonAdded{Person: q} })
}

func (c Ask) decide(d *decider) error {
	if d.st.Phase == Draft {
		return notYours()
	}
	if err := d.working(); err != nil {
		return err
	}
	open := 0
	for _, q := range d.st.People {
		if !q.Asking {
			continue
		}
		if q.Side == c.Side && SameAddress(q.Email.Value, c.Email) { // waiting, or sent away
			return nil
		}
		if !q.Left {
			open++
		}
	}
	if open >= maxAsking {
		return nil
	}
	d.log.actor, d.log.side = c.ID, c.Side
	words, err := d.words(c.Words, maxLine)
	if err != nil {
		return err
	}
	return d.newcomer(c.NewPerson, func(q *Person) { q.Asking, q.Claimed, q.Note = true, true, words },
		func(q Person) Event { return &PersonAsked{Person: q} })
}

func (c AllowDomains) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	if !d.st.Leads(d.me.ID) {
		return forbidden("fault.right.lead")
	}
	var domains []string
	for _, s := range c.Domains {
		s = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "@"))
		switch {
		case s == "":
			continue
		case !domainName(s):
			return invalid("fault.domain", "domain", s)
		case PublicDomain(s):
			return refuse("fault.domain.public", "domain", s)
		}
		domains = append(domains, s)
	}
	slices.Sort(domains)
	if domains = slices.Compact(domains); len(domains) > maxDomains {
		return refuse("fault.domain.many", "max", maxDomains)
	}
	if !slices.Equal(domains, d.st.Domains.Of(d.me.Side)) {
		d.emit(&DomainsAllowed{Side: d.me.Side, Domains: domains})
	}
	return nil
}

// domainName reports whether a text looks like a domain that mail goes to.
func domainName(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.ContainsFunc(l, func(r rune) bool {
			return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			return false
		}
	}
	return true
}

func (c Disown) decide(d *decider) error {
	q := d.st.Person(c.Person)
	if q == nil || q.Erased() {
		return notYours()
	}
	if !q.Email.IsZero() {
		d.emit(&PersonDisowned{Person: q.ID})
	}
	return nil
}

// applyDoor is the state after an event at the front door.
func (p *Plan) applyDoor(ev Event, change func(ID, func(*Person))) bool {
	switch e := ev.(type) {
	case *PersonArrived:
		change(e.Person, func(q *Person) {
			q.Access, q.Verified, q.Joined, q.Proven = e.Access, e.Verified, true, e.Proven
			q.Claimed = q.Claimed && !e.Proven
		})
	case *PersonAsked:
		q := e.Person
		q.Version = 1
		p.People[q.ID] = &q
	case *PersonDisowned:
		change(e.Person, func(q *Person) { q.Email, q.Proven, q.Claimed, q.Disowned = Text{}, false, false, true })
	case *DomainsAllowed:
		p.Domains.Set(e.Side, e.Domains)
	default:
		return false
	}
	return true
}
