package scim

import (
	"net/http"
	"strconv"
	"strings"

	"tandem/internal/app"
)

// userOf shows an account.
func (s *server) userOf(a app.Account) document {
	m := a.Member
	d := document{
		"schemas": []any{userSchema}, "id": string(m.ID), "userName": a.UserName, "displayName": m.Name, "active": a.Active(),
		"emails": []any{document{"value": m.Email, "type": "work", "primary": true}},
		"meta": document{"resourceType": "User", "created": m.Created.UTC().Format(stamp), "lastModified": a.Updated.UTC().Format(stamp),
			"location": s.link("Users", string(m.ID)), "version": version(a.Version)},
	}
	if m.External != "" {
		d["externalId"] = m.External
	}
	if a.Language != "" {
		d["preferredLanguage"] = a.Language
	}
	name := document{}
	for part, text := range map[string]string{"givenName": a.Given, "familyName": a.Family, "formatted": a.Formatted} {
		if text != "" {
			name[part] = text
		}
	}
	if len(name) > 0 {
		d["name"] = name
	}
	return d
}

// accountOf reads what a document in lower case says of a member.
func accountOf(d document) (app.AccountInput, error) {
	in := app.AccountInput{UserName: text(d, "username"), External: text(d, "externalid"), Name: text(d, "displayname")}
	if in.UserName == "" {
		return in, badValue("A userName is needed.")
	}
	if name, ok := d["name"].(document); ok {
		in.Given, in.Family, in.Formatted = text(name, "givenname"), text(name, "familyname"), text(name, "formatted")
	}
	if in.Language = text(d, "preferredlanguage"); in.Language == "" {
		in.Language = text(d, "locale")
	}
	in.Email = workEmail(listOf(d["emails"]))
	if d["active"] != nil {
		active, ok := truth(d["active"])
		if !ok {
			return in, badValue("active is true or false.")
		}
		in.Active = &active
	}
	return in, nil
}

// workEmail is the address of work, else the primary one, else the first.
func workEmail(emails []any) string {
	best, rank := "", 0
	for _, x := range emails {
		e, ok := x.(document)
		if !ok {
			continue
		}
		primary, _ := truth(e["primary"])
		n := 1
		switch {
		case strings.EqualFold(text(e, "type"), "work"):
			n = 3
		case primary:
			n = 2
		}
		if address := text(e, "value"); address != "" && n > rank {
			best, rank = address, n
		}
	}
	return best
}

// truth reads true, "True", "false", …: Entra ID sends texts.
func truth(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		b, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(v)))
		return b, err == nil
	}
	return false, false
}

func (s *server) users(w http.ResponseWriter, v *visit) error {
	e, err := v.filter()
	if err != nil {
		return err
	}
	var q app.AccountQuery
	for _, c := range equalities(e) {
		value, ok := c.value.(string)
		if !ok || value == "" || c.schema != "" {
			continue
		}
		switch c.name + "." + c.sub { // what the store can look up; the rest is matched below
		case "username.":
			q.UserName = value
		case "externalid.":
			q.External = value
		case "emails.", "emails.value":
			q.Email = value
		}
	}
	found, err := s.Service.Accounts(v.Context(), v.by, q)
	if err != nil {
		return err
	}
	all := make([]document, 0, len(found))
	for _, a := range found {
		if d := s.userOf(a); e == nil || e.match(lowered(d)) {
			all = append(all, d)
		}
	}
	return list(w, v, all)
}

// showUser answers with a member as they now are.
func (s *server) showUser(w http.ResponseWriter, v *visit, status int, a app.Account) error {
	d := s.userOf(a)
	w.Header().Set("ETag", version(a.Version))
	if status == http.StatusCreated {
		w.Header().Set("Location", s.link("Users", string(a.Member.ID)))
	}
	answer(w, status, shown(v, d))
	return nil
}

func (s *server) user(w http.ResponseWriter, v *visit) error {
	a, err := s.Service.Account(v.Context(), v.by, v.id())
	if err != nil {
		return err
	}
	return s.showUser(w, v, http.StatusOK, a)
}

func (s *server) userAdd(w http.ResponseWriter, v *visit) error {
	d, err := decode(v.Body)
	if err != nil {
		return err
	}
	in, err := accountOf(d)
	if err != nil {
		return err
	}
	a, err := s.Service.AddAccount(v.Context(), v.by, in)
	if err != nil {
		return err
	}
	return s.showUser(w, v, http.StatusCreated, a)
}

// userReplace leaves active as it is if it is not named: a client that sends
// names only neither locks anybody out nor lets anybody in.
func (s *server) userReplace(w http.ResponseWriter, v *visit) error {
	d, err := decode(v.Body)
	if err != nil {
		return err
	}
	in, err := accountOf(d)
	if err != nil {
		return err
	}
	return s.changeUser(w, v, func(app.Account) (app.AccountInput, error) { return in, nil })
}

func (s *server) userPatch(w http.ResponseWriter, v *visit) error {
	d, err := decode(v.Body)
	if err != nil {
		return err
	}
	steps, err := operations(d)
	if err != nil {
		return err
	}
	return s.changeUser(w, v, func(a app.Account) (app.AccountInput, error) {
		doc := lowered(s.userOf(a))
		delete(doc, "active") // what is not named stays
		if err := patch(doc, steps); err != nil {
			return app.AccountInput{}, err
		}
		return accountOf(doc)
	})
}

func (s *server) changeUser(w http.ResponseWriter, v *visit, change func(app.Account) (app.AccountInput, error)) error {
	var a app.Account
	err := again(func() error {
		var err error
		if a, err = s.Service.Account(v.Context(), v.by, v.id()); err != nil {
			return err
		}
		in, err := change(a)
		if err != nil {
			return err
		}
		a, err = s.Service.ChangeAccount(v.Context(), v.by, a, in)
		return err
	})
	if err != nil {
		return err
	}
	return s.showUser(w, v, http.StatusOK, a)
}

func (s *server) userRemove(w http.ResponseWriter, v *visit) error {
	if err := s.Service.RemoveAccount(v.Context(), v.by, v.id()); err != nil {
		return err
	}
	answer(w, http.StatusNoContent, nil)
	return nil
}
