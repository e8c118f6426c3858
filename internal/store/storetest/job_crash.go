package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/app"
	"tandem/internal/jobs"
	"tandem/internal/plan"
)

// jobsOfRound works off what a killed process has left: of every change that
// is there its job, once, and no others.
func jobsOfRound(t *testing.T, open OpenFunc, address, round string) {
	heads := map[plan.ID]int64{}
	s, err := open(t.Context(), address)
	check(t, err)
	for n := 1; n < loaders; n += 2 {
		id := pairID(round, n)
		whole(t, s, id)
		heads[id] = privateHead(t, s, id)
	}
	check(t, s.Close())
	synctest.Test(t, func(t *testing.T) {
		s, err := open(t.Context(), address)
		check(t, err)
		t.Cleanup(func() { s.Close() })
		h := newHands("pair")
		h.skipped.Store(int64(time.Until(noon.Add(time.Hour))))
		workBy(t, s, h, jobs.Options{Workers: 64})
		pass(time.Minute)
		done := map[plan.ID]map[string]bool{}
		for _, a := range h.attempts() {
			id := plan.ID(a.Data)
			if done[id] == nil {
				done[id] = map[string]bool{}
			}
			if done[id][a.Key] {
				t.Errorf("round %s: job %s was done twice", round, a.Key)
			}
			done[id][a.Key] = true
		}
		for id, head := range heads {
			if got := int64(len(done[id])); got != head {
				t.Errorf("round %s: %s has %d changes and %d jobs", round, id, head, got)
			}
		}
	})
}

// holds is the round in which a process takes jobs and never finishes them.
const holds = "holds"

// epoch is when every bubble begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// hold takes two jobs by the time of a bubble that has just begun, says so,
// and waits to be killed.
func hold(open OpenFunc, address string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
	}
	s, err := open(context.Background(), address)
	fail(err)
	fail(s.Commit(context.Background(), app.Change{Jobs: []app.Job{
		{Kind: "note", Key: "one", RunAt: epoch}, {Kind: "note", Key: "two", RunAt: epoch}, {Kind: "note", Key: "later", RunAt: epoch.Add(time.Hour)}}}))
	h := newHands("note")
	h.do = func(_ context.Context, j app.Job) error {
		fmt.Println("holding", j.Key)
		select {}
	}
	start := time.Now()
	_, err = jobs.Start(context.Background(), s, h, jobs.Options{Log: slog.New(slog.DiscardHandler),
		Clock: func() time.Time { return epoch.Add(time.Since(start)) }})
	fail(err)
	select {}
}

// DeadHolder kills a process in the middle of its jobs. They are handed out
// again when nobody can be doing them any more, and not before.
func DeadHolder(t *testing.T, open OpenFunc, address string) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childAddress+"="+address, childRound+"="+holds)
	out, err := child.StdoutPipe()
	check(t, err)
	child.Stderr = os.Stderr
	check(t, child.Start())
	lines := bufio.NewScanner(out)
	held := 0
	for held < 2 && lines.Scan() {
		if strings.HasPrefix(lines.Text(), "failed") {
			t.Error(lines.Text())
		}
		if strings.HasPrefix(lines.Text(), "holding") {
			held++
		}
	}
	check(t, child.Process.Kill())
	_, _ = io.Copy(io.Discard, out)
	_ = child.Wait() // it was killed
	if held != 2 {
		t.Fatalf("%d jobs were taken, want 2", held)
	}
	synctest.Test(t, func(t *testing.T) {
		s, err := open(t.Context(), address)
		check(t, err)
		t.Cleanup(func() { s.Close() })
		h := newHands("note")
		work(t, s, h)
		pass(jobs.RescueAfter - time.Second)
		wantKeys(t, h)
		pass(3 * time.Minute) // until they are missed, and a pause as after any failure
		wantKeys(t, h, "one", "two")
		h.skip(time.Hour)
		wantKeys(t, h, "later", "one", "two")
	})
}
