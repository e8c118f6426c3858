package plan

import (
	"strings"

	"tandem/internal/civil"
)

type (
	// AddPerson names somebody: editors for either side. Naming gives no access
	// and commits nobody. A lead may give access to people of their own side.
	AddPerson struct {
		NewPerson
		Access Access
		How    string // how a person with access was verified
		Why    string // in the actor's words, for the first mail they get
	}
	// Join is somebody who came through the share link and typed a name: a new,
	// visibly unverified person. The system's, after the link was checked.
	Join struct{ NewPerson }
	// EditPerson changes name, role, contact, how they are written to, or
	// absences; nil leaves it. One's own, or editors of the person's side; of
	// people who are only named, any editor until the plan is agreed.
	EditPerson struct {
		Person            ID
		Version           int
		Name, Role, Email *string
		Language          *string
		Salutation        *string
		Zone              *string
		Absences          *[]SpanInput
	}
	// LetIn vouches for a newcomer, as a listed person (As) or as themselves,
	// and gives access; None takes it away. A lead of that side; for the very
	// first lead of the other side, a lead of the plan's home side.
	LetIn struct {
		Person ID
		As     ID
		Access Access
	}
	// Depart takes a person off the plan: themselves, or a lead of their side,
	// but a lead is not sent off by a stand-in. The last lead names a successor.
	Depart struct {
		Person    ID
		Successor ID
	}
	// NameStandIn names who acts for the actor, a lead; empty for nobody.
	NameStandIn struct{ Person ID }
	// ClaimLead gives notice that the actor, a verified editor, takes over a
	// side whose lead is unreachable; After is the last day to object.
	ClaimLead struct{ After civil.Day }
	// ObjectToClaim ends it: a lead of the side or their stand-in, not the one
	// who claims.
	ObjectToClaim struct{}
	// TakeLead completes a claim after its notice.
	TakeLead struct{}
)

const maxPeople = 1_000

// person adds a person; names and contact are sealed under the person's own
// id, so that erasing finds them.
func (d *decider) person(in NewPerson, access Access, how string) error {
	return d.newcomer(in, func(q *Person) { q.Access, q.Verified, q.Joined = access, how, access != None && d.me == nil },
		func(q Person) Event { return &PersonAdded{Person: q} })
}

// newcomer adds a person as a command sees them, by the event it makes of them.
func (d *decider) newcomer(in NewPerson, as func(*Person), event func(Person) Event) error {
	switch {
	case !in.ID.valid() || d.st.People[in.ID] != nil:
		return invalid("fault.id")
	case !in.Side.valid():
		return invalid("fault.party")
	case len(d.st.People) >= maxPeople:
		return refuse("fault.person.many", "max", maxPeople)
	}
	q := Person{ID: in.ID, Side: in.Side}
	as(&q)
	if err := d.sealPerson(&q, &in.Name, &in.Role, &in.Email); err != nil {
		return err
	}
	if err := d.written(&q, &in.Language, &in.Salutation, &in.Zone); err != nil {
		return err
	}
	var err error
	if q.Absences, err = d.spans(nil, in.Absences, q.ID); err != nil {
		return err
	}
	d.emit(event(q))
	return nil
}

func (d *decider) sealPerson(q *Person, name, role, email *string) error {
	for _, f := range []struct {
		to   *Text
		from *string
	}{{&q.Name, name}, {&q.Role, role}, {&q.Email, email}} {
		if f.from == nil {
			continue
		}
		s, err := clean(*f.from, maxLine)
		if err != nil {
			return err
		}
		if s != f.to.Value {
			*f.to = d.log.text(d.env.Random, q.ID, s)
		}
	}
	if q.Name.IsZero() {
		return invalid("fault.name.empty")
	}
	if e := q.Email.Value; e != "" && (!strings.Contains(e, "@") || strings.ContainsAny(e, " <>\"\n")) {
		return invalid("fault.email", "email", e)
	}
	return nil
}

// written puts how a person is written to; nil leaves it.
func (d *decider) written(q *Person, language, salutation, zone *string) error {
	if language != nil {
		if *language != "" && *language != "de" && *language != "en" {
			return invalid("fault.language")
		}
		q.Language = *language
	}
	if salutation != nil && *salutation != q.Salutation.Value {
		switch *salutation {
		case "":
			q.Salutation = Text{}
		case Frau, Herr:
			q.Salutation = d.log.text(d.env.Random, q.ID, *salutation)
		default:
			return invalid("fault.salutation")
		}
	}
	if zone != nil {
		if !zoneName(*zone) {
			return invalid("fault.zone", "zone", *zone)
		}
		q.Zone = *zone
	}
	return nil
}

// zoneName reports whether a text can be the name of an IANA time zone. Which
// zones there are is for those who compute with them; what they do not know
// counts as the workspace's.
func zoneName(s string) bool {
	return len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/_+-", r))
	})
}

func (c AddPerson) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	if !d.me.mayEdit() {
		return forbidden("fault.right.edit")
	}
	how := ""
	if c.Access != None {
		if c.Side != d.me.Side || !d.st.Leads(d.me.ID) {
			return forbidden("fault.right.lead")
		}
		if !c.Access.valid() {
			return invalid("fault.access")
		}
		if how = c.How; how == "" {
			how = VouchedFor
		}
		if how != VouchedFor && how != ByMail && how != ByAccount {
			return invalid("fault.access")
		}
	}
	why, err := d.words(c.Why, maxLine)
	if err != nil {
		return err
	}
	return d.newcomer(c.NewPerson, func(q *Person) { q.Access, q.Verified, q.Note = c.Access, how, why },
		func(q Person) Event { return &PersonAdded{Person: q} })
}

func (a Access) valid() bool {
	return a == Viewer || a == Contributor || a == Editor || a == Lead
}

func (c Join) decide(d *decider) error {
	if d.st.Phase == Draft || d.st.Phase == "" {
		return notYours()
	}
	if err := d.working(); err != nil {
		return err
	}
	d.log.actor, d.log.side = c.ID, c.Side
	return d.person(c.NewPerson, Contributor, "")
}

func (c EditPerson) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	q := d.st.Person(c.Person)
	if q == nil || q.Erased() {
		return notYours()
	}
	named := q.Access == None && !q.Joined && d.st.Phase != Agreed
	if q.ID != d.me.ID && !(d.me.mayEdit() && (q.Side == d.me.Side || named)) {
		return forbidden("fault.right.person")
	}
	if q.Version != c.Version {
		return changed(q.ID, c.Version, q.Version)
	}
	next := *q
	if err := d.sealPerson(&next, c.Name, c.Role, c.Email); err != nil {
		return err
	}
	if err := d.written(&next, c.Language, c.Salutation, c.Zone); err != nil {
		return err
	}
	if next.Email.Hash != q.Email.Hash && q.Access != None && q.ID != d.me.ID && !d.st.Leads(d.me.ID) {
		return forbidden("fault.right.email") // personal links go there
	}
	if c.Absences != nil {
		var err error
		if next.Absences, err = d.spans(q.Absences, *c.Absences, q.ID); err != nil {
			return err
		}
	}
	if sum("same", next) == sum("same", *q) {
		return nil
	}
	d.emit(&PersonEdited{Person: q.ID, Name: next.Name, Role: next.Role, Email: next.Email, Absences: next.Absences,
		Language: next.Language, Salutation: next.Salutation, Zone: next.Zone})
	return nil
}

func (c LetIn) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	q := d.st.People[c.Person]
	if q == nil || q.As != "" || q.Left || q.Erased() {
		return notYours()
	}
	if c.Access != None && !c.Access.valid() {
		return invalid("fault.access")
	}
	first := q.Side != d.me.Side && d.me.Side == d.st.Home && !d.st.everLed(q.Side) && c.Access == Lead
	if !d.st.Leads(d.me.ID) || !(q.Side == d.me.Side || first) {
		return forbidden("fault.right.letin")
	}
	if q.ID == d.me.ID || d.lastLead(q) && c.Access != Lead {
		return refuse("fault.lead.last")
	}
	if c.As == "" {
		how := q.Verified
		if how == "" && c.Access != None {
			how = VouchedFor
		}
		if q.Access != c.Access || q.Verified != how {
			d.emit(&PersonAccess{Person: q.ID, Access: c.Access, Verified: how})
		}
		return nil
	}
	as := d.st.People[c.As]
	if as == nil || as.ID == q.ID || as.Side != q.Side || as.Joined || as.Asking || as.As != "" || as.Left || as.Erased() ||
		!q.Joined && !q.Asking || c.Access == None {
		return refuse("fault.person.recognise")
	}
	if q.Asking && as.Email.IsZero() && !q.Email.IsZero() { // where their link goes
		email := d.log.text(d.env.Random, as.ID, q.Email.Value)
		d.emit(&PersonEdited{Person: as.ID, Name: as.Name, Role: as.Role, Email: email, Absences: as.Absences,
			Language: as.Language, Salutation: as.Salutation, Zone: as.Zone})
	}
	d.emit(&PersonRecognised{Person: q.ID, As: as.ID, Access: c.Access})
	return nil
}

// lastLead reports that nobody else leads the person's side.
func (d *decider) lastLead(q *Person) bool {
	leads := d.st.LeadsOf(q.Side)
	return len(leads) == 1 && leads[0].ID == q.ID
}

func (c Depart) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	q := d.st.Person(c.Person)
	if q == nil || q.Left {
		return notYours()
	}
	stranger := (q.Joined || q.Asking) && q.Verified == "" && d.me.Side == d.st.Home && !d.st.everLed(q.Side)
	if q.Side != d.me.Side && !stranger {
		return notYours()
	}
	if q.ID != d.me.ID && (!d.st.Leads(d.me.ID) || q.Access == Lead && d.me.Access != Lead) {
		return forbidden("fault.right.lead")
	}
	if d.lastLead(q) {
		next := d.st.who(c.Successor)
		if next == nil || next.Side != q.Side || next.ID == q.ID || next.Verified == "" || next.Access == None {
			return refuse("fault.lead.successor")
		}
		d.emit(&PersonAccess{Person: next.ID, Access: Lead, Verified: next.Verified})
	}
	d.emit(&PersonLeft{Person: q.ID})
	return nil
}

func (c NameStandIn) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	if d.me.Access != Lead {
		return forbidden("fault.right.lead")
	}
	if c.Person != "" {
		q := d.st.who(c.Person)
		if q == nil || q.Side != d.me.Side || q.ID == d.me.ID || !q.MayAgree() {
			return invalid("fault.standin")
		}
		c.Person = q.ID
	}
	if c.Person == "" && !d.st.hasStandIn(d.me.ID) {
		return nil
	}
	d.emit(&StandInNamed{Lead: d.me.ID, Person: c.Person})
	return nil
}

func (p *Plan) hasStandIn(lead ID) bool {
	for _, q := range p.People {
		if q.StandsIn == lead {
			return true
		}
	}
	return false
}

const claimNotice = 5 // civil days at least

func (c ClaimLead) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	switch {
	case d.me.Access != Editor || d.me.Verified == "":
		return forbidden("fault.right.claim")
	case d.st.claimed(d.me.Side):
		return refuse("fault.claim.already")
	case c.After < d.env.Today+claimNotice:
		return invalid("fault.claim.notice", "days", claimNotice)
	}
	if err := d.onDay(c.After); err != nil {
		return err
	}
	d.emit(&LeadClaimed{Side: d.me.Side, After: c.After})
	return nil
}

// claimed reports a claim by somebody who could still take the lead.
func (p *Plan) claimed(s Side) bool {
	claim := p.Claims.Of(s)
	return claim != nil && p.who(claim.By).MayAgree()
}

func (ObjectToClaim) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	claim := d.st.Claims.Of(d.me.Side)
	if claim == nil {
		return refuse("fault.claim.none")
	}
	if !d.st.Leads(d.me.ID) || d.st.same(claim.By, d.me.ID) {
		return forbidden("fault.right.lead")
	}
	d.emit(&LeadClaimEnded{Side: d.me.Side})
	return nil
}

func (TakeLead) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	claim := d.st.Claims.Of(d.me.Side)
	switch {
	case claim == nil || !d.st.same(claim.By, d.me.ID):
		return refuse("fault.claim.none")
	case d.env.Today <= claim.After:
		return refuse("fault.claim.early")
	case !d.me.MayAgree():
		return forbidden("fault.right.claim")
	}
	d.emit(&LeadClaimEnded{Side: d.me.Side, Won: true})
	d.emit(&PersonAccess{Person: d.me.ID, Access: Lead, Verified: d.me.Verified})
	return nil
}
