package present

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/schedule"
	"tandem/internal/web/view"
)

// voice speaks the schedule's sentences in the reader's language.
func (pr *presenter) voice() schedule.Voice {
	return schedule.Voice{Lang: pr.l.Lang, Text: pr.l.Text}
}

// timed shows on a row what the schedule says of a step. Of a plan that stands
// still nothing is late.
func (pr *presenter) timed(it *plan.Item, x *view.Item) {
	if pr.table == nil || pr.table.Still || it.Progress.Status == plan.Done {
		return
	}
	d, ok := pr.table.Dates(it.ID)
	if !ok {
		return
	}
	x.Sets = d.Critical
	if late, ok := pr.table.Late(it.ID); ok && late > it.Terms.Due && !x.Late && late != x.Expected && late > x.Proposed {
		x.Computed = late
	}
	if x.Mine && !x.Late && !it.Terms.Due.IsZero() && it.Terms.Due <= pr.v.Today+nextDays && d.TotalSlack >= 0 {
		x.Slack = pr.slack(d.TotalSlack)
	}
}

// nextDays is how far ahead the reader's own steps say their slack.
const nextDays = 14

func (pr *presenter) slack(days int) string {
	switch {
	case days < 0:
		return pr.l.T("timetable.short", "N", -days)
	case days == 0:
		return pr.l.T("timetable.slack.none")
	}
	return pr.l.T("timetable.slack", "N", days)
}

// timing is what the schedule says of the open step; nil if it says nothing.
func (pr *presenter) timing(it *plan.Item) *view.Timing {
	if pr.table == nil || it.Progress.Status == plan.Done {
		return nil
	}
	d, ok := pr.table.Dates(it.ID)
	if !ok {
		return nil
	}
	t := &view.Timing{First: d.Start, Last: d.Finish, Slack: pr.slack(d.TotalSlack), Why: pr.why(it.ID), MayAsk: pr.moves && !pr.table.Still,
		MaySet: pr.moves && (pr.v.Me.Access == plan.Editor || pr.v.Me.Access == plan.Lead), Set: pr.workload(it)}
	if d.FreeSlack > 0 && d.FreeSlack < d.TotalSlack {
		t.Own = pr.l.T("timetable.slack.own", "N", d.FreeSlack)
	}
	if !pr.table.Still {
		t.Conflicts = pr.conflictsAt(it.ID)
	}
	return t
}

func (pr *presenter) workload(it *plan.Item) view.Workload {
	x := it.Details
	w := view.Workload{Elapsed: x.Elapsed, NotBefore: x.NotBefore, NotAfter: x.NotAfter, Pinned: x.Pinned, Gate: string(x.Gate), Approval: x.Category == Approval}
	if x.Duration != nil {
		w.Days = strconv.Itoa(*x.Duration)
	}
	for _, g := range pr.p.Live(plan.KindGate) {
		w.Gates = append(w.Gates, view.Option{Value: string(g.ID), Label: pr.titleOf(g) + ": " + pr.rule(g.Details.Committee)})
	}
	return w
}

// Approval is the category of a step in which somebody approves something.
const Approval = "approval"

// maxWhy keeps "why this date?" readable.
const maxWhy = 8

// why walks over what drives a date, nearest first.
func (pr *presenter) why(id plan.ID) []view.Reason {
	var out []view.Reason
	seen := map[string]bool{string(id): true}
	for queue := []string{string(id)}; len(queue) > 0 && len(out) < maxWhy; queue = queue[1:] {
		at := plan.ID(queue[0])
		r := view.Reason{}
		if at != id {
			d, _ := pr.table.Dates(at)
			r.ID, r.Title, r.Day = string(at), pr.title(at), d.Finish
		}
		for _, c := range pr.table.Because(at) {
			r.Text = append(r.Text, pr.voice().Say(c.Phrase))
			if c.Kind == schedule.CauseLink && !seen[c.Ref] {
				seen[c.Ref] = true
				queue = append(queue, c.Ref)
			}
		}
		out = append(out, r)
	}
	return out
}

// conflictsAt are the conflicts of an item, each with its ways out.
func (pr *presenter) conflictsAt(id plan.ID) []view.Conflict {
	var out []view.Conflict
	s := pr.table.Schedule()
	for _, c := range pr.table.ConflictsAt(id) {
		t := view.Conflict{Text: pr.conflict(id, c)}
		if pr.moves {
			for _, f := range s.Fixes(c) {
				if w, ok := pr.way(pr.table, f); ok && len(t.Ways) < maxWays {
					t.Ways = append(t.Ways, w)
				}
			}
		}
		out = append(out, t)
	}
	return out
}

const maxWays = 6

// conflict says what cannot hold; of the decision, without its long title.
func (pr *presenter) conflict(id plan.ID, c schedule.Conflict) string {
	if id == plan.DecisionItem {
		return pr.l.T("timetable.decision.late", "Date", pr.l.Day(c.Limit), "Ready", pr.l.Day(c.Actual))
	}
	return pr.voice().Say(pr.table.Schedule().Message(c))
}

// way is the preview a fix leads to; false if nothing on a page could do it.
func (pr *presenter) way(t *app.Timetable, f schedule.Fix) (view.Link, bool) {
	if f.Node < 0 {
		return view.Link{}, false
	}
	s := t.Schedule()
	n := s.Network().Nodes[f.Node]
	q := url.Values{"item": {n.ID}}
	label := pr.voice().Say(s.Offer(f))
	switch f.Kind {
	case schedule.FixShorten:
		q.Set("days", strconv.Itoa(max(n.Duration-f.Days, 0)))
	case schedule.FixOverlap:
		l := s.Network().Links[f.Link]
		from := s.Network().Nodes[l.From].ID
		if !pr.linked(plan.ID(from), plan.ID(n.ID)) {
			return view.Link{}, false
		}
		q.Set("after", from)
		q.Set("lag", strconv.Itoa(l.Lag-f.Days))
	case schedule.FixStandIn:
		if a := pr.free(plan.ID(n.ID), f.Day); a != "" {
			q.Set("owner", string(a))
		}
	case schedule.FixMeeting:
		return view.Link{Href: pr.o.Base + "/items/" + n.ID + "#f-" + n.ID + "-comment", Label: label}, true
	case schedule.FixDate, schedule.FixDecide, schedule.FixRebook:
		q.Set("due", f.Day.String())
		if plan.ID(n.ID) == plan.DecisionItem {
			label = pr.l.T("timetable.decision.later", "Date", pr.l.Day(f.Day))
		}
	default:
		return view.Link{}, false
	}
	return view.Link{Href: pr.o.Base + "/what-if?" + q.Encode(), Label: label, Sheet: true}, true
}

func (pr *presenter) linked(from, to plan.ID) bool {
	return slices.ContainsFunc(pr.after[to], func(l *plan.Item) bool { return l.Terms.From == from })
}

// free is somebody of the owner's side who is there up to a day: who has the
// fewest steps.
func (pr *presenter) free(id plan.ID, until civil.Day) plan.ID {
	it := pr.p.Items[id]
	if it == nil || it.Terms.Party == plan.Joint {
		return ""
	}
	side := plan.Side(it.Terms.Party)
	var best plan.ID
	fewest := 0
	for _, q := range pr.p.Everybody() {
		away := slices.ContainsFunc(q.Absences, func(x plan.Span) bool { return x.From <= until && x.To >= pr.v.Today })
		if q.Side != side || away || q.ID == it.Terms.Owners.Of(side) {
			continue
		}
		n := 0
		for _, other := range pr.p.Live(plan.KindAction) {
			if other.Terms.Owners.Of(side) == q.ID {
				n++
			}
		}
		if best == "" || n < fewest {
			best, fewest = q.ID, n
		}
	}
	return best
}

// forecast is the part of the headline that the schedule adds: what holds the
// decision up, and when everything would be there. Never a word on how they
// decide.
func (pr *presenter) forecast() (shaky bool, parts []string) {
	if pr.table == nil || pr.table.Still {
		return false, nil
	}
	due := pr.p.Items[plan.DecisionItem].Terms.Due
	ready := pr.table.Ready()
	if ready.IsZero() || due.IsZero() {
		return false, nil
	}
	if ready <= due {
		return false, []string{pr.l.T("timetable.ready", "Date", ready)}
	}
	return true, []string{pr.l.T("timetable.ready", "Date", ready)}
}

// holdsUp says which step makes the decision late: the first on its chain that
// does not hold its own date. What is blocked or overdue is said anyway.
func (pr *presenter) holdsUp(blocked *plan.Item, late []*plan.Item) []string {
	if pr.table == nil {
		return nil
	}
	for _, c := range pr.table.ConflictsAt(plan.DecisionItem) {
		for _, i := range c.Chain {
			it := pr.p.Items[plan.ID(pr.table.Schedule().Network().Nodes[i].ID)]
			if it == nil || it.Kind != plan.KindAction {
				continue
			}
			if it == blocked || slices.Contains(late, it) {
				return nil
			}
			if day, is := pr.table.Late(it.ID); is {
				return []string{pr.l.T("timetable.holdsUp", "What", pr.titleOf(it), "Date", day)}
			}
		}
	}
	return nil
}

// slips tells how often the agreed date of a milestone or of the decision was
// moved later since it was first agreed, and from which day.
func (pr *presenter) slips(it *plan.Item) (times int, first civil.Day) { return app.Slips(pr.p, it.ID) }

// slipped says it in a line: the old dates are no secret to either side.
func (pr *presenter) slipped(it *plan.Item) string {
	n, first := pr.slips(it)
	if n == 0 {
		return ""
	}
	return pr.l.T("timetable.slipped", "Times", pr.times(n), "First", first)
}

// times is "zum dritten Mal".
func (pr *presenter) times(n int) string {
	if n <= 5 {
		return pr.l.T("timetable.times." + strconv.Itoa(n))
	}
	return pr.l.T("timetable.times", "N", strconv.Itoa(n))
}

// askSlips tells the seller early: a date that moves again and again is a deal
// in trouble.
func (pr *presenter) askSlips() []view.Ask {
	if pr.v.Side() != plan.Seller || pr.p.Phase != plan.Agreed || pr.p.Paused != nil {
		return nil
	}
	for _, it := range pr.p.Live(plan.KindDecision, plan.KindMilestone) {
		if n, first := pr.slips(it); n >= 2 && it.Progress.Status != plan.Done {
			return []view.Ask{{Kind: view.AskSlips, ID: string(it.ID), Title: pr.titleOf(it),
				Note: pr.l.T("timetable.slips.note", "Times", pr.times(n), "First", first, "Now", it.Terms.Due)}}
		}
	}
	return nil
}

// rule says in words when a committee meets.
func (pr *presenter) rule(g *plan.GateDetails) string { return RuleWords(pr.l, g.Rule) }

// RuleWords says when a committee meets.
func RuleWords(l *locale.Locale, rule string) string {
	parts := ruleParts(rule)
	every := cmp.Or(parts["INTERVAL"], "1")
	day := parts["BYDAY"]
	switch name := strings.ToLower(day); {
	case parts["FREQ"] == "WEEKLY" && len(day) == 2:
		key := "timetable.rule.weeks"
		if every == "1" {
			key = "timetable.rule.weekly"
		}
		return l.T(key, "N", every, "Day", l.T("timetable.day."+name))
	case parts["FREQ"] == "MONTHLY" && len(day) >= 3 && parts["COUNT"] == "" && every == "1":
		n, weekday := name[:len(name)-2], name[len(name)-2:]
		if key := "timetable.nth." + n; l.Has(key) && l.Has("timetable.day."+weekday) {
			return l.T("timetable.rule.month", "Nth", l.T(key), "Day", l.T("timetable.day."+weekday))
		}
	}
	return l.T("timetable.rule.own")
}

// mark changes whenever what the schedule says of a step changes.
func (pr *presenter) mark(id plan.ID) string {
	if pr.table == nil {
		return ""
	}
	d, _ := pr.table.Dates(id)
	return fmt.Sprint("-", int(d.Finish), ".", d.TotalSlack, ".", len(pr.table.ConflictsAt(id)))
}

// shaky: the date of the decision does not hold as things are, or something
// that sets it is blocked or overdue. What has days to spare shakes nothing.
func (pr *presenter) shaky(computed bool, blocked *plan.Item, late []*plan.Item) bool {
	if computed || pr.table == nil {
		return true
	}
	return slices.ContainsFunc(append(late, blocked), func(it *plan.Item) bool { return it != nil && pr.table.Critical(it.ID) })
}

// askShift offers the dates that do not hold any more as one proposal: after a
// pause, or when the decision's date does not hold.
func (pr *presenter) askShift() []view.Ask {
	if pr.table == nil || pr.table.Still || !pr.moves || !pr.v.Me.MayAgree() {
		return nil
	}
	why := pr.l.T("timetable.shift.why")
	if pr.p.Phase != plan.Agreed {
		why = pr.l.T("timetable.shift.open")
	}
	late, ok := pr.table.Late(plan.DecisionItem)
	if !ok || pr.talks[plan.DecisionItem] != nil {
		return nil
	}
	n := 0
	for _, it := range pr.p.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		if _, late := pr.table.Late(it.ID); late {
			n++
		}
	}
	return []view.Ask{{Kind: view.AskShift, Count: n, MayAct: true, Reason: why,
		Note: pr.l.T("timetable.shift.note", "Date", pr.p.Items[plan.DecisionItem].Terms.Due, "Ready", late)}}
}

// detailed says what changed about a step's work; what has no sentence of its
// own is called details.
func (pr *presenter) detailed(say sayer, what string, ev *plan.ItemDetailed) string {
	old, now := ev.Old, ev.New
	days := func(d *int) string {
		if d == nil {
			return pr.l.T("timetable.history.unsaid")
		}
		return pr.l.T("timetable.history.days", "N", *d)
	}
	var parts []string
	change := func(key, before, after string) {
		if before != after {
			parts = append(parts, pr.l.T("history.change", "What", pr.l.T("timetable.history."+key), "Old", cmp.Or(before, "–"), "New", cmp.Or(after, "–")))
		}
	}
	change("duration", days(old.Duration), days(now.Duration))
	change("notBefore", pr.l.Date(old.NotBefore), pr.l.Date(now.NotBefore))
	change("notAfter", pr.l.Date(old.NotAfter), pr.l.Date(now.NotAfter))
	if old.Gate != now.Gate {
		name := func(id plan.ID) string {
			if id == "" {
				return ""
			}
			return pr.title(id)
		}
		change("gate", name(old.Gate), name(now.Gate))
	}
	if old.Committee != nil && now.Committee != nil {
		change("rhythm", pr.rule(old.Committee), pr.rule(now.Committee))
	}
	if len(parts) == 0 {
		return say("detailed", "What", what)
	}
	return say("reckoned", "What", what, "Changes", strings.Join(parts, "; "))
}

// beyond tells the answering side what a proposal does to dates that are not
// in it.
func (pr *presenter) beyond(x *plan.Proposal) string {
	if pr.table == nil || pr.table.Still {
		return ""
	}
	ids, err := pr.v.Beyond(x)
	if err != nil || len(ids) == 0 {
		return ""
	}
	var titles []string
	for i, id := range ids {
		if i == 3 && len(ids) > 4 {
			titles = append(titles, pr.l.T("timetable.others", "N", len(ids)-i))
			break
		}
		titles = append(titles, pr.l.T("timetable.quoted", "What", pr.title(id)))
	}
	return pr.l.T("timetable.beyond", "N", len(ids), "What", titles)
}

// askBroken says why no dates can be computed, to who can mend it.
func (pr *presenter) askBroken() []view.Ask {
	x, ok := fault.As(pr.broken)
	if !ok || !pr.moves || x.Key == "schedule.undated" {
		return nil
	}
	args := fault.Args{}
	for k, v := range x.Args {
		args[k] = v
	}
	if path, ok := args["path"].(string); ok { // a ring is spelled out by ids
		ids := strings.Split(path, " → ")
		for i, id := range ids {
			if pr.p.Items[plan.ID(id)] != nil {
				ids[i] = pr.l.T("timetable.quoted", "What", pr.title(plan.ID(id)))
			}
		}
		args["path"] = strings.Join(ids, " → ")
	}
	return []view.Ask{{Kind: view.AskBroken, Note: pr.l.T("timetable.broken", "Why", pr.l.Text(x.Key, args))}}
}
