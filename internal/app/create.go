package app

import (
	"cmp"
	"context"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// NewPlan is what a member says about a plan to be made. Home is the side the
// workspace acts for. File may be empty but for a title: a blank page.
type NewPlan struct {
	ID          plan.ID // chosen by the form, so that sending twice makes one plan
	Home        plan.Side
	Predecessor plan.ID
	File        *planfile.Plan
	Deal        plan.ID // of the caller's workspace, which gets the plan in the same transaction; empty: none
	Light       bool    // begin as a light plan: one page, as long as it holds no more than plan.MaxLight actions
	Process     string  // the process the file was laid out from: "id@version"; empty: none
}

// Create makes a draft of a plan from a file's content, whole or not at all.
// Notes of the file become internal notes of the home side, word for word.
// Members only; the member becomes the lead of the home side.
func (s *Service) Create(ctx context.Context, c Caller, n NewPlan) (View, error) {
	if c.Member == nil {
		return View{}, missing()
	}
	if err := planfile.Validate(n.File); err != nil {
		return View{}, err
	}
	w, err := s.workspace(ctx, c.Member.Workspace)
	if err != nil {
		return View{}, err
	}
	if n.Home == "" {
		n.Home = plan.Seller
	}
	if n.Predecessor != "" {
		if _, err := s.Open(ctx, c, n.Predecessor); err != nil {
			return View{}, err
		}
	}
	var view View
	err = s.changing(ctx, n.ID, func() error {
		old, err := s.states.shared(ctx, n.ID)
		if err != nil {
			return err
		}
		if old.Phase != "" { // the form was sent twice
			view, err = s.view(ctx, c, old)
			return err
		}
		im := &importer{s: s, file: n.File, home: n.Home, member: *c.Member, ids: map[string]plan.ID{}, people: map[string]plan.ID{}}
		cmd := im.command(n, w)
		env := s.env(c.Member.ID, w.zone())
		d, err := plan.Decide(old, cmd, env)
		if err != nil {
			return err
		}
		notes, err := im.decideNotes(d.State, env)
		if err != nil {
			return err
		}
		link, err := s.dealLink(ctx, c, n)
		if err != nil {
			return err
		}
		if err := s.commitChange(ctx, Change{Deal: link}, &d, notes, nil); err != nil {
			return err
		}
		view, err = s.view(ctx, c, d.State)
		return err
	})
	return view, err
}

// importer maps a plan file onto the command that creates a plan, with random
// ids in place of the file's.
type importer struct {
	s      *Service
	file   *planfile.Plan
	home   plan.Side
	member Member
	ids    map[string]plan.ID // of items
	people map[string]plan.ID
	notes  []plan.SetNote
}

func (im *importer) id(file string) plan.ID {
	if file == "" {
		return ""
	}
	if im.ids[file] == "" {
		im.ids[file] = im.s.NewID()
	}
	return im.ids[file]
}

func (im *importer) note(item plan.ID, text string) {
	if strings.TrimSpace(text) != "" {
		im.notes = append(im.notes, plan.SetNote{ID: im.s.NewID(), Item: item, Text: text})
	}
}

func (im *importer) command(n NewPlan, w Workspace) plan.Create {
	f := im.file
	cmd := plan.Create{Plan: n.ID, Workspace: w.ID, Home: n.Home, Predecessor: n.Predecessor,
		Language: cmp.Or(f.Language, w.Language), Notice: w.Notice, Title: f.Title, DecideBy: f.DecideBy, Start: f.Start}
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		party := f.Sides.Seller
		if side == plan.Buyer {
			party = f.Sides.Buyer
		}
		if side == n.Home {
			party.Organisation = cmp.Or(party.Organisation, w.Name)
			party.Calendar.Region = cmp.Or(party.Calendar.Region, w.Region)
		}
		cmd.Organisation.Set(side, party.Organisation)
		days := plan.CalendarInput{Week: party.Calendar.Week, Region: party.Calendar.Region, Closed: spans(party.Calendar.Closed)}
		if side == n.Home {
			days.Closed, days.Fiscal = append(days.Closed, w.Closed...), w.Fiscal
		}
		cmd.Calendar.Set(side, days)
	}
	cmd.Process = n.Process
	if n.Light {
		cmd.Form = plan.Light
	}
	im.addPeople(&cmd)
	im.addItems(&cmd)
	return cmd
}

// addPeople: the member who imports is recognised in the file by their own
// address, since they are signed in; everybody else is only named.
func (im *importer) addPeople(cmd *plan.Create) {
	cmd.Creator = plan.NewPerson{ID: im.member.ID, Side: im.home, Name: im.member.Name, Email: im.member.Email}
	for _, q := range im.file.People {
		if plan.Side(q.Side) == im.home && q.Email != "" && strings.EqualFold(q.Email, im.member.Email) {
			im.people[q.ID] = im.member.ID
			cmd.Creator.Name, cmd.Creator.Role, cmd.Creator.Absences = q.Name, q.Role, spans(q.Absences)
			continue
		}
		id := im.s.NewID()
		im.people[q.ID] = id
		cmd.People = append(cmd.People, plan.NewPerson{ID: id, Side: plan.Side(q.Side), Name: q.Name, Role: q.Role, Email: q.Email, Absences: spans(q.Absences)})
	}
}

func spans(in []planfile.Span) []plan.SpanInput {
	var out []plan.SpanInput
	for _, x := range in {
		out = append(out, plan.SpanInput{From: x.From, To: x.To, Note: x.Note})
	}
	return out
}

// addItems keeps the order in which items refer to each other: milestones and
// gates before actions, actions before links and risks.
func (im *importer) addItems(cmd *plan.Create) {
	f := im.file
	add := func(a plan.Add, pr plan.ProgressInput) {
		cmd.Items = append(cmd.Items, plan.NewItem{Add: a, Progress: pr})
	}
	for _, g := range f.Goals {
		party := plan.Party(cmp.Or(g.Side, planfile.Joint))
		add(plan.Add{ID: im.s.NewID(), Kind: plan.KindGoal, Terms: plan.Patch{Title: &g.Text, Party: &party}}, plan.ProgressInput{})
	}
	for _, c := range f.Criteria {
		add(plan.Add{ID: im.s.NewID(), Kind: plan.KindCriterion, Terms: plan.Patch{Title: &c.Text, Due: &c.By}}, plan.ProgressInput{})
	}
	for _, m := range f.Milestones {
		add(plan.Add{ID: im.id(m.ID), Kind: plan.KindMilestone, Terms: plan.Patch{Title: &m.Title, Due: &m.Date}}, plan.ProgressInput{})
	}
	for _, g := range f.Gates {
		add(plan.Add{ID: im.id(g.ID), Kind: plan.KindGate, Gate: &plan.GateInput{Title: g.Title, GateDetails: plan.GateDetails{
			Rule: g.Rule, Anchor: g.Anchor, Except: g.Except, LeadDays: g.LeadDays, OnHoliday: g.OnHoliday}}}, plan.ProgressInput{})
	}
	for _, x := range f.Freezes {
		add(plan.Add{ID: im.s.NewID(), Kind: plan.KindFreeze, Freeze: &plan.FreezeInput{Title: x.Title, FreezeDetails: plan.FreezeDetails{
			From: x.From, To: x.To, Blocks: x.Blocks, Side: plan.Side(x.Side), Kinds: x.Kinds}}}, plan.ProgressInput{})
	}
	dropped := map[string]bool{}
	for _, a := range f.Actions {
		if a.Status == planfile.Dropped { // what is dropped is no promise; its words are kept
			dropped[a.ID] = true
			im.note("", strings.TrimSpace(a.Title+"\n"+a.Notes))
			continue
		}
		im.addAction(add, a)
	}
	for _, l := range f.Links {
		if !dropped[l.From] && !dropped[l.To] {
			from, to, typ, cal := im.id(l.From), im.id(l.To), plan.LinkType(l.Type), l.LagCalendar
			add(plan.Add{ID: im.s.NewID(), Kind: plan.KindLink, Terms: plan.Patch{From: &from, To: &to, Type: &typ, Lag: &l.Lag, LagCalendar: &cal}}, plan.ProgressInput{})
		}
	}
	for _, r := range f.Risks {
		in := plan.RiskInput{Title: r.Title, Mitigation: r.Mitigation, RiskDetails: plan.RiskDetails{Probability: r.Probability, Owner: im.people[r.Owner]}}
		if r.Impact != nil {
			in.Low, in.Likely, in.High = r.Impact.Low, r.Impact.Likely, r.Impact.High
		}
		for _, a := range r.Actions {
			if !dropped[a] {
				in.Actions = append(in.Actions, im.id(a))
			}
		}
		add(plan.Add{ID: im.id(r.ID), Kind: plan.KindRisk, Risk: &in}, plan.ProgressInput{})
	}
}

func (im *importer) addAction(add func(plan.Add, plan.ProgressInput), a planfile.Action) {
	party := plan.Party(a.Side)
	buyer, seller := im.people[a.Owners.Buyer], im.people[a.Owners.Seller]
	if owner := im.people[a.Owner]; owner != "" {
		switch party {
		case plan.ByBuyer:
			buyer = owner
		case plan.BySeller:
			seller = owner
		}
	}
	id := im.id(a.ID)
	details := plan.Details{Milestone: im.id(a.Milestone), Category: a.Kind, Start: a.Start, Duration: a.Duration, Elapsed: a.Elapsed,
		NotBefore: a.NotBefore, NotAfter: a.NotAfter, Pinned: a.Pinned, Gate: im.id(a.Gate)}
	if e := a.Estimate; e != nil {
		details.Estimate = &plan.Estimate{Low: e.Low, Likely: e.Likely, High: e.High, Shape: e.Shape, Values: e.Values}
	}
	add(plan.Add{ID: id, Kind: plan.KindAction, Details: details, Terms: plan.Patch{Title: &a.Title, DoneWhen: &a.DoneWhen, Party: &party,
		BuyerOwner: &buyer, SellerOwner: &seller, Due: &a.Due, DateOpen: dateOpen(a)}},
		plan.ProgressInput{Status: plan.Status(a.Status), StartedOn: a.StartedOn, DoneOn: a.DoneOn, Remaining: a.Remaining,
			Expected: a.Expected, BlockedBecause: a.BlockedBecause})
	im.note(id, a.Notes)
}

func dateOpen(a planfile.Action) *bool {
	if !a.DateOpen {
		return nil
	}
	return &a.DateOpen
}

func (im *importer) decideNotes(p *plan.Plan, env plan.Env) (*plan.PrivateDecision, error) {
	if len(im.notes) == 0 {
		return nil, nil
	}
	d, err := plan.DecidePrivate(p, plan.NewPrivate(p.ID, im.home), plan.SetNotes(im.notes), env)
	return &d, err
}

// Blank is the file of a plan begun on a blank page.
func Blank(language, title, buyer, seller string, decideBy civil.Day) *planfile.Plan {
	return &planfile.Plan{Format: planfile.Format, Language: language, Title: title, DecideBy: decideBy,
		Sides: planfile.Sides{Buyer: planfile.Party{Organisation: buyer}, Seller: planfile.Party{Organisation: seller}}}
}

// Workspaces this server holds; for the command line.
func (s *Service) Workspaces(ctx context.Context) ([]Workspace, error) {
	return s.directory.Workspaces(ctx)
}

// List shows a workspace's plans to its member, last changed first.
func (s *Service) List(ctx context.Context, c Caller, limit int) ([]PlanRow, error) {
	if c.Member == nil {
		return nil, fault.New(fault.Missing, "fault.missing")
	}
	return s.plans.Plans(ctx, c.Member.Workspace, s.clock().Add(1e9*3600), limit)
}
