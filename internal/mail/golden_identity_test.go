package mail_test

import (
	"testing"

	"tandem/internal/app"
)

// The mails to members about their accounts, in both languages.
func TestGoldenIdentity(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"de", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := begin(t, lang)
			s.until(may(3), 10)
			s.mails = nil
			_, err := s.AskSignIn(t.Context(), app.Caller{Agent: "Firefox, Windows"}, john, lang)
			s.no(err)
			s.until(may(3), 11)
			s.golden("sign-in", s.only(app.LetterSignIn, john))
			_, err = s.AddColleague(t.Context(), s.who["john"], "Priya Natarajan", "priya@acme.example", lang, app.RoleSeller)
			s.no(err)
			s.until(may(3), 12)
			s.golden("welcome", s.only(app.LetterWelcome, "priya@acme.example"))
			l := app.Letter{ID: s.NewID(), Kind: app.LetterNewWay, Member: s.who["john"].Member.ID, Created: s.now}
			s.no(s.store.Commit(t.Context(), app.Change{Letters: []app.Letter{l}, Jobs: []app.Job{{Kind: app.JobDeliver, Key: string(l.ID), RunAt: s.now, Data: []byte(l.ID)}}}))
			s.until(may(3), 13)
			s.golden("new-way", s.only(app.LetterNewWay, john))
		})
	}
}
