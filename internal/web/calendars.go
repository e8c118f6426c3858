package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// calendars is GET {Base}/calendars: what the plan's dates depend on.
func (s *Server) calendars(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	return s.showCalendars(w, v, pv, nil, nil, http.StatusOK)
}

func (s *Server) showCalendars(w http.ResponseWriter, v *visit, pv app.View, typed *view.GateRule, problem *view.Problem, status int) error {
	p := present.Plan(pv, pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan}))
	c := present.Calendars(pv, v.l.Lang, base(pv))
	c.Problem = problem
	if typed != nil && typed.ID == "" {
		c.New = *typed
	}
	for i := range c.Gates {
		if typed != nil && c.Gates[i].ID == typed.ID {
			typed.Text, typed.Version = c.Gates[i].Text, c.Gates[i].Version
			c.Gates[i] = *typed
		}
	}
	undo := s.undoable(v, pv)
	page := s.planPage(w, v, pv, planQuery{Tab: "calendars"})
	if page.Notice != nil {
		page.Notice.Undo = undo
	}
	return render(w, v, status, view.Body(page, view.CalendarsPage(p, c)))
}

// calendarsMove is POST of the page's forms; name is the form's as in
// view.PlanMoveFields and ThingMoveFields.
func (s *Server) calendarsMove(things string) handler {
	return func(w http.ResponseWriter, v *visit) error {
		pv, err := s.open(v)
		if err != nil {
			return err
		}
		f, err := s.formOf(v, pv)
		if err != nil {
			return err
		}
		id, move := plan.ID(v.PathValue("id")), v.PathValue("move")
		name := things
		if id != "" {
			name += "/" + string(id)
		}
		typed, cmd := f.calendarsMove(things, id, move)
		if move == "preview" && f.err == nil {
			return s.showCalendars(w, v, pv, typed, nil, http.StatusOK)
		}
		err = s.do(v, pv, f, cmd)
		if problem := f.problem(v, name, err); problem != nil {
			s.log(v, err)
			return s.showCalendars(w, v, pv, typed, problem, statusOf(err))
		}
		if err != nil {
			return err
		}
		if add, ok := cmd.(plan.Add); ok {
			id = add.ID
		}
		s.say(w, "moves.said.calendars", "item", string(id))
		return redirect(w, v, base(pv)+"/calendars")
	}
}

// calendarsPreview shows when a committee that is being written would meet.
func (s *Server) calendarsPreview(w http.ResponseWriter, v *visit) error {
	v.SetPathValue("move", "preview")
	return s.calendarsMove("gates")(w, v)
}

// calendarsMove is the command of a form of the page, and what was typed of a
// committee.
func (f *form) calendarsMove(things string, id plan.ID, move string) (*view.GateRule, plan.Command) {
	it := f.v.Plan.Items[id]
	if id != "" && (it == nil || it.Kind != plan.KindGate && it.Kind != plan.KindFreeze) {
		return nil, nil
	}
	version := f.version()
	if move == "remove" {
		return nil, plan.Remove{Item: id, Version: version}
	}
	switch things {
	case "calendars":
		return nil, f.sideCalendar()
	case "gates":
		var old *plan.GateDetails
		if it != nil {
			old = it.Details.Committee
		}
		in := f.gate(old)
		typed := present.GateForm(&in.GateDetails)
		typed.ID, typed.Title, typed.Days = string(id), in.Title, present.Meetings(f.v, &in.GateDetails)
		if it == nil {
			return &typed, plan.Add{ID: f.newID(), Kind: plan.KindGate, Gate: in}
		}
		return &typed, plan.Detail{Item: id, Version: version, Gate: in}
	case "freezes":
		in := &plan.FreezeInput{Title: f.text("title"), FreezeDetails: plan.FreezeDetails{From: f.day("from"), To: f.day("to"), Blocks: f.text("blocks"), Side: plan.Side(f.text("side"))}}
		if it == nil {
			return nil, plan.Add{ID: f.newID(), Kind: plan.KindFreeze, Freeze: in}
		}
		in.Kinds = it.Details.Frozen.Kinds
		return nil, plan.Detail{Item: id, Version: version, Freeze: in}
	}
	return nil, nil
}

// sideCalendar reads a side's calendar.
func (f *form) sideCalendar() plan.Command {
	in := &plan.CalendarInput{Region: f.text("region"), Week: f.Values["week"], Fiscal: f.number("fiscal")}
	closed, bad := closedLines(f.Get("closed"))
	if bad != "" {
		f.bad("closed", "timetable.form.line", "Value", bad)
		return nil
	}
	in.Closed = closed
	var c plan.Settle
	c.Calendar.Set(plan.Side(f.text("side")), in)
	return c
}

// closedLines reads a line a span; bad is the first that cannot be read.
func closedLines(text string) (closed []plan.SpanInput, bad string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		span, ok := closedLine(line)
		if !ok {
			return nil, line
		}
		closed = append(closed, span)
	}
	return closed, ""
}

// closedLine reads "2028-12-24 2029-01-01 plant shutdown"; the second day may
// be left out.
func closedLine(line string) (plan.SpanInput, bool) {
	first, rest, _ := strings.Cut(line, " ")
	from, err := civil.Parse(first)
	if err != nil {
		return plan.SpanInput{}, false
	}
	second, note, _ := strings.Cut(strings.TrimSpace(rest), " ")
	to, err := civil.Parse(second)
	if err != nil {
		return plan.SpanInput{From: from, To: from, Note: strings.TrimSpace(rest)}, true
	}
	return plan.SpanInput{From: from, To: to, Note: strings.TrimSpace(note)}, true
}

var weekdayOf = map[string]time.Weekday{"mo": time.Monday, "tu": time.Tuesday, "we": time.Wednesday, "th": time.Thursday,
	"fr": time.Friday, "sa": time.Saturday, "su": time.Sunday}

// gate reads a committee; a rhythm that the form cannot say stays.
func (f *form) gate(old *plan.GateDetails) *plan.GateInput {
	in := &plan.GateInput{Title: f.text("title"), GateDetails: plan.GateDetails{Side: plan.Side(f.text("side")), Anchor: f.day("anchor"),
		LeadDays: f.number("lead"), OnHoliday: f.text("on_holiday")}}
	for _, word := range strings.FieldsFunc(f.text("except"), func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		d, err := civil.Parse(word)
		if err != nil {
			f.bad("except", "moves.form.date", "Value", word)
			continue
		}
		in.Except = append(in.Except, d)
	}
	if !f.Has("rhythm") && old != nil {
		in.Rule, in.Anchor = old.Rule, old.Anchor
		return in
	}
	day, known := weekdayOf[f.text("day")]
	if !known {
		f.bad("day", "timetable.form.day")
		return in
	}
	by := strings.ToUpper(f.text("day"))
	if f.text("rhythm") == "month" {
		nth, err := strconv.Atoi(f.text("nth"))
		if err != nil || nth < -1 || nth == 0 || nth > 4 {
			f.bad("nth", "moves.form.number", "Value", f.text("nth"))
		}
		in.Rule = "FREQ=MONTHLY;BYDAY=" + strconv.Itoa(nth) + by
		if in.Anchor.IsZero() {
			in.Anchor = f.v.Today
		}
		return in
	}
	every := max(f.number("every"), 1)
	in.Rule = "FREQ=WEEKLY;BYDAY=" + by
	if every > 1 {
		in.Rule = "FREQ=WEEKLY;INTERVAL=" + strconv.Itoa(every) + ";BYDAY=" + by
	}
	switch {
	case in.Anchor.IsZero():
		for in.Anchor = f.v.Today; in.Anchor.Weekday() != day; in.Anchor++ {
		}
	case in.Anchor.Weekday() != day:
		f.bad("anchor", "timetable.form.anchor", "Day", in.Anchor)
	}
	return in
}
