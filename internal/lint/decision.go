package lint

import (
	"fmt"
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// The words of titles that matter for the decision. A word ending in "*"
// stands for everything that begins so; one beginning with "*", for every
// German compound that ends so.
var (
	decisionWords   = pattern("kaufentscheidung entscheidung *entscheidung entscheiden entscheidet decision decide decides go/no-go no-go")
	notTheDecision  = pattern("vorbereit* vorlage* entscheidungsvorlage* kriterien* entscheidungskriterien* prepare* criteria paper template technische* technical architektur* architecture")
	clearDecision   = pattern("kaufentscheidung vergabeentscheidung investitionsentscheidung")
	clearDecisionEN = []string{"purchase decision", "buying decision", "purchasing decision", "final decision", "go/no-go", "investment decision"}

	approvalWords = pattern(`genehmig* *genehmigung freigabe* *freigabe freigeben freigibt gibt*frei approv* sign-off signoff
		beschaffung* einkauf* procurement* purchasing unterschrift unterschriften *unterschrift unterschreib* unterzeichn* signature* sign signs zeichnet
		vorstandsbeschluss* beschluss* gremium* ausschuss* committee board`)
	reviewWords = pattern(`rechtsprüf* rechtliche* vertragsprüf* *vertragsprüfung sicherheitsprüf* sicherheitsfreigabe
		datenschutzprüf* datenschutzfreigabe betriebsrat* budget* budgetfreigabe lieferantenanlage`)
	reviewPhrases = []string{"legal review", "contract review", "security review", "privacy review", "legal approval",
		"security approval", "vendor onboarding", "supplier onboarding", "works council"}
	afterWords = pattern(`bestellung* bestellen* *bestellung po rechnung* invoice* implement* *implementierung einführung*
		rollout* roll-out onboarding kick-off kickoff go-live livegang* abnahme* produktiv* schulung* training* migration*
		betrieb* renewal* verlängerung*`)

	approverRoles = pattern(`cfo ceo coo cio cto cpo cdo gf geschäftsführ* geschäftsleit* vorstand* prokurist* einkauf*
		einkäufer* procurement* purchasing beschaffung* finance finanz* controller* controlling kaufmännisch* treasurer
		president präsident* owner inhaber* director direktor* vp svp evp`)
)

// words in titles, as pattern reads them.
type wordPattern struct {
	whole             map[string]bool
	prefixes, endings []string
}

func pattern(list string) wordPattern {
	p := wordPattern{whole: map[string]bool{}}
	for _, w := range strings.Fields(list) {
		switch {
		case strings.HasSuffix(w, "*"):
			p.prefixes = append(p.prefixes, strings.TrimSuffix(w, "*"))
		case strings.HasPrefix(w, "*"):
			p.endings = append(p.endings, strings.TrimPrefix(w, "*"))
		default:
			p.whole[w] = true
		}
	}
	return p
}

// in says whether one of the words fits.
func (p wordPattern) in(title []string) bool {
	for _, w := range title {
		if p.fits(w) {
			return true
		}
	}
	return false
}

func (p wordPattern) fits(w string) bool {
	if p.whole[w] {
		return true
	}
	for _, s := range p.prefixes {
		if strings.HasPrefix(w, s) {
			return true
		}
	}
	for _, s := range p.endings {
		if strings.HasSuffix(w, s) {
			return true
		}
	}
	return false
}

// titleWords are the lower-case words of a title; hyphenated compounds count
// whole and in parts.
func titleWords(title string) []string {
	var out []string
	for _, w := range strings.Fields(strings.ToLower(title)) {
		w = strings.Trim(w, ".,;:!?()[]\"'„“”»«…")
		if w == "" {
			continue
		}
		out = append(out, w)
		if parts := strings.Split(w, "-"); len(parts) > 1 && !decisionWords.whole[w] {
			out = append(out, parts...)
		}
	}
	return out
}

func hasPhrase(title string, phrases []string) bool {
	lower := strings.ToLower(title)
	for _, p := range phrases {
		if strings.Contains(lower, p) {
			return true
		}
	}
	return false
}

// decision is the step or milestone that stands for the decision, or nil: the
// one whose words are clearest, of several the last in the file.
func (c *check) decision() *node {
	var best *node
	clear := false
	for _, id := range c.order {
		n := c.nodes[id]
		w := titleWords(n.title)
		if n.dropped || !decisionWords.in(w) || notTheDecision.in(w) {
			continue
		}
		plain := clearDecision.in(w) || hasPhrase(n.title, clearDecisionEN)
		if best == nil || plain || !clear {
			best, clear = n, clear || plain
		}
	}
	return best
}

// decisionDay is when the decision is agreed, and who says so: the item, or
// nil for the plan's own field.
func (c *check) decisionDay() (civil.Day, *node) {
	n := c.decision()
	if n != nil && !n.finish.IsZero() {
		return n.finish, n
	}
	return c.plan.DecideBy, n
}

// noDecision: a plan that leads to no date is a list of things to do.
func (c *check) noDecision() {
	if day, _ := c.decisionDay(); !day.IsZero() || len(c.plan.Actions) == 0 {
		return
	}
	c.add(Finding{
		Severity: Advice, Field: "decideBy",
		Message: c.text("message"), Suggestion: c.text("suggestion"),
	})
}

// decisionTooEarly: nobody can decide before those who must agree have agreed.
// Tells a decision date before its own step, before what it waits for through
// items without a date, and before an approval or review that would normally
// come first even if no link says so.
func (c *check) decisionTooEarly() {
	day, n := c.decisionDay()
	if day.IsZero() || n != nil && !n.live {
		return
	}
	if by := c.plan.DecideBy; n != nil && !by.IsZero() && by < n.finish {
		c.add(Finding{
			Severity: Error, Field: "decideBy",
			Message:    c.text("step", "DecideBy", by, "Step", quoted(n.title), "Day", n.finish),
			Suggestion: c.text("step.suggestion", "Day", n.finish),
			Fix:        &Fix{Field: "decideBy", Day: n.finish},
		})
	}
	if n != nil && n.finish.IsZero() {
		if b := c.boundThrough(n, map[string]bound{}); b.from != nil && b.day > day {
			c.add(c.tooEarly(Error, nil, day, b.from, []string{b.from.title}, b.day))
			return
		}
	}
	var last *node
	var titles []string
	after := c.after(n)
	for _, id := range c.order {
		step := c.nodes[id]
		if !step.live || step == n || step.finish <= day || !precedes(step) || after[id] {
			continue
		}
		if n != nil && c.linked(step.id, n.id) && !n.finish.IsZero() {
			continue // against-dependency tells it
		}
		titles = append(titles, clip(step.title))
		if last == nil || step.finish > last.finish {
			last = step
		}
	}
	if last != nil {
		c.add(c.tooEarly(Warning, n, day, last, titles, last.finish))
	}
}

// tooEarly is the finding about a decision before some steps, the last of
// which ends on a day.
func (c *check) tooEarly(s Severity, n *node, day civil.Day, last *node, titles []string, end civil.Day) Finding {
	f := Finding{Severity: s, Field: "decideBy"}
	if n != nil && !n.finish.IsZero() {
		f.Item, f.Field = n.id, finishField(n)
	}
	f.Message = c.text("message", "Day", day, "Step", quoted(last.title), "StepDay", end)
	if len(titles) > 1 {
		f.Message = c.text("several", "Day", day, "Steps", titles, "StepDay", end)
	}
	if free := c.next(end, buyerSide); !free.IsZero() {
		f.Suggestion = c.text("suggestion", "After", free, "Step", quoted(last.title))
		f.Fix = &Fix{Field: f.Field, Day: free}
	}
	return f
}

// precedes says that a step is of a kind that normally comes before the
// decision.
func precedes(n *node) bool {
	w := titleWords(n.title)
	if afterWords.in(w) || decisionWords.in(w) {
		return false
	}
	if n.action != nil {
		switch n.action.Kind {
		case "approval", "procurement", "legal-review", "security-review":
			return true
		}
	}
	return approvalWords.in(w) || reviewWords.in(w) || hasPhrase(n.title, reviewPhrases)
}

// after is all items that wait, directly or not, for one.
func (c *check) after(n *node) map[string]bool {
	found := map[string]bool{}
	if n == nil {
		return found
	}
	queue := []string{n.id}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, l := range c.nodes[id].out {
			if !found[l.To] {
				found[l.To] = true
				queue = append(queue, l.To)
			}
		}
	}
	return found
}

// lastDays of a quarter in which a decision looks like the seller's.
const lastDays = 3

// quarterEnd: a date that only the seller's quarter explains is pressure, and
// buyers notice. For the seller's eyes only.
func (c *check) quarterEnd() {
	day, n := c.decisionDay()
	if day < c.opt.Today || !c.endsQuarter(day) || n != nil && !n.live || c.buyerWants(day, n) {
		return
	}
	f := Finding{
		Severity: Warning, Field: "decideBy", Audience: planfile.Seller,
		Message: c.text("message", "Day", day), Suggestion: c.text("suggestion"),
	}
	if n != nil && !n.finish.IsZero() {
		f.Item, f.Field = n.id, finishField(n)
	}
	c.add(f)
}

// endsQuarter says whether a day is among the last working days of a quarter of
// the seller's fiscal year, or after them in it.
func (c *check) endsQuarter(d civil.Day) bool {
	if d.IsZero() {
		return false
	}
	y, m, _ := d.Date()
	gone := (int(m) - max(c.opt.Fiscal, 1) + 12) % 3 // months of the quarter before this one
	end := civil.Of(y, m+time.Month(3-gone), 1) - 1
	last := c.plus(c.last(end, sellerSide), 1-lastDays, sellerSide)
	return !last.IsZero() && d >= last
}

// buyerWants says whether anything of the buyer's explains a date: a goal or
// criterion that names it, a milestone on it, a committee or a freeze.
func (c *check) buyerWants(day civil.Day, decision *node) bool {
	for _, g := range c.plan.Goals {
		if g.Side != planfile.Seller && namesDay(g.Text, day) {
			return true
		}
	}
	for _, k := range c.plan.Criteria {
		if k.By == day || namesDay(k.Text, day) {
			return true
		}
	}
	for _, m := range c.plan.Milestones {
		if m.Date == day && (decision == nil || m.ID != decision.id) && !decisionWords.in(titleWords(m.Title)) {
			return true
		}
	}
	for _, f := range c.plan.Freezes {
		if f.Side == planfile.Buyer && f.From > day && f.From <= day+14 {
			return true
		}
	}
	return decision != nil && decision.action != nil && decision.action.Gate != ""
}

var (
	monthsDE = strings.Fields("januar februar märz april mai juni juli august september oktober november dezember")
	monthsEN = strings.Fields("january february march april may june july august september october november december")
	// yearEnds are the reasons why a buyer itself cares for the end of a quarter.
	yearEnds = []string{"geschäftsjahr", "haushaltsjahr", "budgetjahr", "jahresende", "quartal", "fiscal year",
		"financial year", "budget year", "year end", "year-end", "quarter"}
)

// namesDay says whether a text names a day, in any of the usual ways, or gives
// the end of a period as its reason.
func namesDay(text string, d civil.Day) bool {
	text = " " + strings.ToLower(text) + " "
	y, m, day := d.Date()
	de, en := monthsDE[m-1], monthsEN[m-1]
	for _, form := range []string{
		d.String(),
		fmt.Sprintf("%d. %s", day, de), fmt.Sprintf("%d. %.3s.", day, de), fmt.Sprintf("ende %s", de),
		fmt.Sprintf(" %d.%d.", day, m), fmt.Sprintf("%02d.%02d.", day, m), fmt.Sprintf(" %d.%02d.", day, m),
		fmt.Sprintf(" %d %s", day, en), fmt.Sprintf(" %d %.3s ", day, en), fmt.Sprintf("%s %d", en, day),
		fmt.Sprintf("end of %s", en), fmt.Sprintf("%d/%d/%d", m, day, y), fmt.Sprintf("%02d/%02d/%d", day, m, y),
	} {
		if strings.Contains(text, form) {
			return true
		}
	}
	for _, w := range yearEnds {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
