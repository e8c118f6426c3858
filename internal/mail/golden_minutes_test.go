package mail_test

import (
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// TestGoldenMinutes holds a check-in and shows its minutes to both sides, in
// both languages.
func TestGoldenMinutes(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"de", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := begin(t, lang)
			s.meet()
		})
	}
}

func (s *story) meet() {
	say := map[string][]string{
		"de": {"Die Rechtsabteilung braucht drei Tage mehr.", "Uns fehlen die Lieferantendaten aus SAP.", "Mara Klein fragt bei der IT in Kassel nach.",
			"Liste mit zwölf Punkten, zwei davon neu", "Frau Dr. Brandt nimmt ab jetzt teil.", "Die Messwerte kommen am Freitag.", "Die Zugänge sind freigeschaltet."},
		"en": {"Legal needs three more days.", "We lack the supplier data from SAP.", "Mara Klein asks IT in Kassel.",
			"A list of twelve points, two of them new", "Dr. Brandt joins from now on.", "The readings come on Friday.", "The accounts are open."},
	}[s.lang]
	klein := s.named("Mara Klein").ID
	s.do("john", plan.AcceptPlan{Seen: s.plan().Shown()})
	s.do("ute", plan.AcceptPlan{Seen: s.plan().Shown()})
	weekly := s.NewID()
	s.do("john", plan.ScheduleCheckIn{ID: weekly, CheckInInput: plan.CheckInInput{Start: civil.WallOf(may(5), 10, 0), Zone: "Europe/Berlin", Minutes: 30, Rule: app.Weekly}})
	s.until(may(4), 10)
	// free is the n-th step of a side that is not done, from one on.
	free := func(party plan.Party, n int) *plan.Item {
		for _, it := range s.plan().Live(plan.KindAction) {
			if it.Terms.Party == party && it.Progress.Status != plan.Done {
				if n--; n == 0 {
					return it
				}
			}
		}
		s.t.Fatalf("no such step of %s", party)
		return nil
	}
	late, other := free(plan.BySeller, 1).ID, free(plan.BySeller, 2).ID
	done := free(plan.ByBuyer, 2).ID
	item := func(id plan.ID) *plan.Item { return s.plan().Items[id] }
	hinder := func(id plan.ID, because string, waits plan.Side, who plan.ID) {
		it := item(id)
		s.do("john", plan.Hinder{Item: it.ID, Version: it.Version, Because: because, Waits: waits, Person: who, Since: may(3)})
	}
	hinder(late, say[1], plan.Buyer, klein)
	hinder(other, say[5], plan.Seller, "")
	a13 := s.step(13)
	later, wish := a13.Terms.Due+4, s.NewID()
	s.do("john", plan.Propose{ID: wish, Reason: say[0], Changes: []plan.Wish{{Item: a13.ID, Version: a13.Version, Patch: plan.Patch{Due: &later}}}})
	s.until(may(5), 8)
	s.mails = nil

	// The check-in: ten o'clock in Berlin.
	run := s.NewID()
	s.do("john", plan.OpenCheckIn{ID: run, CheckIn: weekly, Day: may(5)})
	a2 := item(done)
	s.do("sarah", plan.Report{Item: a2.ID, Version: a2.Version, Result: say[3]})
	a8 := item(late)
	s.do("mara", plan.Tackle{Item: a8.ID, Version: a8.Version, Next: say[2], NextBy: may(9), Waits: plan.Buyer, Person: klein})
	a6 := item(other)
	s.do("john", plan.Unhinder{Item: a6.ID, Version: a6.Version, Solved: say[6]})
	s.do("ute", plan.Accept{ID: wish, Digest: s.plan().Proposals[wish].Digest()})
	s.do("john", plan.NoteCheckIn{Run: run, ID: s.NewID(), Item: free(plan.ByBuyer, 1).ID, Text: say[5]})
	s.do("sarah", plan.NoteCheckIn{Run: run, ID: s.NewID(), Text: say[4]})
	s.runTo(s.now.Add(28 * 60 * 1e9))
	s.do("sarah", plan.CloseCheckIn{Run: run, Present: []plan.ID{s.named("Sarah Chen").ID, klein, s.named("Dr. Ute Brandt").ID, s.named("John Martinez").ID}})
	closed := s.plan().Head

	// What is renamed afterwards changes nothing in what was said.
	title := "Renamed since"
	s.do("john", plan.Propose{ID: s.NewID(), Reason: "-", Changes: []plan.Wish{{Item: late, Version: item(late).Version, Patch: plan.Patch{Title: &title}}}})
	s.until(may(5), 12)
	for email, name := range map[string]string{ute: "minutes", john: "minutes-seller"} {
		m := s.only(app.LetterMinutes, email)
		if m.Receipt == nil || m.Receipt.Seq != closed.Seq || m.Receipt.Hash != closed.Hash {
			s.t.Errorf("%s: the receipt is %v, want that of the closing %v", name, m.Receipt, closed)
		}
		for _, g := range m.Groups {
			for _, r := range g.Rows {
				if strings.Contains(r.Title, title) {
					s.t.Errorf("%s names a step as it was called after the closing", name)
				}
			}
		}
		s.golden(name, m)
	}
	s.only(app.LetterMinutes, mara)
}
