package present

import (
	"slices"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// questions is how many sentences help each topic along.
var questions = map[plan.Topic]int{plan.TopicGoals: 2, plan.TopicActivities: 3, plan.TopicPeople: 2, plan.TopicApproval: 2,
	plan.TopicBuyer: 2, plan.TopicSeller: 2, plan.TopicDates: 3, plan.TopicRisks: 2}

// sessionState is how far the last planning session of a plan is.
func (pr *presenter) sessionState() view.SessionState {
	s := pr.p.Session
	switch {
	case s == nil:
		return view.SessionNone
	case !pr.moves || !s.Ended.IsZero():
		return view.SessionOver
	case s.Rests(pr.v.Now):
		return view.SessionRests
	}
	return view.SessionRuns
}

// session is the page of the planning session, at the topic the reader chose or
// where the others are.
func (pr *presenter) session(out *view.Plan) *view.Session {
	p, now := pr.p, pr.p.Session
	edits := pr.moves && (pr.v.Me.Access == plan.Editor || pr.v.Me.Access == plan.Lead)
	s := &view.Session{State: pr.sessionState(), MayEdit: edits, MaySpeak: pr.moves, Draft: p.Phase == plan.Draft,
		MayStart: edits && (p.Phase != plan.Draft || p.Leads(pr.v.Me.ID)), MayShare: out.Reader.May.Share, Nobody: pr.alone(), Picks: pr.o.Picks}
	for _, t := range plan.Topics {
		s.Topics = append(s.Topics, pr.sessionTopic(out, t))
	}
	if s.State == view.SessionRuns {
		s.Now = slices.Index(plan.Topics, now.Topic) + 1
		s.Leader, s.Leads = pr.name(now.Lead), p.Person(now.Lead) != nil && p.Person(now.Lead).ID == pr.v.Me.ID
		s.Begun, s.Since, s.Spent = pr.l.Clock(now.Running), now.Running, now.Spent
	}
	switch topic := plan.Topic(pr.o.Topic); {
	case pr.o.Topic == view.SessionSummary, pr.o.Topic == "" && s.State == view.SessionOver:
		s.Shown = view.SessionSummary
	case slices.Contains(plan.Topics, topic):
		s.Shown, s.At = pr.o.Topic, slices.Index(plan.Topics, topic)+1
	case s.State == view.SessionRuns:
		s.Shown, s.At = string(now.Topic), s.Now
	default:
		s.Shown = view.SessionIntro
	}
	s.Alone = pr.o.Topic != "" && s.State == view.SessionRuns
	switch s.Shown {
	case view.SessionSummary:
		s.Summary = pr.summary(out, s)
	case string(plan.TopicApproval):
		s.Path = Calendars(pr.v, pr.o.Language, pr.o.Base)
	}
	if s.At > 0 {
		s.Quotes = pr.quotes(plan.Topic(s.Shown))
	}
	return s
}

// alone: nobody of the other side has come in.
func (pr *presenter) alone() bool {
	for _, q := range pr.p.Everybody() {
		if q.Side != pr.v.Side() && q.Joined && q.Access != plan.None {
			return false
		}
	}
	return true
}

func (pr *presenter) sessionTopic(out *view.Plan, t plan.Topic) view.SessionTopic {
	names := []any{"Buyer", pr.party(plan.Buyer).Short, "Seller", pr.party(plan.Seller).Short}
	x := view.SessionTopic{Name: string(t), Title: pr.topic(t), Short: pr.shortTopic(t), Ask: pr.l.T("session.ask."+string(t), names...), Quotes: len(pr.p.QuotesOn(t))}
	for i := range questions[t] {
		x.More = append(x.More, pr.l.T("session.ask."+string(t)+"."+string(rune('1'+i)), names...))
	}
	switch t {
	case plan.TopicGoals:
		x.Items = len(out.Goals) + len(out.Criteria)
	case plan.TopicPeople:
		x.Items = len(out.People)
	case plan.TopicApproval:
		x.Items = len(pr.p.Live(plan.KindGate)) + len(pr.approvals())
	case plan.TopicDates:
		x.Items = len(out.Milestones)
	case plan.TopicRisks:
		x.Items = len(out.Risks)
	default:
		for i := range out.Items {
			it := &out.Items[i]
			if !it.Internal && (t == plan.TopicActivities || it.Side == view.Joint || string(it.Side) == string(t)) {
				x.Items++
			}
		}
	}
	return x
}

// quotes are what was said on a topic, the last first: it is what one talks
// about.
func (pr *presenter) quotes(t plan.Topic) []view.Quote {
	var out []view.Quote
	for _, q := range pr.p.QuotesOn(t) {
		x := view.Quote{ID: string(q.ID), Topic: string(q.Topic), Text: q.Text.Value, Said: pr.person(q.Said), Version: uint64(q.Version),
			MayEdit: pr.moves && pr.p.MayEditQuote(pr.v.Me.ID, q)}
		if a, b := pr.p.Person(q.Said), pr.p.Person(q.By); a != b {
			x.Wrote = pr.name(q.By)
		}
		for _, id := range q.Items {
			if r, ok := pr.made(id); ok {
				x.Made = append(x.Made, r)
			}
		}
		out = append(out, x)
	}
	slices.Reverse(out)
	return out
}

// made is what a quote became, if it is still in the plan.
func (pr *presenter) made(id plan.ID) (view.Ref, bool) {
	it := pr.p.Items[id]
	switch {
	case it == nil:
		q := pr.p.Person(id)
		return view.Ref{Title: pr.name(id)}, q != nil && !q.Left && !q.Erased()
	case it.Removed != 0:
		return view.Ref{}, false
	case it.Kind == plan.KindAction:
		return view.Ref{ID: string(id), Title: pr.titleOf(it)}, true
	}
	return view.Ref{Title: pr.titleOf(it)}, true
}

// sessionNote leads from the plan back into a session that has not ended, or
// into a first one where there is little to see yet.
func (pr *presenter) sessionNote(out *view.Plan) {
	l, s := pr.l, pr.p.Session
	switch pr.sessionState() {
	case view.SessionRuns, view.SessionRests:
		n := slices.Index(plan.Topics, s.Topic) + 1
		key := "session.banner.rests"
		if pr.sessionState() == view.SessionRuns {
			key = "session.banner.runs"
		}
		out.SessionNote = l.T(key, "N", n, "Of", len(plan.Topics), "Title", pr.topic(s.Topic))
		out.SessionGo = l.T("session.banner.go")
	}
}

// summary says what the plan holds and what is missing until both can stand
// behind it, each with where it is mended.
func (pr *presenter) summary(out *view.Plan, s *view.Session) *view.Summary {
	l, base := pr.l, pr.o.Base+"/session?topic="
	sum := &view.Summary{Missing: pr.missing(), Quotes: len(pr.p.QuotesOn(""))}
	count := func(key string, n int) {
		if n > 0 {
			sum.Have = append(sum.Have, l.T("session.count."+key, "N", n))
		}
	}
	steps := pr.p.Live(plan.KindAction)
	buyers := 0
	for _, it := range steps {
		if it.Terms.Party.Includes(plan.Buyer) {
			buyers++
		}
	}
	count("goals", len(out.Goals)+len(out.Criteria))
	count("steps", len(steps))
	count("milestones", len(out.Milestones))
	count("risks", len(out.Risks))
	count("quotes", sum.Quotes)
	add := func(missing bool, key, href string, nameValues ...any) {
		if missing {
			sum.Missing = append(sum.Missing, view.Missing{Text: l.T("session.lacks."+key, nameValues...), Href: href})
		}
	}
	buyer := pr.party(plan.Buyer).Short
	add(len(out.Goals) == 0, "goal", base+"goals")
	add(len(steps) == 0, "steps", base+"activities")
	add(len(steps) > 0 && buyers == 0, "buyer", base+"buyer", "Name", buyer)
	add(len(pr.p.LeadsOf(plan.Buyer)) == 0, "nobody", pr.o.Base+"/people", "Name", buyer)
	add(len(out.Risks) == 0 && len(steps) > 0, "risks", base+"risks")
	sum.Vague = pr.vague()
	return sum
}

// mostVague is how much advice one summary gives: more is not read.
const mostVague = 8

// vague are the items whose wording the check would change.
func (pr *presenter) vague() []view.Advised {
	var out []view.Advised
	for _, it := range pr.p.Live(plan.KindAction, plan.KindMilestone) {
		for _, a := range pr.o.Advice[it.ID] {
			if len(out) < mostVague {
				out = append(out, view.Advised{Title: pr.titleOf(it), Href: pr.hrefOf(it), Advice: a})
			}
		}
	}
	return out
}

// Picks are typical steps, as a page offers them.
func Picks(v app.View, language string, offered []app.TypicalStep) []view.SessionPick {
	l := newPresenter(v, Options{Language: language}).l
	out := make([]view.SessionPick, 0, len(offered))
	for _, x := range offered {
		p := view.SessionPick{ID: x.ID, Title: x.Title, Side: view.Side(x.Party)}
		switch {
		case x.High == 0:
		case x.Kind == plan.KindRisk:
			p.Usual = l.T("session.costs", "Low", x.Low, "High", x.High)
		case x.Low == x.High:
			p.Usual = l.T("session.usual.one", "N", x.Low)
		default:
			p.Usual = l.T("session.usual", "Low", x.Low, "High", x.High)
		}
		out = append(out, p)
	}
	return out
}
