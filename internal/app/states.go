package app

import (
	"container/list"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"tandem/internal/plan"
)

// states keeps the last known state of the most recently used streams. States
// are never changed in place, so any number of readers share one.
type states struct {
	store PlanStore
	max   int

	mu    sync.Mutex
	known map[string]*list.Element // stream → element of order
	order *list.List               // of *known state, most recently used first
	flown map[string]*flight
	epoch map[plan.ID]uint64 // grows when a plan is forgotten while it is being loaded
}

type known struct {
	stream  string
	shared  *plan.Plan
	private *plan.Private
}

// unknown: there is no such plan; not worth keeping, or guessing ids would
// drive out what people work on.
func (k *known) unknown() bool { return k.shared != nil && k.shared.Head.Seq == 0 }

type flight struct {
	done  chan struct{}
	state *known
	err   error
}

func newStates(store PlanStore, max int) *states {
	return &states{store: store, max: max, known: map[string]*list.Element{}, order: list.New(),
		flown: map[string]*flight{}, epoch: map[plan.ID]uint64{}}
}

func (s *states) shared(ctx context.Context, id plan.ID) (*plan.Plan, error) {
	k, err := s.get(ctx, id, plan.SharedStream(id), func(st Stream) (*known, error) {
		p, err := rebuild(st)
		return &known{shared: p}, err
	})
	if err != nil {
		return nil, err
	}
	return k.shared, nil
}

// glance is shared without keeping what it reads: whoever looks at all plans
// must not drive out those that people work on.
func (s *states) glance(ctx context.Context, id plan.ID) (*plan.Plan, error) {
	s.mu.Lock()
	if el := s.known[plan.SharedStream(id)]; el != nil {
		p := el.Value.(*known).shared
		s.mu.Unlock()
		return p, nil
	}
	s.mu.Unlock()
	st, err := s.store.Load(ctx, plan.SharedStream(id))
	if err != nil {
		return nil, err
	}
	return rebuild(st)
}

func (s *states) private(ctx context.Context, id plan.ID, side plan.Side) (*plan.Private, error) {
	k, err := s.get(ctx, id, plan.PrivateStream(id, side), func(st Stream) (*known, error) {
		pv, err := rebuildPrivate(st, id, side)
		return &known{private: pv}, err
	})
	if err != nil {
		return nil, err
	}
	return k.private, nil
}

// get returns a state from memory, or loads it; callers who want the same
// stream at the same time wait for one load.
func (s *states) get(ctx context.Context, id plan.ID, stream string, build func(Stream) (*known, error)) (*known, error) {
	s.mu.Lock()
	if el := s.known[stream]; el != nil {
		s.order.MoveToFront(el)
		k := el.Value.(*known)
		s.mu.Unlock()
		return k, nil
	}
	if f := s.flown[stream]; f != nil {
		s.mu.Unlock()
		select {
		case <-f.done:
			return f.state, f.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	f := &flight{done: make(chan struct{})}
	s.flown[stream] = f
	epoch := s.epoch[id]
	s.mu.Unlock()

	// The load serves everybody who waits, so one caller's leaving must not end it.
	st, err := s.store.Load(context.WithoutCancel(ctx), stream)
	if err == nil {
		f.state, err = build(st)
	}
	f.err = err

	s.mu.Lock()
	delete(s.flown, stream)
	if el := s.known[stream]; el != nil {
		f.state, f.err = el.Value.(*known), nil // a commit was faster, and knows more
	} else if err == nil && s.epoch[id] == epoch && !f.state.unknown() {
		f.state.stream = stream
		s.put(f.state)
	}
	s.mu.Unlock()
	close(f.done)
	return f.state, f.err
}

func (s *states) put(k *known) {
	if el := s.known[k.stream]; el != nil {
		el.Value = k
		s.order.MoveToFront(el)
		return
	}
	s.known[k.stream] = s.order.PushFront(k)
	for s.order.Len() > s.max {
		last := s.order.Back()
		s.order.Remove(last)
		delete(s.known, last.Value.(*known).stream)
	}
}

// keep remembers the states a commit led to.
func (s *states) keep(p *plan.Plan, pv *plan.Private) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p != nil {
		s.put(&known{stream: plan.SharedStream(p.ID), shared: p})
	}
	if pv != nil {
		s.put(&known{stream: plan.PrivateStream(pv.Plan, pv.Side), private: pv})
	}
}

// forget drops a plan's states, or all of them for an empty id.
func (s *states) forget(id plan.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" {
		for _, el := range s.known {
			s.epoch[planOf(el.Value.(*known))]++
		}
		s.known, s.order = map[string]*list.Element{}, list.New()
		return
	}
	s.epoch[id]++
	for _, stream := range []string{plan.SharedStream(id), plan.PrivateStream(id, plan.Buyer), plan.PrivateStream(id, plan.Seller)} {
		if el := s.known[stream]; el != nil {
			s.order.Remove(el)
			delete(s.known, stream)
		}
	}
}

func planOf(k *known) plan.ID {
	if k.shared != nil {
		return k.shared.ID
	}
	return k.private.Plan
}

func rebuild(st Stream) (*plan.Plan, error) {
	p := plan.New()
	if st.Snapshot != nil {
		if err := json.Unmarshal(st.Snapshot, p); err != nil {
			return nil, fmt.Errorf("read snapshot: %w", err)
		}
		p.Resolve(st.Words)
	}
	return plan.Replay(p, st.Records, st.Words)
}

func rebuildPrivate(st Stream, id plan.ID, side plan.Side) (*plan.Private, error) {
	pv := plan.NewPrivate(id, side)
	if st.Snapshot != nil {
		if err := json.Unmarshal(st.Snapshot, pv); err != nil {
			return nil, fmt.Errorf("read snapshot: %w", err)
		}
		pv.Resolve(st.Words)
	}
	return plan.ReplayPrivate(pv, st.Records, st.Words)
}
