package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// paperRoutes are the buyer's decision paper. For the other side there is none
// until it is shared.
func (s *Server) paperRoutes(t *routeTable) {
	t.page("GET /plans/{plan}/paper", s.paper)
	t.page("POST /plans/{plan}/paper/draft", s.paperDraft)
	t.page("POST /plans/{plan}/paper/share", s.paperShare)
	t.page("POST /plans/{plan}/paper/{part}", s.paperWrite)
}

// openPaper opens the plan and takes over its language and zone.
func (s *Server) openPaper(v *visit) (app.View, error) {
	pv, err := s.App.Paper(v.Context(), v.caller, v.planID())
	if err == nil {
		s.readsIn(v, pv)
	}
	return pv, err
}

// writesPaper is openPaper for what only who writes it may.
func (s *Server) writesPaper(v *visit) (app.View, error) {
	pv, err := s.openPaper(v)
	if err == nil && !pv.OwnsPaper() {
		err = nothing()
	}
	return pv, err
}

func (s *Server) paper(w http.ResponseWriter, v *visit) error {
	pv, err := s.openPaper(v)
	if err != nil {
		return err
	}
	q := v.URL.Query()
	o := present.PaperOptions{Edit: plan.PaperPart(q.Get("edit")), FromPlan: q.Get("from") == "plan", Shared: q.Get("as") == "shared"}
	return s.showPaper(w, v, pv, o, http.StatusOK)
}

func (s *Server) showPaper(w http.ResponseWriter, v *visit, pv app.View, o present.PaperOptions, status int) error {
	o.Language, o.Base, o.Operator = v.l.Lang, base(pv), s.Operator
	if !slices.Contains(plan.PaperParts, o.Edit) || !pv.OwnsPaper() {
		o.Edit = ""
	}
	if o.Edit != "" {
		var err error
		if o.Versions, err = s.App.PaperVersions(v.Context(), pv, o.Edit); err != nil {
			return err
		}
	}
	p := s.page(w, v, "paper", v.l.T("paper.page.title", "Title", title(pv)))
	p.Style = "paper.css"
	x := present.Paper(pv, o)
	x.Member = v.caller.Member != nil && pv.Side() == pv.Plan.Home
	return render(w, v, status, view.Body(p, view.PaperPage(x)))
}

// paperDraft begins the paper with what the plan says. What has been written
// meanwhile stays.
func (s *Server) paperDraft(w http.ResponseWriter, v *visit) error {
	pv, err := s.writesPaper(v)
	if err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	var cmd plan.WritePaper
	for part, text := range present.PaperDraft(pv, v.l.Lang) {
		if pv.Own.Paper.Part(part) == nil {
			cmd.Parts = append(cmd.Parts, plan.PaperInput{Part: part, Text: text, Drafted: true})
		}
	}
	slices.SortFunc(cmd.Parts, func(a, b plan.PaperInput) int { return strings.Compare(string(a.Part), string(b.Part)) })
	if len(cmd.Parts) > 0 {
		if _, err := s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, cmd); err != nil {
			return err
		}
		s.say(w, "paper.said.drafted")
	}
	return redirect(w, v, base(pv)+"/paper")
}

// paperWrite saves a part. If somebody else was faster both texts are shown,
// and one's own is in the field.
func (s *Server) paperWrite(w http.ResponseWriter, v *visit) error {
	pv, err := s.writesPaper(v)
	if err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	f := &form{Values: v.PostForm, v: pv, newID: s.App.NewID}
	in := plan.PaperInput{Part: plan.PaperPart(v.PathValue("part")), Version: f.version(), Text: f.Get("text")}
	in.Drafted = strings.TrimSpace(in.Text) != "" && strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n")) == present.PaperDraft(pv, v.l.Lang)[in.Part]
	if err = f.err; err == nil {
		_, err = s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, plan.WritePaper{Parts: []plan.PaperInput{in}})
	}
	if problem := f.problem(v, "paper", err); problem != nil && !fault.Is(err, fault.Missing) && !fault.Is(err, fault.Forbidden) {
		s.log(v, err)
		if pv, err2 := s.openPaper(v); err2 == nil {
			return s.showPaper(w, v, pv, present.PaperOptions{Edit: in.Part, Problem: problem, Conflict: fault.Is(err, fault.Conflict)}, statusOf(err))
		}
	}
	if err != nil {
		return keeping(f, err)
	}
	s.say(w, "paper.said.saved")
	return redirect(w, v, base(pv)+"/paper#"+string(in.Part))
}

// paperShare shows the paper to the other side as its reader saw it.
func (s *Server) paperShare(w http.ResponseWriter, v *visit) error {
	pv, err := s.writesPaper(v)
	if err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	seen := map[plan.PaperPart]int{}
	for _, x := range v.PostForm["seen"] {
		part, version, _ := strings.Cut(x, "=")
		seen[plan.PaperPart(part)], _ = strconv.Atoi(version) // what is no number matches nothing
	}
	if _, err = s.App.SharePaper(v.Context(), v.caller, pv.Plan.ID, seen); err == nil {
		s.say(w, "paper.said.shared", "Other", pv.Plan.Organisation.Of(plan.Seller).Value)
		return redirect(w, v, base(pv)+"/paper")
	}
	f := &form{Values: v.PostForm, v: pv}
	problem := f.problem(v, "share", err)
	if problem == nil || fault.Is(err, fault.Missing) || fault.Is(err, fault.Forbidden) {
		return err
	}
	s.log(v, err)
	if pv, err2 := s.openPaper(v); err2 == nil {
		return s.showPaper(w, v, pv, present.PaperOptions{Problem: problem}, statusOf(err))
	}
	return err
}
