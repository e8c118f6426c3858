package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// Machine is an address that programs use with a token of their own. Who
// answers it says 401 to a token that is none.
type Machine struct {
	Pattern string
	Handler http.Handler
}

// directoryRoutes are the door of an identity provider, and where an
// administrator gives it a key.
func (s *Server) directoryRoutes(t *routeTable) {
	for _, m := range s.Machines {
		t.raw(m.Pattern, s.machine(m.Handler))
	}
	t.page("GET /workspace/directory", s.directory)
	t.page("POST /workspace/directory/roles", s.directoryRoles)
	t.page("POST /workspace/directory/tokens", s.directoryToken)
	t.page("POST /workspace/directory/tokens/{token}/revoke", s.directoryTokenRevoke)
}

// machine lets an address guess a token only so often.
func (s *Server) machine(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := s.address(r)
		if !s.entries.may(from) {
			w.Header().Set("Retry-After", "30")
			http.Error(w, http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests)
			return
		}
		h.ServeHTTP(w, r)
		if rec, ok := w.(*recorder); ok && rec.status == http.StatusUnauthorized {
			s.entries.allow(from)
		}
	})
}

func (s *Server) directory(w http.ResponseWriter, v *visit) error {
	return s.showDirectory(w, v, http.StatusOK, func(*view.Directory) {})
}

// freeRows are offered for groups that are not mapped yet.
const freeRows = 3

func (s *Server) showDirectory(w http.ResponseWriter, v *visit, status int, with func(*view.Directory)) error {
	p, err := s.App.Provisioning(v.Context(), v.caller)
	if err != nil {
		return err
	}
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	members, err := s.App.Colleagues(v.Context(), v.caller)
	if err != nil {
		return err
	}
	v.l = v.l.At(s.App.Now(), zoneOf(place))
	f := view.Directory{Address: s.link("/scim/v2"), Base: string(p.Base), Roles: roleNames()}
	for _, r := range p.Roles {
		f.Mapped = append(f.Mapped, view.MappedGroup{Name: r.Group, Role: string(r.Role)})
	}
	for _, g := range p.Groups {
		f.Known = append(f.Known, g.Name)
	}
	for _, t := range p.Tokens {
		f.Tokens = append(f.Tokens, tokenOf(v.l, t, s.App.Now(), members))
	}
	with(&f)
	for range freeRows {
		f.Mapped = append(f.Mapped, view.MappedGroup{Role: string(app.RoleSeller)})
	}
	return render(w, v, status, view.DirectoryPage(s.page(w, v, "directory", v.l.T("scim.title")), f))
}

func zoneOf(w app.Workspace) *time.Location {
	if z, err := time.LoadLocation(w.Zone); err == nil {
		return z
	}
	return time.UTC
}

func roleNames() []string {
	out := make([]string, len(app.Roles))
	for i, r := range app.Roles {
		out[i] = string(r)
	}
	return out
}

// tokenOf says what became of a token.
func tokenOf(l *locale.Locale, t app.DirectoryToken, now time.Time, members []app.Member) view.Token {
	out := view.Token{ID: string(t.ID), Made: l.Moment(t.Created), Valid: t.Valid(now)}
	if i := slices.IndexFunc(members, func(m app.Member) bool { return m.ID == t.By }); i >= 0 {
		out.By = members[i].Name
	}
	if !t.Used.IsZero() {
		out.Used = l.Moment(t.Used)
	}
	switch {
	case t.Revoked:
		out.State = l.T("scim.token.revoked")
	case !t.Valid(now):
		out.State = l.T("scim.token.expired", "When", l.Moment(t.Expires))
	case t.Expires.IsZero():
		out.State = l.T("scim.token.forever")
	default:
		out.State = l.T("scim.token.until", "When", l.Moment(t.Expires))
	}
	return out
}

// directoryRoles saves which group gives which role.
func (s *Server) directoryRoles(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	names, chosen := v.PostForm["group"], v.PostForm["role"]
	var roles []app.RoleOfGroup
	for i, name := range names {
		if i < len(chosen) {
			roles = append(roles, app.RoleOfGroup{Group: name, Role: app.Role(chosen[i])})
		}
	}
	base := v.field("base")
	err := s.App.MapGroups(v.Context(), v.caller, roles, app.Role(base))
	if err == nil {
		s.say(w, "scim.roles.saved")
		return redirect(w, v, "/workspace/directory")
	}
	status := statusOf(err)
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showDirectory(w, v, status, func(f *view.Directory) {
		f.RolesProblem, f.Base, f.Mapped = p, base, nil
		for _, r := range roles {
			if r.Group != "" {
				f.Mapped = append(f.Mapped, view.MappedGroup{Name: r.Group, Role: string(r.Role)})
			}
		}
	})
}

// directoryToken shows a new token once, in the answer itself.
func (s *Server) directoryToken(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	months, _ := strconv.Atoi(v.field("months")) // what is no number never ends
	months = min(max(months, 0), 60)
	now := s.App.Now()
	secret, err := s.App.NewDirectoryToken(v.Context(), v.caller, now.AddDate(0, months, 0).Sub(now))
	if err == nil {
		w.Header().Set("Cache-Control", "no-store")
		return s.showDirectory(w, v, http.StatusOK, func(f *view.Directory) { f.Fresh = string(secret) })
	}
	status := statusOf(err)
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showDirectory(w, v, status, func(f *view.Directory) { f.TokenProblem = p })
}

func (s *Server) directoryTokenRevoke(w http.ResponseWriter, v *visit) error {
	if err := s.App.RevokeDirectoryToken(v.Context(), v.caller, plan.ID(v.PathValue("token"))); err != nil {
		return err
	}
	s.say(w, "scim.token.gone")
	return redirect(w, v, "/workspace/directory")
}
