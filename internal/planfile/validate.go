package planfile

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Bounds of what a plan may say; beyond them is a typing mistake.
const (
	MaxDays   = 10000 // of a duration, lag, lead or impact
	MaxIDSize = 128   // bytes of an id
)

// The words that fields with a fixed vocabulary may hold; the first is the
// default where there is one.
var (
	languages    = []string{"de", "en"}
	statuses     = []string{"open", "started", "blocked", "done", "dropped"}
	actionSides  = []string{"buyer", "seller", "joint"}
	partySides   = []string{"buyer", "seller"}
	weekdays     = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	linkTypes    = []string{"FS", "SS", "FF", "SF"}
	lagCalendars = []string{"plan", "predecessor", "successor", "elapsed"}
	onHolidays   = []string{"skip", "next", "previous"}
	blocked      = []string{"start", "finish", "work"}
	shapes       = []string{"pert", "triangular"}
)

var (
	regionForm = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)
	ruleForm   = regexp.MustCompile(`^FREQ=[A-Z]+(;[A-Z]+=[A-Z0-9+,:-]+)*$`)
)

// Validate checks everything about a plan that the format promises and a
// type cannot: required texts, vocabularies, ranges, ids that are unique, and
// references that lead somewhere. It returns the first fault in the order of
// the file, of kind Invalid, with its JSON path. Whether a region exists, a
// recurrence rule has days and a network has no cycle is for the packages
// that compute with them.
func Validate(p *Plan) error {
	c := &checker{plan: p, people: map[string]Side{}, items: map[string]string{},
		actions: map[string]string{}, milestones: map[string]string{}, gates: map[string]string{}}
	c.head()
	c.sides()
	c.collect()
	c.peopleAndGoals()
	c.milestonesAndActions()
	c.links()
	c.gatesAndFreezes()
	c.risks()
	return c.err
}

// checker keeps the first fault and ignores all later ones.
type checker struct {
	plan       *Plan
	err        error
	people     map[string]Side
	items      map[string]string // actions and milestones: a link may name either
	actions    map[string]string // id → path
	milestones map[string]string
	gates      map[string]string
}

func (c *checker) fail(key, path string, nameValues ...any) {
	if c.err == nil {
		c.err = fault.New(fault.Invalid, key, append([]any{"path", path}, nameValues...)...)
	}
}

func (c *checker) text(path, value string) {
	if strings.TrimSpace(value) == "" {
		c.fail("planfile.required", path)
	}
	c.clean(path, value)
}

// clean refuses what no reader would accept back.
func (c *checker) clean(path, value string) {
	if strings.ContainsRune(value, 0) || !utf8.ValidString(value) {
		c.fail("planfile.text", path)
	}
}

func (c *checker) oneOf(path, value string, allowed []string, optional bool) {
	if value == "" && optional || slices.Contains(allowed, value) {
		return
	}
	if value == "" {
		c.fail("planfile.required", path)
	}
	c.fail("planfile.enum", path, "value", shorten(value), "allowed", strings.Join(allowed, ", "))
}

func (c *checker) within(path string, value, low, high float64) {
	if !(value >= low && value <= high) { // also refuses NaN
		c.fail("planfile.range", path, "value", value, "low", low, "high", high)
	}
}

// id checks an identifier and that it is the first of its name.
func (c *checker) id(path, id string, seen ...map[string]string) {
	switch {
	case id == "":
		c.fail("planfile.required", path)
	case len(id) > MaxIDSize || strings.TrimSpace(id) != id || strings.ContainsFunc(id, func(r rune) bool { return r < ' ' }):
		c.fail("planfile.id", path, "value", shorten(id), "limit", MaxIDSize)
	}
	c.clean(path, id)
	for _, m := range seen {
		if first, twice := m[id]; twice {
			c.fail("planfile.duplicateId", path, "value", shorten(id), "first", first)
		}
		m[id] = path
	}
}

// day checks an optional day, which Decode has done but Encode's caller may
// not have.
func (c *checker) day(path string, d civil.Day) {
	if !d.IsZero() && (d < civil.Earliest || d > civil.Latest) {
		c.fail("planfile.date", path, "value", d.String())
	}
}

func (c *checker) span(path string, s Span) {
	switch {
	case s.From.IsZero():
		c.fail("planfile.required", path+".from")
	case s.To.IsZero():
		c.fail("planfile.required", path+".to")
	case s.To < s.From:
		c.fail("planfile.span", path, "from", s.From.String(), "to", s.To.String())
	}
	c.day(path+".from", s.From)
	c.day(path+".to", s.To)
	c.clean(path+".note", s.Note)
}

func (c *checker) head() {
	p := c.plan
	if p.Format != Format {
		c.fail("planfile.format.unknown", "format", "value", shorten(p.Format), "want", Format)
	}
	c.text("title", p.Title)
	c.oneOf("language", p.Language, languages, true)
	c.day("start", p.Start)
	c.day("decideBy", p.DecideBy)
}

func (c *checker) sides() {
	c.party("sides.buyer", c.plan.Sides.Buyer)
	c.party("sides.seller", c.plan.Sides.Seller)
}

func (c *checker) party(path string, p Party) {
	c.clean(path+".organisation", p.Organisation)
	path += ".calendar"
	for i, day := range p.Calendar.Week {
		at := index(path+".week", i)
		c.oneOf(at, day, weekdays, false)
		if slices.Contains(p.Calendar.Week[:i], day) {
			c.fail("planfile.repeated", at, "value", day)
		}
	}
	if r := p.Calendar.Region; r != "" && !regionForm.MatchString(r) {
		c.fail("planfile.region", path+".region", "value", shorten(r))
	}
	for i, s := range p.Calendar.Closed {
		c.span(index(path+".closed", i), s)
	}
}

// collect knows every id before any reference is checked: a reference may
// point forward.
func (c *checker) collect() {
	seen := map[string]string{}
	for i, x := range c.plan.People {
		c.id(index("people", i)+".id", x.ID, seen)
		c.people[x.ID] = x.Side
	}
	for i, x := range c.plan.Milestones {
		c.id(index("milestones", i)+".id", x.ID, c.items, c.milestones)
	}
	for i, x := range c.plan.Actions {
		c.id(index("actions", i)+".id", x.ID, c.items, c.actions)
	}
	for i, x := range c.plan.Gates {
		c.id(index("gates", i)+".id", x.ID, c.gates)
	}
	risks := map[string]string{}
	for i, x := range c.plan.Risks {
		c.id(index("risks", i)+".id", x.ID, risks)
	}
}

// refer checks that an optional reference leads somewhere.
func refer[V any](c *checker, path, id, what string, known map[string]V) {
	if _, ok := known[id]; id != "" && !ok {
		c.fail("planfile.reference."+what, path, "value", shorten(id))
	}
}

func (c *checker) peopleAndGoals() {
	for i, x := range c.plan.People {
		at := index("people", i)
		c.oneOf(at+".side", string(x.Side), partySides, false)
		c.text(at+".name", x.Name)
		c.clean(at+".role", x.Role)
		c.clean(at+".email", x.Email)
		for j, s := range x.Absences {
			c.span(index(at+".absences", j), s)
		}
	}
	for i, x := range c.plan.Goals {
		at := index("goals", i)
		c.oneOf(at+".side", string(x.Side), partySides, true)
		c.text(at+".text", x.Text)
	}
	for i, x := range c.plan.Criteria {
		at := index("criteria", i)
		c.text(at+".text", x.Text)
		c.day(at+".by", x.By)
	}
}

func (c *checker) milestonesAndActions() {
	for i, x := range c.plan.Milestones {
		at := index("milestones", i)
		c.text(at+".title", x.Title)
		c.day(at+".date", x.Date)
	}
	for i := range c.plan.Actions {
		c.action(index("actions", i), &c.plan.Actions[i])
	}
}

func (c *checker) action(at string, x *Action) {
	c.text(at+".title", x.Title)
	c.oneOf(at+".side", string(x.Side), actionSides, false)
	c.oneOf(at+".status", string(x.Status), statuses, false)
	c.owners(at, x)
	refer(c, at+".milestone", x.Milestone, "milestone", c.milestones)
	refer(c, at+".gate", x.Gate, "gate", c.gates)
	c.day(at+".start", x.Start)
	c.day(at+".due", x.Due)
	c.day(at+".expected", x.Expected)
	c.day(at+".notBefore", x.NotBefore)
	c.day(at+".notAfter", x.NotAfter)
	c.day(at+".startedOn", x.StartedOn)
	c.day(at+".doneOn", x.DoneOn)
	if x.DateOpen && !x.Due.IsZero() {
		c.fail("planfile.dateOpen", at+".dateOpen", "due", x.Due.String())
	}
	if x.Duration != nil {
		c.within(at+".duration", float64(*x.Duration), 0, MaxDays)
	}
	if x.Remaining != nil {
		c.within(at+".remaining", float64(*x.Remaining), 0, MaxDays)
	}
	if x.Estimate != nil {
		c.estimate(at+".estimate", x.Estimate)
	}
	c.clean(at+".kind", x.Kind)
	c.clean(at+".doneWhen", x.DoneWhen)
	c.clean(at+".blockedBecause", x.BlockedBecause)
	c.clean(at+".notes", x.Notes)
}

func (c *checker) owners(at string, x *Action) {
	if x.Side == Joint && x.Owner != "" {
		c.fail("planfile.joint.owner", at+".owner", "value", shorten(x.Owner))
	}
	if x.Side != Joint && x.Owners != (Owners{}) {
		c.fail("planfile.joint.owners", at+".owners", "side", string(x.Side))
	}
	refer(c, at+".owner", x.Owner, "person", c.people)
	c.ownerOf(at+".owners.buyer", x.Owners.Buyer, Buyer)
	c.ownerOf(at+".owners.seller", x.Owners.Seller, Seller)
}

func (c *checker) ownerOf(path, id string, side Side) {
	refer(c, path, id, "person", c.people)
	if of := c.people[id]; id != "" && of != side {
		c.fail("planfile.owner.side", path, "value", shorten(id), "side", string(of))
	}
}

func (c *checker) estimate(at string, e *Estimate) {
	c.oneOf(at+".shape", e.Shape, shapes, true)
	if len(e.Values) == 0 {
		c.points(at, e.Low, e.Likely, e.High)
		return
	}
	if e.Low != 0 || e.Likely != 0 || e.High != 0 || e.Shape != "" {
		c.fail("planfile.estimate.both", at)
	}
	sum := 0.0
	for i, v := range e.Values {
		path := index(at+".values", i)
		c.within(path+"[0]", v[0], 0, MaxDays)
		c.within(path+"[1]", v[1], 0, 1)
		sum += v[1]
	}
	if math.Abs(sum-1) > 1e-6 {
		c.fail("planfile.estimate.sum", at+".values", "value", sum)
	}
}

// points checks low ≤ likely ≤ high.
func (c *checker) points(at string, low, likely, high float64) {
	c.within(at+".low", low, 0, MaxDays)
	c.within(at+".likely", likely, 0, MaxDays)
	c.within(at+".high", high, 0, MaxDays)
	if low > likely || likely > high {
		c.fail("planfile.points", at, "low", low, "likely", likely, "high", high)
	}
}

func (c *checker) links() {
	for i, x := range c.plan.Links {
		at := index("links", i)
		c.end(at+".from", x.From)
		c.end(at+".to", x.To)
		if x.From == x.To {
			c.fail("planfile.link.self", at, "value", shorten(x.From))
		}
		c.oneOf(at+".type", x.Type, linkTypes, true)
		c.oneOf(at+".lagCalendar", x.LagCalendar, lagCalendars, true)
		c.within(at+".lag", float64(x.Lag), -MaxDays, MaxDays)
	}
}

func (c *checker) end(path, id string) {
	if id == "" {
		c.fail("planfile.required", path)
	}
	refer(c, path, id, "item", c.items)
}

func (c *checker) gatesAndFreezes() {
	for i, x := range c.plan.Gates {
		at := index("gates", i)
		c.text(at+".title", x.Title)
		if !ruleForm.MatchString(x.Rule) {
			c.fail("planfile.rule", at+".rule", "value", shorten(x.Rule))
		}
		c.day(at+".anchor", x.Anchor)
		for j, d := range x.Except {
			if d.IsZero() {
				c.fail("planfile.required", index(at+".except", j))
			}
			c.day(index(at+".except", j), d)
		}
		c.within(at+".leadDays", float64(x.LeadDays), 0, MaxDays)
		c.oneOf(at+".onHoliday", x.OnHoliday, onHolidays, true)
	}
	for i, x := range c.plan.Freezes {
		at := index("freezes", i)
		c.span(at, Span{From: x.From, To: x.To})
		c.oneOf(at+".blocks", x.Blocks, blocked, false)
		c.oneOf(at+".side", string(x.Side), partySides, true)
		c.clean(at+".title", x.Title)
		for j, kind := range x.Kinds {
			c.text(index(at+".kinds", j), kind)
		}
	}
}

func (c *checker) risks() {
	for i, x := range c.plan.Risks {
		at := index("risks", i)
		c.text(at+".title", x.Title)
		c.within(at+".probability", x.Probability, 0, 1)
		if x.Impact != nil {
			c.points(at+".impact", x.Impact.Low, x.Impact.Likely, x.Impact.High)
		}
		c.clean(at+".mitigation", x.Mitigation)
		refer(c, at+".owner", x.Owner, "person", c.people)
		for j, id := range x.Actions {
			at := index(at+".actions", j)
			if id == "" {
				c.fail("planfile.required", at)
			}
			refer(c, at, id, "action", c.actions)
		}
	}
}
