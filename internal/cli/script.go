package cli

// script is what the demo's people say, in one language.
type script struct {
	newcomer string // what a stranger says at the front door

	legalQuestion, legalAnswer, sellerNote, buyerNote, internal string
	blocked, expected, pentest, reason                          string
	sharedTitle, draftTitle, decidedTitle, decided              string
	rollout, rolloutBack, lacks, supplied, away, document       string
	results                                                     map[string]string
}

var scripts = map[string]script{
	"de": {
		newcomer:      "Sarah Chen bat mich, die Technik mitzulesen.",
		legalQuestion: "Unsere Rechtsabteilung prüft nach dem Vier-Augen-Prinzip. Reichen sechs Arbeitstage?",
		legalAnswer:   "Von unserer Seite ja. Lena Vogt schickt vorab die Liste der abweichenden Klauseln.",
		sellerNote:    "Frau Dr. Brandt rechnet mit drei Jahren Laufzeit; die Annahmen dazu vorher noch einmal durchgehen.",
		buyerNote:     "Herr Reuter möchte ein zweites Angebot zum Vergleich sehen.",
		internal:      "Preisfreigabe bei der Vertriebsleitung einholen",
		blocked:       "Pentest-Bericht fehlt noch",
		expected:      "sobald der Bericht da ist, brauchen wir drei Tage",
		pentest:       "Der Bericht ist beim Prüfer in der Endabnahme. Ich melde mich, sobald er da ist.",
		reason:        "Unsere Rechtsabteilung ist mit zwei Ausschreibungen belegt.",
		sharedTitle:   "Gemeinsam klären, ob Acme Cloud die Disposition von Hansa trägt",
		draftTitle:    "Entscheiden, ob Südstahl mit Acme Cloud startet",
		decidedTitle:  "Entscheiden, ob Rheinwerk auf Acme Cloud umsteigt",
		decided:       "Die Erprobung hat in beiden Werken überzeugt.",
		rollout:       "Das zweite Werk braucht eine Begehung vor Ort.",
		rolloutBack:   "Ein Tag mehr geht, drei verschieben unseren Antrag.",
		lacks:         "Bei Kranbau Nord fehlt die Telefonnummer.",
		supplied:      "Nummer nachgereicht",
		away:          "auf Reisen",
		document:      "Business Case, 4 Seiten",
		results: map[string]string{"a2": "Liste mit zwölf Punkten, zwei davon neu", "a3": "Dokument mit Datenflüssen geschickt",
			"a5": "9 von 10 Störungen erkannt", "a6": "Drei Ansprechpartner genannt"},
	},
	"en": {
		newcomer:      "Sarah Chen asked me to read along on the technical side.",
		legalQuestion: "Our legal team always has two people review. Are six working days enough?",
		legalAnswer:   "Fine with us. Lena Vogt will send the list of unusual clauses beforehand.",
		sellerNote:    "Dr. Brandt calculates with a three-year term; go through those assumptions once more beforehand.",
		buyerNote:     "Tom would like to see a second offer to compare.",
		internal:      "Get the price approved by the head of sales",
		blocked:       "the penetration test report is missing",
		expected:      "once the report is here, we need three days",
		pentest:       "The report is with the auditor for final approval. I will tell you as soon as it is here.",
		reason:        "Our legal team is busy with two tenders.",
		sharedTitle:   "Find out together whether Acme Cloud can carry Hansa's dispatching",
		draftTitle:    "Decide whether Südstahl starts with Acme Cloud",
		decidedTitle:  "Decide whether Rheinwerk moves to Acme Cloud",
		decided:       "The trial convinced both plants.",
		rollout:       "The second plant needs a visit on site.",
		rolloutBack:   "One more day is fine, three would move our request.",
		lacks:         "The phone number at Kranbau Nord is missing.",
		supplied:      "Sent the number",
		away:          "travelling",
		document:      "Business case, 4 pages",
		results: map[string]string{"a2": "A list of twelve points, two of them new", "a3": "Sent the document with the data flows",
			"a5": "9 of 10 disruptions found", "a6": "Named three contacts"},
	},
}
