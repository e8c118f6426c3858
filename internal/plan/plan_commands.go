package plan

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

type (
	// Create makes a draft, whole or not at all. Only for a workspace member;
	// the creator becomes the lead of their side.
	Create struct {
		Plan         ID
		Workspace    ID
		Home         Side
		Language     string
		Predecessor  ID // the plan this one reopens
		Form         Form
		Process      string // the process it is laid out from: "id@version"
		Notice       string
		Title        string
		DecideBy     civil.Day
		Start        civil.Day
		Organisation Sides[string]
		Calendar     Sides[CalendarInput]
		Creator      NewPerson
		People       []NewPerson
		Items        []NewItem
	}
	// NewPerson is somebody named in a plan.
	NewPerson struct {
		ID                ID
		Side              Side
		Name, Role, Email string
		Language          string // "de", "en" or empty for the plan's
		Salutation        string // "frau", "herr" or empty
		Zone              string // IANA time zone or empty for the workspace's
		Absences          []SpanInput
	}
	// NewItem is an item with the state it already has.
	NewItem struct {
		Add
		Progress ProgressInput
	}
	// AddInState is Add for something that has a state already: a row of a
	// pasted table. Done is then reported by the actor's side.
	AddInState struct{ NewItem }
	// ProgressInput is what a file says of an action's state.
	ProgressInput struct {
		Status            Status
		StartedOn, DoneOn civil.Day
		Remaining         *int
		Expected          civil.Day
		BlockedBecause    string
	}
	// SpanInput and CalendarInput are a span and a calendar in plain words.
	SpanInput struct {
		From, To civil.Day
		Note     string
	}
	CalendarInput struct {
		Week   []string
		Region string
		Closed []SpanInput
		Fiscal int
	}
	// Share shows the draft to the other side. The lead's.
	Share struct{}
	// Settle changes the plan's settings; nil leaves one as it is. Calendars
	// and organisations are each side's own once the plan is shared.
	Settle struct {
		Language, Notice *string
		Start            *civil.Day
		Organisation     Sides[*string]
		Calendar         Sides[*CalendarInput]
	}
	// AcceptPlan is a lead's yes to the whole plan, exactly as it was seen.
	AcceptPlan struct{ Seen []ItemDigest }
	// Suspend pauses the plan until somebody resumes it. A lead of either side.
	Suspend struct {
		Reason string
		Review civil.Day
	}
	// Resume goes on. A lead of either side.
	Resume struct{}
	// Leave ends the plan for both; each keeps its copy. A lead of either side.
	Leave struct{ Reason string }
	// Conclude reports how it was decided, or corrects that. A lead.
	Conclude struct {
		Outcome Outcome
		Reason  string
		On      civil.Day // today if it is not said; never later
	}
	// Archive puts a decided plan away. A lead.
	Archive struct{}
	// RecordErasure notes that words were erased; the system's.
	RecordErasure struct{}
)

func (c Create) decide(d *decider) error {
	if !c.Plan.valid() || !c.Workspace.valid() || !c.Home.valid() || c.Creator.Side != c.Home || c.Predecessor != "" && !c.Predecessor.valid() {
		return invalid("fault.id")
	}
	if c.Language != "de" && c.Language != "en" {
		return invalid("fault.language")
	}
	if c.Form != Full && c.Form != Light {
		return invalid("fault.form")
	}
	if c.Process != "" && !processRef(c.Process) {
		return invalid("fault.id")
	}
	d.log.actor, d.log.side = c.Creator.ID, c.Home
	ev := &PlanCreated{Process: c.Process, Plan: c.Plan, Workspace: c.Workspace, Home: c.Home, Language: c.Language, Predecessor: c.Predecessor, Form: c.Form, Start: c.Start}
	notice, err := clean(c.Notice, maxWords)
	if err != nil {
		return err
	}
	ev.Notice = d.content(notice)
	for _, s := range []Side{Buyer, Seller} {
		name, err := clean(c.Organisation.Of(s), maxLine)
		if err != nil {
			return err
		}
		if name == "" {
			return invalid("fault.organisation.empty")
		}
		cal, err := d.calendar(Calendar{}, c.Calendar.Of(s))
		if err != nil {
			return err
		}
		ev.Organisation.Set(s, d.content(name))
		ev.Calendar.Set(s, cal)
	}
	if err := d.onDay(c.Start); err != nil {
		return err
	}
	d.emit(ev)
	return d.fill(c)
}

// processRef reports the name of a process in a version: "id@1".
func processRef(ref string) bool {
	id, version, found := strings.Cut(ref, "@")
	n, err := strconv.Atoi(version)
	return found && ID(id).valid() && err == nil && n > 0 && strconv.Itoa(n) == version
}

func (d *decider) fill(c Create) error {
	if err := d.person(c.Creator, Lead, ByAccount); err != nil {
		return err
	}
	d.me = d.st.People[c.Creator.ID]
	for _, q := range c.People {
		if err := d.person(q, None, ""); err != nil {
			return err
		}
	}
	decision := NewItem{Add: Add{ID: DecisionItem, Kind: KindDecision, Terms: Patch{Title: &c.Title, Due: &c.DecideBy}}}
	for _, it := range append([]NewItem{decision}, c.Items...) {
		progress, err := d.progress(it.Kind, it.Progress)
		if err != nil {
			return err
		}
		if err := d.add(it.Add, progress); err != nil {
			return err
		}
	}
	return nil
}

// progress is the state a new item already has; only actions have one, and a
// milestone that was reached.
func (d *decider) progress(kind Kind, in ProgressInput) (Progress, error) {
	if kind != KindAction && !(kind == KindMilestone && in.Status == Done) {
		return Progress{}, nil
	}
	if in.Remaining != nil && (*in.Remaining < 0 || *in.Remaining > maxDays) {
		return Progress{}, invalid("fault.duration", "max", maxDays)
	}
	pr := Progress{Status: in.Status, StartedOn: in.StartedOn, DoneOn: in.DoneOn, Remaining: in.Remaining, Expected: in.Expected}
	for _, day := range []civil.Day{in.StartedOn, in.DoneOn, in.Expected} {
		if err := d.onDay(day); err != nil {
			return pr, err
		}
	}
	switch in.Status {
	case "", Open, Started:
	case Done:
		pr.Reported = d.me.Side
	case Blocked:
		because, err := d.words(in.BlockedBecause, maxWords)
		if err != nil {
			return pr, err
		}
		pr.Block = &Block{Because: because, Since: d.env.Today, By: d.me.ID}
	default:
		return pr, invalid("fault.status")
	}
	return pr, nil
}

var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

const maxSpans = 500

func (d *decider) calendar(old Calendar, in CalendarInput) (Calendar, error) {
	for _, w := range in.Week {
		if !slices.Contains(weekdays, w) || len(in.Week) > len(weekdays) {
			return Calendar{}, invalid("fault.week")
		}
	}
	if in.Region != "" && !ID(in.Region).valid() {
		return Calendar{}, invalid("fault.region")
	}
	if in.Fiscal < 0 || in.Fiscal > 12 {
		return Calendar{}, invalid("fault.fiscal")
	}
	closed, err := d.spans(old.Closed, in.Closed, "")
	return Calendar{Week: slices.Clone(in.Week), Region: in.Region, Closed: closed, Fiscal: in.Fiscal}, err
}

// spans seals the notes of spans under their subject; unchanged ones keep
// their seal.
func (d *decider) spans(old []Span, in []SpanInput, subject ID) ([]Span, error) {
	if len(in) > maxSpans {
		return nil, invalid("fault.span")
	}
	var out []Span
	for _, x := range in {
		if x.From.IsZero() || x.To < x.From {
			return nil, invalid("fault.span")
		}
		if err := d.onDay(x.From); err != nil {
			return nil, err
		}
		if err := d.onDay(x.To); err != nil {
			return nil, err
		}
		note, err := clean(x.Note, maxLine)
		if err != nil {
			return nil, err
		}
		span := Span{From: x.From, To: x.To}
		if i := slices.IndexFunc(old, func(o Span) bool { return o.Note.Value == note && note != "" }); i >= 0 {
			span.Note = old[i].Note
		} else {
			span.Note = d.log.text(d.env.Random, subject, note)
		}
		out = append(out, span)
	}
	return out, nil
}

// lead checks that the actor leads a side of a plan that is still alive.
func (d *decider) lead() error {
	if !d.st.Leads(d.me.ID) {
		return forbidden("fault.right.lead")
	}
	return d.alive()
}

func (Share) decide(d *decider) error {
	if err := d.lead(); err != nil {
		return err
	}
	if d.st.Phase == Draft {
		d.emit(&PlanShared{})
	}
	return nil
}

func (c Settle) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	if !d.me.mayEdit() {
		return forbidden("fault.right.edit")
	}
	p := d.st
	ev := &PlanSettingsChanged{Language: p.Language, Notice: p.Notice, Organisation: p.Organisation, Calendar: p.Calendar, Start: p.Start}
	if c.Language != nil {
		if *c.Language != "de" && *c.Language != "en" {
			return invalid("fault.language")
		}
		ev.Language = *c.Language
	}
	if c.Notice != nil {
		if d.me.Side != p.Home || !p.Leads(d.me.ID) {
			return forbidden("fault.right.lead")
		}
		notice, err := d.retext(p.Notice, *c.Notice, maxWords)
		if err != nil {
			return err
		}
		ev.Notice = notice
	}
	set(&ev.Start, c.Start)
	if err := d.onDay(ev.Start); err != nil {
		return err
	}
	for _, s := range []Side{Buyer, Seller} {
		if err := d.settleSide(c, s, ev); err != nil {
			return err
		}
	}
	before := &PlanSettingsChanged{Language: p.Language, Notice: p.Notice, Organisation: p.Organisation, Calendar: p.Calendar, Start: p.Start}
	if sum("same", before) != sum("same", ev) {
		d.emit(ev)
	}
	return nil
}

func (d *decider) settleSide(c Settle, s Side, ev *PlanSettingsChanged) error {
	name, cal := c.Organisation.Of(s), c.Calendar.Of(s)
	if (name != nil || cal != nil) && s != d.me.Side && d.st.Phase != Draft {
		return forbidden("fault.right.side")
	}
	if name != nil {
		text, err := d.retext(ev.Organisation.Of(s), *name, maxLine)
		if err != nil {
			return err
		}
		if text.IsZero() {
			return invalid("fault.organisation.empty")
		}
		ev.Organisation.Set(s, text)
	}
	if cal != nil {
		next, err := d.calendar(ev.Calendar.Of(s), *cal)
		if err != nil {
			return err
		}
		ev.Calendar.Set(s, next)
	}
	return nil
}

func (c AcceptPlan) decide(d *decider) error {
	if err := d.lead(); err != nil {
		return err
	}
	p := d.st
	if p.Phase != Shared && p.Phase != Agreed {
		return refuse("fault.accept.phase")
	}
	shown := p.Shown()
	if differing := differ(c.Seen, shown); len(differing) > 0 {
		return fault.New(fault.Conflict, "fault.accept.changed", "items", differing).Fix("fix.look-again")
	}
	if missing := p.Missing(); len(missing) > 0 {
		return refuse("fault.accept.missing", "N", len(missing)).Fix("fix.complete")
	}
	digest := p.Digest()
	if p.Accepted.Of(d.me.Side).Digest == digest && p.standsBehindAll(d.me.Side) {
		return nil
	}
	d.emit(&PlanAccepted{Side: d.me.Side, Digest: digest, Items: shown})
	return nil
}

// differ lists the items that are not as they were seen.
func differ(seen, now []ItemDigest) []string {
	was := map[ID]Digest{}
	for _, x := range seen {
		was[x.Item] = x.Digest
	}
	var out []string
	for _, x := range now {
		if was[x.Item] != x.Digest {
			out = append(out, string(x.Item))
		}
		delete(was, x.Item)
	}
	for id := range was {
		out = append(out, string(id))
	}
	slices.Sort(out)
	return out
}

func (c Suspend) decide(d *decider) error {
	if err := d.lead(); err != nil {
		return err
	}
	switch {
	case d.st.Phase != Shared && d.st.Phase != Agreed:
		return refuse("fault.pause.phase")
	case d.st.Paused != nil:
		return refuse("fault.pause.already")
	case c.Review <= d.env.Today:
		return invalid("fault.pause.review")
	}
	reason, err := d.needed(c.Reason, "fault.reason.empty")
	if err != nil {
		return err
	}
	d.emit(&PlanPaused{Side: d.me.Side, Reason: reason, Review: c.Review, Since: d.env.Today})
	return d.onDay(c.Review)
}

func (Resume) decide(d *decider) error {
	if err := d.lead(); err != nil {
		return err
	}
	if d.st.Paused == nil {
		return refuse("fault.resume")
	}
	d.emit(&PlanResumed{})
	return nil
}

func (c Leave) decide(d *decider) error {
	if err := d.lead(); err != nil {
		return err
	}
	if d.st.Phase == Draft {
		return refuse("fault.leave.draft")
	}
	reason, err := d.words(c.Reason, maxWords)
	if err != nil {
		return err
	}
	d.emit(&PlanLeft{Side: d.me.Side, Reason: reason})
	d.voidProposals()
	return nil
}

func (d *decider) voidProposals() {
	for _, pr := range d.st.OpenProposals() {
		d.emit(&ProposalClosed{Proposal: pr.ID, Status: Void})
	}
}

func (c Conclude) decide(d *decider) error {
	if err := d.lead(); err != nil {
		return err
	}
	if c.Outcome != DecidedYes && c.Outcome != DecidedNo && c.Outcome != NoDecision {
		return invalid("fault.outcome")
	}
	if d.st.Phase == Draft {
		return refuse("fault.conclude.draft")
	}
	reason, err := d.words(c.Reason, maxWords)
	if err != nil {
		return err
	}
	on, err := d.past(c.On)
	if err != nil {
		return err
	}
	corrected := d.st.Phase == Decided
	if corrected && d.st.Outcome.Outcome == c.Outcome && d.st.Outcome.Reason.Value == reason.Value && d.st.Outcome.On == on {
		return nil
	}
	d.emit(&PlanDecided{Outcome: c.Outcome, Reason: reason, On: on, Corrected: corrected})
	d.voidProposals()
	return nil
}

func (Archive) decide(d *decider) error {
	if err := d.lead(); err != nil {
		return err
	}
	if d.st.Phase != Decided {
		return refuse("fault.archive.phase")
	}
	d.emit(&PlanArchived{})
	return nil
}

func (RecordErasure) decide(d *decider) error {
	d.emit(&ErasureDone{})
	return nil
}
