package view

import (
	"slices"
	"strings"

	"tandem/internal/civil"
)

// stateText says where in its life the plan is.
func stateText(p *Plan) string {
	var text string
	switch p.State {
	case Draft:
		return p.L.T("plan.state.draft", "Name", p.party(p.Reader.Side).Short)
	case Shared:
		return p.L.T("plan.state.shared")
	case Paused:
		text = p.L.T("plan.state.paused")
	case Decided:
		text = p.L.T("plan.state.decided")
	case Left:
		text = p.L.T("plan.state.left")
	case Archived:
		text = p.L.T("plan.state.archived")
	}
	if p.Revision > 0 {
		if text != "" {
			text += " · "
		}
		text += p.L.T("plan.state.agreed", "Date", p.AgreedOn) + " · " + p.L.T("plan.state.revision", "N", p.Revision)
	}
	return text
}

func progressText(p *Plan, side *Party) string {
	return p.L.T("plan.progress", "Name", side.Short, "Done", side.Done, "Total", side.Total)
}

// decisionText is the last sign on the spine.
func decisionText(p *Plan) string {
	switch {
	case p.State == Decided && p.Outcome == "yes":
		return p.L.T("plan.decision.yes")
	case p.State == Decided && p.Outcome == "no":
		return p.L.T("plan.decision.no")
	case p.State == Decided:
		return p.L.T("plan.decision.none")
	case p.DecideBy.IsZero():
		return p.L.T("plan.decision.open")
	case p.DecisionSeal.Buyer && p.DecisionSeal.Seller:
		return p.L.T("plan.decision.agreed", "Date", p.DecideBy)
	}
	return p.L.T("plan.decision.proposed", "Date", p.DecideBy)
}

func gateText(p *Plan, g *GateDay) string {
	days := make([]string, 0, len(g.Days))
	for _, d := range g.Days {
		days = append(days, p.L.Date(d))
	}
	if len(days) == 0 {
		return g.Text
	}
	return g.Text + ": " + strings.Join(days, ", ")
}

// foldSpan is the days in which the folded steps were done.
func foldSpan(p *Plan, ph *phase) string {
	var from, to civil.Day
	for _, it := range ph.folded {
		d := it.DoneOn
		if d.IsZero() {
			d = it.Due
		}
		if from.IsZero() || d < from {
			from = d
		}
		if d > to {
			to = d
		}
	}
	return p.L.Span(from, to)
}

func anyLate(items []*Item) bool {
	for _, it := range items {
		if it.Late {
			return true
		}
	}
	return false
}

func anyMine(items []*Item) bool {
	for _, it := range items {
		if it.Mine && it.State != Over {
			return true
		}
	}
	return false
}

// oneProposed is the date an open proposal would give all steps of a day.
func oneProposed(items []*Item) (civil.Day, bool) {
	for _, it := range items {
		if it.Proposed != items[0].Proposed {
			return 0, false
		}
	}
	return items[0].Proposed, len(items) > 0 && !items[0].Proposed.IsZero()
}

type tabLink struct {
	tab   Tab
	label string
}

// lightWithout are the views a light plan does without: all of it is on one
// page.
var lightWithout = map[Tab]bool{TabTimeline: true, TabTable: true}

// tabs are the views; a small plan shows no empty ones.
func tabs(p *Plan) []tabLink {
	small := densityOf(max(p.Counts.All, len(p.Items))) == few
	all := []struct {
		tab   Tab
		label string
		n     int
	}{
		{TabPlan, p.L.T("plan.tab.plan"), 1},
		{TabTimeline, p.L.T("timeline.tab"), max(p.Counts.All, len(p.Items))},
		{TabTable, p.L.T("plan.tab.table"), max(p.Counts.All, len(p.Items))},
		{TabPeople, p.L.T("plan.tab.people"), 1},
		{TabGoals, p.L.T("plan.tab.goals"), len(p.Goals) + len(p.Criteria)},
		{TabRisks, p.L.T("plan.tab.risks"), len(p.Risks)},
		{TabHistory, p.L.T("plan.tab.history"), 1},
	}
	links := make([]tabLink, 0, len(all))
	for _, t := range all {
		if p.Light && lightWithout[t.tab] && t.tab != p.Tab {
			continue
		}
		if t.n > 0 || !small || t.tab == p.Tab {
			links = append(links, tabLink{t.tab, t.label})
		}
	}
	return links
}

type filterLink struct {
	show  Show
	label string
}

// filters are the ones that would show something, and the present one.
func filters(p *Plan) []filterLink {
	all := []struct {
		show Show
		key  string
		n    int
	}{
		{ShowAll, "plan.show.all", p.Counts.All},
		{ShowMine, "plan.show.mine", p.Counts.Mine},
		{ShowWaiting, "plan.show.waiting", p.Counts.Waiting},
		{ShowBlocked, "plan.show.blocked", p.Counts.Blocked},
		{ShowNew, "plan.show.new", p.Counts.New},
		{ShowSets, "timetable.show", p.Counts.Sets},
	}
	links := make([]filterLink, 0, len(all))
	for _, f := range all {
		if f.n > 0 || f.show == p.Show {
			links = append(links, filterLink{f.show, p.L.T(f.key, "N", f.n)})
		}
	}
	return links
}

// moreLinks are the plan's rarer moves that this reader may make.
func moreLinks(p *Plan) []Link {
	may := p.Reader.May
	all := []struct {
		may  bool
		path string
		key  string
	}{
		{may.AddMilestone, "/milestones/new", "plan.more.milestone"},
		{may.AddGoal, "/goals/new", "plan.more.goal"},
		{may.AddGoal, "/criteria/new", "plan.more.criterion"},
		{may.AddRisk, "/risks/new", "plan.more.risk"},
		{may.AddPerson, "/people/new", "plan.more.person"},
		{may.Paste, "/rows", "plan.more.rows"},
		{may.EditTitle, "/title", "plan.more.title"},
		{may.Propose, "/propose", "plan.more.propose"},
		{may.AddMilestone, "/backwards", "timetable.more.backwards"},
		{p.Reader.Editable, "/calendars", "timetable.more.calendars"},
		{p.Reader.Editable, "/session", "session.more"},
		{may.Accept, "/accept", "plan.more.accept"},
		{may.Share, "/share", "plan.more.share"},
		{p.Member && (p.State == Draft || p.State == Shared), "/hesitate", "resist.more"},
		{p.Member, "/deal", "deal.nav"},
		{p.MayReshape && p.Light, "/form", "light.grow"},
		{p.MayReshape && !p.Light && p.FitsLight, "/form", "light.shrink"},
		{may.Pause, "/pause", "plan.more.pause"},
		{may.Resume, "/resume", "plan.more.resume"},
		{may.Decide, "/decide", "plan.more.decide"},
		{may.Leave, "/leave", "plan.more.leave"},
	}
	links := slices.Clone(p.Pages)
	for _, m := range all {
		if m.may {
			links = append(links, Link{Href: p.Base + m.path, Label: p.L.T(m.key), Sheet: true})
		}
	}
	return links
}
