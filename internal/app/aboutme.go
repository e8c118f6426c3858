package app

import (
	"context"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// About is everything a plan's server keeps about one person of it.
type About struct {
	Person  *plan.Person
	Texts   []AboutText // their name, contact and words, each with the event it lies beside
	Links   []AboutLink // links they were given
	Events  int         // events of which they are the actor; ids, no words
	Letters []LetterRow // mails sent to them or about to be, the latest first; they hold no words
	Mails   []Received  // mails they sent, with their originals
	Browser time.Time   // when this browser was let in
	Ends    civil.Day   // the day from which all of it is deleted; zero: not decided
}

// AboutText is a text stored under a person's id.
type AboutText struct {
	Stream string    `json:"stream"`
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Value  string    `json:"value"`
}

// AboutLink is a link that was given out; the link itself is not stored.
type AboutLink struct {
	Kind    PassKind  `json:"kind"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Revoked bool      `json:"revoked"`
}

// AboutMe collects what is kept about the caller in a plan: for themselves
// alone. What they wrote in their side's own space is among it.
func (s *Service) AboutMe(ctx context.Context, c Caller, planID plan.ID) (View, About, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return View{}, About{}, err
	}
	a := About{Person: v.Me, Browser: c.Session.Created}
	subjects := map[plan.ID]bool{}
	for _, id := range v.Plan.Subjects(v.Me.ID) {
		subjects[id] = true
	}
	streams := []bool{false}
	if _, sees := v.Plan.SeesPrivate(v.Me.ID); sees {
		streams = append(streams, true)
	}
	for _, private := range streams {
		err := s.Log(ctx, v, private, func(r plan.Record) error {
			if subjects[r.Actor] {
				a.Events++
			}
			for _, t := range r.Texts {
				if subjects[t.Subject] {
					a.Texts = append(a.Texts, AboutText{Stream: r.Stream, Seq: r.Seq, At: r.Time(), Kind: r.Kind, Value: t.Value})
				}
			}
			return nil
		})
		if err != nil {
			return View{}, About{}, err
		}
	}
	passes, err := s.directory.Passes(ctx, planID)
	if err != nil {
		return View{}, About{}, err
	}
	for _, p := range passes {
		if subjects[p.Person] {
			a.Links = append(a.Links, AboutLink{Kind: p.Kind, Created: p.Created, Expires: p.Expires, Revoked: p.Revoked})
		}
	}
	if a.Letters, err = s.letters.LettersTo(ctx, planID, v.Me.ID, mostLetters); err != nil {
		return View{}, About{}, err
	}
	if a.Mails, err = s.received.MailOf(ctx, planID, v.Plan.Subjects(v.Me.ID)); err != nil {
		return View{}, About{}, err
	}
	a.Ends, err = s.ends(ctx, v.Plan)
	return v, a, err
}

// mostLetters bounds how many mails are listed; older ones are deleted anyway.
const mostLetters = 1_000

// File is everything as data a person can take away (GDPR art. 15 and 20).
func (a About) File() any {
	type letter struct {
		Kind    LetterKind  `json:"kind"`
		Created time.Time   `json:"created"`
		State   LetterState `json:"state"`
	}
	type mail struct {
		Received time.Time `json:"received"`
		State    MailState `json:"state"`
		Original string    `json:"original,omitempty"`
	}
	out := struct {
		Format string       `json:"format"`
		Person *plan.Person `json:"person"`
		Name   string       `json:"name"`
		Email  string       `json:"email,omitempty"`
		Role   string       `json:"role,omitempty"`
		Texts  []AboutText  `json:"texts"`
		Events int          `json:"events"`
		Links  []AboutLink  `json:"links"`
		Sent   []letter     `json:"mailsSent"`
		Got    []mail       `json:"mailsReceived"`
		Ends   string       `json:"deletedFrom,omitempty"`
	}{Format: "tandem.about/1", Person: a.Person, Name: a.Person.Name.Value, Email: a.Person.Email.Value, Role: a.Person.Role.Value,
		Texts: a.Texts, Events: a.Events, Links: a.Links, Ends: a.Ends.String()}
	for _, l := range a.Letters {
		out.Sent = append(out.Sent, letter{l.Kind, l.Created, l.State})
	}
	for _, m := range a.Mails {
		out.Got = append(out.Got, mail{m.At, m.State, string(m.Raw)})
	}
	return out
}
