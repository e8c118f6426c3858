package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
)

func enqueue(t testing.TB, s Store, jobs ...app.Job) {
	t.Helper()
	commit(t, s, app.Change{Jobs: jobs})
}

func take(t testing.TB, s Store, now time.Time, limit int) []app.TakenJob {
	t.Helper()
	jobs, err := s.Take(t.Context(), now, time.Minute, limit)
	check(t, err)
	return jobs
}

func keys(jobs []app.TakenJob) []string {
	out := []string{}
	for _, j := range jobs {
		out = append(out, j.Key)
	}
	return out
}

func wantKeys(t testing.TB, jobs []app.TakenJob, want ...string) {
	t.Helper()
	if !slices.Equal(keys(jobs), want) {
		t.Errorf("taken: %q, want %q", keys(jobs), want)
	}
}

func jobsInOrder(t *testing.T, db Database) {
	s := db.Open(t)
	for n := range 6 {
		enqueue(t, s, app.Job{Kind: "remind", Key: fmt.Sprint(5 - n), RunAt: noon.Add(time.Duration(5-n) * time.Second), Data: []byte{byte(n)}})
	}
	wantKeys(t, take(t, s, noon.Add(-time.Millisecond), 10))
	wantKeys(t, take(t, s, noon.Add(3*time.Second), 2), "0", "1")
	rest := take(t, s, noon.Add(3*time.Second), 10)
	wantKeys(t, rest, "2", "3")
	if j := rest[0]; j.Attempts != 1 || j.Kind != "remind" || string(j.Data) != "\x03" || !j.RunAt.Equal(noon.Add(2*time.Second)) {
		t.Errorf("taken: %+v", j)
	}
	for _, j := range rest {
		check(t, s.Finish(t.Context(), j.ID))
		check(t, s.Finish(t.Context(), j.ID)) // twice does no harm
	}
	wantKeys(t, take(t, s, noon.Add(time.Hour), 10), "0", "1", "4", "5")
	wantKeys(t, take(t, s, noon.Add(time.Hour), 0))
}

func jobsUnique(t *testing.T, db Database) {
	s := db.Open(t)
	enqueue(t, s, app.Job{Kind: "a", Key: "k", RunAt: noon, Data: []byte("old")})
	enqueue(t, s, app.Job{Kind: "b", Key: "k", RunAt: noon.Add(time.Hour), Data: []byte("new")}, app.Job{Kind: "a", Key: "other", RunAt: noon})
	enqueue(t, s, app.Job{Kind: "a", RunAt: noon}, app.Job{Kind: "a", RunAt: noon}) // no key: each for itself
	wantKeys(t, take(t, s, noon, 10), "other", "", "")
	jobs := take(t, s, noon.Add(time.Hour), 1)
	wantKeys(t, take(t, s, noon.Add(time.Hour), 10), "", "", "k")
	if len(jobs) != 1 {
		t.Fatal("the lease of the others should be over")
	}
}

func jobsLease(t *testing.T, db Database) {
	s := db.Open(t)
	enqueue(t, s, app.Job{Kind: "a", Key: "k", RunAt: noon})
	first := take(t, s, noon, 1)
	wantKeys(t, first, "k")
	wantKeys(t, take(t, s, noon.Add(time.Minute-time.Millisecond), 1))
	second := take(t, s, noon.Add(time.Minute), 1)
	wantKeys(t, second, "k")
	if second[0].Attempts != 2 || second[0].ID != first[0].ID {
		t.Errorf("taken again: %+v, want the second attempt at the same job", second[0])
	}
	check(t, s.Finish(t.Context(), second[0].ID))
	wantKeys(t, take(t, s, noon.Add(time.Hour), 10))
}

func jobsRetry(t *testing.T, db Database) {
	s := db.Open(t)
	enqueue(t, s, app.Job{Kind: "a", Key: "k", RunAt: noon, Data: []byte("x")})
	j := take(t, s, noon, 1)[0]
	check(t, s.Retry(t.Context(), j.ID, noon.Add(10*time.Second), "no connection"))
	wantKeys(t, take(t, s, noon.Add(9*time.Second), 1))
	again := take(t, s, noon.Add(10*time.Second), 1)
	wantKeys(t, again, "k")
	if again[0].Attempts != 2 || string(again[0].Data) != "x" {
		t.Errorf("taken again: %+v, want the second attempt with the same data", again[0])
	}
	check(t, s.Finish(t.Context(), j.ID))
	check(t, s.Retry(t.Context(), j.ID, noon, "too late")) // what is finished stays finished
	wantKeys(t, take(t, s, noon.Add(time.Hour), 10))
}

func jobsReplaced(t *testing.T, db Database) {
	s := db.Open(t)
	replaced := func() app.TakenJob {
		enqueue(t, s, app.Job{Kind: "a", Key: "k", RunAt: noon, Data: []byte("old")})
		j := take(t, s, noon, 1)[0]
		enqueue(t, s, app.Job{Kind: "a", Key: "k", RunAt: noon.Add(time.Second), Data: []byte("new")})
		return j
	}
	for name, end := range map[string]func(id int64) error{
		"Finish": func(id int64) error { return s.Finish(t.Context(), id) },
		"Retry":  func(id int64) error { return s.Retry(t.Context(), id, noon.Add(2*time.Second), "failed") },
	} {
		check(t, end(replaced().ID))
		jobs := take(t, s, noon.Add(10*time.Second), 10)
		wantKeys(t, jobs, "k")
		if len(jobs) != 1 || string(jobs[0].Data) != "new" || jobs[0].Attempts != 1 {
			t.Fatalf("after %s the replacement is %+v", name, jobs)
		}
		check(t, end(jobs[0].ID))
		for _, j := range take(t, s, noon.Add(time.Hour), 10) {
			check(t, s.Finish(t.Context(), j.ID))
		}
	}
}

func jobsManyTakers(t *testing.T, db Database) {
	s := db.Open(t)
	const n = 200
	for k := range n {
		enqueue(t, s, app.Job{Kind: "a", Key: fmt.Sprint(k), RunAt: noon})
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				jobs, err := s.Take(t.Context(), noon, time.Hour, 3)
				if err != nil {
					t.Error(err)
				}
				if len(jobs) == 0 {
					return
				}
				for _, j := range jobs {
					mu.Lock()
					seen[j.Key]++
					mu.Unlock()
					if err := s.Finish(t.Context(), j.ID); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	for k := range n {
		if seen[fmt.Sprint(k)] != 1 {
			t.Errorf("job %d was handed out %d times within its lease, want once", k, seen[fmt.Sprint(k)])
		}
	}
}
