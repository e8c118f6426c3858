package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tandem/internal/app"
)

// ofToken is the address that revokes a token of the home side's workspace.
func ofToken(f *matrixPlan) string {
	if _, err := f.h.app.NewDirectoryToken(context.Background(), f.homeCaller, 0); err != nil {
		f.h.t.Fatal(err)
	}
	p, err := f.h.app.Provisioning(context.Background(), f.homeCaller)
	if err != nil {
		f.h.t.Fatal(err)
	}
	return "/workspace/directory/tokens/" + string(p.Tokens[0].ID) + "/revoke"
}

func TestDirectoryPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	b.get("/workspace").has(t, `href="/workspace/directory"`)
	b.get("/workspace/directory").has(t, "http://127.0.0.1/scim/v2")

	a := b.post("/workspace/directory/tokens", url.Values{"months": {"6"}})
	a.is(t, http.StatusOK)
	found := regexp.MustCompile(`id="scim-token"[^>]*value="([\w-]{43})"`).FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("no token in %s", short(a.body))
	}
	by, err := h.app.Provider(t.Context(), app.Secret(found[1]))
	if err != nil || by.Workspace != b.caller().Member.Workspace {
		t.Fatalf("the token opens %q, %v", by.Workspace, err)
	}
	page := b.get("/workspace/directory")
	if page.lacks(t, found[1]); strings.Contains(h.log.String(), found[1]) {
		t.Error("the token is in the log")
	}
	action := regexp.MustCompile(`/workspace/directory/tokens/\w+/revoke`).FindString(page.body)
	b.post(action, nil).is(t, http.StatusOK)
	if _, err := h.app.Provider(t.Context(), app.Secret(found[1])); err == nil {
		t.Error("a revoked token opens")
	}

	// What was typed is still there when it is refused.
	twice := url.Values{"group": {"Leitung", "leitung", ""}, "role": {"manager", "admin", "seller"}, "base": {"seller"}}
	a = b.post("/workspace/directory/roles", twice)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, `value="Leitung"`)
	b.post("/workspace/directory/roles", url.Values{"group": {"Leitung", "8AA1A0C0-c4c3"}, "role": {"manager", "admin"}, "base": {"manager"}}).is(t, http.StatusOK)
	for _, c := range []struct {
		groups []string
		want   app.Role
		mapped bool
	}{
		{[]string{"LEITUNG"}, app.RoleManager, true},
		{[]string{"Leitung", "8aa1a0c0-C4C3"}, app.RoleAdmin, true},
		{[]string{"Vertrieb", ""}, "", false},
		{nil, "", false},
	} {
		role, mapped, err := h.app.Roles(t.Context(), b.caller().Member.Workspace, c.groups)
		if err != nil || role != c.want || mapped != c.mapped {
			t.Errorf("%v: %q, %v, %v; want %q, %v", c.groups, role, mapped, err, c.want, c.mapped)
		}
	}
	if role, err := h.app.DefaultRole(t.Context(), b.caller().Member.Workspace); err != nil || role != app.RoleManager {
		t.Errorf("without a group %q, %v; want manager", role, err)
	}
	b.post("/workspace/directory/roles", url.Values{"base": {"admin"}}).is(t, http.StatusUnprocessableEntity)
}

// Guessing a token is slow, and using a good one is not slowed by that of
// others.
func TestTokensAreGuessedSlowly(t *testing.T) {
	t.Parallel()
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer good" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	h := newHouse(t, func(c *Config) {
		c.EntryBurst, c.EntryRate = 5, 1e-6
		c.Machines = []Machine{{"GET /scim/v2/Users", answer}}
	})
	ask := func(token string) int {
		req, err := http.NewRequestWithContext(t.Context(), "GET", h.web.URL+"/scim/v2/Users", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := h.web.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	for range 20 {
		if got := ask("good"); got != http.StatusOK {
			t.Fatalf("a good token: %d", got)
		}
	}
	for n := range 5 {
		if got := ask("bad"); got != http.StatusUnauthorized {
			t.Fatalf("guess %d: %d, want 401", n, got)
		}
	}
	if got := ask("bad"); got != http.StatusTooManyRequests {
		t.Errorf("the sixth guess: %d, want 429", got)
	}
}
