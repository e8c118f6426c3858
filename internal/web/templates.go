package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/process"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// processRoutes are what plans can begin with: to choose one, to read them,
// and for who leads a team to change them.
func (s *Server) processRoutes(t *routeTable) {
	t.page("GET /new/template", s.pickTemplate)
	t.page("GET /new/template/{template}", s.layOut)
	t.page("POST /new/template/{template}", s.layOutDone)
	t.page("GET /new/session", s.newTalk)
	t.page("POST /new/session", s.newTalkDone)
	t.page("GET /templates", s.templates)
	t.page("GET /templates/new", s.templateNew)
	t.page("POST /templates", s.templateAdd)
	t.page("GET /templates/{template}", s.template)
	t.page("GET /templates/{template}/edit", s.templateEdit)
	t.page("POST /templates/{template}", s.templateSave)
	t.page("POST /templates/{template}/{move}", s.templateMove)
	t.page("POST /plans/{plan}/risks/typical", s.typicalRisk)
}

func (s *Server) templates(w http.ResponseWriter, v *visit) error {
	all, err := s.App.Processes(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f := view.Templates{May: s.App.MayShapeProcesses(v.caller)}
	for _, o := range all {
		if o.Own {
			f.Own = append(f.Own, card(v.l, o))
		} else {
			f.Builtin = append(f.Builtin, card(v.l, o))
		}
	}
	return render(w, v, http.StatusOK, view.TemplatesPage(s.templatesPage(w, v, v.l.T("templates.title")), f))
}

func (s *Server) templatesPage(w http.ResponseWriter, v *visit, title string) *view.Page {
	p := s.page(w, v, "templates", title)
	p.Style = "templates.css"
	return p
}

// template shows one process, in its last version or another.
func (s *Server) template(w http.ResponseWriter, v *visit) error {
	o, err := s.App.ProcessPage(v.Context(), v.caller, v.PathValue("template"))
	if err != nil {
		return err
	}
	f := readTemplate(v.l, o)
	if o.Own {
		all, err := s.App.ProcessVersions(v.Context(), v.caller, o.Process.ID)
		if err != nil {
			return err
		}
		for _, x := range all {
			f.Versions = append(f.Versions, view.Link{Href: "/templates/" + x.Process.Ref(), Label: savedBy(v.l, x), Here: x.Process.Version == o.Process.Version})
		}
	}
	return render(w, v, http.StatusOK, view.TemplatePage(s.templatesPage(w, v, f.Name), f))
}

func savedBy(l *locale.Locale, o app.ProcessOffer) string {
	if o.By == "" {
		return l.T("templates.version.nobody", "N", o.Process.Version, "When", o.Saved)
	}
	return l.T("templates.version", "N", o.Process.Version, "When", o.Saved, "Who", o.By)
}

func readTemplate(l *locale.Locale, o app.ProcessOffer) *view.Template {
	p := o.Process
	at := "/templates/" + p.ID
	buyer, seller, joint := p.Shares()
	f := &view.Template{Name: p.Name.In(l.Lang), Purpose: p.Purpose.In(l.Lang), Caution: p.Caution.In(l.Lang),
		Facts: card(l, o).Size + " " + l.T("templates.shares", "Buyer", percent(buyer), "Seller", percent(seller), "Joint", percent(joint))}
	switch {
	case !o.Own:
		f.Version = l.T("templates.version.builtin")
	case o.By == "":
		f.Version = savedBy(l, o)
	default:
		f.Version = strings.TrimSpace(savedBy(l, o) + ". " + origin(l, o.Origin))
	}
	if o.Process.Version != o.Last {
		f.Old, f.Last = l.T("templates.old", "N", p.Version), at
	} else if o.Withdrawn.IsZero() {
		f.Use = "/new/template/" + p.Ref()
	}
	if o.May {
		f.Copy = "/templates/new?from=" + p.Ref()
	}
	if o.May && o.Own && o.Process.Version == o.Last {
		f.Edit = at + "/edit"
		if o.Withdrawn.IsZero() {
			f.Withdraw = at + "/withdraw"
		} else {
			f.Restore = at + "/restore"
		}
	}
	f.Groups = templateGroups(l, p)
	for _, r := range p.Roles {
		f.Roles = append(f.Roles, l.T("templates.role.of", "Role", r.Name.In(l.Lang), "Side", sideWord(l, r.Side)))
	}
	for _, g := range p.Gates {
		f.Gates = append(f.Gates, gateWords(l, g))
	}
	for _, r := range p.Risks {
		f.Risks = append(f.Risks, view.TemplateRisk{Title: r.Title.In(l.Lang), Size: riskSize(l, r), Mitigation: r.Mitigation.In(l.Lang)})
	}
	return f
}

func percent(share float64) int { return int(100*share + 0.5) }

// origin says where the first version came from.
func origin(l *locale.Locale, ref string) string {
	id, _, _ := process.SplitRef(ref)
	switch p := process.Builtin(id); {
	case ref == app.OriginPlan:
		return l.T("templates.origin.plan")
	case p != nil:
		return l.T("templates.origin.copy", "Name", p.Name.In(l.Lang))
	}
	return ""
}

func sideWord(l *locale.Locale, side planfile.Side) string {
	switch side {
	case planfile.Buyer:
		return l.T("templates.buyer")
	case planfile.Seller:
		return l.T("templates.seller")
	}
	return l.T("templates.joint")
}

// gateWords says when a committee meets: "Gremium: jeden ersten Dienstag …".
func gateWords(l *locale.Locale, g process.Gate) string {
	when := present.RuleWords(l, g.Rule)
	if g.LeadDays > 0 {
		return l.T("templates.gate.lead", "Title", g.Title.In(l.Lang), "When", when, "N", g.LeadDays)
	}
	return l.T("templates.gate", "Title", g.Title.In(l.Lang), "When", when)
}

func templateGroups(l *locale.Locale, p *process.Process) []view.TemplateGroup {
	no := map[string]int{}
	for i, s := range p.Steps {
		no[s.ID] = i + 1
	}
	decides := p.Decision
	if decides == "" && len(p.Steps) > 0 {
		decides = p.Steps[len(p.Steps)-1].ID
	}
	row := func(s process.Step) view.TemplateStep {
		x := view.TemplateStep{No: no[s.ID], Title: s.Title.In(l.Lang), DoneWhen: s.DoneWhen.In(l.Lang), Side: view.Side(s.Side), Decides: s.ID == decides,
			Days: l.T("templates.days", "Low", s.Low, "Likely", s.Likely, "High", s.High)}
		var who, after []string
		for _, id := range []string{s.Buyer, s.Seller} {
			if r := p.Role(id); r != nil {
				who = append(who, r.Name.In(l.Lang))
			}
		}
		if len(who) == 0 {
			who = []string{sideWord(l, s.Side)}
		}
		for _, a := range s.After {
			after = append(after, afterText(a, no))
		}
		for _, g := range p.Gates {
			if g.ID == s.Gate {
				x.Gate = gateWords(l, g)
			}
		}
		x.Who, x.After = strings.Join(who, ", "), strings.Join(after, ", ")
		return x
	}
	var out []view.TemplateGroup
	for _, m := range append(slices.Clone(p.Milestones), process.Milestone{Title: process.Words{DE: l.T("templates.decision"), EN: l.T("templates.decision")}}) {
		g := view.TemplateGroup{Title: m.Title.In(l.Lang)}
		for _, s := range p.StepsOf(m.ID) {
			g.Steps = append(g.Steps, row(s))
		}
		if len(g.Steps) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// templateMove takes a process out of what is offered, or puts it back.
func (s *Server) templateMove(w http.ResponseWriter, v *visit) error {
	id, move := v.PathValue("template"), v.PathValue("move")
	if move != "withdraw" && move != "restore" {
		return s.nowhere(w, v)
	}
	if err := s.App.WithdrawProcess(v.Context(), v.caller, id, move == "restore"); err != nil {
		return err
	}
	s.say(w, "templates.did."+move)
	return redirect(w, v, "/templates/"+id)
}

// typicalRisk adds a risk of the catalogue to a plan, in the plan's language,
// to be edited like any other.
func (s *Server) typicalRisk(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	here, err := s.open(v)
	if err != nil {
		return err
	}
	r, ok := process.RiskOf(v.field("risk"))
	if !ok {
		return fault.New(fault.Missing, "fault.missing")
	}
	in := plan.RiskInput{Title: r.Title.In(here.Plan.Language), Mitigation: r.Mitigation.In(here.Plan.Language),
		RiskDetails: plan.RiskDetails{Probability: r.Probability, Low: r.Low, Likely: r.Likely, High: r.High}}
	for _, it := range here.Plan.Live(plan.KindAction) {
		if it.Details.Category != "" && slices.Contains(r.Kinds, it.Details.Category) {
			in.Actions = append(in.Actions, it.ID)
		}
	}
	id := s.App.NewID()
	if _, err := s.App.Do(v.Context(), v.caller, here.Plan.ID, plan.Add{ID: id, Kind: plan.KindRisk, Risk: &in}); err != nil {
		return err
	}
	s.say(w, "templates.risk.added", "Title", in.Title)
	return redirect(w, v, "/plans/"+string(here.Plan.ID)+"/risks#r-"+string(id))
}

// afterText is what a step waits for as the form takes it: "3", "3+2", "3SS".
func afterText(a process.After, no map[string]int) string {
	out := strconv.Itoa(no[a.Step]) + a.Type
	if a.Lag > 0 {
		out += "+"
	}
	if a.Lag != 0 {
		out += strconv.Itoa(a.Lag)
	}
	return out
}
