package app

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// doorLetters names who writes about people coming in.
func (s *Service) doorLetters() {
	s.compose(LetterDoorLink, s.composeDoorLink)
	s.compose(LetterDoorConfirm, s.composeDoorConfirm)
	s.compose(LetterDoorAsked, s.composeDoorAsked)
	s.compose(LetterDoorOpened, s.composeInvitation)
	s.compose(LetterInvitation, s.composeInvitation)
	s.compose(LetterProof, s.composeProof)
	s.announce(tellDeciders)
	s.announce(invite)
	s.every(JobForgetAsked, 24*time.Hour, func(ctx context.Context, _ []byte) error { return s.forgetAsked(ctx) })
	s.handle(JobDoor, func(ctx context.Context, data []byte) error { return s.answerDoor(ctx, plan.ID(data)) })
}

// tellDeciders: a stranger asked, or came in by an address of an allowed
// domain.
func tellDeciders(d *plan.Decision) []Letter {
	var out []Letter
	for _, ev := range d.Events {
		var newcomer *plan.Person
		switch e := ev.(type) {
		case *plan.PersonAsked:
			newcomer = &e.Person
		case *plan.PersonAdded:
			if e.Person.Proven {
				newcomer = &e.Person
			}
		}
		if newcomer == nil {
			continue
		}
		for _, l := range deciders(d.State, newcomer.Side) {
			out = append(out, Letter{Kind: LetterDoorAsked, Plan: d.State.ID, Person: l.ID, Ref: newcomer.ID, Key: "asked/" + string(newcomer.ID)})
		}
	}
	return out
}

// invite: somebody of the person's own side gave them access, or mended the
// address of one who has it. Each address is invited once. Who asked at the
// door gets what they asked for from whoever lets them in, at once.
func invite(d *plan.Decision) []Letter {
	var out []Letter
	for i, ev := range d.Events {
		var id plan.ID
		kind := LetterInvitation
		switch e := ev.(type) {
		case *plan.PersonAdded:
			id = e.Person.ID
		case *plan.PersonAccess:
			if id = e.Person; d.State.Person(id).NamedBy == "" {
				kind = LetterDoorOpened
			}
		case *plan.PersonRecognised:
			id, kind = e.As, LetterDoorOpened
		case *plan.PersonEdited:
			if id = e.Person; id == d.Metas[i].Actor {
				continue
			}
		default:
			continue
		}
		if q := d.State.Person(id); q != nil && q.Access != plan.None && !q.Joined && q.Email.Value != "" && (kind == LetterDoorOpened || d.State.Mailable(q)) {
			l := invitationTo(d.State, q)
			l.Kind = kind
			out = append(out, l)
		}
	}
	return out
}

func invitationTo(p *plan.Plan, q *plan.Person) Letter {
	return Letter{Kind: LetterInvitation, Plan: p.ID, Person: q.ID, Key: "invitation/" + hex.EncodeToString(AddressHash(q.Email.Value)[:12])}
}

// mailTo is a mail to a person of a plan, with what every mail says of it.
func (s *Service) mailTo(ctx context.Context, p *plan.Plan, q *plan.Person) (Mail, error) {
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return Mail{}, err
	}
	m := mailAbout(p)
	m.To = Reader{Name: q.Name.Value, Email: q.Email.Value, Salutation: q.Salutation.Value, Language: language(q, p), Zone: w.zone()}
	if z, err := time.LoadLocation(q.Zone); err == nil && q.Zone != "" {
		m.To.Zone = z
	}
	return m, nil
}

func mailAbout(p *plan.Plan) Mail {
	decision := p.Items[plan.DecisionItem].Terms
	return Mail{Plan: p.ID, Title: decision.Title.Value, Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value,
		DecideBy: decision.Due, Notice: p.Notice.Value}
}

// parties are the arguments of a sentence that names both organisations.
func parties(p *plan.Plan, more ...any) []any {
	return append([]any{"Buyer", p.Organisation.Buyer.Value, "Seller", p.Organisation.Seller.Value, "Title", p.Items[plan.DecisionItem].Terms.Title.Value}, more...)
}

// MailedLink makes a personal link for a person, good only in a mail to the
// address they have now: it proves that address. Composers of letters make one
// while they write. Members of the workspace get none: they sign in.
func (s *Service) MailedLink(ctx context.Context, p *plan.Plan, q *plan.Person) (Secret, error) {
	return s.mailedLink(ctx, p, q, nil)
}

func (s *Service) mailedLink(ctx context.Context, p *plan.Plan, q *plan.Person, browser []byte) (Secret, error) {
	if q.Side == p.Home {
		m, err := s.directory.Member(ctx, q.ID)
		if err == nil && m.Workspace == p.Workspace {
			return "", nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return "", err
		}
	}
	return s.pass(ctx, Pass{Kind: PersonalPass, Plan: p.ID, Person: q.ID, Side: q.Side, Address: AddressHash(q.Email.Value), Browser: browser}, personalLife)
}

// askedFor is the request a letter answers, if it is still to be answered.
func (s *Service) askedFor(ctx context.Context, l Letter) (Request, *plan.Plan, error) {
	a, err := s.doors.Request(ctx, l.Ref)
	if errors.Is(err, ErrNotFound) || err == nil && (!a.Used.IsZero() || s.clock().After(a.Expires)) {
		return Request{}, nil, errNothingToSay
	}
	if err != nil {
		return Request{}, nil, err
	}
	p, err := s.states.shared(ctx, a.Plan)
	return a, p, err
}

// mailCode makes the code of a request; one that was mailed before is dead.
func (s *Service) mailCode(ctx context.Context, a Request) (string, error) {
	code := s.newCode()
	return code, s.doors.MailedCode(ctx, a.ID, doorCodeHash(a, code))
}

// composeDoorLink: a listed person asked at the front door.
func (s *Service) composeDoorLink(ctx context.Context, l Letter) (Mail, error) {
	a, p, err := s.askedFor(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	q := p.Known(a.Side, a.Email)
	if q == nil || q.ID != l.Person {
		return Mail{}, errNothingToSay
	}
	m, err := s.mailTo(ctx, p, q)
	if err != nil {
		return Mail{}, err
	}
	secret, err := s.mailedLink(ctx, p, q, a.Browser)
	if err != nil {
		return Mail{}, err
	}
	if m.Code, err = s.mailCode(ctx, a); err != nil {
		return Mail{}, err
	}
	m.Subject = Said("door.mail.link.subject", parties(p)...)
	m.Lead = []Say{Said("door.mail.link.lead", parties(p)...)}
	m.Button = &MailLink{Label: Said("door.mail.link.button"), Path: "/me/" + string(secret)}
	m.After = []Say{Said("door.mail.code"), Said("door.mail.link.after"), Said("door.mail.unasked")}
	return m, nil
}

// composeDoorConfirm: somebody of an allowed domain asked.
func (s *Service) composeDoorConfirm(ctx context.Context, l Letter) (Mail, error) {
	a, p, err := s.askedFor(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if p.Known(a.Side, a.Email) != nil || !p.Allows(a.Side, a.Email) {
		return Mail{}, errNothingToSay
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return Mail{}, err
	}
	secret, err := s.pass(ctx, Pass{Kind: DoorPass, Plan: p.ID, Side: a.Side, Request: a.ID}, confirmLife)
	if err != nil {
		return Mail{}, err
	}
	m := mailAbout(p)
	m.To = Reader{Name: a.Name, Email: a.Email, Language: cmp.Or(a.Language, p.Language), Zone: w.zone()}
	if m.Code, err = s.mailCode(ctx, a); err != nil {
		return Mail{}, err
	}
	m.Subject = Said("door.mail.confirm.subject", parties(p)...)
	m.Lead = []Say{Said("door.mail.confirm.lead", parties(p, "Side", p.Organisation.Of(a.Side).Value)...)}
	m.Button = &MailLink{Label: Said("door.mail.confirm.button"), Path: "/door/" + string(secret)}
	m.After = []Say{Said("door.mail.code"), Said("door.mail.confirm.after"), Said("door.mail.unasked")}
	return m, nil
}

// composeDoorAsked tells a lead who asks, or who came in by their address.
func (s *Service) composeDoorAsked(ctx context.Context, l Letter) (Mail, error) {
	p, err := s.states.shared(ctx, l.Plan)
	if err != nil {
		return Mail{}, err
	}
	q, lead := p.Person(l.Ref), p.Person(l.Person)
	if q == nil || q.Left || q.Erased() || lead == nil {
		return Mail{}, errNothingToSay
	}
	m, err := s.mailTo(ctx, p, lead)
	if err != nil {
		return Mail{}, err
	}
	who := parties(p, "Name", q.Name.Value, "Email", q.Email.Value, "Side", p.Organisation.Of(q.Side).Value)
	switch {
	case q.Asking:
		m.Subject, m.Lead = Said("door.mail.asked.subject", who...), []Say{Said("door.mail.asked.lead", who...)}
		m.Quote, m.Quoted = q.Note.Value, q.Name.Value
		m.After = []Say{Said("door.mail.asked.after")}
	case q.Proven && q.NamedBy == "":
		m.Subject, m.Lead = Said("door.mail.entered.subject", who...), []Say{Said("door.mail.entered.lead", who...)}
		m.After = []Say{Said("door.mail.entered.after")}
	default:
		return Mail{}, errNothingToSay // somebody else let them in
	}
	path := "/plans/" + string(p.ID) + "/people"
	m.Button = &MailLink{Label: Said("door.mail.asked.button"), Path: path}
	return s.reachable(ctx, p, lead, m)
}

// reachable makes the button of a mail one that also brings in whoever has no
// session.
func (s *Service) reachable(ctx context.Context, p *plan.Plan, q *plan.Person, m Mail) (Mail, error) {
	secret, err := s.MailedLink(ctx, p, q)
	if err == nil && secret != "" {
		m.Button.Path = "/me/" + string(secret) + "?to=" + m.Button.Path
	}
	return m, err
}

// composeInvitation is the first mail to somebody whom their own side brought
// in.
func (s *Service) composeInvitation(ctx context.Context, l Letter) (Mail, error) {
	p, err := s.states.shared(ctx, l.Plan)
	if err != nil {
		return Mail{}, err
	}
	q := p.Person(l.Person)
	opened := l.Kind == LetterDoorOpened
	if q == nil || q.Left || q.Erased() || !opened && !p.Mailable(q) || q.Access == plan.None || q.Joined {
		return Mail{}, errNothingToSay
	}
	m, err := s.mailTo(ctx, p, q)
	if err != nil {
		return Mail{}, err
	}
	by, who := p.Person(q.By), parties(p)
	if by == nil || by.Erased() {
		by = &plan.Person{}
	}
	who = append(who, "Who", by.Name.Value, "Side", p.Organisation.Of(q.Side).Value)
	m.Subject, m.Lead = Said("door.mail.invitation.subject", parties(p)...), []Say{Said("door.mail.invitation.lead", who...)}
	if opened {
		m.Subject, m.Lead = Said("door.mail.opened.subject", parties(p)...), []Say{Said("door.mail.opened.lead", parties(p)...)}
	}
	m.Lead = append(m.Lead, Said("door.mail.invitation.right."+string(q.Access)))
	if q.Note.Value != "" && q.NamedBy != "" && !opened {
		m.Quote, m.Quoted = q.Note.Value, by.Name.Value
	}
	m.Button = &MailLink{Label: Said("door.mail.invitation.button"), Path: "/plans/" + string(p.ID)}
	if m, err = s.reachable(ctx, p, q, m); err != nil {
		return Mail{}, err
	}
	m.After = []Say{Said("door.mail.invitation.after")}
	return s.introduce(ctx, p, q, m)
}

// introduce adds to the first mail somebody gets who put them on the plan, what
// is stored of them, and the ways to say "not me" and "no mail" (rule 12).
func (s *Service) introduce(ctx context.Context, p *plan.Plan, q *plan.Person, m Mail) (Mail, error) {
	secret, err := s.pass(ctx, Pass{Kind: StopPass, Plan: p.ID, Person: q.ID, Side: q.Side, Address: AddressHash(q.Email.Value)}, stopLife)
	if err != nil {
		return m, err
	}
	if by := p.Person(q.By); by != nil && by.Name.Value != "" {
		m.After = append(m.After, Said("door.mail.first.who", "Who", by.Name.Value, "Side", p.Organisation.Of(by.Side).Value))
	}
	m.After = append(m.After, Said("door.mail.first.stored"))
	m.More = append(m.More, MailLink{Label: Said("door.mail.first.notMe"), Path: "/not-me/" + string(secret)},
		MailLink{Label: Said("door.mail.first.noMail"), Path: "/not-me/" + string(secret) + "?mail=none"})
	return m, nil
}

// stopLife is how long the links of a first mail work.
const stopLife = 400 * 24 * time.Hour

// firstMail adds the introduction to whatever mail is the first that somebody
// gets, and stops any to an address whose reader has said that it is not them.
// Reports false if it must not be sent.
func (s *Service) firstMail(ctx context.Context, l LetterRow, m Mail) (Mail, bool, error) {
	if l.Plan == "" {
		return m, true, nil
	}
	refused, err := s.doors.RefusedAddress(ctx, l.Plan, AddressHash(m.To.Email))
	if err != nil || refused {
		return m, false, err
	}
	if l.Person == "" || manners[l.Kind].asked || l.Kind == LetterInvitation {
		return m, true, nil
	}
	p, err := s.states.shared(ctx, l.Plan)
	if err != nil {
		return m, false, err
	}
	q := p.Person(l.Person)
	if q == nil || q.Joined || q.Proven { // they came, or are a member: nothing is a surprise
		return m, true, nil
	}
	if _, err := s.directory.Member(ctx, q.ID); err == nil {
		return m, true, nil
	}
	earlier, err := s.letters.LettersTo(ctx, l.Plan, l.Person, 50)
	if err != nil {
		return m, false, err
	}
	for _, x := range earlier {
		if x.State == LetterSent && !manners[x.Kind].asked {
			return m, true, nil
		}
	}
	m, err = s.introduce(ctx, p, q, m)
	return m, err == nil, err
}

// Stopping is what the page behind "not me" and "no mail" shows.
type Stopping struct {
	Plan         plan.ID
	Name, Email  string
	Language     string
	Organisation plan.Sides[string]
}

// LookStop reads such a link. It changes nothing.
func (s *Service) LookStop(ctx context.Context, x Secret) (Stopping, error) {
	p, q, err := s.stops(ctx, x)
	if err != nil {
		return Stopping{}, err
	}
	return Stopping{Plan: p.ID, Name: q.Name.Value, Email: q.Email.Value, Language: language(q, p), Organisation: organisations(p)}, nil
}

func (s *Service) stops(ctx context.Context, x Secret) (*plan.Plan, *plan.Person, error) {
	pass, err := s.Look(ctx, x, StopPass)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.states.shared(ctx, pass.Plan)
	if err != nil {
		return nil, nil, err
	}
	q := p.Person(pass.Person)
	if q == nil || q.Erased() || string(pass.Address) != string(AddressHash(q.Email.Value)) {
		return nil, nil, deadLink()
	}
	return p, q, nil
}

// NotMe is whoever gets a person's mail saying that they are somebody else: the
// address is taken out of the plan and its log, gets no mail of this plan any
// more, and whoever came in as that person is out until a lead knows better.
func (s *Service) NotMe(ctx context.Context, x Secret) error {
	p, q, err := s.stops(ctx, x)
	if err != nil {
		return err
	}
	address := q.Email
	if err := s.doors.RefuseAddress(ctx, p.ID, AddressHash(address.Value), s.clock()); err != nil {
		return err
	}
	err = s.changing(ctx, p.ID, func() error { return s.bySystem(ctx, p.ID, plan.Disown{Person: q.ID}) })
	if err != nil {
		return err
	}
	if err := s.plans.Redact(ctx, plan.SharedStream(p.ID), []string{address.Hash}); err != nil {
		return err
	}
	s.states.forget(p.ID)
	return nil
}

// NoMail stops the mails of a plan to its reader.
func (s *Service) NoMail(ctx context.Context, x Secret) error {
	p, q, err := s.stops(ctx, x)
	if err != nil {
		return err
	}
	return s.StopMail(ctx, p.ID, q.ID, "first-mail")
}

// unknownPerson is a fault for an id of nobody.
func unknownPerson(q *plan.Person) error {
	if q == nil || q.Left || q.Erased() {
		return fault.New(fault.Missing, "fault.missing")
	}
	return nil
}
