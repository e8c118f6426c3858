package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// testPages shows the title and, to its own side, the number of notes.
type testPages struct{ renders atomic.Int64 }

func (p *testPages) fragments(v app.View, l *locale.Locale, _ planQuery) []view.Fragment {
	p.renders.Add(1)
	return []view.Fragment{{ID: "head", Self: templ.Raw(fmt.Sprintf(`<h1 id="head" lang="%s">%s, %d notes</h1>`, l.Lang, title(v), len(v.Own.Notes)))}}
}

func (p *testPages) news(context.Context, app.View, *locale.Locale, int64) (news, error) {
	return news{Said: "somebody did something"}, nil
}

// stream is an open live stream.
type stream struct {
	t      *testing.T
	res    *http.Response
	events chan event
}

type event struct{ id, data string }

func (b *browser) stream(path string, headers ...string) *stream {
	b.h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.h.web.URL+path, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.lang)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Jar: b.http.Jar}
	res, err := client.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		b.h.t.Fatalf("%s: %d %s", path, res.StatusCode, res.Header.Get("Content-Type"))
	}
	s := &stream{t: b.h.t, res: res, events: make(chan event, 100)}
	b.h.t.Cleanup(func() { res.Body.Close() })
	go func() {
		defer close(s.events)
		var e event
		lines := bufio.NewReader(res.Body)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			line = strings.TrimSuffix(line, "\n")
			switch {
			case line == "" && e != (event{}):
				s.events <- e
				e = event{}
			case strings.HasPrefix(line, "id: "):
				e.id = line[4:]
			case strings.HasPrefix(line, "data: "):
				e.data += line[6:]
			}
		}
	}()
	return s
}

// next is the next message that is not only about presence.
func (s *stream) next() event {
	s.t.Helper()
	for {
		select {
		case e, open := <-s.events:
			if !open {
				s.t.Fatal("the stream ended")
			}
			if !strings.Contains(e.data, `id="presence"`) {
				return e
			}
		case <-time.After(10 * time.Second):
			s.t.Fatal("nothing came")
		}
	}
}

func (s *stream) ended() {
	s.t.Helper()
	for {
		select {
		case _, open := <-s.events:
			if !open {
				return
			}
		case <-time.After(10 * time.Second):
			s.t.Fatal("the stream goes on")
		}
	}
}

func liveHouse(t *testing.T) (*house, *testPages, *browser, *browser, plan.ID) {
	t.Helper()
	h := newHouse(t)
	pages := &testPages{}
	h.server.pages = pages
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := seller.samplePlan()
	return h, pages, seller, h.guest(seller, string(id)), id
}

func (b *browser) retitle(id plan.ID, to string) app.View {
	b.h.t.Helper()
	v, err := b.h.app.Open(context.Background(), b.caller(), id)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if v, err = b.h.app.Do(context.Background(), b.caller(), id, plan.Edit{Item: plan.DecisionItem, Version: v.Plan.Items[plan.DecisionItem].Version, Patch: plan.Patch{Title: &to}}); err != nil {
		b.h.t.Fatal(err)
	}
	return v
}

func (b *browser) seq(id plan.ID) string {
	b.h.t.Helper()
	v, err := b.h.app.Open(context.Background(), b.caller(), id)
	if err != nil {
		b.h.t.Fatal(err)
	}
	_, key, err := b.h.server.shoot(context.Background(), v, locale.For(v.Plan.Language), planQuery{Tab: view.TabPlan})
	if err != nil {
		b.h.t.Fatal(err)
	}
	return key.seq()
}

func TestAChangeReachesTheOtherSide(t *testing.T) {
	t.Parallel()
	_, pages, seller, buyer, id := liveHouse(t)
	path := "/plans/" + string(id) + "/live?tab=plan"
	from := buyer.seq(id)
	var streams []*stream
	for range 20 {
		streams = append(streams, buyer.stream(path+"&from="+from))
	}
	before := pages.renders.Load()
	seller.retitle(id, "Bis Juni entscheiden")
	for _, s := range streams {
		e := s.next()
		if !strings.Contains(e.data, "Bis Juni entscheiden") || !strings.Contains(e.data, "somebody did something") || e.id == from {
			t.Fatalf("got %+v", e)
		}
	}
	if n := pages.renders.Load() - before; n != 1 {
		t.Errorf("rendered %d times for 20 watchers of one audience", n)
	}
}

// What is internal to a side wakes and reaches that side only.
func TestPrivateChangesStayPrivate(t *testing.T) {
	t.Parallel()
	h, _, seller, buyer, id := liveHouse(t)
	path := "/plans/" + string(id) + "/live?tab=plan"
	sellers := seller.stream(path + "&from=" + seller.seq(id))
	buyers := buyer.stream(path + "&from=" + buyer.seq(id))
	if _, err := h.app.DoPrivate(context.Background(), seller.caller(), id, plan.SetNote{ID: h.app.NewID(), Text: "geheim"}); err != nil {
		t.Fatal(err)
	}
	if e := sellers.next(); !strings.Contains(e.data, "1 notes") {
		t.Errorf("own side got %+v", e)
	}
	seller.retitle(id, "Danach")
	if e := buyers.next(); !strings.Contains(e.data, "Danach, 0 notes") {
		t.Errorf("other side got %+v first", e)
	}
}

func TestComingBackMissesNothing(t *testing.T) {
	t.Parallel()
	_, _, seller, buyer, id := liveHouse(t)
	path := "/plans/" + string(id) + "/live?tab=plan"
	from := buyer.seq(id)
	seller.retitle(id, "Erstens")
	seller.retitle(id, "Zweitens")
	// Known: it gets what changed, once.
	e := buyer.stream(path + "&from=" + from).next()
	if !strings.Contains(e.data, "Zweitens") || strings.Contains(e.data, "data-reload") {
		t.Errorf("got %+v", e)
	}
	// The browser's own header is newer than the address.
	s := buyer.stream(path+"&from="+from, "Last-Event-ID", e.id)
	seller.retitle(id, "Drittens")
	if e = s.next(); !strings.Contains(e.data, "Drittens") {
		t.Errorf("got %+v", e)
	}
	// Unknown: the page fetches itself.
	for _, from := range []string{"1.0.1", "nonsense", ""} {
		if e = buyer.stream(path + "&from=" + from).next(); !strings.Contains(e.data, "data-reload") {
			t.Errorf("from %q got %+v", from, e)
		}
	}
}

func TestPresenceIsTold(t *testing.T) {
	t.Parallel()
	_, _, seller, buyer, id := liveHouse(t)
	path := "/plans/" + string(id) + "/live?tab=plan"
	s := seller.stream(path + "&from=" + seller.seq(id))
	other := buyer.stream(path + "&from=" + buyer.seq(id))
	waitFor(t, s, "Sarah Chen")
	other.res.Body.Close()
	waitFor(t, s, `<span class="wide"></span>`)
}

func waitFor(t *testing.T, s *stream, words string) {
	t.Helper()
	for {
		select {
		case e, open := <-s.events:
			if !open {
				t.Fatal("the stream ended")
			}
			if strings.Contains(e.data, words) {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("nobody said %q", words)
		}
	}
}

func TestAStreamEndsWithItsReason(t *testing.T) {
	t.Parallel()
	h, _, seller, buyer, id := liveHouse(t)
	h.server.beat = 20 * time.Millisecond
	path := "/plans/" + string(id) + "/live?tab=plan"

	signedOut := seller.stream(path + "&from=" + seller.seq(id))
	if err := h.app.SignOut(context.Background(), seller.caller()); err != nil {
		t.Fatal(err)
	}
	if e := signedOut.next(); !strings.Contains(e.data, "data-reload") {
		t.Errorf("who is signed out got %+v", e)
	}
	signedOut.ended()

	stopping := buyer.stream(path + "&from=" + buyer.seq(id))
	h.server.leave()
	stopping.ended()
}

// The server's Shutdown ends streams and does not wait for them.
func TestShutdownDoesNotWaitForStreams(t *testing.T) {
	t.Parallel()
	h, _, seller, _, id := liveHouse(t)
	plain := httptest.NewUnstartedServer(nil)
	plain.Config = h.server.HTTP("")
	plain.Start()
	defer plain.Close()
	r, err := http.NewRequest(http.MethodGet, plain.URL+"/plans/"+string(id)+"/live?tab=plan", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookiesOf(seller) {
		r.AddCookie(c)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := plain.Config.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
}

func cookiesOf(b *browser) []*http.Cookie {
	r, err := http.NewRequest(http.MethodGet, b.h.web.URL, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return b.http.Jar.Cookies(r.URL)
}

func TestShotsAreKeptWithinTheirBytes(t *testing.T) {
	t.Parallel()
	s := newShots(1000)
	take := func(n int) func() (*view.Shot, error) {
		return func() (*view.Shot, error) {
			return view.Take(context.Background(), []view.Fragment{{ID: "x", Self: templ.Raw(strings.Repeat("x", n))}})
		}
	}
	for i := range 50 {
		if _, _, err := s.get(shotKey{shared: int64(i)}, take(100)); err != nil {
			t.Fatal(err)
		}
	}
	if s.size > 1000 || len(s.known) > 10 || s.have(shotKey{shared: 49}) == nil || s.have(shotKey{shared: 1}) != nil {
		t.Errorf("%d bytes, %d pages", s.size, len(s.known))
	}
	if _, _, err := s.get(shotKey{shared: 99}, func() (*view.Shot, error) { return nil, io.ErrUnexpectedEOF }); err == nil {
		t.Error("no error")
	}
	if shot, kept, err := s.get(shotKey{shared: 99}, take(5)); shot == nil || kept || err != nil {
		t.Error("a page that failed once is not tried again")
	}
}

func TestQueryKnowsOnlyWhatThereIs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]planQuery{
		"":                              {Tab: view.TabPlan},
		"tab=evil&show=x&sort=y":        {Tab: view.TabPlan},
		"tab=table&show=mine&sort=side": {Tab: view.TabTable, Show: view.ShowMine, Sort: view.Sort{By: "side"}},
		"tab=people&show=mine&desc=1":   {Tab: view.TabPeople},
	} {
		r, err := http.NewRequest(http.MethodGet, "/?"+in, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := queryOf(r.URL.Query())
		if got != want {
			t.Errorf("%q: got %+v", in, got)
		}
		u, err := http.NewRequest(http.MethodGet, got.live("p"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if again := queryOf(u.URL.Query()); again != got && again.Sort.By != "due" {
			t.Errorf("%q does not come back: %+v", in, again)
		}
	}
}
