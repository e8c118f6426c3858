package present

import (
	"cmp"
	"net/url"
	"slices"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// AdHoc stands in addresses for a check-in without appointment.
const AdHoc = "now"

// RunPath is the page on which a check-in is held: of an appointment, of one
// held without (by its own id), or of one that could be begun now.
func RunPath(base, id string, day civil.Day) string {
	return base + "/check-ins/" + url.PathEscape(id) + "/" + day.String() + "/run"
}

// PathOfRun is the page of a check-in that is held or was.
func PathOfRun(base string, r *plan.Run) string {
	return RunPath(base, cmp.Or(string(r.CheckIn), string(r.ID)), r.Day)
}

// RunOf is the check-in that an address names: by its appointment or by its
// own id; nil before it is opened.
func RunOf(p *plan.Plan, id plan.ID, day civil.Day) *plan.Run {
	if r := p.RunOf(id, day); r != nil {
		return r
	}
	if r := p.Run(id); r != nil && r.Day == day {
		return r
	}
	return nil
}

// Run is the page on which both go through the plan, before, in and after the
// check-in. There are those who are likely to be there.
func Run(v app.View, o Options, a app.Agenda, id plan.ID, day civil.Day, there []plan.ID) *view.Run {
	pr := newPresenter(v, o)
	run := RunOf(v.Plan, id, day)
	out := &view.Run{Path: RunPath(o.Base, string(id), day), Title: pr.l.T("checkin.name"), State: view.RunBefore, Mails: v.Mail,
		MayHold: v.Plan.MayHoldCheckIn(v.Me.ID), MayNote: v.Me.Access != plan.Viewer && !v.Plan.ReadOnly()}
	pr.runAppointment(out, run, id, day)
	out.Lead, out.Since = pr.runLead(a), pr.runSince()
	switch other := v.Plan.OpenRun(); {
	case run.IsOpen():
		out.State, out.ID = view.RunOpen, string(run.ID)
		out.Why = pr.l.T("run.opened", "Name", pr.name(run.OpenedBy), "Time", run.Opened.In(v.MyZone()).Format("15:04"))
	case run != nil:
		out.State, out.Minutes = view.RunClosed, MinutesPath(o.Base, run)
		return out
	case other != nil:
		out.Elsewhere = PathOfRun(o.Base, other)
	}
	out.Sections = pr.runSections(a, run)
	pr.runNotes(out, run)
	invited := v.Plan.Everybody()
	for _, q := range invited {
		if q.Access != plan.None || slices.Contains(there, q.ID) {
			out.There = append(out.There, view.RunPerson{Person: pr.person(q.ID), There: slices.Contains(there, q.ID)})
		}
	}
	return out
}

// runAppointment says which check-in it is, and whether it can be begun.
func (pr *presenter) runAppointment(out *view.Run, run *plan.Run, id plan.ID, day civil.Day) {
	m, ok := app.MeetingOn(pr.p, id, day)
	zone := pr.v.MyZone()
	switch {
	case ok:
		out.Title, out.Join = pr.checkInTitle(m.CheckIn.Title), m.CheckIn.Link.Value
		out.When = pr.slot(m.Start, m.End, zone)
		if !m.Opens(pr.v.Today, pr.v.Zone) && run == nil {
			if out.MayHold {
				out.Why = pr.l.T("run.early")
			}
			out.MayHold = false
		}
	case run != nil:
		out.When = pr.l.T("run.adhoc.on", "Day", pr.l.Day(run.Day))
	default:
		out.When = pr.l.T("run.adhoc")
	}
	if next, ok := app.NextMeetingAfter(pr.p, pr.v.Now, run, id, day); ok {
		out.Next = pr.slot(next.Start, next.End, zone)
	}
}

// runLead is the agenda in a sentence.
func (pr *presenter) runLead(a app.Agenda) string {
	var parts []string
	add := func(key string, n int) {
		if n > 0 {
			parts = append(parts, pr.l.T(key, "N", n))
		}
	}
	add("run.lead.done", len(a.Done))
	add("run.lead.flight", len(a.Flight))
	add("run.lead.stuck", len(a.Stuck))
	add("run.lead.open", len(a.Open))
	add("run.lead.next", len(a.Next))
	if len(parts) == 0 {
		return pr.l.T("run.lead.none")
	}
	return pr.l.T("run.lead", "What", pr.l.List(parts))
}

func (pr *presenter) runSince() string {
	switch last := pr.p.LastRun(); {
	case last != nil:
		return pr.l.T("run.since.last", "Day", pr.l.Day(civil.On(last.Closed, pr.v.Zone)))
	case len(pr.p.Baselines) > 0:
		return pr.l.T("run.since.agreed", "Day", pr.l.Day(civil.On(pr.p.Baselines[0].At, pr.v.Zone)))
	}
	return pr.l.T("run.since.shared")
}

// runSections are the parts of the agenda, in the order in which they are gone
// through. Run is nil before it is opened.
func (pr *presenter) runSections(a app.Agenda, run *plan.Run) []view.RunSection {
	l := pr.l
	done := view.RunSection{ID: "done", Title: l.T("run.section.done"), Empty: l.T("run.section.done.none")}
	for _, x := range a.Done {
		done.Rows = append(done.Rows, pr.runDone(x, run))
	}
	flight := view.RunSection{ID: "flight", Title: l.T("run.section.flight"), Empty: l.T("run.section.flight.none")}
	for _, it := range a.Flight {
		flight.Rows = append(flight.Rows, pr.runStep("flight", it, run))
	}
	stuck := view.RunSection{ID: "stuck", Title: l.T("run.section.stuck"), Empty: l.T("run.section.stuck.none")}
	for _, it := range a.Stuck {
		stuck.Rows = append(stuck.Rows, pr.runStep("stuck", it, run))
	}
	for _, x := range a.Solved {
		stuck.Rows = append(stuck.Rows, pr.runSolved(x, run))
	}
	next := view.RunSection{ID: "next", Title: l.T("run.section.next"), Empty: l.T("run.section.next.none")}
	for _, it := range a.Next {
		next.Rows = append(next.Rows, pr.runStep("next", it, run))
	}
	all := []view.RunSection{done, flight, stuck, next, pr.runDates(a, run)}
	for i := range all {
		all[i].Count = len(all[i].Rows) + len(all[i].Asks)
	}
	return all
}

// runDates are proposals to decide, new steps, and dates that changed.
func (pr *presenter) runDates(a app.Agenda, run *plan.Run) view.RunSection {
	s := view.RunSection{ID: "dates", Title: pr.l.T("run.section.dates"), Empty: pr.l.T("run.section.dates.none")}
	if pr.v.Plan.Phase == plan.Agreed || pr.v.Plan.Phase == plan.Shared {
		for _, x := range a.Open {
			ask := pr.askProposal(x)
			if !run.IsOpen() { // decided in the meeting, or on the plan itself
				ask.MayAct = false
			}
			s.Asks = append(s.Asks, ask)
		}
		if run.IsOpen() && pr.p.Phase == plan.Agreed {
			s.Asks = append(s.Asks, pr.askAgreement()...)
		}
	}
	s.Rows = append(s.Rows, pr.runDecided(a, run)...)
	for _, m := range a.Moved {
		if _, said := m.Event.(*plan.ProposalAccepted); said { // by its proposal
			continue
		}
		x := view.RunRow{ID: "ag-moved-" + string(m.Item.ID), Title: pr.titleOf(m.Item), Href: pr.runHref(m.Item), Side: sideOfItem(m.Item),
			When: pr.movedText(m)}
		if m.Expected {
			x.ID = "ag-expected-" + string(m.Item.ID)
		}
		x.Lines = append(x.Lines, view.RunLine{Text: pr.l.T("run.moved.by", "Name", pr.name(m.Actor)), Quote: m.Why})
		s.Rows = append(s.Rows, x)
	}
	return s
}

func (pr *presenter) movedText(m app.DateMoved) string {
	key := "run.moved"
	if m.Expected {
		key = "run.moved.expected"
	}
	day := func(d civil.Day) string {
		if d.IsZero() {
			return pr.l.T("state.date.open")
		}
		return pr.l.Date(d)
	}
	return pr.l.T(key, "Old", day(m.Old), "New", day(m.New))
}

// runDecided are the proposals that were answered since the last check-in.
func (pr *presenter) runDecided(a app.Agenda, run *plan.Run) []view.RunRow {
	var out []view.RunRow
	for _, x := range a.Decided {
		if x.Status == plan.Countered || x.Status == plan.Superseded { // what took its place says it
			continue
		}
		row := view.RunRow{ID: "ag-proposal-" + string(x.ID), Title: pr.l.T("run.proposal."+string(x.Status), "Name", pr.name(x.By), "By", pr.name(x.AnsweredBy)), Side: view.Side(x.Side)}
		if x.Status == plan.Accepted {
			row.Sign = "done"
		}
		for _, c := range x.Changes {
			for _, d := range pr.changes(c) {
				row.Lines = append(row.Lines, view.RunLine{Text: pr.changeText(d)})
			}
		}
		if x.Answer.Value != "" {
			row.Lines = append(row.Lines, view.RunLine{Text: pr.l.T("run.answer", "Name", pr.name(x.AnsweredBy)), Quote: x.Answer.Value})
		}
		out = append(out, row)
	}
	return out
}

// changeText is one change in plain words.
func (pr *presenter) changeText(c view.Change) string {
	what := c.Item
	if c.Field != "" {
		if what != "" {
			what += ", "
		}
		what += c.Field
	}
	if c.Old == "" {
		return pr.l.T("run.change.new", "What", what, "New", c.New)
	}
	return pr.l.T("run.change", "What", what, "Old", c.Old, "New", c.New)
}

func (pr *presenter) runDone(x app.Told, run *plan.Run) view.RunRow {
	it := x.Item
	row := pr.runRow("done", it, run)
	row.Sign, row.When = "done", pr.l.Day(it.Progress.DoneOn)
	line := view.RunLine{Text: pr.l.T("run.done.by", "Name", pr.name(it.Progress.DoneBy)), Quote: it.Progress.Result.Value}
	if it.Progress.Confirmed != "" {
		line.Text = pr.l.T("run.done.confirmed", "Name", pr.name(it.Progress.DoneBy), "By", pr.name(it.Progress.Confirmed))
	}
	row.Lines = append(row.Lines, line)
	if run.IsOpen() {
		d := pr.runDetail(it)
		d.May = view.ItemMoves{Confirm: d.May.Confirm}
		if d.May.Confirm {
			row.Detail = d
		}
	}
	return row
}

func (pr *presenter) runSolved(x app.Told, run *plan.Run) view.RunRow {
	row := pr.runRow("solved", x.Item, run)
	row.Sign = "done"
	quote := ""
	if e, ok := x.Event.(*plan.ActionUnblocked); ok {
		quote = e.Solved.Value
	}
	row.Lines = append(row.Lines, view.RunLine{Text: pr.l.T("run.solved.by", "Name", pr.name(x.Actor), "Day", pr.l.Day(civil.On(x.At, pr.v.Zone))), Quote: quote})
	row.Notes, row.Item = nil, ""
	return row
}

// runStep is a step that is not done.
func (pr *presenter) runStep(section string, it *plan.Item, run *plan.Run) view.RunRow {
	row := pr.runRow(section, it, run)
	due := it.Terms.Due
	switch {
	case it.Progress.Status == plan.Blocked:
		row.Sign = "blocked"
		b := it.Progress.Block
		row.When = pr.l.T("obstacle.since", "Since", pr.l.Since(app.BlockedDays(pr.p, it, pr.v.Today)))
		line := view.RunLine{Text: pr.l.T("obstacle.because", "Name", pr.name(b.By)), Quote: b.Because.Value}
		if who := pr.waitsFor(b); who != "" {
			line.Text = pr.l.T("obstacle.waits", "Who", who)
		}
		row.Lines = append(row.Lines, line)
		row.Lines = append(row.Lines, pr.nextLine(b)...)
	case !due.IsZero() && due < pr.v.Today:
		row.Sign, row.When = "late", pr.l.T("run.due.late", "Day", pr.l.Day(due))
	case !due.IsZero():
		row.When = pr.l.T("run.due", "Day", pr.l.Day(due))
	}
	if e := it.Progress.Expected; !e.IsZero() && e != due {
		row.Lines = append(row.Lines, view.RunLine{Text: pr.l.T("run.expected", "Day", pr.l.Day(e)), Quote: it.Progress.Because.Value})
	}
	if run.IsOpen() {
		row.Detail = pr.runDetail(it)
	}
	return row
}

// nextLine says how it goes on with an obstacle; that nobody has said so is
// said, too.
func (pr *presenter) nextLine(b *plan.Block) []view.RunLine {
	switch {
	case b.Next.IsZero():
		return []view.RunLine{{Text: pr.l.T("obstacle.next.none")}}
	case b.NextBy.IsZero():
		return []view.RunLine{{Text: pr.l.T("obstacle.next.is"), Quote: b.Next.Value}}
	case b.NextBy < pr.v.Today:
		return []view.RunLine{{Text: pr.l.T("obstacle.next.late", "Day", pr.l.Day(b.NextBy)), Quote: b.Next.Value, Urgent: true}}
	}
	return []view.RunLine{{Text: pr.l.T("obstacle.next.by", "Day", pr.l.Day(b.NextBy)), Quote: b.Next.Value}}
}

func (pr *presenter) runRow(section string, it *plan.Item, run *plan.Run) view.RunRow {
	id := "ag-" + string(it.ID) // the same on every list: a step is on one of them
	if section == "solved" || section == "ob" {
		id = "ag-" + section + "-" + string(it.ID)
	}
	row := view.RunRow{ID: id, Title: pr.titleOf(it), Href: pr.runHref(it), Side: sideOfItem(it), Who: pr.runOwners(it)}
	if run != nil {
		row.Item = string(it.ID)
		row.Notes = pr.notesOn(run, it.ID)
	}
	return row
}

func (pr *presenter) runHref(it *plan.Item) string {
	if it.Kind != plan.KindAction {
		return ""
	}
	return pr.o.Base + "/items/" + string(it.ID)
}

func sideOfItem(it *plan.Item) view.Side {
	if it.Kind != plan.KindAction {
		return ""
	}
	return view.Side(it.Terms.Party)
}

func (pr *presenter) runOwners(it *plan.Item) string {
	var names []string
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if id := it.Terms.Owners.Of(s); it.Kind == plan.KindAction && it.Terms.Party.Includes(s) && id != "" {
			names = append(names, pr.name(id))
		}
	}
	return pr.l.List(names)
}

// runDetail is what a step's own forms are filled from, with the moves of a
// check-in.
func (pr *presenter) runDetail(it *plan.Item) *view.Detail {
	x := pr.item(it)
	return &view.Detail{Item: &x, May: pr.itemMoves(it)}
}

func (pr *presenter) notesOn(run *plan.Run, item plan.ID) []view.RunNote {
	var out []view.RunNote
	for _, n := range run.Notes {
		if n.Item == item {
			out = append(out, view.RunNote{ID: string(n.ID), By: pr.person(n.By), Text: cmp.Or(n.Text.Value, pr.l.T("state.text.erased")),
				Own: run.IsOpen() && pr.v.Me.ID == pr.person2(n.By)})
		}
	}
	return out
}

// person2 is the id somebody goes by now.
func (pr *presenter) person2(id plan.ID) plan.ID {
	if q := pr.p.Person(id); q != nil {
		return q.ID
	}
	return id
}

// runNotes are the notes under no step, and those under steps that are on no
// list any more: nothing that was noted disappears.
func (pr *presenter) runNotes(out *view.Run, run *plan.Run) {
	if run == nil {
		return
	}
	out.Notes = pr.restNotes(run, out.Sections)
}

func (pr *presenter) restNotes(run *plan.Run, sections []view.RunSection) []view.RunNote {
	shown := map[string]bool{}
	for _, s := range sections {
		for _, r := range s.Rows {
			if r.Item != "" {
				shown[r.Item] = true
			}
		}
	}
	out := pr.notesOn(run, "")
	var rest []plan.ID
	for _, n := range run.Notes {
		if n.Item != "" && !shown[string(n.Item)] && !slices.Contains(rest, n.Item) {
			rest = append(rest, n.Item)
		}
	}
	for _, id := range rest {
		for _, n := range pr.notesOn(run, id) {
			n.Text = pr.title(id) + ": " + n.Text
			n.Own = false // its form would take the title in
			out = append(out, n)
		}
	}
	return out
}
