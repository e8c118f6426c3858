package plan

import (
	"maps"
	"slices"
	"time"

	"tandem/internal/civil"
)

// Private is one side's own state: its notes and its internal actions. It is
// made from that side's private stream alone; the other side's view never
// receives it.
type Private struct {
	Plan      ID                 `json:"plan"`
	Side      Side               `json:"side"`
	Actions   map[ID]*Internal   `json:"actions"`
	Notes     map[ID]*Note       `json:"notes"`
	Documents map[ID][]*Document `json:"documents,omitempty"` // by item, shared or internal
	Paper     *Paper             `json:"paper,omitempty"`     // of the buyer; nil until one was begun
	Head      Head               `json:"head"`
}

// Internal is an action the other side does not see. It may depend on shared
// items, never the reverse, and moves no shared date.
type Internal struct {
	ID      ID        `json:"id"`
	Title   Text      `json:"title"`
	Owner   ID        `json:"owner,omitempty"`
	Due     civil.Day `json:"due,omitzero"`
	After   []ID      `json:"after,omitempty"` // shared items it waits for
	Status  Status    `json:"status"`
	DoneOn  civil.Day `json:"doneOn,omitzero"`
	Version int       `json:"version"`
}

// Note is a side's own remark on an item or, with an empty item, on the plan.
type Note struct {
	ID      ID        `json:"id"`
	Item    ID        `json:"item,omitempty"`
	Text    Text      `json:"text"`
	By      ID        `json:"by"`
	At      time.Time `json:"at"`
	Version int       `json:"version"`
}

// NewPrivate is a side's private state before its first event.
func NewPrivate(plan ID, side Side) *Private {
	return &Private{Plan: plan, Side: side, Actions: map[ID]*Internal{}, Notes: map[ID]*Note{}}
}

// NotesOn lists the side's notes on an item, oldest first.
func (pv *Private) NotesOn(item ID) []*Note {
	var out []*Note
	for _, n := range pv.Notes {
		if n.Item == item {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b *Note) int { return a.At.Compare(b.At) })
	return out
}

func (pv *Private) clone() *Private {
	q := *pv
	q.Actions, q.Notes, q.Documents = maps.Clone(pv.Actions), maps.Clone(pv.Notes), maps.Clone(pv.Documents)
	return &q
}

func (pv *Private) apply(ev Event, m Meta) {
	pv.Head.Seq, pv.Head.At = m.Seq, m.At.UnixMilli()
	switch e := ev.(type) {
	case *InternalSet:
		a := e.Action
		pv.Actions[a.ID] = &a
	case *InternalRemoved:
		delete(pv.Actions, e.Action)
	case *NoteSet:
		n := e.Note
		n.At = m.At
		pv.Notes[n.ID] = &n
	case *NoteRemoved:
		delete(pv.Notes, e.Note)
	case *PaperWritten:
		pv.applyPaper(e, m)
	default:
		applyDocument(&pv.Documents, ev, m)
	}
}

// PrivateCommand is something a person wants to do in their side's own space.
type PrivateCommand interface {
	decidePrivate(d *privateDecider) error
}

type (
	// SetInternal writes an internal action; Version 0 is a new one.
	SetInternal struct {
		ID      ID
		Version int
		Title   string
		Owner   ID
		Due     civil.Day
		After   []ID
		Done    bool
	}
	// RemoveInternal takes an internal action out.
	RemoveInternal struct {
		ID      ID
		Version int
	}
	// SetNote writes a note; Version 0 is a new one.
	SetNote struct {
		ID      ID
		Version int
		Item    ID
		Text    string
	}
	// RemoveNote takes a note out, for instance because it was published.
	RemoveNote struct {
		ID      ID
		Version int
	}
)

type privateDecider struct {
	plan *Plan
	st   *Private
	env  Env
	log  log
}

// DecidePrivate decides a command in the actor's side's own space. It reads
// the shared state, which is no secret to either side, and writes nothing to
// it. Who may: contributors and above of that side who were let in; viewers
// read.
func DecidePrivate(p *Plan, pv *Private, cmd PrivateCommand, env Env) (PrivateDecision, error) {
	actor := p.who(env.Actor)
	side, sees := p.SeesPrivate(env.Actor)
	if !sees || side != pv.Side || p.ID != pv.Plan {
		return PrivateDecision{}, notYours()
	}
	if actor.Access == Viewer {
		return PrivateDecision{}, forbidden("fault.right.private")
	}
	d := &privateDecider{plan: p, st: pv.clone(), env: env, log: log{at: notBefore(env.Now, pv.Head), actor: actor.ID, side: actor.Side, seq: pv.Head.Seq}}
	if err := cmd.decidePrivate(d); err != nil {
		return PrivateDecision{}, err
	}
	return PrivateDecision{State: d.st, log: d.log, base: pv.Head}, nil
}

func (d *privateDecider) emit(ev Event) { d.st.apply(ev, d.log.add(ev)) }

func (d *privateDecider) words(s string, max int) (Text, error) {
	s, err := clean(s, max)
	if err != nil {
		return Text{}, err
	}
	return d.log.text(d.env.Random, d.log.actor, s), nil
}

func (c SetInternal) decidePrivate(d *privateDecider) error {
	old := d.st.Actions[c.ID]
	a := Internal{ID: c.ID, Owner: c.Owner, Due: c.Due, After: slices.Clone(c.After), Status: Open, Version: c.Version + 1}
	switch {
	case !c.ID.valid() || d.plan.Items[c.ID] != nil:
		return invalid("fault.id")
	case old == nil && c.Version != 0:
		return notYours()
	case old != nil && old.Version != c.Version:
		return changed(c.ID, c.Version, old.Version)
	case old == nil && len(d.st.Actions) >= maxItems:
		return refuse("fault.item.many", "max", maxItems)
	case len(c.After) > maxSpans:
		return invalid("fault.link.end")
	case !c.Due.IsZero() && (c.Due < civil.Earliest || c.Due > civil.Latest):
		return invalid("fault.date.range")
	}
	if o := d.plan.Person(c.Owner); c.Owner != "" && (o == nil || o.Side != d.st.Side) {
		return invalid("fault.owner.side")
	}
	for _, id := range c.After {
		if d.plan.gone(id) && (old == nil || !slices.Contains(old.After, id)) {
			return invalid("fault.link.end")
		}
	}
	title, err := clean(c.Title, maxLine)
	if err != nil {
		return err
	}
	if title == "" {
		return invalid("fault.title.empty")
	}
	if old != nil {
		a.Title = old.Title
	}
	if title != a.Title.Value || a.Title.Gone {
		a.Title = d.log.text(d.env.Random, "", title) // the side's content, as a shared title is the plan's
	}
	if c.Done {
		a.Status, a.DoneOn = Done, d.env.Today
		if old != nil && old.Status == Done {
			a.DoneOn = old.DoneOn
		}
	}
	d.emit(&InternalSet{Action: a})
	return nil
}

func (c RemoveInternal) decidePrivate(d *privateDecider) error {
	old := d.st.Actions[c.ID]
	if old == nil {
		return notYours()
	}
	if old.Version != c.Version {
		return changed(c.ID, c.Version, old.Version)
	}
	d.emit(&InternalRemoved{Action: c.ID})
	return nil
}

func (c SetNote) decidePrivate(d *privateDecider) error {
	old := d.st.Notes[c.ID]
	switch {
	case !c.ID.valid():
		return invalid("fault.id")
	case old == nil && c.Version != 0:
		return notYours()
	case old != nil && old.Version != c.Version:
		return changed(c.ID, c.Version, old.Version)
	case c.Item != "" && d.plan.Items[c.Item] == nil && d.st.Actions[c.Item] == nil:
		return notYours()
	}
	if old == nil && len(d.st.Notes) >= maxItems {
		return refuse("fault.item.many", "max", maxItems)
	}
	text, err := d.words(c.Text, maxWords)
	if err != nil {
		return err
	}
	if text.IsZero() {
		return invalid("fault.text.empty")
	}
	if old != nil && old.Item == c.Item && old.Text.Value == text.Value {
		return nil // the words stay those of who wrote them
	}
	d.emit(&NoteSet{Note: Note{ID: c.ID, Item: c.Item, Text: text, By: d.log.actor, Version: c.Version + 1}})
	return nil
}

func (c RemoveNote) decidePrivate(d *privateDecider) error {
	old := d.st.Notes[c.ID]
	if old == nil {
		return notYours()
	}
	if old.Version != c.Version {
		return changed(c.ID, c.Version, old.Version)
	}
	d.emit(&NoteRemoved{Note: c.ID})
	return nil
}

// SetNotes writes several notes at once: what came in with a spreadsheet.
type SetNotes []SetNote

func (c SetNotes) decidePrivate(d *privateDecider) error {
	for _, n := range c {
		if err := n.decidePrivate(d); err != nil {
			return err
		}
	}
	return nil
}
