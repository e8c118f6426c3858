// Package live knows who has which plan open, and wakes their pages when the
// plan moved. It carries no content: a woken page renders its own view, so
// nothing of one side can reach the other through here.
//
// A watcher holds at most one signal however often its plan moves, and giving
// a signal never waits: a slow or dead watcher does not hold up a writer.
package live

import (
	"slices"
	"sync"

	"tandem/internal/plan"
)

// Hub is safe for concurrent use.
type Hub struct {
	mu     sync.RWMutex
	plans  map[plan.ID]map[*watcher]struct{}
	closed bool
}

type watcher struct {
	side   plan.Side
	person plan.ID
	moved  chan struct{} // capacity 1
}

// NewHub makes an empty hub.
func NewHub() *Hub { return &Hub{plans: map[plan.ID]map[*watcher]struct{}{}} }

func (w *watcher) wake() {
	select {
	case w.moved <- struct{}{}:
	default: // it already has a signal it has not read
	}
}

// Watch registers an open page of a person on a side of a plan. The channel
// signals that the plan, the side's own space, or who is here has changed
// since it was last read; it is closed when the hub is. Stop ends the watch.
func (h *Hub) Watch(id plan.ID, side plan.Side, person plan.ID) (moved <-chan struct{}, stop func()) {
	w := &watcher{side: side, person: person, moved: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(w.moved)
		return w.moved, func() {}
	}
	if h.plans[id] == nil {
		h.plans[id] = map[*watcher]struct{}{}
	}
	h.plans[id][w] = struct{}{}
	h.wake(id, "", w)
	return w.moved, sync.OnceFunc(func() { h.stop(id, w) })
}

func (h *Hub) stop(id plan.ID, w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.plans[id], w)
	if len(h.plans[id]) == 0 {
		delete(h.plans, id)
	}
	h.wake(id, "", w)
}

// wake signals the watchers of a plan, of one side or of both; the caller
// holds the lock.
func (h *Hub) wake(id plan.ID, side plan.Side, but *watcher) {
	for w := range h.plans[id] {
		if w != but && (side == "" || w.side == side) {
			w.wake()
		}
	}
}

// Publish wakes the pages of a plan after a commit: of both sides, or of the
// one whose own space changed.
func (h *Hub) Publish(id plan.ID, side plan.Side) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	h.wake(id, side, nil)
}

// PublishAll wakes every page: what happened meanwhile is unknown.
func (h *Hub) PublishAll() {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for id := range h.plans {
		h.wake(id, "", nil)
	}
}

// Watching lists the persons who have a plan open, each once, in a stable
// order.
func (h *Hub) Watching(id plan.ID) []plan.ID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var out []plan.ID
	for w := range h.plans[id] {
		out = append(out, w.person)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Close ends every watch.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for id, ws := range h.plans {
		for w := range ws {
			close(w.moved)
		}
		delete(h.plans, id)
	}
}
