package present

import (
	"cmp"
	"net/url"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// MinutesPath is the page of the minutes of a check-in.
func MinutesPath(base string, r *plan.Run) string {
	return base + "/minutes/" + url.PathEscape(string(r.ID))
}

// thenPresenter shows a plan as it was: nothing is computed and nothing can be
// done.
func thenPresenter(v app.View, o Options, m *app.Minutes) *presenter {
	v.Plan, v.Today, v.Now = m.Plan, m.Today, m.Run.Closed
	return &presenter{v: v, o: o, p: m.Plan, l: locale.For(o.Language).At(m.Run.Closed, v.Zone), talks: map[plan.ID]*plan.Proposal{}}
}

// Minutes is the page of what a check-in led to. The words are those of the
// closing; only who was erased since is gone from them.
func Minutes(v app.View, o Options, m *app.Minutes) *view.Minutes {
	pr := thenPresenter(v, o, m)
	run := m.Run
	out := &view.Minutes{Title: pr.l.T("minutes.of", "What", pr.runTitle(run)), When: pr.held(run), Lead: pr.minutesLead(m),
		Noticed: pr.l.T("minutes.there.unsaid"), Seq: m.Head.Seq, Hash: m.Head.Hash, Index: o.Base + "/minutes"}
	for _, id := range run.Present {
		out.There = append(out.There, pr.person(id))
	}
	if run.Next != nil {
		out.Next = pr.nextOne(run.Next)
	}
	out.Sections = pr.runSections(m.Agenda, run)
	for i := range out.Sections {
		for j := range out.Sections[i].Asks {
			out.Sections[i].Asks[j].MayAct, out.Sections[i].Asks[j].Own = false, false
		}
	}
	out.Notes = pr.restNotes(run, out.Sections)
	return out
}

func (pr *presenter) runTitle(r *plan.Run) string {
	if c := pr.p.CheckIns[r.CheckIn]; c != nil {
		return pr.checkInTitle(c.Title)
	}
	return pr.l.T("checkin.name")
}

// held says when a check-in took place.
func (pr *presenter) held(r *plan.Run) string {
	zone := pr.v.MyZone()
	return pr.l.T("minutes.when", "Day", pr.l.Day(civil.On(r.Opened, zone)), "From", r.Opened.In(zone).Format("15:04"), "To", r.Closed.In(zone).Format("15:04"))
}

func (pr *presenter) nextOne(n *plan.NextOne) string {
	z, err := time.LoadLocation(n.Zone)
	if err != nil {
		z = time.UTC
	}
	start := n.Start.In(z)
	return pr.slot(start, start.Add(time.Duration(n.Minutes)*time.Minute), pr.v.MyZone())
}

// minutesLead is what it led to, in a sentence.
func (pr *presenter) minutesLead(m *app.Minutes) string {
	n := app.MinutesCounts(m)
	var parts []string
	for _, x := range []struct {
		key string
		n   int
	}{{"minutes.lead.decided", n.Decided}, {"minutes.lead.done", n.Done}, {"minutes.lead.solved", n.Solved}, {"minutes.lead.stuck", n.Stuck}, {"minutes.lead.moved", n.Moved}} {
		if x.n > 0 {
			parts = append(parts, pr.l.T(x.key, "N", x.n))
		}
	}
	if len(parts) == 0 {
		return pr.l.T("minutes.lead.none")
	}
	return pr.l.T("minutes.lead", "What", pr.l.List(parts))
}

// MinutesList is every check-in that was held, the latest first.
func MinutesList(v app.View, o Options) *view.MinutesList {
	pr := &presenter{v: v, o: o, p: v.Plan, l: locale.For(o.Language).At(v.Now, v.Zone)}
	out := &view.MinutesList{}
	for i := len(v.Plan.Runs) - 1; i >= 0; i-- {
		r := v.Plan.Runs[i]
		if r.IsOpen() {
			continue
		}
		row := view.MinutesRow{Href: MinutesPath(o.Base, r), Title: pr.runTitle(r), When: pr.held(r)}
		var names []string
		for _, id := range r.Present {
			names = append(names, cmp.Or(pr.person(id).Name, pr.l.T("state.person.erased")))
		}
		row.Lead = pr.l.List(names)
		out.All = append(out.All, row)
	}
	return out
}
