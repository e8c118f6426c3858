package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// pagesOfPlan makes the middle of a plan's pages for reading and for the live
// stream alike.
type pagesOfPlan struct{ s *Server }

const historyPage = 100 // entries of a history page

// base is the address of a plan.
func base(v app.View) string { return "/plans/" + string(v.Plan.ID) }

func (g pagesOfPlan) options(v app.View, l *locale.Locale, q planQuery) present.Options {
	return present.Options{Language: l.Lang, Base: base(v), Tab: q.Tab, Show: q.Show, Sort: q.Sort, Operator: g.s.Operator, MaxFile: g.s.mostFile(), Topic: q.Topic,
		Timeline: present.TimelineOptions{Zoom: q.Zoom, Whole: q.Whole}}
}

func (g pagesOfPlan) fragments(v app.View, l *locale.Locale, q planQuery) []view.Fragment {
	if q.Tab == view.TabRun {
		return g.runFragments(v, l, q)
	}
	o := g.options(v, l, q)
	if q.Tab == view.TabHistory {
		if err := g.remember(context.Background(), v, &o, 0); err != nil {
			g.s.Log.Error("history", "error", err)
		}
	}
	if q.Tab == view.TabSession {
		g.s.sessionOptions(context.Background(), v, l, &o)
	}
	return view.Fragments(present.Plan(v, o))
}

// remember reads a page of the history before a sequence.
func (g pagesOfPlan) remember(ctx context.Context, v app.View, o *present.Options, before int64) error {
	entries, err := g.s.App.History(ctx, v, before, historyPage)
	if err != nil {
		return err
	}
	o.History = entries
	if n := len(entries); n > 0 && entries[n-1].Seq > 1 {
		o.Older = o.Base + "/history?before=" + strconv.FormatInt(entries[n-1].Seq, 10)
	}
	return nil
}

// news tells who did what after a sequence: the last thing somebody else did.
func (g pagesOfPlan) news(ctx context.Context, v app.View, l *locale.Locale, after int64) (news, error) {
	n := int(v.Plan.Head.Seq - after)
	if n <= 0 {
		return news{}, nil
	}
	entries, err := g.s.App.History(ctx, v, 0, min(n, 20))
	if err != nil {
		return news{}, err
	}
	var out news
	for _, e := range entries {
		if e.Actor == v.Me.ID || e.Actor == "" {
			continue
		}
		text, item := present.Told(v, l.Lang, e)
		if out.Said == "" && text != "" {
			out.Said = text
			if q := v.Plan.Person(e.Actor); q != nil {
				out.By = q.Name.Value
			}
		}
		if item != "" {
			out.Changed = append(out.Changed, "i-"+string(item))
		}
	}
	return out, nil
}

// tab answers with a view of a plan.
func (s *Server) tab(t view.Tab) handler {
	return func(w http.ResponseWriter, v *visit) error {
		pv, err := s.open(v)
		if err != nil {
			return err
		}
		values := v.URL.Query()
		values.Set("tab", string(t))
		q := queryOf(values)
		undo := s.undoable(v, pv)
		page := s.planPage(w, v, pv, q)
		if page.Notice != nil {
			page.Notice.Undo = undo
		}
		if before, err := strconv.ParseInt(values.Get("before"), 10, 64); err == nil && t == view.TabHistory {
			return s.olderHistory(w, v, pv, q, page, before)
		}
		shot, key, err := s.shoot(v.Context(), pv, v.l, q)
		if err != nil {
			return err
		}
		page.Live = &view.Live{URL: q.live(pv.Plan.ID), Seq: key.seq()}
		body := view.Body(page, view.PlanBody(shot))
		if page.Notice != nil {
			return render(w, v, http.StatusOK, body)
		}
		return s.renderKept(w, v, pageKey(key, v, page), body)
	}
}

// pageKey names all a page of a plan is made from besides what it shows.
func pageKey(k shotKey, v *visit, p *view.Page) string {
	key := fmt.Sprint("page", k, v.URL.RequestURI(), p.Theme, v.caller.Member != nil)
	if p.Presence != nil {
		for _, q := range p.Presence.People {
			key += " " + q.ID
		}
	}
	for _, d := range p.Dead {
		key += " dead " + d.Again
	}
	return key
}

// olderHistory is a page of the past: it does not change any more.
func (s *Server) olderHistory(w http.ResponseWriter, v *visit, pv app.View, q planQuery, page *view.Page, before int64) error {
	o := pagesOfPlan{s}.options(pv, v.l, q)
	if err := (pagesOfPlan{s}).remember(v.Context(), pv, &o, before); err != nil {
		return err
	}
	shot, err := view.Take(v.Context(), view.Fragments(present.Plan(pv, o)))
	if err != nil {
		return err
	}
	return render(w, v, http.StatusOK, view.Body(page, view.PlanBody(shot)))
}

// planPage is what is around a page of a plan.
func (s *Server) planPage(w http.ResponseWriter, v *visit, pv app.View, q planQuery) *view.Page {
	p := s.page(w, v, "plan-"+string(q.Tab), pv.Plan.Items[plan.DecisionItem].Terms.Title.Value)
	p.Keys = true
	p.Narrow = pv.Plan.Form == plan.Light && (q.Tab == view.TabPlan || q.Tab == view.TabPeople || q.Tab == view.TabHistory || q.Tab == view.TabRisks)
	if pv.Plan.Form == plan.Light || q.Tab == view.TabGoals { // what was said stands there
		p.Style = "session.css"
	}
	p.Dead = s.deadMail(v, pv)
	p.Actions = []view.Link{{Href: base(pv) + "/take", Label: v.l.T("moves.take")}}
	if pv.Plan.Leads(pv.Me.ID) && pv.Me.Side == pv.Plan.Home && pv.Plan.LeftBy == "" {
		p.Actions = append(p.Actions, view.Link{Href: base(pv) + "/share", Label: v.l.T("moves.invite"), Sheet: true})
	}
	if p.Reader == nil {
		p.Reader = &view.Reader{Leave: "/sign-out"}
	}
	p.Reader.Menu = []view.Link{{Href: base(pv) + "/mine", Label: v.l.T("mine.title")},
		{Href: base(pv) + "/check-ins", Label: v.l.T("checkin.title")},
		{Href: base(pv) + "/minutes", Label: v.l.T("minutes.title")}, {Href: base(pv) + "/obstacles", Label: v.l.T("obstacle.title")}, {Href: base(pv) + "/feed", Label: v.l.T("checkin.feed.title")},
		{Href: base(pv) + "/links", Label: v.l.T("pages.links.title")},
		{Href: base(pv) + "/mail", Label: v.l.T("mailset.title")},
		{Href: base(pv) + "/about-me", Label: v.l.T("privacy.me.title")}, accountLink(v)}
	if pv.Member && pv.Plan.Process != "" {
		p.Reader.Menu = append(p.Reader.Menu, view.Link{Href: "/templates/" + pv.Plan.Process, Label: v.l.T("templates.of.plan")})
	}
	if pv.MayLearn() {
		p.Reader.Menu = append(p.Reader.Menu, view.Link{Href: "/templates/new?plan=" + string(pv.Plan.ID), Label: v.l.T("templates.learn")})
	}
	p.Reader.Person = view.Person{ID: string(pv.Me.ID), Name: pv.Me.Name.Value, Side: view.Side(pv.Me.Side), Role: pv.Me.Role.Value, You: true}
	p.Presence = presence(v.l, pv, s.Hub.Watching(pv.Plan.ID))
	return p
}

// undoable is the way back from what the notice tells of.
func (s *Server) undoable(v *visit, pv app.View) *view.Undo {
	id := s.saidOf(v, "item")
	it := pv.Plan.Items[plan.ID(id)]
	if it == nil || it.Undo == nil || it.Undo.By != pv.Me.ID {
		return nil
	}
	return &view.Undo{Action: base(pv) + "/items/" + id + "/undo", Version: uint64(it.Version)}
}

// detailOf fills the page of a step: with its history, what the check says,
// and a refused move if there is one.
func (s *Server) detailOf(v *visit, pv app.View, id plan.ID, problem *view.Problem) (*view.Plan, error) {
	o := pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan})
	o.Open, o.Problem = id, problem
	if pv.Plan.Items[id] != nil {
		entries, err := s.App.History(v.Context(), pv, 0, 2_000)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if present.Touches(pv.Plan, e.Event, id) {
				o.History = append(o.History, e)
			}
		}
		o.Advice = s.advice(v, pv)
	}
	p := present.Plan(pv, o)
	if p.Open == nil {
		return nil, fault.New(fault.Missing, "fault.missing")
	}
	return p, nil
}

// advice is what the check says about the items of a plan, in the reader's
// language.
func (s *Server) advice(v *visit, pv app.View) map[plan.ID][]view.Advice {
	return adviceIn(v.l, pv, nil)
}

// adviceIn is advice in a language, without that of some rules.
func adviceIn(l *locale.Locale, pv app.View, without []string) map[plan.ID][]view.Advice {
	out := map[plan.ID][]view.Advice{}
	for _, f := range app.Advice(pv) {
		if slices.Contains(without, f.Rule) {
			continue
		}
		say := func(lang, key string, args map[string]any) string { return locale.For(lang).Text(key, args) }
		id := plan.ID(f.Item)
		out[id] = append(out[id], view.Advice{Text: f.Message.In(l.Lang, say), Suggestion: f.Suggestion.In(l.Lang, say)})
	}
	return out
}

// item answers with a step's own page.
func (s *Server) item(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	return s.showItem(w, v, pv, plan.ID(v.PathValue("item")), nil, http.StatusOK)
}

func (s *Server) showItem(w http.ResponseWriter, v *visit, pv app.View, id plan.ID, problem *view.Problem, status int) error {
	p, err := s.detailOf(v, pv, id, problem)
	if err != nil {
		return err
	}
	page := s.planPage(w, v, pv, planQuery{Tab: "item"})
	return render(w, v, status, view.Body(page, view.ItemPage(p, p.Open)))
}

// sheet answers with the form of a move on the plan.
func (s *Server) sheet(kind string) handler {
	return func(w http.ResponseWriter, v *visit) error {
		pv, err := s.open(v)
		if err != nil {
			return err
		}
		return s.showSheet(w, v, pv, &view.Sheet{Kind: kind}, http.StatusOK)
	}
}

func (s *Server) showSheet(w http.ResponseWriter, v *visit, pv app.View, sheet *view.Sheet, status int) error {
	p := present.Plan(pv, pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan}))
	switch sheet.Kind {
	case "accept":
		sheet.Open, sheet.Missing = present.Acceptance(pv, v.l.Lang, base(pv))
	case "propose", "counter":
		sheet.Items = chosen(p, sheet, v)
	}
	page := s.planPage(w, v, pv, planQuery{Tab: "sheet"})
	return render(w, v, status, view.Body(page, view.SheetPage(p, sheet)))
}

// chosen are the steps a proposal is about: those named in the address or the
// refused form, those of the proposal that is countered, else all open ones.
func chosen(p *view.Plan, sheet *view.Sheet, v *visit) []view.Item {
	want := map[string]bool{}
	for _, id := range v.URL.Query()["item"] {
		want[id] = true
	}
	if sheet.Problem != nil {
		for name := range sheet.Problem.Typed {
			if id, ok := strings.CutPrefix(name, "version."); ok {
				want[id] = true
			}
		}
	}
	for _, it := range sheet.Items {
		want[it.ID] = true
	}
	var out []view.Item
	for _, it := range p.Items {
		if !it.Internal && it.State != view.Over && !it.New && (want[it.ID] || len(want) == 0) {
			out = append(out, it)
		}
	}
	return out
}

// counter answers with the form of a counter-proposal.
func (s *Server) counter(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	sheet, err := counterSheet(pv, plan.ID(v.PathValue("id")))
	if err != nil {
		return err
	}
	return s.showSheet(w, v, pv, sheet, http.StatusOK)
}

func counterSheet(pv app.View, id plan.ID) (*view.Sheet, error) {
	x := pv.Plan.Proposals[id]
	if x == nil {
		return nil, fault.New(fault.Missing, "fault.missing")
	}
	sheet := &view.Sheet{Kind: "counter", ID: string(id)}
	for _, c := range x.Changes {
		sheet.Items = append(sheet.Items, view.Item{ID: string(c.Item)})
	}
	return sheet, nil
}

// receipt shows the end of the chain: what somebody keeps to show later
// whether the past was rewritten.
func (s *Server) receipt(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	page := s.planPage(w, v, pv, planQuery{Tab: "receipt"})
	p := present.Plan(pv, pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan}))
	return render(w, v, http.StatusOK, view.Body(page, view.ReceiptPage(p, pv.Plan.Head.Seq, pv.Plan.Head.Hash)))
}

// saidOf is an argument of the sentence left for this page.
func (s *Server) saidOf(v *visit, name string) string {
	c, err := v.Cookie(noticeCookie)
	if err != nil {
		return ""
	}
	q, err := url.ParseQuery(c.Value)
	if err != nil {
		return ""
	}
	return q.Get(name)
}
