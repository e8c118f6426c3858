package inbox_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/inbox"
	"tandem/internal/plan"
)

// number makes every mail of these tests another one; they run side by side.
var number atomic.Int64

// arrives takes a signed mail of Ute's to an address, and does what it says.
func (d *deal) arrives(to, text string) []app.Received {
	d.t.Helper()
	raw := d.names.sign(d.t, "nordwerk.example", plain(fmt.Sprintf("m%d.%d", number.Add(1), d.clock().UnixNano()), text))
	if err := inbox.Take(d.t.Context(), d.Service, d.prover(), raw, []string{to}); err != nil {
		d.t.Fatal(err)
	}
	return d.hear()
}

func (d *deal) addressOf(letter plan.ID) string {
	d.t.Helper()
	to, err := d.ReplyAddress(d.t.Context(), letter)
	if err != nil || to == "" {
		d.t.Fatalf("address: %q, %v", to, err)
	}
	return to
}

// deliver sends the one letter that waits, and answers with it.
func (d *deal) deliver() app.Mail {
	d.t.Helper()
	waiting := d.written()
	if len(waiting) != 1 {
		d.t.Fatalf("%d letters wait, want one: %+v", len(waiting), waiting)
	}
	if err := d.RunJob(d.t.Context(), app.Job{Kind: app.JobDeliver, Data: []byte(waiting[0].ID)}); err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sent[len(d.sent)-1]
}

func TestWriterIsToldAndMayAnswerThat(t *testing.T) {
	t.Parallel()
	d := newWorld(t).deal(plan.Contributor)
	d.arrives(d.addressOf(d.letter(app.LetterRemind, d.step)), "Anfang Juni\n\nViele Grüße\nUte Brandt")
	m := d.deliver()
	if m.Kind != app.LetterAsComment || m.To.Email != "u.brandt@nordwerk.example" || m.Quote != "Anfang Juni" || m.ReplyTo == "" {
		t.Errorf("told: %+v", m)
	}
	if len(m.Lead) != 2 || m.Lead[1].Key != "inbox.why.date-vague" || m.After[0].Key != "inbox.can.step" || m.Button == nil || len(m.Rows) != 1 {
		t.Errorf("it says: %+v, %+v, %+v", m.Lead, m.After, m.Rows)
	}
	d.later(time.Minute)
	d.arrives(m.ReplyTo, "3. Juni")
	if got := d.plan().Items[d.step].Progress.Expected; got != civil.Of(2028, time.June, 3) {
		t.Errorf("expected on %s, want the answer to the answer to count", got)
	}
}

func TestMachineThatIsNotRecognisedIsNotAnsweredForEver(t *testing.T) {
	t.Parallel()
	d := newWorld(t).deal(plan.Contributor)
	to := d.addressOf(d.letter(app.LetterRemind, d.step))
	answers := 0
	for n := range 10 {
		d.arrives(to, fmt.Sprintf("Vorgang %d wurde angelegt.", n))
		if len(d.written()) == 0 {
			break
		}
		to = d.deliver().ReplyTo
		answers++
		d.later(time.Minute)
	}
	if answers == 0 || answers > 3 {
		t.Errorf("it was answered %d times", answers)
	}
	same := newWorld(t).deal(plan.Contributor)
	to = same.addressOf(same.letter(app.LetterRemind, same.step))
	for range 5 {
		same.arrives(to, "Ihr Anliegen ist uns wichtig.")
	}
	if got := len(same.written()); got != 1 {
		t.Errorf("the same words five times are answered %d times, want once", got)
	}
}

func TestAnswersThatDoNotAct(t *testing.T) {
	t.Parallel()
	yes := func(d *deal) (string, string) {
		return d.addressOf(d.letter(app.LetterOwnerAsk, d.step)), "übernehme ich"
	}
	tests := []struct {
		name   string
		access plan.Access
		make   func(d *deal) (to, text string)
		want   string // state and why
		told   app.LetterKind
	}{
		{"long after the letter", plan.Contributor, func(d *deal) (string, string) {
			to, text := yes(d)
			d.later(130 * 24 * time.Hour)
			return to, text
		}, "comment/late", app.LetterAsComment},
		{"the step was changed since", plan.Contributor, func(d *deal) (string, string) {
			to, text := yes(d)
			d.changed()
			return to, text
		}, "comment/changed", app.LetterAsComment},
		{"the step belongs to somebody else", plan.Editor, func(d *deal) (string, string) {
			to, text := yes(d)
			owner := d.klein
			it := d.plan().Items[d.step]
			d.do(d.sarahCaller, plan.Edit{Item: it.ID, Version: it.Version, Patch: plan.Patch{BuyerOwner: &owner}, Reason: "Vertretung"})
			return to, text
		}, "comment/not-owner", app.LetterAsComment},
		{"it is done already", plan.Contributor, func(d *deal) (string, string) {
			it := d.plan().Items[d.step]
			to := d.addressOf(d.letter(app.LetterRemind, d.step))
			d.do(d.sarahCaller, plan.Report{Item: it.ID, Version: it.Version})
			return to, "27. Mai"
		}, "comment/refused/fault.action.done", app.LetterAsComment},
		{"about no single step", plan.Contributor, func(d *deal) (string, string) {
			return d.addressOf(d.letter(app.LetterWeek, "")), "erledigt"
		}, "comment/no-step", app.LetterAsComment},
		{"what waits for them is no step of theirs", plan.Editor, func(d *deal) (string, string) {
			return d.addressOf(d.letter(app.LetterBlocked, d.step)), "erledigt"
		}, "comment/remark", ""},
		{"a letter that asks for nothing", plan.Editor, func(d *deal) (string, string) {
			return d.addressOf(d.letter(app.LetterReceipt, d.step)), "erledigt"
		}, "comment/no-step", app.LetterAsComment},
		{"who may not agree accepts", plan.Contributor, func(d *deal) (string, string) {
			d.propose()
			return d.addressOf(d.letter(app.LetterProposal, d.proposal)), "einverstanden"
		}, "comment/refused/fault.right.agree", app.LetterAsComment},
		{"a proposal that is over", plan.Editor, func(d *deal) (string, string) {
			d.propose()
			to := d.addressOf(d.letter(app.LetterProposal, d.proposal))
			d.do(d.seller, plan.Withdraw{ID: d.proposal})
			return to, "einverstanden"
		}, "comment/refused/fault.proposal.withdrawn", app.LetterAsComment},
		{"who only reads", plan.Viewer, func(d *deal) (string, string) {
			return d.addressOf(d.letter(app.LetterRemind, d.step)), "erledigt"
		}, "useless/nowhere", app.LetterNotUnderstood},
		{"who has left", plan.Contributor, func(d *deal) (string, string) {
			to := d.addressOf(d.letter(app.LetterRemind, d.step))
			d.do(d.sarahCaller, plan.Depart{Person: d.ute})
			return to, "erledigt"
		}, "useless/gone", ""},
		{"a plan that was left", plan.Contributor, func(d *deal) (string, string) {
			to := d.addressOf(d.letter(app.LetterRemind, d.step))
			d.do(d.sarahCaller, plan.Leave{Reason: "Projekt beendet"})
			return to, "erledigt"
		}, "useless/nowhere", app.LetterNotUnderstood},
	}
	w := newWorld(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := w.in(t).deal(test.access)
			to, text := test.make(d)
			before := d.plan().Items[d.step]
			got := states(d.arrives(to, text))
			if !slices.Equal(got, []string{test.want}) {
				t.Errorf("became %q, want %q", got, test.want)
			}
			after := d.plan().Items[d.step]
			if after.Version != before.Version {
				t.Errorf("the step is in version %d, was %d: something was done", after.Version, before.Version)
			}
			var told []app.LetterKind
			for _, l := range d.written() {
				told = append(told, l.Kind)
			}
			if test.told == "" && len(told) > 0 || test.told != "" && !slices.Contains(told, test.told) {
				t.Errorf("told %q, want %q", told, test.told)
			}
		})
	}
}

// changed lets the other side change the step.
func (d *deal) changed() {
	d.t.Helper()
	d.propose()
	d.do(d.sarahCaller, plan.Accept{ID: d.proposal, Digest: d.plan().Proposals[d.proposal].Digest()})
	d.seq = d.plan().Head.Seq
}

func TestMembersAnswerToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.deal(plan.Contributor)
	john := w.seller.Member.ID
	var step plan.ID
	for _, it := range d.plan().Live(plan.KindAction) {
		if it.Terms.Party == plan.Party(plan.Seller) {
			step = it.ID
		}
	}
	ask := func() string {
		l := app.Letter{ID: d.NewID(), Kind: app.LetterRemind, Plan: d.id, Person: john, Item: step, Created: d.clock()}
		if err := d.store.Commit(t.Context(), app.Change{Letters: []app.Letter{l}}); err != nil {
			t.Fatal(err)
		}
		return d.addressOf(l.ID)
	}
	arrive := func(to, id string) string {
		t.Helper()
		raw := []byte(strings.Replace(string(plain(id, "done")), "u.brandt@nordwerk.example", "John@Acme.Example", 1))
		if err := w.Receive(t.Context(), app.Arrival{Raw: raw, To: []string{to}, Proof: "dkim"}); err != nil {
			t.Fatal(err)
		}
		list, err := w.store.MailOf(t.Context(), d.id, []plan.ID{john})
		if err != nil {
			t.Fatal(err)
		}
		last := list[len(list)-1]
		if err := w.RunJob(t.Context(), app.Job{Kind: app.JobHear, Data: []byte(last.ID)}); err != nil {
			t.Fatal(err)
		}
		if last, err = w.store.Mail(t.Context(), last.ID); err != nil {
			t.Fatal(err)
		}
		return string(last.State) + "/" + last.Detail
	}
	to := ask()
	if err := w.store.SetDisabled(t.Context(), john, w.clock(), "scim"); err != nil {
		t.Fatal(err)
	}
	if got := arrive(to, "off"); got != "useless/gone" {
		t.Errorf("switched off: %s", got)
	}
	if err := w.store.SetDisabled(t.Context(), john, time.Time{}, ""); err != nil {
		t.Fatal(err)
	}
	d.later(time.Minute)
	if got := arrive(to, "on"); got != "acted/" || d.plan().Items[step].Progress.Status != plan.Done {
		t.Errorf("done: %s, the step is %s", got, d.plan().Items[step].Progress.Status)
	}
}

func TestBounceIsToldToTheLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.listen(nil)
	for _, x := range corpus(t) {
		if !strings.Contains(x.name, "bounce") {
			continue
		}
		t.Run(x.name, func(t *testing.T) {
			d := w.in(t).deal(plan.Contributor)
			letter := d.letter(app.LetterRemind, d.step)
			to, err := d.BounceAddress(t.Context(), letter)
			if err != nil {
				t.Fatal(err)
			}
			if err := send(at, "", to, x.raw); err != nil {
				t.Fatal(err)
			}
			d.hear()
			l, err := d.store.Letter(t.Context(), letter)
			if err != nil {
				t.Fatal(err)
			}
			want := app.LetterBounced
			if strings.Contains(x.name, "delayed") {
				want = app.LetterSent
			}
			if l.State != want {
				t.Errorf("the letter is %s (%s), want %s", l.State, l.Reason, want)
			}
		})
	}
}

func TestContributorMayBoundTheirOwnStepOnly(t *testing.T) {
	t.Parallel()
	d := newWorld(t).deal(plan.Contributor)
	it := d.plan().Items[d.step]
	more := it.Details
	more.NotBefore, more.Pinned = civil.Of(2028, time.June, 3), true
	if _, err := d.Do(t.Context(), d.uteCaller, d.id, plan.Detail{Item: it.ID, Version: it.Version, Details: more}); err == nil {
		t.Error("a contributor changed more than the day before which theirs cannot be")
	}
}
