package view

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/a-h/templ"

	"tandem/internal/locale"
)

// htmlOf renders a whole page of the plan.
func htmlOf(t testing.TB, p *Plan) []byte {
	t.Helper()
	shot, err := Take(context.Background(), Fragments(p))
	if err != nil {
		t.Fatal(err)
	}
	return pageOf(t, samplePage(p), PlanBody(shot))
}

func pageOf(t testing.TB, page *Page, middle templ.Component) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Body(page, middle).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// samplePages are all pages of the plan that a picture should be looked at of.
func samplePages(t testing.TB) map[string][]byte {
	t.Helper()
	pages := map[string][]byte{}
	for _, lang := range []string{"de", "en"} {
		pages["plan."+lang] = htmlOf(t, samplePlan(lang))
		for _, n := range []int{5, 60, 100} {
			pages[map[int]string{5: "five", 60: "sixty", 100: "hundred"}[n]+"."+lang] = htmlOf(t, sampleOf(lang, n))
		}
		opened := samplePlan(lang)
		opened.Open = sampleDetail(opened)
		pages["opened."+lang] = htmlOf(t, opened)
		pages["item."+lang] = pageOf(t, samplePage(opened), ItemPage(opened, opened.Open))
		refused := samplePlan(lang)
		refused.Open = sampleDetail(refused)
		refused.Open.Problem = &Problem{Move: "expect", Field: "expected", Text: says(refused.L, "Das hat Mara Klein inzwischen geändert.", "Mara Klein has changed this meanwhile."),
			Typed: map[string]string{"because": "Urlaub", "expected": "2028-05-19"}, Theirs: []Change{{Field: says(refused.L, "Termin", "Date"), Old: "10. Mai", New: "12. Mai"}}}
		pages["refused."+lang] = htmlOf(t, refused)
		pages["shared."+lang] = htmlOf(t, sampleShared(lang))
		for _, s := range []PlanState{Draft, Paused, Decided, Left} {
			pages[string(s)+"."+lang] = htmlOf(t, sampleState(lang, s))
		}
		for _, tab := range []Tab{TabTable, TabPeople, TabGoals, TabRisks, TabHistory} {
			p := samplePlan(lang)
			p.Tab = tab
			if tab == TabPeople { // who may name a stand-in, claim the lead, object
				for i := range p.People {
					p.People[i].MayStandIn, p.People[i].MayClaim, p.People[i].MayTakeLead, p.People[i].MayObject = i == 0, i == 1, i == 2, i == 2
					p.People[i].MayRemove = true
				}
			}
			if tab == TabGoals { // agreed, so it takes a proposal
				p.Milestones[0].MayEdit = false
			}
			pages[string(tab)+"."+lang] = htmlOf(t, p)
		}
		times := samplePlan(lang)
		for _, w := range []*WhatIf{sampleWhatIf(), {Back: true, Asked: true, Agreed: true, MaySend: true, Decide: "2028-05-24", Spare: "2", Shifts: sampleWhatIf().Shifts}} {
			pages[fmt.Sprint("what-if.", w.Back, lang)] = pageOf(t, samplePage(times), WhatIfPage(times, w))
		}
		meet := samplePlan(lang)
		pages["check-ins."+lang] = pageOf(t, samplePage(meet), CheckInsPage(meet, sampleCheckIns(meet)))
		pages["feed."+lang] = pageOf(t, samplePage(meet), FeedPage(samplePage(meet), Feed{Path: "/plans/x/feed", Back: "/plans/x", Title: meet.Title, Since: meet.L.Date(meet.L.Today),
			Link: "https://plans.example.com/feed/x.ics", Webcal: "webcal://plans.example.com/feed/x.ics", All: "https://plans.example.com/feed/x.ics?steps=all"}))
		pages["calendars."+lang] = pageOf(t, samplePage(times), CalendarsPage(times, sampleCalendars()))
		goals := sampleShared(lang)
		goals.Tab = TabGoals
		pages["standing."+lang] = htmlOf(t, goals)
		edit := sampleShared(lang)
		edit.Tab = TabTable
		pages["edit."+lang] = htmlOf(t, edit)
		for _, kind := range sheetKinds {
			p := samplePlan(lang)
			pages["sheet-"+kind+"."+lang] = pageOf(t, samplePage(p), SheetPage(p, sampleSheet(p, kind)))
		}
		page := samplePage(samplePlan(lang))
		page.Live, page.Presence = nil, nil
		page.Notice = &Notice{Text: says(page.L, "Gespeichert: Termin ist jetzt Fr, 12. Mai.", "Saved: the date is now Fri 12 May."), Undo: &Undo{Action: "/plans/nordwerk/items/a11/undo", Version: 9}}
		pages["noticed."+lang] = pageOf(t, page, templ.Raw("<h1>Plan</h1>"))
		pages["trouble."+lang] = troubleOf(t, page.L)
	}
	return pages
}

var sheetKinds = []string{"accept", "propose", "counter", "pause", "resume", "leave", "decide", "share", "title", "items", "rows", "people", "goals", "criteria", "milestones", "risks"}

func troubleOf(t testing.TB, l *locale.Locale) []byte {
	t.Helper()
	page := &Page{L: l, Name: "trouble", Title: says(l, "Nicht gefunden", "Not found")}
	var b bytes.Buffer
	err := Trouble(page, &TroubleText{
		Title: says(l, "Diese Seite gibt es nicht", "There is no such page"),
		Text:  says(l, "Vielleicht wurde der Link zurückgezogen, oder er ist unvollständig.", "Perhaps the link was withdrawn, or it is incomplete."),
		Kept:  says(l, "Es ist nichts verloren gegangen.", "Nothing was lost."),
		Fixes: []string{says(l, "Öffnen Sie den Link noch einmal aus der Mail.", "Open the link from the mail again.")},
		Ways:  []Link{{Href: "/", Label: says(l, "Zu meinen Plänen", "To my plans"), First: true}}, Reference: "7c1f-20",
	}).Render(context.Background(), &b)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sampleMessages are live messages for the plan of the drawings, as the other
// side's changes would send them.
func sampleMessages(t testing.TB) map[string][]byte {
	t.Helper()
	at := func(change func(p *Plan)) *Shot {
		p := samplePlan("de")
		if change != nil {
			change(p)
		}
		return take(t, p)
	}
	before := at(nil)
	message := func(seq string, changed []string, change func(p *Plan)) []byte {
		return Message{Seq: seq, HTML: at(change).Diff(before), Said: "Sarah Chen hat etwas geändert.", By: "Sarah Chen", Changed: changed}.Bytes()
	}
	return map[string][]byte{
		"renamed": message("58", []string{"i-a9"}, func(p *Plan) { p.Items[8].Title, p.Items[8].Rev = "Sicherheitsfragebogen freigeben", "8" }),
		"moved":   message("59", []string{"i-a9"}, func(p *Plan) { p.Items[8].Due, p.Items[8].Late = may(17), false }),
		"added": message("60", []string{"i-b1"}, func(p *Plan) {
			p.Items = append(p.Items, Item{ID: "b1", Title: "Neuer Schritt", Side: Buyer, Due: may(17), State: Open, New: true, Rev: "1"})
		}),
		"removed": message("61", nil, func(p *Plan) { p.Items = append(p.Items[:8:8], p.Items[9:]...) }),
		"closed":  message("62", nil, func(p *Plan) { p.Asks = nil }),
	}
}

// The pages are also written to the folder PICTURES names, to look at.
func TestPages(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PICTURES")
	pages := samplePages(t)
	if dir == "" {
		return
	}
	for name, message := range sampleMessages(t) {
		if err := os.WriteFile(filepath.Join(dir, name+".event"), message, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, html := range pages {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), html, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
