package live_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/live"
	"tandem/internal/plan"
)

// signals reads what is waiting: how many signals, and whether the channel is
// closed behind them.
func signals(moved <-chan struct{}) (n int, closed bool) {
	for {
		select {
		case _, open := <-moved:
			if !open {
				return n, true
			}
			n++
		default:
			return n, false
		}
	}
}

// settled lets everything that is due happen.
func settled() {
	time.Sleep(time.Second)
	synctest.Wait()
}

func TestSignalsBecomeOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub()
		moved, stop := h.Watch("p1", plan.Buyer, "ute")
		defer stop()
		settled()
		signals(moved)
		for range 1000 {
			h.Publish("p1", "")
		}
		if n, _ := signals(moved); n != 1 {
			t.Errorf("%d signals wait for a page that did not read 1,000, want 1", n)
		}
		h.Publish("p1", "")
		if n, _ := signals(moved); n != 1 {
			t.Errorf("%d signals after reading, want the next one", n)
		}
	})
}

func TestWhoIsWoken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		publish func(h *live.Hub)
		want    []string
	}{
		{"the shared plan", func(h *live.Hub) { h.Publish("p1", "") }, []string{"p1 buyer", "p1 seller"}},
		{"the buyer's own space", func(h *live.Hub) { h.Publish("p1", plan.Buyer) }, []string{"p1 buyer"}},
		{"the seller's own space", func(h *live.Hub) { h.Publish("p1", plan.Seller) }, []string{"p1 seller"}},
		{"a plan nobody has open", func(h *live.Hub) { h.Publish("p3", "") }, nil},
		{"everything", func(h *live.Hub) { h.PublishAll() }, []string{"p1 buyer", "p1 seller", "p2 buyer", "p2 seller"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := live.NewHub()
				watched := map[string]<-chan struct{}{}
				for _, id := range []plan.ID{"p1", "p2"} {
					for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
						moved, stop := h.Watch(id, side, plan.ID(side))
						defer stop()
						watched[fmt.Sprint(id, " ", side)] = moved
					}
				}
				settled()
				for _, moved := range watched {
					signals(moved)
				}
				test.publish(h)
				settled()
				var got []string
				for name, moved := range watched {
					if n, _ := signals(moved); n > 0 {
						got = append(got, name)
					}
				}
				slices.Sort(got)
				if !slices.Equal(got, test.want) {
					t.Errorf("woken: %q, want %q", got, test.want)
				}
			})
		})
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub()
		moved, stop := h.Watch("p1", plan.Seller, "sarah")
		settled()
		signals(moved)
		want := func(what string, woken int, who ...plan.ID) {
			t.Helper()
			settled()
			if got := h.Watching("p1"); !slices.Equal(got, who) {
				t.Errorf("%s: %q are here, want %q", what, got, who)
			}
			if n, _ := signals(moved); n != woken {
				t.Errorf("%s: %d signals, want %d", what, n, woken)
			}
		}
		_, stopUte := h.Watch("p1", plan.Buyer, "ute")
		want("somebody comes", 1, "sarah", "ute")
		_, stopTab := h.Watch("p1", plan.Buyer, "ute")
		want("in a second tab", 0, "sarah", "ute")
		stopUte()
		stopUte()
		want("one tab closes, twice", 0, "sarah", "ute")
		stopTab()
		want("the last tab closes", 1, "sarah")
		var stops []func()
		for n := range 500 {
			_, stop := h.Watch("p1", plan.Buyer, plan.ID(fmt.Sprint("guest", n)))
			stops = append(stops, stop)
		}
		for _, stop := range stops {
			stop()
		}
		want("500 come and go at once", 1, "sarah")
		stop()
		settled()
		if got := h.Watching("p1"); len(got) != 0 {
			t.Errorf("after everybody left %q are here", got)
		}
	})
}

func TestDismiss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub()
		one, stopOne := h.Watch("p1", plan.Buyer, "ute")
		two, _ := h.Watch("p1", plan.Buyer, "ute")
		elsewhere, _ := h.Watch("p2", plan.Buyer, "ute")
		other, _ := h.Watch("p1", plan.Buyer, "max")
		settled()
		h.Dismiss("p1", "ute")
		h.Dismiss("p9", "ute")
		for name, moved := range map[string]<-chan struct{}{"first tab": one, "second tab": two} {
			if _, closed := signals(moved); !closed {
				t.Errorf("the %s of somebody dismissed is still open", name)
			}
		}
		for name, moved := range map[string]<-chan struct{}{"another plan": elsewhere, "somebody else": other} {
			if _, closed := signals(moved); closed {
				t.Errorf("%s was dismissed too", name)
			}
		}
		if got := h.Watching("p1"); !slices.Equal(got, []plan.ID{"max"}) {
			t.Errorf("%q are here, want only max", got)
		}
		stopOne() // what a page that was dismissed does anyway
		h.Publish("p1", "")
		h.Dismiss("p1", "ute")
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub()
		moved, stop := h.Watch("p1", plan.Buyer, "ute")
		h.Close()
		if _, closed := signals(moved); !closed {
			t.Error("a watch outlives the hub")
		}
		late, stopLate := h.Watch("p1", plan.Buyer, "ute")
		if _, closed := signals(late); !closed {
			t.Error("a closed hub takes watches")
		}
		stop()
		stopLate()
		h.Publish("p1", "")
		h.PublishAll()
		h.Close()
	})
}

// record is a log as pages read it: the truth that signals only point to.
type record struct {
	mu  sync.Mutex
	seq int64
}

func (r *record) grow() {
	r.mu.Lock()
	r.seq++
	r.mu.Unlock()
}

func (r *record) head() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seq
}

// TestNothingMissedNothingTwice runs pages that come, go, and come back with
// the last sequence they saw, against writers that do not wait for them.
func TestNothingMissedNothingTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const writers, changes, pages = 4, 500, 50
		h, log := live.NewHub(), &record{}
		seen := make([][]int64, pages) // of each page, the ends of what it was sent
		var done sync.WaitGroup
		quit := make(chan struct{})
		for n := range pages {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			done.Go(func() {
				for !page(h, log, r, plan.ID(fmt.Sprint("person", n)), &seen[n], quit) {
				}
			})
		}
		var writing sync.WaitGroup
		for range writers {
			writing.Go(func() {
				for range changes {
					log.grow()
					h.Publish("p1", "")
					time.Sleep(time.Millisecond)
				}
			})
		}
		writing.Wait()
		settled()
		close(quit)
		done.Wait()
		for n, ends := range seen {
			if len(ends) == 0 || ends[len(ends)-1] != writers*changes {
				t.Errorf("page %d saw up to %v, want %d", n, ends[max(0, len(ends)-1):], writers*changes)
			}
			for i := 1; i < len(ends); i++ {
				if ends[i] <= ends[i-1] {
					t.Errorf("page %d was sent %d after %d", n, ends[i], ends[i-1])
				}
			}
		}
	})
}

// page is one connection of a page: it follows from the last sequence it saw
// until it breaks off; true when it is to end for good.
func page(h *live.Hub, log *record, r *rand.Rand, person plan.ID, seen *[]int64, quit <-chan struct{}) bool {
	moved, stop := h.Watch("p1", plan.Buyer, person)
	defer stop()
	breaks := time.After(time.Duration(r.IntN(50)) * time.Millisecond)
	if log.head() >= 1990 { // the last ones stay
		breaks = nil
	}
	for {
		if head := log.head(); len(*seen) == 0 && head > 0 || len(*seen) > 0 && head > (*seen)[len(*seen)-1] {
			*seen = append(*seen, head)
		}
		select {
		case <-moved:
			time.Sleep(time.Duration(r.IntN(5)) * time.Millisecond) // a slow reader
		case <-breaks:
			return false
		case <-quit:
			return true
		}
	}
}

func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	h := live.NewHub()
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			id, person := plan.ID(fmt.Sprint("p", n%3)), plan.ID(fmt.Sprint("person", n%5))
			for range 200 {
				moved, stop := h.Watch(id, plan.Buyer, person)
				h.Publish(id, "")
				h.Watching(id)
				signals(moved)
				if n%4 == 0 {
					h.Dismiss(id, person)
				}
				h.PublishAll()
				stop()
			}
		})
	}
	all.Wait()
	h.Close()
	for n := range 3 {
		if got := h.Watching(plan.ID(fmt.Sprint("p", n))); len(got) != 0 {
			t.Errorf("%q are left behind", got)
		}
	}
}

// TestMemoryOfAWatcher holds what one more open page costs the hub.
func TestMemoryOfAWatcher(t *testing.T) {
	const n = 20_000
	h := live.NewHub()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for k := range n {
		h.Watch(plan.ID("p"+fmt.Sprint(k%200)), plan.Buyer, "ute")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n
	t.Logf("%d bytes a watcher", each)
	if each > 512 {
		t.Errorf("a watcher takes %d bytes, want at most 512", each)
	}
	h.Close()
}
