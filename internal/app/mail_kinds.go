package app

import (
	"context"
	"time"

	"tandem/internal/plan"
)

// composeMails names who writes the mails about a plan, and when.
func (s *Service) composeMails() {
	s.announce(heraldProposals)
	s.announce(heraldAgreement)
	s.announce(heraldAsks)
	s.announce(heraldBlocked)
	s.announce(heraldMinutes)
	s.compose(LetterProposal, s.composeProposal)
	s.compose(LetterAnswer, s.composeAnswer)
	s.compose(LetterToAccept, s.composeToAccept)
	s.compose(LetterReceipt, s.composeReceipt)
	s.compose(LetterOwnerAsk, s.composeAsk)
	s.compose(LetterBlocked, s.composeBlocked)
	s.compose(LetterRemind, s.composeRemind)
	s.compose(LetterOverdue, s.composeOverdue)
	s.compose(LetterWeek, s.composeWeek)
	s.compose(LetterDigest, s.composeDigest)
	s.compose(LetterMinutes, s.composeMinutes)
	s.compose(LetterBounce, s.composeBounce)
	s.handle(JobDeliver, func(ctx context.Context, data []byte) error { return s.deliver(ctx, plan.ID(data)) })
	s.handle(JobMailDay, func(ctx context.Context, data []byte) error { return s.mailDay(ctx, plan.ID(data)) })
	s.every(JobMailSweep, 24*time.Hour, func(ctx context.Context, _ []byte) error { return s.mailSweep(ctx) })
}
