package reply_test

import (
	"testing"
	"time"

	"tandem/internal/civil"
	"tandem/internal/reply"
)

// today is Tuesday, 2 May 2028.
var today = civil.Of(2028, time.May, 2)

func on(m time.Month, d int) civil.Day { return civil.Of(2028, m, d) }

var who = reply.Context{Today: today, Me: "Dr. Ute Brandt", MyID: "ute", People: []reply.Person{
	{ID: "ute", Name: "Dr. Ute Brandt", Salutation: "frau"},
	{ID: "klein", Name: "Petra Klein", Salutation: "frau"},
	{ID: "wolf", Name: "Jan Wolf"},
	{ID: "mueller", Name: "Jörg Müller", Salutation: "herr"},
	{ID: "mueller2", Name: "Anna Müller", Salutation: "frau"},
	{ID: "freitag", Name: "Sabine Freitag"},
	{ID: "jan2", Name: "Jan Peters"},
}}

func TestUnderstand(t *testing.T) {
	t.Parallel()
	done := func(words string) reply.Intent { return reply.Intent{Kind: reply.Done, Words: words} }
	doneOn := func(d civil.Day) reply.Intent { return reply.Intent{Kind: reply.Done, Day: d} }
	date := func(m time.Month, d int) reply.Intent { return reply.Intent{Kind: reply.DateTo, Day: on(m, d)} }
	as := func(k reply.Kind, words string) reply.Intent { return reply.Intent{Kind: k, Words: words} }
	at := func(k reply.Kind, m time.Month, d int, words string) reply.Intent {
		return reply.Intent{Kind: k, Day: on(m, d), Words: words}
	}
	hand := func(id, words string) reply.Intent {
		return reply.Intent{Kind: reply.HandOver, Person: id, Words: words}
	}
	no := func(why reply.Why) reply.Intent { return reply.Intent{Kind: reply.Remark, Why: why} }
	tests := []struct {
		text string
		want reply.Intent
	}{
		// the issue's own
		{"erledigt", done("")},
		{"done", done("")},
		{"27. Mai", date(5, 27)},
		{"not before June 3", at(reply.NotBefore, 6, 3, "")},
		{"Frau Klein übernimmt", hand("klein", "")},
		{"nein, weil wir das Budget erst im Juni freigeben", as(reply.No, "weil wir das Budget erst im Juni freigeben")},

		// done
		{"Erledigt.", done("")},
		{"Hallo Herr Martinez,\n\nist erledigt.\n\nUte Brandt", done("")},
		{"Ist bereits erledigt!", done("")},
		{"Das habe ich schon erledigt.", done("")},
		{"Done, thanks!", done("")},
		{"It's done.", done("")},
		{"This has been completed", done("")},
		{"Guten Morgen Herr Martinez,\nerledigt, der Vertrag liegt im SharePoint.", done("der Vertrag liegt im SharePoint.")},
		{"Erledigt: Prüfbericht Nr. 7 ist freigegeben", done("Prüfbericht Nr. 7 ist freigegeben")},
		{"erledigt (Ticket NW-4711)", done("Ticket NW-4711")},
		{"Vielen Dank für die Erinnerung! Erledigt.", done("")},
		{"Gestern erledigt", doneOn(on(5, 1))},
		{"erledigt am 28. April", doneOn(on(4, 28))},
		{"Done on April 28", doneOn(on(4, 28))},
		{"Heute erledigt, VG Ute", doneOn(today)},
		{"✅", done("")},
		{"\"Erledigt\"", done("")},
		{"erledigt VG", done("")},
		{"Erledigt.\nDanke und Gruß\nU. Brandt", done("")},
		{"ok, done", no(reply.WhyDoubt)},
		{"noch nicht erledigt", no(reply.WhyDoubt)},
		{"Nicht erledigt", no(reply.WhyDoubt)},
		{"Not done", no(reply.WhyDoubt)},
		{"schon erledigt?", no(reply.WhyQuestion)},
		{"Is it done?", no(reply.WhyQuestion)},
		{"erledigt, sobald Herr Wolf zurück ist", no(reply.WhyDoubt)},
		{"Erledigt bis auf Anlage 3", no(reply.WhyDoubt)},
		{"Erledigt, aber Anlage 3 fehlt", no(reply.WhyDoubt)},
		{"Erledigt. Anlage 3 folgt.", no(reply.WhyDoubt)},
		{"fast erledigt", no(reply.WhyDoubt)},
		{"zu 90 % erledigt", no(reply.WhyDoubt)},
		{"Done by Friday", no(reply.WhyDoubt)},
		{"erledigt am 27. Mai", no(reply.WhyDates)},
		{"Erledigt, 27. Mai", no(reply.WhyDates)},
		{"wird morgen erledigt", no(reply.WhyDoubt)},
		{"Habe ich das nicht schon erledigt", no(reply.WhyDoubt)},
		{"Erledigt - doch nicht", no(reply.WhyDoubt)},
		{"Erledigt wenn ihr die Firewall öffnet", no(reply.WhyDoubt)},
		{"isn't done", no(reply.WhyDoubt)},
		{"Erledigt hat sich das Thema für uns", no(reply.WhyDoubt)},
		{"I think it's done", no(reply.WhyDoubt)},

		// dates
		{"27.5.", date(5, 27)},
		{"27.05.2028", date(5, 27)},
		{"27.5.28", date(5, 27)},
		{"27.5", date(5, 27)},
		{"bis 27. Mai", date(5, 27)},
		{"bis zum 27.", date(5, 27)},
		{"zum 1.", date(6, 1)},
		{"Samstag, 27. Mai", date(5, 27)},
		{"Sa, den 27. Mai", date(5, 27)},
		{"am Donnerstag", date(5, 4)},
		{"Thursday", date(5, 4)},
		{"by Friday please", date(5, 5)},
		{"next Monday", date(5, 8)},
		{"Dienstag nächster Woche", date(5, 9)},
		{"next week Tuesday", date(5, 9)},
		{"kommenden Dienstag", date(5, 9)},
		{"June 3", date(6, 3)},
		{"3 June", date(6, 3)},
		{"3rd of June", date(6, 3)},
		{"Jun. 3rd, 2028", date(6, 3)},
		{"2028-06-03", date(6, 3)},
		{"3. März 2029", reply.Intent{Kind: reply.DateTo, Day: civil.Of(2029, time.March, 3)}},
		{"2. Januar", reply.Intent{Kind: reply.DateTo, Day: civil.Of(2029, time.January, 2)}},
		{"27/05", date(5, 27)},
		{"05/27", date(5, 27)},
		{"KW 23", date(6, 9)},
		{"bis Ende KW 23", date(6, 9)},
		{"morgen", date(5, 3)},
		{"übermorgen", date(5, 4)},
		{"tomorrow", date(5, 3)},
		{"Ende der Woche", date(5, 5)},
		{"end of next week", date(5, 12)},
		{"bis Ende Mai", date(5, 31)},
		{"by the end of June", date(6, 30)},
		{"27. Mai, weil der Betriebsrat am 20. tagt", at(reply.DateTo, 5, 27, "weil der Betriebsrat am 20. tagt")},
		{"27. Mai, vorher Urlaub", at(reply.DateTo, 5, 27, "vorher Urlaub")},
		{"Bitte auf den 27. Mai verschieben", at(reply.Moves, 5, 27, "")},
		{"Please move this to May 27 because legal is short of people", at(reply.Moves, 5, 27, "because legal is short of people")},
		{"Der 27. Mai passt besser", at(reply.Moves, 5, 27, "")},
		{"27. Mai wäre besser", at(reply.Moves, 5, 27, "")},
		{"Schaffe ich erst bis 27. Mai", at(reply.Moves, 5, 27, "")},
		{"Neuer Termin: 27. Mai", at(reply.Moves, 5, 27, "")},
		{"27. Mai statt 24. Mai", no(reply.WhyDates)},
		{"voraussichtlich 27. Mai", at(reply.Expects, 5, 27, "")},
		{"Expected by May 27, since the auditors are late", at(reply.Expects, 5, 27, "since the auditors are late")},
		{"Ich rechne mit dem 27. Mai", at(reply.Expects, 5, 27, "")},
		{"nicht vor dem 3. Juni", at(reply.NotBefore, 6, 3, "")},
		{"frühestens am 3. Juni, da ich im Urlaub bin", at(reply.NotBefore, 6, 3, "da ich im Urlaub bin")},
		{"Frühestens KW 23", at(reply.NotBefore, 6, 5, "")},
		{"erst ab 3. Juni", at(reply.NotBefore, 6, 3, "")},
		{"after June 3", at(reply.NotBefore, 6, 4, "")},
		{"not until June 3", at(reply.NotBefore, 6, 3, "")},
		{"03/04", no(reply.WhyDateOrder)},
		{"Anfang Juni", no(reply.WhyDateVague)},
		{"Mitte Juni", no(reply.WhyDateVague)},
		{"nächste Woche", no(reply.WhyDateVague)},
		{"in two weeks", no(reply.WhyDateVague)},
		{"in zwei Wochen", no(reply.WhyDateVague)},
		{"Ende Mai", no(reply.WhyDateVague)},
		{"next Friday", no(reply.WhyDateWeek)},
		{"am Dienstag", no(reply.WhyDateWeek)},
		{"27. oder 28. Mai", no(reply.WhyDates)},
		{"zwischen dem 27. Mai und dem 3. Juni", no(reply.WhyDates)},
		{"27.–29. Mai", no(reply.WhyDates)},
		{"31. Juni", no(reply.WhyDateNone)},
		{"30.2.", no(reply.WhyDateNone)},
		{"27. April", no(reply.WhyDateFar)},
		{"27. April 2028", no(reply.WhyDatePast)},
		{"Montag, 27. Mai", no(reply.WhyDateClash)},
		{"27. Mai?", no(reply.WhyQuestion)},
		{"27. Mai, falls Herr Wolf da ist", no(reply.WhyDoubt)},
		{"27. Mai geht nicht", no(reply.WhyDoubt)},
		{"nicht am 27. Mai", no(reply.WhyDoubt)},
		{"vielleicht 27. Mai", no(reply.WhyDoubt)},
		{"27. Mai um 10 Uhr", no(reply.WhyOther)},
		{"Version 2.3", no(reply.WhyOther)},

		// somebody else
		{"Petra Klein übernimmt das.", hand("klein", "")},
		{"Das übernimmt Frau Klein", hand("klein", "")},
		{"Das macht Petra.", hand("klein", "")},
		{"Frau Klein kümmert sich darum, ich bin bis 3. Juni im Urlaub.", hand("klein", "ich bin bis 3. Juni im Urlaub.")},
		{"Ms Klein will take this over", hand("klein", "")},
		{"Please assign to Petra Klein", hand("klein", "")},
		{"Nein, Frau Klein ist dafür zuständig", hand("klein", "")},
		{"Zuständig ist Frau Freitag", hand("freitag", "")},
		{"Herr Müller übernimmt", hand("mueller", "")},
		{"Müller übernimmt", no(reply.WhyTwoOfName)},
		{"Jan übernimmt", no(reply.WhyTwoOfName)},
		{"Herr Klein übernimmt", no(reply.WhyNobody)},
		{"Frau Schneider übernimmt", no(reply.WhyNobody)},
		{"Frau Brandt übernimmt", no(reply.WhySelf)},
		{"Übernimmt das Frau Klein?", no(reply.WhyQuestion)},
		{"Frau Klein übernimmt vielleicht", no(reply.WhyDoubt)},
		{"Frau Klein übernimmt nicht", no(reply.WhyDoubt)},
		{"Frau Klein oder Herr Wolf übernimmt", no(reply.WhyDoubt)},
		{"Frau Klein fragen", no(reply.WhyDoubt)},

		// yes, no
		{"ja", as(reply.Yes, "")},
		{"Ja, gerne!", as(reply.Yes, "")},
		{"Ja, einverstanden. Viele Grüße Ute Brandt", as(reply.Yes, "")},
		{"agreed", as(reply.Yes, "")},
		{"We agree to the change", as(reply.Yes, "")},
		{"Wir sind einverstanden", as(reply.Yes, "")},
		{"übernehme ich", as(reply.TakesOn, "")},
		{"ok mache ich", as(reply.TakesOn, "")},
		{"Ja, ich kümmere mich darum.", as(reply.TakesOn, "")},
		{"Will do", as(reply.TakesOn, "")},
		{"Sure, I'll take care of it", as(reply.TakesOn, "")},
		{"Mache ich bis 27. Mai", at(reply.TakesOn, 5, 27, "")},
		{"ok", as(reply.Nod, "")},
		{"👍", as(reply.Nod, "")},
		{"Passt so", as(reply.Nod, "")},
		{"ja, aber erst im Juni", no(reply.WhyDoubt)},
		{"Ja?", no(reply.WhyQuestion)},
		{"Ja, sobald der Vertrag da ist", no(reply.WhyDoubt)},
		{"nein", as(reply.No, "")},
		{"Nein danke", as(reply.No, "")},
		{"No, because our board meets on June 3", as(reply.No, "because our board meets on June 3")},
		{"Nein, das schaffen wir nicht.", as(reply.No, "das schaffen wir nicht.")},
		{"Nein weil das Budget fehlt", as(reply.No, "weil das Budget fehlt")},
		{"Nicht einverstanden, weil das mit der Rechtsabteilung zu besprechen ist", as(reply.No, "weil das mit der Rechtsabteilung zu besprechen ist")},
		{"Lehnen wir ab", as(reply.No, "")},
		{"Nein, aber der 27. Mai ginge", no(reply.WhyDoubt)},
		{"Nein, lieber 27. Mai", no(reply.WhyDates)},
		{"Das ist nicht meine Aufgabe", as(reply.NotMine, "")},
		{"Not my task, that sits with IT", as(reply.NotMine, "that sits with IT")},
		{"Dafür bin ich nicht zuständig.", as(reply.NotMine, "")},
		{"Blockiert: die Firewall ist nicht offen", as(reply.Stuck, "die Firewall ist nicht offen")},
		{"We are blocked because the DPA is missing", as(reply.Stuck, "because the DPA is missing")},
		{"blocked", no(reply.WhyDoubt)},

		// neither
		{"", no(reply.WhyNothing)},
		{"Danke", no(reply.WhyOther)},
		{"Danke!\nUte", no(reply.WhyOther)},
		{"Viele Grüße", no(reply.WhyNothing)},
		{"Können wir dazu telefonieren?", no(reply.WhyQuestion)},
		{"Ich melde mich.", no(reply.WhyOther)},
		{"Please ignore my last mail", no(reply.WhyOther)},
		{"Done. Also, please call me, I have a question about the contract", no(reply.WhyDoubt)},
		{"stop", no(reply.WhyOther)},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			got := reply.Understand(reply.Strip(test.text), who)
			if got != test.want {
				t.Errorf("%q\ngot  %+v\nwant %+v", test.text, got, test.want)
			}
		})
	}
}
