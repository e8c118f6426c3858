package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func mail(id, key, proof string) app.Received {
	return app.Received{ID: plan.ID(id), Key: key, Purpose: app.ForReply, Letter: "letter", Plan: "plan", Person: "ute",
		Proof: proof, Raw: []byte("Subject: x\r\n\r\nerledigt " + id), At: noon}
}

func keepMail(t testing.TB, s Store, m app.Received) bool {
	t.Helper()
	err := s.Commit(t.Context(), app.Change{Kept: &m, Jobs: []app.Job{{Kind: "hear", Key: "hear/" + string(m.ID), RunAt: noon, Data: []byte(m.ID)}}})
	if errors.Is(err, app.ErrStale) {
		return false
	}
	check(t, err)
	return true
}

func mailKeptOnce(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		if !keepMail(t, s, mail("a", "one", "dkim")) {
			t.Fatal("the first one was not kept")
		}
		if keepMail(t, s, mail("b", "one", "dkim")) || keepMail(t, s, mail("c", "one", "")) {
			t.Error("the same mail was kept twice")
		}
		got, err := s.Mail(t.Context(), "a")
		check(t, err)
		if want := mail("a", "one", "dkim"); !bytes.Equal(got.Raw, want.Raw) || got.Proof != "dkim" || got.State != app.MailNew || !got.At.Equal(noon) || got.Person != "ute" || got.Purpose != app.ForReply {
			t.Errorf("got %+v", got)
		}
		if _, err := s.Mail(t.Context(), "b"); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("the second one: %v, want not found", err)
		}
		wantKeys(t, workedOff(t, s, noon), "hear/a")
	})
}

func mailWithProofComesLater(t *testing.T, db Database) {
	s := db.Open(t)
	keepMail(t, s, mail("a", "one", ""))
	if keepMail(t, s, mail("b", "one", "")) {
		t.Error("without a proof it was kept twice")
	}
	check(t, s.Commit(t.Context(), app.Change{Heard: &app.Heard{ID: "a", State: app.MailUnverified}}))
	if !keepMail(t, s, mail("c", "one", "spf")) {
		t.Error("a forged mail keeps out the true one")
	}
	got, err := s.Mail(t.Context(), "c")
	check(t, err)
	if got.State != app.MailNew || got.Proof != "spf" {
		t.Errorf("got %s with proof %q, want a new one with spf", got.State, got.Proof)
	}
	check(t, s.Commit(t.Context(), app.Change{Heard: &app.Heard{ID: "c", State: app.MailActed}}))
	if keepMail(t, s, mail("d", "one", "dkim")) {
		t.Error("what has acted came in again")
	}
}

func mailHeardOnce(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		keepMail(t, s, mail("a", "one", "dkim"))
		var acted atomic.Int32
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				err := s.Commit(t.Context(), app.Change{Heard: &app.Heard{ID: "a", State: app.MailActed, Seq: int64(n)},
					Jobs: []app.Job{{Kind: "note", Key: fmt.Sprint("act", n), RunAt: noon.Add(-time.Hour)}}})
				switch {
				case err == nil:
					acted.Add(1)
				case !errors.Is(err, app.ErrStale):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := acted.Load(); n != 1 {
			t.Errorf("acted %d times, want once", n)
		}
		if h := workedOff(t, s, noon.Add(-time.Minute)); len(h.attempts()) != 1 {
			t.Errorf("%q came with it, want one", h.keys())
		}
	})
}

func mailForgotten(t *testing.T, db Database) {
	s := db.Open(t)
	m := mail("a", "one", "dkim")
	m.Raw = []byte("Subject: x\r\n\r\nVerschwindibus")
	keepMail(t, s, m)
	later := mail("b", "two", "dkim")
	later.At = noon.Add(time.Hour)
	keepMail(t, s, later)
	other := mail("c", "three", "dkim")
	other.Person = "sarah"
	keepMail(t, s, other)
	of := func(who plan.ID) []app.Received {
		t.Helper()
		list, err := s.MailOf(t.Context(), "plan", []plan.ID{who})
		check(t, err)
		return list
	}
	if list := of("ute"); len(list) != 2 || list[0].ID != "a" || len(list[0].Raw) == 0 {
		t.Errorf("of ute: %+v", list)
	}
	if _, err := s.Erase(t.Context(), "plan", []plan.ID{"ute"}); err != nil {
		t.Fatal(err)
	}
	if list := of("ute"); len(list) != 0 || len(of("sarah")) != 1 {
		t.Errorf("after erasing: %+v", list)
	}
	if traces := db.Traces(t, "Verschwindibus"); len(traces) > 0 {
		t.Errorf("an erased mail is still in %q", traces)
	}
}

func secretsOnce(t *testing.T, db Database) {
	s := db.Open(t)
	var all sync.WaitGroup
	got := make([][]byte, 8)
	for n := range got {
		all.Go(func() {
			key, err := s.Secret(t.Context(), "address", bytes.Repeat([]byte{byte(n + 1)}, 32))
			check(t, err)
			got[n] = key
		})
	}
	all.Wait()
	for n := range got {
		if len(got[n]) != 32 || !bytes.Equal(got[n], got[0]) {
			t.Fatalf("key %d is %x, the first %x", n, got[n], got[0])
		}
	}
}
