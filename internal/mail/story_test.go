package mail_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/store/sqlite"
)

// story plays a real plan through the use cases, on a real database, in
// virtual time, and keeps the mails that come of it.
type story struct {
	*app.Service
	t     *testing.T
	store *waiting
	lang  string
	now   time.Time
	id    plan.ID
	who   map[string]app.Caller
	mails []app.Mail
	real  app.Mailer // sends them instead, if there
}

// waiting is the store; it keeps the jobs that changes ask for.
type waiting struct {
	*sqlite.Store
	mu   sync.Mutex
	jobs []app.Job
}

func (w *waiting) Commit(ctx context.Context, c app.Change) error {
	err := w.Store.Commit(ctx, c)
	if err == nil {
		w.add(c.Jobs...)
	}
	return err
}

func (w *waiting) add(jobs ...app.Job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, j := range jobs {
		if !slices.ContainsFunc(w.jobs, func(k app.Job) bool { return k.Kind == j.Kind && k.Key == j.Key && k.RunAt.Equal(j.RunAt) }) {
			w.jobs = append(w.jobs, j)
		}
	}
}

func (w *waiting) next() (app.Job, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.jobs) == 0 {
		return app.Job{}, false
	}
	return slices.MinFunc(w.jobs, func(a, b app.Job) int { return a.RunAt.Compare(b.RunAt) }), true
}

func (w *waiting) take(j app.Job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs = slices.DeleteFunc(w.jobs, func(k app.Job) bool { return k.Kind == j.Kind && k.Key == j.Key && k.RunAt.Equal(j.RunAt) })
}

// bytesOf makes the same "random" bytes every time, so that the mails are.
type bytesOf struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (b *bytesOf) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.r.Read(p)
}

// Send implements app.Mailer: the mail is kept.
func (s *story) Send(ctx context.Context, m app.Mail) error {
	if s.real != nil {
		return s.real.Send(ctx, m)
	}
	if m.To.Email == "nobody@nordwerk.example" {
		return &app.MailRefusal{Code: "5.1.1", Address: true}
	}
	s.mails = append(s.mails, m)
	return nil
}

func begin(t *testing.T, lang string) *story {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "story.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &story{t: t, store: &waiting{Store: st}, lang: lang, now: time.Date(2028, 5, 2, 8, 0, 0, 0, time.UTC), who: map[string]app.Caller{}}
	s.Service = app.New(s.store, app.Options{Clock: func() time.Time { return s.now }, Random: &bytesOf{r: rand.NewChaCha8([32]byte{7})}, Mailer: s,
		Inbox: app.Inboxing{Store: s.store, Address: "@plans.acme.example"},
		Calendars: app.Calendaring{Words: func(language, key string, args ...any) string { return locale.For(language).T(key, args...) },
			Base: func() string { return "https://plans.acme.example" }}})
	_, m, err := s.Found(t.Context(), app.Workspace{Name: "Acme Cloud", Language: lang, Zone: "Europe/Berlin", Region: "GB-ENG"},
		app.Member{Name: "John Martinez", Email: "john.martinez@acme.example", Language: lang, Role: app.RoleAdmin})
	s.no(err)
	s.who["john"] = app.Caller{Member: &m}
	f := app.Sample(lang, civil.Of(2028, time.May, 2))
	f.People[1].Email = "ute.brandt@nordwerk.example"
	v, err := s.Create(t.Context(), s.who["john"], app.NewPlan{ID: s.NewID(), File: f})
	s.no(err)
	s.id = v.Plan.ID
	_, err = s.ShareLink(t.Context(), s.who["john"], s.id)
	s.no(err)
	sarah := s.named("Sarah Chen").ID
	s.do("john", plan.LetIn{Person: sarah, Access: plan.Lead})
	link, err := s.DemoLink(t.Context(), app.Pass{Kind: app.PersonalPass, Plan: s.id, Person: sarah, Side: plan.Buyer})
	s.no(err)
	_, _, _, err = s.Return(t.Context(), app.Caller{}, link, "")
	s.no(err)
	s.enter("sarah", "Sarah Chen")
	for name, x := range map[string]struct {
		full, email, salutation string
		access                  plan.Access
	}{
		"ute":  {"Dr. Ute Brandt", "ute.brandt@nordwerk.example", plan.Frau, plan.Lead},
		"mara": {"Mara Klein", "mara.klein@nordwerk.example", "", plan.Editor},
	} {
		q := s.named(x.full)
		s.do("sarah", plan.EditPerson{Person: q.ID, Version: q.Version, Email: &x.email, Salutation: &x.salutation})
		s.do("sarah", plan.LetIn{Person: q.ID, Access: x.access})
		s.enter(name, x.full)
	}
	return s
}

func (s *story) no(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) plan() *plan.Plan {
	s.t.Helper()
	v, err := s.Open(s.t.Context(), s.who["john"], s.id)
	s.no(err)
	return v.Plan
}

func (s *story) named(name string) *plan.Person {
	s.t.Helper()
	for _, q := range s.plan().Everybody() {
		if q.Name.Value == name {
			return q
		}
	}
	s.t.Fatalf("nobody is called %s", name)
	return nil
}

func (s *story) enter(short, name string) {
	s.who[short] = app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{s.id: s.named(name).ID}}}
}

func (s *story) do(who string, cmd plan.Command) {
	s.t.Helper()
	if _, err := s.Do(s.t.Context(), s.who[who], s.id, cmd); err != nil {
		s.t.Fatalf("%s does %T: %v", who, cmd, err)
	}
}

// step is the n-th step of the sample.
func (s *story) step(n int) *plan.Item { return s.plan().Live(plan.KindAction)[n-1] }

// until runs what is to be done up to an hour of a day.
func (s *story) until(day civil.Day, hour int) {
	s.t.Helper()
	s.runTo(day.Time().Add(time.Duration(hour) * time.Hour))
}

// runTo runs what is to be done up to an instant, each thing at its time.
func (s *story) runTo(to time.Time) {
	s.t.Helper()
	for {
		j, ok := s.store.next()
		if !ok || j.RunAt.After(to) {
			break
		}
		s.store.take(j)
		if j.RunAt.After(s.now) {
			s.now = j.RunAt
		}
		var again app.Again
		switch err := s.RunJob(s.t.Context(), j); {
		case errors.As(err, &again):
			j.RunAt = again.At
			s.store.add(j)
		case err != nil:
			s.t.Fatalf("job %s: %v", j.Kind, err)
		}
	}
	s.now = to
}

// only is the one mail of a kind to somebody since the last look.
func (s *story) only(kind app.LetterKind, email string) app.Mail {
	s.t.Helper()
	var found []app.Mail
	for _, m := range s.mails {
		if m.Kind == kind && m.To.Email == email {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		var all []string
		for _, m := range s.mails {
			all = append(all, string(m.Kind)+" to "+m.To.Email)
		}
		s.t.Fatalf("%d mails of kind %s to %s, want one; there are %q", len(found), kind, email, all)
	}
	return found[0]
}
