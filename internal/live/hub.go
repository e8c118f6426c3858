// Package live knows who has which plan open, and wakes their pages when the
// plan moved. It carries no content: a woken page renders its own view, so
// nothing of one side can reach the other through here.
//
// A watcher holds at most one signal however often its plan moves, and giving
// a signal never waits: a slow or dead watcher does not hold up a writer. What
// a page has missed it reads on from the sequence it knows, so a signal means
// "look again" and nothing is lost when several become one.
package live

import (
	"slices"
	"sync"
	"time"

	"tandem/internal/plan"
)

// Hub is safe for concurrent use.
type Hub struct {
	mu     sync.RWMutex
	rooms  map[plan.ID]*room
	closed bool
}

// room is a plan that somebody has open.
type room struct {
	watchers map[*watcher]struct{}
	open     map[plan.ID]int // person → how many pages
	stir     *time.Timer     // runs while the watchers are not yet told who came or went
}

type watcher struct {
	side   plan.Side
	person plan.ID
	moved  chan struct{} // capacity 1
}

// NewHub makes an empty hub.
func NewHub() *Hub { return &Hub{rooms: map[plan.ID]*room{}} }

// stirAfter gathers the comings and goings of a moment into one signal:
// otherwise a thousand pages that reconnect at once would wake each other a
// million times.
const stirAfter = 200 * time.Millisecond

func (w *watcher) wake() {
	select {
	case w.moved <- struct{}{}:
	default: // it already has a signal it has not read
	}
}

// Watch registers an open page of a person on a side of a plan. The channel
// signals that the plan, the side's own space, or who is here may have changed
// since it was last read; it is closed when the person is dismissed or the hub
// closes. Whoever watches begins by reading the plan: what moves after Watch
// has returned is signalled. Stop ends the watch.
func (h *Hub) Watch(id plan.ID, side plan.Side, person plan.ID) (moved <-chan struct{}, stop func()) {
	w := &watcher{side: side, person: person, moved: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(w.moved)
		return w.moved, func() {}
	}
	r := h.rooms[id]
	if r == nil {
		r = &room{watchers: map[*watcher]struct{}{}, open: map[plan.ID]int{}}
		h.rooms[id] = r
	}
	r.watchers[w] = struct{}{}
	if r.open[person]++; r.open[person] == 1 {
		h.stir(r)
	}
	return w.moved, func() { h.stop(id, w) }
}

func (h *Hub) stop(id plan.ID, w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.rooms[id]; r != nil {
		h.leave(id, r, w)
	}
}

// leave takes a watcher out of a room if it is there; the caller holds the lock.
func (h *Hub) leave(id plan.ID, r *room, w *watcher) {
	if _, here := r.watchers[w]; !here {
		return
	}
	delete(r.watchers, w)
	if r.open[w.person]--; r.open[w.person] == 0 {
		delete(r.open, w.person)
		h.stir(r)
	}
	if len(r.watchers) == 0 {
		r.stir.Stop()
		delete(h.rooms, id)
	}
}

// stir has the room told soon who is here now; the caller holds the lock.
func (h *Hub) stir(r *room) {
	if r.stir != nil {
		return
	}
	r.stir = time.AfterFunc(stirAfter, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		r.stir = nil
		r.wake("")
	})
}

// wake signals the watchers of one side or, if it is empty, of both.
func (r *room) wake(side plan.Side) {
	for w := range r.watchers {
		if side == "" || w.side == side {
			w.wake()
		}
	}
}

// Publish wakes the pages of a plan after a commit: of both sides, or of the
// one whose own space changed.
func (h *Hub) Publish(id plan.ID, side plan.Side) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if r := h.rooms[id]; r != nil {
		r.wake(side)
	}
}

// PublishAll wakes every page: what happened meanwhile is unknown.
func (h *Hub) PublishAll() {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, r := range h.rooms {
		r.wake("")
	}
}

// Dismiss ends the watches of a person in a plan (of an empty one: in all), as
// soon as a link or a session of theirs was revoked: their pages connect
// again, and are then asked who they are.
func (h *Hub) Dismiss(id plan.ID, person plan.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id != "" {
		h.dismiss(id, person)
		return
	}
	for id := range h.rooms {
		h.dismiss(id, person)
	}
}

func (h *Hub) dismiss(id plan.ID, person plan.ID) {
	r := h.rooms[id]
	if r == nil || r.open[person] == 0 {
		return
	}
	for w := range r.watchers {
		if w.person == person {
			h.leave(id, r, w)
			close(w.moved)
		}
	}
}

// Watching lists the persons who have a plan open, each once, in a stable
// order.
func (h *Hub) Watching(id plan.ID) []plan.ID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r := h.rooms[id]
	if r == nil {
		return nil
	}
	out := make([]plan.ID, 0, len(r.open))
	for person := range r.open {
		out = append(out, person)
	}
	slices.Sort(out)
	return out
}

// Close ends every watch.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for id, r := range h.rooms {
		for w := range r.watchers {
			h.leave(id, r, w)
			close(w.moved)
		}
	}
}
