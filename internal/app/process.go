package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/process"
)

// Bounds of what a workspace keeps of its own processes.
const (
	maxProcesses = 200
	maxVersions  = 500 // of one that are shown
)

// ProcessOffer is a process a member may make a plan of.
type ProcessOffer struct {
	Process   *process.Process
	Own       bool      // the workspace's; else it came with the program
	Origin    string    // of an own one: see OwnProcess
	Saved     time.Time // of an own one: when this version was saved
	By        string    // and by whom; empty: their account is gone
	Withdrawn time.Time // zero: it is offered
	Last      int       // number of the last version
	May       bool      // the caller may change it, or copy it if it is built in
}

// Processes lists what a plan can be made of: the workspace's own, then those
// that came with the program. With withdrawn ones only for who may put them
// back. Members.
func (s *Service) Processes(ctx context.Context, c Caller) ([]ProcessOffer, error) {
	if c.Member == nil {
		return nil, missing()
	}
	own, err := s.processes.Processes(ctx, c.Member.Workspace, maxProcesses)
	if err != nil {
		return nil, err
	}
	names, err := s.memberNames(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []ProcessOffer
	for _, o := range own {
		if o.Withdrawn.IsZero() || c.Member.manages() {
			out = append(out, offered(c, o, o.Process.Version, names))
		}
	}
	for _, p := range process.Catalogue() {
		out = append(out, ProcessOffer{Process: p, Last: p.Version, May: c.Member.manages()})
	}
	return out, nil
}

func offered(c Caller, o OwnProcess, last int, names map[plan.ID]string) ProcessOffer {
	return ProcessOffer{Process: o.Process, Own: true, Origin: o.Origin, Saved: o.Created, By: names[o.Member], Withdrawn: o.Withdrawn, Last: last, May: c.Member.manages()}
}

// Process finds a process by its id, in its last version, or by "id@version":
// the workspace's own or one that came with the program. Members.
func (s *Service) Process(ctx context.Context, c Caller, ref string) (*process.Process, error) {
	o, err := s.ProcessPage(ctx, c, ref)
	return o.Process, err
}

// ProcessPage is Process with what is known of it. Members; a withdrawn one
// stays readable, for plans that were made from it.
func (s *Service) ProcessPage(ctx context.Context, c Caller, ref string) (ProcessOffer, error) {
	if c.Member == nil {
		return ProcessOffer{}, missing()
	}
	id, version, versioned := process.SplitRef(ref)
	if !versioned {
		id, version = ref, 0
	}
	if p := process.Builtin(id); p != nil {
		if version != 0 && version != p.Version {
			return ProcessOffer{}, missing()
		}
		return ProcessOffer{Process: p, Last: p.Version, May: c.Member.manages()}, nil
	}
	o, err := s.processes.ProcessVersion(ctx, c.Member.Workspace, id, version)
	last := o
	if err == nil && version != 0 {
		last, err = s.processes.ProcessVersion(ctx, c.Member.Workspace, id, 0)
	}
	if errors.Is(err, ErrNotFound) {
		return ProcessOffer{}, missing()
	}
	if err != nil {
		return ProcessOffer{}, err
	}
	names, err := s.memberNames(ctx, c)
	if err != nil {
		return ProcessOffer{}, err
	}
	return offered(c, o, last.Process.Version, names), nil
}

// ProcessVersions lists all versions of one of the workspace's own, the last
// first. Members.
func (s *Service) ProcessVersions(ctx context.Context, c Caller, id string) ([]ProcessOffer, error) {
	if c.Member == nil {
		return nil, missing()
	}
	all, err := s.processes.ProcessVersions(ctx, c.Member.Workspace, id, maxVersions)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, missing()
	}
	names, err := s.memberNames(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []ProcessOffer
	for _, o := range all {
		out = append(out, offered(c, o, all[0].Process.Version, names))
	}
	return out, nil
}

// mayShape lets in who changes what a whole team begins with: administrators
// and managers.
func mayShape(c Caller) error {
	switch {
	case c.Member == nil:
		return missing()
	case !c.Member.manages():
		return fault.New(fault.Forbidden, "templates.fault.right")
	}
	return nil
}

// MayShapeProcesses reports whether the caller may change processes.
func (s *Service) MayShapeProcesses(c Caller) bool { return mayShape(c) == nil }

// SaveProcess keeps a process as the next version of the workspace's own. Its
// id is chosen by the form, so that sending twice makes one; base is the
// version the form began with, 0 for a new one; origin says where a new one
// came from. Administrators and managers.
//
// Faults: those of Process.Check; Conflict if somebody saved a version since.
func (s *Service) SaveProcess(ctx context.Context, c Caller, p *process.Process, base int, origin string) (*process.Process, error) {
	if err := mayShape(c); err != nil {
		return nil, err
	}
	if process.Builtin(p.ID) != nil || base < 0 {
		return nil, fault.New(fault.Invalid, "fault.id")
	}
	p = p.As(p.ID, base+1)
	if err := p.Check(); err != nil {
		return nil, err
	}
	if base == 0 {
		all, err := s.processes.Processes(ctx, c.Member.Workspace, maxProcesses)
		if err != nil {
			return nil, err
		}
		if len(all) >= maxProcesses {
			return nil, fault.New(fault.TooMany, "templates.fault.many", "Limit", maxProcesses)
		}
	}
	var withdrawn time.Time
	if base > 0 {
		last, err := s.processes.ProcessVersion(ctx, c.Member.Workspace, p.ID, 0)
		if errors.Is(err, ErrNotFound) {
			return nil, missing()
		}
		if err != nil {
			return nil, err
		}
		origin, withdrawn = last.Origin, last.Withdrawn
	}
	if len(origin) > 100 {
		origin = ""
	}
	err := s.processes.AddProcess(ctx, OwnProcess{Workspace: c.Member.Workspace, Process: p, Origin: origin, Member: c.Member.ID,
		Created: s.clock(), Withdrawn: withdrawn})
	if !errors.Is(err, ErrStale) {
		return p, err
	}
	last, err := s.processes.ProcessVersion(ctx, c.Member.Workspace, p.ID, 0)
	if err != nil {
		return nil, err
	}
	if last.Process.Version == p.Version && last.Member == c.Member.ID && last.Process.Same(p) { // the form was sent twice
		return p, nil
	}
	return nil, fault.New(fault.Conflict, "templates.fault.stale", "Version", last.Process.Version)
}

// WithdrawProcess takes one of the workspace's own out of what is offered, or
// puts it back; plans that were made from it stay as they are. Administrators
// and managers.
func (s *Service) WithdrawProcess(ctx context.Context, c Caller, id string, back bool) error {
	if err := mayShape(c); err != nil {
		return err
	}
	at := s.clock()
	if back {
		at = time.Time{}
	}
	err := s.processes.WithdrawProcess(ctx, c.Member.Workspace, id, at)
	if errors.Is(err, ErrNotFound) {
		return missing()
	}
	return err
}

// LearnProcess makes a process of a plan that is over, with the durations that
// really happened. Nothing is stored: a person reads it over and saves it. For
// administrators and managers who are on the plan's home side.
func (s *Service) LearnProcess(ctx context.Context, c Caller, planID plan.ID) (*process.Process, []process.Took, error) {
	if err := mayShape(c); err != nil {
		return nil, nil, err
	}
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return nil, nil, err
	}
	if !v.Shapes {
		return nil, nil, missing()
	}
	if !v.MayLearn() {
		return nil, nil, fault.New(fault.Refused, "templates.fault.running")
	}
	return process.Learn(shared(v.Plan), string(s.NewID()))
}

// MayLearn reports whether who sees the plan may make a process of it: it is
// over, and they lead a team of the workspace that made it.
func (v View) MayLearn() bool {
	over := v.Plan.Phase == plan.Decided || v.Plan.Phase == plan.Archived || v.Plan.ReadOnly()
	return over && v.Shapes && len(v.Plan.Live(plan.KindAction)) > 0
}

// LayProcess lays a process out for the caller's workspace: with its name,
// region and closed days on the selling side, as of its today. Nothing is
// stored. Members.
//
// Faults: those of Process.LayOut.
func (s *Service) LayProcess(ctx context.Context, c Caller, ref string, f process.Fill) (*process.Laid, ProcessOffer, error) {
	o, err := s.ProcessPage(ctx, c, ref)
	if err != nil {
		return nil, o, err
	}
	w, err := s.workspace(ctx, c.Member.Workspace)
	if err != nil {
		return nil, o, err
	}
	f.Today = w.Today(s.clock())
	f.Language = cmp.Or(f.Language, w.Language)
	f.Seller.Organisation = cmp.Or(f.Seller.Organisation, w.Name)
	f.Seller.Calendar.Region = cmp.Or(f.Seller.Calendar.Region, w.Region)
	for _, x := range w.Closed {
		f.Seller.Calendar.Closed = append(f.Seller.Calendar.Closed, planfile.Span{From: x.From, To: x.To, Note: x.Note})
	}
	laid, err := o.Process.LayOut(f)
	return laid, o, err
}

// CreateFromProcess lays a process out and makes a draft of it: see LayProcess
// and Create. Members.
func (s *Service) CreateFromProcess(ctx context.Context, c Caller, ref string, f process.Fill, n NewPlan) (View, error) {
	laid, o, err := s.LayProcess(ctx, c, ref, f)
	if err != nil {
		return View{}, err
	}
	if !o.Withdrawn.IsZero() {
		return View{}, fault.New(fault.Refused, "templates.fault.withdrawn")
	}
	n.File, n.Process = laid.Plan, o.Process.Ref()
	n.File.Sides.Seller.Calendar.Closed = f.Seller.Calendar.Closed // Create adds the workspace's own
	return s.Create(ctx, c, n)
}

// TypicalRisks are the common risks that are not in the plan yet, those first
// that threaten kinds of steps the plan has.
func (v View) TypicalRisks() []process.Risk {
	have := map[string]bool{}
	for _, it := range v.Plan.Live(plan.KindRisk) {
		have[strings.ToLower(it.Details.Risk.Title.Value)] = true
	}
	kinds := map[string]bool{}
	for _, it := range v.Plan.Live(plan.KindAction) {
		kinds[it.Details.Category] = true
	}
	var fits, rest []process.Risk
	for _, r := range process.Risks() {
		if have[strings.ToLower(r.Title.DE)] || have[strings.ToLower(r.Title.EN)] {
			continue
		}
		if slices.ContainsFunc(r.Kinds, func(k string) bool { return kinds[k] }) {
			fits = append(fits, r)
		} else {
			rest = append(rest, r)
		}
	}
	return append(fits, rest...)
}
