package mail_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/mail"
	"tandem/internal/plan"
	"tandem/internal/reply"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	john = "john.martinez@acme.example"
	ute  = "ute.brandt@nordwerk.example"
	mara = "mara.klein@nordwerk.example"
)

// TestGolden plays a plan and shows every kind of mail in both languages, as
// text and as HTML. `go test ./internal/mail -run Golden -update` writes them
// anew; test/browser/mails.test.mjs draws them.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"de", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := begin(t, lang)
			s.play()
		})
	}
}

func may(d int) civil.Day { return civil.Of(2028, time.May, d) }

func (s *story) play() {
	say := map[string][]string{
		"de": {"Die Rechtsabteilung braucht drei Tage mehr, weil zwei Ausschreibungen laufen.", "Der 30. Mai liegt schon in den Betriebsferien.",
			"Uns fehlen die Lieferantendaten aus SAP.", "Musterrechnung für das Werk Kassel prüfen", "Freigabe der Musterrechnung"},
		"en": {"Legal needs three more days, because two tenders are running.", "30 May is already within the plant holidays.",
			"We lack the supplier data from SAP.", "Check the sample invoice for the Kassel plant", "Approve the sample invoice"},
	}[s.lang]
	s.until(may(3), 10) // Wednesday
	s.golden("invitation", s.only(app.LetterInvitation, ute))
	s.golden("owner-ask-many", s.only(app.LetterOwnerAsk, mara))

	// Both sides agree.
	s.do("john", plan.AcceptPlan{Seen: s.plan().Shown()})
	s.until(may(3), 12)
	s.golden("to-accept", s.only(app.LetterToAccept, ute))
	s.golden("receipt-yours", s.only(app.LetterReceipt, john))
	s.mails = nil
	s.do("ute", plan.AcceptPlan{Seen: s.plan().Shown()})
	s.until(may(4), 10)
	s.golden("receipt-agreed", s.only(app.LetterReceipt, ute))

	// A new step for Ute Brandt, and two proposals.
	title, done, party, due, owner := say[3], say[4], plan.ByBuyer, may(12), s.named("Dr. Ute Brandt").ID
	s.mails = nil
	s.do("john", plan.Add{ID: s.NewID(), Kind: plan.KindAction, Terms: plan.Patch{Title: &title, DoneWhen: &done, Party: &party, BuyerOwner: &owner, Due: &due}})
	s.until(may(4), 13)
	s.golden("owner-ask", s.only(app.LetterOwnerAsk, ute))

	a11, a13 := s.step(11), s.step(13)
	later := func(it *plan.Item, days int) plan.Wish {
		day := it.Terms.Due + civil.Day(days)
		return plan.Wish{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &day}}
	}
	first, second := s.NewID(), s.NewID()
	s.do("john", plan.Propose{ID: first, Reason: say[0], Changes: []plan.Wish{later(a11, 4), later(a13, 4)}})
	s.until(may(4), 14)
	s.golden("proposal", s.only(app.LetterProposal, ute))
	s.mails = nil
	s.do("ute", plan.Decline{ID: first, Reason: say[1]})
	s.do("ute", plan.Propose{ID: second, Reason: say[0], Changes: []plan.Wish{later(a13, 1)}})
	s.until(may(5), 9)
	s.golden("answer-declined", s.only(app.LetterAnswer, john))
	s.golden("proposal-one", s.only(app.LetterProposal, john))
	s.mails = nil
	s.do("john", plan.Accept{ID: second, Digest: s.plan().Proposals[second].Digest()})
	s.until(may(5), 10)
	s.golden("receipt-revision", s.only(app.LetterReceipt, ute))

	// Something is stuck and waits for the other side.
	a8 := s.step(8)
	s.do("john", plan.Hinder{Item: a8.ID, Version: a8.Version, Because: say[2], Waits: plan.Buyer, Person: s.named("Mara Klein").ID, Since: may(5)})
	s.until(may(5), 11)
	s.golden("blocked", s.only(app.LetterBlocked, mara))
	s.golden("digest", s.only(app.LetterDigest, ute))

	// The week of Ute Brandt begins; then a reminder, and what was not done.
	s.mails = nil
	s.until(may(8), 10)
	s.golden("week", s.only(app.LetterWeek, ute))
	s.mails = nil
	for day := may(9); day <= may(16); day++ {
		s.until(day, 16)
	}
	s.golden("remind", s.first(app.LetterRemind, ute))
	s.golden("overdue", s.first(app.LetterOverdue, ute))

	// A colleague's address does not work.
	nobody := "nobody@nordwerk.example"
	q := s.named("Mara Klein")
	s.do("sarah", plan.EditPerson{Person: q.ID, Version: q.Version, Email: &nobody})
	s.mails = nil
	s.until(may(24), 16)
	s.golden("bounce", s.only(app.LetterBounce, ute))
}

// first is the first mail of a kind to somebody since the last look.
func (s *story) first(kind app.LetterKind, email string) app.Mail {
	s.t.Helper()
	for _, m := range s.mails {
		if m.Kind == kind && m.To.Email == email {
			return m
		}
	}
	return s.only(kind, email)
}

var hrefs = regexp.MustCompile(`(?:href|src|background)="([^"]*)"`)

// golden compares a mail in words with its files, and checks what holds of all.
func (s *story) golden(name string, m app.Mail) {
	s.t.Helper()
	m.To.Language = s.lang
	p := mail.New(mail.Settings{Base: "https://plans.acme.example", From: "plans@acme.example", FromName: "Acme Cloud", Clock: func() time.Time { return s.now }})
	w := p.Write(m)
	if n := utf8.RuneCountInString(w.Subject); n > 70 || n == 0 {
		s.t.Errorf("%s: a subject of %d characters: %s", name, n, w.Subject)
	}
	for line := range strings.SplitSeq(w.Text, "\n") {
		if n := utf8.RuneCountInString(line); n > 72 && !strings.HasPrefix(line, "https://") && !strings.Contains(line, ":") {
			s.t.Errorf("%s: a line of %d characters: %s", name, n, line)
		}
	}
	for _, text := range []string{w.Text, w.HTML, w.Subject} {
		for _, wrong := range []string{"{{", "<no value>", "letter.", "mail.sign", "mail.why", "%!", "<nil>", "ZgotmplZ", "0001"} {
			if strings.Contains(text, wrong) && !strings.Contains(text, "letter.example") {
				s.t.Errorf("%s holds %q", name, wrong)
			}
		}
	}
	for _, h := range hrefs.FindAllStringSubmatch(w.HTML, -1) {
		if !strings.HasPrefix(h[1], "https://plans.acme.example/") {
			s.t.Errorf("%s leads to %s: nothing is loaded from, and nothing leads to, another place", name, h[1])
		}
	}
	if strings.Contains(w.HTML, "<img") || strings.Contains(w.HTML, "url(") {
		s.t.Errorf("%s holds a picture", name)
	}
	if got := reply.Strip("Ja.\n\n" + quoted(w.Text)); m.Replies && got.Text != "Ja." {
		s.t.Errorf("%s: an answer above it reads %q", name, got.Text)
	}
	s.compare(name+"."+s.lang+".txt", w.Subject+"\n\n"+w.Text)
	s.compare(name+"."+s.lang+".html", w.HTML)
}

// settled puts names in the place of what differs from run to run.
func settled(text string) string {
	for _, x := range []struct {
		what *regexp.Regexp
		name string
	}{
		{regexp.MustCompile(`(/me|/mail|/in|/door|/not-me|/join)/[\w-]{43}`), "$1/SECRET"},
		{regexp.MustCompile(`[0-9]+:[0-9a-f]{64}`), "SEQUENCE:HASH"},
		{regexp.MustCompile(`\b[0-9a-f]{24}\b`), "ID"},
		{regexp.MustCompile(`\b[0-9]{8}\b`), "CODE"},
	} {
		text = x.what.ReplaceAllString(text, x.name)
	}
	return text
}

func quoted(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n> ")
}

func (s *story) compare(name, got string) {
	s.t.Helper()
	got = settled(got)
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
