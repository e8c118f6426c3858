package reply

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tandem/internal/civil"
)

// Kind is what somebody says.
type Kind string

const (
	Done      Kind = "done"       // it is done (Day: when, if said; Words: the result)
	DateTo    Kind = "date"       // a date, no more
	Moves     Kind = "move"       // asks for another date
	Expects   Kind = "expected"   // believes it will be then
	NotBefore Kind = "not-before" // not before a day
	HandOver  Kind = "hand-over"  // somebody else does it
	TakesOn   Kind = "takes-on"   // does it (Day: by when, if said)
	Yes       Kind = "yes"
	Nod       Kind = "nod" // ok, fine: less than a yes
	No        Kind = "no"
	NotMine   Kind = "not-mine"
	Stuck     Kind = "blocked" // cannot go on, and why
	Remark    Kind = "remark"  // anything else: see Why
)

// Intent is what an answer says beyond doubt, or that it does not.
type Intent struct {
	Kind   Kind
	Day    civil.Day
	Person string // ID of who takes over
	Words  string // result or reason, as typed
	Why    Why    // of a Remark: what is unclear
}

// Context is what an answer is read against.
type Context struct {
	Today  civil.Day
	Me     string   // name of who answers
	MyID   string   // and ID
	People []Person // who may be named to take over
}

// maxAnswer is how many characters an answer may have that does something.
const maxAnswer = 1_500

// longAgo is how many days back something may have been done: "erledigt am
// 27. Mai", said in early May, means no day of the year before.
const longAgo = 90

func remark(why Why) Intent { return Intent{Kind: Remark, Why: why} }

// Understand reads what was newly written. Only an answer that is nothing but
// one known saying, with a reason or result at most, is understood.
func Understand(w Written, c Context) Intent {
	text := strings.TrimSpace(tidy(w.Text))
	switch {
	case text == "":
		return remark(WhyNothing)
	case w.Doubt:
		return remark(WhyDoubt)
	case w.Parts > 1:
		return remark(WhyInline)
	case w.Forwarded:
		return remark(WhyOther)
	case utf8.RuneCountInString(text) > maxAnswer:
		return remark(WhyLong)
	}
	r := reading{Context: c, names: names{people: c.People}}
	return r.read(text)
}

// reading is one answer being read.
type reading struct {
	Context
	names names
	dates []date
}

func (r *reading) read(text string) Intent {
	text = bracketed.ReplaceAllString(text, "$1")
	text = r.names.withTitle(text)
	text = r.manners(text)
	if text == "" {
		return remark(WhyOther)
	}
	text, r.dates = findDates(text, r.Today)
	text = r.names.bare(text)
	if strings.ContainsAny(text, "?¿") {
		return remark(WhyQuestion)
	}
	unclear := WhyOther
	for _, f := range forms {
		m := f.re.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		rest, ok := tail(text[len(m[0]):])
		if !ok {
			continue
		}
		in, why := r.intent(f, m, rest)
		if why == Clear {
			return in
		}
		if unclear == WhyOther {
			unclear = why
		}
	}
	return remark(r.explain(text, unclear))
}

// explain finds what to tell somebody whose answer fits no form.
func (r *reading) explain(text string, why Why) Why {
	if why != WhyOther {
		return why
	}
	if len(r.dates) > 1 {
		return WhyDates
	}
	if len(r.dates) == 1 && r.dates[0].why != Clear && utf8.RuneCountInString(text) < 8 {
		return r.dates[0].why
	}
	if saidNo.MatchString(text) || hedged.MatchString(text) {
		return WhyDoubt
	}
	return WhyOther
}

func (r *reading) intent(f form, m []string, rest string) (Intent, Why) {
	in := Intent{Kind: f.kind}
	if why := r.day(&in, f, m); why != Clear {
		return in, why
	}
	if p := f.group(m, "p"); p != "" {
		who := r.names.found[nameOf(p)]
		switch {
		case who.why != Clear:
			return in, who.why
		case who.id == r.MyID:
			return in, WhySelf
		}
		in.Person = who.id
	}
	if f.kind == Stuck && rest == "" {
		return in, WhyDoubt
	}
	if why := restOf(f.kind, rest); why != Clear {
		return in, why
	}
	in.Words = strings.TrimSpace(restore(rest, r.dates, r.names.found))
	return in, Clear
}

// day reads the date of a form: looking back for what is done, else ahead.
func (r *reading) day(in *Intent, f form, m []string) Why {
	var marks []string
	for _, g := range []string{"d", "e", "f"} {
		if x := f.group(m, g); x != "" {
			marks = append(marks, x)
		}
	}
	switch len(marks) {
	case 0:
		return Clear
	case 1:
	default:
		return WhyDates
	}
	d := r.dates[dateOf(marks[0])]
	if f.kind == Done {
		if d.past.IsZero() || d.past > r.Today || d.past < r.Today-longAgo {
			return WhyDates // "done by Friday"
		}
		in.Day = d.past
		return Clear
	}
	if d.why != Clear {
		return d.why
	}
	in.Day = d.to
	if f.kind == NotBefore {
		in.Day = d.from
		if f.after {
			in.Day = d.to + 1
		}
	}
	if in.Day < r.Today {
		return WhyDatePast
	}
	return Clear
}

// tail parts what follows a saying from it: by a mark, a new line, or a "because".
func tail(rest string) (string, bool) {
	trimmed := strings.TrimLeft(rest, " ")
	if trimmed == "" {
		return "", true
	}
	first, size := utf8.DecodeRuneInString(trimmed)
	switch {
	case strings.ContainsRune(".!,;:…–—\n(", first), first == '-' && strings.HasPrefix(trimmed[size:], " "):
		rest = strings.TrimLeft(trimmed, ".!,;:…–—- \n\u2705\u2714\ufe0f\U0001F642\U0001F44D")
		if first == '(' {
			rest = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(rest, "("), "."), ")")
		}
		return strings.TrimSpace(rest), true
	case because.MatchString(trimmed) && trimmed != rest:
		return strings.TrimSpace(trimmed), true
	case unicode.Is(unicode.So, first) || first == '\ufe0f':
		return tail(trimmed[size:])
	}
	return "", false
}

var (
	because = regexp.MustCompile(`(?i)^(?:\()?(?:weil|da|denn|because|since|as|wegen|aufgrund|due to|owing to|grund(?: ist)?|begr(?:ü|ue)ndung|reason)\b`)
	iAm     = regexp.MustCompile(`(?i)^(?:ich bin|bin|i am|i['’]m|ich habe urlaub|im urlaub|on leave|on vacation)\b`)

	// hedged: whatever it says, it says under a condition, or not quite.
	hedged = word(`aber|jedoch|allerdings|oder|or|falls|if|sofern|soweit|wenn|sobald|solange|au(?:ß|ss)er|bis auf|mit ausnahme|unless|except(?: for)?|apart from|but|however|although|though|obwohl|vielleicht|maybe|perhaps|evtl|eventuell|ggf|gegebenenfalls|noch nicht|not yet|sondern|korrektur|correction|doch nicht|vorausgesetzt|provided|assuming|as soon as|once|unter vorbehalt|vorbehaltlich|subject to|i think|ich glaube|ich denke|hoffentlich|hopefully|scherz|kidding|ironie`)

	// saidNo: with what was said it may mean the contrary, or not all of it.
	saidNo  = word(`nicht|nichts|kein|keine|keinen|keinem|keiner|keines|nie|niemand|not|no|never|none|nothing|cannot|noch|erst|fehlt|fehlen|offen|offene|offenen|ausstehend|ausstehende|teilweise|teils|zum teil|fast|beinahe|halb|nahezu|gr(?:ö|oe)(?:ß|ss)tenteils|weitgehend|(?:ü|ue)berwiegend|will|werde|werden|wird|w(?:ü|ue)rde|k(?:ö|oe)nnte|sollte|m(?:ü|ue)sste|muss|m(?:ü|ue)ssen|soll|sollen|should|must|need|needs|would|could|might|still|missing|pending|open|partly|partially|almost|nearly|mostly|half|when|until|bis|warte|warten|wartet|wait|waiting|hope|hoffe|think|glaube|denke|sp(?:ä|ae)ter|later|bald|demn(?:ä|ae)chst|soon|folgt|folgen|follows|following|to follow|nachreichen|nachgereicht|in arbeit|in progress|ongoing|restliche|restlichen|rest|remaining|kommt|kommen|coming|erledigt|fertig|done|complete|completed|finished|nein|ja|yes|(?:ü|ue)bernimmt|(?:ü|ue)bernehme|macht|takes|takes over|verschieben|verschoben|move|moved|postpone|postponed|delayed|versp(?:ä|ae)tet|ablehnen|decline|bitte um|todo|to do|frage|question|fragen|problem|probleme|issue|issues|nur|only|ausgenommen|zur(?:ü|ue)ck|widerruf|undo`)
	negated = regexp.MustCompile(`(?i)n['’]t\b|%|\d\s?/\s?\d`)
	marks   = regexp.MustCompile(dateMarks)
)

// word matches any of some words as whole words, umlauts included.
func word(words string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:` + words + `)(?:$|[^\pL\pN])`)
}

// restOf judges what follows a saying: a result or a reason must not take back
// what was said.
func restOf(kind Kind, rest string) Why {
	switch {
	case rest == "":
		return Clear
	case hedged.MatchString(rest):
		return WhyDoubt
	case kind == Stuck:
		return Clear
	case because.MatchString(rest) && kind != Done:
		return Clear
	case kind == HandOver && iAm.MatchString(rest):
		return Clear
	case marks.MatchString(rest):
		return WhyDates
	case kind == No || kind == NotMine:
		return Clear
	case saidNo.MatchString(rest) || negated.MatchString(rest):
		return WhyDoubt
	}
	return Clear
}

var (
	bracketed = regexp.MustCompile(`(?s)^["„“”»«*_']+([^"„“”»«*_']+)["„“”»«*_']+$`)

	greeting = regexp.MustCompile(`(?i)^\s*(?:sehr geehrte[rs]?|liebe[rs]?|hallo|hi|hey|hello|dear|guten (?:tag|morgen|abend|mittag)|good (?:morning|afternoon|evening)|moin(?: moin)?|servus|gr(?:ü|ue)(?:ß|ss) (?:gott|dich|sie)|gr(?:ü|ue)ezi|morning|morgen|tag|mahlzeit)(?:\s[^\n,.!:;–—]{0,80})?(?:[,.!:;–—]+\s*|\s*\n\s*)`)
	thanks   = regexp.MustCompile(`(?i)^\s*(?:(?:vielen|herzlichen|besten|lieben|many)\s+)?(?:dank|danke|thanks|thank you|thx|merci)(?:\s+(?:sehr|sch(?:ö|oe)n|vielmals|a lot|very much|so much))?(?:\s+(?:f(?:ü|ue)rs?|for)\s[^.!,;\n]{1,60})?\s*(?:[.!,;–—]+\s*|\s-\s|\n\s*|$)`)
	label    = regexp.MustCompile(`(?i)^\s*(?:(?:kurze?s?\s)?(?:status|update|info|r(?:ü|ue)ckmeldung|antwort|fyi|zur info|zk|answer))\s*[:–—]\s*`)
	farewell = regexp.MustCompile(`(?i:(?:^|[\s,.!;–—])(?:(?:mit\s+)?(?:viele[n]?|beste[n]?|liebe[n]?|sch(?:ö|oe)ne[n]?|herzliche[n]?|freundliche[n]?)\s+gr(?:ü|ue)(?:ß|ss)en?|vg|lg|mfg|bg|gr(?:ü|ue)(?:ß|ss)e|gru(?:ß|ss)|(?:(?:danke|dank|thanks)\s+(?:und|and|&)\s+(?:viele\s+)?(?:gru(?:ß|ss)|gr(?:ü|ue)(?:ß|ss)e|regards))|(?:vielen|besten|herzlichen)\s+dank|danke(?:\s+(?:ihnen|dir|euch|sch(?:ö|oe)n|sehr|vorab))?|thanks(?:\s+(?:a lot|again|so much))?|thank you|many thanks|cheers|(?:best|kind|warm)\s+regards|regards|br|thx))[,.!]*(?:\s+[\p{Lu}\x{e100}-\x{e2f3}][\p{L}.'’-]*){0,4}[\s.!]*$`)
)

// manners takes greeting, thanks, farewell and the own name away.
func (r *reading) manners(text string) string {
	for range 4 {
		before := text
		for _, m := range []*regexp.Regexp{greeting, thanks, label} {
			if rest := strings.TrimSpace(m.ReplaceAllString(text, "")); rest != "" {
				text = rest
			}
		}
		if rest := strings.TrimSpace(farewell.ReplaceAllString(text, "")); rest != "" {
			text = rest
		}
		if at := strings.LastIndexByte(text, '\n'); at > 0 && r.mine(text[at:]) {
			text = strings.TrimSpace(text[:at])
		}
		if text == before {
			break
		}
	}
	return text
}

// mine reports that a line is the writer's own name, or the initials of it.
func (r *reading) mine(line string) bool {
	line = strings.Trim(restore(line, nil, r.names.found), " \n.,-–—/")
	said := strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r == '.' || r == ',' })
	own := strings.FieldsFunc(titles.ReplaceAllString(r.Me, ""), unicode.IsSpace)
	if len(said) == 0 || len(own) == 0 || len(said) > 5 {
		return false
	}
	initials := ""
	for _, w := range own {
		first, _ := utf8.DecodeRuneInString(w)
		initials += string(first)
	}
	if len(said) == 1 && strings.EqualFold(said[0], initials) {
		return true
	}
	hit := false
	for _, w := range said {
		known := titles.MatchString(w+" ") || utf8.RuneCountInString(w) == 1
		for _, o := range own {
			if strings.EqualFold(w, o) {
				known, hit = true, true
			}
		}
		if !known {
			return false
		}
	}
	return hit
}
