package present

import (
	"slices"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// Obstacles is the page of what is stuck.
func Obstacles(v app.View, o Options, now, before []app.Obstacle) *view.Obstacles {
	pr := newPresenter(v, o)
	out := &view.Obstacles{Lead: pr.l.T("obstacle.lead.none")}
	if len(now) > 0 {
		out.Lead = pr.obstacleLead(now)
	}
	for _, x := range now {
		row := pr.runStep("ob", x.Item, nil)
		row.Item = ""
		row.Detail = pr.runDetail(x.Item)
		out.Now = append(out.Now, view.Obstacle{Row: row, Tried: pr.tried(x)})
	}
	for _, x := range before {
		row := pr.runRow("ob", x.Item, nil)
		row.ID, row.Sign = "ob-was-"+string(x.Item.ID), "done"
		row.When = pr.l.T("obstacle.was", "N", x.Days, "Day", pr.l.Day(civil.On(x.Solved, v.Zone)))
		last := x.Tried[len(x.Tried)-1]
		if e, ok := last.Event.(*plan.ActionUnblocked); ok {
			row.Lines = append(row.Lines, view.RunLine{Text: pr.l.T("run.solved.by", "Name", pr.name(last.Actor), "Day", pr.l.Day(civil.On(last.At, v.Zone))), Quote: e.Solved.Value})
		}
		out.Before = append(out.Before, view.Obstacle{Row: row, Tried: pr.tried(x)})
	}
	return out
}

// obstacleLead says how much is stuck, and whose move most of it is.
func (pr *presenter) obstacleLead(now []app.Obstacle) string {
	mine, unsaid := 0, 0
	for _, x := range now {
		b := x.Item.Progress.Block
		if q := pr.p.Person(b.Person); q != nil && q.ID == pr.v.Me.ID {
			mine++
		}
		if b.Next.IsZero() {
			unsaid++
		}
	}
	text := pr.l.T("obstacle.lead", "N", len(now))
	if mine > 0 {
		text += " " + pr.l.T("obstacle.lead.mine", "N", mine)
	}
	if unsaid > 0 {
		text += " " + pr.l.T("obstacle.lead.unsaid", "N", unsaid)
	}
	return text
}

func (pr *presenter) tried(x app.Obstacle) []view.Entry {
	entries := slices.Clone(x.Tried)
	slices.Reverse(entries) // the newest first, as everywhere
	out := pr.history(entries)
	for i := range out {
		out[i].Undo = nil
	}
	return out
}
