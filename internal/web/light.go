package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// planForm is GET {Base}/form: what changes if the plan is shown in the other
// form, before anything does.
func (s *Server) planForm(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	return s.showForm(w, v, pv, nil, http.StatusOK)
}

func (s *Server) showForm(w http.ResponseWriter, v *visit, pv app.View, problem *view.Problem, status int) error {
	p := present.Plan(pv, pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan}))
	page := s.planPage(w, v, pv, planQuery{Tab: "sheet"})
	return render(w, v, status, view.Body(page, view.FormSheet(p, plan.MaxLight, problem)))
}

// planFormDone is POST {Base}/form: "form" is light, or empty for the full one.
func (s *Server) planFormDone(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	err = s.do(v, pv, f, plan.Reshape{Form: plan.Form(f.text("form"))})
	if problem := f.problem(v, "form", err); problem != nil && !fault.Is(err, fault.Missing) && !fault.Is(err, fault.Forbidden) {
		s.log(v, err)
		return s.showForm(w, v, pv, problem, statusOf(err))
	}
	if err != nil {
		return err
	}
	s.say(w, "light.said."+cmp.Or(f.text("form"), "full"))
	return redirect(w, v, base(pv))
}

// light asks for a plan on one page: a line a step.
func (s *Server) light(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f := view.LightForm{ID: string(s.App.NewID()), Deal: v.URL.Query().Get("deal"), Title: v.URL.Query().Get("title"), Buyer: v.URL.Query().Get("buyer"),
		Seller: place.Name, Language: place.Language}
	if f.Deal != "" {
		d, err := s.App.Deal(v.Context(), v.caller, plan.ID(f.Deal))
		if err != nil {
			return err
		}
		f.Buyer = cmp.Or(f.Buyer, d.Account)
	}
	return s.showLight(w, v, http.StatusOK, f)
}

// Lines of the form of a light plan.
const lightMilestones = 3

func (s *Server) showLight(w http.ResponseWriter, v *visit, status int, f view.LightForm) error {
	for len(f.Milestones) < lightMilestones {
		f.Milestones = append(f.Milestones, view.LightLine{})
	}
	for len(f.Steps) < plan.MaxLight {
		f.Steps = append(f.Steps, view.LightLine{Side: string(planfile.Buyer)})
	}
	page := s.page(w, v, "light", v.l.T("light.new.title"))
	page.Style = "session.css"
	return render(w, v, status, view.LightPage(page, f))
}

func (s *Server) lightDone(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	f := view.LightForm{ID: v.field("id"), Deal: v.field("deal"), Title: v.field("title"), Buyer: v.field("buyer"), Seller: v.field("seller"),
		DecideBy: v.field("decide"), Language: v.field("language")}
	line := func(name string, i int) view.LightLine {
		n := name + strconv.Itoa(i)
		return view.LightLine{Title: v.field(n), Side: v.field(n + "_side"), Who: v.field(n + "_who"), Date: v.field(n + "_date")}
	}
	for i := range lightMilestones {
		f.Milestones = append(f.Milestones, line("m", i))
	}
	for i := range plan.MaxLight {
		f.Steps = append(f.Steps, line("s", i))
	}
	id, err := s.lightCreated(v, f)
	if err == nil {
		return redirect(w, v, "/plans/"+string(id))
	}
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showLight(w, v, status, f)
}

func (s *Server) lightCreated(v *visit, f view.LightForm) (plan.ID, error) {
	if f.Title == "" {
		return "", fault.New(fault.Invalid, "pages.fault.title")
	}
	if f.Buyer == "" {
		return "", fault.New(fault.Invalid, "pages.fault.buyer")
	}
	if !slices.Contains(locale.Languages, f.Language) {
		return "", fault.New(fault.Invalid, "fault.language")
	}
	file, err := lightFile(f)
	if err != nil {
		return "", err
	}
	made, err := s.App.Create(v.Context(), v.caller, app.NewPlan{ID: plan.ID(f.ID), Deal: plan.ID(f.Deal), Light: true, File: file})
	if err != nil {
		return "", err
	}
	return made.Plan.ID, nil
}

// lightFile is the plan of a form: lines without a title are left out, and a
// step counts for the first milestone that is not before it.
func lightFile(f view.LightForm) (*planfile.Plan, error) {
	day := func(text string) (civil.Day, error) {
		if text == "" {
			return 0, nil
		}
		d, err := civil.Parse(text)
		if err != nil {
			return 0, fault.New(fault.Invalid, "pages.fault.day", "Text", text).Wrap(err)
		}
		return d, nil
	}
	decide, err := day(f.DecideBy)
	if err != nil {
		return nil, err
	}
	file := app.Blank(f.Language, f.Title, f.Buyer, f.Seller, decide)
	for i, x := range f.Milestones {
		if x.Title == "" {
			continue
		}
		date, err := day(x.Date)
		if err != nil {
			return nil, err
		}
		file.Milestones = append(file.Milestones, planfile.Milestone{ID: "m" + strconv.Itoa(i), Title: x.Title, Date: date})
	}
	slices.SortStableFunc(file.Milestones, func(a, b planfile.Milestone) int {
		if a.Date.IsZero() || b.Date.IsZero() {
			return cmp.Compare(b.Date, a.Date) // without a date comes last
		}
		return cmp.Compare(a.Date, b.Date)
	})
	people := map[string]string{}
	for i, x := range f.Steps {
		if x.Title == "" {
			continue
		}
		due, err := day(x.Date)
		if err != nil {
			return nil, err
		}
		a := planfile.Action{ID: "s" + strconv.Itoa(i), Title: x.Title, Side: planfile.Side(x.Side), Status: planfile.Open, Due: due, Milestone: nextStone(file.Milestones, due)}
		if x.Who != "" && a.Side != planfile.Joint {
			key := x.Side + " " + strings.ToLower(x.Who)
			if people[key] == "" {
				people[key] = "p" + strconv.Itoa(i)
				file.People = append(file.People, planfile.Person{ID: people[key], Side: a.Side, Name: x.Who})
			}
			a.Owner = people[key]
		}
		file.Actions = append(file.Actions, a)
	}
	return file, nil
}

// nextStone is the first milestone that is not before a day.
func nextStone(stones []planfile.Milestone, due civil.Day) string {
	for _, m := range stones {
		if !due.IsZero() && m.Date >= due {
			return m.ID
		}
	}
	return ""
}
