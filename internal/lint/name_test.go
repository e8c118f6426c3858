package lint

import "testing"

func TestKindOfName(t *testing.T) {
	t.Parallel()
	for kind, list := range map[nameKind]string{
		personName: `
Mara Klein
Dr. Ute Brandt
Frau Klein
Herr Recht
Rechtsanwalt Legal
Dr. Legal
Ms Legal
RA Dr. Einkauf
Anna Legal
Ben Kunde
Tom Einkauf
Brandt
Sarah
Mara Klein (IT-Team)
Klein, Mara (IT-Sicherheit)
IT (Mara Klein)
Tom Reuter, Einkauf
Tom Reuter / Einkauf
Lena Vogt – Legal Counsel
Karl-Heinz Recht
Jean-Luc O'Neill
Dev Patel
John Lead
Alle Andersson
Ng
陳大文
Łukasz Żak
Prof. Dr. h.c. Anna Technik
Li Na`,
		teamName: `
IT-Team
IT Team
the IT team
IT
IT-Abteilung
Abteilung IT
IT-Sicherheit
Legal
Legal Dept.
Legal department
Recht
Rechtsabteilung
Einkauf
Einkauf & Recht
Einkaufsabteilung
Procurement
Purchasing team
Fachbereich
Fachabteilung Produktion
Team Müller
Projektteam Alpha
Kernteam
Alle
alle Beteiligten Stakeholder
All
everyone
beide
both sides
Kunde
der Kunde
Customer
wir
Nordwerk
Nordwerk AG
Acme Cloud
Acme Sales
Nordwerk IT
Security
Finance
Finance / Legal
Geschäftsführung
Geschäftsleitung
Vorstand
Management
Steering committee
Lenkungsausschuss
Betriebsrat
Vertrieb
Customer Success
Professional Services
Projektgruppe
key users
Kollegen aus der IT`,
		roleName: `
CFO
der CFO
Head of IT
Leiter Einkauf
Projektleiterin
Legal Counsel
Account Executive
CISO
Geschäftsführer
Ansprechpartner Technik
Champion`,
		noName: `
TBD
tbd.
N.N.
n/a
?
???
-
–
offen
noch offen
wird noch benannt
to be named
to be decided
unbekannt
jemand
someone
wer?
xx`,
	} {
		for _, name := range lines(list) {
			if got := kindOfName(name, "Nordwerk AG", "Acme Cloud"); got != kind {
				t.Errorf("%q: got kind %d, want %d", name, got, kind)
			}
		}
	}
	if got := kindOfName(""); got != noName {
		t.Errorf("empty: got kind %d, want none", got)
	}
}
