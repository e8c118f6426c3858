package app

import (
	"context"
	"errors"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/reply"
)

func (s *Service) composeInbox() {
	s.handle(JobHear, func(ctx context.Context, data []byte) error { return s.hear(ctx, plan.ID(data)) })
	s.compose(LetterAsComment, s.tellTaken)
	s.compose(LetterNotUnderstood, s.tellTaken)
	s.compose(LetterUnverified, s.tellUnverified)
}

// tellTaken tells somebody what became of their mail: a comment, or nothing,
// and why; or that it was done, but its attachment is in no plan.
func (s *Service) tellTaken(ctx context.Context, l Letter) (Mail, error) {
	r, m, err := s.mailFor(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	m.Replies = true
	switch r.State {
	case MailActed:
		m.Subject, m.Lead = Said("inbox.files.subject"), []Say{Said("inbox.files.lead")}
		return m, nil
	case MailComment:
		m.Subject, m.Lead = Said("inbox.comment.subject"), []Say{Said("inbox.comment.lead")}
	default:
		m.Subject, m.Lead = Said("inbox.nothing.subject"), []Say{Said("inbox.nothing.lead")}
	}
	m.Lead = append(m.Lead, whySaid(r.Detail))
	if read, err := s.inbox.Read(r.Raw); err == nil {
		m.Quote = shorten(reply.Strip(read.Text).Text, 600)
	}
	q, err := s.question(ctx, r)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Mail{}, err
	}
	m.After = []Say{Said(s.possible(ctx, q))}
	return m, nil
}

// whyWords are the reasons there is a sentence for.
var whyWords = map[string]bool{}

func init() {
	for _, w := range []reply.Why{reply.WhyNothing, reply.WhyQuestion, reply.WhyDoubt, reply.WhyInline, reply.WhyLong, reply.WhyDateOrder,
		reply.WhyDateVague, reply.WhyDateWeek, reply.WhyDatePast, reply.WhyDateFar, reply.WhyDateNone, reply.WhyDateClash, reply.WhyDates,
		reply.WhyNobody, reply.WhyTwoOfName, reply.WhySelf, reply.WhyWeakYes, reply.WhyNothingFor,
		"late", "no-step", "not-of-proposal", "not-owner", "changed", "yes-other-date", "refused", "nowhere"} {
		whyWords[string(w)] = true
	}
}

// whySaid is the sentence for why an answer did nothing.
func whySaid(detail string) Say {
	if _, key, ok := strings.Cut(detail, "refused/"); ok {
		return Said(key)
	}
	if whyWords[detail] {
		return Said("inbox.why." + detail)
	}
	return Said("inbox.why.other")
}

// possible is the key of what one can write in answer to what was asked.
func (s *Service) possible(ctx context.Context, q question) string {
	p, err := s.states.shared(ctx, q.Plan)
	switch {
	case err != nil || q.Item == "":
		return "inbox.can.nothing"
	case p.Proposals[q.Item] != nil:
		return "inbox.can.proposal"
	case p.Items[q.Item] == nil || p.Items[q.Item].Kind != plan.KindAction:
		return "inbox.can.nothing"
	case q.Kind == LetterOwnerAsk:
		return "inbox.can.ask"
	}
	return "inbox.can.step"
}

// tellUnverified tells the one whose address for replies it is that a mail
// came which was not proven to be theirs. Nothing of it is repeated.
func (s *Service) tellUnverified(ctx context.Context, l Letter) (Mail, error) {
	_, m, err := s.mailFor(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	m.Subject = Said("inbox.unverified.subject")
	m.Lead = []Say{Said("inbox.unverified.lead"), Said("inbox.unverified.why")}
	m.After = []Say{Said("inbox.unverified.after")}
	return m, nil
}

// mailFor begins a letter about a received mail, which has its id.
// errNothingToSay if that mail, or its writer, is not there any more.
func (s *Service) mailFor(ctx context.Context, l Letter) (Received, Mail, error) {
	r, err := s.inbox.Store.Mail(ctx, l.ID)
	if errors.Is(err, ErrNotFound) {
		return r, Mail{}, errNothingToSay
	}
	if err != nil {
		return r, Mail{}, err
	}
	d, err := s.sit(ctx, l)
	if err != nil {
		return r, Mail{}, err
	}
	m := d.begin()
	if it := d.p.Items[about(d.p, l.Item)]; it != nil {
		m.Rows = []MailRow{d.row(it)}
	}
	return r, m, d.button(ctx, &m, "inbox.button", l.Item)
}

func sideOf(it *plan.Item) plan.Side {
	if it.Terms.Party == plan.Joint {
		return ""
	}
	return plan.Side(it.Terms.Party)
}
