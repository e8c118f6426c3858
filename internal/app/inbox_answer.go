package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf8"

	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/reply"
)

// maxTold is how often in a row somebody is told that an answer did nothing: a
// machine that we do not recognise as one is not answered for ever.
const maxTold = 3

// maxRemark is how much of a mail becomes a comment, in characters; the
// original is kept whole.
const maxRemark = 9_000

// answer is a mail of somebody who is proven to be who they say.
type answer struct {
	Received
	question
	me      plan.ID
	written reply.Written
	files   int
	late    bool // too long after the letter to act
}

func (a answer) planID() plan.ID { return a.question.Plan }

// caller acts as the person in this one plan, and as nobody else.
func (a answer) caller() Caller {
	return Caller{Session: Session{Persons: map[plan.ID]plan.ID{a.planID(): a.me}}}
}

// answer does what an answer says, if that is beyond doubt and allowed; else
// it becomes a comment and the writer is told.
func (s *Service) answer(ctx context.Context, a answer) error {
	if a.question.Kind == LetterBlocked {
		return s.remark(ctx, a, onlyRemark)
	}
	var why string
	err := s.doHeard(ctx, a, MailActed, func(v View) (plan.Command, []Letter, error) {
		cmd, unclear := s.meant(a, v)
		if unclear != reply.Clear {
			return nil, nil, unclearError(unclear)
		}
		return cmd, s.lostFiles(a), nil
	})
	var unclear unclearError
	f, refused := fault.As(err)
	switch {
	case errors.As(err, &unclear):
		why = string(unclear)
	case refused && f.Kind == fault.Unready:
		return err // later
	case refused:
		why = "refused"
		if len(f.Args) == 0 {
			why += "/" + f.Key
		}
	default:
		return err
	}
	return s.remark(ctx, a, why)
}

// unclearError is why an answer was not understood.
type unclearError string

func (e unclearError) Error() string { return "not understood: " + string(e) }

// onlyRemark: the letter said that an answer to it becomes a comment. "Done" in
// answer to what waits for one is not done of the step that waits.
const onlyRemark = "remark"

// acts are the letters that ask for what an answer can do.
var acts = map[LetterKind]bool{LetterOwnerAsk: true, LetterRemind: true, LetterOverdue: true, LetterWeek: true, LetterProposal: true}

// remark makes an answer a comment of its writer.
func (s *Service) remark(ctx context.Context, a answer, why string) error {
	text := shorten(a.written.Text, maxRemark)
	if text == "" {
		return s.heard(ctx, a.Received, MailUseless, why, s.tellWriter(a, LetterNotUnderstood)...)
	}
	err := s.doHeard(ctx, answer{Received: detailed(a.Received, why), question: a.question, me: a.me}, MailComment, func(v View) (plan.Command, []Letter, error) {
		say := plan.Say{ID: a.Received.ID, Item: about(v.Plan, a.question.Item), Text: text}
		if why == onlyRemark {
			return say, nil, nil
		}
		return say, s.tellWriter(a, LetterAsComment), nil
	})
	f, refused := fault.As(err)
	if !refused || f.Kind == fault.Unready {
		return err
	}
	return s.heard(ctx, a.Received, MailUseless, "nowhere", s.tellWriter(a, LetterNotUnderstood)...)
}

func detailed(r Received, why string) Received {
	r.Detail = why
	return r
}

// about is the item a comment belongs to: a proposal is no item, its first
// change names one.
func about(p *plan.Plan, id plan.ID) plan.ID {
	if pr := p.Proposals[id]; pr != nil && len(pr.Changes) > 0 {
		id = pr.Changes[0].Item
	}
	if p.Items[id] == nil {
		return ""
	}
	return id
}

func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + " …"
}

// tellWriter is the letter that says to the writer what became of their answer;
// it has the id of their mail. The same words are answered once.
func (s *Service) tellWriter(a answer, kind LetterKind) []Letter {
	if a.depth >= maxTold {
		return nil
	}
	h := sha256.Sum256([]byte(strings.Join(strings.Fields(a.written.Text), " ")))
	return []Letter{{ID: a.Received.ID, Kind: kind, Plan: a.planID(), Person: a.me, Item: a.question.Item,
		Key: "told/" + string(a.question.ID) + "/" + hex.EncodeToString(h[:8])}}
}

// lostFiles: what somebody attached to a mail that acts is in no plan.
func (s *Service) lostFiles(a answer) []Letter {
	if a.files == 0 {
		return nil
	}
	return s.tellWriter(a, LetterAsComment)
}

// told reports that letters of a kind tell what became of a mail.
func told(k LetterKind) bool { return k == LetterNotUnderstood || k == LetterAsComment }

// doHeard is Do for what a mail says: its effect and that it was heard are
// stored together, or neither. Without a command only the latter is.
func (s *Service) doHeard(ctx context.Context, a answer, state MailState, decide func(View) (plan.Command, []Letter, error)) error {
	return s.changing(ctx, a.planID(), func() error {
		now, err := s.inbox.Store.Mail(ctx, a.Received.ID)
		if errors.Is(err, ErrNotFound) || err == nil && now.State != MailNew {
			return nil // erased, or heard by somebody else meanwhile
		}
		if err != nil {
			return err
		}
		v, err := s.Open(ctx, a.caller(), a.planID())
		if err != nil {
			return err
		}
		cmd, letters, err := decide(v)
		if err != nil {
			return err
		}
		h := &Heard{ID: a.Received.ID, State: state, Detail: a.Received.Detail}
		if cmd == nil {
			return s.commitHeard(ctx, nil, h, letters)
		}
		if cmd, err = s.complete(v, cmd); err != nil {
			return err
		}
		d, err := plan.Decide(v.Plan, cmd, s.env(v.Me.ID, v.Zone))
		if err != nil {
			return err
		}
		return s.commitHeard(ctx, &d, h, letters)
	})
}

// understood is what an answer says, in the plan as it is.
func (s *Service) understood(a answer, v View) reply.Intent {
	c := reply.Context{Today: v.Today, Me: v.Me.Name.Value, MyID: string(v.Me.ID)}
	for _, q := range v.Plan.Everybody() {
		if q.Side == v.Side() {
			c.People = append(c.People, reply.Person{ID: string(q.ID), Name: q.Name.Value, Salutation: q.Salutation.Value})
		}
	}
	return reply.Understand(a.written, c)
}

// meant turns an answer into the command it stands for in what was asked. A
// nil command with no doubt: it is so already.
func (s *Service) meant(a answer, v View) (plan.Command, reply.Why) {
	switch {
	case a.late:
		return nil, "late"
	case !acts[a.question.Kind]:
		return nil, "no-step"
	}
	in := s.understood(a, v)
	if in.Kind == reply.Remark {
		return nil, cmp.Or(in.Why, reply.WhyOther)
	}
	if pr := v.Plan.Proposals[a.question.Item]; pr != nil {
		return meantOfProposal(in, pr)
	}
	it := v.Plan.Items[a.question.Item]
	if it == nil || it.Kind != plan.KindAction {
		return nil, "no-step"
	}
	return s.meantOfStep(a, v, it, in)
}

func meantOfProposal(in reply.Intent, pr *plan.Proposal) (plan.Command, reply.Why) {
	switch in.Kind {
	case reply.Yes:
		return plan.Accept{ID: pr.ID, Digest: pr.Digest()}, reply.Clear
	case reply.No:
		return plan.Decline{ID: pr.ID, Reason: in.Words}, reply.Clear
	case reply.Nod:
		return nil, reply.WhyWeakYes
	}
	return nil, "not-of-proposal"
}

// meantOfStep: what asks for a step is an owner's question (rule 6), or a
// reminder of something they do.
func (s *Service) meantOfStep(a answer, v View, it *plan.Item, in reply.Intent) (plan.Command, reply.Why) {
	side := v.Side()
	owner := v.Plan.Person(it.Terms.Owners.Of(side))
	mine := owner != nil && owner.ID == v.Me.ID
	asked := a.question.Kind == LetterOwnerAsk
	words := in.Words
	if words == "" {
		words = shorten(a.written.Text, 500) // their own words are the reason
	}
	give := plan.GiveAnswer{Item: it.ID, Version: it.Version, Reason: in.Words}
	switch in.Kind {
	case reply.Yes, reply.Nod, reply.TakesOn, reply.No, reply.NotMine, reply.HandOver, reply.Moves:
		if !mine {
			return nil, "not-owner"
		}
	}
	switch in.Kind {
	case reply.DateTo, reply.Yes, reply.Nod, reply.TakesOn, reply.Moves:
		if in.Kind == reply.DateTo && !asked {
			break // what one expects is not said to anybody's terms
		}
		if it.ChangedAt.After(a.shown) && it.ChangedBy != v.Me.ID {
			return nil, "changed" // they answer to what was, not to what is
		}
	}
	switch in.Kind {
	case reply.Done:
		return plan.Report{Item: it.ID, Version: it.Version, On: in.Day, Result: in.Words}, reply.Clear
	case reply.Stuck:
		return plan.Hinder{Item: it.ID, Version: it.Version, Because: in.Words}, reply.Clear
	case reply.Expects:
		return plan.Expect{Item: it.ID, Version: it.Version, Date: in.Day, Because: in.Words}, reply.Clear
	case reply.NotBefore:
		return notBefore(it, in, words), reply.Clear
	case reply.DateTo:
		if !asked {
			return plan.Expect{Item: it.ID, Version: it.Version, Date: in.Day, Because: in.Words}, reply.Clear
		}
		if !mine {
			return nil, "not-owner"
		}
		fallthrough
	case reply.Moves:
		give.Kind, give.Date, give.Reason = plan.OtherDate, in.Day, words
		return give, reply.Clear
	case reply.HandOver:
		give.Kind, give.To = plan.Handed, plan.ID(in.Person)
		return give, reply.Clear
	case reply.NotMine:
		give.Kind = plan.NotMine
		return give, reply.Clear
	case reply.No:
		if !asked {
			return nil, reply.WhyNothingFor
		}
		give.Kind = plan.NotMine
		return give, reply.Clear
	}
	return takesOn(it, side, in, asked, give)
}

func takesOn(it *plan.Item, side plan.Side, in reply.Intent, asked bool, give plan.GiveAnswer) (plan.Command, reply.Why) {
	switch {
	case !asked && in.Kind != reply.TakesOn:
		return nil, reply.WhyNothingFor
	case !in.Day.IsZero() && in.Day != it.Terms.Due:
		return nil, "yes-other-date"
	case it.Committed(side):
		return nil, reply.Clear
	}
	give.Kind = plan.TakesOn
	return give, reply.Clear
}

// notBefore bounds a step. If that is later than it was believed to be, what
// is expected moves with it; what is agreed does not.
func notBefore(it *plan.Item, in reply.Intent, words string) plan.Command {
	bound := plan.Detail{Item: it.ID, Version: it.Version, Details: it.Details}
	bound.Details.NotBefore = in.Day
	if in.Day <= max(it.Terms.Due, it.Progress.Expected) {
		return bound
	}
	version := it.Version
	if it.Details.NotBefore != in.Day {
		version++
	}
	return plan.Batch{bound, plan.Expect{Item: it.ID, Version: version, Date: in.Day, Because: words}}
}
