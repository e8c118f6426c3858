package scim

import (
	"net/http"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// groupOf shows a group. Members nil: they were not asked for.
func (s *server) groupOf(g app.Group, members []plan.ID) document {
	d := document{
		"schemas": []any{groupSchema}, "id": string(g.ID), "displayName": g.Name,
		"meta": document{"resourceType": "Group", "created": g.Created.UTC().Format(stamp), "lastModified": g.Updated.UTC().Format(stamp),
			"location": s.link("Groups", string(g.ID)), "version": version(g.Version)},
	}
	if g.External != "" {
		d["externalId"] = g.External
	}
	if members != nil {
		list := make([]any, 0, len(members))
		for _, id := range members {
			list = append(list, document{"value": string(id), "type": "User", "$ref": s.link("Users", string(id))})
		}
		d["members"] = list
	}
	return d
}

// withMembers reports whether a request wants to see who is in a group; Entra
// ID asks to leave them out.
func withMembers(v *visit) bool {
	only := wanted(v, "attributes")
	return !slices.Contains(wanted(v, "excludedAttributes"), "members") && (len(only) == 0 || slices.Contains(only, "members"))
}

func (s *server) membersOf(v *visit, g app.Group) ([]plan.ID, error) {
	members, err := s.Service.MembersOf(v.Context(), v.by, g)
	if members == nil {
		members = []plan.ID{}
	}
	return members, err
}

func (s *server) groups(w http.ResponseWriter, v *visit) error {
	e, err := v.filter()
	if err != nil {
		return err
	}
	var q app.GroupQuery
	for _, c := range equalities(e) {
		value, ok := c.value.(string)
		if !ok || value == "" || c.schema != "" || c.where != nil {
			continue
		}
		switch c.name + "." + c.sub {
		case "id.":
			q.ID = plan.ID(value)
		case "displayname.":
			q.Name = value
		case "externalid.":
			q.External = value
		case "members.", "members.value":
			q.Member = plan.ID(value)
		}
	}
	found, err := s.Service.Groups(v.Context(), v.by, q)
	if err != nil {
		return err
	}
	show, needed := withMembers(v), asksFor(e, "members")
	all := make([]document, 0, len(found))
	for _, g := range found {
		var members []plan.ID
		if show || needed {
			if members, err = s.membersOf(v, g); err != nil {
				return err
			}
		}
		if e == nil || e.match(lowered(s.groupOf(g, members))) {
			if !show {
				members = nil
			}
			all = append(all, s.groupOf(g, members))
		}
	}
	return list(w, v, all)
}

// asksFor reports whether a filter looks at an attribute.
func asksFor(e expression, name string) bool {
	switch e := e.(type) {
	case both:
		return asksFor(e.a, name) || asksFor(e.b, name)
	case either:
		return asksFor(e.a, name) || asksFor(e.b, name)
	case negate:
		return asksFor(e.x, name)
	case comparison:
		return e.name == name
	}
	return false
}

func (s *server) showGroup(w http.ResponseWriter, v *visit, status int, g app.Group) error {
	var members []plan.ID
	var err error
	if withMembers(v) {
		if members, err = s.membersOf(v, g); err != nil {
			return err
		}
	}
	w.Header().Set("ETag", version(g.Version))
	if status == http.StatusCreated {
		w.Header().Set("Location", s.link("Groups", string(g.ID)))
	}
	answer(w, status, shown(v, s.groupOf(g, members)))
	return nil
}

func (s *server) group(w http.ResponseWriter, v *visit) error {
	g, err := s.Service.Group(v.Context(), v.by, v.id())
	if err != nil {
		return err
	}
	return s.showGroup(w, v, http.StatusOK, g)
}

// ids are those of members: [{"value": "…"}], {"value": "…"} or "…".
func ids(value any) ([]plan.ID, error) {
	var out []plan.ID
	for _, x := range listOf(value) {
		id := keyOf(x)
		if id == "" {
			return nil, badValue("A member is named by its value.")
		}
		out = append(out, plan.ID(id))
	}
	return out, nil
}

func readGroup(v *visit) (name, external string, members []plan.ID, err error) {
	d, err := decode(v.Body)
	if err != nil {
		return "", "", nil, err
	}
	if name = text(d, "displayname"); name == "" {
		return "", "", nil, badValue("A displayName is needed.")
	}
	members, err = ids(d["members"])
	return name, text(d, "externalid"), members, err
}

func (s *server) groupAdd(w http.ResponseWriter, v *visit) error {
	name, external, members, err := readGroup(v)
	if err != nil {
		return err
	}
	g, err := s.Service.AddGroup(v.Context(), v.by, name, external, members)
	if err != nil {
		return err
	}
	return s.showGroup(w, v, http.StatusCreated, g)
}

func (s *server) groupReplace(w http.ResponseWriter, v *visit) error {
	name, external, members, err := readGroup(v)
	if err != nil {
		return err
	}
	g, err := s.changeGroup(v, func(g *app.Group) ([]app.MemberMove, error) {
		g.Name, g.External = name, external
		return []app.MemberMove{{Clear: true, Add: true, People: members}}, nil
	})
	if err != nil {
		return err
	}
	return s.showGroup(w, v, http.StatusOK, g)
}

// groupPatch answers without a body, as Entra ID wants it: a group may have
// thousands of members.
func (s *server) groupPatch(w http.ResponseWriter, v *visit) error {
	d, err := decode(v.Body)
	if err != nil {
		return err
	}
	steps, err := operations(d)
	if err != nil {
		return err
	}
	if _, err = s.changeGroup(v, func(g *app.Group) ([]app.MemberMove, error) { return patchGroup(g, steps) }); err != nil {
		return err
	}
	answer(w, http.StatusNoContent, nil)
	return nil
}

func (s *server) changeGroup(v *visit, change func(*app.Group) ([]app.MemberMove, error)) (app.Group, error) {
	var g app.Group
	err := again(func() error {
		var err error
		if g, err = s.Service.Group(v.Context(), v.by, v.id()); err != nil {
			return err
		}
		moves, err := change(&g)
		if err != nil {
			return err
		}
		g, err = s.Service.ChangeGroup(v.Context(), v.by, g, moves)
		return err
	})
	return g, err
}

// patchGroup applies the steps of a PATCH to a group. Its members are not
// read for that: what happens to them is a list of moves.
func patchGroup(g *app.Group, steps []operation) ([]app.MemberMove, error) {
	var moves []app.MemberMove
	for _, o := range steps {
		err := o.each(func(op string, p path, value any) error {
			if p.schema != "" {
				return nil
			}
			s, isText := value.(string)
			switch p.name {
			case "members":
				move, err := moveOf(op, p, value)
				moves = append(moves, move)
				return err
			case "displayname":
				if op == "remove" || !isText || strings.TrimSpace(s) == "" {
					return badValue("A group keeps a displayName.")
				}
				g.Name = s
			case "externalid":
				if g.External = s; op == "remove" {
					g.External = ""
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return moves, nil
}

// moveOf reads how members move: `members` with a value or, to remove one,
// `members[value eq "…"]`. Remove without either empties the group.
func moveOf(op string, p path, value any) (app.MemberMove, error) {
	people, err := ids(value)
	if err != nil {
		return app.MemberMove{}, err
	}
	if p.where != nil {
		only, ok := p.where.(comparison)
		id, isText := only.value.(string)
		if !ok || only.name != "value" || only.op != "eq" || !isText {
			return app.MemberMove{}, badPath(`Members are found by value eq "…".`)
		}
		people = []plan.ID{plan.ID(id)}
	}
	switch {
	case op == "replace" && p.where == nil:
		return app.MemberMove{Clear: true, Add: true, People: people}, nil
	case op == "remove" && p.where == nil && value == nil:
		return app.MemberMove{Clear: true}, nil
	}
	return app.MemberMove{Add: op != "remove", People: people}, nil
}

func (s *server) groupRemove(w http.ResponseWriter, v *visit) error {
	if err := s.Service.RemoveGroup(v.Context(), v.by, v.id()); err != nil {
		return err
	}
	answer(w, http.StatusNoContent, nil)
	return nil
}
