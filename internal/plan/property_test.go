package plan

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/fault"
)

// TANDEM_TORTURE multiplies the random checks.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("rapid.checks", strconv.Itoa(60*torture())); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func torture() int {
	n, _ := strconv.Atoi(os.Getenv("TANDEM_TORTURE"))
	return max(n, 1)
}

// rapidChooser spreads rapid's numbers evenly: by themselves they are mostly
// small, and every plan would be left or decided at once.
type rapidChooser struct {
	*rapid.T
	drawn uint64
}

func (c *rapidChooser) below(n int) int {
	c.drawn++
	x := rapid.Uint64().Draw(c.T, "choice") + c.drawn*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return int((x ^ x>>31) % uint64(n))
}

// sequence plays a random sequence of commands from a random beginning and
// calls check around every step. Single ones only, where what a command led to
// is compared with the state before it.
func sequence(t failer, c chooser, length int, single bool, check func(w *world, s step, before *Plan, events []Event, err error)) (*world, []step) {
	var w *world
	switch c.below(6) {
	case 0:
		w = draft(t)
	case 1, 2:
		w = shared(t)
	default:
		w = agreed(t)
	}
	g := &generator{chooser: c, w: w, single: single}
	var steps []step
	for range length {
		s := g.next()
		steps = append(steps, s)
		before := w.plan
		events, err := w.play(s)
		if check != nil {
			check(w, s, before, events, err)
		}
	}
	return w, steps
}

// play decides a step with its own clock and salts.
func (w *world) play(s step) ([]Event, error) {
	w.now = s.now
	w.random = rand.NewChaCha8([32]byte{byte(s.seed), byte(s.seed >> 8), byte(s.seed >> 16), byte(s.seed >> 24), byte(s.seed >> 32), byte(s.seed >> 40)})
	if s.private != nil {
		return w.tryPrivate(s.side, s.actor, s.private)
	}
	return w.try(s.actor, s.shared)
}

// ---- agreement

func TestPropertyAgreedTermsNeverChangeWithoutBothSides(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sequence(t, &rapidChooser{T: t}, 60, true, func(w *world, s step, p *Plan, events []Event, err error) {
			for id, was := range p.Items {
				if was.Bound() && was.Removed == 0 {
					checkAgreedItem(t, p, w.plan, was, w.plan.Items[id], events)
				}
			}
			for id, is := range w.plan.Items { // nothing becomes agreed by one side alone
				was := p.Items[id]
				if is.Bound() && (was == nil || !was.Bound()) && !is.IsAgreed() {
					t.Fatalf("%T bound %s, which is not agreed by both", s.shared, id)
				}
			}
			checkRevision(t, p, w.plan, events)
		})
	})
}

// checkAgreedItem holds an agreed item before and after a step against what
// happened in it.
func checkAgreedItem(t failer, p, q *Plan, was, is *Item, events []Event) {
	if is.Removed != 0 {
		if acceptedChange(p, events, was.ID) == nil {
			t.Fatalf("agreed %s was removed by %s", was.ID, kindsOf(events))
		}
		return
	}
	if stateJSON(was.Agreed) != stateJSON(is.Agreed) && acceptedChange(p, events, was.ID) == nil && !has(events, "items.agreed") {
		t.Fatalf("what is agreed of %s changed by %s", was.ID, kindsOf(events))
	}
	if is.Digest == was.Digest {
		return
	}
	if c := acceptedChange(p, events, was.ID); c != nil {
		for _, f := range was.Terms.Differ(is.Terms) {
			if !slices.Contains(c.Old.Differ(c.New), f) {
				t.Fatalf("accepting changed %s of %s, which was not asked for", f, was.ID)
			}
		}
		return
	}
	for _, ev := range events {
		switch e := ev.(type) {
		case *ItemDeviated:
			if e.Item == was.ID {
				if len(is.Deviations) != len(was.Deviations)+1 {
					t.Fatalf("a deviation of %s was not logged", was.ID)
				}
				d := is.Deviations[len(is.Deviations)-1]
				if !mayAlone(p, was, e.New, q.Person(d.By).Side) {
					t.Fatalf("rule 7 does not allow %v on %s", was.Terms.Differ(e.New), was.ID)
				}
				return
			}
		case *ItemUndone:
			if e.Item == was.ID && was.Undo != nil && was.Undo.Kind == "item.deviated" {
				return
			}
		}
	}
	t.Fatalf("agreed terms of %s changed by %s", was.ID, kindsOf(events))
}

// acceptedChange is the change of an item in a proposal that was accepted, by
// the side that did not make it.
func acceptedChange(p *Plan, events []Event, id ID) *Change {
	for _, ev := range events {
		e, ok := ev.(*ProposalAccepted)
		if !ok {
			continue
		}
		for i, c := range p.Proposals[e.Proposal].Changes {
			if c.Item == id || slices.Contains(c.With, id) {
				return &p.Proposals[e.Proposal].Changes[i]
			}
		}
	}
	return nil
}

// mayAlone is rule 7 told once more, in the words of the rule.
func mayAlone(p *Plan, it *Item, next Terms, s Side) bool {
	a, b := it.Terms, next
	if it.Kind != KindAction || a.Title.Hash != b.Title.Hash || a.DoneWhen.Hash != b.DoneWhen.Hash || a.Party != b.Party {
		return false
	}
	if a.Due == b.Due && a.DateOpen == b.DateOpen {
		return a.Owners.Of(s.Other()) == b.Owners.Of(s.Other()) && b.Owners.Of(s) != "" && (a.Party == Joint || Side(a.Party) == s)
	}
	if a.Owners != b.Owners || Side(a.Party) != s || b.DateOpen || b.Due == 0 {
		return false
	}
	if a.Due != 0 && b.Due < a.Due {
		return true
	}
	var depends func(id ID, seen map[ID]bool) bool // anything not this side's own action, or a milestone
	depends = func(id ID, seen map[ID]bool) bool {
		if seen[id] {
			return false
		}
		seen[id] = true
		x := p.Items[id]
		if x.Kind != KindAction || Side(x.Terms.Party) != s {
			return true
		}
		for _, m := range []*Item{p.Items[x.Details.Milestone], p.Items[x.AgreedFor]} {
			if m != nil && m.Removed == 0 {
				return true
			}
		}
		for _, l := range p.Items {
			if l.Kind == KindLink && l.Removed == 0 && l.Terms.From == id && depends(l.Terms.To, seen) {
				return true
			}
		}
		return false
	}
	return !depends(it.ID, map[ID]bool{})
}

func checkRevision(t failer, p, q *Plan, events []Event) {
	agreements := 0
	for _, e := range events {
		switch e.Kind() {
		case "proposal.accepted", "items.agreed":
			agreements++
		case "plan.agreed":
			if p.Revision == 0 {
				agreements++
			}
		}
	}
	if q.Revision != p.Revision+agreements {
		t.Fatalf("revision %d after %d agreements became %d", p.Revision, agreements, q.Revision)
	}
}

func TestPropertyNoStanceCoversUnseenTerms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seen := Sides[map[Digest]bool]{Buyer: map[Digest]bool{}, Seller: map[Digest]bool{}}
		first := true
		sequence(t, &rapidChooser{T: t}, 60, true, func(w *world, s step, p *Plan, events []Event, err error) {
			if first { // what the fixture's leads accepted
				first = false
				for _, it := range p.Items {
					for _, side := range []Side{Buyer, Seller} {
						seen.Of(side)[it.Stance.Of(side).Digest] = true
					}
				}
			}
			learn(seen, s, p, w.plan, events)
			for id, it := range w.plan.Items {
				for _, side := range []Side{Buyer, Seller} {
					if d := it.Stance.Of(side).Digest; d != "" && !seen.Of(side)[d] {
						t.Fatalf("%T: %s stands behind terms of %s it never saw", s.shared, side, id)
					}
				}
			}
		})
	})
}

// learn adds what a step showed to its actor's side: what it wrote, and what
// its command said it had seen.
func learn(seen Sides[map[Digest]bool], s step, p, q *Plan, events []Event) {
	who := q.Person(s.actor)
	if who == nil || len(events) == 0 {
		return
	}
	mine := seen.Of(who.Side)
	switch c := s.shared.(type) {
	case Stand:
		mine[c.Digest] = true
	case StandAll:
		for _, x := range c.Items {
			mine[x.Digest] = true
		}
	case AcceptPlan:
		for _, x := range c.Seen {
			mine[x.Digest] = true
		}
	case Accept:
		pr := p.Proposals[c.ID]
		for _, x := range pr.Changes {
			mine[x.New.digest(x.Kind)] = true
			for _, side := range []Side{Buyer, Seller} { // who knew the rest knows the whole
				if it := p.Items[x.Item]; it != nil && it.Kind.HasTerms() && it.StandsBehind(side) {
					seen.Of(side)[x.applied(it.Terms).digest(it.Kind)] = true
				}
			}
		}
	}
	for _, ev := range events {
		switch e := ev.(type) {
		case *ItemAdded:
			mine[q.Items[e.Item].Digest] = true
		case *ItemEdited:
			mine[e.New.digest(q.Items[e.Item].Kind)] = true
		case *ItemDeviated:
			mine[e.New.digest(q.Items[e.Item].Kind)] = true
		case *ProposalMade:
			for _, x := range e.Changes {
				mine[x.New.digest(x.Kind)] = true
			}
		}
	}
}

// ---- states, refusals, replay

func TestPropertyStatesAreImmutableAndRefusalsLeaveNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was := ""
		sequence(t, &rapidChooser{T: t}, 40, false, func(w *world, s step, p *Plan, events []Event, err error) {
			if was == "" {
				was = stateJSON(p)
			}
			if stateJSON(p) != was {
				t.Fatalf("%T changed the state before it", s.shared)
			}
			if err != nil {
				if w.plan != p {
					t.Fatalf("a refused %T changed the state", s.shared)
				}
				if _, ok := fault.As(err); !ok {
					t.Fatalf("%T: %v is nothing people can be told", s.shared, err)
				}
			}
			if s.shared != nil && err == nil && len(events) == 0 && stateJSON(w.plan) != was {
				t.Fatalf("%T changed the state without an event", s.shared)
			}
			was = stateJSON(w.plan)
			checkSound(t, w.plan)
		})
	})
}

// checkSound holds what every state must be.
func checkSound(t failer, p *Plan) {
	if ids := sortedKeys(p.Items); len(ids) != len(p.Order) {
		t.Fatalf("%d items, %d in order", len(ids), len(p.Order))
	}
	if err := p.soundLinks(); err != nil {
		t.Fatalf("links: %v", err)
	}
	for id, it := range p.Items {
		if it.Kind.HasTerms() && it.Digest != it.Terms.digest(it.Kind) {
			t.Fatalf("%s has the digest of other terms", id)
		}
		if it.Bound() && it.AgreedAs != it.Agreed.digest(it.Kind) {
			t.Fatalf("%s was agreed as something else", id)
		}
		if it.Progress.Status == Blocked && it.Progress.Block == nil || it.Progress.Status == Done && it.Progress.Block != nil {
			t.Fatalf("%s is %s with block %v", id, it.Progress.Status, it.Progress.Block)
		}
		for _, s := range []Side{Buyer, Seller} {
			if o := it.Terms.Owners.Of(s); o != "" && (p.People[o].Side != s || !it.Terms.Party.Includes(s)) {
				t.Fatalf("%s has owner %s on side %s", id, o, s)
			}
			if it.Committed(s) && it.Asked(s) {
				t.Fatalf("%s: committed and asked", id)
			}
		}
	}
	for _, s := range []Side{Buyer, Seller} {
		if p.everLed(s) && len(p.LeadsOf(s)) == 0 {
			t.Fatalf("nobody leads the %s any more", s)
		}
	}
	for id, pr := range p.Proposals {
		if pr.Status == Pending && (p.Phase != Agreed || p.LeftBy != "") {
			t.Fatalf("%s is open in a plan that is %s", id, p.Phase)
		}
	}
}

// whole is a state with the words that its JSON leaves out.
func whole(p any) string {
	var words []string
	eachText(p, func(x *Text) { words = append(words, fmt.Sprint(*x)) })
	slices.Sort(words) // maps have no order
	return stateJSON(p) + strings.Join(words, "\n")
}

func TestPropertyReplayGivesTheSameState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type moment struct {
			snapshot []byte
			at       int
		}
		var moments []moment
		w, _ := sequence(t, &rapidChooser{T: t}, 50, false, func(w *world, s step, p *Plan, events []Event, err error) {
			if len(events) > 0 && len(moments) < 3 && len(events)%2 == 1 {
				moments = append(moments, moment{[]byte(stateJSON(w.plan)), len(w.logs[SharedStream(planID)])})
			}
		})
		records := w.logs[SharedStream(planID)]
		want := whole(w.plan)
		if got := whole(w.replayed(records, w.words)); got != want {
			t.Fatalf("decided:\n%s\nreplayed:\n%s", want, got)
		}
		for _, m := range moments {
			from := New()
			if err := json.Unmarshal(m.snapshot, from); err != nil {
				t.Fatalf("snapshot: %v", err)
			}
			from.Resolve(w.words)
			p, err := Replay(from, records[m.at:], w.words)
			if err != nil {
				t.Fatalf("replay from a snapshot: %v", err)
			}
			if got := whole(p); got != want {
				t.Fatalf("decided:\n%s\nreplayed from a snapshot at %d:\n%s", want, m.at, got)
			}
		}
		for _, s := range []Side{Buyer, Seller} {
			pv, err := ReplayPrivate(NewPrivate(planID, s), w.logs[PrivateStream(planID, s)], w.words)
			if err != nil {
				t.Fatalf("replay private: %v", err)
			}
			if got, want := whole(pv), whole(w.private.Of(s)); got != want {
				t.Fatalf("decided:\n%s\nreplayed:\n%s", want, got)
			}
		}
	})
}

func TestPropertySequenceAndTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, _ := sequence(t, &rapidChooser{T: t}, 40, true, func(w *world, s step, p *Plan, events []Event, err error) {
			if a, ok := s.shared.(Accept); ok && err == nil && w.today() > p.Proposals[a.ID].Expires {
				t.Fatalf("a proposal was accepted on %s, after %s", w.today(), p.Proposals[a.ID].Expires)
			}
			if _, ok := s.shared.(ExpireProposals); ok && err == nil {
				for _, pr := range w.plan.OpenProposals() {
					if pr.Expires < w.today() {
						t.Fatalf("%s did not expire", pr.ID)
					}
				}
			}
			if err == nil && (isAdd(s.shared) || isSay(s.shared)) { // sent twice
				again, err := Decide(w.plan, s.shared, w.env(s.actor))
				if err == nil && len(again.Events) > 0 {
					t.Fatalf("%T sent twice did it twice", s.shared)
				}
			}
		})
		sealed := map[string]bool{}
		for stream, records := range w.logs {
			for i, r := range records {
				for _, x := range r.Texts { // words sealed again would come back after an erasure
					if sealed[x.Hash] {
						t.Fatalf("%q is beside two events", x.Value)
					}
					sealed[x.Hash] = true
				}
				if r.Seq != int64(i+1) || i > 0 && r.At < records[i-1].At {
					t.Fatalf("%s: event %d has number %d and time %d", stream, i+1, r.Seq, r.At)
				}
			}
			if _, err := verifyRecords(records, nil); err != nil {
				t.Fatalf("%s: %v", stream, err)
			}
		}
	})
}

func isAdd(c Command) bool { _, ok := c.(Add); return ok }
func isSay(c Command) bool { _, ok := c.(Say); return ok }

func TestPropertyUndoRestores(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		undone := 0
		sequence(t, &rapidChooser{T: t}, 50, true, func(w *world, s step, p *Plan, events []Event, err error) {
			for id, is := range w.plan.Items {
				was := p.Items[id]
				if is.Undo == nil || is.Undo.Seq <= p.Head.Seq || was == is {
					continue
				}
				d, err := Decide(w.plan, TakeBack{Item: id, Version: is.Version}, w.env(is.Undo.By))
				if err != nil {
					continue // nothing may be undone in this plan any more, or something built on it
				}
				undone++
				if was == nil {
					if !d.State.gone(id) {
						t.Fatalf("%s was not taken out again", id)
					}
					continue
				}
				for other, before := range p.Items {
					if other != id && (is.Undo.Kind != "item.removed" || before.Removed != 0) {
						continue // only the links of a removal come back with it
					}
					if after := d.State.Items[other]; essence(after) != essence(before) {
						t.Fatalf("undoing %s of %s did not restore %s:\n%s\n%s", is.Undo.Kind, id, other, essence(before), essence(after))
					}
				}
				people := maps.Clone(d.State.People)
				maps.DeleteFunc(people, func(id ID, _ *Person) bool { return p.People[id] == nil }) // who was named stays named
				if stateJSON(p.People) != stateJSON(people) || p.Revision != d.State.Revision {
					t.Fatalf("undoing %s of %s changed more than items", is.Undo.Kind, id)
				}
			}
		})
	})
}

// essence is an item without what goes on with every event.
func essence(it *Item) string {
	x := *it
	x.Version, x.ChangedBy, x.Undo = 0, "", nil
	x.ChangedAt = x.AddedAt
	return stateJSON(x)
}

// ---- privacy

func TestPropertyNothingInternalIsDerivableByTheOtherSide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &rapidChooser{T: t}
		start := c.below(3)
		begin := []func(failer) *world{draft, shared, agreed}[start]
		w, hidden := begin(t), pick(&generator{chooser: c}, Buyer, Seller)
		g := &generator{chooser: c, w: w}
		var steps []step
		var answers []string
		for range 50 {
			s := g.next()
			if g.chance(30) {
				g.private(&s)
				s.shared = nil
			}
			_, err := w.play(s)
			steps = append(steps, s)
			answers = append(answers, fmt.Sprint(err))
		}
		bare := begin(t) // the same without what that side did in private
		for i, s := range steps {
			if s.private != nil && s.side == hidden {
				continue
			}
			if _, err := bare.play(s); fmt.Sprint(err) != answers[i] {
				t.Fatalf("%T%T was answered %q with the %s's private plan, %v without", s.shared, s.private, answers[i], hidden, err)
			}
		}
		for _, stream := range []string{SharedStream(planID), PrivateStream(planID, hidden.Other())} {
			if stateJSON(w.logs[stream]) != stateJSON(bare.logs[stream]) {
				t.Fatalf("%s tells of the %s's private plan", stream, hidden)
			}
		}
		if stateJSON(w.plan) != stateJSON(bare.plan) {
			t.Fatalf("the shared state tells of the %s's private plan", hidden)
		}
	})
}

func TestPropertyDraftAnswersTheOtherSideLikeAStranger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := draft(t)
		w.do(sarah, LetIn{Person: john, Access: Lead})
		g := &generator{chooser: &rapidChooser{T: t}, w: w}
		for range 30 {
			c, _ := g.command()
			if system(c) {
				continue
			}
			_, theirs := Decide(w.plan, c, w.env(john))
			_, strangers := Decide(w.plan, c, w.env("stranger"))
			if theirs == nil || strangers == nil || theirs.Error() != strangers.Error() {
				t.Fatalf("%T: %v and %v", c, theirs, strangers)
			}
		}
	})
}

// ---- chain

func TestPropertyChainDetectsEveryChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &rapidChooser{T: t}
		w, _ := sequence(t, c, 15, false, nil)
		records := slices.Clone(w.logs[SharedStream(planID)])
		head := w.plan.Head
		i, j := c.below(len(records)), c.below(len(records))
		what := ""
		var expect *Head
		switch c.below(6) {
		case 0:
			what = "dropped"
			records = slices.Delete(records, i, i+1)
			expect = &head // a dropped tail shows only against a receipt
		case 1:
			what = "cut off"
			records, expect = records[:i], &head
		case 2:
			if i == j {
				return
			}
			what = "swapped"
			records[i], records[j] = records[j], records[i]
		case 3:
			what = "inserted"
			records = slices.Insert(records, i, records[j])
		case 4: // all that follows is chained anew: only a receipt tells
			what = "rewritten"
			records[i].At++
			prev := ""
			for k := range records {
				records[k].At = max(records[k].At, records[i].At*int64(min(1, max(0, k-i))))
				records[k].Hash = chain(prev, records[k])
				prev = records[k].Hash
			}
			if _, err := verifyRecords(records, nil); err != nil {
				t.Fatalf("a rewritten chain is consistent, which is why there are receipts: %v", err)
			}
			expect = &head
		default:
			what = mutate(c, &records[i])
		}
		var b *Break
		if _, err := verifyRecords(records, expect); !errors.As(err, &b) {
			t.Fatalf("event %d of %d was %s unnoticed", i+1, len(records), what)
		}
	})
}

// mutate changes one field of a record.
func mutate(c chooser, r *Record) string {
	for {
		switch c.below(10) {
		case 0:
			r.Stream += "x"
			return "given another stream"
		case 1:
			r.Seq++
			return "renumbered"
		case 2:
			r.At++
			return "moved in time"
		case 3:
			r.Actor += "x"
			return "given another actor"
		case 4:
			r.Side = r.Side.Other()
			return "given another side"
		case 5:
			r.Kind = "plan.shared"
			if c.below(2) == 0 {
				r.Version++
			}
			if r.Kind == "plan.shared" && string(r.Data) == "{}" {
				r.Version++
			}
			return "made another kind"
		case 6:
			r.Data = []byte(strings.Replace(string(r.Data), "{", `{"x":1,`, 1))
			return "given more data"
		case 7:
			r.Hash = strings.ToUpper(r.Hash)
			return "given another hash"
		default:
			if len(r.Texts) == 0 {
				continue
			}
			i := c.below(len(r.Texts))
			r.Texts = slices.Clone(r.Texts)
			switch x := &r.Texts[i]; c.below(4) {
			case 0:
				x.Value += " not"
			case 1:
				x.Subject += "x"
			case 2:
				x.Salt = append(slices.Clone(x.Salt[1:]), x.Salt[0]+1)
			default:
				*x = Sealed{Hash: hashText(x.Salt, x.Subject, "x"), Salt: x.Salt, Subject: x.Subject, Value: "x"}
			}
			return "given other words"
		}
	}
}

// ---- erasure

func TestPropertyErasingRemovesEveryTrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &rapidChooser{T: t}
		w, _ := sequence(t, c, 50, false, nil)
		who := (&generator{chooser: c, w: w}).person()
		if w.plan.Person(who) == nil {
			return
		}
		subjects := w.plan.Subjects(who)
		var traces []string
		for _, id := range subjects {
			traces = append(traces, mark(id), w.plan.People[id].Name.Value, w.plan.People[id].Email.Value)
		}
		before := w.plan
		w.erase(who)
		stored := stateJSON(w.logs) + stateJSON(w.words) + stateJSON(w.plan) + stateJSON(w.private)
		for _, p := range []any{w.plan, w.private.Buyer, w.private.Seller} {
			eachText(p, func(x *Text) { stored += "\n" + x.Value })
		}
		for _, trace := range traces {
			escaped, _ := json.Marshal(trace)
			if trace != "" && (strings.Contains(stored, trace) || strings.Contains(stored, strings.Trim(string(escaped), `"`))) {
				t.Fatalf("%q is still there", trace)
			}
		}
		for stream, records := range w.logs {
			if _, err := verifyRecords(records, nil); err != nil {
				t.Fatalf("%s does not verify any more: %v", stream, err)
			}
		}
		for id, it := range w.plan.Items {
			was := before.Items[id]
			if it.Digest != was.Digest || it.Stance != was.Stance || it.Terms.Due != was.Terms.Due {
				t.Fatalf("erasing changed the agreement on %s", id)
			}
			for _, s := range []Side{Buyer, Seller} {
				if slices.Contains(subjects, it.Terms.Owners.Of(s)) && !w.plan.OwnerNeeded(it, s) {
					t.Fatalf("%s still has an owner", id)
				}
			}
		}
		for _, id := range subjects {
			if _, err := w.try(id, Say{ID: "after", Text: "I am still here"}); err == nil {
				t.Fatalf("%s still acts", id)
			}
		}
		for _, id := range []ID{sarah, john} { // the plan is still usable
			if q := w.plan.who(id); q != nil && q.mayEdit() && !w.plan.ReadOnly() && w.plan.Phase != Draft {
				w.do(id, Say{ID: "after-" + id, Text: "Who takes over?"})
			}
		}
		(&generator{chooser: c, w: w, n: 9000}).some(t, 10)
	})
}

// some plays more steps: nothing may panic or fail with other than a fault.
func (g *generator) some(t failer, n int) {
	for range n {
		if _, err := g.w.play(g.next()); err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("%v", err)
			}
		}
	}
	checkReplay(t, g.w)
}

func checkReplay(t failer, w *world) {
	if a, b := stateJSON(w.plan), stateJSON(w.replayed(w.logs[SharedStream(planID)], w.words)); a != b {
		t.Fatalf("replayed:\n%s\n%s", a, b)
	}
}
