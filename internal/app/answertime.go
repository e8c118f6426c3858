package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// AnswerTime is how long answers to proposals took: their number and the
// median in elapsed time.
type AnswerTime struct {
	N      int
	Median time.Duration
}

func median(waits []time.Duration) AnswerTime {
	if len(waits) == 0 {
		return AnswerTime{}
	}
	slices.Sort(waits)
	mid := waits[len(waits)/2]
	if len(waits)%2 == 0 {
		mid = (waits[len(waits)/2-1] + mid) / 2
	}
	return AnswerTime{N: len(waits), Median: mid}
}

// AnswerTimes tells how long each side of a plan took to answer the other's
// proposals. Sides are shown, nobody is: whoever answered stands in the
// history, but no number is made of a person.
func AnswerTimes(p *plan.Plan) plan.Sides[AnswerTime] {
	var waits plan.Sides[[]time.Duration]
	for _, pr := range p.Proposals {
		if answered(pr) {
			side := pr.Side.Other()
			waits.Set(side, append(waits.Of(side), pr.AnsweredAt.Sub(pr.At)))
		}
	}
	return plan.Sides[AnswerTime]{Buyer: median(waits.Buyer), Seller: median(waits.Seller)}
}

// leastGroup is the smallest group of colleagues in which numbers about each
// may be shown at all; a workspace may ask for more.
const leastGroup = 5

// answersWithin is how far back the workspace's answers are looked at.
const answersWithin = 90 * 24 * time.Hour

// TeamAnswers is what the workspace's managers see of answer times.
type TeamAnswers struct {
	Privacy Privacy
	All     AnswerTime     // of the whole workspace
	Group   int            // colleagues who answered anything
	Each    []MemberAnswer // empty unless the workspace shows them and the group is large enough
}

// MemberAnswer is one colleague's.
type MemberAnswer struct {
	Name string
	AnswerTime
}

// Answers tells managers and administrators how quickly the workspace answers
// the other sides' proposals: as one number, and per colleague only where the
// workspace switched that on and enough colleagues answered for nobody to be
// singled out.
func (s *Service) Answers(ctx context.Context, c Caller) (TeamAnswers, error) {
	if c.Member == nil {
		return TeamAnswers{}, missing()
	}
	if !c.Member.manages() {
		return TeamAnswers{}, fault.New(fault.Forbidden, "fault.right.manager")
	}
	out := TeamAnswers{}
	var err error
	if out.Privacy, err = s.privacyOf(ctx, c.Member.Workspace); err != nil {
		return out, err
	}
	rows, err := s.people.Answers(ctx, c.Member.Workspace, s.clock().Add(-answersWithin))
	if err != nil {
		return out, err
	}
	var all []time.Duration
	each := map[plan.ID][]time.Duration{}
	for _, r := range rows {
		wait := r.Answered.Sub(r.Asked)
		all = append(all, wait)
		each[r.Member] = append(each[r.Member], wait)
	}
	out.All, out.Group = median(all), len(each)
	if !out.Privacy.PerPerson || out.Group < out.Privacy.Least {
		return out, nil
	}
	members, err := s.directory.Members(ctx, c.Member.Workspace)
	if err != nil {
		return out, err
	}
	for _, m := range members {
		if waits := each[m.ID]; len(waits) > 0 {
			out.Each = append(out.Each, MemberAnswer{Name: m.Name, AnswerTime: median(waits)})
		}
	}
	slices.SortFunc(out.Each, func(a, b MemberAnswer) int { return cmp.Compare(a.Name, b.Name) }) // by name: this is no ranking
	return out, nil
}
