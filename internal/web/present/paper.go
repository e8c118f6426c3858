package present

import (
	"cmp"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// PaperOptions say how a decision paper is shown.
type PaperOptions struct {
	Language, Base, Operator string
	Edit                     plan.PaperPart // the part whose form is open
	FromPlan                 bool           // with a fresh draft in it
	Shared                   bool           // as the other side sees it
	Versions                 []app.PaperVersion
	Problem                  *view.Problem // a refused form
	Conflict                 bool          // because somebody else was faster
}

// Paper is the buyer's decision paper: for who writes it as it stands, for
// everybody else as it was shared.
func Paper(v app.View, o PaperOptions) *view.Paper {
	pr := newPresenter(v, Options{Language: o.Language, Base: o.Base})
	decision := v.Plan.Items[plan.DecisionItem]
	out := &view.Paper{L: pr.l, Base: o.Base, Title: decision.Terms.Title.Value, Buyer: pr.party(plan.Buyer).Name, Other: pr.party(plan.Seller).Short,
		OtherName: pr.party(plan.Seller).Name, Operator: o.Operator, Writes: v.OwnsPaper()}
	if due := decision.Terms.Due; !due.IsZero() {
		out.DecideBy = pr.l.LongDay(due)
	}
	if x := v.Plan.Paper; x != nil {
		out.Number, out.SharedBy, out.SharedOn = x.Number, pr.name(x.By), civil.On(x.At, v.Zone)
	}
	if !out.Writes || o.Shared && v.Plan.Paper != nil {
		out.AsShared = true
		for _, x := range v.Plan.Paper.Parts {
			out.Parts = append(out.Parts, view.PaperPart{Key: string(x.Part), Heading: pr.l.T("paper.part." + string(x.Part)), Blocks: blocks(pr.written(x.Text))})
		}
		out.By, out.On = out.SharedBy, out.SharedOn
		return out
	}
	pr.fillPaper(out, o)
	return out
}

// written is a text, or that it was erased.
func (pr *presenter) written(t plan.Text) string {
	if t.Gone {
		return pr.l.T("state.text.erased")
	}
	return t.Value
}

func (pr *presenter) fillPaper(out *view.Paper, o PaperOptions) {
	v, mine := pr.v, pr.v.Own.Paper
	draft := PaperDraft(v, o.Language)
	out.Preview = mine == nil
	out.MayWrite = v.Me.Access != plan.Viewer && !v.Plan.ReadOnly()
	out.MayShare = out.MayWrite && v.Me.MayAgree() && mine != nil
	var last *plan.PaperText
	length := 0
	for _, part := range plan.PaperParts {
		x := mine.Part(part)
		p := view.PaperPart{Key: string(part), Heading: pr.l.T("paper.part." + string(part)), Hint: pr.l.T("paper.hint." + string(part))}
		text := draft[part]
		if mine != nil {
			text = ""
		}
		if x != nil {
			text, p.Version, p.Drafted = pr.written(x.Text), x.Version, x.Drafted
			p.By, p.On = pr.name(x.By), pr.l.Moment(x.At)
			if last == nil || x.At.After(last.At) {
				last = x
			}
		}
		p.Blocks = blocks(text)
		length += lines(text)
		if o.Edit == part && out.MayWrite {
			if x != nil && x.Text.Gone {
				text = ""
			}
			pr.editing(&p, o, draft[part], text)
		}
		out.Parts = append(out.Parts, p)
	}
	if o.Problem != nil && o.Edit == "" {
		out.Problem = o.Problem
	}
	if last != nil {
		out.By, out.On = pr.name(last.By), civil.On(last.At, v.Zone)
	}
	out.Long = length > pageLines
	out.Changed = pr.changedSince(mine)
}

// editing opens a part's form.
func (pr *presenter) editing(p *view.PaperPart, o PaperOptions, draft, text string) {
	p.Editing, p.Text = true, text
	if pr.v.Own.Paper.Part(plan.PaperPart(p.Key)) == nil && text == "" {
		p.Text = draft
	}
	p.MayDraft = draft != "" && draft != text
	if o.FromPlan && draft != "" {
		p.Text, p.MayDraft = draft, false
	}
	for i, x := range o.Versions {
		if i > 0 { // the first is how it stands
			p.Older = append(p.Older, view.PaperVersion{By: pr.name(x.Actor), At: pr.l.Moment(x.At), Text: pr.written(x.Text)})
		}
	}
	if o.Problem != nil {
		p.Problem, p.Text = o.Problem, o.Problem.Typed["text"]
		if o.Conflict {
			p.Theirs = text
		}
	}
}

// changedSince reports that the paper is not as it was shared any more.
func (pr *presenter) changedSince(mine *plan.Paper) bool {
	x := pr.p.Paper
	if x == nil || mine == nil {
		return false
	}
	shared := map[plan.PaperPart]string{}
	for _, s := range x.Parts {
		shared[s.Part] = s.Text.Value
	}
	for _, part := range plan.PaperParts {
		now := ""
		if t := mine.Part(part); t != nil {
			now = t.Text.Value
		}
		if now != shared[part] {
			return true
		}
	}
	return false
}

// pageLines is about how many lines one printed page holds, at lineLength
// letters each.
const (
	pageLines  = 52
	lineLength = 105
)

func lines(text string) int {
	n := 2 // the heading, and the space above it
	for line := range strings.SplitSeq(text, "\n") {
		n += 1 + len([]rune(line))/lineLength
	}
	return n
}

// blocks are the paragraphs and lists of a text: lines that begin with a dash
// are a list.
func blocks(text string) []view.PaperBlock {
	var out []view.PaperBlock
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		item, isItem := "", false
		for _, mark := range []string{"– ", "- ", "• ", "* "} {
			if !isItem {
				item, isItem = strings.CutPrefix(line, mark)
			}
		}
		switch {
		case line == "":
		case isItem && len(out) > 0 && len(out[len(out)-1].Items) > 0:
			out[len(out)-1].Items = append(out[len(out)-1].Items, item)
		case isItem:
			out = append(out, view.PaperBlock{Items: []string{item}})
		default:
			out = append(out, view.PaperBlock{Text: line})
		}
	}
	return out
}

// How many lines a draft takes of what the plan has many of: one page is one.
const (
	paperRisks  = 5
	paperOpen   = 6
	paperMiles  = 7
	paperGoals  = 4
	paperProofs = 4
)

// PaperDraft is what the plan says for each part of a decision paper, in a
// language: goals and criteria, risks with what is done about them, what is
// open, the milestones. Costs and the recommendation are for whoever writes it;
// nothing of the seller's is known here.
func PaperDraft(v app.View, language string) map[plan.PaperPart]string {
	pr := newPresenter(v, Options{Language: language})
	seller := pr.party(plan.Seller).Name
	out := map[plan.PaperPart]string{
		plan.PaperGoal:    pr.draftGoal(),
		plan.PaperOptions: pr.l.T("paper.draft.options", "Seller", seller),
		plan.PaperRisks:   pr.draftRisks(),
		plan.PaperOpen:    pr.draftOpen(),
		plan.PaperDates:   pr.draftDates(),
	}
	for part, text := range out {
		if out[part] = strings.TrimSpace(text); out[part] == "" {
			delete(out, part)
		}
	}
	return out
}

// bullets is a list of at most so many lines; more says how many there are
// besides.
func (pr *presenter) bullets(all []string, most int, more string) string {
	var b strings.Builder
	for i, s := range all {
		if i == most && len(all) > most+1 {
			b.WriteString("– " + pr.l.T(more, "N", len(all)-most) + "\n")
			break
		}
		b.WriteString("– " + s + "\n")
	}
	return b.String()
}

func (pr *presenter) draftGoal() string {
	var goals, proofs []string
	for _, it := range pr.p.Live(plan.KindGoal) {
		if it.Terms.Party.Includes(plan.Buyer) {
			goals = append(goals, it.Terms.Title.Value)
		}
	}
	for _, it := range pr.p.Live(plan.KindCriterion) {
		s := it.Terms.Title.Value
		if due := it.Terms.Due; !due.IsZero() && due != pr.p.Items[plan.DecisionItem].Terms.Due {
			s = pr.l.T("paper.draft.by", "What", strings.TrimSuffix(s, "."), "Day", pr.l.Day(due))
		}
		proofs = append(proofs, s)
	}
	text := pr.bullets(goals, paperGoals, "paper.draft.more")
	if len(proofs) > 0 {
		text += pr.l.T("paper.draft.proof") + "\n" + pr.bullets(proofs, paperProofs, "paper.draft.more")
	}
	return text
}

func (pr *presenter) draftRisks() string {
	all := pr.p.Live(plan.KindRisk)
	slices.SortStableFunc(all, func(a, b *plan.Item) int {
		x, y := a.Details.Risk, b.Details.Risk
		return cmp.Compare(y.Probability*y.Likely, x.Probability*x.Likely)
	})
	var out []string
	for _, it := range all {
		r := it.Details.Risk
		s := r.Title.Value
		switch {
		case r.Probability > 0 && r.High > 0:
			s = pr.l.T("paper.draft.risk", "What", s, "Share", pr.l.Percent(r.Probability), "N", pr.l.Decimal(r.Likely))
		case r.Probability > 0:
			s = pr.l.T("paper.draft.chance", "What", s, "Share", pr.l.Percent(r.Probability))
		}
		if m := r.Mitigation.Value; m != "" {
			s = pr.l.T("paper.draft.mitigation", "What", s, "Mitigation", m)
		}
		out = append(out, s)
	}
	return pr.bullets(out, paperRisks, "paper.draft.moreRisks")
}

// draftOpen lists what stands between now and the decision: what is stuck,
// then what is not agreed, then what is not done, each by its date.
func (pr *presenter) draftOpen() string {
	decide := pr.p.Items[plan.DecisionItem].Terms.Due
	rank := func(it *plan.Item) int {
		switch {
		case it.Progress.Status == plan.Blocked:
			return 0
		case !it.Bound() && pr.p.Phase == plan.Agreed:
			return 1
		}
		return 2
	}
	var all []*plan.Item
	for _, it := range pr.p.Live(plan.KindAction) {
		if it.Progress.Status != plan.Done && (decide.IsZero() || it.Terms.Due <= decide) {
			all = append(all, it)
		}
	}
	slices.SortStableFunc(all, func(a, b *plan.Item) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Terms.Due, b.Terms.Due))
	})
	var out []string
	for _, it := range all {
		s := it.Terms.Title.Value
		if who := pr.ownersOf(it); who != "" {
			s += " (" + who + ")"
		}
		if due := it.Terms.Due; !due.IsZero() {
			s = pr.l.T("paper.draft.by", "What", s, "Day", pr.l.Day(due))
		}
		switch rank(it) {
		case 0:
			s = pr.l.T("paper.draft.blocked", "What", s, "Because", it.Progress.Block.Because.Value)
		case 1:
			s = pr.l.T("paper.draft.new", "What", s)
		}
		out = append(out, s)
	}
	return pr.bullets(out, paperOpen, "paper.draft.moreSteps")
}

// ownersOf are the names of who does a step.
func (pr *presenter) ownersOf(it *plan.Item) string {
	var names []string
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if q := pr.p.Person(it.Terms.Owners.Of(s)); it.Terms.Party.Includes(s) && q != nil && q.Name.Value != "" {
			names = append(names, q.Name.Value)
		}
	}
	return pr.l.List(names)
}

func (pr *presenter) draftDates() string {
	var all []*plan.Item
	for _, it := range pr.p.Live(plan.KindMilestone) {
		if !it.Terms.Due.IsZero() {
			all = append(all, it)
		}
	}
	slices.SortStableFunc(all, func(a, b *plan.Item) int { return cmp.Compare(a.Terms.Due, b.Terms.Due) })
	var out []string
	for _, it := range all {
		key := "paper.draft.milestone"
		if it.Progress.Status == plan.Done {
			key = "paper.draft.reached"
		}
		out = append(out, pr.l.T(key, "Day", pr.l.Day(it.Terms.Due), "What", it.Terms.Title.Value))
	}
	text := pr.bullets(out, paperMiles, "paper.draft.more")
	if due := pr.p.Items[plan.DecisionItem].Terms.Due; !due.IsZero() {
		text += pr.l.T("paper.draft.decision", "Day", pr.l.LongDay(due))
	}
	return text
}
