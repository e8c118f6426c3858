package web

import (
	"net/http"
	"strconv"

	"tandem/internal/fault"
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
	f := view.Workspace{Name: w0.Name, Place: place(v.l, w0), MayChange: m.Admin}
	for _, x := range members {
		f.Members = append(f.Members, view.Colleague{Name: x.Name, Email: x.Email, Admin: x.Admin, Since: x.Created, You: x.ID == m.ID})
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
	c := view.NewColleague{Name: v.field("name"), Email: v.field("email"), Language: v.field("language"), Admin: v.field("admin") != ""}
	secret, err := s.App.AddColleague(v.Context(), v.caller, c.Name, c.Email, c.Language, c.Admin)
	if err != nil {
		status := statusOf(err)
		if c.Problem, err = problem(v, err); err != nil {
			return err
		}
		return s.showWorkspace(w, v, status, func(f *view.Workspace) { f.New = c })
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
