package app

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/reply"
)

func (s *Service) composeInbox() {
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

// mailFor begins a letter about a received mail. errNothingToSay if that mail,
// or its writer, is not there any more.
func (s *Service) mailFor(ctx context.Context, l Letter) (Received, Mail, error) {
	r, err := s.inbox.Store.Mail(ctx, l.ID)
	if errors.Is(err, ErrNotFound) {
		return r, Mail{}, errNothingToSay
	}
	if err != nil {
		return r, Mail{}, err
	}
	p, err := s.states.shared(ctx, l.Plan)
	if err != nil {
		return r, Mail{}, err
	}
	q := p.Person(l.Person)
	if q == nil || q.Left || q.Erased() || q.Email.Value == "" {
		return r, Mail{}, errNothingToSay
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return r, Mail{}, err
	}
	m := Mail{Plan: p.ID, Title: p.Items[plan.DecisionItem].Terms.Title.Value, Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value,
		DecideBy: p.Items[plan.DecisionItem].Terms.Due, Notice: p.Notice.Value,
		To: Reader{Name: q.Name.Value, Email: q.Email.Value, Salutation: q.Salutation.Value, Language: cmp.Or(q.Language, p.Language), Zone: zoneNamed(q.Zone, w.zone())}}
	secret := Secret("")
	if l.Kind != LetterUnverified {
		if secret, err = s.MailedLink(ctx, p, q); err != nil {
			return r, Mail{}, err
		}
	}
	m.Button = &MailLink{Label: Said("inbox.button"), Path: minePath(p.ID, about(p, l.Item), secret)}
	if it := p.Items[about(p, l.Item)]; it != nil {
		m.Rows = []MailRow{{Title: it.Terms.Title.Value, Side: sideOf(it)}}
		if !it.Terms.Due.IsZero() {
			m.Rows[0].Due = OnDay(it.Terms.Due)
		}
	}
	return r, m, nil
}

func sideOf(it *plan.Item) plan.Side {
	if it.Terms.Party == plan.Joint {
		return ""
	}
	return plan.Side(it.Terms.Party)
}
