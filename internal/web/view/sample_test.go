package view

import (
	"fmt"
	"time"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// The plan of the drawings: Nordwerk and Acme, on Thursday 11 May 2028.
var sampleNow = time.Date(2028, time.May, 11, 10, 42, 0, 0, time.UTC)

func may(d int) civil.Day  { return civil.Of(2028, time.May, d) }
func june(d int) civil.Day { return civil.Of(2028, time.June, d) }

var (
	chen     = Person{ID: "chen", Name: "Sarah Chen", Side: Buyer, Role: "VP Operations"}
	klein    = Person{ID: "klein", Name: "Mara Klein", Side: Buyer}
	brandt   = Person{ID: "brandt", Name: "Dr. Ute Brandt", Side: Buyer, Role: "CFO"}
	roth     = Person{ID: "roth", Name: "Jana Roth", Side: Buyer, Role: "Rechtsabteilung"}
	reuter   = Person{ID: "reuter", Name: "Tom Reuter", Side: Buyer, Role: "Einkauf"}
	martinez = Person{ID: "martinez", Name: "John Martinez", Side: Seller, Role: "Account Executive", You: true}
	priya    = Person{ID: "priya", Name: "Priya Natarajan", Side: Seller}
)

func yes(p Person) []Owner { return []Owner{{Person: p, Committed: true}} }
func no(p Person) []Owner  { return []Owner{{Person: p}} }

// says picks the words of a language.
func says(l *locale.Locale, de, en string) string {
	if l.Lang == "de" {
		return de
	}
	return en
}

func samplePlan(lang string) *Plan {
	l := locale.For(lang).At(sampleNow, time.UTC)
	w := func(de, en string) string { return says(l, de, en) }
	p := &Plan{
		L: l, Base: "/plans/nordwerk", State: Agreed, Revision: 3, AgreedOn: civil.Of(2028, time.April, 28),
		Title:        w("Bis 24. Mai entscheiden, ob Acme Cloud zu Nordwerk passt", "Decide by 24 May whether Acme Cloud fits Nordwerk"),
		Buyer:        Party{Name: "Nordwerk AG", Short: "Nordwerk", Done: 5, Total: 9},
		Seller:       Party{Name: "Acme Cloud", Short: "Acme", Done: 5, Total: 7},
		DecideBy:     may(24),
		DecisionSeal: Seal{Buyer: true, Seller: true},
		Lead:         w("Der 24. Mai wackelt:", "24 May is at risk:"),
		Sentence: w("Der Sicherheitsfragebogen ist seit zwei Tagen blockiert. Entscheidungsreif voraussichtlich am 30. Mai.",
			"The security questionnaire has been blocked for two days. Expected to be ready for a decision on 30 May."),
		Reader:   Reading{Side: Seller, Person: "martinez", Address: w("Herr Martinez", "John"), Editable: true, May: PlanMoves{Propose: true, AddItem: true, AddPerson: true, AddGoal: true, AddRisk: true, AddMilestone: true, Pause: true, Decide: true, Leave: true, Share: true, Paste: true, EditTitle: true, Invite: true, Domains: true}},
		Tab:      TabPlan,
		Counts:   Counts{All: 16, Mine: 4, Blocked: 1, Waiting: 2, New: 1},
		Legal:    w("Dieser Plan hilft beiden Seiten beim Planen. Er begründet keine rechtliche Bindung.", "This plan helps both sides to plan. It creates no legal obligation."),
		Operator: "Acme Cloud",
		Version:  41,
		Milestones: []Milestone{
			{ID: "m1", Title: w("Technische Validierung", "Technical validation"), Date: may(8), Reached: true, Seal: Seal{Buyer: true, Seller: true}, Version: 3, Digest: "d-m1", MayEdit: true},
		},
		Gates: []GateDay{{ID: "g1", Text: w("Freigabeausschuss Nordwerk: jeden 2. Dienstag", "Nordwerk approval committee: every 2nd Tuesday"), First: may(23), Days: []civil.Day{may(23), june(6)}}},
	}
	p.Asks = []Ask{{Kind: AskProposal, ID: "pr1", By: "Sarah Chen", BySide: Buyer, MayAct: true, Expires: may(16), Version: 5, Digest: "d-pr1",
		Reason: w("Unsere Rechtsabteilung ist mit zwei Ausschreibungen belegt.", "Our legal department is busy with two tenders."),
		Note:   w("nächster Freigabeausschuss", "next approval committee"),
		Changes: []Change{
			{Item: w("Rechtsprüfung der Vertragsbedingungen", "Legal review of the terms"), Old: l.Date(may(18)), New: l.Date(may(26))},
			{Item: w("Beschaffungsprüfung", "Procurement review"), Old: l.Date(may(19)), New: l.Date(may(29))},
			{Item: w("Entscheidung", "Decision"), Old: l.Date(may(24)), New: l.Date(june(6))},
		}}}
	p.Items = sampleItems(w)
	p.People = samplePeople(l, w)
	p.Goals, p.Criteria, p.Risks = sampleGoals(w)
	p.History = sampleHistory(w)
	return p
}

func sampleItems(w func(de, en string) string) []Item {
	both := Seal{Buyer: true, Seller: true}
	sure := Seal{Buyer: true, Seller: true, Done: Confirmed}
	told := Seal{Buyer: true, Seller: true, Done: Reported}
	done := func(id string, side Side, title string, o Person, day int) Item {
		return Item{ID: id, Title: title, Side: side, Owners: yes(o), Milestone: "m1", Due: may(day), DoneOn: may(day), State: Over, Seal: sure, Version: 4, Rev: "4", Digest: "d-" + id}
	}
	items := []Item{
		done("a1", Seller, w("Technische Architektur-Dokumentation bereitstellen", "Provide the architecture documentation"), martinez, 2),
		done("a2", Buyer, w("Technisches Tiefentreffen mit dem IT-Team ansetzen", "Schedule the technical deep dive"), klein, 3),
		done("a3", Seller, w("Produktdemo für die Fachabteilung zeigen", "Show the product to the department"), priya, 4),
		done("a4", Buyer, w("Ansprechpartner je Standort benennen", "Name a contact per site"), chen, 4),
		done("a5", Buyer, w("Testdaten bereitstellen", "Provide test data"), klein, 5),
		done("a6", Seller, w("Testzugang einrichten", "Set up the trial access"), priya, 5),
		done("a7", Buyer, w("Anbindung an das Lager prüfen", "Check the warehouse connection"), klein, 8),
		done("a8", Seller, w("Offene technische Fragen schriftlich beantworten", "Answer the open technical questions in writing"), priya, 8),
		{ID: "a9", Title: w("Sicherheitsfragebogen prüfen, Rückfragen senden", "Check the security questionnaire, send questions"), Side: Buyer, Owners: yes(klein), Due: may(10), State: Blocked, WaitsFor: w("Pentest-Bericht (Acme)", "pentest report (Acme)"), Late: true, Seal: both, Version: 7, Rev: "7", Digest: "d-a9", Comments: 2},
		{ID: "a10", Title: w("Drei Kundenreferenzen nennen", "Name three customer references"), Side: Seller, Owners: yes(martinez), Due: may(10), DoneOn: may(9), State: Over, Seal: told, Version: 3, Rev: "3", Digest: "d-a10"},
		{ID: "a11", Title: w("Angebotsentwurf mit Preisen einreichen", "Submit the draft offer with prices"), Side: Seller, Owners: yes(martinez), Due: may(12), State: Started, Seal: both, Mine: true, Quick: QuickReport, Version: 9, Rev: "9", Digest: "d-a11"},
		{ID: "a12", Title: w("CFO prüft Business Case, Rückmeldung zu den ROI-Annahmen", "CFO checks the business case, feedback on the ROI assumptions"), Side: Buyer, Owners: no(brandt), Due: may(15), State: Open, Seal: both, Signs: []string{w("ab 14. Mai auf Reisen", "travelling from 14 May")}, Version: 2, Rev: "2", Digest: "d-a12"},
		{ID: "a13", Title: w("Sicherheit und Angebot gemeinsam durchgehen", "Go through security and offer together"), Side: Joint, Owners: append(yes(chen), yes(martinez)...), Due: may(16), State: Open, Seal: both, Version: 1, Rev: "1", Digest: "d-a13"},
		{ID: "a14", Title: w("Rechtsprüfung der Vertragsbedingungen", "Legal review of the terms"), Side: Buyer, Owners: yes(roth), Due: may(18), Proposed: may(26), InTalks: true, State: Open, Seal: both, Version: 5, Rev: "5", Digest: "d-a14"},
		{ID: "a15", Title: w("Beschaffungsprüfung einleiten", "Start the procurement review"), Side: Buyer, Owners: yes(reuter), Due: may(19), Proposed: may(29), InTalks: true, State: Open, Seal: Seal{Buyer: true}, After: []string{w("Rechtsprüfung", "legal review")}, Version: 4, Rev: "4", Digest: "d-a15"},
		{ID: "a16", Title: w("Einführungsplan vorlegen", "Present the rollout plan"), Side: Seller, Owners: yes(priya), Due: may(19), Proposed: may(29), State: Open, Seal: Seal{Seller: true}, New: true, Version: 4, Rev: "4", Digest: "d-a16"},
		{ID: "a17", Title: w("Einführungsplanung beginnen", "Begin the rollout planning"), Side: Joint, State: Open, DateOpen: true, Version: 1, Rev: "1", Digest: "d-a17"},
	}
	return items
}

func samplePeople(l *locale.Locale, w func(de, en string) string) []Member {
	members := []Member{
		{Person: chen, Email: "sarah.chen@nordwerk.example", Owns: w("hält das Projekt zusammen", "keeps the project together"), Right: RightLead, Steps: 3, Version: 1},
		{Person: klein, Email: "mara.klein@nordwerk.example", Owns: w("IT-Sicherheit", "IT security"), Right: RightContributor, Steps: 5, Version: 1},
		{Person: brandt, Email: "ute.brandt@nordwerk.example", Right: RightContributor, Steps: 1, Version: 2, Absences: []Absence{{ID: "ab1", From: may(14), To: june(2), Note: w("auf Reisen", "travelling")}}},
		{Person: roth, Right: RightContributor, Steps: 1, Version: 1},
		{Person: reuter, Right: RightContributor, Steps: 1, Version: 1},
		{Person: martinez, Email: "john.martinez@acme.example", Right: RightLead, Steps: 4, Version: 1, MayEdit: true, MayRights: true, MayInvite: true, MayHand: true, MayWithdraw: true, MayEnd: true},
		{Person: priya, Email: "priya@acme.example", Right: RightEditor, Steps: 5, Version: 1, MayEdit: true, MayRights: true, MayRemove: true, Absences: []Absence{{ID: "ab2", From: june(5), To: june(9)}}},
		{Person: Person{ID: "new", Name: "Kim Adler", Side: Seller}, Email: "kim@acme.example", Door: w("Adresse noch nicht bestätigt", "address not confirmed yet"), DoorOpen: true, Note: w("Ich lese die Technik mit.", "I read along on the technical side."), Waiting: true, Version: 1, MayLetIn: true},
		{Person: Person{ID: "listed", Name: "Lena Vogt", Role: "Legal Counsel", Side: Seller}, Listed: true, Version: 1, MayRights: true, MayRelease: true, MayName: true},
	}
	return members
}

func sampleGoals(w func(de, en string) string) ([]Goal, []Criterion, []Risk) {
	goals := []Goal{
		{ID: "go1", Side: Buyer, Text: w("Störungen im Lager bis Herbst halbieren, ohne die Leitstelle neu aufzubauen.", "Halve the warehouse incidents by autumn without rebuilding the control room."), Seal: Seal{Buyer: true, Seller: true}, Version: 1, Digest: "d-go1"},
		{ID: "go2", Side: Seller, Text: w("Einen ersten Kunden im Maschinenbau gewinnen, der mit uns darüber spricht.", "Win a first customer in mechanical engineering who will talk about it."), Seal: Seal{Seller: true}, Version: 2, Digest: "d-go2", MayEdit: true},
	}
	criteria := []Criterion{
		{ID: "c1", Text: w("Bis 24. Mai liegt alles vor, um sicher zu entscheiden, so oder so.", "By 24 May everything is there to decide with confidence, either way."), By: may(24), Seal: Seal{Buyer: true, Seller: true}, Version: 1, Digest: "d-c1"},
		{ID: "c2", Text: w("Testlauf mit Echtdaten: 8 von 10 erkannt", "Trial with real data: 8 of 10 found"), By: may(10), Seal: Seal{Seller: true}, Version: 1, Digest: "d-c2", MayEdit: true},
	}
	risks := []Risk{
		{ID: "r1", Title: w("Frau Dr. Brandt ist drei Wochen auf Reisen", "Dr Brandt travels for three weeks"), Probability: 0.6, Low: 3, Likely: 9, High: 15, Mitigation: w("Termin auf den 12. Mai vorziehen oder Vertretung benennen", "Move the date up to 12 May or name a stand-in"), Owner: chen, Steps: []Ref{{ID: "a12", Title: w("CFO prüft Business Case", "CFO checks the business case")}}, Version: 1, MayEdit: true},
		{ID: "r2", Title: w("Freigabeausschuss tagt nur alle zwei Wochen", "The committee meets only every two weeks"), Probability: 0.3, Low: 10, Likely: 10, High: 10, Owner: reuter, Version: 1},
	}
	return goals, criteria, risks
}

func sampleHistory(w func(de, en string) string) []Entry {
	return []Entry{
		{Seq: 57, When: sampleNow.Add(-20 * time.Minute), Side: Seller, Text: w("Sie haben „Drei Kundenreferenzen nennen“ als erledigt gemeldet.", "You reported “Name three customer references” as done."), Item: "a10", Undo: &Undo{Action: "/plans/nordwerk/items/a10/undo", Version: 3}},
		{Seq: 56, When: sampleNow.Add(-3 * time.Hour), Side: Buyer, Text: w("Sarah Chen hat vorgeschlagen, die Rechtsprüfung vom 18. auf den 26. Mai zu verschieben.", "Sarah Chen proposed to move the legal review from 18 to 26 May."), Why: w("Unsere Rechtsabteilung ist mit zwei Ausschreibungen belegt.", "Our legal department is busy with two tenders."), Item: "a14"},
		{Seq: 55, When: sampleNow.Add(-30 * time.Hour), Side: Buyer, Text: w("Mara Klein ist blockiert: wartet auf den Pentest-Bericht.", "Mara Klein is blocked: waiting for the pentest report."), Item: "a9"},
	}
}

// sampleOf is the plan with n steps, as a large one would be.
func sampleOf(lang string, n int) *Plan {
	p := samplePlan(lang)
	base := p.Items
	p.Items = nil
	if n <= 5 {
		p.Items = base[10 : 10+n]
		p.Milestones, p.Gates, p.Asks, p.Goals, p.Criteria, p.Risks = nil, nil, nil, nil, nil, nil
		p.Counts = Counts{All: n, Mine: 1}
		p.Sentence, p.Lead = says(p.L, "Fünf Schritte bis zur Entscheidung; der nächste ist Ihrer, am 12. Mai.", "Five steps to the decision; the next one is yours, on 12 May."), ""
		return p
	}
	stones := []string{"Technische Validierung", "Business Case freigegeben", "Sicherheit und Recht", "Freigabe", "Vertrag"}
	p.Milestones = nil
	for i, s := range stones {
		p.Milestones = append(p.Milestones, Milestone{ID: fmt.Sprintf("m%d", i+1), Title: s, Date: may(5) + civil.Day(14*i), Reached: i == 0, Seal: Seal{Buyer: true, Seller: true}})
	}
	p.DecideBy = may(5) + 70
	for i := range n {
		it := base[i%len(base)]
		if i%len(base) == 16 && i > 16 {
			it = base[12]
		}
		it.ID = fmt.Sprintf("s%d", i)
		it.Milestone = ""
		if !it.Due.IsZero() {
			it.Due = civil.Of(2028, time.April, 24) + civil.Day(70*i/n)
			for w := it.Due.Weekday(); w == time.Saturday || w == time.Sunday; w = it.Due.Weekday() {
				it.Due++
			}
			it.Proposed, it.InTalks = 0, false
			past := it.Due < may(10)
			switch {
			case past:
				it.State, it.DoneOn, it.Quick, it.Late, it.Mine, it.Seal = Over, it.Due, NoQuick, false, false, Seal{Buyer: true, Seller: true, Done: Confirmed}
			case it.State == Over:
				it.State, it.DoneOn, it.Seal.Done = Open, 0, NotDone
			}
			it.Late = it.Late && it.Due < may(11)
		}
		p.Items = append(p.Items, it)
	}
	p.Counts = Counts{All: n, Mine: n / 5, Blocked: n / 16, Waiting: 2, New: 1}
	return p
}

func samplePage(p *Plan) *Page {
	l := p.L
	return &Page{
		L: l, Name: "plan-" + string(p.Tab), Title: p.Title, Here: p.Base, Keys: true,
		Nav:      []Link{{Href: "/mine", Label: says(l, "Meine Schritte", "My steps")}, {Href: "/plans", Label: says(l, "Alle Pläne", "All plans")}},
		Actions:  []Link{{Href: p.Base + "/take", Label: says(l, "Mitnehmen", "Take away")}, {Href: p.Base + "/share", Label: says(l, "Einladen", "Invite"), Sheet: true}},
		Reader:   &Reader{Person: martinez, Leave: "/leave"},
		Presence: &Presence{People: []Person{chen, martinez}, Text: says(l, "beide gerade hier", "both here now")},
		Live:     &Live{URL: p.Base + "/live", Seq: "57"},
	}
}

// sampleDetail is the blocked step, as its owner's side's lead sees it with
// every move there is, so that every form is rendered.
func sampleDetail(p *Plan) *Detail {
	l := p.L
	w := func(de, en string) string { return says(l, de, en) }
	it := &p.Items[8]
	return &Detail{
		Item: it, DoneWhen: w("Alle Rückfragen sind beantwortet und die IT-Sicherheit hat schriftlich freigegeben.", "All questions are answered and IT security has released it in writing."),
		Stood:  []Stood{{Side: Buyer, By: "Sarah Chen", On: civil.Of(2028, time.April, 28)}, {Side: Seller, By: "John Martinez", On: civil.Of(2028, time.April, 28)}},
		Before: []Ref{{ID: "a1", Title: p.Items[0].Title, Done: true}},
		Then:   []Ref{{ID: "a12", Title: p.Items[11].Title, Note: w("1 Arbeitstag danach", "1 working day later")}},
		Add:    &AddDocument{Max: 25, Own: "Nordwerk", Other: "Acme", Operator: "Acme Hosting", MayKeep: true, Replaces: []Option{{Value: "doc1", Label: "Business Case"}}},
		Reads: []Document{{ID: "doc1", Title: says(p.L, "Business Case, 4 Seiten", "Business case, 4 pages"), Href: "https://files.acme.example/case.pdf", Host: "files.acme.example",
			By: Person{ID: "martinez", Name: "John Martinez", Side: Seller}, From: "Acme", On: may(9), MayRemove: true}},
		Comments: []Comment{
			{ID: "k1", By: klein, When: sampleNow.Add(-26 * time.Hour), Text: w("Der Pentest-Bericht vom letzten Jahr genügt uns nicht; wir brauchen den vom März.", "Last year's pentest report is not enough; we need the one of March.")},
			{ID: "k2", By: martinez, When: sampleNow.Add(-2 * time.Hour), Text: w("Kommt heute.\nIch habe ihn gerade freigeben lassen.", "Coming today.\nI have just had it released.")},
		},
		Notes:   []Comment{{ID: "n1", By: priya, When: sampleNow.Add(-5 * time.Hour), Text: w("Bericht liegt bei unserer Rechtsabteilung, Schwärzung bis Mittag.", "The report is with our legal team, redacted by noon.")}},
		History: sampleHistory(w)[2:],
		Timing: &Timing{MayAsk: true, MaySet: true, Slack: w("kein Puffer", "no days to spare"), Set: Workload{Days: "5", Gates: []Option{{Value: "g1", Label: "Ausschuss"}}},
			Why:       []Reason{{Text: []string{w("„Angebot“ endet am 9. Mai.", "“Offer” ends on 9 May.")}}},
			Conflicts: []Conflict{{Text: w("Es fehlt ein Arbeitstag.", "One working day is missing."), Ways: []Link{{Href: p.Base + "/what-if", Label: w("Kürzen", "Shorten"), Sheet: true}}}}},
		Advice: []Advice{{Text: w("„Prüfen“ sagt nicht, wann es getan ist.", "“Check” does not say when it is done."), Suggestion: w("IT-Sicherheit gibt den Fragebogen schriftlich frei", "IT security releases the questionnaire in writing")}},
		May:    ItemMoves{Stand: true, Commit: true, AskDate: true, HandOver: true, NotMine: true, Edit: true, Propose: true, Expect: true, Earlier: true, Start: true, Report: true, Confirm: true, Dispute: true, Block: true, Unblock: true, Remove: true, ProposeRemoval: true, Link: true, Comment: true, Note: true},
		Undo:   &Undo{Version: 7},
	}
}

// sampleShared is the plan before the agreement, where everything is edited
// in place.
func sampleShared(lang string) *Plan {
	p := samplePlan(lang)
	p.State, p.Revision, p.AgreedOn = Shared, 0, 0
	p.Reader.May.Propose = false
	p.Reader.May.Accept = true
	p.DecisionSeal = Seal{Seller: true}
	p.Lead, p.Sentence = "", says(p.L, "Zwei Dinge fehlen noch, dann können beide zustimmen.", "Two things are missing before both can accept.")
	p.Asks = []Ask{
		{Kind: AskAccept, MayAct: true, Accepted: says(p.L, "Sarah Chen hat dem Plan zugestimmt.", "Sarah Chen has accepted the plan."), Missing: []Missing{
			{Text: says(p.L, "„Einführungsplanung beginnen“ hat noch keine Verantwortlichen", "“Begin the rollout planning” has no owners yet"), Href: p.Base + "?item=a17", Who: says(p.L, "beide", "both")},
			{Text: says(p.L, "„Einführungsplan vorlegen“ hat noch keinen Termin", "“Present the rollout plan” has no date yet"), Who: "Acme"},
		}},
		{Kind: AskNewcomer, ID: "new", Title: "Kim Adler", Note: "kim@acme.example", MayAct: true, Version: 1},
		{Kind: AskCommit, ID: "a11", By: "Sarah Chen", Title: p.Items[10].Title, Due: may(12), MayAct: true, Version: 9, Digest: "d-a11"},
		{Kind: AskNew, Count: 1, Seen: []string{"a18=d-a18"}, Missing: []Missing{{Text: "Projektauftakt", Who: "Tom Reuter"}}, MayAct: true},
		{Kind: AskProposal, ID: "pr2", By: "John Martinez", BySide: Seller, Own: true, MayAct: true, Version: 2, Digest: "d-pr2", Expires: may(20), Changes: []Change{{Item: says(p.L, "Einführungsplan", "Rollout plan"), Field: says(p.L, "Titel", "title"), Old: "A", New: "B"}}},
	}
	for i := range p.Items {
		p.Items[i].InTalks, p.Items[i].Proposed = false, 0
	}
	p.Goals[0].Seal, p.Criteria[0].Seal, p.Milestones[0].Seal = Seal{Buyer: true}, Seal{Buyer: true}, Seal{Buyer: true}
	return p
}

func sampleState(lang string, s PlanState) *Plan {
	p := samplePlan(lang)
	p.State = s
	p.Reader.May = PlanMoves{}
	p.Asks = nil
	switch s {
	case Paused:
		p.Asks = []Ask{{Kind: AskPaused, By: "Sarah Chen", Reason: says(p.L, "Budgetrunde im Juni.", "Budget round in June."), Due: june(12), MayAct: true}}
		p.Reader.May = PlanMoves{Resume: true, Leave: true}
	case Decided:
		p.Outcome = "yes"
		p.Asks = []Ask{{Kind: AskDecided, Note: says(p.L, "Sarah Chen hat es am 24. Mai eingetragen.", "Sarah Chen recorded it on 24 May."), MayAct: true}}
	case Left:
		p.Asks = []Ask{{Kind: AskLeft, By: "Nordwerk AG"}}
	case Draft:
		p.Revision = 0
		p.Items, p.Milestones, p.Gates, p.DecideBy, p.Lead, p.Sentence = nil, nil, nil, 0, "", ""
		p.Counts, p.Buyer.Total, p.Seller.Total = Counts{}, 0, 0
		p.Reader.May = PlanMoves{AddItem: true, AddGoal: true, Paste: true, Share: true, EditTitle: true, AddPerson: true}
	}
	return p
}

// sampleSheet is a sheet with everything in it.
func sampleSheet(p *Plan, kind string) *Sheet {
	s := &Sheet{Kind: kind}
	switch kind {
	case "accept":
		for i := 8; i < len(p.Items); i++ {
			it := &p.Items[i]
			s.Open = append(s.Open, OpenItem{ID: it.ID, Digest: it.Digest, Title: it.Title, Terms: p.owners(it) + ", " + p.L.Day(it.Due), Seal: it.Seal})
		}
	case "propose", "counter":
		s.Items, s.ID, s.Version = p.Items[13:15], "pr1", 5
	case "share":
		s.Link = "https://tandem.example/s/3f8a-22c1"
	}
	return s
}

func sampleCheckIns(p *Plan) *CheckIns {
	form := CheckInForm{Date: "2028-05-16", Time: "10:00", Minutes: "30", Zone: "Europe/Berlin", Rhythm: "week", Link: "https://teams.microsoft.com/l/meetup-join/x", Some: true, Chosen: map[string]bool{p.People[0].ID: true}}
	own := form
	own.Rhythm, own.Minutes = "kept", "50"
	day := civil.Of(2028, 5, 16)
	slots := []Slot{{Day: day, Text: says(p.L, "Di, 16. Mai, 10:00–10:30 Uhr", "Tue 16 May, 10:00–10:30"), Date: "2028-05-16", Time: "10:00"},
		{Day: day + 7, Text: says(p.L, "Di, 23. Mai, 10:00–10:30 Uhr", "Tue 23 May, 10:00–10:30"), Away: []string{p.L.T("checkin.away", "Name", "Ute Brandt")}, Date: "2028-05-23", Time: "10:00"}}
	return &CheckIns{MayPlan: true, Mails: true, Address: "plan+mfrgg2lkmnzxi3lpoa@in.acme.example", Zones: []string{"Europe/Berlin", "Europe/London"},
		New: CheckInForm{ID: "new", Date: "2028-05-16", Time: "10:00", Minutes: "30", Zone: "Europe/Berlin", Rhythm: "week", Hint: p.L.T("checkin.suggested", "Day", p.L.Day(day))},
		All: []CheckIn{
			{ID: "ci1", Title: "Check-in", When: says(p.L, "jede Woche Di, 10:00 Uhr, ab Di, 16. Mai", "every week Tue, 10:00, from Tue 16 May"), Next: slots, Link: form.Link, Place: "Raum 5",
				Who: []Comer{{p.People[0].Person, "yes"}, {p.People[1].Person, ""}, {p.People[2].Person, "no"}}, Invited: true, Answer: "yes", Series: true, MayChange: true, Version: 3, Form: form},
			{ID: "ci2", Title: "Jour fixe", When: says(p.L, "regelmäßig, 9:00 Uhr, ab Mi, 17. Mai", "again and again, 9:00, from Wed 17 May"), Keeper: "Mara Klein", Who: []Comer{{p.People[1].Person, "maybe"}}, MayChange: true, Version: 1, Form: own},
		}}
}
