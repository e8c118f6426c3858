package scim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// made makes a user and a group, and gives their ids.
func (h *house) made() (user, group string) {
	h.t.Helper()
	var got struct {
		ID string `json:"id"`
	}
	for path, body := range map[string]string{
		"Users":  `{"userName":"priya@acme.example","displayName":"Priya Natarajan"}`,
		"Groups": `{"displayName":"Tandem Managers"}`,
	} {
		a := h.ask(h.token, "POST", path, body)
		if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusCreated {
			h.t.Fatalf("%d %s", a.status, a.body)
		}
		if path == "Users" {
			user = got.ID
		} else {
			group = got.ID
		}
	}
	return user, group
}

// requests are one for every route of the door, about a user and a group.
func requests(user, group string) [][3]string {
	add := `{"Operations":[{"op":"add","path":"members","value":[{"value":"` + user + `"}]}]}`
	return [][3]string{
		{"GET", "ServiceProviderConfig", ""}, {"GET", "ResourceTypes", ""}, {"GET", "ResourceTypes/User", ""},
		{"GET", "Schemas", ""}, {"GET", "Schemas/" + userSchema, ""}, {"GET", "Users", ""},
		{"POST", "Users", `{"userName":"eve@x.example"}`}, {"GET", "Users/" + user, ""}, {"PUT", "Users/" + user, `{"userName":"eve@x.example"}`},
		{"PATCH", "Users/" + user, `{"Operations":[{"op":"Replace","path":"active","value":"False"}]}`},
		{"GET", "Groups", ""}, {"POST", "Groups", `{"displayName":"x"}`}, {"GET", "Groups/" + group, ""},
		{"PUT", "Groups/" + group, `{"displayName":"y"}`}, {"PATCH", "Groups/" + group, add},
		{"DELETE", "Groups/" + group, ""}, {"DELETE", "Users/" + user, ""}, {"GET", "nothing", ""}, {"POST", "Bulk", "{}"},
	}
}

// everyRoute fails for a route none of the requests asks.
func (h *house) everyRoute(all [][3]string) {
	h.t.Helper()
	mux, asked := http.NewServeMux(), map[string]bool{}
	routes := Routes(Config{Service: h.app})
	for _, r := range routes {
		mux.Handle(r.Pattern, r.Handler)
	}
	for _, r := range all {
		_, pattern := mux.Handler(httptest.NewRequest(r[0], Prefix+r[1], nil))
		asked[pattern] = true
	}
	for _, r := range routes {
		if !asked[r.Pattern] {
			h.t.Errorf("nobody asks %q: it needs a row", r.Pattern)
		}
	}
}

func TestDenials(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user, group := h.made()
	other, otherToken := h.workspace("Borealis", "bea@borealis.example")
	revoked, err := h.app.NewDirectoryToken(t.Context(), h.admin, 0)
	if err != nil {
		t.Fatal(err)
	}
	expired, err := h.app.NewDirectoryToken(t.Context(), h.admin, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := h.store.DirectoryTokens(t.Context(), h.admin.Member.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range tokens {
		if string(x.Hash) != string(revoked.Hash()) {
			continue
		}
		if err := h.app.RevokeDirectoryToken(t.Context(), other, x.ID); err == nil {
			t.Error("another workspace's administrator revoked a token")
		}
		if a := h.ask(revoked, "GET", "Users", ""); a.status != http.StatusOK {
			t.Errorf("a valid token: %d", a.status)
		}
		if err := h.app.RevokeDirectoryToken(t.Context(), h.admin, x.ID); err != nil {
			t.Fatal(err)
		}
	}
	h.now = h.now.Add(time.Hour)
	h.everyRoute(requests(user, group))
	for name, token := range map[string]app.Secret{"no token": "", "wrong token": app.Secret(strings.Repeat("x", 43)), "half a token": h.token[:20],
		"revoked token": revoked, "expired token": expired} {
		for _, r := range requests(user, group) {
			a := h.ask(token, r[0], r[1], r[2])
			if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" || strings.Contains(string(a.body), "Priya") {
				t.Errorf("%s: %s %s: %d %s, want 401", name, r[0], r[1], a.status, a.body)
			}
		}
	}
	for _, r := range requests(user, group) { // of the resources of another workspace, nothing is there
		if !strings.Contains(r[1], user) && !strings.Contains(r[1], group) {
			continue
		}
		if a := h.ask(otherToken, r[0], r[1], r[2]); a.status != http.StatusNotFound {
			t.Errorf("other workspace's token: %s %s: %d %s, want 404", r[0], r[1], a.status, a.body)
		}
	}
	for _, path := range []string{"Users", "Groups", `Users?filter=userName+eq+%22priya@acme.example%22`} {
		if a := h.ask(otherToken, "GET", path, ""); a.status != http.StatusOK || strings.Contains(string(a.body), "Priya") || strings.Contains(string(a.body), "Managers") {
			t.Errorf("other workspace's token: %s: %d %s", path, a.status, a.body)
		}
	}
	var mine struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(h.ask(otherToken, "POST", "Groups", `{"displayName":"mine"}`).body, &mine); err != nil {
		t.Fatal(err)
	}
	steal := `{"Operations":[{"op":"add","path":"members","value":[{"value":"` + user + `"}]}]}`
	if a := h.ask(otherToken, "PATCH", "Groups/"+mine.ID, steal); a.status != http.StatusBadRequest {
		t.Errorf("a member of another workspace in a group: %d %s, want 400", a.status, a.body)
	}
	if a := h.ask(h.token, "GET", "Users/"+user, ""); a.status != http.StatusOK || !strings.Contains(string(a.body), `"active":true`) {
		t.Errorf("after all that: %d %s, want her as she was", a.status, a.body)
	}
	// A member, an administrator and their browsers' cookies are no providers.
	if _, err := h.app.Provider(t.Context(), app.Secret(h.admin.Member.ID)); err == nil {
		t.Error("an id is a token")
	}
}

func TestOnlyAdministratorsMakeTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := app.Caller{Member: &app.Member{ID: "s", Workspace: h.admin.Member.Workspace, Role: app.RoleSeller}}
	manager := app.Caller{Member: &app.Member{ID: "m", Workspace: h.admin.Member.Workspace, Role: app.RoleManager}}
	for name, c := range map[string]app.Caller{"nobody": {}, "seller": seller, "manager": manager} {
		if _, err := h.app.NewDirectoryToken(t.Context(), c, 0); err == nil {
			t.Errorf("%s made a token", name)
		}
		if _, err := h.app.Provisioning(t.Context(), c); err == nil {
			t.Errorf("%s saw the tokens", name)
		}
		if err := h.app.RevokeDirectoryToken(t.Context(), c, "x"); err == nil {
			t.Errorf("%s revoked a token", name)
		}
		if err := h.app.MapGroups(t.Context(), c, nil, app.RoleSeller); err == nil {
			t.Errorf("%s mapped groups", name)
		}
	}
	for range 4 {
		if _, err := h.app.NewDirectoryToken(t.Context(), h.admin, 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.app.NewDirectoryToken(t.Context(), h.admin, 0); err == nil {
		t.Error("a sixth valid token was made")
	}
	stored, err := h.store.DirectoryTokens(t.Context(), h.admin.Member.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range stored {
		if len(x.Hash) != 32 || strings.Contains(fmt.Sprint(x), string(h.token)) {
			t.Errorf("stored %+v, want a hash", x)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.Rate, c.Burst = 1e-6, 6 })
	long := `{"userName":"` + strings.Repeat("x", maxBody) + `"}`
	for _, c := range []struct {
		name, method, path, body string
		want                     int
	}{
		{"a body that is too large", "POST", "Users", long, http.StatusRequestEntityTooLarge},
		{"a filter that is too long", "GET", "Users?filter=userName+eq+%22" + strings.Repeat("x", maxFilter) + "%22", "", http.StatusBadRequest},
		{"a filter that is too deep", "GET", "Users?filter=" + strings.Repeat("(", 40) + "active+pr" + strings.Repeat(")", 40), "", http.StatusBadRequest},
		{"too many operations", "PATCH", "Users/x", `{"Operations":[` + strings.Repeat(`{"op":"remove","path":"title"},`, maxOperations) + `{"op":"remove","path":"title"}]}`, http.StatusBadRequest},
		{"JSON that is too deep", "POST", "Users", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), http.StatusBadRequest},
		{"a name that is too long", "POST", "Users", `{"userName":"a@acme.example","displayName":"` + strings.Repeat("x", 501) + `"}`, http.StatusBadRequest},
		{"one request too many", "GET", "Users", "", http.StatusTooManyRequests},
	} {
		a := h.ask(h.token, c.method, c.path, c.body)
		if a.status != c.want || !strings.Contains(string(a.body), errorSchema) {
			t.Errorf("%s: %d %s, want %d", c.name, a.status, a.body, c.want)
		}
	}
}

func TestBodiesThatAreNoJSONAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	req, err := http.NewRequestWithContext(t.Context(), "POST", h.http.URL+Prefix+"Users", strings.NewReader("userName=x"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+string(h.token))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := h.http.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("got %d, want 415", res.StatusCode)
	}
}

func TestWhoAPersonSwitchedOffStaysOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user, _ := h.made()
	if err := h.app.Suspend(t.Context(), h.admin, plan.ID(user), true); err != nil {
		t.Fatal(err)
	}
	a := h.ask(h.token, "PATCH", "Users/"+user, `{"Operations":[{"op":"Replace","path":"active","value":"True"}]}`)
	if a.status != http.StatusOK || !strings.Contains(string(a.body), `"active":false`) {
		t.Errorf("%d %s, want 200 and not active", a.status, a.body)
	}
}

func TestARemovedAddressIsSomebodyNew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user, _ := h.made()
	if a := h.ask(h.token, "DELETE", "Users/"+user, ""); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	m, err := h.store.Member(t.Context(), plan.ID(user))
	if err != nil || m.Name != "" || m.Email != "" || m.Disabled.IsZero() {
		t.Errorf("%+v, %v; want nothing but that they are disabled", m, err)
	}
	a := h.ask(h.token, "POST", "Users", `{"userName":"priya@acme.example","displayName":"Priya Nair"}`)
	if a.status != http.StatusCreated || strings.Contains(string(a.body), user) {
		t.Errorf("%d %s, want somebody new", a.status, a.body)
	}
}
