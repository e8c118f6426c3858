// Package present turns a plan as one person sees it into what a page shows.
// It decides nothing: what may be done is asked of the plan, and shown as the
// moves a page offers. It is given a view of one side and cannot reach the
// other side's own space.
package present

import (
	"cmp"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// Options say which part of a plan a page shows.
type Options struct {
	Language string
	Base     string // address of the plan, without a slash at the end
	Tab      view.Tab
	Show     view.Show
	Sort     view.Sort
	Open     plan.ID // the step shown in full
	Problem  *view.Problem
	History  []app.Entry // newest first; of the open step or, on its tab, of the plan
	Older    string
	Advice   map[plan.ID][]view.Advice
	Operator string
	Timeline TimelineOptions
	MaxFile  int64  // bytes of an uploaded file; 0: none is taken
	Via      string // what an address of the plan stands behind, for who comes by a link: "/me/…?to="
	Topic    string // of the planning session; empty: where the others are
	Picks    []view.SessionPick
}

// presenter holds what the parts of a page have in common.
type presenter struct {
	v app.View
	o Options
	l *locale.Locale
	p *plan.Plan

	talks  map[plan.ID]*plan.Proposal // open proposals by item
	after  map[plan.ID][]*plan.Item   // links by the item that waits
	then   map[plan.ID][]*plan.Item   // links by the item waited for
	table  *app.Timetable             // nil: it cannot be computed
	broken error                      // why not
	moves  bool                       // content may still be changed
}

func newPresenter(v app.View, o Options) *presenter {
	pr := &presenter{v: v, o: o, p: v.Plan, l: locale.For(o.Language).At(v.Now, v.Zone),
		talks: map[plan.ID]*plan.Proposal{}, after: map[plan.ID][]*plan.Item{}, then: map[plan.ID][]*plan.Item{}}
	pr.moves = v.Plan.LeftBy == "" && v.Plan.Phase != plan.Decided && v.Plan.Phase != plan.Archived && v.Me.Access != plan.Viewer
	pr.table, pr.broken = v.Timetable()
	for _, x := range v.Plan.OpenProposals() {
		for _, c := range x.Changes {
			pr.talks[c.Item] = x
		}
	}
	for _, link := range v.Plan.Live(plan.KindLink) {
		pr.after[link.Terms.To] = append(pr.after[link.Terms.To], link)
		pr.then[link.Terms.From] = append(pr.then[link.Terms.From], link)
	}
	return pr
}

// Plan is the page of a plan.
func Plan(v app.View, o Options) *view.Plan {
	pr := newPresenter(v, o)
	decision := v.Plan.Items[plan.DecisionItem]
	out := &view.Plan{
		L: pr.l, Base: o.Base, Title: decision.Terms.Title.Value, State: state(v.Plan),
		Buyer: pr.party(plan.Buyer), Seller: pr.party(plan.Seller), Revision: v.Plan.Revision,
		DecideBy: decision.Terms.Due, DecisionSeal: seal(decision), DecisionSlipped: pr.slipped(decision), Version: uint64(decision.Version),
		Outcome: string(v.Plan.Outcome.Outcome), OutcomeReason: v.Plan.Outcome.Reason.Value,
		Reader: pr.reading(), Tab: cmp.Or(o.Tab, view.TabPlan), Show: o.Show, Sort: o.Sort,
		Legal: cmp.Or(v.Plan.Notice.Value, pr.l.T("state.notice")), Operator: o.Operator, Older: o.Older,
	}
	out.Mail, out.Member, out.Domains = v.Mail, v.Member, strings.Join(v.Plan.Domains.Of(v.Side()), ", ")
	if v.Plan.Revision > 0 {
		out.AgreedOn = civil.On(v.Plan.RevisionAt, v.Zone)
	}
	out.Pages = pr.pages()
	pr.fillItems(out)
	pr.fillThings(out)
	pr.nextCheckIn(out)
	out.Lead, out.Sentence = pr.headline()
	out.Asks = pr.asks()
	out.Light, out.FitsLight, out.MayReshape = v.Plan.Form == plan.Light, v.Plan.FitsLight(), out.Reader.May.AddItem
	switch out.Tab {
	case view.TabSession:
		out.Session = pr.session(out)
	case view.TabGoals:
		out.Quotes = pr.quotes("")
		slices.Reverse(out.Quotes) // as it was said
	}
	if v.MayLearn() {
		out.Learn = "/templates/new?plan=" + string(v.Plan.ID)
	}
	if out.Tab == view.TabRisks && out.Reader.May.AddRisk {
		out.Typical = pr.typical()
	}
	pr.sessionNote(out)
	if out.Light { // with so few steps each sets the date: that says nothing
		for i := range out.Items {
			out.Items[i].Sets = false
		}
	}
	if out.Tab == view.TabHistory {
		out.History = pr.history(o.History)
	}
	if out.Tab == view.TabTimeline {
		out.Timeline = pr.timeline(out)
	}
	if o.Open != "" {
		out.Open = pr.detail(out, o.Open)
	}
	return out
}

// pages are those of the plan that its reader finds beside the tabs.
func (pr *presenter) pages() []view.Link {
	out := []view.Link{{Href: pr.o.Base + "/documents", Label: pr.l.T("file.title")}}
	if pr.v.OwnsPaper() || pr.p.Paper != nil {
		out = append(out, view.Link{Href: pr.o.Base + "/paper", Label: pr.l.T("paper.title")})
	}
	return out
}

func state(p *plan.Plan) view.PlanState {
	switch {
	case p.LeftBy != "":
		return view.Left
	case p.Phase == plan.Archived:
		return view.Archived
	case p.Phase == plan.Decided:
		return view.Decided
	case p.Paused != nil:
		return view.Paused
	}
	return view.PlanState(p.Phase)
}

func (pr *presenter) party(s plan.Side) view.Party {
	name := pr.p.Organisation.Of(s).Value
	done, total := app.Progress(pr.p, s)
	return view.Party{Name: name, Short: short(name), Done: done, Total: total}
}

// legalForms are left out where a company is named in passing.
var legalForms = map[string]bool{"AG": true, "SE": true, "GmbH": true, "KG": true, "KGaA": true, "OHG": true, "UG": true, "e.V.": true,
	"mbH": true, "&": true, "Co.": true, "Co": true, "Ltd": true, "Ltd.": true, "Limited": true, "Inc": true, "Inc.": true, "LLC": true, "plc": true, "PLC": true, "Corp.": true, "Corporation": true}

func short(name string) string {
	words := strings.Fields(name)
	n := len(words)
	for n > 1 && legalForms[strings.TrimSuffix(words[n-1], ",")] {
		n--
	}
	return strings.TrimSuffix(strings.Join(words[:n], " "), ",")
}

func (pr *presenter) reading() view.Reading {
	me, p := pr.v.Me, pr.p
	edits := pr.moves && (me.Access == plan.Editor || me.Access == plan.Lead)
	leads := p.Leads(me.ID) && p.LeftBy == "" && p.Phase != plan.Archived
	running := p.Phase == plan.Shared || p.Phase == plan.Agreed
	return view.Reading{Side: view.Side(me.Side), Person: string(me.ID), Address: me.Name.Value, Editable: pr.moves,
		May: view.PlanMoves{
			Accept: leads && running && pr.canAccept(), Pause: leads && running && p.Paused == nil, Resume: leads && p.Paused != nil,
			Leave: leads && p.Phase != plan.Draft, Decide: leads && p.Phase != plan.Draft,
			Share:   leads && pr.moves && me.Side == p.Home,
			Propose: edits && me.MayAgree() && p.Phase == plan.Agreed,
			AddItem: edits, AddPerson: edits, AddGoal: edits, AddRisk: edits, AddMilestone: edits, EditTitle: edits, Paste: edits,
			Invite: edits && leads, Domains: pr.moves && leads && p.Phase != plan.Draft,
		}}
}

// canAccept: the reader's side has not accepted exactly this content yet.
func (pr *presenter) canAccept() bool {
	d := pr.p.Digest()
	if pr.p.Accepted.Of(pr.v.Side()).Digest == d {
		return false
	}
	n := len(pr.p.Baselines)
	return n == 0 || pr.unagreed() > 0
}

// unagreed counts what both sides do not stand behind yet.
func (pr *presenter) unagreed() int {
	n := 0
	for _, it := range pr.p.Live() {
		if it.Kind.HasTerms() && !it.IsAgreed() {
			n++
		}
	}
	return n
}

func seal(it *plan.Item) view.Seal {
	s := view.Seal{Buyer: it.StandsBehind(plan.Buyer), Seller: it.StandsBehind(plan.Seller)}
	if it.Progress.Status == plan.Done {
		s.Done = view.Reported
		if it.Progress.Confirmed != "" {
			s.Done = view.Confirmed
		}
	}
	return s
}

// person is how somebody is shown; whose name was erased is nobody's.
func (pr *presenter) person(id plan.ID) view.Person {
	q := pr.p.Person(id)
	if q == nil {
		return view.Person{}
	}
	name := q.Name.Value
	if q.Erased() {
		name = pr.l.T("state.person.erased")
	}
	return view.Person{ID: string(q.ID), Name: name, Side: view.Side(q.Side), Role: q.Role.Value, You: q.ID == pr.v.Me.ID}
}

func (pr *presenter) name(id plan.ID) string {
	if id == "" {
		return pr.l.T("state.person.system")
	}
	return cmp.Or(pr.person(id).Name, pr.l.T("state.person.erased"))
}

// title names an item in a sentence.
func (pr *presenter) title(id plan.ID) string {
	it := pr.p.Items[id]
	if it == nil {
		return pr.l.T("state.item.unknown")
	}
	return pr.titleOf(it)
}

func (pr *presenter) titleOf(it *plan.Item) string {
	switch {
	case it.Kind == plan.KindLink:
		return pr.l.T("state.link", "From", pr.title(it.Terms.From), "To", pr.title(it.Terms.To))
	case it.ID == plan.DecisionItem:
		return pr.l.T("state.decision")
	case it.Details.Risk != nil:
		return it.Details.Risk.Title.Value
	case it.Details.Committee != nil:
		return it.Details.Committee.Title.Value
	case it.Details.Frozen != nil:
		return it.Details.Frozen.Title.Value
	}
	return cmp.Or(it.Terms.Title.Value, pr.l.T("state.text.erased"))
}

// headline says in a sentence where the plan stands.
func (pr *presenter) headline() (lead, sentence string) {
	p, l := pr.p, pr.l
	switch state(p) {
	case view.Draft:
		if n := len(p.Missing()); n > 0 {
			return l.T("state.draft.lead"), l.T("state.draft.missing", "N", n)
		}
		return l.T("state.draft.lead"), l.T("state.draft.ready")
	case view.Shared:
		return l.T("state.shared.lead"), pr.sharedSentence()
	case view.Paused:
		return l.T("state.paused.lead"), l.T("state.paused.sentence", "Name", pr.name(p.Paused.By), "Review", p.Paused.Review)
	case view.Decided, view.Left, view.Archived:
		return "", ""
	}
	return pr.agreedHeadline()
}

func (pr *presenter) sharedSentence() string {
	p, l := pr.p, pr.l
	digest := p.Digest()
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if a := p.Accepted.Of(s); a.Digest == digest {
			return l.T("state.shared.one", "Name", pr.name(a.By), "Other", pr.party(s.Other()).Short)
		}
	}
	if n := len(p.Missing()); n > 0 {
		return l.T("state.shared.missing", "N", n)
	}
	return l.T("state.shared.ready")
}

// agreedHeadline: what endangers the agreed date comes first, then what is
// next. It never predicts how the other side decides.
func (pr *presenter) agreedHeadline() (lead, sentence string) {
	l := pr.l
	date := pr.p.Items[plan.DecisionItem].Terms.Due
	blocked, late, next := pr.troubles()
	shaky, ready := pr.forecast()
	lead = l.T("state.agreed.lead", "Date", date)
	if date.IsZero() {
		lead = l.T("state.agreed.open")
	}
	switch {
	case shaky || blocked != nil || len(late) > 0:
		if !date.IsZero() && pr.shaky(shaky, blocked, late) {
			lead = l.T("state.shaky.lead", "Date", date)
		}
		parts := pr.holdsUp(blocked, late)
		if blocked != nil {
			parts = append(parts, l.T("state.shaky.blocked", "What", pr.titleOf(blocked), "Since", l.Since(pr.workdays(blocked.Progress.Block.Since, pr.v.Today))))
		}
		if len(late) == 1 && late[0] != blocked {
			parts = append(parts, l.T("state.shaky.late.one", "What", pr.titleOf(late[0]), "Date", late[0].Terms.Due))
		} else if len(late) > 1 {
			parts = append(parts, l.T("state.shaky.late", "N", len(late)))
		}
		return lead, strings.Join(append(parts, ready...), " ")
	case next != nil:
		return lead, strings.Join(append([]string{l.T("state.agreed.next", "What", pr.titleOf(next), "Day", next.Terms.Due)}, ready...), " ")
	}
	return lead, l.T("state.agreed.done")
}

// troubles finds the step blocked longest, the overdue ones, and the next.
func (pr *presenter) troubles() (blocked *plan.Item, late []*plan.Item, next *plan.Item) {
	for _, it := range pr.p.Live(plan.KindAction) {
		if it.IsDone() || it.Progress.Status == plan.Done {
			continue
		}
		if b := it.Progress.Block; b != nil && (blocked == nil || b.Since < blocked.Progress.Block.Since) {
			blocked = it
		}
		switch due := it.Terms.Due; {
		case due.IsZero():
		case due < pr.v.Today:
			late = append(late, it)
		case next == nil || due < next.Terms.Due:
			next = it
		}
	}
	return blocked, late, next
}

// workdays counts Mondays to Fridays after a day up to another.
func (pr *presenter) workdays(from, to civil.Day) int {
	n := 0
	for d := from + 1; d <= to && n < 400; d++ {
		if w := d.Weekday(); w != 0 && w != 6 {
			n++
		}
	}
	return n
}
