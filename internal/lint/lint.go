// Package lint reads a plan the way a helpful colleague would before it goes
// out: what is vague, what is missing, what cannot hold. It only advises. It
// changes nothing, blocks nothing, and says each thing once.
//
// Findings carry catalogue keys with arguments, not sentences; the reader's
// language turns them into text. Only an offered wording is in the plan's own
// language, because it would become part of the plan.
package lint

import (
	"maps"
	"sort"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// Severity says how much a finding weighs.
type Severity string

const (
	Error   Severity = "error"   // it contradicts itself: it cannot hold as written
	Warning Severity = "warning" // it will probably cost time or trust
	Advice  Severity = "advice"  // it could be better
)

// weight orders severities, the heaviest first.
var weight = map[Severity]int{Error: 0, Warning: 1, Advice: 2}

// Finding is one thing worth a look.
type Finding struct {
	Rule       string // stable kebab-case name, see Rules
	Severity   Severity
	Item       string // id of the action, milestone or person; empty for the plan
	Field      string // name of the field in the plan file, e.g. "due"
	Message    Text   // what is the matter, in the reader's language
	Suggestion Text   // what could be done; zero when the message says it all
	Fix        *Fix   // the change itself, where there is an obvious one

	// Audience is the only side that may see the finding; empty is both. What
	// concerns only how the seller sells is not for the buyer's pages.
	Audience planfile.Side
}

// Fix is a change that would answer a finding. It sets one field of the
// finding's item; exactly one of the values is set.
type Fix struct {
	Field  string
	Day    civil.Day // a date, or
	Person string    // id of a person, or
	Text   Text      // words, in the plan's language
}

// Text is a key of the message catalogue with its arguments. An argument may
// itself be a Text, or a holiday, which knows its name in each language. Lang is the language it must be said in; empty is the
// reader's.
type Text struct {
	Key  string
	Args map[string]any
	Lang string
}

// IsZero reports that there is no text.
func (t Text) IsZero() bool { return t.Key == "" }

// In says the text in a language. The function given looks up one key of the
// catalogue in one language; texts inside the arguments are said first.
func (t Text) In(lang string, say func(lang, key string, args map[string]any) string) string {
	if t.IsZero() {
		return ""
	}
	if t.Lang != "" {
		lang = t.Lang
	}
	args := maps.Clone(t.Args)
	for name, value := range args {
		switch value := value.(type) {
		case Text:
			args[name] = value.In(lang, say)
		case interface{ Name(lang string) string }: // a holiday
			args[name] = value.Name(lang)
		}
	}
	return say(lang, t.Key, args)
}

// Options of a check. The zero value is useful.
type Options struct {
	Today    civil.Day // for what is late; zero leaves those rules out
	Language string    // "de" or "en" for offered wordings; empty is the plan's own
	Fiscal   int       // month, 1 to 12, in which the seller's fiscal year begins; zero is January
}

// rule is a name and the method that looks.
type rule struct {
	name string
	look func(*check)
}

// rules in the order in which findings of one item are told.
var rules = []rule{
	{"dependency-cycle", (*check).dependencyCycle},
	{"due-before-start", (*check).dueBeforeStart},
	{"against-dependency", (*check).againstDependency},
	{"decision-too-early", (*check).decisionTooEarly},
	{"after-milestone", (*check).afterMilestone},
	{"missing-owner", (*check).missingOwner},
	{"team-owner", (*check).teamOwner},
	{"joint-owner", (*check).jointOwner},
	{"missing-date", (*check).missingDate},
	{"milestone-date", (*check).milestoneDate},
	{"absence", (*check).absence},
	{"closed-day", (*check).closedDay},
	{"holiday", (*check).holiday},
	{"weekend", (*check).weekend},
	{"unknown-region", (*check).unknownRegion},
	{"freeze", (*check).freeze},
	{"too-short", (*check).tooShort},
	{"gate-day", (*check).gateDay},
	{"expected-late", (*check).expectedLate},
	{"past-due", (*check).pastDue},
	{"blocked-without-reason", (*check).blockedWithoutReason},
	{"overload", (*check).overload},
	{"vague-wording", (*check).vagueWording},
	{"no-decision", (*check).noDecision},
	{"one-sided", (*check).oneSided},
	{"no-approver", (*check).noApprover},
	{"no-risk", (*check).noRisk},
	{"no-goal", (*check).noGoal},
	{"quarter-end", (*check).quarterEnd},
	{"sales-talk", (*check).salesTalk},
	{"too-many-steps", (*check).tooManySteps},
	{"too-many-milestones", (*check).tooManyMilestones},
}

// Rules are the names of all rules.
func Rules() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.name
	}
	return names
}

// Check looks at a plan. The findings are ordered: the heaviest first, then
// the plan itself, then its items in the order of the file. There is at most
// one finding per rule and item. It accepts any plan, also one that planfile
// would refuse, and always gives the same answer for the same input.
func Check(p planfile.Plan, opt Options) []Finding {
	c := newCheck(p, opt)
	for _, r := range rules {
		c.rule = r.name
		r.look(c)
	}
	sort.SliceStable(c.findings, func(i, j int) bool {
		a, b := c.findings[i], c.findings[j]
		if weight[a.Severity] != weight[b.Severity] {
			return weight[a.Severity] < weight[b.Severity]
		}
		return c.rank[a.Item] < c.rank[b.Item]
	})
	return c.findings
}

// add keeps a finding of the present rule, the first one for each item. Its
// texts are the catalogue's lint.<rule>.message and lint.<rule>.suggestion
// unless the finding names others.
func (c *check) add(f Finding) {
	id := [2]string{c.rule, f.Item}
	if c.seen[id] {
		return
	}
	c.seen[id] = true
	f.Rule = c.rule
	c.findings = append(c.findings, f)
}

// text is a text of the present rule with alternating names and values.
func (c *check) text(key string, nameValues ...any) Text {
	return say("lint."+c.rule+"."+key, nameValues...)
}

// say is a text with alternating names and values of its arguments.
func say(key string, nameValues ...any) Text {
	t := Text{Key: key}
	for i := 0; i+1 < len(nameValues); i += 2 {
		if t.Args == nil {
			t.Args = map[string]any{}
		}
		t.Args[nameValues[i].(string)] = nameValues[i+1]
	}
	return t
}
