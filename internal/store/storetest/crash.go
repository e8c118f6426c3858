package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// OpenFunc opens the database at an address.
type OpenFunc func(ctx context.Context, address string) (Store, error)

const (
	childAddress = "TANDEM_TEST_CHILD_ADDRESS"
	childRound   = "TANDEM_TEST_CHILD_ROUND"
)

// Child belongs at the beginning of TestMain. In a process that Crash started
// it works on the database until it is killed; otherwise it returns at once.
func Child(open OpenFunc) {
	address, round := os.Getenv(childAddress), os.Getenv(childRound)
	if address == "" {
		return
	}
	if round == holds {
		hold(open, address)
	}
	fmt.Println("opening")
	s, err := open(context.Background(), address)
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	var mu sync.Mutex
	err = Load(context.Background(), s, round, func(a Ack) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println("ack", a.Stream, a.Seq, a.Hash) // one write to the pipe
	})
	fmt.Println("failed:", err)
	os.Exit(1)
}

// Ack is a record of a change that was acknowledged.
type Ack struct {
	Stream string
	Seq    int64
	Hash   string
}

// loaders is how many write at the same time.
const loaders = 8

// Load writes to plans named after a round and tells of every record whose
// change was acknowledged, until a change fails or ctx ends. Half of the
// writers work together on one real plan; the others write to two streams and
// a job in each change.
func Load(ctx context.Context, s Store, round string, ack func(Ack)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p, err := Start(ctx, s, realID(round), 2)
	if err != nil {
		return err
	}
	ack(Ack{plan.SharedStream(p.ID), p.Head.Seq, p.Head.Hash})
	var all sync.WaitGroup
	for n := range loaders {
		all.Go(func() {
			var err error
			for k := int64(0); err == nil; k++ {
				if err = ctx.Err(); err != nil {
					break
				}
				if n%2 == 0 {
					err = say(ctx, s, p.ID, fmt.Sprintf("c%d-%d", n, k), ack)
				} else {
					err = pair(ctx, s, pairID(round, n), k, ack)
				}
			}
			cancel(err)
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

func realID(round string) plan.ID        { return plan.ID("real" + round) }
func pairID(round string, n int) plan.ID { return plan.ID(fmt.Sprintf("pair%s-%d", round, n)) }

func say(ctx context.Context, s Store, id plan.ID, comment string, ack func(Ack)) error {
	p, err := Do(ctx, s, id, plan.Say{ID: plan.ID(comment), Text: comment}, Ute)
	if err == nil {
		ack(Ack{plan.SharedStream(id), p.Head.Seq, p.Head.Hash})
	}
	return err
}

// pair adds one record to each of two streams, a row and a job, which have to
// be there together.
func pair(ctx context.Context, s Store, id plan.ID, k int64, ack func(Ack)) error {
	one, two := plan.SharedStream(id), plan.PrivateStream(id, plan.Buyer)
	c := add(one, k, 1)
	c.Appends[0].Records[0].Texts = []plan.Sealed{sealed(Ute, strings.Repeat("x", int(k%300)))}
	c.Appends[0].Snapshot = []byte(strconv.FormatInt(k+1, 10))
	c.Appends = append(c.Appends, add(two, k, 1).Appends...)
	c.Row = &app.PlanRow{Plan: id, Workspace: id, Seq: k + 1}
	c.Jobs = []app.Job{{Kind: "pair", Key: fmt.Sprintf("%s-%d", id, k), RunAt: noon, Data: []byte(id)}}
	err := s.Commit(ctx, c)
	if err == nil {
		ack(Ack{one, k + 1, c.Appends[0].Records[0].Hash})
		ack(Ack{two, k + 1, c.Appends[1].Records[0].Hash})
	}
	return err
}

// Present compares what was acknowledged in a round with what is there.
// Nothing may be missing, nothing may be half there, and chains must verify.
func Present(t testing.TB, s Store, round string, acks []Ack) {
	t.Helper()
	ctx := context.Background()
	streams := map[string][]plan.Record{}
	for _, a := range acks {
		records, ok := streams[a.Stream]
		if !ok {
			st, err := s.Load(ctx, a.Stream)
			check(t, err)
			if records = st.Records; st.SnapshotSeq > 0 {
				records, err = s.Records(ctx, a.Stream, 0, 1<<30)
				check(t, err)
			}
			streams[a.Stream] = records
		}
		if int64(len(records)) < a.Seq || records[a.Seq-1].Hash != a.Hash {
			t.Errorf("round %s: event %d of %s was acknowledged and is lost", round, a.Seq, a.Stream)
		}
	}
	if _, err := Verify(ctx, s, plan.SharedStream(realID(round))); err != nil {
		t.Errorf("round %s: %v", round, err)
	}
	for n := 1; n < loaders; n += 2 {
		whole(t, s, pairID(round, n))
	}
}

// whole looks until nothing moves any more: a server may still be finishing
// what the killed process had sent it.
func whole(t testing.TB, s Store, id plan.ID) {
	t.Helper()
	for {
		before, is, after := privateHead(t, s, id), lookAt(t, s, id), privateHead(t, s, id)
		if before != after {
			continue
		}
		if want := (parts{before, before, before}); is != want {
			t.Errorf("%s is half there: private stream at %d, and %+v", id, before, is)
		}
		return
	}
}

func privateHead(t testing.TB, s Store, id plan.ID) int64 {
	t.Helper()
	records, err := s.Records(context.Background(), plan.PrivateStream(id, plan.Buyer), 0, 1<<30)
	check(t, err)
	return int64(len(records))
}

// parts is how far the other parts of a pair have come.
type parts struct{ shared, snapshot, row int64 }

func lookAt(t testing.TB, s Store, id plan.ID) parts {
	t.Helper()
	ctx := context.Background()
	st, err := s.Load(ctx, plan.SharedStream(id))
	check(t, err)
	rows, err := s.Plans(ctx, id, time.Time{}, 1)
	check(t, err)
	is := parts{shared: st.SnapshotSeq}
	if len(rows) > 0 {
		is.row = rows[0].Seq
	}
	if st.Snapshot != nil {
		is.snapshot, err = strconv.ParseInt(string(st.Snapshot), 10, 64)
		check(t, err)
	}
	return is
}

// Rounds is how often a crash test crashes: a few times, or as often as the
// environment's TANDEM_TORTURE says.
func Rounds(t testing.TB, few int) int {
	t.Helper()
	v := os.Getenv("TANDEM_TORTURE")
	if v == "" {
		return few
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatalf("TANDEM_TORTURE=%q: want the number of rounds", v)
	}
	return n
}

// Crash kills a process that works on the database, at a random moment, and
// compares; again and again on the same database.
func Crash(t *testing.T, open OpenFunc, address string) {
	total := 0
	var last []Ack
	rounds := Rounds(t, 6)
	for n := range rounds {
		round := strconv.Itoa(n)
		after := rand.IntN(400)
		if n%5 == 4 {
			after = 0 // while it opens the database
		}
		acks, err := crashOnce(address, round, after)
		check(t, err)
		s, err := open(t.Context(), address)
		if err != nil {
			t.Fatalf("round %s: the database does not open after a crash: %v", round, err)
		}
		Present(t, s, round, acks)
		if n > 0 {
			Present(t, s, strconv.Itoa(n-1), last) // still there
		}
		check(t, s.Close())
		jobsOfRound(t, open, address, round)
		total, last = total+len(acks), acks
		if t.Failed() {
			return
		}
	}
	t.Logf("%d crashes, %d records acknowledged before one", rounds, total)
	if total == 0 {
		t.Error("nothing was acknowledged: the test saw nothing")
	}
}

// crashOnce starts the process, kills it after so many acknowledgements, and
// returns all that it gave.
func crashOnce(address, round string, after int) ([]Ack, error) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childAddress+"="+address, childRound+"="+round)
	out, err := child.StdoutPipe()
	if err != nil {
		return nil, err
	}
	child.Stderr = os.Stderr
	if err := child.Start(); err != nil {
		return nil, err
	}
	acks, err := listen(out, after, child.Process)
	_ = child.Wait() // it was killed
	return acks, err
}

func listen(out io.Reader, after int, child *os.Process) ([]Ack, error) {
	var acks []Ack
	killed := false
	kill := func() error {
		if killed {
			return nil
		}
		killed = true
		return child.Kill()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var a Ack
		switch line := lines.Text(); {
		case line == "opening":
			if after == 0 {
				if err := kill(); err != nil {
					return nil, err
				}
			}
		case strings.HasPrefix(line, "failed"):
			return nil, errors.Join(errors.New(line), kill())
		default:
			if _, err := fmt.Sscanf(line, "ack %s %d", &a.Stream, &a.Seq); err != nil {
				continue // cut off by the kill
			}
			a.Hash = strings.SplitN(line, " ", 4)[3]
			acks = append(acks, a)
			if len(acks) >= after {
				if err := kill(); err != nil {
					return nil, err
				}
			}
		}
	}
	return acks, errors.Join(lines.Err(), kill())
}
