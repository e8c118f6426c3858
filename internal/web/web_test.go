package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/blob/disk"
	"tandem/internal/civil"
	"tandem/internal/exchange/csv"
	"tandem/internal/live"
	"tandem/internal/plan"
	"tandem/internal/sheet"
	"tandem/internal/store/sqlite"
)

// house is a whole server over HTTP on a real store.
type house struct {
	files   *disk.Store
	t       *testing.T
	app     *app.Service
	hub     *live.Hub
	store   *sqlite.Store
	server  *Server
	web     *httptest.Server
	log     *lockedBuffer
	members map[string]app.Member
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// today of the tests: a Thursday.
var testNow = time.Date(2028, time.May, 11, 8, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, change ...func(*Config)) *house {
	t.Helper()
	return newHouseOf(t, func(*app.Options) {}, change...)
}

func newHouseOf(t *testing.T, options func(*app.Options), change ...func(*Config)) *house {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, hub: live.NewHub(), store: store, log: &lockedBuffer{}, members: map[string]app.Member{}}
	if h.files, err = disk.Open(filepath.Join(t.TempDir(), "files")); err != nil {
		t.Fatal(err)
	}
	o := app.Options{Publisher: h.hub, Clock: func() time.Time { return testNow }, Calendars: calendaring(),
		Files: app.Filing{Blobs: h.files, Max: testFileMax, Room: testFileRoom}}
	options(&o)
	h.app = app.New(store, o)
	c := Config{App: h.app, Hub: h.hub, Ready: store.Check, Base: "http://127.0.0.1", Operator: "Acme Hosting", EntryBurst: 10_000,
		Log: slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})), ReadTable: readTable,
		Tables: map[string]Encoder{"csv": csv.Encode}}
	for _, f := range change {
		f(&c)
	}
	if h.server, err = New(c); err != nil {
		t.Fatal(err)
	}
	h.web = httptest.NewServer(h.server)
	t.Cleanup(func() {
		h.server.leave()
		h.web.Close()
		h.hub.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func readTable(_ string, data []byte) (sheet.Grid, error) { return csv.Decode(bytes.NewReader(data)) }

// browser is somebody's browser.
type browser struct {
	h    *house
	http *http.Client
	lang string
}

func (h *house) browser(lang string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h: h, lang: lang, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

// answer is what came back at the end of the redirects.
type answer struct {
	status int
	path   string
	header http.Header
	body   string
}

func (b *browser) do(r *http.Request) answer {
	b.h.t.Helper()
	r.Header.Set("Accept-Language", b.lang)
	res, err := b.http.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL.Path, res.Header, string(body)}
}

func (b *browser) get(path string) answer {
	b.h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.h.web.URL+path, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return b.do(r)
}

// post sends a form as a page of this server does.
func (b *browser) post(path string, form url.Values) answer {
	b.h.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.h.web.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func (a answer) has(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("%s (%d) lacks %q", a.path, a.status, w)
		}
	}
}

func (a answer) lacks(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			t.Errorf("%s (%d) contains %q", a.path, a.status, w)
		}
	}
}

func (a answer) is(t *testing.T, status int) {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s answered %d, want %d: %s", a.path, a.status, status, short(a.body))
	}
}

func short(s string) string {
	s = regexp.MustCompile(`(?s)<head>.*</head>|<[^>]*>`).ReplaceAllString(s, " ")
	s = strings.Join(strings.Fields(s), " ")
	return s[:min(len(s), 600)]
}

// member signs a new member of a workspace in; the workspace is made if it is
// not there yet.
func (h *house) member(organisation, name, email string, admin bool) *browser {
	h.t.Helper()
	role := app.RoleSeller
	if admin {
		role = app.RoleAdmin
	}
	ctx := context.Background()
	places, err := h.app.Workspaces(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range places {
		if p.Name == organisation {
			h.t.Fatalf("use colleague: %s is there", organisation)
		}
	}
	_, m, err := h.app.Found(ctx, app.Workspace{Name: organisation, Language: "de", Zone: "Europe/Berlin", Region: "DE-BE"},
		app.Member{Name: name, Email: email, Language: "de", Role: role})
	if err != nil {
		h.t.Fatal(err)
	}
	h.members[name] = m
	return h.signedIn(m, "de")
}

func (h *house) signedIn(m app.Member, lang string) *browser {
	h.t.Helper()
	secret, err := h.app.MemberLink(context.Background(), m)
	if err != nil {
		h.t.Fatal(err)
	}
	b := h.browser(lang)
	if a := b.post("/in/"+string(secret), nil); a.status != http.StatusOK || a.path != "/" {
		h.t.Fatalf("sign-in ended at %s with %d", a.path, a.status)
	}
	return b
}

// caller is whom a browser is for the use cases.
func (b *browser) caller() app.Caller {
	b.h.t.Helper()
	u, err := url.Parse(b.h.web.URL)
	if err != nil {
		b.h.t.Fatal(err)
	}
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Name == "tandem" {
			caller, err := b.h.app.Arrive(context.Background(), app.Secret(c.Value))
			if err != nil {
				b.h.t.Fatal(err)
			}
			return caller
		}
	}
	return app.Caller{}
}

// samplePlan makes a plan from the sample.
func (b *browser) samplePlan() plan.ID {
	b.h.t.Helper()
	id := b.h.app.NewID()
	v, err := b.h.app.Create(context.Background(), b.caller(), app.NewPlan{ID: id, File: app.Sample("de", civil.Of(2028, time.May, 11))})
	if err != nil {
		b.h.t.Fatal(err)
	}
	return v.Plan.ID
}

// colleague adds somebody to a workspace that is there.
func (h *house) colleague(organisation, name, email string, role app.Role) app.Member {
	h.t.Helper()
	ctx := context.Background()
	places, err := h.app.Workspaces(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range places {
		if p.Name == organisation {
			m := app.Member{ID: h.app.NewID(), Workspace: p.ID, Name: name, Email: email, Language: "en", Role: role, Created: testNow}
			if err := h.store.SaveMember(ctx, m); err != nil {
				h.t.Fatal(err)
			}
			return m
		}
	}
	h.t.Fatalf("no workspace %s", organisation)
	return app.Member{}
}
