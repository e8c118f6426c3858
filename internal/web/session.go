package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// sessionRoutes are the planning session and the form of a plan.
func (s *Server) sessionRoutes(t *routeTable) {
	t.page("GET /plans/{plan}/session", s.session)
	t.page("POST /plans/{plan}/session/{move}", s.sessionMove)
	t.page("POST /plans/{plan}/session/quotes/{id}/{move}", s.quoteMove)
	t.page("GET /plans/{plan}/form", s.planForm)
	t.page("POST /plans/{plan}/form", s.planFormDone)
	t.page("GET /new/light", s.light)
	t.page("POST /new/light", s.lightDone)
}

// topicNames are what the session's page can be asked to show.
var topicNames = func() []string {
	out := []string{view.SessionSummary}
	for _, t := range plan.Topics {
		out = append(out, string(t))
	}
	return out
}()

// listed are the rules whose findings a summary lists by itself: they keep the
// plan from being agreed.
var listed = []string{"missing-owner", "joint-owner", "missing-date", "milestone-date"}

// sessionOptions adds to the options of a page what the session alone needs.
func (s *Server) sessionOptions(ctx context.Context, pv app.View, l *locale.Locale, o *present.Options) {
	o.Advice = adviceIn(l, pv, listed)
	topic := plan.Topic(o.Topic)
	if topic == "" && pv.Plan.Session != nil {
		topic = pv.Plan.Session.Topic
	}
	all, err := s.App.Typical(ctx, pv)
	if err != nil { // they are an offer: the session goes on without
		s.Log.Error("typical steps", "error", err)
		return
	}
	if pv.Me.Access == plan.Editor || pv.Me.Access == plan.Lead {
		o.Picks = present.Picks(pv, l.Lang, app.Offered(pv.Plan, all, topic))
	}
}

// session is GET {Base}/session: where the others are, or the topic asked for.
func (s *Server) session(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	q := sessionQuery(v.URL.Query().Get("topic"))
	page := s.sessionPage(w, v, pv, q)
	shot, key, err := s.shoot(v.Context(), pv, v.l, q)
	if err != nil {
		return err
	}
	page.Live = &view.Live{URL: q.live(pv.Plan.ID), Seq: key.seq()}
	return render(w, v, http.StatusOK, view.Body(page, view.PlanBody(shot)))
}

func sessionQuery(topic string) planQuery {
	if !slices.Contains(topicNames, topic) {
		topic = ""
	}
	return planQuery{Tab: view.TabSession, Topic: topic}
}

func (s *Server) sessionPage(w http.ResponseWriter, v *visit, pv app.View, q planQuery) *view.Page {
	page := s.planPage(w, v, pv, q)
	page.Title = v.l.T("session.title") + " · " + page.Title
	page.Style, page.Script = "session.css", "session.js"
	return page
}

// sessionAt is where a form of the session leads back to: the topic its reader
// was at, or where the others are.
func sessionAt(pv app.View, topic string) string {
	if topic == view.SessionIntro || !slices.Contains(topicNames, topic) {
		return base(pv) + "/session"
	}
	return base(pv) + "/session?topic=" + topic
}

// sessionMove is POST {Base}/session/{move}.
func (s *Server) sessionMove(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	move := v.PathValue("move")
	cmd, err := s.sessionCommand(v, pv, f, move)
	if err == nil {
		err = s.do(v, pv, f, cmd)
	}
	if err != nil {
		return s.refusedSession(w, v, f, sessionFormID(f, move), err)
	}
	switch move {
	case "start", "step", "lead", "end": // everybody goes there
		return redirect(w, v, base(pv)+"/session")
	}
	return redirect(w, v, sessionAt(pv, f.text("at")))
}

// sessionCommand is what a form of the session asks for; nil for a move there
// is none of.
func (s *Server) sessionCommand(v *visit, pv app.View, f *form, move string) (plan.Command, error) {
	switch move {
	case "start":
		start := plan.StartSession{ID: f.newID()}
		if pv.Plan.Phase == plan.Draft { // the button says that it shares the plan
			return plan.Batch{plan.Share{}, start}, nil
		}
		return start, nil
	case "step":
		return plan.StepSession{To: plan.Topic(f.text("to"))}, nil
	case "lead":
		return plan.LeadSession{}, nil
	case "pause":
		return plan.PauseSession{}, nil
	case "end":
		return plan.EndSession{}, nil
	case "quote":
		return f.quote(), nil
	case "add":
		return f.sessionItem(), nil
	case "date":
		return f.sessionDate(), nil
	case "pick":
		all, err := s.App.Typical(v.Context(), pv)
		if err != nil {
			return nil, err
		}
		for _, x := range all {
			if x.ID == f.text("pick") {
				return x.Add(f.newID()), nil
			}
		}
	}
	return nil, nil
}

// sessionFormID is the id of the form a move came from, as view gives it.
func sessionFormID(f *form, move string) string {
	switch move {
	case "quote":
		return "se-say-" + f.text("topic")
	case "date":
		return "se-date-" + f.text("item")
	case "add":
		if q := f.text("quote"); q != "" {
			return "se-" + f.text("kind") + "-" + q
		}
		return "se-new-" + f.text("kind")
	}
	return ""
}

// refusedSession shows the page again with what was typed in the refused form.
func (s *Server) refusedSession(w http.ResponseWriter, v *visit, f *form, id string, refusal error) error {
	problem := f.problem(v, id, refusal)
	if problem == nil || id == "" || fault.Is(refusal, fault.Missing) || fault.Is(refusal, fault.Forbidden) {
		return keeping(f, refusal)
	}
	s.log(v, refusal)
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	topic := f.text("at")
	if topic == "" {
		topic = f.text("topic")
	}
	q := sessionQuery(topic)
	o := pagesOfPlan{s}.options(pv, v.l, q)
	s.sessionOptions(v.Context(), pv, v.l, &o)
	p := present.Plan(pv, o)
	p.Session.Problem = problem
	shot, err := view.Take(v.Context(), view.Fragments(p))
	if err != nil {
		return err
	}
	return render(w, v, statusOf(refusal), view.Body(s.sessionPage(w, v, pv, q), view.PlanBody(shot)))
}

// quoteMove is POST {Base}/session/quotes/{id}/{move}.
func (s *Server) quoteMove(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	id := plan.ID(v.PathValue("id"))
	var cmd plan.Command
	switch v.PathValue("move") {
	case "edit":
		cmd = plan.EditQuote{Quote: id, Version: f.version(), Text: f.Get("text")}
	case "remove":
		cmd = plan.RemoveQuote{Quote: id, Version: f.version()}
	}
	if err := s.do(v, pv, f, cmd); err != nil {
		for _, q := range pv.Plan.Quotes {
			if q.ID == id && f.text("at") == "" {
				f.Set("topic", string(q.Topic))
			}
		}
		return s.refusedSession(w, v, f, "se-edit-"+string(id), err)
	}
	return redirect(w, v, sessionAt(pv, f.text("at")))
}

// quote keeps what was said; who is not on the plan yet is named on the buyer's
// side, where the words come from.
func (f *form) quote() plan.Command {
	c := plan.KeepQuote{ID: f.newID(), Topic: plan.Topic(f.text("topic")), Said: plan.ID(f.text("said")), Text: f.Get("text")}
	name := f.text("said_new")
	if name == "" {
		return c
	}
	named, id := f.named(name, plan.Buyer)
	c.Said = id
	return append(named, c)
}

// named is somebody of a side by their name: a person of the plan who is called
// that, or somebody new, with the command that names them.
func (f *form) named(name string, side plan.Side) (plan.Batch, plan.ID) {
	for _, q := range f.v.Plan.Everybody() {
		if q.Side == side && strings.EqualFold(q.Name.Value, name) {
			return nil, q.ID
		}
	}
	id := f.newID()
	return plan.Batch{plan.AddPerson{NewPerson: plan.NewPerson{ID: id, Side: side, Name: name}}}, id
}

// sessionItem is what a form of the session makes, all of it or nothing.
func (f *form) sessionItem() plan.Command {
	id := f.newID()
	var all plan.Batch
	switch f.text("kind") {
	case "goal":
		add := plan.Add{ID: id, Kind: plan.KindGoal, Terms: f.goal()}
		if f.text("as") == "criterion" {
			add = plan.Add{ID: id, Kind: plan.KindCriterion, Terms: f.criterion()}
		}
		all = plan.Batch{add}
	case "step", "approval":
		all = f.sessionStep(id)
	case "person":
		q := plan.NewPerson{ID: id, Side: plan.Side(f.text("side")), Name: f.text("name"), Role: f.text("role")}
		if from, to := f.day("from"), f.day("to"); !from.IsZero() || !to.IsZero() {
			if to.IsZero() {
				to = from
			}
			q.Absences = []plan.SpanInput{{From: from, To: to}}
		}
		all = plan.Batch{plan.AddPerson{NewPerson: q, Why: f.Get("why")}}
	case "gate":
		all = plan.Batch{plan.Add{ID: id, Kind: plan.KindGate, Gate: f.gate(nil)}}
	case "milestone":
		title, date := f.text("title"), f.day("date")
		all = plan.Batch{plan.Add{ID: id, Kind: plan.KindMilestone, Terms: plan.Patch{Title: &title, Due: &date}}}
	case "risk":
		all = plan.Batch{plan.Add{ID: id, Kind: plan.KindRisk, Risk: f.risk()}}
	default:
		return nil
	}
	if q := plan.ID(f.text("quote")); q != "" {
		all = append(all, plan.UseQuote{Quote: q, Item: id})
	}
	return all
}

// sessionStep is a step with what it takes and what it waits for; its owner may
// be named here for the first time.
func (f *form) sessionStep(id plan.ID) plan.Batch {
	var all plan.Batch
	party := plan.Party(f.text("side"))
	if name := f.text("owner_new"); name != "" && party != plan.Joint {
		var owner plan.ID
		all, owner = f.named(name, plan.Side(party))
		f.Set("owner", string(owner))
	}
	add := plan.Add{ID: id, Kind: plan.KindAction, Terms: f.patch(plan.Terms{Party: party})}
	if f.text("days") != "" {
		days := f.number("days")
		add.Details.Duration = &days
	}
	if f.text("kind") == "approval" {
		add.Details.Category, add.Details.Gate = present.Approval, plan.ID(f.text("gate"))
	}
	all = append(all, add)
	return append(all, f.sessionLink(id)...)
}

// sessionLink ties an item behind the one chosen, if one was.
func (f *form) sessionLink(id plan.ID) plan.Batch {
	after := plan.ID(f.text("after"))
	if after == "" {
		return nil
	}
	typ := plan.FinishToStart
	return plan.Batch{plan.Add{ID: f.newID(), Kind: plan.KindLink, Terms: plan.Patch{From: &after, To: &id, Type: &typ}}}
}

// sessionDate gives a step its date, what it takes and what it waits for; or
// says that the date is to be decided.
func (f *form) sessionDate() plan.Command {
	it := f.v.Plan.Items[plan.ID(f.text("item"))]
	if it == nil || it.Kind != plan.KindAction {
		return nil
	}
	version := f.version()
	var all plan.Batch
	patch := plan.Patch{}
	if due := f.day("due"); f.on("date_open") {
		open := true
		patch.DateOpen = &open
	} else if !due.IsZero() {
		patch.Due = &due
	}
	if patch != (plan.Patch{}) {
		all = append(all, plan.Edit{Item: it.ID, Version: version, Patch: patch})
		if patch.Due != nil || !it.Terms.DateOpen {
			version++
		}
	}
	if f.text("days") != "" {
		days, details := f.number("days"), it.Details
		details.Duration = &days
		all = append(all, plan.Detail{Item: it.ID, Version: version, Details: details})
	}
	all = append(all, f.sessionLink(it.ID)...)
	if len(all) == 0 {
		f.bad("due", "session.fault.date")
	}
	return all
}
