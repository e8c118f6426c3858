package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

const liveRoute = "GET /plans/{plan}/live"

// How a live stream paces itself.
const (
	heartbeat = 20 * time.Second // and how soon a session that ended is noticed
	slowest   = 10 * time.Second // a reader who takes longer over a message is dropped and catches up later
)

// presencePace is how often a page is told who is here, at most.
const presencePace = time.Second

// queryOf is what an address asks to see of a plan: "tab", "show", "sort" and
// "desc". What it does not know, it leaves at its default.
func queryOf(q url.Values) planQuery {
	known := func(v string, all ...string) string {
		if slices.Contains(all, v) {
			return v
		}
		return all[0]
	}
	p := planQuery{
		Tab: view.Tab(known(q.Get("tab"), string(view.TabPlan), string(view.TabTable), string(view.TabTimeline), string(view.TabPeople),
			string(view.TabGoals), string(view.TabRisks), string(view.TabHistory), string(view.TabSession))),
	}
	if p.Tab == view.TabPlan || p.Tab == view.TabTable || p.Tab == view.TabTimeline {
		p.Show = view.Show(known(q.Get("show"), "", string(view.ShowMine), string(view.ShowBlocked), string(view.ShowWaiting), string(view.ShowNew), string(view.ShowSets)))
	}
	if p.Tab == view.TabTimeline {
		p.Zoom = view.Zoom(known(q.Get("zoom"), "", string(view.ZoomWeek), string(view.ZoomMonth), string(view.ZoomQuarter)))
		p.Whole = q.Get("done") != ""
	}
	if p.Tab == view.TabSession {
		p.Topic = known(q.Get("topic"), append([]string{""}, topicNames...)...)
	}
	if p.Tab == view.TabTable {
		p.Sort = view.Sort{By: known(q.Get("sort"), "due", "title", "side", "owner", "state", "milestone"), Desc: q.Get("desc") != ""}
	}
	if id, day, ok := liveRun(q); ok && q.Get("tab") == string(view.TabRun) {
		p = planQuery{Tab: view.TabRun, Run: id, Day: day}
	}
	return p
}

// live is the address of a page's live stream.
func (q planQuery) live(id plan.ID) string {
	v := url.Values{"tab": {string(q.Tab)}}
	if q.Show != "" {
		v.Set("show", string(q.Show))
	}
	if q.Sort.By != "" && q.Sort.By != "due" {
		v.Set("sort", q.Sort.By)
	}
	if q.Sort.Desc {
		v.Set("desc", "1")
	}
	if q.Zoom != "" {
		v.Set("zoom", string(q.Zoom))
	}
	if q.Whole {
		v.Set("done", "1")
	}
	if q.Topic != "" {
		v.Set("topic", q.Topic)
	}
	if q.Tab == view.TabRun {
		v.Set("run", string(q.Run))
		v.Set("day", q.Day.String())
	}
	return "/plans/" + string(id) + "/live?" + v.Encode()
}

// watcher is one open page.
type watcher struct {
	s     *Server
	v     *visit
	view  app.View
	q     planQuery
	out   *http.ResponseController
	w     http.ResponseWriter
	shot  *view.Shot // what the page shows; nil: unknown, it fetches itself
	key   shotKey
	here  []plan.ID // who has the plan open, as last told
	told  time.Time // when that was
	later <-chan time.Time
}

// live tells an open page what changed, until the page closes, its reader may
// no longer see it, or the server goes away.
func (s *Server) live(w http.ResponseWriter, v *visit) error {
	x := &watcher{s: s, v: v, w: w, q: queryOf(v.URL.Query()), out: http.NewResponseController(w)}
	var err error
	if x.view, err = s.open(v); err != nil {
		return err
	}
	if x.q.Tab == view.TabRun && !(runPage{x.q.Run, x.q.Day}).known(x.view) {
		return nothing() // nor is anything kept for what there is not
	}
	moved, stop := s.Hub.Watch(x.view.Plan.ID, x.view.Side(), x.view.Me.ID)
	defer stop()
	s.metrics.watchers.Inc()
	defer s.metrics.watchers.Dec()

	if err := x.out.SetReadDeadline(time.Time{}); err != nil { // or the server takes the quiet line for a dead one
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	if x.write([]byte(": here\n\n")) != nil || x.catchUp() != nil {
		return nil // the reader went away
	}
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	for {
		select {
		case <-v.Context().Done():
			return nil
		case <-s.leaving.Done():
			return nil
		case _, open := <-moved:
			if !open { // sent away: told why if it is for good, else back at once
				if err := x.stillHere(); err != nil {
					x.end(err)
				}
				return nil
			}
			err = x.follow()
		case <-x.later:
			x.later = nil
			err = x.presence()
		case <-beat.C:
			err = x.stillHere()
		}
		if err != nil {
			x.end(err)
			return nil
		}
	}
}

var errGone = errors.New("the reader went away")

func (x *watcher) write(b []byte) error {
	if err := x.out.SetWriteDeadline(time.Now().Add(slowest)); err != nil {
		return err
	}
	if _, err := x.w.Write(b); err != nil {
		return errGone
	}
	if err := x.out.Flush(); err != nil {
		return errGone
	}
	return nil
}

// catchUp brings a page up to date that shows what its address or its last
// message says: by what changed if that state is still known, else by asking
// it to fetch itself.
func (x *watcher) catchUp() error {
	from := cmp.Or(x.v.Header.Get("Last-Event-ID"), x.v.URL.Query().Get("from"))
	view, err := x.s.App.Open(x.v.Context(), x.v.caller, x.view.Plan.ID) // again: it may have moved before the watch began
	if err != nil {
		return err
	}
	x.view = view
	now := keyOf(view, x.v.l.Lang, x.q)
	if key, ok := now.at(from); ok {
		x.shot, x.key = x.s.shots.have(key), key
	}
	if x.key != now {
		return x.follow()
	}
	if x.shot == nil {
		if x.shot, x.key, err = x.s.shoot(x.v.Context(), view, x.v.l, x.q); err != nil {
			return err
		}
	}
	return x.presence()
}

// follow sends what changed since the page was last told.
func (x *watcher) follow() error {
	view, err := x.s.App.Open(x.v.Context(), x.v.caller, x.view.Plan.ID)
	if err != nil {
		return err
	}
	x.view = view
	x.v.l = x.v.l.At(view.Now, view.Zone)
	shot, key, err := x.s.shoot(x.v.Context(), view, x.v.l, x.q)
	if err != nil {
		return err
	}
	if key != x.key {
		message, err := x.message(shot, key)
		if err != nil {
			return err
		}
		if err := x.write(message); err != nil {
			return err
		}
		x.shot, x.key = shot, key
	}
	return x.presence()
}

// message is made once for everybody who sees the same and was told the same.
func (x *watcher) message(shot *view.Shot, key shotKey) ([]byte, error) {
	if x.shot == nil {
		return view.Message{Seq: key.seq(), Reload: true}.Bytes(), nil
	}
	old, from := x.shot, x.key
	return x.s.shots.message(from, key, func() ([]byte, error) {
		m := view.Message{Seq: key.seq(), HTML: shot.Diff(old)}
		if key.shared > from.shared && x.s.pages != nil {
			n, err := x.s.pages.news(context.WithoutCancel(x.v.Context()), x.view, x.v.l, from.shared)
			if err != nil {
				return nil, err
			}
			m.Said, m.By, m.Changed = n.Said, n.By, n.Changed
		}
		return m.Bytes(), nil
	})
}

// stillHere keeps the connection open and ends it for whom it is no longer.
func (x *watcher) stillHere() error {
	c, err := x.s.App.Arrive(x.v.Context(), x.s.cookie(x.v))
	if err != nil {
		return err
	}
	x.v.caller = c
	if err := x.follow(); err != nil { // the day may have changed
		return err
	}
	return x.write([]byte(":\n\n"))
}

// presence tells who else has the plan open, if that changed.
func (x *watcher) presence() error {
	if wait := presencePace - time.Since(x.told); wait > 0 { // many come at once when a server starts
		if x.later == nil {
			x.later = time.After(wait)
		}
		return nil
	}
	x.told = time.Now()
	here := x.s.Hub.Watching(x.view.Plan.ID)
	if x.here != nil && slices.Equal(here, x.here) {
		return nil
	}
	x.here = append([]plan.ID{}, here...)
	html, err := x.s.presenceHTML(x.v, x.view, here)
	if err != nil {
		return err
	}
	return x.write(view.Message{Seq: x.key.seq(), HTML: html}.Bytes())
}

// end is how a stream stops: who may no longer see the plan is shown that at
// once; anything else is logged, and the page comes back by itself.
func (x *watcher) end(err error) {
	switch f, ok := fault.As(err); {
	case errors.Is(err, errGone), x.v.Context().Err() != nil:
	case ok && (f.Kind == fault.Missing || f.Kind == fault.Forbidden):
		_ = x.write(view.Message{Seq: x.key.seq(), Reload: true}.Bytes())
	default:
		x.s.log(x.v, err)
	}
}
