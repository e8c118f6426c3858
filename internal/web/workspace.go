package web

import (
	"cmp"
	"net/http"
	"strconv"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

func (s *Server) workspace(w http.ResponseWriter, v *visit) error {
	return s.showWorkspace(w, v, http.StatusOK, func(*view.Workspace) {})
}

func (s *Server) showWorkspace(w http.ResponseWriter, v *visit, status int, with func(*view.Workspace)) error {
	m, err := v.member()
	if err != nil {
		return err
	}
	w0, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	members, err := s.App.Colleagues(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f := view.Workspace{Name: w0.Name, Place: place(v.l, w0), MayChange: m.Admin(), New: view.NewColleague{Role: string(app.RoleSeller)}}
	f.Roles, f.Mail = roles(), s.App.MailOn()
	if f.Beliefs, err = s.beliefs(v); err != nil {
		return err
	}
	for _, x := range members {
		f.Members = append(f.Members, view.Colleague{ID: string(x.ID), Name: x.Name, Email: x.Email, Role: string(x.Role), Off: !x.Disabled.IsZero(), OffBy: x.DisabledBy, Since: x.Created, You: x.ID == m.ID})
	}
	with(&f)
	return render(w, v, status, view.WorkspacePage(s.page(w, v, "workspace", v.l.T("pages.workspace.title")), f))
}

// colleagueAdd shows the new link once, in the answer itself: it is not
// stored, so it cannot be shown again.
func (s *Server) colleagueAdd(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	c := view.NewColleague{Name: v.field("name"), Email: v.field("email"), Language: v.field("language"), Role: cmp.Or(v.field("role"), string(app.RoleSeller))}
	secret, err := s.App.AddColleague(v.Context(), v.caller, c.Name, c.Email, c.Language, app.Role(c.Role))
	if err != nil {
		status := statusOf(err)
		if c.Problem, err = problem(v, err); err != nil {
			return err
		}
		return s.showWorkspace(w, v, status, func(f *view.Workspace) { f.New = c })
	}
	if secret == "" {
		s.say(w, "identity.colleague.told", "Name", c.Name)
		return redirect(w, v, "/workspace")
	}
	return s.showWorkspace(w, v, http.StatusOK, func(f *view.Workspace) {
		f.Link, f.LinkFor = s.link("/in/"+string(secret)), c.Name
	})
}

func (s *Server) workspaceSave(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	typed := workspaceOf(v)
	typed.Proof = v.field("proof")
	typed.Fiscal, _ = strconv.Atoi(v.field("fiscal")) // what is no month is unsaid
	closed, bad := closedLines(v.PostFormValue("closed"))
	typed.Closed = closed
	var err error
	if bad != "" {
		err = fault.New(fault.Invalid, "timetable.form.line", "Value", bad)
	} else {
		err = s.App.ChangePlace(v.Context(), v.caller, typed)
	}
	if err == nil {
		s.say(w, "pages.workspace.saved")
		return redirect(w, v, "/workspace")
	}
	status := statusOf(err)
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showWorkspace(w, v, status, func(f *view.Workspace) {
		f.Place, f.Problem = place(v.l, typed), p
		f.Place.Closed = v.PostFormValue("closed")
	})
}

func roles() []string {
	var out []string
	for _, r := range app.Roles {
		out = append(out, string(r))
	}
	return out
}

// colleagueRole gives a member another role.
func (s *Server) colleagueRole(w http.ResponseWriter, v *visit) error {
	return s.colleagueMove(w, v, "identity.role.changed", func() error {
		return s.App.Appoint(v.Context(), v.caller, plan.ID(v.PathValue("member")), app.Role(v.field("role")))
	})
}

// colleagueSwitch switches a member's account off or on.
func (s *Server) colleagueSwitch(off bool) handler {
	said := "identity.switched.on"
	if off {
		said = "identity.switched.off"
	}
	return func(w http.ResponseWriter, v *visit) error {
		return s.colleagueMove(w, v, said, func() error {
			return s.App.Suspend(v.Context(), v.caller, plan.ID(v.PathValue("member")), off)
		})
	}
}

func (s *Server) colleagueMove(w http.ResponseWriter, v *visit, said string, move func() error) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	err := move()
	if err == nil {
		s.say(w, said)
		return redirect(w, v, "/workspace")
	}
	status := statusOf(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showWorkspace(w, v, status, func(f *view.Workspace) { f.MembersProblem = p })
}
