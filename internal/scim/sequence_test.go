package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/store/sqlite"
)

var update = flag.Bool("update", false, "write the answers in testdata anew")

// house is the door over HTTP, on a real database.
type house struct {
	t     *testing.T
	app   *app.Service
	store *sqlite.Store
	http  *httptest.Server
	token app.Secret
	admin app.Caller
	now   time.Time
	log   *bytes.Buffer
}

func newHouse(t *testing.T, change ...func(*Config)) *house {
	t.Helper()
	st, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: st, now: time.Date(2028, time.May, 11, 8, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	h.app = app.New(st, app.Options{Clock: func() time.Time { return h.now }})
	h.admin, h.token = h.workspace("Acme Cloud", "john@acme.example")
	c := Config{Service: h.app, Base: "https://plans.example.com", Log: slog.New(slog.NewJSONHandler(h.log, nil))}
	for _, f := range change {
		f(&c)
	}
	mux := http.NewServeMux()
	for _, r := range Routes(c) {
		mux.Handle(r.Pattern, r.Handler)
	}
	h.http = httptest.NewServer(mux)
	t.Cleanup(func() {
		h.http.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// workspace makes one with its administrator, a token and a mapping.
func (h *house) workspace(name, email string) (app.Caller, app.Secret) {
	h.t.Helper()
	_, m, err := h.app.Found(context.Background(), app.Workspace{Name: name, Language: "en", Zone: "Europe/Berlin"},
		app.Member{Name: "John Martinez", Email: email, Language: "en", Role: app.RoleAdmin})
	if err != nil {
		h.t.Fatal(err)
	}
	c := app.Caller{Member: &m}
	token, err := h.app.NewDirectoryToken(context.Background(), c, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	err = h.app.MapGroups(context.Background(), c, []app.RoleOfGroup{{Group: "Tandem Managers", Role: app.RoleManager},
		{Group: "60F1BB27-2e1e-402d-bcc4-ec999564a194", Role: app.RoleAdmin}}, app.RoleSeller)
	if err != nil {
		h.t.Fatal(err)
	}
	return c, token
}

type answered struct {
	status int
	header http.Header
	body   []byte
}

func (h *house) ask(token app.Secret, method, path, body string) answered {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+Prefix+strings.TrimPrefix(path, "/"), strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/scim+json; charset=utf-8")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+string(token))
	}
	res, err := h.http.Client().Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answered{res.StatusCode, res.Header, b}
}

// scene is one request of a sequence with its answer.
type scene struct{ title, request, body, as, want string }

func scenes(text string) []scene {
	var out []scene
	for _, part := range strings.Split("\n"+text, "\n### ")[1:] {
		ask, want, _ := strings.Cut(part, "\n--- ")
		title, rest, _ := strings.Cut(ask, "\n")
		line, body, _ := strings.Cut(rest, "\n")
		request, as, _ := strings.Cut(line, " as ")
		out = append(out, scene{title, strings.TrimSpace(request), strings.TrimSpace(body), strings.TrimSpace(as), strings.TrimSpace(want)})
	}
	return out
}

// play sends a request and writes down the answer, with names for ids.
func (h *house) play(s scene, names map[string]string) string {
	h.t.Helper()
	fill := func(text string) string {
		for name, id := range names {
			text = strings.ReplaceAll(text, "{"+name+"}", id)
		}
		return text
	}
	method, path, _ := strings.Cut(fill(s.request), " ")
	if method == "ROLE" {
		m, err := h.store.Member(h.t.Context(), plan.ID(path))
		if err != nil {
			h.t.Fatal(err)
		}
		return string(m.Role)
	}
	a := h.ask(h.token, method, path, fill(s.body))
	if s.as != "" {
		var got struct {
			ID        string `json:"id"`
			Resources []struct {
				ID string `json:"id"`
			}
		}
		if err := json.Unmarshal(a.body, &got); err != nil {
			h.t.Fatalf("%s: %v in %s", s.title, err, a.body)
		}
		if len(got.Resources) > 0 {
			got.ID = got.Resources[0].ID
		}
		if names[s.as] = got.ID; got.ID == "" {
			h.t.Fatalf("%s: no id in %s", s.title, a.body)
		}
	}
	out := fmt.Sprint(a.status)
	if len(a.body) > 0 {
		if ct := a.header.Get("Content-Type"); !strings.HasPrefix(ct, "application/scim+json") {
			h.t.Errorf("%s: content type %q", s.title, ct)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, bytes.TrimSpace(a.body), "", "\t"); err != nil {
			h.t.Fatalf("%s: %v in %s", s.title, err, a.body)
		}
		out += "\n" + pretty.String()
	}
	for name, id := range names {
		out = strings.ReplaceAll(out, id, "{"+name+"}")
	}
	return out
}

func TestSequences(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d sequences, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			h := newHouse(t)
			h.app = nil // what follows comes over HTTP alone
			names := map[string]string{"john": string(h.admin.Member.ID)}
			var fresh strings.Builder
			for _, s := range scenes(string(text)) {
				got := h.play(s, names)
				if got != s.want && !*update {
					t.Errorf("%s\ngot  %s\nwant %s", s.title, got, s.want)
				}
				h.now = h.now.Add(time.Minute)
				request := s.request
				if s.as != "" {
					request += " as " + s.as
				}
				fmt.Fprintf(&fresh, "### %s\n%s\n", s.title, request)
				if s.body != "" {
					fmt.Fprintln(&fresh, s.body)
				}
				fmt.Fprintf(&fresh, "--- %s\n\n", got)
			}
			if *update {
				if err := os.WriteFile(file, []byte(fresh.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, private := range []string{"acme.example", "Natarajan", "Brandt", string(h.token)} {
				if strings.Contains(h.log.String(), private) {
					t.Errorf("the log holds %q", private)
				}
			}
		})
	}
}
