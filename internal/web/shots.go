package web

import (
	"container/list"
	"context"
	"strconv"
	"strings"
	"sync"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// planQuery is what a reader chose to see of a plan. Every value is one of a
// few, so that there are not more pages to keep than people can ask for.
type planQuery struct {
	Tab  view.Tab
	Show view.Show
	Sort view.Sort

	Zoom  view.Zoom // of the timeline
	Whole bool      // the timeline shows also what is done

	Topic string  // of the planning session; empty: where the others are
	Run   plan.ID // of a check-in's page: its appointment, or itself
	Day   civil.Day
}

// news is what happened, for one reader, since they last looked.
type news struct {
	Said    string   // read out by a screen reader; names who did it
	By      string   // stands at what changed for a while
	Changed []string // element ids
}

// planPages makes the middle of a plan's pages.
type planPages interface {
	// fragments may use nothing but its arguments: what it makes is kept and
	// shown to the same reader until the plan, their side's own space, or the
	// day changes.
	fragments(v app.View, l *locale.Locale, q planQuery) []view.Fragment
	// news says what happened after a sequence of the shared stream.
	news(ctx context.Context, v app.View, l *locale.Locale, after int64) (news, error)
}

// shotKey names what a page shows and to whom.
type shotKey struct {
	plan        plan.ID
	person      plan.ID
	lang        string
	query       planQuery
	shared, own int64
	today       civil.Day
	member      bool // sees what is for members only
}

func keyOf(v app.View, lang string, q planQuery) shotKey {
	return shotKey{v.Plan.ID, v.Me.ID, lang, q, v.Plan.Head.Seq, v.Own.Head.Seq, v.Today, v.Member}
}

// seq is the state a page shows, as its reader's browser keeps it.
func (k shotKey) seq() string {
	return strconv.FormatInt(k.shared, 10) + "." + strconv.FormatInt(k.own, 10) + "." + strconv.Itoa(int(k.today))
}

// at is the same page in a state that a browser names; false if it names none.
func (k shotKey) at(seq string) (shotKey, bool) {
	parts := strings.Split(seq, ".")
	if len(parts) != 3 {
		return k, false
	}
	shared, err1 := strconv.ParseInt(parts[0], 10, 64)
	own, err2 := strconv.ParseInt(parts[1], 10, 64)
	today, err3 := strconv.ParseInt(parts[2], 10, 32)
	k.shared, k.own, k.today = shared, own, civil.Day(today)
	return k, err1 == nil && err2 == nil && err3 == nil
}

// shotBytes is how much HTML is kept.
const shotBytes = 48 << 20

// shots keeps rendered pages, the most recently used ones, and the messages
// from one to the next: however many people of one audience watch, each is
// made once.
type shots struct {
	max int

	mu       sync.Mutex
	known    map[shotKey]*list.Element
	order    *list.List // of *shotEntry, most recently used first
	size     int
	messages map[[2]shotKey]func() ([]byte, error)
}

type shotEntry struct {
	key  shotKey
	done chan struct{}
	shot *view.Shot
	err  error
}

func newShots(max int) *shots {
	return &shots{max: max, known: map[shotKey]*list.Element{}, order: list.New(), messages: map[[2]shotKey]func() ([]byte, error){}}
}

// have is a kept page, or nil.
func (s *shots) have(k shotKey) *view.Shot {
	s.mu.Lock()
	el := s.known[k]
	s.mu.Unlock()
	if el == nil {
		return nil
	}
	e := el.Value.(*shotEntry)
	<-e.done
	return e.shot
}

// get is a kept page, or makes it; who wants the same waits for one rendering.
func (s *shots) get(k shotKey, take func() (*view.Shot, error)) (shot *view.Shot, kept bool, err error) {
	s.mu.Lock()
	if el := s.known[k]; el != nil {
		s.order.MoveToFront(el)
		s.mu.Unlock()
		e := el.Value.(*shotEntry)
		<-e.done
		return e.shot, true, e.err
	}
	e := &shotEntry{key: k, done: make(chan struct{})}
	s.known[k] = s.order.PushFront(e)
	s.mu.Unlock()

	defer func() {
		s.mu.Lock()
		e.shot, e.err = shot, err // under the lock, since others look for what can go
		if e.shot == nil {        // it failed or broke: the next one tries again
			s.drop(s.known[k])
		} else {
			s.size += e.shot.Size()
			for s.size > max(s.max, 0) && (s.order.Len() > 1 || s.max < 0) { // below zero nothing is kept at all
				s.drop(s.oldest())
			}
		}
		s.mu.Unlock()
		close(e.done)
	}()
	shot, err = take()
	return shot, false, err
}

// oldest is the least recently used page that is ready.
func (s *shots) oldest() *list.Element {
	for el := s.order.Back(); el != nil; el = el.Prev() {
		if el.Value.(*shotEntry).shot != nil {
			return el
		}
	}
	return nil
}

func (s *shots) drop(el *list.Element) {
	if el == nil {
		return
	}
	e := el.Value.(*shotEntry)
	s.order.Remove(el)
	delete(s.known, e.key)
	if e.shot != nil {
		s.size -= e.shot.Size()
	}
}

// message is what a page in one state needs to be in another, made once.
func (s *shots) message(from, to shotKey, write func() ([]byte, error)) ([]byte, error) {
	key := [2]shotKey{from, to}
	s.mu.Lock()
	once := s.messages[key]
	if once == nil {
		if len(s.messages) >= 512 { // they are wanted for a moment only
			clear(s.messages)
		}
		once = sync.OnceValues(write)
		s.messages[key] = once
	}
	s.mu.Unlock()
	return once()
}

// shoot renders a page of a plan, or takes the one that is kept.
func (s *Server) shoot(ctx context.Context, v app.View, l *locale.Locale, q planQuery) (*view.Shot, shotKey, error) {
	k := keyOf(v, l.Lang, q)
	shot, kept, err := s.shots.get(k, func() (*view.Shot, error) {
		return view.Take(context.WithoutCancel(ctx), s.pages.fragments(v, l, q))
	})
	from := "new"
	if kept {
		from = "kept"
	}
	s.metrics.renders.WithLabelValues(from).Inc()
	return shot, k, err
}
