// Package scim lets a workspace's identity provider make, change and disable
// its members and groups: SCIM 2.0 (RFC 7643, RFC 7644), as Entra ID and Okta
// really send it.
//
// What differs from the RFC in the wild and is understood here: operations
// begin with a capital; "active" is the text "False"; values without a path
// have paths as their names; members are removed by a value; addresses are
// replaced by a path that matches none yet; searches name a part behind a
// filter; names of attributes come in any case. See testdata for what is sent.
//
// Kept is what an account needs: names, user name, work address, language,
// whether it is active. Everything else (telephone numbers, department,
// manager, …) is accepted and thrown away.
package scim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/time/rate"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Prefix of all addresses.
const Prefix = "/scim/v2/"

// maxBody is what a request may carry.
const maxBody = 1 << 20

// Service are the use cases this package is a door to; *app.Service.
type Service interface {
	Provider(ctx context.Context, token app.Secret) (app.Provider, error)
	Accounts(ctx context.Context, p app.Provider, q app.AccountQuery) ([]app.Account, error)
	Account(ctx context.Context, p app.Provider, id plan.ID) (app.Account, error)
	AddAccount(ctx context.Context, p app.Provider, in app.AccountInput) (app.Account, error)
	ChangeAccount(ctx context.Context, p app.Provider, a app.Account, in app.AccountInput) (app.Account, error)
	RemoveAccount(ctx context.Context, p app.Provider, id plan.ID) error
	Groups(ctx context.Context, p app.Provider, q app.GroupQuery) ([]app.Group, error)
	Group(ctx context.Context, p app.Provider, id plan.ID) (app.Group, error)
	MembersOf(ctx context.Context, p app.Provider, g app.Group) ([]plan.ID, error)
	AddGroup(ctx context.Context, p app.Provider, name, external string, members []plan.ID) (app.Group, error)
	ChangeGroup(ctx context.Context, p app.Provider, g app.Group, moves []app.MemberMove) (app.Group, error)
	RemoveGroup(ctx context.Context, p app.Provider, id plan.ID) error
}

// Config of the door.
type Config struct {
	Service Service
	Base    string // address of the server, e.g. "https://plans.example.com"; stands in locations
	Log     *slog.Logger
	// Rate is how many requests a second one workspace may make, Burst how
	// many at once; 50 and 200 if zero. Entra ID sends up to 25 a second.
	Rate  float64
	Burst int
}

// Route is an address and who answers it.
type Route struct {
	Pattern string
	Handler http.Handler
}

type server struct {
	Config
	mu    sync.Mutex
	paces map[plan.ID]*rate.Limiter // only of workspaces with a valid token
}

// allow reports whether a workspace may make another request now.
func (s *server) allow(workspace plan.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.paces[workspace]
	if x == nil {
		x = rate.NewLimiter(rate.Limit(cmp.Or(s.Rate, 50)), cmp.Or(s.Burst, 200))
		s.paces[workspace] = x
	}
	return x.Allow()
}

// visit is a request of a provider that showed a valid token.
type visit struct {
	*http.Request
	by app.Provider
}

type handler func(w http.ResponseWriter, v *visit) error

// Routes are all addresses of the door. Each asks for a token first.
func Routes(c Config) []Route {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &server{Config: c, paces: map[plan.ID]*rate.Limiter{}}
	var out []Route
	add := func(pattern string, h handler) {
		method, path, found := strings.Cut(pattern, " ")
		if !found {
			method, path = "", pattern
		} else {
			method += " "
		}
		out = append(out, Route{method + Prefix + path, s.known(h)})
	}
	add("GET ServiceProviderConfig", s.config)
	add("GET ResourceTypes", s.resourceTypes)
	add("GET ResourceTypes/{id}", s.resourceType)
	add("GET Schemas", s.schemas)
	add("GET Schemas/{id}", s.schema)
	add("GET Users", s.users)
	add("POST Users", s.userAdd)
	add("GET Users/{id}", s.user)
	add("PUT Users/{id}", s.userReplace)
	add("PATCH Users/{id}", s.userPatch)
	add("DELETE Users/{id}", s.userRemove)
	add("GET Groups", s.groups)
	add("POST Groups", s.groupAdd)
	add("GET Groups/{id}", s.group)
	add("PUT Groups/{id}", s.groupReplace)
	add("PATCH Groups/{id}", s.groupPatch)
	add("DELETE Groups/{id}", s.groupRemove)
	add("", s.nothing)
	return out
}

// known lets who has a valid token do what h does.
func (s *server) known(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		by, err := s.Service.Provider(r.Context(), app.Secret(strings.TrimSpace(token)))
		switch {
		case !strings.EqualFold(scheme, "Bearer"), fault.Is(err, fault.Missing):
			w.Header().Set("WWW-Authenticate", `Bearer realm="SCIM"`)
			err = &problem{http.StatusUnauthorized, "", "The token is unknown, revoked or expired."}
		case err != nil:
		case !s.allow(by.Workspace):
			w.Header().Set("Retry-After", "1")
			err = &problem{http.StatusTooManyRequests, "", "Too many requests. Try again in a second."}
		default:
			if err = typed(r); err == nil {
				err = h(w, &visit{Request: r, by: by})
			}
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

// typed refuses bodies that are not said to be JSON.
func typed(r *http.Request) error {
	if r.ContentLength == 0 || r.Method == http.MethodGet || r.Method == http.MethodDelete {
		return nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/scim+json" && media != "application/json" {
		return &problem{http.StatusUnsupportedMediaType, "", "The body has to be application/scim+json."}
	}
	return nil
}

func (s *server) nothing(http.ResponseWriter, *visit) error {
	return &problem{http.StatusNotFound, "", "There is no such endpoint."}
}

func (s *server) link(parts ...string) string { return s.Base + Prefix + strings.Join(parts, "/") }

const (
	listSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	perPage    = 100
	maxPerPage = 500
)

// list answers a search with one page of what matches.
func list(w http.ResponseWriter, v *visit, all []document) error {
	start, count := 1, perPage
	for name, n := range map[string]*int{"startIndex": &start, "count": &count} {
		text := v.URL.Query().Get(name)
		if text == "" {
			continue
		}
		var err error
		if *n, err = strconv.Atoi(text); err != nil {
			return badValue("%s is not a number.", name)
		}
	}
	start, count = max(1, start), min(max(0, count), maxPerPage)
	from := min(start-1, len(all))
	page := all[from:min(from+count, len(all))]
	out := make([]document, 0, len(page))
	for _, d := range page {
		out = append(out, shown(v, d))
	}
	answer(w, http.StatusOK, map[string]any{"schemas": []string{listSchema}, "totalResults": len(all),
		"startIndex": start, "itemsPerPage": len(out), "Resources": out})
	return nil
}

// always are the attributes that no request leaves out.
var always = []string{"schemas", "id", "meta"}

// shown leaves out what a request does not want to see: attributes and
// excludedAttributes (RFC 7644, 3.9). Only whole attributes are left out.
func shown(v *visit, d document) document {
	only, without := wanted(v, "attributes"), wanted(v, "excludedAttributes")
	if len(only) == 0 && len(without) == 0 {
		return d
	}
	out := document{}
	for name, value := range d {
		low := strings.ToLower(name)
		if slices.Contains(always, low) || (len(only) == 0 || slices.Contains(only, low)) && !slices.Contains(without, low) {
			out[name] = value
		}
	}
	return out
}

func wanted(v *visit, parameter string) []string {
	var out []string
	for _, text := range strings.Split(v.URL.Query().Get(parameter), ",") {
		if at, ok := parseAttribute(strings.TrimSpace(text)); ok && at.schema == "" {
			out = append(out, at.name)
		}
	}
	return out
}

// filter is the parsed filter of a search; nil if there is none.
func (v *visit) filter() (expression, error) {
	text := v.URL.Query().Get("filter")
	if text == "" {
		return nil, nil
	}
	return parseFilter(text)
}

func (v *visit) id() plan.ID { return plan.ID(v.PathValue("id")) }

// again repeats what lost a race against another change.
func again(do func() error) error {
	var err error
	for range 4 {
		if err = do(); !errors.Is(err, app.ErrStale) {
			return err
		}
	}
	return fault.New(fault.Conflict, "scim.fault.busy").Wrap(err)
}

// version is the entity tag of a state.
func version(n int64) string { return fmt.Sprintf(`W/"%d"`, n) }

const stamp = "2006-01-02T15:04:05.000Z"

// text is an attribute's text; what is no text is none.
func text(d document, name string) string {
	s, _ := d[name].(string)
	return strings.TrimSpace(s)
}

// lowered is a resource as filters and patches see it.
func lowered(d document) document {
	out, err := lower(cloned(d), 0)
	if err != nil {
		panic("scim: own resource: " + err.Error())
	}
	return out.(document)
}

// cloned copies a value made of documents and lists.
func cloned(v any) any {
	switch v := v.(type) {
	case document:
		out := make(document, len(v))
		for name, x := range v {
			out[name] = cloned(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = cloned(x)
		}
		return out
	}
	return v
}
