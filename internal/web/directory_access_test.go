package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/scim"
)

// provider is an identity provider that talks to a whole server.
type provider struct {
	h     *house
	token app.Secret
}

func (p *provider) send(method, path, body string) map[string]any {
	p.h.t.Helper()
	req, err := http.NewRequestWithContext(p.h.t.Context(), method, p.h.web.URL+"/scim/v2/"+path, strings.NewReader(body))
	if err != nil {
		p.h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+string(p.token))
	req.Header.Set("Content-Type", "application/scim+json; charset=utf-8")
	res, err := p.h.web.Client().Do(req)
	if err != nil {
		p.h.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		p.h.t.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, raw, err)
	}
	var out map[string]any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			p.h.t.Fatal(err)
		}
	}
	return out
}

func directoryHouse(t *testing.T) (*house, *browser, *provider) {
	t.Helper()
	h := newHouse(t, func(c *Config) {
		for _, r := range scim.Routes(scim.Config{Service: c.App, Base: c.Base, Log: c.Log}) {
			c.Machines = append(c.Machines, Machine{r.Pattern, r.Handler})
		}
	})
	admin := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	token, err := h.app.NewDirectoryToken(t.Context(), admin.caller(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return h, admin, &provider{h, token}
}

// Access ends within a second of what the directory says, counted from the
// answer it gets: every session, every open page, every link, whichever way they
// came in. The person stays in the plans.
func TestAccessEndsWhenTheDirectorySaysSo(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(p *provider, id string){
		"disabled": func(p *provider, id string) {
			p.send("PATCH", "Users/"+id, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}`)
		},
		"deleted": func(p *provider, id string) { p.send("DELETE", "Users/"+id, "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, admin, p := directoryHouse(t)
			h.server.beat = time.Hour // nobody finds out by asking
			ctx := t.Context()
			priya := p.send("POST", "Users", `{"externalId":"e1","userName":"priya@acme.example","displayName":"Priya Natarajan","active":true,"preferredLanguage":"en-GB"}`)
			id := plan.ID(priya["id"].(string))
			m, err := h.store.Member(ctx, id)
			if err != nil || m.Role != app.RoleSeller || m.Language != "en" {
				t.Fatalf("made %+v, %v", m, err)
			}

			planID := admin.samplePlan()
			for _, cmd := range []plan.Command{plan.Share{},
				plan.AddPerson{NewPerson: plan.NewPerson{ID: id, Side: plan.Seller, Name: m.Name, Email: m.Email}, Access: plan.Lead}} {
				if _, err := h.app.Do(ctx, admin.caller(), planID, cmd); err != nil {
					t.Fatal(err)
				}
			}
			path := "/plans/" + string(planID)
			office := h.signedIn(m, "en")
			link, err := h.app.PersonalLink(ctx, office.caller(), planID)
			if err != nil {
				t.Fatal(err)
			}
			phone := h.browser("en")
			phone.post("/me/"+string(link), nil).is(t, http.StatusOK)
			unused, err := h.app.MemberLink(ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			var open []*stream
			for _, b := range []*browser{office, phone} {
				b.get(path).is(t, http.StatusOK)
				open = append(open, b.stream(path+"/live?tab=plan&from="+b.seq(planID)))
			}

			end(p, string(id))
			said := time.Now()
			for _, s := range open {
				s.ended() // because it is told: the heart does not beat here
			}
			if took := time.Since(said); took > time.Second {
				t.Errorf("open pages closed %v after the directory had its answer, want within a second", took)
			}
			for who, b := range map[string]*browser{"office": office, "phone": phone} {
				b.get(path).is(t, http.StatusNotFound)
				b.post(path+"/comment", url.Values{"text": {"still here"}}).is(t, http.StatusNotFound)
				b.get("/workspace").is(t, http.StatusNotFound)
				if c := b.caller(); c.Member != nil {
					t.Errorf("%s is still %s", who, c.Member.Name)
				}
			}
			fresh := h.browser("en")
			fresh.post("/me/"+string(link), nil).is(t, http.StatusNotFound)
			fresh.post("/in/"+string(unused), nil).is(t, http.StatusNotFound)
			if _, err := h.app.Open(ctx, app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{planID: id}}}, planID); err == nil {
				t.Error("as the person of the plan, they still come in")
			}

			v, err := h.app.Open(ctx, admin.caller(), planID)
			if err != nil {
				t.Fatal(err)
			}
			if q := v.Plan.Person(id); q == nil || q.Left || q.Access != plan.Lead || q.Name.Value != "Priya Natarajan" {
				t.Errorf("in the plan they are %+v, want as before", q)
			}
			switch page := admin.get("/workspace"); name {
			case "disabled":
				page.has(t, "Priya Natarajan", "durch das Verzeichnis")
			case "deleted":
				page.lacks(t, "Priya")
			}
		})
	}
}

// A group that is mapped gives its role at the next request.
func TestGroupGivesItsRoleAtOnce(t *testing.T) {
	t.Parallel()
	h, admin, p := directoryHouse(t)
	admin.post("/workspace/directory/roles", url.Values{"group": {"Tandem Admins"}, "role": {"admin"}, "base": {"seller"}}).is(t, http.StatusOK)
	id := p.send("POST", "Users", `{"userName":"priya@acme.example","displayName":"Priya Natarajan"}`)["id"].(string)
	m, err := h.store.Member(t.Context(), plan.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	b := h.signedIn(m, "en")
	b.get("/workspace/directory").is(t, http.StatusForbidden)
	group := p.send("POST", "Groups", `{"displayName":"Tandem Admins","members":[{"value":"`+id+`"}]}`)["id"].(string)
	b.get("/workspace/directory").is(t, http.StatusOK)
	p.send("PATCH", "Groups/"+group, `{"Operations":[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"`+id+`"}]}]}`)
	b.get("/workspace/directory").is(t, http.StatusForbidden)
}
