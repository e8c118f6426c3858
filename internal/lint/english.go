package lint

import "strings"

// englishVerbs are verbs and phrases that say nothing about a result.
var englishVerbs = englishVerbTable(map[class]string{
	review: `review|check|double-check|look at|look over|go through|go over|read|read through|examine|inspect|assess|
		analyze|analyse|vet|consider|take a look at|have a look at|look through|peruse`,
	try:     `evaluate|test|try|try out|validate|trial`,
	discuss: `discuss|talk about|talk through|talk|align|align on|sync|sync up|catch up|touch base|brainstorm|socialize|socialise|chat|speak|debrief`,
	clarify: `clarify|figure out|look into|think about|explore|investigate|find out|understand|research`,
	support: `support|help|assist|accompany|facilitate`,
	chase:   `follow up|follow up on|follow-up|chase|circle back|check in|check in with|reach out|reach out to|stay in touch|keep in touch|ping|nudge|get back to|follow up with`,
	handle:  `handle|manage|work on|take care of|deal with|drive|coordinate|progress|push|address|process|oversee|monitor|continue|optimize|optimise|look after`,
	involve: `involve|engage|loop in|include|get buy-in|get buy-in from|bring in|get in touch with`,
})

// englishVerbTable holds the words of each phrase by its first word, the
// longest phrases first.
func englishVerbTable(lists map[class]string) map[string][]englishVerb {
	table := map[string][]englishVerb{}
	for class, list := range lists {
		for _, phrase := range strings.Split(list, "|") {
			parts := strings.Fields(phrase)
			all := table[parts[0]]
			at := 0
			for at < len(all) && len(all[at].rest) >= len(parts)-1 {
				at++
			}
			all = append(all[:at:at], append([]englishVerb{{class, parts[1:]}}, all[at:]...)...)
			table[parts[0]] = all
		}
	}
	return table
}

type englishVerb struct {
	class class
	rest  []string // the words behind the first
}

var (
	// strongVerbs leave something behind.
	strongVerbs = words(`complete finish schedule book start begin kick initiate run hold conduct perform deliver provide
		send submit present sign approve grant confirm decide pass answer fill return share publish set install configure
		create write draft update introduce name appoint nominate arrange host invite order pay issue obtain get receive
		request select choose close agree define document list map calculate measure migrate train demo demonstrate show
		walk give comment respond reply report summarize summarise record note accept reject release award hand file
		upload collect gather build make prepare plan organise organize onboard launch deploy activate register verify
		identify determine negotiate finalize finalise redline mark escalate propose recommend estimate quote specify
		enable assign commission place raise secure execute countersign return sends tell bring attend join circulate`)
	englishPurpose = words(`against whether that for who how which what when where if written`)
	englishResults = words(`feedback result results sign-off minutes decision recommendation report comments notes`)
	englishModals  = words(`will to should must can shall needs may`)
	// englishNominals head titles that name an event, not a result.
	englishNominals = words(`review reviews check checks evaluation assessment alignment sync follow-up followup discussion
		catch-up clarification coordination screening vetting talks consultation support`)
	englishBreaks = words(`of for with by on in at from to about between regarding and or & before after`)
	// englishStates at the end say that something will have happened.
	englishStates = words(`done completed complete passed signed approved finished closed agreed confirmed received
		delivered accepted`)
	englishDeterminers = words(`the a an our your their its his her all any this each every these those both`)
	englishSmall       = words(`again internally jointly please quickly together regularly briefly once more also then up`)

	// topics are titles that name a subject and nothing that happens to it.
	topics = words(`legal recht rechtliches security sicherheit it vertrag verträge angebot preis preise preisgestaltung
		pricing budget procurement einkauf beschaffung technik technical technisches datenschutz privacy compliance integration
		daten data sonstiges diverses verschiedenes misc miscellaneous other various todo follow-up follow-ups followup
		next steps nächste schritte weiteres vorgehen termin meeting call besprechung telefonat intern internal internes update
		updates status dokumente documents unterlagen contract contracts proposal offer finance finanzen tbd offen open offene
		punkte points issues fragen questions themen topics stuff things kommunikation communication organisatorisches`)
)

// judgeEnglish looks for a verb without a result, else for a bare noun.
func judgeEnglish(t []token) (vague, bool) {
	if len(t) == 0 {
		return vague{}, false
	}
	if v, at, found := englishWeak(t); found {
		if englishResult(t, at, v.class) {
			return vague{}, false
		}
		return v, true
	}
	if englishStates[t[len(t)-1].low] || englishStrong(t[0].low) || englishActs(t[1:]) {
		return vague{}, false
	}
	if bareTopic(t) {
		return vague{class: topic, word: join(t), object: join(t)}, true
	}
	if englishNominal(t) {
		return vague{class: nominal, word: join(t), object: join(t)}, true
	}
	return vague{}, false
}

// englishWeak finds the vague verb that leads a title ("Review proposal"), or
// follows its subject ("IT will review the proposal", "IT reviews it").
func englishWeak(t []token) (v vague, at int, found bool) {
	for i := range t {
		base := t[i].low
		led := i == 0 || englishModals[t[i-1].low] && i > 1
		if !led {
			base = singular(base)
			if base == t[i].low || i == len(t)-1 || i > 0 && (t[0].upper() && englishStrong(t[0].low)) {
				continue
			}
		}
		for _, verb := range englishVerbs[base] {
			end := i + 1 + len(verb.rest)
			if end > len(t) || !samePhrase(t[i+1:end], verb.rest) {
				continue
			}
			if i == 0 && end < len(t) && t[end].low == "of" || i == 0 && nounAfter(t, end) {
				break // "Review of …", "Test report": a noun
			}
			object := englishBare(t[end:])
			if verb.class == discuss {
				object = cutAt(cutAt(object, "with"), "to")
			}
			return vague{class: verb.class, word: join(t[i:end]), object: englishAbout(object)}, end, true
		}
	}
	return vague{}, 0, false
}

// nounAfter says that the first word is no verb but the beginning of a
// compound: "Review meeting", "Test report", "Support plan".
func nounAfter(t []token, end int) bool {
	if end != 1 || len(t) < 2 {
		return false
	}
	switch t[len(t)-1].low {
	case "meeting", "session", "workshop", "call", "plan", "schedule", "kick-off", "date":
		return len(t) == 2
	case "completed", "complete", "done", "passed", "signed", "approved", "finished":
		return true
	}
	return false
}

func samePhrase(t []token, want []string) bool {
	for i, w := range want {
		if t[i].low != w {
			return false
		}
	}
	return true
}

// singular is the base form of "reviews", "checks", "discusses", "tries".
func singular(s string) string {
	switch {
	case strings.HasSuffix(s, "ies"):
		return strings.TrimSuffix(s, "ies") + "y"
	case strings.HasSuffix(s, "sses"), strings.HasSuffix(s, "ches"), strings.HasSuffix(s, "shes"):
		return strings.TrimSuffix(s, "es")
	case strings.HasSuffix(s, "ss"):
		return s
	}
	return strings.TrimSuffix(s, "s")
}

func englishStrong(w string) bool { return strongVerbs[w] || strongVerbs[singular(w)] }

// englishActs says that somebody does something that leaves a result behind:
// "Mara Klein completes the review".
func englishActs(t []token) bool {
	for _, w := range t {
		if base := singular(w.low); !w.upper() && base != w.low && strongVerbs[base] {
			return true
		}
	}
	return false
}

// englishResult says that the words behind a vague verb tell what comes of it.
func englishResult(t []token, from int, k class) bool {
	for i := from; i < len(t); i++ {
		w := t[i].low
		switch {
		case englishPurpose[w]:
			return true
		case w == "with" && i+1 < len(t) && (englishResults[t[i+1].low] || englishResults[t[len(t)-1].low]):
			return true
		case w == "in" && i+1 < len(t) && t[i+1].low == "writing":
			return true
		case (w == "and" || w == "&" || w == "then" || t[i].sep) && i+1 < len(t) && englishStrong(t[i+1].low):
			return true
		}
	}
	return k == discuss && metSomebody(t, "with")
}

func englishNominal(t []token) bool {
	head := t
	for i, w := range t {
		if i > 0 && englishBreaks[w.low] {
			head = t[:i]
			break
		}
	}
	return englishNominals[head[len(head)-1].low]
}

// bareTopic says that a title has no word but those of a subject.
func bareTopic(t []token) bool {
	if len(t) > 3 {
		return false
	}
	for _, w := range t {
		if !topics[w.low] && w.low != "&" && w.low != "und" && w.low != "and" && !determiners[w.low] && w.low != "the" {
			return false
		}
	}
	return true
}

// englishBare is what a clause is about, without the words around it.
func englishBare(t []token) string {
	var kept []token
	for _, w := range t {
		if !englishSmall[w.low] {
			kept = append(kept, w)
		}
	}
	return join(kept)
}

// englishAbout leaves out the preposition between a verb and its object.
func englishAbout(object string) string {
	t := tokens(object)
	for len(t) > 1 && (t[0].low == "on" || t[0].low == "with" || t[0].low == "about" || t[0].low == "to") {
		t = t[1:]
	}
	return join(t)
}
