package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// register is what one item's model holds: its version and its title.
type register struct {
	version int
	title   string
}

// move is an operation on one item: an edit made against a version, or, with
// an empty title, a look.
type move struct {
	item    plan.ID
	version int
	title   string
}

// answer is what its caller was told.
type answer struct {
	refused bool
	seen    register // of a look, or of an edit that was done
}

// items is what every item must behave like: an edit against a version is done
// if and only if that is the item's version at one moment between call and
// answer.
var items = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byItem := map[plan.ID][]porcupine.Operation{}
		for _, op := range history {
			id := op.Input.(move).item
			byItem[id] = append(byItem[id], op)
		}
		var out [][]porcupine.Operation
		for _, ops := range byItem {
			out = append(out, ops)
		}
		return out
	},
	Init: func() any { return register{version: 1, title: "Legal review"} },
	Step: func(state, input, output any) (bool, any) {
		st, in, out := state.(register), input.(move), output.(answer)
		switch {
		case in.title == "":
			return out.seen == st, st
		case out.refused:
			return in.version != st.version, st
		default:
			next := register{st.version + 1, in.title}
			return in.version == st.version && out.seen == next, next
		}
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// edit is how a client changes an item.
type edit func(n int, cmd plan.Edit, actor plan.ID) (*plan.Plan, error)

// linearizable: clients that load, decide and store by themselves.
func linearizable(t *testing.T, db Database) {
	s := db.Open(t)
	together(t, s, func(_ int, cmd plan.Edit, actor plan.ID) (*plan.Plan, error) {
		return Do(context.Background(), s, "p1", cmd, actor)
	})
}

// linearizableServices: clients of two servers on the same database, each of
// which keeps the states it knows in memory and is not told of the other's
// changes.
func linearizableServices(t *testing.T, db Database) {
	s := db.Open(t)
	check(t, s.SaveWorkspace(t.Context(), app.Workspace{ID: "w1", Name: "Acme", Zone: "UTC"}))
	var servers [2]*app.Service
	for n := range servers {
		servers[n] = app.New(s, app.Options{Clock: func() time.Time { return noon }})
	}
	together(t, s, func(n int, cmd plan.Edit, actor plan.ID) (*plan.Plan, error) {
		c := app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{"p1": actor}}}
		v, err := servers[n/2%2].Do(context.Background(), c, "p1", cmd)
		return v.Plan, err
	})
}

func together(t *testing.T, s Store, do edit) {
	t.Helper()
	const clients, moves, actions = 8, 12, 2
	p, err := Start(t.Context(), s, "p1", actions)
	check(t, err)
	for n := range actions {
		id := plan.ID(fmt.Sprint("a", n))
		title := "Legal review"
		if p, err = Do(t.Context(), s, "p1", plan.Edit{Item: id, Version: p.Items[id].Version, Patch: plan.Patch{Title: &title}}, Sarah); err != nil {
			t.Fatal(err)
		}
	}
	base := map[plan.ID]int{}
	for id, it := range p.Items {
		base[id] = it.Version - 1 // the model counts from 1
	}
	c := client{store: s, edit: do, base: base, began: time.Now()}
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			known := map[plan.ID]int{}
			for k := range moves {
				m := move{item: plan.ID(fmt.Sprint("a", (n+k)%actions))}
				if v := known[m.item]; v != 0 && k%4 != 0 {
					m.version, m.title = v, fmt.Sprintf("by %d, %d", n, k)
				}
				got, err := c.do(m, n, []plan.ID{Sarah, Ute}[n%2])
				if err != nil {
					t.Errorf("%+v: %v", m, err)
					return
				}
				if !got.refused {
					known[m.item] = got.seen.version
				} else {
					delete(known, m.item) // look again
				}
			}
		})
	}
	all.Wait()
	result, _ := porcupine.CheckOperationsVerbose(items, c.history, time.Minute)
	if result != porcupine.Ok {
		t.Errorf("the history of %d moves is %v:\n%+v", len(c.history), result, c.history)
	}
	done, refused := 0, 0
	for _, op := range c.history {
		if op.Input.(move).title != "" {
			if op.Output.(answer).refused {
				refused++
			} else {
				done++
			}
		}
	}
	if done == 0 || refused == 0 {
		t.Errorf("%d edits done and %d refused: the clients did not meet", done, refused)
	}
}

// client records what was asked, when, and what was answered.
type client struct {
	store Store
	edit  edit
	base  map[plan.ID]int
	began time.Time

	mu      sync.Mutex
	history []porcupine.Operation
}

func (c *client) do(m move, who int, actor plan.ID) (answer, error) {
	call := time.Since(c.began).Nanoseconds()
	var p *plan.Plan
	var err error
	if m.title == "" {
		p, err = Read(context.Background(), c.store, "p1")
	} else {
		p, err = c.edit(who, plan.Edit{Item: m.item, Version: m.version + c.base[m.item], Patch: plan.Patch{Title: &m.title}}, actor)
	}
	var got answer
	switch {
	case fault.Is(err, fault.Conflict):
		got.refused = true
	case err != nil:
		return answer{}, err
	default:
		it := p.Items[m.item]
		got.seen = register{it.Version - c.base[m.item], it.Terms.Title.Value}
	}
	returned := time.Since(c.began).Nanoseconds()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.history = append(c.history, porcupine.Operation{ClientId: who, Input: m, Output: got, Call: call, Return: returned})
	return got, nil
}
