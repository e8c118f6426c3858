package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
)

// JobDeliver sends a letter.
const JobDeliver = "deliver"

// patienceWithMail is how long a mail is tried before it is given up.
const patienceWithMail = 3 * 24 * time.Hour

// Mailer writes a mail in its reader's language and hands it to the next mail
// server.
//
// A *MailRefusal is that server's last word on this mail; any other error is
// of the moment, and the mail is tried again. Neither holds addresses or words.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// MailRefusal is a mail server's no for good.
type MailRefusal struct {
	Code    string // enhanced status code, e.g. "5.1.1", or the reply code
	Address bool   // it is the address that does not work, not this one mail
}

func (r *MailRefusal) Error() string { return "mail refused for good: " + r.Code }

// MailOn reports whether this server sends mail at all.
func (s *Service) MailOn() bool { return s.mailer != nil }

// deliverJob is the job that sends a letter, due at its time.
func deliverJob(l Letter, at time.Time) Job {
	return Job{Kind: JobDeliver, Key: JobDeliver + "/" + string(l.ID), RunAt: at, Data: []byte(l.ID)}
}

// enclose puts letters and the jobs that send them into a change. Without mail
// there are none: nothing waits for ever.
func (s *Service) enclose(c *Change, letters []Letter) {
	if !s.MailOn() {
		return
	}
	now := s.clock()
	for _, l := range letters {
		if l.ID == "" {
			l.ID = s.NewID()
		}
		l.Created = now
		at := l.NotBefore
		if at.Before(now) {
			at = now
		}
		c.Letters = append(c.Letters, l)
		c.Jobs = append(c.Jobs, deliverJob(l, at))
	}
}

// post stores letters that come from no change of a plan, in one transaction
// with the jobs that send them.
func (s *Service) post(ctx context.Context, letters ...Letter) error {
	var c Change
	s.enclose(&c, letters)
	if len(c.Letters) == 0 {
		return nil
	}
	return s.plans.Commit(ctx, c)
}

// deliver does JobDeliver. It may be done twice; what is settled stays so. If
// this machine dies after the next mail server took the mail and before that
// is stored, the mail is handed over once more, under the same Message-ID, by
// which receiving systems drop the second.
func (s *Service) deliver(ctx context.Context, id plan.ID) error {
	l, err := s.letters.Letter(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil // dropped: there was one of the same key before it
	}
	if err != nil || l.State != LetterQueued {
		return err
	}
	if !s.MailOn() {
		return s.settle(ctx, l, LetterGone, "mail-off")
	}
	now := s.clock()
	if l.NotBefore.After(now) {
		return Again{At: l.NotBefore}
	}
	d, err := s.delivery(ctx, l)
	switch {
	case err != nil:
		return err
	case d.never != "":
		return s.settle(ctx, l, LetterGone, d.never)
	case d.notBefore.After(now):
		return Again{At: d.notBefore}
	}
	compose := s.composers[l.Kind]
	if compose == nil {
		return fmt.Errorf("nobody writes letters of kind %q", l.Kind)
	}
	if began, err := s.letters.BeginLetter(ctx, l.ID); err != nil || !began {
		return err // it became a part of another one meanwhile
	}
	m, err := compose(ctx, l.Letter)
	if errors.Is(err, errNothingToSay) {
		return s.settle(ctx, l, LetterGone, "nothing-to-say")
	}
	if err != nil {
		return fmt.Errorf("compose a letter of kind %s: %w", l.Kind, err)
	}
	return s.send(ctx, l, d, m)
}

func (s *Service) settle(ctx context.Context, l LetterRow, state LetterState, reason string) error {
	return s.letters.Settle(ctx, l.ID, state, s.clock(), reason)
}

// send hands a composed mail over and says what became of it.
func (s *Service) send(ctx context.Context, l LetterRow, d delivery, m Mail) error {
	m.Letter, m.Kind = l.ID, l.Kind
	if m.To.Email == "" {
		return s.settle(ctx, l, LetterGone, "no-address")
	}
	bounced, err := s.bounced(ctx, m.To.Email)
	if err != nil {
		return err
	}
	if bounced {
		return s.settle(ctx, l, LetterBounced, "known-bounce")
	}
	m, wanted, err := s.firstMail(ctx, l, m)
	if err != nil {
		return err
	}
	if !wanted {
		return s.settle(ctx, l, LetterGone, "not-them")
	}
	m.Optional = manners[l.Kind].optional
	if err := s.addAddresses(ctx, &m, l); err != nil {
		return err
	}
	if err := s.addSettings(ctx, &m, l); err != nil {
		return err
	}
	err = s.mailer.Send(ctx, m)
	var no *MailRefusal
	switch {
	case err == nil:
		return s.settle(ctx, l, LetterSent, "")
	case errors.As(err, &no):
		return s.refused(ctx, l, m.To.Email, *no)
	case s.clock().Sub(d.since) > patienceWithMail:
		return s.settle(ctx, l, LetterFailed, "no-server")
	}
	slog.WarnContext(ctx, "mail not taken yet", "letter", l.ID, "attempt", l.Attempts+1, "error", err)
	return Again{At: s.clock().Add(backoff(l.Attempts))}
}

// backoff is how long to wait after so many attempts before: a minute, two,
// four, … at most four hours.
func backoff(attempts int) time.Duration {
	return min(time.Minute<<min(attempts, 8), 4*time.Hour)
}

// addAddresses says where answers and bounces go, if this server reads any.
func (s *Service) addAddresses(ctx context.Context, m *Mail, l LetterRow) (err error) {
	if m.Thread == "" {
		m.Thread = cmp.Or(l.Item, l.Plan)
	}
	if m.Replies {
		if m.ReplyTo, err = s.ReplyAddress(ctx, l.ID); err != nil {
			return err
		}
		m.Replies = m.ReplyTo != ""
		if m.Replies && m.ReplyHint.Key != "" {
			m.After = append(m.After, m.ReplyHint)
		}
	}
	m.BounceTo, err = s.BounceAddress(ctx, l.ID)
	return err
}

func (s *Service) refused(ctx context.Context, l LetterRow, email string, no MailRefusal) error {
	if no.Address {
		if err := s.letters.SaveBounce(ctx, DeadAddress{Address: AddressHash(email), Letter: l.ID, At: s.clock(), Reason: no.Code}); err != nil {
			return err
		}
	}
	if err := s.settle(ctx, l, LetterBounced, no.Code); err != nil {
		return err
	}
	if l.Plan == "" {
		return nil
	}
	if s.publisher != nil {
		s.publisher.Publish(l.Plan, "") // the lead's page shows it
	}
	if p, err := s.states.shared(ctx, l.Plan); no.Address && err == nil {
		return s.post(ctx, bounceLetters(p, p.Person(l.Person))...)
	}
	return nil
}

// Bounced is told by what reads the bounces that come by mail. Permanent: the
// address does not take mail; it is not written to again until it is changed
// or somebody says it is right. What is not permanent is only noted.
func (s *Service) Bounced(ctx context.Context, letterID plan.ID, permanent bool, reason string) error {
	l, err := s.letters.Letter(ctx, letterID)
	if errors.Is(err, ErrNotFound) || err == nil && !permanent {
		return nil
	}
	if err != nil {
		return err
	}
	email, err := s.addressOf(ctx, l.Letter)
	if err != nil || email == "" {
		return err
	}
	return s.refused(ctx, l, email, MailRefusal{Code: statusCode(reason), Address: true})
}

// statusCode keeps of a reason what is surely a code: a bounce's text may hold
// anything.
func statusCode(reason string) string {
	code, _, _ := strings.Cut(strings.TrimSpace(reason), " ")
	if len(code) > 12 || strings.Trim(code, "0123456789.") != "" {
		return ""
	}
	return code
}

// addressOf is where a letter to a person or member goes now.
func (s *Service) addressOf(ctx context.Context, l Letter) (string, error) {
	switch {
	case l.Plan != "" && l.Person != "":
		p, err := s.states.shared(ctx, l.Plan)
		if err != nil {
			return "", err
		}
		if q := p.Person(l.Person); q != nil {
			return q.Email.Value, nil
		}
	case l.Member != "":
		m, err := s.directory.Member(ctx, l.Member)
		if err == nil || errors.Is(err, ErrNotFound) {
			return m.Email, nil
		}
		return "", err
	}
	return "", nil
}

// AddressHash is how an address that does not work is remembered.
func AddressHash(email string) []byte {
	h := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	return h[:]
}

func (s *Service) bounced(ctx context.Context, email string) (bool, error) {
	_, err := s.letters.BounceOf(ctx, AddressHash(email))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// delivery is what is found about a letter before it is written.
type delivery struct {
	never     string // why it is not sent at all
	notBefore time.Time
	since     time.Time // since when it could have been sent
}

// delivery finds out whether a letter may be sent, and when: rule 12, what its
// reader wants, and their hours.
func (s *Service) delivery(ctx context.Context, l LetterRow) (delivery, error) {
	d := delivery{since: l.Created}
	if l.NotBefore.After(d.since) {
		d.since = l.NotBefore
	}
	for _, id := range []plan.ID{l.Person, l.Member} {
		if off, err := s.lockedOut(ctx, id); err != nil || off {
			d.never = "locked-out"
			return d, err
		}
	}
	how := manners[l.Kind]
	if how.asked {
		return d, nil
	}
	reader := l.Person
	if reader == "" {
		reader = l.Member
	}
	if reader != "" {
		off, err := s.letters.MailOff(ctx, reader)
		if err != nil {
			return d, err
		}
		if slices.Contains(off, AllMail) || how.optional && slices.Contains(off, l.Kind.sameSwitch()) {
			d.never = "not-wanted"
			return d, nil
		}
	}
	if l.Plan == "" || l.Person == "" {
		return d, nil
	}
	p, err := s.states.shared(ctx, l.Plan)
	if err != nil {
		return d, err
	}
	q := p.Person(l.Person)
	switch {
	case how.ends && q != nil && !q.Erased(): // its composer knows that there was a beginning
	case !p.Mailable(q):
		d.never = "not-mailable"
		return d, nil
	case q.Access == plan.None && l.Kind != LetterInvitation:
		d.never = "not-let-in" // no link would let them in
		return d, nil
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return d, err
	}
	if wait, err := s.afterOthers(ctx, l); err != nil || wait {
		d.notBefore = s.clock().Add(afterOthers)
		return d, err
	}
	h := officeHours(p, q, w.zone())
	at, ok := h.next(s.clock())
	switch {
	case !ok:
		d.never = "away"
	case at.After(s.clock()):
		d.notBefore = at
	}
	if at, ok := h.next(d.since); ok {
		d.since = at
	}
	return d, nil
}

// afterOthers is how long a mail waits for one that goes before it.
const afterOthers = 10 * time.Minute

// afterOthers reports that another mail to the same reader goes first: their
// first mail, which says who named them and what is stored (rule 12), before
// all others; and the week's before what it takes in.
func (s *Service) afterOthers(ctx context.Context, l LetterRow) (bool, error) {
	if l.Kind == LetterInvitation {
		return false, nil
	}
	partOfWeek := l.Kind == LetterRemind || l.Kind == LetterOverdue || l.Kind == LetterOwnerAsk
	all, err := s.letters.LettersTo(ctx, l.Plan, l.Person, 100)
	soon := s.clock().Add(afterOthers)
	return slices.ContainsFunc(all, func(x LetterRow) bool {
		return x.State == LetterQueued && (x.Kind == LetterInvitation || partOfWeek && x.Kind == LetterWeek && x.NotBefore.Before(soon))
	}), err
}
