package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/reply"
)

// JobHear does what a received mail says.
const JobHear = "hear"

// replyLife is how long after a letter an answer to it acts. A remark can be
// made on the page at any time.
const replyLife = 120 * 24 * time.Hour

// ErrNoMail says that what was received is no mail.
var ErrNoMail = errors.New("this is no mail")

// Arrival is a mail as it arrives at this server.
type Arrival struct {
	Raw []byte
	To  []string // receivers on the envelope; if it is not known, those of the head
	// Proof is how it was proven that the domain of its author sent it: "dkim",
	// "spf", "server" (a mail server we trust says so); empty: it was not.
	Proof string
}

// Receive keeps a mail that was sent to addresses of this server; what it says
// is done by a job. When it returns without error the mail is on disk. The
// same mail may come again, and by several ways.
//
// ErrNotFound: none of the receivers is here. ErrNoMail: it cannot be read.
func (s *Service) Receive(ctx context.Context, a Arrival) error {
	if s.inbox.Store == nil || s.inbox.Read == nil {
		return ErrNotFound
	}
	m, err := s.inbox.Read(a.Raw)
	if err != nil {
		return ErrNoMail
	}
	known := false
	for _, to := range a.To {
		at, err := s.ResolveAddress(ctx, to)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		r := Received{ID: s.NewID(), Key: mailKey(m, a.Raw, at), Purpose: at.Purpose, Plan: at.ID, Proof: a.Proof, Raw: a.Raw, At: s.clock()}
		if at.Purpose != ForPlan {
			l, err := s.letters.Letter(ctx, at.ID)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			r.Letter, r.Plan, r.Person = l.ID, l.Plan, cmp.Or(l.Person, l.Member)
		}
		known = true
		err = s.plans.Commit(ctx, Change{Kept: &r, Jobs: []Job{{Kind: JobHear, Key: JobHear + "/" + string(r.ID), RunAt: r.At, Data: []byte(r.ID)}}})
		if err != nil && !errors.Is(err, ErrStale) { // stale: it is here already
			return err
		}
	}
	if !known {
		return ErrNotFound
	}
	return nil
}

// mailKey is the same for the same message to the same address.
func mailKey(m Message, raw []byte, to Addressed) string {
	what := []byte("id:" + m.ID)
	if m.ID == "" {
		what = append([]byte("raw:"), raw...)
	}
	h := sha256.Sum256(what)
	return hex.EncodeToString(h[:]) + "/" + string(to.Purpose) + "/" + string(to.ID)
}

// CalendarMail is what came for a calendar: an answer to an invitation, or an
// invitation for the plan. Person is who sent it, if that was proven.
type CalendarMail struct {
	Plan   plan.ID
	Person plan.ID // empty: somebody who is not known to be on the plan
	From   string
	Proven bool // that From's domain sent it
	Parts  []CalendarPart
}

// hear does what a received mail says, once: what follows is stored together
// with that it was heard.
func (s *Service) hear(ctx context.Context, id plan.ID) error {
	r, err := s.inbox.Store.Mail(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && r.State != MailNew {
		return nil // erased, or heard
	}
	if err != nil {
		return err
	}
	m, err := s.inbox.Read(r.Raw)
	if err != nil {
		return s.heard(ctx, r, MailUseless, "unreadable")
	}
	switch r.Purpose {
	case ForBounce:
		return s.hearBounce(ctx, r, m)
	case ForPlan:
		return s.hearForPlan(ctx, r, m)
	case ForReply:
		return s.hearReply(ctx, r, m)
	}
	return s.heard(ctx, r, MailUseless, "purpose")
}

// heard stores what became of a mail that changes no plan.
func (s *Service) heard(ctx context.Context, r Received, state MailState, detail string, letters ...Letter) error {
	c := Change{Heard: &Heard{ID: r.ID, State: state, Detail: detail}}
	s.enclose(&c, letters)
	err := s.plans.Commit(ctx, c)
	if errors.Is(err, ErrStale) {
		return nil // heard by somebody else meanwhile
	}
	return err
}

func (s *Service) hearBounce(ctx context.Context, r Received, m Message) error {
	if m.Bounce == nil {
		return s.heard(ctx, r, MailAutomatic, string(reply.WrittenBy(m.Signs, m.Text)))
	}
	if err := s.Bounced(ctx, r.Letter, m.Bounce.Permanent, m.Bounce.Status+" "+m.Bounce.Reason); err != nil {
		return err
	}
	return s.heard(ctx, r, MailBounced, m.Bounce.Status)
}

func (s *Service) hearForPlan(ctx context.Context, r Received, m Message) error {
	if len(m.Calendar) == 0 {
		return s.heard(ctx, r, MailUseless, "no-invitation")
	}
	p, err := s.states.shared(ctx, r.Plan)
	if err != nil {
		return err
	}
	in := CalendarMail{Plan: r.Plan, From: m.From, Proven: r.Proof != "", Parts: m.Calendar}
	if in.Proven {
		in.Person = personOf(p, m.From)
	}
	if err := s.hearCalendar(ctx, in); err != nil {
		return err
	}
	return s.heard(ctx, r, MailCalendar, "")
}

// personOf is who has an address in a plan; empty if nobody, or several.
func personOf(p *plan.Plan, email string) plan.ID {
	found := plan.ID("")
	for _, q := range p.Everybody() {
		if sameAddress(q.Email.Value, email) {
			if found != "" {
				return ""
			}
			found = q.ID
		}
	}
	return found
}

// sameAddress compares addresses as people use them: regardless of case.
func sameAddress(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}

// question is the letter that an answer is about in the end, and when its
// reader last was shown what it is about: an answer to "we did not understand
// you" is one to what was asked before that.
type question struct {
	Letter
	shown time.Time
	depth int // how many times we told them so
}

func (s *Service) question(ctx context.Context, r Received) (question, error) {
	var q question
	id := r.Letter
	for {
		l, err := s.letters.Letter(ctx, id)
		if err != nil {
			return q, err
		}
		if q.shown.IsZero() {
			if q.shown = l.Settled; q.shown.IsZero() {
				q.shown = l.Created
			}
		}
		q.Letter = l.Letter
		if !told(l.Kind) || q.depth >= maxTold {
			return q, nil
		}
		before, err := s.inbox.Store.Mail(ctx, l.ID)
		if err != nil {
			return q, err
		}
		q.depth++
		id = before.Letter
	}
}

func (s *Service) hearReply(ctx context.Context, r Received, m Message) error {
	w := reply.Strip(m.Text)
	writer := reply.WrittenBy(m.Signs, w.Text)
	if m.Bounce != nil {
		return s.hearBounce(ctx, r, m)
	}
	if writer != reply.Human && len(m.Calendar) == 0 {
		return s.heard(ctx, r, MailAutomatic, string(writer))
	}
	q, err := s.question(ctx, r)
	if errors.Is(err, ErrNotFound) || err == nil && q.Plan == "" {
		return s.heard(ctx, r, MailUseless, "no-question")
	}
	if err != nil {
		return err
	}
	p, err := s.states.shared(ctx, q.Plan)
	if err != nil {
		return err
	}
	me := p.Person(r.Person)
	off, err := s.lockedOut(ctx, r.Person)
	switch {
	case err != nil:
		return err
	case me == nil || me.Left || me.Erased() || off:
		return s.heard(ctx, r, MailUseless, "gone")
	case r.Proof == "" || !sameAddress(m.From, me.Email.Value):
		return s.heard(ctx, r, MailUnverified, "", Letter{ID: r.ID, Kind: LetterUnverified, Plan: p.ID, Person: me.ID, Item: q.Item,
			Key: "unverified/" + string(q.ID)})
	}
	if len(m.Calendar) > 0 {
		in := CalendarMail{Plan: p.ID, Person: me.ID, From: m.From, Proven: true, Parts: m.Calendar}
		if err := s.hearCalendar(ctx, in); err != nil {
			return err
		}
		return s.heard(ctx, r, MailCalendar, "")
	}
	if writer != reply.Human {
		return s.heard(ctx, r, MailAutomatic, string(writer))
	}
	return s.answer(ctx, answer{Received: r, question: q, me: me.ID, written: w, files: m.Files, late: s.clock().Sub(q.Created) > replyLife})
}
