package lint

import (
	"strings"
	"unicode"
)

// nameKind says what somebody wrote where a person's name belongs.
type nameKind int

const (
	noName     nameKind = iota // nothing, or a placeholder such as TBD
	personName                 // a human
	teamName                   // a team, a department, a company
	roleName                   // a function without a name
)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

var (
	// placeholders stand for a name that nobody has given yet.
	placeholders = words(`tbd tba tbc na nn n/a offen unklar unbekannt unknown open none keiner niemand nobody
		jemand someone somebody wer who folgt later später noch wird benannt benennen named nominated be to not
		known yet assigned unassigned zuzuweisen festzulegen decided confirmed xx xxx x name`)

	// titles before a word make it a name: "Dr. Legal" is a lawyer's surname.
	titles = words(`herr herrn frau fr mr mrs ms miss mx sir dr prof professor dipl ing dipl-ing mag mba
		rechtsanwalt rechtsanwältin ra rain attorney`)

	// collective words make a team of whatever stands beside them.
	collective = words(`team teams abteilung abt dept department departments gruppe group crew squad gremium
		ausschuss komitee committee board division referat taskforce kollegen kolleginnen colleagues leute people
		folks staff stakeholder stakeholders anwender user users`)

	// endings of German compounds that are collectives: Rechtsabteilung.
	collectiveEndings = []string{"team", "teams", "abteilung", "gruppe", "bereich", "gremium", "ausschuss", "department"}

	// units are words that name a part of a company, or a whole side, if no
	// word of a person's name stands beside them: "Legal", not "Anna Legal".
	units = words(`it edv ict legal recht jura einkauf beschaffung procurement purchasing sourcing vertrieb sales
		presales marketing finance finanzen finanz financial controlling buchhaltung accounting treasury hr personal
		personnel compliance security sicherheit it-sicherheit infosec informationssicherheit datenschutz privacy
		betriebsrat operations ops betrieb support service services helpdesk engineering entwicklung development dev
		devops produktion production logistik logistics qualität quality qs qa fachseite geschäftsführung
		geschäftsleitung management vorstand leadership executives aufsichtsrat bereich customer kunde kunden client
		clients lieferant vendor supplier anbieter partner käufer buyer buyers verkäufer seller sellers wir uns us we ihr
		sie you they both beide beides alle allen all everyone everybody jeder each side sides seite seiten tech technik
		technical business infrastructure infrastruktur platform product produkt projekt project pmo success
		professional consulting beratung beraten extern externe external intern internal global local zentral central
		key end end-user fachbereich fachabteilung fachanwender vertreter`)

	// roles are functions somebody has; without a name nobody has them.
	roles = words(`cfo ceo coo cio cto ciso cpo cro cmo cdo gf vp svp evp head lead leiter leiterin leitung director
		manager managerin officer counsel chief president geschäftsführer geschäftsführerin prokurist prokuristin
		projektleiter projektleiterin teamleiter teamleiterin abteilungsleiter abteilungsleiterin einkäufer einkäuferin
		jurist juristin lawyer account executive ae csm se engineer architect architekt architektin consultant berater
		beraterin champion sponsor owner ansprechpartner ansprechpartnerin contact verantwortlicher verantwortliche
		responsible sachbearbeiter sachbearbeiterin administrator admin dpo dsb datenschutzbeauftragter
		datenschutzbeauftragte rechtsanwalt rechtsanwältin senior junior assistant assistenz solution specialist analyst`)

	// between words of a name or team, meaning nothing themselves.
	fillers = words(`der die das des dem den von vom für im in und oder the of for and or at a an bei zu zum zur am aus plus`)
)

// kindOfName tells a human's name from everything else that spreadsheets have
// in that column. Words of the companies' own names count as units. In doubt
// it is a person: a wrong "this is no person" is an insult.
func kindOfName(name string, organisations ...string) nameKind {
	if placeholders[strings.ToLower(strings.TrimSpace(name))] {
		return noName
	}
	own := map[string]bool{}
	for _, o := range organisations {
		for _, w := range nameWords(o) {
			own[w] = true
		}
	}
	found := map[nameKind]bool{}
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(",;()[]|/–—:\n", r) }) {
		found[kindOfPart(nameWords(part), own)] = true
	}
	for _, k := range []nameKind{personName, teamName, roleName} { // "Mara Klein (IT-Team)" is a person
		if found[k] {
			return k
		}
	}
	return noName
}

// kindOfPart judges the words between two commas.
func kindOfPart(part []string, own map[string]bool) nameKind {
	var strange, titled, unit, role, collectives int
	for i, w := range part {
		switch {
		case isCollective(w):
			collectives++
		case titles[w] && i+1 < len(part):
			titled++
		case titled > 0 && !fillers[w]:
			strange++ // whatever follows a title is a name
		case units[w] || own[w]:
			unit++
		case roles[w]:
			role++
		case placeholders[w] || fillers[w] || isNumber(w):
		default:
			strange++
		}
	}
	switch {
	case collectives > 0:
		return teamName
	case strange > 0:
		return personName
	case role > 0:
		return roleName
	case unit > 0:
		return teamName
	}
	return noName
}

func isCollective(w string) bool {
	if collective[w] {
		return true
	}
	for _, ending := range collectiveEndings {
		if len(w) > len(ending)+1 && strings.HasSuffix(w, ending) {
			return true
		}
	}
	return false
}

func isNumber(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// nameWords are the lower-case words of a name, hyphenated ones in parts when
// one of them is a unit ("IT-Team"), else whole ("Karl-Heinz").
func nameWords(s string) []string {
	var out []string
	for _, w := range strings.Fields(strings.ToLower(s)) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		w = strings.ReplaceAll(w, ".", "")
		parts := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '&' || r == '+' })
		if !anyUnit(parts) {
			parts = []string{w}
		}
		for _, p := range parts {
			if p != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

func anyUnit(parts []string) bool {
	for _, p := range parts {
		if units[p] || isCollective(p) {
			return true
		}
	}
	return false
}

// kindOfName remembers: the same few names own all steps.
func (c *check) kindOfName(name string) nameKind {
	kind, known := c.kinds[name]
	if !known {
		kind = kindOfName(name, c.plan.Sides.Buyer.Organisation, c.plan.Sides.Seller.Organisation)
		c.kinds[name] = kind
	}
	return kind
}

func (c *check) isPerson(name string) bool { return c.kindOfName(name) == personName }
