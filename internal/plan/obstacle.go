package plan

import "tandem/internal/civil"

type (
	// Tackle says what happens next about what blocks an action, by when, and
	// whose move that is. Since when it is blocked, and by what, stays. Who may
	// report the action, and who has the move: see MayTackle.
	Tackle struct {
		Item    ID
		Version int
		Next    string
		NextBy  civil.Day // none: not said
		Waits   Side
		Person  ID
	}
	// PassMove says that the move is not the actor's: the obstacle stays, with
	// nobody named. Only who was named.
	PassMove struct {
		Item    ID
		Version int
		Because string
	}
)

// MayTackle reports whether a person may say how it goes on with what blocks
// an action, and that it is solved: who may report the action, the one whose
// move it is, and an editor of the side whose move it is. They tell of their
// own part: if the owner cannot go on after all, they say so again.
func (p *Plan) MayTackle(id ID, it *Item) bool {
	b := it.Progress.Block
	q := p.who(id)
	if b == nil || q == nil || q.Access == None || q.Access == Viewer {
		return false
	}
	return p.MayReport(id, it) || p.same(b.Person, q.ID) || b.Waits == q.Side && q.mayEdit()
}

// blocked finds a blocked action of which the actor may tell.
func (d *decider) blocked(id ID, version int) (*Item, error) {
	it, err := d.item(id, version, KindAction)
	switch {
	case err != nil:
		return nil, err
	case it.Progress.Status != Blocked:
		if !d.st.MayReport(d.me.ID, it) {
			return nil, forbidden("fault.right.report")
		}
		return nil, refuse("fault.action.not-blocked")
	case !d.st.MayTackle(d.me.ID, it):
		return nil, forbidden("fault.right.report")
	}
	return it, nil
}

// move checks whose move it is: a side, or one of its people.
func (d *decider) move(waits Side, person ID) error {
	if waits != "" && !waits.valid() {
		return invalid("fault.party")
	}
	if q := d.st.Person(person); person != "" && (q == nil || waits != "" && q.Side != waits) {
		return invalid("fault.owner.side")
	}
	return nil
}

func (c Tackle) decide(d *decider) error {
	it, err := d.blocked(c.Item, c.Version)
	if err != nil {
		return err
	}
	if err := d.move(c.Waits, c.Person); err != nil {
		return err
	}
	if err := d.onDay(c.NextBy); err != nil {
		return err
	}
	next, err := d.needed(c.Next, "fault.obstacle.next")
	if err != nil {
		return err
	}
	d.emit(&ActionTackled{Item: it.ID, Next: next, NextBy: c.NextBy, Waits: c.Waits, Person: c.Person})
	return nil
}

func (c PassMove) decide(d *decider) error {
	it, err := d.blocked(c.Item, c.Version)
	switch {
	case err != nil:
		return err
	case !d.st.same(it.Progress.Block.Person, d.me.ID):
		return forbidden("fault.obstacle.not-yours")
	}
	because, err := d.words(c.Because, maxWords)
	if err != nil {
		return err
	}
	d.emit(&ActionPassed{Item: it.ID, Because: because})
	return nil
}

func (p *Plan) applyObstacle(ev Event, m Meta) bool {
	change := func(id ID, f func(*Block)) {
		p.change(id, ev, m, func(it *Item) {
			if it.Progress.Block == nil {
				return
			}
			b := *it.Progress.Block
			f(&b)
			it.Progress.Block = &b
		})
	}
	switch e := ev.(type) {
	case *ActionTackled:
		change(e.Item, func(b *Block) { b.Next, b.NextBy, b.Waits, b.Person = e.Next, e.NextBy, e.Waits, e.Person })
	case *ActionPassed:
		change(e.Item, func(b *Block) { b.Person = "" })
	default:
		return false
	}
	return true
}
