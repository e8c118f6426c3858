package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/present"
)

func (d *deal) paper() string { return "/plans/" + string(d.id) + "/paper" }

func (d *deal) write(b *browser, part, version, text string) answer {
	d.t.Helper()
	return b.post(d.paper()+"/"+part, url.Values{"version": {version}, "text": {text}})
}

func TestAPaperIsDraftedFromThePlanAndKeptInside(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	sarah, ute, jana := d.browserOf("Sarah"), d.browserOf("Ute"), d.browserOf("Jana")
	nowhere := short(d.seller.get(d.paper() + "x").body)
	page := ute.get(d.paper())
	page.is(t, http.StatusOK)
	page.has(t, "Das sagt der Plan bisher", "Als Entwurf übernehmen", "Vorkehrung: Lena Vogt schickt vorab", "Nichts ändern", "Entscheidung am")
	head := d.view().Plan.Head
	ute.post(d.paper()+"/draft", nil).has(t, "Nur Nordwerk AG sieht diese Vorlage", "Aus dem Plan entworfen, Dr. Ute Brandt", "Bearbeiten")
	d.write(ute, "cost", "0", "48.000 € im Jahr\n– einmalig 24.000 €").has(t, "Gespeichert.", "48.000 € im Jahr", "<li>einmalig 24.000 €</li>")
	d.write(ute, "advice", "0", "Ich empfehle es.").is(t, http.StatusOK)
	ute.post(d.paper()+"/draft", nil).has(t, "48.000 € im Jahr") // what is written stays
	sarah.get(d.paper()).has(t, "48.000 € im Jahr", "Ich empfehle es.")
	jana.get(d.paper()).lacks(t, "Bearbeiten", "teilen …") // a viewer
	if d.view().Plan.Head != head {
		t.Error("writing it moved the shared plan")
	}

	// The other side finds nothing, and is told what it is told of any nothing.
	a := d.seller.get(d.paper())
	a.is(t, http.StatusNotFound)
	if got := short(a.body); got != nowhere && !strings.HasPrefix(got, short(d.seller.get("/plans/" + string(d.id) + "/files/x").body)[:40]) {
		t.Errorf("of a paper that is not shared: %s", got)
	}
	for _, path := range []string{"", "/documents", "/history", "/take", "/goals", "/risks", "/people", "/table", "/timeline", "/mine", "/plan.json", "/take/history.jsonl", "/check-ins"} {
		d.seller.get("/plans/"+string(d.id)+path).lacks(t, "48.000", "Entscheidungsvorlage", "/paper")
	}
	d.seller.post(d.paper()+"/share", nil).is(t, http.StatusNotFound)
	d.write(d.seller, "cost", "1", "0 €").is(t, http.StatusNotFound)
}

func TestAPaperIsSharedAsItWasSeen(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	sarah, ute := d.browserOf("Sarah"), d.browserOf("Ute")
	d.write(ute, "goal", "0", "Weniger Ausfälle").is(t, http.StatusOK)
	d.write(ute, "cost", "0", "48.000 €").is(t, http.StatusOK)
	ute.post(d.paper()+"/share", url.Values{"seen": {"goal=1", "cost=1"}}).is(t, http.StatusForbidden) // a contributor
	d.write(ute, "cost", "1", "52.000 €").is(t, http.StatusOK)
	a := sarah.post(d.paper()+"/share", url.Values{"seen": {"goal=1", "cost=1"}}) // she saw the older one
	a.is(t, http.StatusConflict)
	a.has(t, "hat sich geändert", "52.000 €")
	d.seller.get(d.paper()).is(t, http.StatusNotFound)
	sarah.post(d.paper()+"/share", url.Values{"seen": {"goal=1", "cost=2"}}).has(t, "Die Vorlage ist mit Acme Cloud geteilt.")
	theirs := d.seller.get(d.paper())
	theirs.is(t, http.StatusOK)
	theirs.has(t, "Sarah Chen hat die Entscheidungsvorlage von Nordwerk AG", "52.000 €")
	theirs.lacks(t, "Bearbeiten", "Als Entwurf", "frühere Fassung")
	d.seller.get("/plans/"+string(d.id)+"/history").has(t, "hat die Entscheidungsvorlage geteilt")
	d.seller.get("/plans/"+string(d.id)).has(t, `/paper"`)

	d.write(ute, "cost", "2", "Geheim: 60.000 €").has(t, "bleibt bei Ihnen, bis Sie sie neu teilen")
	d.seller.get(d.paper()).lacks(t, "60.000")
	d.seller.get(d.paper()+"?edit=cost").lacks(t, "60.000", "<textarea")
	sarah.get(d.paper()+"?as=shared").has(t, "So sieht Acme Cloud", "52.000 €")
	sarah.get(d.paper()+"?as=shared").lacks(t, "60.000")
	if log := d.log.String(); strings.Contains(log, "52.000") || strings.Contains(log, "60.000") {
		t.Error("the log holds words")
	}
}

func TestTwoWriteThePaper(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	sarah, ute := d.browserOf("Sarah"), d.browserOf("Ute")
	d.write(ute, "advice", "0", "Ich empfehle es.").is(t, http.StatusOK)
	d.write(sarah, "advice", "1", "Wir sollten warten.").is(t, http.StatusOK)
	a := d.write(ute, "advice", "1", "Ich empfehle es sehr.")
	a.is(t, http.StatusConflict)
	a.has(t, "Wir sollten warten.", "Ich empfehle es sehr.", `name="version" value="2"`)
	d.write(ute, "advice", "2", "Ich empfehle es sehr.").is(t, http.StatusOK)
	form := ute.get(d.paper() + "?edit=advice")
	form.has(t, "2 frühere Fassungen", "Wir sollten warten.", "Ich empfehle es.")
	a = d.write(ute, "advice", "3", strings.Repeat("x", 10_001))
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, strings.Repeat("x", 10_001))
	d.write(ute, "appendix", "0", "x").is(t, http.StatusNotFound)
	ute.get(d.paper()+"?edit=risks&from=plan").has(t, "Vorkehrung: Lena Vogt")
	ute.get(d.paper()).lacks(t, "Lena Vogt") // nothing was stored by looking
}

// A draft of the paper knows the plan and nothing else, in both languages.
func TestWhatAPaperIsDraftedFrom(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	for _, lang := range locale.Languages {
		draft := present.PaperDraft(d.view(), lang)
		for _, part := range []plan.PaperPart{plan.PaperGoal, plan.PaperOptions, plan.PaperRisks, plan.PaperOpen, plan.PaperDates} {
			if len(draft[part]) < 20 {
				t.Errorf("%s: %s is drafted as %q", lang, part, draft[part])
			}
		}
		for _, part := range []plan.PaperPart{plan.PaperCost, plan.PaperAdvice} { // the buyer's to write
			if draft[part] != "" {
				t.Errorf("%s: %s is drafted as %q", lang, part, draft[part])
			}
		}
		if n := strings.Count(draft[plan.PaperOpen], "\n"); n > 7 {
			t.Errorf("%s: %d lines of what is open do not fit on a page", lang, n)
		}
	}
}
