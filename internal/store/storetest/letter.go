package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func letter(id, person, key string) app.Letter {
	return app.Letter{ID: plan.ID(id), Kind: app.LetterRemind, Plan: "p1", Person: plan.ID(person), Ref: "", Item: "i1", Key: key,
		NotBefore: noon.Add(time.Hour), Created: noon}
}

func lettersOnce(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	want := app.LetterRow{Letter: app.Letter{ID: "l0", Kind: app.LetterProposal, Plan: "p1", Person: "u1", Member: "m1", Ref: "r1", Item: "i1",
		Key: "k", NotBefore: noon.Add(time.Hour), Created: noon}, State: app.LetterQueued}
	commit(t, s, app.Change{Letters: []app.Letter{want.Letter}, Jobs: []app.Job{{Kind: "deliver", Key: "l0", RunAt: noon}}})
	if got, err := s.Letter(ctx, "l0"); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("letter %+v, %v; want %+v", got, err, want)
	}
	if _, err := s.Letter(ctx, "unknown"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("an unknown letter: %v, want ErrNotFound", err)
	}

	// A stale change stores no letter.
	stale := add("p9/shared", 1, 1)
	stale.Letters = []app.Letter{letter("stale", "u1", "")}
	if err := s.Commit(ctx, stale); !errors.Is(err, app.ErrStale) {
		t.Errorf("stale: %v", err)
	}
	if _, err := s.Letter(ctx, "stale"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("the letter of a stale change: %v, want ErrNotFound", err)
	}

	// One key, one reader, one letter: whoever comes second is dropped without
	// a word, also in a race, also long after the first was sent.
	var race sync.WaitGroup
	for n := range 16 {
		race.Go(func() {
			if err := s.Commit(context.Background(), app.Change{Letters: []app.Letter{letter(fmt.Sprint("r", n), "u2", "remind/i1/2028-05-23")}}); err != nil {
				t.Error(err)
			}
		})
	}
	race.Wait()
	got, err := s.LettersTo(ctx, "p1", "u2", 100)
	check(t, err)
	if len(got) != 1 {
		t.Fatalf("%d letters of one key to one reader, want 1", len(got))
	}
	check(t, s.Settle(ctx, got[0].ID, app.LetterSent, noon, ""))
	commit(t, s, app.Change{Letters: []app.Letter{letter("later", "u2", "remind/i1/2028-05-23")}})
	if _, err := s.Letter(ctx, "later"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("the second of a key after the first was sent: %v, want ErrNotFound", err)
	}
	// Another reader, another key, and no key at all are letters of their own.
	commit(t, s, app.Change{Letters: []app.Letter{letter("a", "u3", "remind/i1/2028-05-23"), letter("b", "u3", "other"), letter("c", "u3", ""), letter("d", "u3", "")}})
	got, err = s.LettersTo(ctx, "p1", "u3", 3)
	check(t, err)
	if len(got) != 3 || got[0].ID != "d" || got[2].ID != "b" {
		t.Errorf("letters to u3: %+v, want d, c, b", got)
	}
}

func lettersSettled(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	for n, id := range []string{"l1", "l2", "l3"} {
		l := letter(id, "u1", "")
		l.Created = noon.Add(time.Duration(n) * time.Minute)
		commit(t, s, app.Change{Letters: []app.Letter{l}})
	}
	commit(t, s, app.Change{Letters: []app.Letter{{ID: "m", Kind: app.LetterSignIn, Member: "m1", Created: noon}}})
	for range 2 {
		if ok, err := s.BeginLetter(ctx, "l2"); err != nil || !ok {
			t.Errorf("begin a queued letter: %v, %v", ok, err)
		}
	}
	check(t, s.Settle(ctx, "l2", app.LetterBounced, noon.Add(time.Hour), "5.1.1"))
	got, err := s.Letter(ctx, "l2")
	check(t, err)
	if got.State != app.LetterBounced || got.Attempts != 2 || !got.Settled.Equal(noon.Add(time.Hour)) || got.Reason != "5.1.1" {
		t.Errorf("settled: %+v", got)
	}
	if who, err := s.BouncedIn(ctx, "p1"); err != nil || !slices.Equal(who, []plan.ID{"u1"}) {
		t.Errorf("bounced in the plan: %v, %v; want u1", who, err)
	}
	if ok, err := s.BeginLetter(ctx, "l2"); err != nil || ok {
		t.Errorf("begin a settled letter: %v, %v; want no", ok, err)
	}
	queued, err := s.LettersIn(ctx, app.LetterQueued, noon.Add(2*time.Minute), 10)
	check(t, err)
	if len(queued) != 2 || !slices.ContainsFunc(queued, func(l app.LetterRow) bool { return l.ID == "l1" }) {
		t.Errorf("queued before the third: %+v, want l1 and m", queued)
	}
	if mine, err := s.LettersTo(ctx, "", "m1", 10); err != nil || len(mine) != 1 || mine[0].ID != "m" {
		t.Errorf("letters to the member: %+v, %v", mine, err)
	}
	check(t, s.SaveMailToken(ctx, app.MailToken{Hash: []byte("old"), Letter: "l2", Reader: "u1", Created: noon}))
	check(t, s.ForgetLetters(ctx, noon.Add(time.Hour)))
	if _, err := s.Letter(ctx, "l2"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("an old letter that was settled: %v, want ErrNotFound", err)
	}
	if _, err := s.MailToken(ctx, []byte("old")); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("an old link to mail settings: %v, want ErrNotFound", err)
	}
	if _, err := s.Letter(ctx, "l1"); err != nil {
		t.Errorf("an old letter that still waits: %v", err)
	}
}

func lettersTakenIn(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	of := func(id, person string, kind app.LetterKind) app.Letter {
		l := letter(id, person, "")
		l.Kind = kind
		return l
	}
	commit(t, s, app.Change{Letters: []app.Letter{of("into", "u1", app.LetterRemind), of("same", "u1", app.LetterRemind), of("begun", "u1", app.LetterRemind),
		of("other-kind", "u1", app.LetterProposal), of("other-person", "u2", app.LetterRemind)}})
	if _, err := s.BeginLetter(ctx, "begun"); err != nil {
		t.Fatal(err)
	}
	into, err := s.Letter(ctx, "into")
	check(t, err)
	for range 2 { // a mail that is tried again takes in the same
		got, err := s.TakeIn(ctx, into, []app.LetterKind{app.LetterRemind, app.LetterOverdue}, noon)
		check(t, err)
		if len(got) != 1 || got[0].ID != "same" || got[0].State != app.LetterGone {
			t.Errorf("taken in: %+v, want same alone", got)
		}
	}
	if ok, err := s.BeginLetter(ctx, "same"); err != nil || ok {
		t.Errorf("begin what was taken in: %v, %v; want no", ok, err)
	}
	for _, id := range []plan.ID{"into", "begun", "other-kind", "other-person"} {
		if l, err := s.Letter(ctx, id); err != nil || l.State != app.LetterQueued {
			t.Errorf("%s: %+v, %v; want it queued", id, l, err)
		}
	}
}

func mailWanted(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	want := func(reader plan.ID, kinds ...app.LetterKind) {
		t.Helper()
		if got, err := s.MailOff(ctx, reader); err != nil || !slices.Equal(got, kinds) {
			t.Errorf("%s wants none of %v, %v; want %v", reader, got, err, kinds)
		}
	}
	want("u1")
	check(t, s.SetMailOff(ctx, "u1", app.LetterWeek, true, noon))
	check(t, s.SetMailOff(ctx, "u1", app.LetterWeek, true, noon))
	check(t, s.SetMailOff(ctx, "u1", app.AllMail, true, noon))
	check(t, s.SetMailOff(ctx, "u2", app.LetterDigest, true, noon))
	want("u1", app.AllMail, app.LetterWeek)
	check(t, s.SetMailOff(ctx, "u1", app.AllMail, false, noon))
	check(t, s.SetMailOff(ctx, "u1", app.LetterDigest, false, noon))
	want("u1", app.LetterWeek)
	want("u2", app.LetterDigest)

	token := app.MailToken{Hash: []byte("\x00\xffh"), Letter: "l1", Reader: "u1", Plan: "p1", Kind: app.LetterWeek, Created: noon}
	check(t, s.SaveMailToken(ctx, token))
	if got, err := s.MailToken(ctx, token.Hash); err != nil || cmp.Diff(token, got) != "" {
		t.Errorf("token %+v, %v; want %+v", got, err, token)
	}
	if _, err := s.MailToken(ctx, []byte("unknown")); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("an unknown token: %v, want ErrNotFound", err)
	}
}

func bounces(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	hash := app.AddressHash("Nobody@Nordwerk.example ")
	if _, err := s.BounceOf(ctx, hash); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("an address nothing is known of: %v, want ErrNotFound", err)
	}
	check(t, s.SaveBounce(ctx, app.DeadAddress{Address: hash, Letter: "l1", At: noon, Reason: "5.1.1"}))
	again := app.DeadAddress{Address: hash, Letter: "l2", At: noon.Add(time.Hour), Reason: "5.2.1"}
	check(t, s.SaveBounce(ctx, again))
	if got, err := s.BounceOf(ctx, app.AddressHash("nobody@nordwerk.example")); err != nil || cmp.Diff(again, got) != "" {
		t.Errorf("bounce %+v, %v; want %+v", got, err, again)
	}
	check(t, s.ForgetBounce(ctx, hash))
	if _, err := s.BounceOf(ctx, hash); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a forgotten bounce: %v, want ErrNotFound", err)
	}
}
