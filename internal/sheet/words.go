package sheet

import (
	"slices"
	"strings"
	"unicode"

	"tandem/internal/planfile"
)

var letters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "ê", "e",
	"á", "a", "à", "a", "â", "a", "å", "a", "ç", "c", "ñ", "n", "ó", "o", "ô", "o", "í", "i", "î", "i", "ú", "u", "ø", "o",
	"#", " nr ", "№", " nr ", "%", " percent ", "✓", " yes ", "✔", " yes ", "☑", " yes ", "✅", " yes ", "☐", " no ", "✗", " no ", "❌", " no ")

// fold reduces a text to what two people would write alike: lower case, no
// umlauts and accents, words of letters and digits with one blank between.
func fold(s string) string {
	if s = strings.ToLower(s); !plainASCII(s) {
		s = letters.Replace(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

// plainASCII reports that there is nothing for letters to replace.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == '#' || s[i] == '%' {
			return false
		}
	}
	return true
}

// set makes a look-up of comma-separated folded words.
func set(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.SplitSeq(list, ",") {
		m[strings.TrimSpace(w)] = true
	}
	return m
}

// hasAny reports that one of the phrases stands in a folded text as whole
// words; a phrase that ends in * needs only its beginning to fit.
func hasAny(folded string, phrases []string) bool { return count(folded, phrases) > 0 }

func count(folded string, phrases []string) int {
	n := 0
	text := " " + folded + " "
	for _, p := range phrases {
		if stem, open := strings.CutSuffix(p, "*"); open {
			if strings.Contains(text, " "+stem) {
				n++
			}
		} else if strings.Contains(text, " "+p+" ") {
			n++
		}
	}
	return n
}

var (
	buyerWords = set("customer,client,buyer,prospect,kunde,kundin,kunden,kundenseite,auftraggeber,auftraggeberin,kaeufer,them,their side," +
		"customer side,client side,interessent,ihr,sie,you,buying team,kundin seite")
	sellerWords = set("us,we,our side,vendor,seller,supplier,provider,wir,uns,unsere seite,anbieter,lieferant,auftragnehmer,verkaeufer," +
		"dienstleister,hersteller,our team,internal,intern,selling team,vendor side")
	jointWords = set("both,joint,all,shared,mutual,together,everyone,both sides,both parties,both teams,beide,beide seiten,beide firmen,gemeinsam," +
		"alle,zusammen,b,b s,s b,kunde anbieter,anbieter kunde,joint team,all parties,jointly")
	unnamed = set("tbd,tba,tbc,offen,noch offen,open,nn,n n,n a,na,unklar,folgt,unknown,unbekannt,wer,who,noch zu klaeren,zu klaeren,to be decided,to be defined,to be confirmed,tbd tbd")
	noWords = set("keine,keiner,kein,none,no,nein,nil,n a,na,entfaellt,nichts,nothing")
)

// sideWord is the side a folded word names, or "".
func sideWord(folded string) planfile.Side {
	for _, article := range []string{"the ", "der ", "die ", "das "} {
		folded = strings.TrimPrefix(folded, article)
	}
	switch {
	case jointWords[folded]:
		return planfile.Joint
	case buyerWords[folded]:
		return planfile.Buyer
	case sellerWords[folded]:
		return planfile.Seller
	}
	return ""
}

// What a role or a step's wording says about the side that it belongs to.
var (
	sellerRoles = []string{"account executive", "account manager", "key account*", "ae", "sales*", "vertrieb*", "presales", "solution*", "solutions*",
		"customer success*", "csm", "implementation*", "onboarding*", "partner manager", "business development*", "sdr", "bdr", "consultant", "berater", "beraterin",
		"legal counsel vendor", "professional services", "deal desk", "value engineer*", "aussendienst"}
	buyerRoles = []string{"cfo", "cio", "cto", "coo", "ciso", "ceo", "einkauf*", "procurement*", "purchas*", "beschaffung*", "leiter*", "leitung*", "head of*",
		"vp operations", "vp it", "it manager", "it director", "director of*", "controlling*", "controller*", "finance*", "finanz*", "betriebsrat*", "datenschutz*",
		"data protection*", "dpo", "champion", "sponsor", "end user*", "fachbereich*", "projektleiter*", "geschaeftsfuehr*", "economic buyer", "it sicherheit", "works council"}
	sellerSteps = []string{"angebot*", "proposal*", "quote*", "demo*", "produktdemo*", "kundenreferenz*", "referenz*", "reference*", "pricing*", "preisgestaltung",
		"send contract", "vertragsentwurf", "draft contract", "provide*", "bereitstell*", "roi model", "deliver*", "architektur dokumentation", "soc 2", "redlines back", "order form"}
	buyerSteps = []string{"budget*", "freigabe*", "freigeben", "genehmig*", "beschaffung*", "procurement*", "purchase*", "kaufentscheidung*", "approve*", "approval*", "sign off*",
		"signoff", "security review", "sicherheitspruefung", "sicherheitsfragebogen*", "works council", "betriebsrat*", "purchase order", "bestellung*", "committee*", "gremium*", "ausschuss*",
		"vendor onboarding", "lieferantenanlage", "business case prueft", "stakeholder*", "internal*", "internes"}
)

// leaning is above 0 for the seller, below for the buyer.
func leaning(roles, steps []string) int {
	n := 0
	for _, r := range roles {
		n += 3 * (count(fold(r), sellerRoles) - count(fold(r), buyerRoles))
	}
	for _, s := range steps {
		n += count(fold(s), sellerSteps) - count(fold(s), buyerSteps)
	}
	return n
}

var legalForms = set("ag,gmbh,mbh,co,kg,se,ltd,limited,inc,llc,plc,corp,corporation,company,gruppe,group,holding,ohg,ev,ug,sarl,sa,bv,nv,ab,oy,as,the")

// sameOrganisation compares names as people shorten them: without legal form,
// and with all words of the shorter in the longer.
func sameOrganisation(a, b string) bool {
	x, y := core(a), core(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}

func core(name string) []string {
	all := strings.Fields(fold(name))
	words := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return legalForms[w] })
	if len(words) == 0 {
		return all
	}
	return words
}

// splitList cuts a cell that lists several things.
func splitList(s string, separators string) []string {
	for _, w := range []string{" und ", " and ", " sowie ", " & ", " + ", " with ", " mit "} {
		s = strings.ReplaceAll(s, w, "\n")
	}
	var parts []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || strings.ContainsRune(separators, r) }) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

var germanWords = []string{"und", "der", "die", "das", "verantwortlich", "faellig", "erledigt", "offen", "bis", "aktivitaet", "aufgabe", "massnahme", "schritt",
	"firma", "kunde", "beginn", "notizen", "bemerkung", "wer", "was", "wann", "termin", "pruefen", "fuer", "mit", "im", "vom", "zum", "ist", "in arbeit", "titel", "rolle",
	"anbieter", "beide", "nach", "angebot", "dauer", "vertrag", "freigabe", "entscheidung"}
var englishWords = []string{"and", "the", "of", "owner", "due", "done", "open", "task", "action", "activity", "company", "customer", "start", "notes", "comment",
	"who", "what", "when", "date", "review", "for", "with", "in", "on", "is", "in progress", "title", "role", "vendor", "both", "after", "proposal", "us", "to", "step",
	"duration", "contract", "approval", "decision", "by"}

// language is "de" or "en", by the words and letters of the table.
func language(g Grid) string {
	score := 0
	for i, r := range g.Rows {
		if i == 200 {
			break
		}
		for _, c := range r.Cells {
			f := fold(c.Text)
			score += count(f, germanWords) - count(f, englishWords)
			if strings.ContainsAny(c.Text, "äöüÄÖÜß") {
				score++
			}
		}
	}
	if score > 0 {
		return "de"
	}
	return "en"
}
