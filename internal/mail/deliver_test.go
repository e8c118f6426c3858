package mail_test

import (
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"tandem/internal/app"
	"tandem/internal/mail"
	"tandem/internal/plan"
)

// through makes a story send through a mail server.
func (s *story) through(k *sink) {
	post := mail.New(mail.Settings{Base: "https://plans.acme.example", From: "plans@acme.example", FromName: "Acme", Clock: func() time.Time { return s.now },
		Server: mail.Server{Addr: k.addr, Security: mail.Clear, Timeout: 5 * time.Second}})
	s.t.Cleanup(post.Close)
	s.real = post
}

// propose makes John Martinez ask the other side for something.
func (s *story) propose() plan.ID {
	s.t.Helper()
	id, it := s.NewID(), s.step(13)
	day := it.Terms.Due + 4
	s.do("john", plan.Propose{ID: id, Reason: "later", Changes: []plan.Wish{{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &day}}}})
	return id
}

// agreed is a story in which both sides have agreed and no mail waits.
func agreed(t *testing.T) *story {
	t.Helper()
	s := begin(t, "en")
	s.do("john", plan.AcceptPlan{Seen: s.plan().Shown()})
	s.do("ute", plan.AcceptPlan{Seen: s.plan().Shown()})
	s.until(may(4), 9) // a Thursday
	s.mails = nil
	return s
}

// state is what became of the one letter of a kind to somebody.
func (s *story) state(kind app.LetterKind, name string) app.LetterRow {
	s.t.Helper()
	all, err := s.store.LettersTo(s.t.Context(), s.id, s.named(name).ID, 1000)
	s.no(err)
	for _, l := range all { // newest first
		if l.Kind == kind {
			return l
		}
	}
	s.t.Fatalf("no letter of kind %s to %s", kind, name)
	return app.LetterRow{}
}

func to(k *sink, address string) int {
	n := 0
	for _, m := range k.mails() {
		if m.to == address {
			n++
		}
	}
	return n
}

func TestAMailIsTriedAgainUntilItIsTaken(t *testing.T) {
	t.Parallel()
	s, k := agreed(t), newSink(t, "none")
	s.through(k)
	asked := map[string]int{}
	k.rcpt = func(address string) error { // greylisting: not yet, come again
		if asked[address]++; asked[address] <= 3 {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
		}
		return nil
	}
	s.propose()
	s.until(may(4), 10)
	l := s.state(app.LetterProposal, "Dr. Ute Brandt")
	if to(k, ute) != 1 || l.State != app.LetterSent || l.Attempts != 4 {
		t.Errorf("%d mails, %+v; want one at the fourth attempt", to(k, ute), l)
	}
	// The pauses grew: a minute, two, four.
	if waited := l.Settled.Sub(l.NotBefore); waited < 7*time.Minute || waited > 8*time.Minute {
		t.Errorf("taken after %s, want after 1+2+4 minutes", waited)
	}
}

func TestAMailIsGivenUpAfterDays(t *testing.T) {
	t.Parallel()
	s, k := agreed(t), newSink(t, "none")
	s.through(k)
	k.rcpt = func(string) error {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "full"}
	}
	s.propose()
	s.until(may(12), 10)
	l := s.state(app.LetterProposal, "Dr. Ute Brandt")
	if l.State != app.LetterFailed || l.Attempts < 5 || l.Attempts > 60 {
		t.Errorf("%+v; want it given up after some attempts", l)
	}
}

func TestTheConnectionBreaksInTheMiddle(t *testing.T) {
	t.Parallel()
	s, k := agreed(t), newSink(t, "none")
	s.through(k)
	k.cut = true
	s.propose()
	s.until(may(4), 9)
	s.now = s.now.Add(3 * time.Minute)
	s.runTo(s.now)
	k.mu.Lock()
	k.cut = false
	k.mu.Unlock()
	s.until(may(4), 10)
	if l := s.state(app.LetterProposal, "Dr. Ute Brandt"); l.State != app.LetterSent || to(k, ute) != 1 || l.Attempts < 2 {
		t.Errorf("%d mails, %+v; want one", to(k, ute), l)
	}
}

func TestAnAddressThatDoesNotWork(t *testing.T) {
	t.Parallel()
	s, k := agreed(t), newSink(t, "none")
	s.through(k)
	k.rcpt = func(address string) error {
		if address == mara {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		return nil
	}
	s.propose()
	s.until(may(4), 10)
	if l := s.state(app.LetterProposal, "Mara Klein"); l.State != app.LetterBounced || l.Reason != "5.1.1" || l.Attempts != 1 {
		t.Errorf("%+v; want it bounced at the first attempt", l)
	}
	if l := s.state(app.LetterBounce, "Dr. Ute Brandt"); l.State != app.LetterSent {
		t.Errorf("%+v; want the lead told", l)
	}
	// No more to that address, until it is changed.
	tried := 0
	k.mu.Lock()
	k.rcpt = func(address string) error {
		if address == mara {
			tried++
		}
		return nil
	}
	k.mu.Unlock()
	s.propose()
	s.until(may(4), 12)
	if tried > 0 {
		t.Error("an address that does not work was tried again")
	}
	other, q := "m.klein@nordwerk.example", s.named("Mara Klein")
	s.do("sarah", plan.EditPerson{Person: q.ID, Version: q.Version, Email: &other})
	s.propose()
	s.until(may(4), 14)
	if to(k, other) == 0 {
		t.Error("the new address gets nothing")
	}
}

// A bounce that comes days later, by mail.
func TestALateBounce(t *testing.T) {
	t.Parallel()
	s, k := agreed(t), newSink(t, "none")
	s.through(k)
	s.propose()
	s.until(may(4), 10)
	l := s.state(app.LetterProposal, "Mara Klein")
	if l.State != app.LetterSent {
		t.Fatalf("%+v; want it sent", l)
	}
	s.no(s.Bounced(t.Context(), l.ID, false, "4.4.1 delayed"))
	if again := s.state(app.LetterProposal, "Mara Klein"); again.State != app.LetterSent {
		t.Errorf("delayed: %+v; want it sent", again)
	}
	s.no(s.Bounced(t.Context(), l.ID, true, "5.1.1 <mara.klein@nordwerk.example> unknown"))
	if again := s.state(app.LetterProposal, "Mara Klein"); again.State != app.LetterBounced || again.Reason != "5.1.1" {
		t.Errorf("%+v; want it bounced with the code alone", again)
	}
	s.until(may(4), 12)
	if l := s.state(app.LetterBounce, "Dr. Ute Brandt"); l.State != app.LetterSent {
		t.Errorf("%+v; want the lead told", l)
	}
	s.no(s.Bounced(t.Context(), "nothing", true, "5.1.1"))
}

// What is over when a mail would go out is not sent.
func TestNothingToSayAnyMore(t *testing.T) {
	t.Parallel()
	s, k := agreed(t), newSink(t, "none")
	s.through(k)
	id := s.propose()
	s.do("john", plan.Withdraw{ID: id}) // within two minutes
	s.until(may(4), 10)
	if l := s.state(app.LetterProposal, "Dr. Ute Brandt"); l.State != app.LetterGone || l.Reason != "nothing-to-say" || to(k, ute) != 0 {
		t.Errorf("withdrawn: %+v, %d mails", l, to(k, ute))
	}
	s.propose()
	s.do("john", plan.Suspend{Reason: "holidays", Review: may(30)})
	s.until(may(5), 16)
	if to(k, ute) != 0 {
		t.Error("a paused plan writes mails")
	}
}
