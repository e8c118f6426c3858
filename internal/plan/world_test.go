package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is a plan with its two private sides, as a server would hold them: what
// a decision leads to goes through sealed records in JSON.
type world struct {
	t       failer
	plan    *Plan
	private Sides[*Private]
	logs    map[string][]Record
	words   Words
	now     time.Time
	random  *rand.ChaCha8
	steps   int
}

const (
	planID ID = "plan-nordwerk"
	home      = Seller

	sarah ID = "sarah" // seller's lead, made the plan
	tom   ID = "tom"   // seller's editor
	cora  ID = "cora"  // seller's contributor
	john  ID = "john"  // buyer's lead
	ute   ID = "ute"   // buyer's editor
	max_  ID = "max"   // buyer's contributor
	vic   ID = "vic"   // buyer's viewer
	nina  ID = "nina"  // buyer's, typed her name at the share link
	paul  ID = "paul"  // buyer's, named only

	goal      ID = "goal"
	criterion ID = "criterion"
	mile      ID = "mile"
	sellers   ID = "sellers" // seller's action, owner tom, a milestone depends on it
	buyers    ID = "buyers"  // buyer's action, owner ute, waits for sellers
	joint     ID = "joint"   // owners tom and ute
	lone      ID = "lone"    // seller's action, owner tom, nothing depends on it
	tie       ID = "tie"     // link sellers → buyers
)

var today = civil.Of(2028, time.May, 2)

func newWorld(t failer) *world {
	return &world{
		t: t, plan: New(), words: Words{}, logs: map[string][]Record{},
		private: Sides[*Private]{Buyer: NewPrivate(planID, Buyer), Seller: NewPrivate(planID, Seller)},
		now:     today.Time().Add(9 * time.Hour),
		random:  rand.NewChaCha8([32]byte{1}),
	}
}

func (w *world) today() civil.Day { return civil.On(w.now, time.UTC) }

func (w *world) env(actor ID) Env {
	w.steps++
	return Env{Now: w.now, Today: w.today(), Actor: actor, Random: w.random}
}

// try decides a command and keeps what follows.
func (w *world) try(actor ID, cmd Command) ([]Event, error) {
	d, err := Decide(w.plan, cmd, w.env(actor))
	if err != nil {
		return nil, err
	}
	records, err := d.Seal()
	if err != nil {
		w.t.Fatalf("seal %T: %v", cmd, err)
	}
	w.keep(records)
	w.plan = d.State
	return d.Events, nil
}

func (w *world) tryPrivate(side Side, actor ID, cmd PrivateCommand) ([]Event, error) {
	d, err := DecidePrivate(w.plan, w.private.Of(side), cmd, w.env(actor))
	if err != nil {
		return nil, err
	}
	records, err := d.Seal()
	if err != nil {
		w.t.Fatalf("seal %T: %v", cmd, err)
	}
	w.keep(records)
	w.private.Set(side, d.State)
	return d.Events, nil
}

func (w *world) keep(records []Record) {
	for _, r := range records {
		var back Record
		w.recode(r, &back)
		w.logs[r.Stream] = append(w.logs[r.Stream], back)
		for _, s := range back.Texts {
			w.words[s.Hash] = s
		}
	}
}

func (w *world) recode(v, to any) {
	b, err := json.Marshal(v)
	if err != nil {
		w.t.Fatalf("encode %T: %v", v, err)
	}
	if err := json.Unmarshal(b, to); err != nil {
		w.t.Fatalf("decode %T: %v", v, err)
	}
}

// do must succeed.
func (w *world) do(actor ID, cmd Command) []Event {
	w.t.Helper()
	events, err := w.try(actor, cmd)
	if err != nil {
		w.t.Fatalf("%s may do %T: %v", actor, cmd, err)
	}
	return events
}

func (w *world) doPrivate(side Side, actor ID, cmd PrivateCommand) {
	w.t.Helper()
	if _, err := w.tryPrivate(side, actor, cmd); err != nil {
		w.t.Fatalf("%s may do %T: %v", actor, cmd, err)
	}
}

// no must fail with a key and leave nothing behind.
func (w *world) no(key string, actor ID, cmd Command) *fault.Error {
	w.t.Helper()
	before, events := stateJSON(w.plan), len(w.logs[SharedStream(planID)])
	_, err := w.try(actor, cmd)
	f, ok := fault.As(err)
	if !ok || f.Key != key {
		w.t.Fatalf("%s does %T: got %v, want %s", actor, cmd, err, key)
	}
	if stateJSON(w.plan) != before || len(w.logs[SharedStream(planID)]) != events {
		w.t.Fatalf("a refused %T left something behind", cmd)
	}
	return f
}

func (w *world) noPrivate(key string, side Side, actor ID, cmd PrivateCommand) {
	w.t.Helper()
	_, err := w.tryPrivate(side, actor, cmd)
	if f, ok := fault.As(err); !ok || f.Key != key {
		w.t.Fatalf("%s does %T: got %v, want %s", actor, cmd, err, key)
	}
}

func (w *world) item(id ID) *Item {
	w.t.Helper()
	it := w.plan.Items[id]
	if it == nil {
		w.t.Fatalf("there is no item %q", id)
	}
	return it
}

func (w *world) v(id ID) int { return w.item(id).Version }

func (w *world) edit(id ID, c Patch) Edit { return Edit{Item: id, Version: w.v(id), Patch: c} }

func (w *world) stand(id ID) Stand {
	return Stand{Item: id, Version: w.v(id), Digest: w.item(id).Digest}
}

func (w *world) undo(id ID) TakeBack { return TakeBack{Item: id, Version: w.v(id)} }

func (w *world) wish(id ID, c Patch) Wish { return Wish{Item: id, Version: w.v(id), Patch: c} }

func (w *world) propose(id ID, wishes ...Wish) Propose {
	return Propose{ID: id, Changes: wishes, Reason: "Legal needs longer.", Expires: w.today() + 14}
}

func (w *world) accept(id ID) Accept { return Accept{ID: id, Digest: w.plan.Proposals[id].Digest()} }

func (w *world) status(id ID) ProposalStatus {
	w.t.Helper()
	pr := w.plan.Proposals[id]
	if pr == nil {
		w.t.Fatalf("there is no proposal %q", id)
	}
	return pr.Status
}

func (w *world) is(what string, got, want any) {
	w.t.Helper()
	if got != want {
		w.t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// terms checks that an action's due date and agreement are as told.
func (w *world) terms(id ID, due civil.Day, agreed bool) {
	w.t.Helper()
	w.is(string(id)+" due", w.item(id).Terms.Due, due)
	w.is(string(id)+" agreed", w.item(id).IsAgreed(), agreed)
}

func (w *world) later(days int) { w.now = w.now.Add(time.Duration(days) * 24 * time.Hour) }

func ptr[T any](v T) *T { return &v }

func title(s string) Patch    { return Patch{Title: &s} }
func due(day civil.Day) Patch { return Patch{Due: &day} }

func create() Create {
	person := func(id ID, s Side, name string) NewPerson {
		return NewPerson{ID: id, Side: s, Name: name, Email: string(id) + "@" + string(s) + ".example"}
	}
	action := func(id ID, p Party, title string, day civil.Day, buyer, seller ID, x Details) NewItem {
		return NewItem{Add: Add{ID: id, Kind: KindAction, Details: x,
			Terms: Patch{Title: &title, Party: &p, Due: &day, BuyerOwner: &buyer, SellerOwner: &seller, DoneWhen: ptr("Signed by both.")}}}
	}
	return Create{
		Plan: planID, Workspace: "acme", Home: home, Language: "en", Title: "Decide whether Acme fits", DecideBy: today + 40,
		Start: today, Notice: "A planning aid.", Organisation: Sides[string]{Buyer: "Nordwerk AG", Seller: "Acme Cloud"},
		Calendar: Sides[CalendarInput]{Buyer: CalendarInput{Week: []string{"mon", "tue"}, Region: "DE-NI",
			Closed: []SpanInput{{From: today + 5, To: today + 6, Note: "Plant shutdown"}}}},
		Creator: person(sarah, Seller, "Sarah Chen"),
		People: []NewPerson{person(tom, Seller, "Tom Reed"), person(cora, Seller, "Cora Diaz"), person(john, Buyer, "John Martinez"),
			person(ute, Buyer, "Dr. Ute Brandt"), person(max_, Buyer, "Max Weber"), person(vic, Buyer, "Vic Holm"), person(paul, Buyer, "Paul Ott")},
		Items: []NewItem{
			{Add: Add{ID: goal, Kind: KindGoal, Terms: Patch{Title: ptr("Fewer outages"), Party: ptr(ByBuyer)}}},
			{Add: Add{ID: criterion, Kind: KindCriterion, Terms: Patch{Title: ptr("99.9 %"), Due: ptr(today + 30)}}},
			{Add: Add{ID: mile, Kind: KindMilestone, Terms: Patch{Title: ptr("Validated"), Due: ptr(today + 20)}}},
			action(sellers, BySeller, "Security review", today+10, "", tom, Details{Milestone: mile}),
			action(buyers, ByBuyer, "Legal review", today+15, ute, "", Details{}),
			action(joint, Joint, "Workshop", today+12, ute, tom, Details{}),
			action(lone, BySeller, "Write the summary", today+9, "", tom, Details{}),
			{Add: Add{ID: tie, Kind: KindLink, Terms: Patch{From: ptr(sellers), To: ptr(buyers)}}},
		},
	}
}

// draft is a plan only the seller sees.
func draft(t failer) *world {
	w := newWorld(t)
	w.do(sarah, create())
	w.do(sarah, LetIn{Person: tom, Access: Editor})
	w.do(sarah, LetIn{Person: cora, Access: Contributor})
	return w
}

// shared is a plan both sides see, with everybody let in.
func shared(t failer) *world {
	w := draft(t)
	w.do(sarah, LetIn{Person: john, Access: Lead})
	w.do(sarah, Share{})
	w.do(john, LetIn{Person: ute, Access: Editor})
	w.do(john, LetIn{Person: max_, Access: Contributor})
	w.do(john, LetIn{Person: vic, Access: Viewer})
	w.do("", Join{NewPerson{ID: nina, Side: Buyer, Name: "Nina Kraus", Email: "nina@elsewhere.example"}})
	return w
}

// agreed is a plan both leads have accepted.
func agreed(t failer) *world {
	w := shared(t)
	w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.is("phase", w.plan.Phase, Agreed)
	return w
}

func stateJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// replayed is the state after a log that went through bytes, with words.
func (w *world) replayed(records []Record, words Words) *Plan {
	w.t.Helper()
	p, err := Replay(New(), records, words)
	if err != nil {
		w.t.Fatalf("replay: %v", err)
	}
	return p
}

func (w *world) streams() []string {
	return []string{SharedStream(planID), PrivateStream(planID, Buyer), PrivateStream(planID, Seller)}
}

// logFile writes all streams as one log.
func (w *world) logFile() []byte {
	var b bytes.Buffer
	for _, stream := range w.streams() {
		if len(w.logs[stream]) == 0 {
			continue
		}
		records := func(yield func(Record, error) bool) {
			for _, r := range w.logs[stream] {
				if !yield(r, nil) {
					return
				}
			}
		}
		if err := WriteLog(&b, LogHeader{Plan: planID, Stream: stream}, records); err != nil {
			w.t.Fatalf("write log: %v", err)
		}
	}
	return b.Bytes()
}

// verify walks the chain of a stream.
func verifyRecords(records []Record, expect *Head) (Head, error) {
	v := Verifier{Expect: expect}
	for _, r := range records {
		if err := v.Next(r); err != nil {
			return Head{}, err
		}
	}
	return v.End()
}

func kindsOf(events []Event) string {
	var out []string
	for _, e := range events {
		out = append(out, e.Kind())
	}
	return fmt.Sprint(out)
}

func has(events []Event, kind string) bool {
	return slices.ContainsFunc(events, func(e Event) bool { return e.Kind() == kind })
}
