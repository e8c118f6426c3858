package app

import (
	"context"
	"time"

	"tandem/internal/plan"
)

// About is everything a plan's server keeps about one person of it.
type About struct {
	Person  *plan.Person
	Texts   []AboutText // their name, contact and words, each with the event it lies beside
	Links   []AboutLink // links they were given
	Events  int         // events of which they are the actor; ids, no words
	Letters []AboutLetter
	Mails   []AboutMail
	Browser time.Time // when this browser was let in
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

// AboutLetter is a mail the server sent or is about to send.
type AboutLetter struct {
	Kind    LetterKind `json:"kind"`
	Created time.Time  `json:"created"`
	Sent    time.Time  `json:"sent,omitzero"`
	State   string     `json:"state"`
}

// AboutMail is a mail the server received from a person.
type AboutMail struct {
	Received time.Time `json:"received"`
	Raw      []byte    `json:"raw"`
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
	return v, a, nil
}
