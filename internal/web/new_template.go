package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/process"
	"tandem/internal/schedule"
	"tandem/internal/web/view"
)

// pickTemplate offers the processes a plan can begin with.
func (s *Server) pickTemplate(w http.ResponseWriter, v *visit) error {
	all, err := s.App.Processes(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f := view.PickTemplate{Deal: v.URL.Query().Get("deal")}
	for _, o := range all {
		if !o.Withdrawn.IsZero() {
			continue
		}
		c := card(v.l, o)
		c.Href = view.WithDeal("/new/template/"+o.Process.Ref(), f.Deal)
		if o.Own {
			f.Own = append(f.Own, c)
		} else {
			f.Builtin = append(f.Builtin, c)
		}
	}
	p := s.page(w, v, "new-template", v.l.T("templates.pick.title"))
	p.Style = "templates.css"
	return render(w, v, http.StatusOK, view.PickTemplatePage(p, f))
}

func card(l *locale.Locale, o app.ProcessOffer) view.TemplateCard {
	p := o.Process
	return view.TemplateCard{Href: "/templates/" + p.ID, Name: p.Name.In(l.Lang), Purpose: p.Purpose.In(l.Lang), Caution: !p.Caution.IsZero(),
		Own: o.Own, Withdrawn: !o.Withdrawn.IsZero(),
		Size: l.T("templates.size", "Weeks", l.T("templates.weeks", "N", p.Weeks()), "Steps", l.T("templates.steps", "N", len(p.Steps)), "Stones", l.T("templates.stones", "N", len(p.Milestones)))}
}

// layOut shows when what would happen if it began today.
func (s *Server) layOut(w http.ResponseWriter, v *visit) error {
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	o, err := s.App.ProcessPage(v.Context(), v.caller, v.PathValue("template"))
	if err != nil {
		return err
	}
	q := url.Values{"direction": {"forward"}, "start": {place.Today(s.App.Now()).String()}, "buffer": {"50"}, "language": {place.Language},
		"buyer_region": {place.Region}, "seller_region": {place.Region}, "id": {string(s.App.NewID())}, "deal": {v.URL.Query().Get("deal")}}
	for _, r := range o.Process.Roles {
		if r.Side == planfile.Seller { // whoever makes the plan leads their side
			q.Set("name."+r.ID, v.caller.Member.Name)
			q.Set("email."+r.ID, v.caller.Member.Email)
			break
		}
	}
	for _, r := range o.Process.Risks {
		q.Add("risk", r.ID)
	}
	if id := q.Get("deal"); id != "" {
		d, err := s.App.Deal(v.Context(), v.caller, plan.ID(id))
		if err != nil {
			return err
		}
		q.Set("buyer", d.Deal.Account)
	}
	return s.showLayOut(w, v, http.StatusOK, o, q, nil)
}

// layOutDone shows the dates anew, or makes the plan.
func (s *Server) layOutDone(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	o, err := s.App.ProcessPage(v.Context(), v.caller, v.PathValue("template"))
	if err != nil {
		return err
	}
	if v.field("do") == "look" {
		return s.showLayOut(w, v, http.StatusOK, o, v.PostForm, nil)
	}
	made, err := s.laidPlan(v, o)
	if err == nil {
		s.say(w, "templates.made")
		return redirect(w, v, "/plans/"+string(made.Plan.ID))
	}
	return s.showLayOut(w, v, statusOf(err), o, v.PostForm, err)
}

func (s *Server) laidPlan(v *visit, o app.ProcessOffer) (app.View, error) {
	f, err := layFill(v.PostForm, o.Process)
	if err != nil {
		return app.View{}, err
	}
	if f.Buyer.Organisation == "" {
		return app.View{}, fault.New(fault.Invalid, "pages.fault.buyer")
	}
	return s.App.CreateFromProcess(v.Context(), v.caller, o.Process.Ref(), f, app.NewPlan{ID: plan.ID(v.field("id")), Deal: plan.ID(v.field("deal"))})
}

// layFill reads the form.
func layFill(q url.Values, p *process.Process) (process.Fill, error) {
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	f := process.Fill{Language: get("language"), Title: get("title"), Factors: q["factor"], Risks: q["risk"], People: map[string]process.Person{},
		Buyer:  planfile.Party{Organisation: get("buyer"), Calendar: planfile.Calendar{Region: get("buyer_region")}},
		Seller: planfile.Party{Calendar: planfile.Calendar{Region: get("seller_region")}}}
	if !slices.Contains(locale.Languages, f.Language) {
		return f, fault.New(fault.Invalid, "fault.language")
	}
	for _, r := range []string{f.Buyer.Calendar.Region, f.Seller.Calendar.Region} {
		if err := checkRegion(r); err != nil {
			return f, err
		}
	}
	percent, err := strconv.Atoi(cmp.Or(get("buffer"), "50"))
	if err != nil {
		return f, fault.New(fault.Invalid, "process.fault.buffer").Wrap(err)
	}
	f.Buffer = float64(percent) / 100
	for _, r := range p.Roles {
		f.People[r.ID] = process.Person{Name: get("name." + r.ID), Email: get("email." + r.ID)}
	}
	if get("direction") == "backward" {
		if f.DecideBy, err = day(get("decide")); err == nil && f.DecideBy.IsZero() {
			err = fault.New(fault.Invalid, "templates.fault.decide")
		}
		return f, err
	}
	f.Start, err = day(get("start"))
	return f, err
}

// showLayOut is the form as it was sent, with the dates that come of it.
func (s *Server) showLayOut(w http.ResponseWriter, v *visit, status int, o app.ProcessOffer, q url.Values, wrong error) error {
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f := layForm(v.l, o.Process, place, q)
	fill, err := layFill(q, o.Process)
	if err == nil {
		if fill.Buyer.Organisation == "" {
			fill.Buyer.Organisation = v.l.T("templates.buyer")
		}
		var laid *process.Laid
		if laid, _, err = s.App.LayProcess(v.Context(), v.caller, o.Process.Ref(), fill); err == nil {
			f.Result = laidResult(v.l, laid, o.Process, fill)
		}
	}
	if wrong == nil && err != nil {
		wrong, status = err, statusOf(err)
	}
	if wrong != nil {
		if f.Problem, err = problem(v, wrong); err != nil {
			return err
		}
	}
	p := s.page(w, v, "lay-out", f.Name)
	p.Style, p.Here = "templates.css", view.WithDeal(v.URL.EscapedPath(), f.Deal)
	return render(w, v, status, view.LayOutPage(p, f))
}

func layForm(l *locale.Locale, p *process.Process, place app.Workspace, q url.Values) *view.LayOut {
	f := &view.LayOut{Action: "/new/template/" + p.Ref(), ID: q.Get("id"), Deal: q.Get("deal"), Name: p.Name.In(l.Lang), Purpose: p.Purpose.In(l.Lang),
		Caution: p.Caution.In(l.Lang), Buyer: q.Get("buyer"), Title: q.Get("title"), Language: q.Get("language"), BuyerRegion: q.Get("buyer_region"),
		SellerRegion: q.Get("seller_region"), Seller: place.Name, Regions: regions(l), Backward: q.Get("direction") == "backward",
		Start: q.Get("start"), DecideBy: q.Get("decide"), Buffer: q.Get("buffer"), Templates: "/templates/" + p.Ref()}
	for _, b := range []string{"50", "20", "0"} {
		f.Buffers = append(f.Buffers, view.Option{Value: b, Label: l.T("templates.buffer." + b)})
	}
	for _, x := range process.Factors() {
		f.Factors = append(f.Factors, view.Check{Value: x.ID, Label: x.Name.In(l.Lang), More: times(l, x.Times), On: slices.Contains(q["factor"], x.ID)})
	}
	for _, r := range p.Risks {
		f.Risks = append(f.Risks, view.Check{Value: r.ID, Label: r.Title.In(l.Lang), More: riskSize(l, r), On: slices.Contains(q["risk"], r.ID)})
	}
	for _, r := range p.Roles {
		n := 0
		for _, s := range p.Steps {
			if s.Buyer == r.ID || s.Seller == r.ID {
				n++
			}
		}
		x := view.RoleField{ID: r.ID, Label: r.Name.In(l.Lang), Name: q.Get("name." + r.ID), Email: q.Get("email." + r.ID), Steps: l.T("templates.steps", "N", n)}
		if r.Side == planfile.Buyer {
			f.BuyerRoles = append(f.BuyerRoles, x)
		} else {
			f.Roles = append(f.Roles, x)
		}
	}
	return f
}

func times(l *locale.Locale, t float64) string { return "×" + l.Decimal(t) }

// riskSize is "35 %, 5 bis 15 Arbeitstage".
func riskSize(l *locale.Locale, r process.Risk) string {
	return l.T("templates.risk.size", "Percent", int(r.Probability*100+0.5), "Low", int(r.Low), "High", int(r.High))
}

// regions are those whose holidays are known, none first, by name.
func regions(l *locale.Locale) []view.Option {
	out := []view.Option{{Value: "", Label: l.T("timetable.region.none")}}
	for _, r := range calendar.Regions() {
		out = append(out, view.Option{Value: r.Code, Label: r.Name(l.Lang)})
	}
	slices.SortFunc(out[1:], func(a, b view.Option) int { return cmp.Compare(a.Label, b.Label) })
	return out
}

// laidResult says what came of laying out.
func laidResult(l *locale.Locale, laid *process.Laid, p *process.Process, f process.Fill) *view.LaidOut {
	out := &view.LaidOut{Decision: laid.Decision, Start: laid.Start, Ready: laid.Ready, Spare: laid.Spare, Why: laidWhy(l, laid)}
	if laid.Stretch > 1.001 {
		out.Stretch = times(l, laid.Stretch)
	}
	if !f.DecideBy.IsZero() && laid.Decision != f.DecideBy {
		out.Moved = l.T("templates.laid.moved", "Asked", l.Day(f.DecideBy), "Day", l.Day(laid.Decision))
	}
	people := map[string]string{}
	for _, q := range laid.Plan.People {
		people[q.ID] = q.Name
	}
	role := func(id string) string {
		if r := p.Role(id); r != nil {
			return r.Name.In(l.Lang)
		}
		return l.T("state.owner.open")
	}
	by, end := map[string]string{}, map[string]civil.Day{}
	for i, a := range laid.Plan.Actions {
		s := p.Steps[i]
		var who []string
		if s.Side != planfile.Seller {
			who = append(who, cmp.Or(people[a.Owner], people[a.Owners.Buyer], role(s.Buyer)))
		}
		if s.Side == planfile.Seller {
			who = append(who, cmp.Or(people[a.Owner], role(s.Seller)))
		}
		if s.Side == planfile.Joint {
			who = append(who, cmp.Or(people[a.Owners.Seller], role(s.Seller)))
		}
		row := view.LaidRow{Title: a.Title, Side: view.Side(s.Side), Who: strings.Join(who, ", "), From: a.Start, To: a.Due}
		if planned := process.Planned(s.Likely, laid.Stretch, f.Buffer); planned > *a.Duration {
			row.Buffer = l.T("templates.of", "N", planned, "Buffer", planned-*a.Duration)
		}
		out.Steps = append(out.Steps, row)
		if a.Due >= end[a.Milestone] {
			by[a.Milestone], end[a.Milestone] = a.Title, a.Due
		}
	}
	for _, m := range laid.Plan.Milestones {
		out.Milestones = append(out.Milestones, view.LaidRow{Title: m.Title, To: m.Date, By: by[m.ID]})
	}
	slices.SortStableFunc(out.Milestones, func(a, b view.LaidRow) int { return int(a.To - b.To) })
	slices.SortStableFunc(out.Steps, func(a, b view.LaidRow) int { return cmp.Or(int(a.From-b.From), int(a.To-b.To)) })
	for _, r := range laid.Open {
		out.Open = append(out.Open, r.Name.In(l.Lang))
	}
	return out
}

// maxWhy keeps the reasons of the decision's day readable.
const maxWhy = 10

// laidWhy walks back from the decision over what sets its day, nearest first.
func laidWhy(l *locale.Locale, laid *process.Laid) []string {
	s, at := laid.Schedule()
	voice := schedule.Voice{Lang: l.Lang, Text: l.Text}
	nodes := s.Network().Nodes
	var out []string
	for seen := map[int]bool{}; at >= 0 && !seen[at] && len(out) < maxWhy; {
		seen[at] = true
		var said []string
		next := -1
		for _, c := range s.Because(at) {
			said = append(said, voice.Say(c.Phrase))
			if c.Kind == schedule.CauseLink && next < 0 {
				next = s.Index(c.Ref)
			}
		}
		out = append(out, l.T("templates.why", "Title", nodes[at].Title, "Day", l.Day(s.Dates(at).Finish), "Because", strings.Join(said, " ")))
		at = next
	}
	return out
}
