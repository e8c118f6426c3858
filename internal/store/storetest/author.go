package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// People of every plan here.
const (
	Sarah = plan.ID("sarah") // leads at the seller
	Ute   = plan.ID("ute")   // leads at the buyer
)

// noon is the day on which everything here happens.
var noon = time.Date(2026, 4, 29, 12, 0, 0, 0, time.UTC)

// Env is what a decision of somebody knows.
func Env(actor plan.ID) plan.Env {
	return plan.Env{Now: noon, Today: civil.On(noon, time.UTC), Actor: actor, Random: rand.Reader}
}

// Started decides a plan both sides edit, with actions "a0", "a1" …, and the
// changes that store it.
func Started(id plan.ID, actions int) (*plan.Plan, []app.Change, error) {
	create := plan.Create{Plan: id, Workspace: "w1", Home: plan.Seller, Language: "en",
		Title: "CRM rollout", Start: civil.Of(2026, 4, 1), DecideBy: civil.Of(2026, 6, 30),
		Organisation: plan.Sides[string]{Buyer: "Nordwerk", Seller: "Acme"},
		Creator:      plan.NewPerson{ID: Sarah, Side: plan.Seller, Name: "Sarah Chen", Email: "sarah@acme.example"},
		People:       []plan.NewPerson{{ID: Ute, Side: plan.Buyer, Name: "Ute Brandt", Email: "ute@nordwerk.example"}},
	}
	for n := range actions {
		title, party := fmt.Sprintf("Legal review, part %d", n), plan.Joint
		create.Items = append(create.Items, plan.NewItem{Add: plan.Add{ID: plan.ID(fmt.Sprintf("a%d", n)), Kind: plan.KindAction,
			Terms: plan.Patch{Title: &title, Party: &party}}})
	}
	p := plan.New()
	var changes []app.Change
	for _, step := range []struct {
		cmd   plan.Command
		actor plan.ID
	}{
		{create, Sarah},
		{plan.Share{}, Sarah},
		{plan.LetIn{Person: Ute, Access: plan.Lead}, Sarah},
	} {
		next, c, err := Decide(p, step.cmd, step.actor)
		if err != nil {
			return nil, nil, fmt.Errorf("%T: %w", step.cmd, err)
		}
		p, changes = next, append(changes, c)
	}
	return p, changes, nil
}

// Decide turns a command into the state after it and the change that stores it.
func Decide(p *plan.Plan, cmd plan.Command, actor plan.ID) (*plan.Plan, app.Change, error) {
	d, err := plan.Decide(p, cmd, Env(actor))
	if err != nil {
		return nil, app.Change{}, err
	}
	records, err := d.Seal()
	if err != nil {
		return nil, app.Change{}, err
	}
	row := app.Row(d.State)
	return d.State, app.Change{Row: &row, Appends: []app.Append{{
		Stream: plan.SharedStream(d.State.ID), Expect: p.Head.Seq, Records: records}}}, nil
}

// Start stores such a plan.
func Start(ctx context.Context, s app.PlanStore, id plan.ID, actions int) (*plan.Plan, error) {
	p, changes, err := Started(id, actions)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if err := s.Commit(ctx, c); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Read loads a plan and replays it.
func Read(ctx context.Context, s app.PlanStore, id plan.ID) (*plan.Plan, error) {
	st, err := s.Load(ctx, plan.SharedStream(id))
	if err != nil {
		return nil, err
	}
	return plan.Replay(plan.New(), st.Records, st.Words)
}

// Do loads, decides and stores until nobody was faster.
func Do(ctx context.Context, s app.PlanStore, id plan.ID, cmd plan.Command, actor plan.ID) (*plan.Plan, error) {
	for {
		p, err := Read(ctx, s, id)
		if err != nil {
			return nil, err
		}
		next, c, err := Decide(p, cmd, actor)
		if err != nil {
			return nil, err
		}
		if err = s.Commit(ctx, c); err == nil {
			return next, nil
		}
		if !errors.Is(err, app.ErrStale) {
			return nil, err
		}
	}
}

// Verify walks a stream's chain page by page and returns its head.
func Verify(ctx context.Context, s app.PlanStore, stream string) (plan.Head, error) {
	var v plan.Verifier
	var after int64
	for {
		records, err := s.Records(ctx, stream, after, 100)
		if err != nil {
			return plan.Head{}, err
		}
		for _, r := range records {
			if err := v.Next(r); err != nil {
				return plan.Head{}, fmt.Errorf("stream %s: %w", stream, err)
			}
			after = r.Seq
		}
		if len(records) == 0 {
			return v.End()
		}
	}
}

// plain makes records that are not of a real plan: for what a store must do
// whatever is in them.
func plain(stream string, after int64, n int) []plan.Record {
	out := make([]plan.Record, n)
	for i := range out {
		seq := after + int64(i) + 1
		out[i] = plan.Record{Stream: stream, Seq: seq, At: noon.UnixMilli() + seq, Actor: Sarah, Side: plan.Seller, Kind: "test",
			Version: 1, Data: []byte(fmt.Sprintf(`{"n": %d,  "odd":"spacing\u0000"}`, seq)), Hash: fmt.Sprintf("hash of %s %d", stream, seq)}
	}
	return out
}

func sealed(subject plan.ID, value string) plan.Sealed {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	return plan.Sealed{Hash: rand.Text(), Salt: salt, Value: value, Subject: subject}
}

func add(stream string, after int64, n int) app.Change {
	return app.Change{Appends: []app.Append{{Stream: stream, Expect: after, Records: plain(stream, after, n)}}}
}

func commit(t testing.TB, s app.PlanStore, c app.Change) {
	t.Helper()
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

func load(t testing.TB, s app.PlanStore, stream string) app.Stream {
	t.Helper()
	st, err := s.Load(t.Context(), stream)
	if err != nil {
		t.Fatalf("Load %s: %v", stream, err)
	}
	return st
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
