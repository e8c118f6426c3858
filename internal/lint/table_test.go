package lint

import "testing"

// Titles of steps as people write them, and what the check must say about
// them: the class of vague wording, or "" for one that is concrete enough.
var goodGerman = `
CFO prüft Business Case und gibt Feedback zu den ROI-Annahmen
Technische Architektur-Dokumentation bereitstellen
Technisches Tiefentreffen mit dem IT-Team planen
Produktdemo für das End-User-Team durchführen
Drei Kundenreferenzen bereitstellen
Sicherheitsfragebogen-Überprüfung abschließen
Internes Stakeholder-Alignment-Treffen durchführen
Angebotsentwurf mit Preisgestaltung einreichen
Rechtsprüfung der Vertragsbedingungen abschließen
Beschaffungsprüfprozess einleiten
Beschaffungsgenehmigung
Kaufentscheidung
Implementierungsplanung beginnen
Ute Brandt prüft das Angebot und gibt John Martinez Rückmeldung zu Preis und Leistungsumfang
Angebot prüfen und freigeben
Vertrag auf Haftung und Laufzeit prüfen
Datenblatt gegen die zwölf Muss-Kriterien prüfen
Klären, ob der Betriebsrat zustimmen muss
Klären, wer den Vertrag unterschreibt
Fragebogen ausgefüllt zurücksenden
AVV unterschrieben an Acme zurückschicken
Vertragsentwurf mit Lena Vogt abstimmen
Preisstaffel mit Tom Reuter besprechen
Freigabe der Geschäftsführung einholen
Unterschrift des Vorstands
Kick-off-Termin
Abnahme der Testumgebung
Testumgebung einrichten und Zugang an Mara Klein geben
Lieferanten im SAP anlegen
Bestellung auslösen
Pentest-Bericht an Mara Klein schicken
Ergebnis der Sicherheitsprüfung an Acme melden und freigeben
Workshop zu Schnittstellen durchführen
Liste der offenen Punkte liefern
Ansprechpartner für Datenmigration benennen
Mara Klein meldet drei Testnutzer an
Budgetfreigabe
Lasttest anhand der Abnahmekriterien auswerten und Protokoll verschicken
SSO-Anmeldung anhand der Testfälle testen
Zugangsdaten verschicken
Referenzgespräch mit der Müller GmbH vereinbaren
Sarah Chen stellt der Geschäftsführung den Business Case vor
Tom Reuter legt die Bestellung an
IT-Sicherheit gibt die Architektur frei
Einführungsplan mit Terminen vorlegen
Vertragsprüfung abschließen
Angebot bis 12. Mai annehmen oder ablehnen
Schulungstermine festlegen
Kündigungsfrist des Altsystems nachreichen
Datenschutzbeauftragte bestätigt die TOM schriftlich
Teilnehmer für den Pilot benennen
Testbericht liefern
Preisblatt prüfen, ob alle Module enthalten sind
Vertragsentwurf prüfen und mit Änderungen zurücksenden
Unterlagen zur Prüfung einreichen
Go-live
Vorstandsbeschluss
Rechnung bezahlen
Workshop „Prozesse“ mit 12 Personen abhalten
Kundenreferenz Müller GmbH nennen
Sicherheitskonzept vorstellen
Vertrag unterzeichnen`

var badGerman = `
review: Angebot prüfen
review: Vertrag prüfen
review: Angebot ansehen
review: Unterlagen sichten
review: Vertrag durchgehen
review: IT schaut sich die Dokumentation an
review: Rechtsabteilung sieht sich den Vertrag an
review: Business Case anschauen
review: AVV prüfen
review: Technische Unterlagen prüfen
review: Vertrag und Angebot prüfen
review: CFO prüft Business Case
review: Sicherheitsfragebogen überprüfen
review: Mal drüberschauen
review: Preise checken
review: Demo bewerten
review: Die Architektur begutachten
review: Frau Klein liest den Vertrag durch
review: Anforderungen analysieren
review: Konditionen prüfen
try: Lösung evaluieren
try: Produkt testen
try: Demo-Umgebung ausprobieren
discuss: Preis besprechen
discuss: Mit IT abstimmen
discuss: Preis mit Einkauf abstimmen
discuss: Nächste Schritte besprechen
discuss: Vertrag diskutieren
discuss: Über Konditionen sprechen
discuss: Team stimmt sich intern ab
discuss: Austauschen
clarify: Offene Punkte klären
clarify: Budget klären
clarify: Technische Fragen abklären
clarify: Einkauf klärt die Konditionen
support: Einführung unterstützen
support: Sicherheitsprüfung begleiten
support: Bei der Migration helfen
chase: Beim Einkauf nachfassen
chase: Dranbleiben
chase: Am Angebot dranbleiben
handle: Um die Daten kümmern
handle: Team kümmert sich um die Migration
handle: Freigabe vorantreiben
handle: Termine koordinieren
handle: Vertrag bearbeiten
involve: Stakeholder einbinden
involve: Einkauf frühzeitig einbinden
involve: Betriebsrat beteiligen
nominal: Sicherheitsprüfung
nominal: Sicherheitsfragebogen-Überprüfung
nominal: Angebotsprüfung
nominal: Prüfung des Vertrags
nominal: Abstimmung mit IT
nominal: Technische Prüfung der Schnittstellen
nominal: Rechtliche Bewertung
nominal: Interne Abstimmung
nominal: Security Review
topic: Vertrag
topic: Nächste Schritte
topic: Sonstiges
topic: Recht und Datenschutz
topic: Offene Fragen
hedge: Angebot zeitnah einreichen
hedge: Referenzen ggf. bereitstellen
hedge: So schnell wie möglich Vertrag unterschreiben
hedge: Zertifikate, Nachweise etc. liefern`

var goodEnglish = `
CFO reviews the business case and gives feedback on the ROI assumptions
Schedule technical deep dive with the IT team
Complete security questionnaire review
Complete security review
Hold internal stakeholder alignment meeting
Submit business case to CFO for approval
Start procurement review process
Provide technical architecture documentation
Run product demo for the end-user team
Provide three customer references
Submit draft proposal with pricing
Finish legal review of contract terms
Sign contract
Purchase decision
Procurement approval
Review and sign contract
Review the contract for liability caps
Check SSO login against Azure AD
Confirm whether the works council must agree
Clarify who signs the contract
Send signed DPA to Acme
Discuss price tiers with Tom Reuter
Align contract draft with Lena Vogt
Board approval
Executive sign-off
Kick-off meeting
Set up test environment and give Mara Klein access
Create supplier in SAP
Issue purchase order
Send penetration-test report to Mara Klein
Name a contact for data migration
Test the export against the acceptance criteria
Deliver list of open points
Book reference call with Miller Ltd
Sarah Chen presents the business case to the board
Tom Reuter issues the purchase order
IT security approves the architecture
Legal review completed
Security review passed
Go-live
Pay invoice
Fill in the security questionnaire
Return redlines to Acme
Present implementation plan with dates
Nominate pilot users
Go/no-go decision
Introduce CFO to Acme's CEO
Answer open security questions in writing
Collect customer reviews
Host workshop on integrations
Decide on pilot scope
Obtain budget approval
Send reviewed contract back
Agree payment terms
Review pricing and send comments to Acme
Lena Vogt reviews the contract, then returns redlines
Mara Klein checks whether the SOC 2 report covers the EU region
Share data-flow diagram
Define success criteria
Document rollback procedure
Submit vendor form
Review meeting`

var badEnglish = `
review: Review proposal
review: review proposal
review: Review the contract
review: Check documents
review: Look at proposal
review: Go through contract
review: IT reviews the proposal
review: Legal will look at the contract
review: CFO reviews business case
review: Review DPA
review: Review SOC 2 report
review: Assess vendor
review: Analyze requirements
review: Read documentation
review: Take a look at pricing
review: Finance team to review budget
review: Review proposal and contract
review: Team will check the security documents
try: Evaluate solution
try: Test product
try: Try out the demo environment
try: Customer evaluates the platform
discuss: Discuss pricing
discuss: Align with stakeholders
discuss: Talk to procurement
discuss: Sync with IT
discuss: Catch up on next steps
discuss: Touch base
discuss: Discuss contract with legal
discuss: Sales talks to procurement
clarify: Clarify requirements
clarify: Figure out budget
clarify: Look into integration
clarify: Explore options
support: Support evaluation
support: Help with implementation
support: Acme supports the migration
chase: Follow up
chase: Follow up with procurement
chase: Follow up on proposal
chase: Reach out to legal
chase: Circle back with CFO
handle: Handle security
handle: Work on business case
handle: Take care of onboarding
handle: Manage stakeholders
handle: Drive approval
handle: IT handles the integration
involve: Involve legal
involve: Engage stakeholders
involve: Loop in procurement
involve: Get buy-in from finance
nominal: Security review
nominal: Legal review
nominal: Proposal review
nominal: Vendor evaluation
nominal: Stakeholder alignment
nominal: Legal review of the contract
nominal: Internal discussion
nominal: Contract check
topic: Legal
topic: Next steps
topic: Security
topic: Legal & security
topic: Misc
hedge: Send contract ASAP
hedge: Provide references if needed
hedge: Submit vendor form as soon as possible
hedge: Deliver certificates, insurance etc.`

func TestGoodTitlesAreLeftAlone(t *testing.T) {
	t.Parallel()
	for lang, list := range map[string]string{"de": goodGerman, "en": goodEnglish} {
		rows := lines(list)
		if len(rows) < 60 {
			t.Errorf("%s: %d good titles, want at least 60", lang, len(rows))
		}
		for _, title := range rows {
			for _, planLang := range []string{"de", "en"} {
				if v, bad := judge(title, planLang); bad {
					t.Errorf("%q in a plan in %s: got %s because of %q, want nothing", title, planLang, v.class, v.word)
				}
			}
		}
	}
}

func TestBadTitlesAreSeen(t *testing.T) {
	t.Parallel()
	for lang, list := range map[string]string{"de": badGerman, "en": badEnglish} {
		rows := lines(list)
		if len(rows) < 60 {
			t.Errorf("%s: %d bad titles, want at least 60", lang, len(rows))
		}
		for _, row := range rows {
			want, title := cut(row)
			for _, planLang := range []string{"de", "en"} {
				if v, bad := judge(title, planLang); !bad || v.class != class(want) {
					t.Errorf("%q in a plan in %s: got %q because of %q, want %s", title, planLang, v.class, v.word, want)
				}
			}
		}
	}
}
