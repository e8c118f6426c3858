package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	deals "tandem/internal/deal"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// dealRoutes are a workspace's deals: members only, all of them. Whatever is
// below a plan is for members who act for the plan's own side.
func (s *Server) dealRoutes(t *routeTable) {
	t.page("GET /deals", s.dealList)
	t.page("GET /deals/new", s.dealNew)
	t.page("POST /deals", s.dealMade)
	t.page("GET /deals/import", s.dealUpload)
	t.page("POST /deals/import", s.dealUploaded)
	t.page("POST /deals/import/preview", s.dealPreview)
	t.page("POST /deals/import/apply", s.dealsTaken)
	t.page("POST /deals/import/bad", s.dealsBad)
	t.page("GET /deals/{deal}", s.deal)
	t.page("POST /deals/{deal}", s.dealSave)
	t.page("POST /deals/{deal}/plan", s.dealPlan)
	t.page("POST /deals/{deal}/remove", s.dealRemove)

	t.page("GET /new/ready", s.readyNew)
	t.page("POST /new/ready", s.readyMade)
	t.page("GET /deals/{deal}/readiness", s.ready)
	t.page("POST /deals/{deal}/readiness", s.readyDone)
	t.page("POST /deals/{deal}/resistance", s.resistDeal)

	t.page("GET /plans/{plan}/deal", s.planDeal)
	t.page("POST /plans/{plan}/deal", s.planDealChosen)
	t.page("POST /plans/{plan}/resistance", s.resistPlan)
}

func (v *visit) dealID() plan.ID { return plan.ID(v.PathValue("deal")) }

// dealsPage is what is around a page of deals.
func (s *Server) dealsPage(w http.ResponseWriter, v *visit, title string) *view.Page {
	p := s.page(w, v, "deals", title)
	p.Style, p.Script = "deals.css", "copy.js"
	return p
}

const dealsPerPage = 50

func (s *Server) dealList(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	values := v.URL.Query()
	f := &view.DealList{Query: strings.TrimSpace(values.Get("q")), Only: values.Get("only"), Sort: values.Get("sort"), First: values.Get("after") == ""}
	q := app.DealQuery{Search: f.Query, Limit: dealsPerPage + 1, AfterKey: values.Get("key"), After: plan.ID(values.Get("after"))}
	switch f.Only {
	case "without":
		q.Without = true
	case "mine":
		q.Owner = v.caller.Member.ID
	case "ended":
		q.Ended = true
	default:
		f.Only = ""
	}
	switch q.Sort = app.DealSort(f.Sort); q.Sort {
	case app.DealsByAccount, app.DealsByAmount, app.DealsByChange:
	default:
		q.Sort, f.Sort = app.DealsByClose, string(app.DealsByClose)
	}
	rows, err := s.App.Deals(v.Context(), v.caller, q)
	if err != nil {
		return err
	}
	if f.Open, f.Without, err = s.App.CountDeals(v.Context(), v.caller); err != nil {
		return err
	}
	if len(rows) > dealsPerPage {
		rows = rows[:dealsPerPage]
		last := rows[dealsPerPage-1]
		next, _ := url.Parse(here(v.URL))
		values.Set("key", last.Key)
		values.Set("after", string(last.ID))
		next.RawQuery = values.Encode()
		f.Next = next.String()
	}
	for _, r := range rows {
		line := dealLine(v.l, r.Deal)
		if r.PlanTitle != "" {
			line.PlanTitle, line.PlanID, line.PlanSays = r.PlanTitle, string(r.Plan), v.l.T("deal.phase."+string(r.Phase))
			line.Decide, _ = civil.Parse(r.DecideBy) // no day if there is none
		}
		f.Rows = append(f.Rows, line)
	}
	return render(w, v, http.StatusOK, view.DealListPage(s.dealsPage(w, v, v.l.T("deal.list.title")), f))
}

// dealLine is a deal as it is shown in a line.
func dealLine(l *locale.Locale, d app.Deal) view.DealLine {
	return view.DealLine{ID: string(d.ID), Name: d.Name, Account: d.Account, Amount: money(l, d.Amount, d.Currency), Stage: d.Stage,
		Close: d.Close, Owner: d.OwnerName, Advice: d.Advice, Ended: d.Ended, Gone: !d.Gone.IsZero()}
}

// money is an amount in the reader's way; none without a currency.
func money(l *locale.Locale, minor int64, code string) string {
	if code == "" {
		return ""
	}
	return l.Money(minor, code)
}

// dealForm fills the form of a deal.
func (s *Server) dealForm(v *visit, d app.Deal) (view.DealForm, error) {
	members, err := s.App.Colleagues(v.Context(), v.caller)
	if err != nil {
		return view.DealForm{}, err
	}
	f := view.DealForm{ID: string(d.ID), Version: strconv.Itoa(d.Version), Name: d.Name, Account: d.Account, Currency: d.Currency, Stage: d.Stage,
		Ended: d.Ended, Close: d.Close.String(), Segment: d.Segment, Owner: string(d.Owner), CRM: d.CRM, URL: d.URL, New: d.Version == 0}
	if d.Currency != "" {
		f.Amount = plainMoney(v.l, d.Amount, d.Currency)
	}
	if d.Owner == "" {
		f.OwnerSays = d.OwnerName
	}
	f.Owners = []view.Option{{Value: "", Label: v.l.T("deal.field.owner.none")}}
	for _, m := range members {
		f.Owners = append(f.Owners, view.Option{Value: string(m.ID), Label: m.Name})
	}
	f.Currencies = currencies()
	return f, nil
}

// plainMoney is an amount as one types it, without its currency.
func plainMoney(l *locale.Locale, minor int64, code string) string {
	text := l.Money(minor, code)
	return strings.Trim(strings.NewReplacer(code, "", "€", "", "$", "", "£", "", "\u00a0", "").Replace(text), " ")
}

func currencies() []view.Option {
	var all []view.Option
	for _, code := range deals.Currencies() {
		all = append(all, view.Option{Value: code, Label: code})
	}
	return all
}

func (s *Server) dealNew(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	f, err := s.dealForm(v, app.Deal{ID: s.App.NewID(), Owner: v.caller.Member.ID, Currency: s.App.HouseCurrency(v.Context(), v.caller)})
	if err != nil {
		return err
	}
	f.Amount = ""
	return s.showDealNew(w, v, http.StatusOK, f)
}

func (s *Server) showDealNew(w http.ResponseWriter, v *visit, status int, f view.DealForm) error {
	return render(w, v, status, view.DealNewPage(s.dealsPage(w, v, v.l.T("deal.new")), &f))
}

func (s *Server) dealMade(w http.ResponseWriter, v *visit) error {
	d, f, err := s.dealTyped(v, app.Deal{})
	if err != nil {
		return err
	}
	d, err = s.saveTyped(v, d, f)
	if err == nil {
		s.say(w, "deal.said.made")
		return redirect(w, v, "/deals/"+string(d.ID))
	}
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showDealNew(w, v, status, *f)
}

// dealTyped is a deal as it was typed, and its form filled with the same words.
func (s *Server) dealTyped(v *visit, old app.Deal) (app.Deal, *view.DealForm, error) {
	if err := s.inPlace(v); err != nil {
		return old, nil, err
	}
	if err := parse(v, maxForm); err != nil {
		return old, nil, err
	}
	d := old
	if old.ID == "" {
		d.ID = plan.ID(v.field("id"))
	}
	d.Version, _ = strconv.Atoi(v.field("version")) // none is that of no deal
	d.Name, d.Account, d.Stage, d.Ended, d.Segment = v.field("name"), v.field("account"), v.field("stage"), v.field("ended"), v.field("segment")
	d.Owner, d.CRM, d.URL, d.Currency = plan.ID(v.field("owner")), v.field("crm"), v.field("url"), v.field("currency")
	f, err := s.dealForm(v, d)
	if err != nil {
		return d, nil, err
	}
	f.Amount, f.Close, f.New = v.field("amount"), v.field("close"), old.ID == ""
	return d, &f, nil
}

// saveTyped reads what was typed as text and stores the deal.
func (s *Server) saveTyped(v *visit, d app.Deal, f *view.DealForm) (app.Deal, error) {
	mark := deals.Point
	if v.l.Lang == "de" {
		mark = deals.Comma
	}
	own := deals.MarkOf(f.Amount)
	if own == deals.Unknown {
		own = mark
		if deals.Ambiguous(f.Amount) && strings.Contains(f.Amount, map[deals.Mark]string{deals.Comma: ",", deals.Point: "."}[mark]) {
			own = deals.Unknown // a single sign before three digits groups, whatever the language
		}
	}
	var bad deals.Trouble
	code := d.Currency
	if d.Amount, d.Currency, bad = deals.Amount(f.Amount, own, code); bad != "" {
		return d, fault.New(fault.Invalid, string(bad), "text", f.Amount)
	}
	d.Close = 0
	if f.Close != "" {
		var err error
		if d.Close, err = civil.Parse(f.Close); err != nil {
			return d, fault.New(fault.Invalid, "pages.fault.day", "Text", f.Close).Wrap(err)
		}
	}
	return s.App.SaveDeal(v.Context(), v.caller, d)
}

func (s *Server) deal(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	d, err := s.App.Deal(v.Context(), v.caller, v.dealID())
	if err != nil {
		return err
	}
	f, err := s.dealForm(v, d.Deal)
	if err != nil {
		return err
	}
	return s.showDeal(w, v, http.StatusOK, d, f)
}

func (s *Server) dealSave(w http.ResponseWriter, v *visit) error {
	old, err := s.App.Deal(v.Context(), v.caller, v.dealID())
	if err != nil {
		return err
	}
	d, f, err := s.dealTyped(v, old.Deal)
	if err != nil {
		return err
	}
	if d.Version == 0 {
		return fault.New(fault.Invalid, "pages.fault.form")
	}
	if _, err = s.saveTyped(v, d, f); err == nil {
		s.say(w, "deal.said.saved")
		return redirect(w, v, "/deals/"+string(d.ID))
	}
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	f.Version = strconv.Itoa(old.Version) // what was typed may be saved over what is there now, once it was seen
	return s.showDeal(w, v, status, old, *f)
}

// showDeal is a deal's page.
func (s *Server) showDeal(w http.ResponseWriter, v *visit, status int, d app.DealView, f view.DealForm) error {
	page := &view.Deal{DealLine: dealLine(v.l, d.Deal), CRM: d.CRM, URL: d.URL, Segment: d.Segment, Form: f, NewID: string(s.App.NewID()),
		Changes: changeStories(v.l, d), Checks: checkStories(v.l, d)}
	if len(page.Checks) > 0 {
		page.Last = adviceOf(v.l, d.Deal, d.Checks[0], d.Names)
		page.Checks = page.Checks[1:]
	}
	if d.Row != nil {
		page.Plan = &view.DealPlan{ID: string(d.Row.Plan), Title: d.Row.Title, State: v.l.T("deal.phase." + string(d.Row.Phase))}
		if err := s.sumUp(v, d.Plan, page); err != nil {
			return err
		}
	} else {
		free, err := s.App.FreePlans(v.Context(), v.caller, 100)
		if err != nil {
			return err
		}
		for _, r := range free {
			page.FreePlans = append(page.FreePlans, view.Option{Value: string(r.Plan), Label: r.Title + " (" + r.Buyer + ")"})
		}
	}
	page.Answer = dealAnswer(v.l, d)
	page.Resist = resistOf(v, d, "introducing", "/deals/"+string(d.ID)+"/resistance", "/deals/"+string(d.ID))
	return render(w, v, status, view.DealPage(s.dealsPage(w, v, d.Name), page))
}

// sumUp adds what is said of the plan, if the reader is on it.
func (s *Server) sumUp(v *visit, planID plan.ID, page *view.Deal) error {
	pv, err := s.App.Open(v.Context(), v.caller, planID)
	if f, ok := fault.As(err); ok && (f.Kind == fault.Forbidden || f.Kind == fault.Missing) {
		page.NotOn = v.l.Text(f.Key, f.Args)
		return nil
	}
	if err != nil {
		return err
	}
	sum, err := s.App.DealSummary(v.Context(), v.caller, pv)
	if fault.Is(err, fault.Missing) { // they came in for the other side
		return nil
	}
	if err != nil {
		return err
	}
	page.Summary = summaryOf(v.l, sum, s.link("/plans/"+string(planID)))
	return nil
}

func (s *Server) dealPlan(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	id := plan.ID(v.field("plan"))
	if err := s.App.LinkDeal(v.Context(), v.caller, v.dealID(), id); err != nil {
		return err
	}
	s.say(w, map[bool]string{true: "deal.said.linked", false: "deal.said.apart"}[id != ""])
	return redirect(w, v, "/deals/"+string(v.dealID()))
}

func (s *Server) dealRemove(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	if _, err := s.App.Deal(v.Context(), v.caller, v.dealID()); err != nil {
		return err
	}
	if v.field("sure") == "" {
		return fault.New(fault.Invalid, "deal.fault.sure")
	}
	if err := s.App.DeleteDeal(v.Context(), v.caller, v.dealID()); err != nil {
		return err
	}
	s.say(w, "deal.said.removed")
	return redirect(w, v, "/deals")
}

// planDeal is the deal of a plan, in a sheet over it.
func (s *Server) planDeal(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	d, has, err := s.App.DealOf(v.Context(), v.caller, pv)
	if err != nil {
		return err
	}
	f := &view.DealSheet{Back: base(pv), Title: pv.Plan.Items[plan.DecisionItem].Terms.Title.Value}
	if has {
		line := dealLine(v.l, d.Deal)
		f.Deal, f.Answer = &line, dealAnswer(v.l, d)
	} else {
		rows, err := s.App.Deals(v.Context(), v.caller, app.DealQuery{Without: true, Limit: app.MaxDeals, Sort: app.DealsByAccount})
		if err != nil {
			return err
		}
		for _, r := range rows {
			f.Deals = append(f.Deals, view.Option{Value: string(r.ID), Label: cmp.Or(r.Account, r.Name) + ": " + r.Name})
		}
	}
	sum, err := s.App.DealSummary(v.Context(), v.caller, pv)
	if err != nil {
		return err
	}
	f.Summary = summaryOf(v.l, sum, s.link(base(pv)))
	p := s.planPage(w, v, pv, planQuery{Tab: "sheet"})
	p.Script = "copy.js"
	return render(w, v, http.StatusOK, view.DealSheetPage(p, f))
}

func (s *Server) planDealChosen(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	if _, _, err := s.App.DealOf(v.Context(), v.caller, pv); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	if err := s.App.LinkDeal(v.Context(), v.caller, plan.ID(v.field("deal")), pv.Plan.ID); err != nil {
		return err
	}
	s.say(w, "deal.said.linked")
	return redirect(w, v, base(pv))
}
