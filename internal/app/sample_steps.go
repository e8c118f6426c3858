package app

import "tandem/internal/planfile"

// steps are the seventeen steps of the sample and what they wait for.
func (b *sample) steps() {
	b.past()
	b.ahead()
	for _, l := range [][2]string{{"a1", "a3"}, {"a2", "a5"}, {"a3", "a5"}, {"a3", "a7"}, {"a5", "a8"}, {"a8", "a10"}, {"a8", "a11"}, {"a7", "a12"},
		{"a11", "a13"}, {"a10", "a15"}, {"a13", "a15"}, {"a12", "a15"}, {"a15", "a16"}, {"a16", "a17"}} {
		b.plan.Links = append(b.plan.Links, planfile.Link{From: l[0], To: l[1], Type: "FS"})
	}
}

// past are the steps that lie behind: done, but for one that is blocked.
func (b *sample) past() {
	b.add(step{id: "a1", milestone: "m1", side: planfile.Joint, owner: "chen+martinez", due: b.day(-12), days: 2, with: done,
		german: "Ziele und heutigen Ablauf gemeinsam aufschreiben", english: "Write down the goals and today's process together"})
	b.add(step{id: "a2", milestone: "m1", side: planfile.Buyer, owner: "chen", due: b.day(-10), days: 2, with: done,
		german: "Liste der zwölf Muss-Anforderungen an Acme senden", english: "Send Acme the list of the twelve must-have requirements"})
	b.add(step{id: "a3", milestone: "m2", side: planfile.Seller, owner: "natarajan", due: b.day(-8), days: 3, with: done,
		german: "Architekturdokument mit allen Datenflüssen senden", english: "Send the architecture document with all data flows"})
	b.add(step{id: "a4", milestone: "m2", side: planfile.Buyer, owner: "klein", due: b.day(-7), days: 1, with: done,
		german: "Testzugang für drei Arbeitsplätze einrichten", english: "Set up test access for three workplaces"})
	b.add(step{id: "a5", milestone: "m2", side: planfile.Seller, owner: "natarajan", due: b.day(-4), days: 2, with: done,
		german: "Testlauf mit zehn echten Störungen vorführen", english: "Run the trial on ten real disruptions",
		doneDe: "Protokoll mit Trefferquote liegt Sarah Chen vor", doneEn: "Sarah Chen has the report with the hit rate"})
	b.add(step{id: "a6", milestone: "m2", side: planfile.Seller, owner: "martinez", due: b.day(-2), days: 1, with: done,
		german: "Drei Referenzkunden aus dem Maschinenbau nennen", english: "Name three reference customers in mechanical engineering"})
	b.add(step{id: "a7", milestone: "m2", side: planfile.Buyer, owner: "klein", due: b.day(-1), days: 4,
		german: "Sicherheitsfragebogen durchgehen und Rückfragen an Acme senden", english: "Go through the security questionnaire and send Acme the questions",
		with: func(a *planfile.Action) {
			a.Status = planfile.Blocked
			a.StartedOn = b.day(-6)
			a.Expected = b.day(2)
			a.BlockedBecause = b.say("wartet auf den Pentest-Bericht von Acme", "waiting for Acme's penetration test report")
		}})
}

// ahead are the steps to come.
func (b *sample) ahead() {
	b.add(step{id: "a8", milestone: "m3", side: planfile.Seller, owner: "martinez", due: b.day(1), days: 2,
		german: "Angebot mit Preisen und Laufzeiten an Tom Reuter senden", english: "Send Tom Reuter the offer with prices and terms",
		with: func(a *planfile.Action) { a.Status, a.StartedOn = planfile.Started, b.day(-1) }})
	b.add(step{id: "a9", milestone: "m3", side: planfile.Joint, owner: "chen+martinez", due: b.day(3), days: 1,
		german: "Check-in: Rückfragen zu Sicherheit und Angebot beantworten", english: "Check-in: answer the open questions on security and the offer"})
	b.add(step{id: "a10", milestone: "m3", side: planfile.Buyer, owner: "brandt", due: b.day(6), days: 3,
		german: "Annahmen im Business Case bestätigen oder berichtigen", english: "Confirm or correct the assumptions in the business case",
		doneDe: "Schriftliche Rückmeldung zu jeder Annahme", doneEn: "Written answer to each assumption"})
	b.add(step{id: "a11", milestone: "m4", side: planfile.Buyer, owner: "roth", due: b.day(9), days: 6,
		german: "Vertragsbedingungen prüfen und Änderungswünsche an Lena Vogt senden", english: "Review the contract terms and send Lena Vogt the changes",
		doneDe: "Änderungswünsche liegen als markierter Text vor", doneEn: "Changes are marked in the text"})
	b.add(step{id: "a12", milestone: "m4", side: planfile.Buyer, owner: "klein", due: b.day(10), days: 2,
		german: "Freigabe der IT-Sicherheit erteilen", english: "Give the approval of IT security"})
	b.add(step{id: "a13", milestone: "m4", side: planfile.Seller, owner: "vogt", due: b.day(12), days: 2,
		german: "Überarbeiteten Vertragsentwurf an Jana Roth zurücksenden", english: "Return the revised draft contract to Jana Roth"})
	b.add(step{id: "a14", milestone: "m4", side: planfile.Seller, owner: "natarajan", due: b.day(13), days: 3,
		german: "Einführungsplan mit Terminen und Aufwand je Werk vorlegen", english: "Submit the rollout plan with dates and effort per plant"})
	b.add(step{id: "a15", milestone: "m4", side: planfile.Buyer, owner: "reuter", due: b.day(15), days: 2,
		german: "Beschaffungsantrag mit allen Unterlagen einreichen", english: "Hand in the purchase request with all documents"})
	b.add(step{id: "a16", milestone: "m4", side: planfile.Buyer, owner: "reuter", due: b.board, days: 1,
		german: "Freigabe im Freigabeausschuss einholen", english: "Obtain the approval of the approval board",
		with: func(a *planfile.Action) { a.Gate = "g1" }})
	b.add(step{id: "a17", side: planfile.Joint, owner: "chen+natarajan", due: b.after(b.decide, 4), days: 2,
		german: "Ersten Projekttag vorbereiten: Teilnehmende und Zugänge nennen", english: "Prepare the first project day: name participants and accesses"})
}

// risks are what may delay it.
func (b *sample) risks() {
	b.plan.Risks = []planfile.Risk{
		{ID: "r1", Title: b.say("Die Rechtsabteilung ist mit zwei Ausschreibungen belegt", "Legal is busy with two tenders"), Probability: 0.3,
			Impact: &planfile.Impact{Low: 2, Likely: 4, High: 8}, Owner: "roth", Actions: []string{"a11"},
			Mitigation: b.say("Lena Vogt schickt vorab eine Liste der abweichenden Klauseln.", "Lena Vogt sends a list of the unusual clauses beforehand.")},
		{ID: "r2", Title: b.say("Der Pentest-Bericht zeigt offene Mängel", "The penetration test report shows open findings"), Probability: 0.2,
			Impact: &planfile.Impact{Low: 3, Likely: 5, High: 10}, Owner: "natarajan", Actions: []string{"a7", "a12"},
			Mitigation: b.say("Priya Natarajan nennt zu jedem Mangel Frist und Ersatzmaßnahme.", "Priya Natarajan names a date and a stopgap for each finding.")},
	}
}
