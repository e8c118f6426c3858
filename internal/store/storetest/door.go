package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func atDoor(id plan.ID, email string) app.Request {
	return app.Request{ID: id, Kind: app.RequestDoor, Plan: "p1", Side: plan.Buyer, Name: "Jana Roth", Email: email, Words: "Please.", Language: "de",
		Browser: []byte("browser-" + id), Created: noon, Expires: noon.Add(time.Hour)}
}

// requestsAtDoors: what is asked is kept, counted, answered once, forgotten.
func requestsAtDoors(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	a := atDoor("a1", "Jana@nordwerk.example")
	check(t, s.Commit(ctx, app.Change{Requests: []app.Request{a, atDoor("a2", "other@nordwerk.example")}}))
	got, err := s.Request(ctx, "a1")
	check(t, err)
	if fmt.Sprint(got) != fmt.Sprint(a) {
		t.Errorf("got %+v, want %+v", got, a)
	}
	if _, err := s.Request(ctx, "none"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a request nobody made: %v", err)
	}
	later := atDoor("a3", "jana@nordwerk.example")
	later.Browser, later.Created = a.Browser, noon.Add(time.Minute)
	check(t, s.Commit(ctx, app.Change{Requests: []app.Request{later}}))
	if got, err := s.RequestBy(ctx, app.RequestDoor, "p1", a.Browser); err != nil || got.ID != "a3" {
		t.Errorf("the browser's last request: %s, %v", got.ID, err)
	}
	if _, err := s.RequestBy(ctx, app.RequestProof, "p1", a.Browser); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a request of another kind: %v", err)
	}
	if n, err := s.CountRequests(ctx, app.RequestDoor, "p1", "", noon); n != 3 || err != nil {
		t.Errorf("%d requests, %v, want 3", n, err)
	}
	mailed := func(want int) {
		t.Helper()
		if n, err := s.CountMailed(ctx, app.AddressHash("JANA@nordwerk.example"), noon); n != want || err != nil {
			t.Errorf("%d mailed, %v, want %d", n, err, want)
		}
	}
	mailed(0)
	check(t, s.MailedCode(ctx, "a1", []byte("code")))
	mailed(1)
	for range 3 {
		got, err := s.TryRequest(ctx, "a1", 3, noon)
		check(t, err)
		if string(got.Code) != "code" {
			t.Errorf("the code is %q", got.Code)
		}
	}
	if _, err := s.TryRequest(ctx, "a1", 3, noon); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a fourth try: %v", err)
	}
	if _, err := s.TryRequest(ctx, "a2", 3, noon.Add(time.Hour)); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a late try: %v", err)
	}
	usedOnce(t, s)
	check(t, s.ForgetRequests(ctx, noon.Add(time.Second)))
	if _, err := s.Request(ctx, "a1"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a forgotten request: %v", err)
	}
	if _, err := s.Request(ctx, "a3"); err != nil {
		t.Errorf("a younger one: %v", err)
	}
	check(t, s.RefuseAddress(ctx, "p1", app.AddressHash("x@y.example"), noon))
	check(t, s.RefuseAddress(ctx, "p1", app.AddressHash("x@y.example"), noon))
	for _, c := range []struct {
		plan plan.ID
		want bool
	}{{"p1", true}, {"p2", false}} {
		if got, err := s.RefusedAddress(ctx, c.plan, app.AddressHash("X@y.example")); got != c.want || err != nil {
			t.Errorf("%s: refused is %t, %v", c.plan, got, err)
		}
	}
}

// usedOnce: of many who use a request at once, one does.
func usedOnce(t *testing.T, s Store) {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	won := 0
	for range 64 {
		wg.Go(func() {
			switch err := s.UseRequest(t.Context(), "a2", noon); {
			case err == nil:
				mu.Lock()
				won++
				mu.Unlock()
			case !errors.Is(err, app.ErrNotFound):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d used it, want 1", won)
	}
	if got, err := s.Request(t.Context(), "a2"); err != nil || !got.Used.Equal(noon) {
		t.Errorf("used at %s, %v", got.Used, err)
	}
}

// withdrawnLinks: a person's links and browsers end, those of nobody else.
func withdrawnLinks(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	pass := func(hash string, planID, person plan.ID) {
		check(t, s.SavePass(ctx, app.Pass{Hash: []byte(hash), Kind: app.PersonalPass, Plan: planID, Person: person, Address: []byte("address"), Browser: []byte("browser"),
			Request: "a1", Created: noon, Expires: noon.Add(time.Hour)}))
	}
	pass("hers", "p1", "ute")
	pass("elsewhere", "p2", "ute")
	pass("his", "p1", "max")
	if got, err := s.Pass(ctx, []byte("hers")); err != nil || string(got.Address) != "address" || string(got.Browser) != "browser" || got.Request != "a1" {
		t.Errorf("got %+v, %v", got, err)
	}
	check(t, s.SaveSession(ctx, app.Session{Hash: []byte("s1"), Created: noon, Seen: noon, Expires: noon.Add(time.Hour), Persons: map[plan.ID]plan.ID{"p1": "ute", "p2": "ute"}}))
	check(t, s.SaveSession(ctx, app.Session{Hash: []byte("s2"), Created: noon, Seen: noon, Expires: noon.Add(time.Hour), Persons: map[plan.ID]plan.ID{"p1": "max"}}))
	check(t, s.Commit(ctx, app.Change{Withdraw: []app.PersonRef{{Plan: "p1", Person: "ute"}}}))
	for hash, want := range map[string]bool{"hers": true, "elsewhere": false, "his": false} {
		if got, err := s.Pass(ctx, []byte(hash)); err != nil || got.Revoked != want {
			t.Errorf("%s: revoked is %t, %v", hash, got.Revoked, err)
		}
	}
	if got, err := s.Session(ctx, []byte("s1")); err != nil || fmt.Sprint(got.Persons) != "map[p2:ute]" {
		t.Errorf("her browser acts as %v, %v", got.Persons, err)
	}
	if got, err := s.Session(ctx, []byte("s2")); err != nil || len(got.Persons) != 1 {
		t.Errorf("his browser acts as %v, %v", got.Persons, err)
	}
	check(t, s.RenewSession(ctx, []byte("s1"), noon.Add(48*time.Hour)))
	check(t, s.RenewSession(ctx, []byte("s1"), noon.Add(24*time.Hour))) // never earlier
	if got, err := s.Session(ctx, []byte("s1")); err != nil || !got.Expires.Equal(noon.Add(48*time.Hour)) {
		t.Errorf("ends %s, %v", got.Expires, err)
	}
}
