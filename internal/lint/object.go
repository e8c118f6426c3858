package lint

import (
	"slices"
	"strings"
	"unicode"
)

// subject is something plans are about, with its plain name in both languages
// for a wording in the language the title is not in.
type subject struct {
	name   string
	de, en string
	words  wordPattern
}

// subjects in order: the first whose words fit counts.
var subjects = []subject{
	{"business-case", "den Business Case", "the business case", pattern("business-case business roi* wirtschaftlichkeit*")},
	{"privacy", "die Auftragsverarbeitung", "the data-processing agreement", pattern("avv dpa datenschutz* privacy dsgvo* gdpr tom toms auftragsverarbeitung*")},
	{"security", "die Sicherheitsunterlagen", "the security documents", pattern("sicherheit* *sicherheit security pentest* soc iso iso27001 tisax infosec")},
	{"contract", "den Vertrag", "the contract", pattern("vertrag* verträge* *vertrag *verträge contract* agreement* msa nda klausel* terms legal redline* agb rahmenvertrag*")},
	{"offer", "das Angebot", "the proposal", pattern("angebot* *angebot proposal* offer* quote* preis* pricing price* konditionen vorschlag* kommerziell*")},
	{"technical", "die technischen Unterlagen", "the technical documents", pattern("architektur* architecture* technisch* technical* schnittstelle* interface* integration* api* doku* documentation* infrastruktur* infrastructure*")},
}

// topicOf names the subject of an object, "any" if it is none of the known.
func topicOf(object string) string {
	if s := subjectOf(object); s != nil {
		return s.name
	}
	return "any"
}

func subjectOf(object string) *subject {
	w := titleWords(object)
	for i := range subjects {
		if subjects[i].words.in(w) {
			return &subjects[i]
		}
	}
	return nil
}

// object is what a title is about, as the object of a sentence in the plan's
// language.
func (c *check) object(v vague) string {
	if v.object == "" {
		return ""
	}
	if v.lang != c.lang {
		s := subjectOf(v.object)
		switch {
		case s == nil || v.class != review:
			return c.foreign(v.object)
		case c.lang == "de":
			return s.de
		}
		return s.en
	}
	if v.lang == "de" {
		return germanObject(tokens(v.object))
	}
	return englishObject(tokens(v.object))
}

// noun is the subject without an article, for "zum Thema …".
func (c *check) noun(v vague) string {
	t := tokens(v.object)
	for len(t) > 1 && (determiners[t[0].low] || englishDeterminers[t[0].low]) {
		t = t[1:]
	}
	if v.lang != c.lang {
		return c.foreign(join(t))
	}
	if v.lang == "en" && len(t) > 0 {
		t = lowered(t)
	}
	return join(t)
}

// foreign is words of the other language within a sentence of the plan's.
func (c *check) foreign(s string) string {
	if c.lang == "de" {
		return "„" + s + "“"
	}
	return "“" + s + "”"
}

// Accusative articles by the last word of a German noun; a compound has that
// of its last part. Of words that end alike, the longer counts.
var germanNouns = germanNounTable(map[string]string{
	"den": `vertrag entwurf fragebogen bericht plan preis case prozess vorschlag test report umfang bedarf anhang ablauf
		status scope zugang server avv pilot proof poc abgleich austausch termin katalog nachweis ansatz check
		datenraum raum stand`,
	"das": `angebot konzept dokument budget heft verzeichnis protokoll system produkt projekt paket feedback modell tool
		design setup zertifikat gutachten muster werk sla nda review follow-up thema ergebnis team material papier
		formular portal interface onboarding`,
	"die": `ung heit keit ion tät schaft ur ik ie enz anz doku liste demo roadmap software schnittstelle police
		analyse agenda unterlage it cloud api idee frage phase durchsicht unterlagen bedingungen konditionen
		anforderungen referenzen fragen verträge daten kosten preise dokumente angebote punkte schnittstellen klauseln agb
		ergebnisse ungen heiten keiten ionen täten schaften pläne berichte entwürfe systeme prozesse stakeholder lösung
		risiken nachweise zahlen details tests themen`,
})

type germanNoun struct{ ending, article string }

func germanNounTable(lists map[string]string) []germanNoun {
	var all []germanNoun
	for article, list := range lists {
		for _, ending := range strings.Fields(list) {
			all = append(all, germanNoun{ending, article})
		}
	}
	slices.SortFunc(all, func(a, b germanNoun) int {
		if len(a.ending) != len(b.ending) {
			return len(b.ending) - len(a.ending)
		}
		return strings.Compare(a.ending, b.ending)
	})
	return all
}

// articleFor is the accusative article of a noun, or empty if unknown.
func articleFor(noun string) string {
	for _, n := range germanNouns {
		if noun == n.ending || len(n.ending) > 2 && strings.HasSuffix(noun, n.ending) || len(n.ending) == 2 && len(noun) > 4 && strings.HasSuffix(noun, n.ending) && n.ending != "it" {
			return n.article
		}
	}
	return ""
}

// germanObject puts the article before a noun that stands alone, and leaves
// what has an adjective or article of its own as it is: "Angebot prüfen" has
// the right case already.
func germanObject(t []token) string {
	for i, w := range t {
		if w.low == "und" && i > 0 && i+1 < len(t) {
			return germanObject(t[:i:i]) + " und " + germanObject(t[i+1:])
		}
	}
	first := t[0]
	if determiners[first.low] {
		t[0].text = first.low
		return join(t)
	}
	head := t
	for i, w := range t {
		if i > 0 && germanBreaks[w.low] {
			head = t[:i]
			break
		}
	}
	if len(head) > 1 && adjective(first) && articleFor(first.low) == "" {
		t[0].text = lowerFirst(first.text)
		if strings.HasSuffix(first.low, "e") && endsIn(head[len(head)-1].low, []string{"ung", "ion", "heit", "keit", "durchsicht"}) {
			return "die " + join(t) // one feminine noun: "die technische Prüfung"
		}
		return join(t)
	}
	for _, w := range head {
		if !w.upper() {
			return join(t)
		}
	}
	last := head[len(head)-1].low
	if i := strings.LastIndexByte(last, '-'); i >= 0 && articleFor(last) == "" {
		last = last[i+1:]
	}
	if article := articleFor(last); article != "" {
		return article + " " + join(t)
	}
	return join(t)
}

// adjective says that a word looks like an adjective at a title's beginning.
func adjective(t token) bool {
	if !plainCapital(t.text) {
		return false
	}
	for _, ending := range []string{"e", "en", "es", "er"} {
		if strings.HasSuffix(t.low, ending) {
			return true
		}
	}
	return false
}

// plainCapital says that a word has its first letter as the only capital.
func plainCapital(s string) bool {
	for i, r := range s {
		if i > 0 && (unicode.IsUpper(r) || unicode.IsDigit(r)) || i == 0 && !unicode.IsUpper(r) {
			return false
		}
	}
	return s != ""
}

func lowerFirst(s string) string {
	r := []rune(s)
	r[0] = unicode.ToLower(r[0])
	return string(r)
}

// englishObject puts "the" before what has no article of its own.
func englishObject(t []token) string {
	if englishDeterminers[t[0].low] || strings.HasSuffix(t[0].low, "'s") || strings.HasSuffix(t[0].low, "’s") {
		t[0].text = lowerFirst(t[0].text)
		return join(t)
	}
	if units[t[0].low] && len(t) == 1 {
		return join(lowered(t)) // "procurement", "legal"
	}
	return "the " + join(lowered(t))
}

// commonEnglish words are no names: they lose a title's capitals within a
// sentence.
var commonEnglish = words(`vendor supplier proposal contract technical architecture commercial internal final draft
	stakeholder customer risk data solution product project implementation migration compliance financial budget
	procurement reference references requirements questions open next legal security privacy business documentation
	documents integration pricing price demo user users timeline scope team interface terms quote offer report questionnaire agreement case joint executive weekly monthly`)

func lowered(t []token) []token {
	out := slices.Clone(t)
	for i, w := range out {
		if plainCapital(w.text) && (commonEnglish[w.low] || englishNominals[w.low]) {
			out[i].text = w.low
		}
	}
	return out
}
