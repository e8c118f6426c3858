package present

import (
	"cmp"
	"slices"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/schedule"
	"tandem/internal/web/view"
)

// WhatIf previews a supposition as a sheet.
func WhatIf(v app.View, language, base string, x app.Supposition, w *view.WhatIf) error {
	pr := newPresenter(v, Options{Language: language, Base: base})
	if it := v.Plan.Items[x.Item]; it != nil {
		w.Title = pr.titleOf(it)
		if it.Kind == plan.KindAction {
			w.Side = view.Side(it.Terms.Party)
		}
	}
	r, err := v.Suppose(x)
	if err != nil {
		return err
	}
	w.Before, w.Ready, w.Decision = r.Before, r.Table.Ready(), v.Plan.Items[plan.DecisionItem].Terms.Due
	pr.shifts(w, r.Dates, r.Table)
	moved := map[string]bool{}
	for _, s := range w.Shifts {
		moved[s.ID] = true
	}
	nodes := r.Table.Schedule().Network().Nodes
	for _, m := range r.Moves {
		if n := nodes[m.Node]; !moved[n.ID] {
			w.Within = append(w.Within, pr.l.T("timetable.move", "What", pr.title(plan.ID(n.ID)), "From", pr.l.Day(m.From), "To", pr.l.Day(m.To)))
		}
	}
	for _, f := range r.Alternatives {
		if o, ok := pr.way(r.Table, f); ok && len(w.Others) < maxWays {
			w.Others = append(w.Others, o)
		}
	}
	changes := x.Owner != "" || x.Lag != nil || x.Days != nil || x.Until != 0
	w.MaySend = pr.moves && (len(w.Shifts) > 0 || changes)
	if it := v.Plan.Items[x.Item]; it != nil && it.Bound() && (x.Owner != "" || x.Lag != nil) {
		w.Agreed = true
	}
	return nil
}

// Backwards lays the dates out from the decision back, as a sheet.
func Backwards(v app.View, language, base string, decide civil.Day, spare int, w *view.WhatIf) error {
	pr := newPresenter(v, Options{Language: language, Base: base})
	dates, short, err := v.Backwards(decide, spare)
	if err != nil {
		return err
	}
	pr.shifts(w, dates, nil)
	if short > 0 {
		w.Note = pr.l.T("timetable.backwards.short", "N", short)
	}
	w.MaySend = pr.moves && len(w.Shifts) > 0
	return nil
}

func (pr *presenter) shifts(w *view.WhatIf, dates []app.NewDate, t *app.Timetable) {
	for _, d := range dates {
		s := view.NewDate{ID: string(d.Item), Title: pr.title(d.Item), Version: uint64(d.Version), Old: d.Old, New: d.New}
		if t != nil {
			for _, c := range t.Because(d.Item) {
				if s.Why == "" && c.Kind != schedule.CauseAssumed {
					s.Why = pr.voice().Say(c.Phrase)
				}
			}
		}
		w.Agreed = w.Agreed || pr.p.Items[d.Item].Bound()
		w.Shifts = append(w.Shifts, s)
	}
	slices.SortStableFunc(w.Shifts, func(a, b view.NewDate) int { return cmp.Compare(a.New, b.New) })
}
