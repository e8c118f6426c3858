package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// Suggestion is a fact that the words of a step contain and a person may want
// in the plan. Nothing is taken without a person's yes.
type Suggestion struct {
	Kind      string    `json:"kind"` // absence, gate, milestone or open (the date is said to follow)
	Action    string    `json:"action"`
	Text      string    `json:"text"`             // the words it is read from
	Person    string    `json:"person,omitempty"` // of an absence
	From      civil.Day `json:"from,omitzero"`
	To        civil.Day `json:"to,omitzero"`
	Note      string    `json:"note,omitempty"`
	Title     string    `json:"title,omitempty"` // of a gate or milestone
	Date      civil.Day `json:"date,omitzero"`   // of a milestone
	Rules     []string  `json:"rules,omitempty"` // of a gate, RFC 5545; several: the words mean either, ask
	Ambiguous bool      `json:"ambiguous,omitempty"`
}

// Suggest reads the notes of a plan for absences ("CFO ab 14.05. drei Wochen
// auf Reisen"), committee days ("jeden 2. Dienstag") and milestones.
func Suggest(p planfile.Plan) []Suggestion {
	var list []Suggestion
	near, people := nearOf(p), namesOf(p)
	for i := range p.Actions {
		a := &p.Actions[i]
		for line := range strings.SplitSeq(a.Notes, "\n") {
			for _, part := range strings.Split(line, ";") {
				part = strings.TrimSpace(part)
				if len(part) > 400 || part == "" {
					continue
				}
				list = append(list, absence(people, a, part, near)...)
				list = append(list, gate(a, part)...)
				if f := fold(part); hasAny(f, []string{"meilenstein", "milestone"}) {
					list = append(list, Suggestion{Kind: "milestone", Action: a.ID, Text: part, Title: a.Title, Date: a.Due})
				} else if a.Due.IsZero() && !a.DateOpen && saysOpen(part) {
					list = append(list, Suggestion{Kind: "open", Action: a.ID, Text: part})
				}
			}
		}
	}
	return list
}

func nearOf(p planfile.Plan) civil.Day {
	var days []civil.Day
	for _, a := range p.Actions {
		for _, d := range []civil.Day{a.Due, a.Start} {
			if !d.IsZero() {
				days = append(days, d)
			}
		}
	}
	if len(days) == 0 {
		return p.DecideBy
	}
	return median(days)
}

var (
	away = []string{"auf reisen", "verreist", "urlaub", "im urlaub", "abwesend", "nicht da", "nicht erreichbar", "elternzeit", "dienstreise", "ausser haus", "weg",
		"krank", "away", "on leave", "vacation", "on holiday", "on holidays", "out of office", "ooo", "travelling", "traveling", "parental leave", "pto", "off", "not available", "unavailable"}
	spanOf    = regexp.MustCompile(`(?i)\b(?:(\d{1,3})|(ein(?:e|en)?|zwei|drei|vier|fünf|sechs|one|a|two|three|four|five|six))\s+(tage?n?|wochen?|monate?|days?|weeks?|months?)\b`)
	dayRange  = regexp.MustCompile(`(?i)\b(\d{1,2})(?:\.|st|nd|rd|th)?\s*(?:-|–|bis|to)\s*(\d{1,2}\.\s?\d{1,2}\.(?:\d{4})?|\d{1,2}(?:st|nd|rd|th)?\s+[a-zä]{3,9}\b)`)
	untilOnly = regexp.MustCompile(`(?i)\b(?:bis|until|till|through)\b`)
)

var numberWords = map[string]int{"ein": 1, "eine": 1, "einen": 1, "one": 1, "a": 1, "zwei": 2, "two": 2, "drei": 3, "three": 3, "vier": 4, "four": 4,
	"fünf": 5, "five": 5, "sechs": 6, "six": 6}

// absence reads who is away from when to when. The person is the one the words
// name, by name or role; else the step's owner.
func absence(p names, a *planfile.Action, text string, near civil.Day) []Suggestion {
	if !hasAny(fold(text), away) {
		return nil
	}
	full := text
	if in := dayRange.FindStringSubmatchIndex(text); in != nil { // "14.–28.5.": give the first its month
		second := text[in[4]:in[5]]
		if d := findDates(second, false); len(d) == 1 && d[0].m > 0 {
			full = text[:in[0]] + text[in[2]:in[3]] + "." + strconv.Itoa(d[0].m) + ". bis " + second + text[in[1]:]
		}
	}
	var days []civil.Day
	for _, d := range findDates(full, false) {
		if day := d.around(near); !day.IsZero() && !d.week {
			days = append(days, day)
		}
	}
	s := Suggestion{Kind: "absence", Action: a.ID, Text: text, Note: text, Person: whoIsAway(p, a, text)}
	length := spanOf.FindStringSubmatch(text)
	switch {
	case len(days) >= 2 && days[1] >= days[0]:
		s.From, s.To = days[0], days[1]
	case len(days) == 1 && length != nil:
		s.From, s.To = days[0], lastOf(days[0], length)
	case len(days) == 1 && untilOnly.MatchString(text):
		s.To = days[0] // since when, only a person can say
	case len(days) == 1:
		s.From = days[0]
	default:
		return nil
	}
	return []Suggestion{s}
}

// lastOf is the last day of a span; one that ends on a weekend ends on the
// Friday before, as people mean it.
func lastOf(from civil.Day, span []string) civil.Day {
	n, err := strconv.Atoi(span[1])
	if err != nil {
		n = numberWords[strings.ToLower(span[2])]
	}
	days := n
	switch unit := strings.ToLower(span[3]); unit[0] {
	case 'w':
		days = 7 * n
	case 'm':
		days = 30 * n
	}
	to := from + civil.Day(days) - 1
	for to > from && (to.Weekday() == time.Saturday || to.Weekday() == time.Sunday) {
		to--
	}
	return to
}

// names are the words by which people are called, to their ids: last and
// first names, and roles.
type names struct{ called, roles map[string]string }

func namesOf(p planfile.Plan) names {
	n := names{map[string]string{}, map[string]string{}}
	for _, person := range p.People {
		words := strings.Fields(bare(person.Name))
		if len(words) == 0 {
			continue
		}
		for _, w := range []string{words[len(words)-1], words[0]} {
			if n.called[w] == "" {
				n.called[w] = person.ID
			}
		}
		if role := fold(person.Role); role != "" && n.roles[role] == "" {
			n.roles[role] = person.ID
		}
	}
	return n
}

func whoIsAway(n names, a *planfile.Action, text string) string {
	words := strings.Fields(fold(text))
	for _, w := range words {
		if id := n.called[w]; id != "" {
			return id
		}
	}
	for from := range words { // a role has up to five words
		for to := min(from+5, len(words)); to > from; to-- {
			if id := n.roles[strings.Join(words[from:to], " ")]; id != "" {
				return id
			}
		}
	}
	if a.Owner != "" {
		return a.Owner
	}
	return a.Owners.Buyer
}

var (
	everyNth = regexp.MustCompile(`\b(?:jeden|jede|every|each|alle)\s+(?:(zweiten|zweite|2|second|other|2nd|ersten|1|first|1st|dritten|3|third|3rd|vierten|4|fourth|4th|letzten|last)\s+)?(montag|dienstag|mittwoch|donnerstag|freitag|monday|tuesday|wednesday|thursday|friday)s?\b(\s+(?:im|des|of the|of every|of each|in the)\s+(?:monats?|month))?`)
	biweekly = regexp.MustCompile(`\b(?:alle (?:zwei|2|14) (?:wochen|tage)|14 taegig|zweiwoechentlich|biweekly|fortnightly|every (?:two|2) weeks|every other week)\b.*?\b(montag|dienstag|mittwoch|donnerstag|freitag|monday|tuesday|wednesday|thursday|friday)s?\b`)
	weekly   = regexp.MustCompile(`\b(?:tagt|trifft sich|meets|woechentlich|weekly)\b(?:\s+(?:immer|on|am|always))?\s+(montags|dienstags|mittwochs|donnerstags|freitags|mondays|tuesdays|wednesdays|thursdays|fridays)\b`)
)

var weekdayCodes = map[string]string{"mo": "MO", "di": "TU", "tu": "TU", "mi": "WE", "we": "WE", "do": "TH", "th": "TH", "fr": "FR"}

// gate reads when a committee meets. "Every second Tuesday" is every two weeks
// or the second of the month: both rules are given, and which is meant is for
// a person to say.
func gate(a *planfile.Action, text string) []Suggestion {
	f := fold(text)
	s := Suggestion{Kind: "gate", Action: a.ID, Text: text, Title: gateTitle(text, a.Title)}
	if in := biweekly.FindStringSubmatch(f); in != nil {
		s.Rules = []string{"FREQ=WEEKLY;INTERVAL=2;BYDAY=" + weekdayCodes[in[1][:2]]}
	} else if in := everyNth.FindStringSubmatch(f); in != nil {
		s.Rules = nthRules(in[1], weekdayCodes[in[2][:2]], in[3] != "")
	} else if in := weekly.FindStringSubmatch(f); in != nil {
		s.Rules = []string{"FREQ=WEEKLY;BYDAY=" + weekdayCodes[in[1][:2]]}
	}
	if len(s.Rules) == 0 {
		return nil
	}
	s.Ambiguous = len(s.Rules) > 1
	return []Suggestion{s}
}

func nthRules(nth, day string, ofMonth bool) []string {
	n := map[string]string{"zweiten": "2", "zweite": "2", "2": "2", "second": "2", "2nd": "2", "ersten": "1", "1": "1", "first": "1", "1st": "1",
		"dritten": "3", "3": "3", "third": "3", "3rd": "3", "vierten": "4", "4": "4", "fourth": "4", "4th": "4", "letzten": "-1", "last": "-1"}[nth]
	monthly := "FREQ=MONTHLY;BYDAY=" + n + day
	switch {
	case nth == "":
		return []string{"FREQ=WEEKLY;BYDAY=" + day}
	case nth == "other":
		return []string{"FREQ=WEEKLY;INTERVAL=2;BYDAY=" + day}
	case ofMonth || n == "1" || n == "-1":
		return []string{monthly}
	}
	return []string{"FREQ=WEEKLY;INTERVAL=" + n + ";BYDAY=" + day, monthly}
}

// committees are words by which people call who meets.
var committees = []string{"ausschuss", "gremium", "lenkungskreis", "lenkungsausschuss", "vorstand", "einkaufsrunde", "komitee", "board", "committee", "steering committee", "council"}

// gateTitle is the committee's word as written, else the step's title.
func gateTitle(text, title string) string {
	for _, w := range strings.Fields(text) {
		if slices.Contains(committees, fold(w)) || strings.HasSuffix(fold(w), "ausschuss") {
			return strings.Trim(w, ".,:;()")
		}
	}
	return title
}
