package plan

import (
	"io"
	"slices"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Command is something a person, or the system, wants to happen to the shared
// plan. It either leads to events or to a fault and nothing.
type Command interface {
	decide(d *decider) error
}

// Decision is what follows from a command.
type Decision struct {
	State  *Plan // after the events; its Head.Hash is set by Seal
	Before *Plan // the state it was made in
	log
	base Head
}

// PrivateDecision is what follows from a command in a side's own space.
type PrivateDecision struct {
	State *Private
	log
	base Head
}

// Seal chains the events behind the stream the state came from.
func (d *Decision) Seal() ([]Record, error) {
	records, head, err := seal(SharedStream(d.State.ID), d.base, d.Events, d.Metas, d.fresh)
	d.State.Head = head
	return records, err
}

// Seal chains the events behind the stream the state came from.
func (d *PrivateDecision) Seal() ([]Record, error) {
	records, head, err := seal(PrivateStream(d.State.Plan, d.State.Side), d.base, d.Events, d.Metas, d.fresh)
	d.State.Head = head
	return records, err
}

// log collects the events of one decision.
type log struct {
	Events []Event
	Metas  []Meta
	fresh  map[string]bool // texts first written by this decision
	at     time.Time
	actor  ID
	side   Side
	seq    int64
}

func (l *log) add(ev Event) Meta {
	l.seq++
	m := Meta{Seq: l.seq, At: l.at, Actor: l.actor, Side: l.side}
	l.Events, l.Metas = append(l.Events, ev), append(l.Metas, m)
	return m
}

func (l *log) text(random io.Reader, subject ID, value string) Text {
	t := newText(random, subject, value)
	if l.fresh == nil {
		l.fresh = map[string]bool{}
	}
	if t.Hash != "" {
		l.fresh[t.Hash] = true
	}
	return t
}

// notBefore keeps the time of a stream from running backwards when the
// server's clock does; milliseconds, as stored.
func notBefore(now time.Time, head Head) time.Time {
	return time.UnixMilli(max(now.UnixMilli(), head.At)).UTC()
}

type decider struct {
	st  *Plan
	env Env
	me  *Person // nil for the system
	log log
}

// Decide decides a command on the shared plan. Who may is said at each
// command; a person of the other side does not learn that a draft exists.
func Decide(p *Plan, cmd Command, env Env) (Decision, error) {
	d := &decider{st: p.clone(), env: env, log: log{at: notBefore(env.Now, p.Head), seq: p.Head.Seq}}
	if _, create := cmd.(Create); create != (p.Phase == "") {
		return Decision{}, notYours()
	}
	if !system(cmd) {
		d.me = p.who(env.Actor)
		if d.me == nil || d.me.Access == None || p.Phase == Draft && d.me.Side != p.Home {
			return Decision{}, notYours()
		}
		if d.me.Access == Viewer && !ownAffair(cmd) {
			return Decision{}, forbidden("fault.right.viewer")
		}
		d.log.actor, d.log.side = d.me.ID, d.me.Side
	}
	if err := cmd.decide(d); err != nil {
		return Decision{}, err
	}
	if len(d.log.Events) > 0 {
		d.consequences()
	}
	return Decision{State: d.st, Before: p, log: d.log, base: p.Head}, nil
}

// Batch is several commands as one: all of them happen, or none.
type Batch []Command

func (b Batch) decide(d *decider) error {
	for _, cmd := range b {
		if system(cmd) {
			return notYours()
		}
		if err := cmd.decide(d); err != nil {
			return err
		}
		d.consequences() // the next one sees what followed, as if they had come one by one
		d.me = d.st.who(d.env.Actor)
		if d.me == nil {
			return notYours() // one took away the right to the next
		}
	}
	return nil
}

// ownAffair: also somebody who only reads may go, correct what the plan says
// of them, and say whether they come.
func ownAffair(cmd Command) bool {
	switch cmd.(type) {
	case Depart, EditPerson, AnswerCheckIn:
		return true
	}
	return false
}

func (d *decider) emit(ev Event) { d.st.apply(ev, d.log.add(ev)) }

// consequences are what follows from a change without anybody's command.
func (d *decider) consequences() {
	for _, pr := range d.st.OpenProposals() {
		if items := d.st.overtaken(pr); len(items) > 0 {
			d.emit(&ProposalClosed{Proposal: pr.ID, Status: Superseded, Because: items})
		}
	}
	d.outgrow()
	if d.st.Phase == Agreed {
		var newly []ID
		for _, id := range d.st.Order {
			if it := d.st.Items[id]; it.Removed == 0 && it.AgreedAs != it.Digest && it.IsAgreed() {
				newly = append(newly, id)
			}
		}
		if len(newly) > 0 {
			d.emit(&ItemsAgreed{Revision: d.st.Revision + 1, Items: newly})
		}
	}
	d.agreePlan()
}

// agreePlan completes the agreement when both leads have accepted the same
// content and nothing is missing in it (rule 3).
func (d *decider) agreePlan() {
	p := d.st
	b, s := p.Accepted.Buyer.Digest, p.Accepted.Seller.Digest
	if b == "" || b != s || p.LeftBy != "" || (p.Phase != Shared && p.Phase != Agreed) {
		return
	}
	if n := len(p.Baselines); n > 0 && p.Baselines[n-1].Digest == b {
		return
	}
	if len(p.Missing()) > 0 || p.Digest() != b || !p.standsBehindAll(Buyer) || !p.standsBehindAll(Seller) {
		return
	}
	revision := max(p.Revision, 1)
	d.emit(&PlanAgreed{Revision: revision, Baseline: len(p.Baselines) + 1})
}

// Replay is the state after records, starting from a state (New for the
// beginning). Words that are not there any more were erased.
func Replay(from *Plan, records []Record, words Words) (*Plan, error) {
	p := from.clone()
	for _, r := range records {
		ev, m, err := Unseal(r, words)
		if err != nil {
			return nil, err
		}
		p.apply(ev, m)
		p.Head.Hash = r.Hash
	}
	return p, nil
}

// ReplayPrivate is Replay for a side's own stream.
func ReplayPrivate(from *Private, records []Record, words Words) (*Private, error) {
	pv := from.clone()
	for _, r := range records {
		ev, m, err := Unseal(r, words)
		if err != nil {
			return nil, err
		}
		pv.apply(ev, m)
		pv.Head.Hash = r.Hash
	}
	return pv, nil
}

// Resolve puts the words back into a state that was decoded from a snapshot.
func (p *Plan) Resolve(words Words)     { resolve(p, words) }
func (pv *Private) Resolve(words Words) { resolve(pv, words) }

// Digest names exactly the terms of everything in the plan.
func (p *Plan) Digest() Digest {
	shown := p.Shown()
	parts := make([]string, 0, 2*len(shown))
	for _, x := range shown {
		parts = append(parts, string(x.Item), string(x.Digest))
	}
	return digestOf("tandem/plan/1", parts...)
}

// Shown lists every item with terms and its digest, in order of id: what an
// acceptance covers.
func (p *Plan) Shown() []ItemDigest {
	var out []ItemDigest
	for _, it := range p.Live() {
		if it.Kind.HasTerms() {
			out = append(out, ItemDigest{it.ID, it.Digest})
		}
	}
	slices.SortFunc(out, func(a, b ItemDigest) int {
		if a.Item < b.Item {
			return -1
		}
		return 1
	})
	return out
}

// standsBehindAll reports that a side's yes covers everything in the plan. Its
// acceptance alone does not tell: the side may have taken a yes back since.
func (p *Plan) standsBehindAll(s Side) bool {
	for _, it := range p.Live() {
		if it.Kind.HasTerms() && !it.StandsBehind(s) {
			return false
		}
	}
	return true
}

// Lack is something without which the plan cannot be agreed.
type Lack struct {
	Item ID
	What string // "owner", "date", "text" (erased)
	Side Side   // who can mend it; empty: either
}

// Missing lists what must be there before a plan is agreed (rule 3): a named
// owner for every action, one a side for a joint one, who has not said that it
// is not theirs; and a date, or an explicit "to be decided", for everything
// that has dates.
func (p *Plan) Missing() []Lack {
	var out []Lack
	for _, it := range p.Live() {
		if it.Terms.Title.Gone {
			out = append(out, Lack{it.ID, "text", ""})
		}
		if it.Kind == KindAction && it.Progress.Status != Done {
			for _, s := range []Side{Buyer, Seller} {
				if it.Terms.Party.Includes(s) && p.OwnerNeeded(it, s) {
					out = append(out, Lack{it.ID, "owner", s})
				}
			}
		}
		if it.Kind.dated() && it.Terms.Due.IsZero() && !it.Terms.DateOpen {
			side := Side("")
			if it.Kind == KindAction && it.Terms.Party != Joint {
				side = Side(it.Terms.Party)
			}
			out = append(out, Lack{it.ID, "date", side})
		}
	}
	return out
}

// OwnerNeeded reports that an action has nobody on a side who could do it:
// none named, left, erased, or the named person said it is not theirs.
func (p *Plan) OwnerNeeded(it *Item, s Side) bool {
	o := it.Terms.Owners.Of(s)
	q := p.Person(o)
	a := it.Owner.Of(s)
	return q == nil || q.Left || q.Erased() || a.Person == o && a.Kind == NotMine && a.Digest == it.Terms.ownerDigest(s)
}

// alive checks that the plan is not read-only.
func (d *decider) alive() error {
	switch {
	case d.st.LeftBy != "":
		return refuse("fault.plan.left")
	case d.st.Phase == Archived:
		return refuse("fault.plan.archived")
	}
	return nil
}

// working checks that content may still be changed.
func (d *decider) working() error {
	if d.st.Phase == Decided && d.st.LeftBy == "" {
		return refuse("fault.plan.decided")
	}
	return d.alive()
}

// item finds a live item in the version a command was made against (rule 13).
func (d *decider) item(id ID, version int, kinds ...Kind) (*Item, error) {
	if err := d.working(); err != nil {
		return nil, err
	}
	it := d.st.Items[id]
	if it == nil || len(kinds) > 0 && !slices.Contains(kinds, it.Kind) {
		return nil, notYours()
	}
	if it.Version != version {
		return nil, changed(id, version, it.Version)
	}
	if it.Removed != 0 {
		return nil, refuse("fault.item.removed")
	}
	return it, nil
}

func (d *decider) words(s string, max int) (Text, error) {
	s, err := clean(s, max)
	if err != nil {
		return Text{}, err
	}
	return d.log.text(d.env.Random, d.log.actor, s), nil
}

// needed is words that must not be empty.
func (d *decider) needed(s, key string) (Text, error) {
	t, err := d.words(s, maxWords)
	if err == nil && t.IsZero() {
		return t, invalid(key)
	}
	return t, err
}

// content is text that belongs to the plan, not to a person.
func (d *decider) content(s string) Text { return d.log.text(d.env.Random, "", s) }

func (d *decider) onDay(day civil.Day) error {
	if !day.IsZero() && (day < civil.Earliest || day > civil.Latest) {
		return fault.New(fault.Invalid, "fault.date.range")
	}
	return nil
}
