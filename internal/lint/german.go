package lint

import (
	"maps"
	"slices"
	"strings"
)

// germanVerb is a verb that says nothing about a result. A separable one is
// found as "ansehen" and as "sieht … an".
type germanVerb struct {
	class    class
	finite   string // third person
	particle string
}

// germanVerbs by infinitive.
var germanVerbs = germanVerbTable(map[class]string{
	review: `prüfen:prüft überprüfen:überprüft nachprüfen ansehen:sieht:an anschauen:schaut:an durchsehen:sieht:durch
		durchgehen:geht:durch durchlesen:liest:durch lesen:liest sichten:sichtet begutachten:begutachtet reviewen:reviewt
		checken:checkt gegenlesen:liest:gegen querlesen reinschauen:schaut:rein drüberschauen:schaut:drüber
		draufschauen:schaut:drauf nachsehen:sieht:nach betrachten:betrachtet bewerten:bewertet beurteilen:beurteilt
		analysieren:analysiert durchschauen:schaut:durch anlesen`,
	try: `evaluieren:evaluiert testen:testet ausprobieren:probiert:aus antesten validieren:validiert`,
	discuss: `besprechen:bespricht diskutieren:diskutiert abstimmen:stimmt:ab austauschen:tauscht:aus sprechen:spricht
		reden:redet durchsprechen:spricht:durch absprechen:spricht:ab beraten:berät alignen syncen erörtern:erörtert`,
	clarify: `klären:klärt abklären:klärt:ab herausfinden:findet:heraus nachdenken:denkt:nach überlegen:überlegt
		recherchieren:recherchiert eruieren:eruiert ausloten:lotet:aus`,
	support: `unterstützen:unterstützt begleiten:begleitet helfen:hilft betreuen:betreut supporten mithelfen:hilft:mit
		mitwirken:wirkt:mit`,
	chase: `nachfassen:fasst:nach nachhaken:hakt:nach dranbleiben:bleibt:dran weiterverfolgen:verfolgt:weiter
		nachfragen:fragt:nach melden:meldet verfolgen:verfolgt`,
	handle: `kümmern:kümmert bearbeiten:bearbeitet vorantreiben:treibt:voran voranbringen:bringt:voran
		koordinieren:koordiniert managen:managt handhaben erledigen:erledigt regeln:regelt arbeiten:arbeitet
		befassen:befasst beschäftigen:beschäftigt angehen:geht:an weiterführen:führt:weiter fortführen:führt:fort
		steuern:steuert optimieren:optimiert begleichen handeln`,
	involve: `einbinden:bindet:ein involvieren:involviert einbeziehen:bezieht:ein beteiligen:beteiligt abholen:holt:ab
		mitnehmen:nimmt:mit sensibilisieren:sensibilisiert`,
})

func germanVerbTable(lists map[class]string) map[string]germanVerb {
	table := map[string]germanVerb{}
	for class, list := range lists {
		for _, entry := range strings.Fields(list) {
			parts := append(strings.Split(entry, ":"), "", "")
			table[parts[0]] = germanVerb{class, parts[1], parts[2]}
		}
	}
	return table
}

// germanFinite are the same verbs by their third person, separable ones first.
var germanFinite = func() map[string][]germanVerb {
	table := map[string][]germanVerb{}
	for _, infinitive := range slices.Sorted(maps.Keys(germanVerbs)) {
		if v := germanVerbs[infinitive]; v.finite != "" {
			table[v.finite] = append(table[v.finite], v)
		}
	}
	for _, same := range table {
		slices.SortStableFunc(same, func(a, b germanVerb) int { return len(b.particle) - len(a.particle) })
	}
	return table
}()

var (
	// germanPurpose words give a vague verb its criterion: "auf Haftung prüfen".
	germanPurpose = words(`gegen anhand auf hinsichtlich ob dass wer wie welche welcher welches welchen wann was wo warum
		wieviel wofür schriftlich`)
	// germanResults after "mit" are what somebody gets.
	germanResults = words(`ergebnis ergebnissen rückmeldung feedback protokoll freigabe bericht entscheidung liste
		stellungnahme kommentaren empfehlung`)
	// notFinite end in t like a verb and are none.
	notFinite = words(`mit seit nicht jetzt statt samt sonst laut selbst insgesamt gesamt direkt erst fast oft zuletzt
		bereits jeweils fest bereit konkret`)
	// germanNominals end compounds that name an event, not a result.
	germanNominals = []string{"prüfung", "durchsicht", "sichtung", "begutachtung", "bewertung", "evaluierung",
		"abstimmung", "klärung", "unterstützung", "koordination", "begleitung", "validierung", "abgleich", "austausch"}
	// loanNominals do so in German, but begin an order in English.
	loanNominals = []string{"review", "check", "evaluation", "follow-up", "alignment", "assessment"}
	// germanBreaks end the part of a title that holds its head.
	germanBreaks = words(`der des von vom mit für nach zu zum zur im am an in über durch bei beim bis auf aus gegen
		und oder wegen vor`)
	// germanDefinite nouns are results by themselves, whatever stands beside.
	germanDefinite = pattern(`freigabe* *freigabe genehmigung* *genehmigung entscheidung* *entscheidung unterschrift*
		abnahme* *abnahme bestellung* *bestellung bericht* *bericht protokoll* *protokoll ergebnis* kick-off* termin* *termin
		treffen* *treffen workshop* *workshop sitzung* *sitzung`)
	adverbs = words(`intern gemeinsam nochmal nochmals noch kurz bitte einmal mal weiter weiterhin dann sich uns euch
		final abschließend vorab zusammen bilateral regelmäßig laufend aktiv eng sowie frühzeitig rechtzeitig schnell früh`)
	determiners = words(`der die das den dem des ein eine einen einem einer unser unsere unseren unserem unserer ihr ihre
		ihren alle allen diese diesen dieses`)
	leadIns = words(`um über zu zum zur bei beim mit an am auf von vom in im`)
)

// judgeGerman looks for a verb without a result, else for a bare noun.
func judgeGerman(t []token) (vague, bool) {
	if len(t) == 0 {
		return vague{}, false
	}
	clauses := germanClauses(t)
	if v, found := germanWeak(clauses); found {
		return v, true
	}
	if germanHasVerb(clauses) {
		return vague{}, false
	}
	if bareTopic(t) {
		return vague{class: topic, word: join(t), object: join(t)}, true
	}
	if englishStrong(t[0].low) || !germanNominal(t) {
		return vague{}, false
	}
	return vague{class: nominal, word: join(t), object: join(t)}, true
}

// germanClauses cuts at "und", commas and the like.
func germanClauses(t []token) [][]token {
	var out [][]token
	begin := 0
	for i, w := range t {
		if w.low == "und" || w.low == "&" || w.low == "sowie" || w.low == "oder" {
			out, begin = append(out, t[begin:i]), i+1
		} else if w.sep {
			out, begin = append(out, t[begin:i+1]), i+1
		}
	}
	return append(out, t[begin:])
}

// germanWeak is the title's vague verb, unless another clause, or a purpose,
// says what comes of it.
func germanWeak(clauses [][]token) (vague, bool) {
	var first vague
	found := false
	var before []token // objects joined by "und": "Vertrag und Angebot prüfen"
	for i, clause := range clauses {
		v, weak := germanClause(clause)
		switch {
		case weak:
			if !found {
				if v.class == discuss {
					v.object = cutAt(v.object, "mit")
				}
				v.object = strings.TrimSpace(joinObjects(before, v.object))
				first, found = v, true
			}
		case germanStrong(clause, i > 0):
			return vague{}, false
		default:
			before = append(before, clause...)
		}
		if germanPurposeIn(clause) || found && first.class == discuss && metSomebody(clause, "mit") {
			return vague{}, false
		}
	}
	return first, found
}

// cutAt leaves out with whom one talks: the owner and the other side are named
// in any case.
func cutAt(object, with string) string {
	t := tokens(object)
	for i, w := range t {
		if w.low == with {
			return join(t[:i])
		}
	}
	return object
}

func joinObjects(before []token, object string) string {
	if len(before) == 0 {
		return object
	}
	return strings.TrimSuffix(join(before), ",") + " und " + object
}

// germanClause finds a vague verb in one clause and what it is about.
func germanClause(t []token) (vague, bool) {
	for i, w := range t {
		if v, ok := germanVerbs[w.low]; ok && (!w.upper() || i == len(t)-1 && i == 0) {
			return vague{class: v.class, word: w.text, object: germanBare(t[:i])}, true
		}
		if w.upper() {
			continue
		}
		for _, v := range germanFinite[w.low] {
			rest, last := t[i+1:], token{}
			if len(rest) > 0 {
				last = rest[len(rest)-1]
			}
			if v.particle == "" && !separated(w.low, last.low) {
				return vague{class: v.class, word: w.text, object: germanBare(rest)}, true
			}
			if v.particle != "" && last.low == v.particle {
				return vague{class: v.class, word: w.text + " … " + last.text, object: germanBare(rest[:len(rest)-1])}, true
			}
		}
	}
	return vague{}, false
}

// separated says that a verb with this last word is another, separable verb:
// "meldet … an" is not "meldet".
func separated(finite, last string) bool {
	switch last {
	case "an", "ab", "ein", "aus", "frei", "vor", "zu", "durch", "nach", "mit", "weiter", "fest", "bei", "auf":
		return true
	}
	return false
}

// germanStrong says that a clause has a verb of its own that is not vague.
func germanStrong(t []token, later bool) bool {
	if len(t) == 0 {
		return false
	}
	if t[len(t)-1].infinitive() {
		return true
	}
	for i, w := range t {
		if finite(w) && (i > 0 || later) {
			return true
		}
	}
	return false
}

func finite(w token) bool {
	return !w.upper() && len(w.low) > 3 && strings.HasSuffix(w.low, "t") && !notFinite[w.low]
}

func germanHasVerb(clauses [][]token) bool {
	for i, c := range clauses {
		if germanStrong(c, i > 0) {
			return true
		}
	}
	return false
}

func germanPurposeIn(t []token) bool {
	for i, w := range t {
		if germanPurpose[w.low] && !(w.low == "auf" && i == len(t)-1) {
			return true
		}
		if w.low == "mit" && i+1 < len(t) && germanResults[t[len(t)-1].low] || w.low == "mit" && i+1 < len(t) && germanResults[t[i+1].low] {
			return true
		}
	}
	return false
}

// metSomebody says that a talk is with a person who is named.
func metSomebody(t []token, with string) bool {
	for i, w := range t {
		if w.low != with {
			continue
		}
		var name []string
		for _, n := range t[i+1:] {
			if n.upper() {
				name = append(name, n.text)
			} else if len(name) > 0 {
				break
			}
		}
		return len(name) > 1 && kindOfName(strings.Join(name, " ")) == personName
	}
	return false
}

// germanNominal says that the head of a title is an event without a result.
func germanNominal(t []token) bool {
	head := t
	for i, w := range t {
		if i > 0 && germanBreaks[w.low] {
			head = t[:i]
			break
		}
	}
	found := false
	for i, w := range head {
		parts := append(strings.Split(w.low, "-"), w.low)
		for _, p := range parts {
			if germanDefinite.fits(p) {
				return false
			}
			found = found || w.upper() && endsIn(p, germanNominals)
			found = found || w.upper() && endsIn(p, loanNominals) && (i > 0 || len(head) == 1)
		}
	}
	return found
}

func endsIn(w string, endings []string) bool {
	for _, e := range endings {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// germanBare is what a clause is about, without the words around it.
func germanBare(t []token) string {
	var kept []token
	for _, w := range t {
		if !adverbs[w.low] {
			kept = append(kept, w)
		}
	}
	if len(kept) > 1 && leadIns[kept[0].low] && kept[0].low != "mit" {
		kept = kept[1:]
		for len(kept) > 1 && determiners[kept[0].low] {
			kept = kept[1:]
		}
	}
	return join(kept)
}
