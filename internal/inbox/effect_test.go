package inbox_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/inbox"
	"tandem/internal/plan"
	"tandem/internal/reply"
)

// effects are what can become of a mail: the state it is kept in, the events
// it leads to, and the letter its writer gets.
var effects = map[string]struct {
	state  app.MailState
	events []string
	told   app.LetterKind
}{
	"report":     {app.MailActed, []string{"action.done by ute"}, ""},
	"expect":     {app.MailActed, []string{"action.expected by ute"}, ""},
	"not-before": {app.MailActed, []string{"item.detailed by ute", "action.expected by ute"}, ""},
	"hand":       {app.MailActed, []string{"owner.answered by ute", "item.deviated by ute"}, ""},
	"takes-on":   {app.MailActed, []string{"owner.answered by ute"}, ""},
	"not-mine":   {app.MailActed, []string{"owner.answered by ute"}, ""},
	"propose":    {app.MailActed, []string{"owner.answered by ute", "proposal.made by ute"}, ""},
	"accept":     {app.MailActed, []string{"proposal.accepted by ute"}, ""},
	"decline":    {app.MailActed, []string{"proposal.closed by ute"}, ""},
	"hinder":     {app.MailActed, []string{"action.blocked by ute"}, ""},
	"comment":    {app.MailComment, []string{"comment.added by ute"}, app.LetterAsComment},
	"nothing":    {app.MailUseless, nil, app.LetterNotUnderstood},
	"unverified": {app.MailUnverified, nil, app.LetterUnverified},
	"automatic":  {app.MailAutomatic, nil, ""},
	"bounced":    {app.MailBounced, nil, ""},
}

// TestCorpusHasItsEffect sends every mail of the corpus by SMTP to a server
// that asks the DNS for its proofs, and looks at what is in the plan after it.
func TestCorpusHasItsEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.listen(func(c *inbox.ListenerConfig) { c.PerMinute = 10_000 })
	for _, x := range corpus(t) {
		t.Run(x.name, func(t *testing.T) {
			access := plan.Contributor
			if x.want.Letter == "proposal" {
				access = plan.Editor
			}
			d := w.in(t).deal(access)
			kind, item := app.LetterKind(x.want.Letter), d.step
			if kind == app.LetterProposal {
				d.propose()
				item = d.proposal
			}
			letter := d.letter(kind, item)
			to, err := w.ReplyAddress(t.Context(), letter)
			if x.want.To == "bounce" {
				to, err = w.BounceAddress(t.Context(), letter)
			}
			if err != nil || to == "" {
				t.Fatalf("address: %q, %v", to, err)
			}
			token, _, _ := strings.Cut(to[strings.Index(to, "+")+1:], "@")
			raw := bytes.ReplaceAll(x.raw, []byte("TOKEN"), []byte(token))
			from := "bounces@elsewhere.example"
			switch x.want.Proof {
			case "dkim":
				raw = w.names.sign(t, "nordwerk.example", raw)
			case "forged":
				raw, from = w.names.sign(t, "evil.example", raw), "attacker@evil.example"
			case "broken":
				raw = bytes.Replace(w.names.sign(t, "nordwerk.example", raw), []byte("erledigt"), []byte("erledigt!!"), 1)
			case "spf":
				from = "u.brandt@nordwerk.example"
			}
			if err := send(at, from, to, raw); err != nil {
				t.Fatal(err)
			}
			d.check(x.want, d.hear(), raw)
		})
	}
}

func (d *deal) check(want expectation, kept []app.Received, raw []byte) {
	d.t.Helper()
	effect, ok := effects[want.Effect]
	if !ok {
		d.t.Fatalf("unknown effect %q", want.Effect)
	}
	if len(kept) != 1 || kept[0].State != effect.state {
		d.t.Errorf("kept: %d mails, %+v; want one %s", len(kept), states(kept), effect.state)
	}
	if len(kept) == 1 && !bytes.Contains(kept[0].Raw, raw[:200]) {
		d.t.Error("the original is not kept as it was")
	}
	if got := d.happened(); !slices.Equal(got, effect.events) {
		d.t.Errorf("happened: %q, want %q", got, effect.events)
	}
	told := effect.told
	if want.Told {
		told = app.LetterAsComment
	}
	var letters []app.LetterKind
	for _, l := range d.written() {
		letters = append(letters, l.Kind)
	}
	if told == "" && len(letters) > 0 || told != "" && !slices.Equal(letters, []app.LetterKind{told}) {
		d.t.Errorf("told: %q, want %q", letters, told)
	}
	if want.Effect == "comment" && len(kept) == 1 && kept[0].Detail != want.Why {
		d.t.Errorf("a comment because of %q, want %q", kept[0].Detail, want.Why)
	}
	d.checkStep(want)
}

func states(list []app.Received) (out []string) {
	for _, r := range list {
		out = append(out, string(r.State)+"/"+r.Detail)
	}
	return out
}

// checkStep looks at what the step says now.
func (d *deal) checkStep(want expectation) {
	d.t.Helper()
	p := d.plan()
	it := p.Items[d.step]
	day, _ := civil.Parse(want.Day)
	is := func(what string, got, want any) {
		d.t.Helper()
		if got != want {
			d.t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	answer := it.Owner.Of(plan.Buyer)
	switch want.Effect {
	case "report":
		is("status", it.Progress.Status, plan.Done)
		is("result", it.Progress.Result.Value, want.Words)
	case "expect":
		is("expected", it.Progress.Expected, day)
		is("because", it.Progress.Because.Value, want.Words)
	case "not-before":
		is("not before", it.Details.NotBefore, day)
		is("expected", it.Progress.Expected, day)
	case "hand":
		is("owner", it.Terms.Owners.Of(plan.Buyer), d.klein)
	case "takes-on":
		is("committed", it.Committed(plan.Buyer), true)
	case "not-mine":
		is("answer", answer.Kind, plan.NotMine)
		is("reason", answer.Reason.Value, want.Words)
	case "propose":
		open := p.OpenProposals()
		if len(open) != 1 {
			d.t.Fatalf("%d open proposals, want one", len(open))
		}
		is("proposed", open[0].Changes[0].New.Due, day)
		is("agreed still", it.Terms.Due, civil.Of(2028, 5, 24))
	case "accept":
		is("due", it.Terms.Due, civil.Of(2028, 5, 31))
	case "decline":
		is("answer", p.Proposals[d.proposal].Answer.Value, want.Words)
	case "hinder":
		is("blocked by", it.Progress.Block.Because.Value, want.Words)
	case "comment":
		said := p.Comments[d.step]
		if len(said) != 1 || said[0].By != d.ute || said[0].Text.Value == "" {
			d.t.Fatalf("comments: %+v", said)
		}
		if want.Text != nil {
			is("comment", said[0].Text.Value, *want.Text)
		}
	}
	if want.Kind == reply.Remark && it.Progress.Status == plan.Done {
		d.t.Error("a remark has done the step")
	}
}
