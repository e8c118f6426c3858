package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tandem/internal/planfile"
)

// class says what kind of vague words a title has; each class has its own
// rewording.
type class string

const (
	review  class = "review"  // look at something: to what end?
	try     class = "try"     // test something: against what?
	discuss class = "discuss" // talk about something: and then?
	clarify class = "clarify" // find out something: who gets the answer?
	support class = "support" // help: by doing what?
	chase   class = "chase"   // follow up, stay in touch
	handle  class = "handle"  // work on something, take care of it
	involve class = "involve" // bring somebody in: whom?
	nominal class = "nominal" // "security review": an event without a result
	topic   class = "topic"   // "legal": not even that
	hedge   class = "hedge"   // "as soon as possible"
)

// vague is what is vague about a title.
type vague struct {
	class  class
	word   string // the word or phrase that makes it so, as written
	object string // what the title is about, as written; may be empty
	lang   string // language the title was understood in
}

// judge says what is vague about a title, if anything. Titles that belong to
// neither language's words are read in the plan's language first.
func judge(title, planLang string) (vague, bool) {
	t := strings.TrimSpace(title)
	clean, hedged := unhedged(t)
	for _, lang := range readings(clean, planLang) {
		v, bad := vague{}, false
		if lang == "de" {
			v, bad = judgeGerman(tokens(clean))
		} else {
			v, bad = judgeEnglish(tokens(clean))
		}
		if bad {
			v.lang = lang
			return v, true
		}
	}
	if hedged != "" && clean != "" {
		return vague{class: hedge, word: hedged, object: clean, lang: planLang}, true
	}
	return vague{}, false
}

// readings are the languages to try on a title.
func readings(title, planLang string) []string {
	switch t := tokens(title); {
	case looksGerman(t):
		return []string{"de"}
	case looksEnglish(t):
		return []string{"en"}
	}
	if planLang == "de" {
		return []string{"de", "en"}
	}
	return []string{"en", "de"}
}

// guessLanguage is the language most of the titles are in; in doubt English.
func guessLanguage(titles []string) string {
	german, english := 0, 0
	for _, title := range titles {
		t := tokens(title)
		if looksGerman(t) {
			german++
		} else if looksEnglish(t) {
			english++
		}
	}
	if german > english {
		return "de"
	}
	return "en"
}

var (
	germanWords = words(`der die das den dem des und oder mit für von vom zu zum zur im am auf aus ein eine einen einem
		einer bei beim bis nach über durch wird nicht sich unser unsere unseren alle ihr ihre`)
	englishWords = words(`the of and or for with to on our your their by from at will is are all an up into about out`)
)

func looksGerman(t []token) bool {
	for i, w := range t {
		if germanWords[w.low] || strings.ContainsAny(w.low, "äöüß") {
			return true
		}
		if i > 0 && i == len(t)-1 && w.infinitive() {
			return true
		}
	}
	return false
}

func looksEnglish(t []token) bool {
	for _, w := range t {
		if englishWords[w.low] {
			return true
		}
	}
	return false
}

// token is one word of a title; sep marks a comma or a semicolon behind it.
type token struct {
	text, low string
	sep       bool
}

func tokens(title string) []token {
	var out []token
	for _, f := range strings.Fields(title) {
		trimmed := strings.Trim(f, ".,;:!?()[]\"'„“”»«…")
		if trimmed == "" || trimmed == "-" || trimmed == "–" {
			if len(out) > 0 {
				out[len(out)-1].sep = true
			}
			continue
		}
		out = append(out, token{trimmed, strings.ToLower(trimmed), strings.HasSuffix(f, ",") || strings.HasSuffix(f, ";")})
	}
	return out
}

// upper says that a word is written with a capital.
func (t token) upper() bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return unicode.IsUpper(r)
}

// infinitive says that a word looks like a German infinitive.
func (t token) infinitive() bool {
	if t.upper() || len(t.low) < 5 {
		return false
	}
	return strings.HasSuffix(t.low, "en") || strings.HasSuffix(t.low, "ern") || strings.HasSuffix(t.low, "eln")
}

func join(t []token) string {
	parts := make([]string, len(t))
	for i, w := range t {
		parts[i] = w.text
		if w.sep && i+1 < len(t) {
			parts[i] += ","
		}
	}
	return strings.Join(parts, " ")
}

// hedges promise a time or a scope without saying which.
var hedges = []string{
	"so schnell wie möglich", "so bald wie möglich", "sobald wie möglich", "as soon as possible", "at some point",
	"falls erforderlich", "falls nötig", "wenn möglich", "bei bedarf", "in kürze", "if necessary", "if possible",
	"when possible", "where possible", "if needed", "as needed", "when needed", "and so on", "schnellstmöglich",
	"baldmöglichst", "gegebenenfalls", "eventuell", "demnächst", "irgendwann", "eventually", "zeitnah", "shortly",
	"possibly", "maybe", "asap", "ggf", "evtl", "usw", "etc", "soon",
}

// unhedged is a title without its hedges, and the first of them as written.
func unhedged(title string) (clean, found string) {
	words := strings.Fields(title)
	for _, h := range hedges {
		parts := strings.Fields(h)
		for i := 0; i+len(parts) <= len(words); i++ {
			if !sameWords(words[i:i+len(parts)], parts) {
				continue
			}
			if found == "" {
				found = strings.Trim(strings.Join(words[i:i+len(parts)], " "), ",;()")
			}
			words = append(append([]string{}, words[:i]...), words[i+len(parts):]...)
			i--
		}
	}
	if found == "" {
		return title, ""
	}
	return strings.TrimRight(strings.Join(words, " "), " ,;&"), found
}

func sameWords(got, want []string) bool {
	for i, w := range want {
		if strings.Trim(strings.ToLower(got[i]), ".,;()") != w {
			return false
		}
	}
	return true
}

// vagueWording: "review proposal" is done when? Nobody can say, so nobody can
// say it is late either. Good wording names who gives what to whom; the check
// offers one. What counts as done may also stand in its own field.
func (c *check) vagueWording() {
	for _, a := range c.todo {
		if strings.TrimSpace(a.DoneWhen) != "" {
			continue
		}
		v, bad := judge(a.Title, c.lang)
		if !bad {
			continue
		}
		wording := c.reword(a, v)
		f := Finding{
			Severity: Warning, Item: a.ID, Field: "title",
			Message:    c.text("verb", "Word", v.word),
			Suggestion: c.text("suggestion", "Wording", wording),
			Fix:        &Fix{Field: "title", Text: wording},
		}
		if v.class == nominal || v.class == hedge || v.class == topic {
			f.Message = c.text(string(v.class), "Word", v.word)
		}
		if v.class == nominal || v.class == hedge {
			f.Severity = Advice
		}
		c.add(f)
	}
}

// reword offers a concrete title in the plan's language, from who has to do
// it, what it is about, and who needs the result.
func (c *check) reword(a *planfile.Action, v vague) Text {
	if v.class == hedge {
		return Text{Key: "lint.rewording.literal", Args: map[string]any{"Text": v.object}, Lang: c.lang}
	}
	who, whom := c.pair(a)
	key, object := string(v.class), c.object(v)
	switch low := strings.ToLower(v.object); {
	case object == "", low == "next steps", low == "nächste schritte", low == "weiteres vorgehen":
		key = "next"
	case v.class == review:
		key += "." + topicOf(v.object)
	}
	noun, about := c.noun(v), object
	if c.lang == "de" {
		about = noun // "zum Thema Preis", but "about the price"
	}
	return Text{
		Key:  "lint.rewording." + key,
		Args: map[string]any{"Who": who, "Whom": whom, "Object": object, "Noun": noun, "About": about},
		Lang: c.lang,
	}
}

// pair is who does a step and who on the other side waits for the result.
func (c *check) pair(a *planfile.Action) (who, whom any) {
	own := owners(a)
	who, whom = c.somebody(own[0]), nil
	if len(own) > 1 {
		return who, c.somebody(own[1])
	}
	other := planfile.Seller
	if a.Side == planfile.Seller {
		other = planfile.Buyer
	}
	return who, c.contact(other)
}

// somebody is the owner's name, or a gap to fill in.
func (c *check) somebody(o owner) any {
	if h, ok := c.named(o); ok {
		return h.Name
	}
	return Text{Key: "lint.rewording.name", Lang: c.lang}
}

// contact is the lead of a side, else the first person of it, else the company.
func (c *check) contact(s planfile.Side) any {
	if known, ok := c.contacts[s]; ok {
		return known
	}
	var found any = Text{Key: "lint.rewording.name", Lang: c.lang}
	if company := strings.TrimSpace(c.party(s).Organisation); company != "" {
		found = company
	}
	first := true
	for _, h := range c.plan.People {
		if h.Side == s && (first || h.Lead) && c.isPerson(h.Name) {
			found, first = h.Name, false
			if h.Lead {
				break
			}
		}
	}
	c.contacts[s] = found
	return found
}
