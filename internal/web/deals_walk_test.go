package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/readiness"
)

// canaries are in the deal of a plan and nowhere else.
var canaries = []string{"CANARY-NAME", "CANARY-ACCOUNT", "CANARY-CRM", "canary.example", "CANARY-STAGE", "CANARY-SEGMENT", "CANARY-OWNER", "987.654", "987,654", "2031-12-24", "24.\u00a0Dez. 2031", "24\u00a0Dec 2031"}

// TestTheOtherSideNeverSeesTheDeal walks every address that the matrix lets the
// buyer's lead open, with a deal behind the plan whose words would give it away.
func TestTheOtherSideNeverSeesTheDeal(t *testing.T) {
	t.Parallel()
	s := newSignInHouse(t)
	m := newMatrixHouse(t, s.house)
	f := m.plan(false)
	ctx := context.Background()
	home := m.browsers['h']
	home.reads("en")
	list := "Deal ID;Deal Name;Account Name;Amount;Close Date;Stage;Segment;Deal owner;Deal URL\n" +
		"CANARY-CRM;CANARY-NAME;CANARY-ACCOUNT;987.654,00 EUR;2031-12-24;CANARY-STAGE;CANARY-SEGMENT;CANARY-OWNER;https://canary.example/1"
	content, err := pack([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	if a := home.post("/deals/import/apply", url.Values{"content": {content}}); a.status != http.StatusOK || !strings.Contains(a.body, "CANARY-NAME") {
		t.Fatalf("the list was not taken in: %d at %s", a.status, a.path)
	}
	rows, err := s.app.Deals(ctx, f.homeCaller, app.DealQuery{Limit: 5, Search: "canary"})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d deals, %v", len(rows), err)
	}
	home.post("/plans/"+f.id+"/deal", url.Values{"deal": {string(rows[0].ID)}})
	home.post("/plans/"+f.id+"/resistance", url.Values{"objection": {"timeline"}, "outcome": {"refused"}})
	check := url.Values{}
	for _, q := range readiness.Questions() {
		check.Set("q."+string(q), "no")
	}
	home.post("/deals/"+string(rows[0].ID)+"/readiness", check)

	// They are where they belong, so that a walk would find them.
	own := home.get("/plans/" + f.id + "/deal").body
	for _, want := range []string{"CANARY-NAME", "CANARY-STAGE", "24\u00a0Dec 2031", "987,654"} {
		if !strings.Contains(own, want) {
			t.Errorf("the seller's own sheet lacks %s", want)
		}
	}
	words := append([]string{}, canaries...)
	for _, lang := range locale.Languages {
		l := locale.For(lang)
		words = append(words, l.T("deal.sheet"), l.T("deal.nav"), l.T("ready.title"), l.T("resist.title.inviting"), l.T("resist.more"), l.T("resist.say.timeline"), l.T("resist.was.refused"))
	}
	walked := 0
	for _, who := range "lecv" {
		for _, row := range matrix {
			method, path, _ := strings.Cut(row.pattern, " ")
			if method != http.MethodGet || !strings.ContainsRune(row.allow, who) || row.noMail || row.agreed || row.fresh || strings.HasSuffix(path, "/live") {
				continue
			}
			path = strings.NewReplacer("{plan}", f.id, "{$}", "").Replace(path)
			if row.path != nil {
				path = row.path(f)
			}
			a := m.browsers[who].get(path)
			walked++
			for _, word := range words {
				if strings.Contains(a.body, word) {
					t.Errorf("%c finds %q at %s", who, word, path)
				}
			}
		}
	}
	if walked < 60 {
		t.Errorf("only %d pages were walked", walked)
	}
	s.post.mu.Lock()
	mails := fmt.Sprintf("%+v", s.post.mails)
	s.post.mu.Unlock()
	for _, word := range words {
		if strings.Contains(mails, word) {
			t.Errorf("a mail says %q", word)
		}
	}
}
