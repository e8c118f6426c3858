package view

import (
	"bytes"
	"context"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tandem/internal/civil"
	"tandem/internal/web/static"
)

var update = flag.Bool("update", false, "write the golden drawings anew")

// timelinePlan is a plan of n steps in phases of ten, a chain per side, with
// one of everything a row can show.
func timelinePlan(lang string, n int) *Plan {
	p := samplePlan(lang)
	p.Tab = TabTimeline
	p.Items, p.Milestones = nil, nil
	t := &Timeline{Zoom: ZoomMonth, From: may(1), Bars: map[string]Bar{}, Ready: may(30)}
	p.Timeline = t
	owners := map[Side][]Owner{Buyer: no(roth), Seller: yes(martinez), Joint: append(yes(chen), yes(martinez)...)}
	for i := range n {
		id, side := "a"+strconv.Itoa(i+1), []Side{Buyer, Seller, Joint}[i%3]
		start := may(2) + civil.Day(i*3/2)
		it := Item{ID: id, Title: "Step " + strconv.Itoa(i+1) + " <with> a title & more", Side: side, Owners: owners[side], Due: start + 2, State: Open,
			Milestone: "m" + strconv.Itoa(i/10)}
		bar := Bar{Start: start, End: start + 2, Early: start - 1, Late: start + 2, Slack: 1, Movable: true}
		if i > 0 {
			t.Ties = append(t.Ties, Tie{From: "a" + strconv.Itoa(i), To: id, Type: "FS", Critical: i%4 == 0})
		}
		special(i, &it, &bar)
		p.Items = append(p.Items, it)
		t.Bars[id] = bar
		if i%10 == 0 {
			m := Milestone{ID: it.Milestone, Title: "Phase " + strconv.Itoa(i/10+1), Date: start + 14}
			p.Milestones = append(p.Milestones, m)
			t.Bars[m.ID] = Bar{Start: m.Date, End: m.Date, Movable: true}
		}
		t.To = start + 20
	}
	t.Bars["decision"] = Bar{Start: p.DecideBy, End: p.DecideBy, Needs: p.DecideBy + 3, Critical: true}
	for d := t.From; d <= t.To; d++ {
		if w := d.Weekday(); w == 6 {
			t.Off = append(t.Off, DaysOff{Side: Joint, From: d, To: d + 1})
		}
	}
	t.Off = append(t.Off, DaysOff{Side: Buyer, From: may(25), To: may(25), Name: "Himmelfahrt"}, DaysOff{Side: Seller, From: may(29), To: may(29), Name: "Bank holiday"})
	t.Meetings = []Meeting{{Day: may(9), Text: "Board"}, {Day: may(23), Text: "Board"}}
	return p
}

// special gives some rows what only some have.
func special(i int, it *Item, b *Bar) {
	switch i {
	case 0, 1:
		it.State, it.DoneOn = Over, it.Due
		b.Movable = false
	case 2:
		it.State, it.WaitsFor, b.Needs = Blocked, "Acme", it.Due+4
	case 3:
		b.Critical, b.Slack, it.Proposed = true, 0, it.Due+5
	case 4:
		it.Due, it.DateOpen, b.Loose = 0, true, true
	case 5:
		b.First, b.Last = it.Due-2, it.Due-1
	}
}

// The drawing that stands alone is the same as agreed on; -update writes it.
func TestTimelineSVGGolden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		n    int
	}{{"de", 5}, {"en", 20}} {
		got := bytes.ReplaceAll(TimelineSVG(timelinePlan(c.lang, c.n), 1000), []byte("><"), []byte(">\n<"))
		file := filepath.Join("testdata", fmt.Sprintf("timeline-%d.%s.svg", c.n, c.lang))
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs; look at it, then run with -update", file)
		}
	}
}

// Alone it needs nothing around it: it is XML, every element is painted, and
// whatever it refers to is in it. That holds at 300 rows too.
func TestTimelineSVGStandsAlone(t *testing.T) {
	t.Parallel()
	for _, n := range []int{5, 20, 300} {
		svg := TimelineSVG(timelinePlan("en", n), 1000)
		ids, refs, painted := map[string]bool{}, []string{}, 0
		dec := xml.NewDecoder(bytes.NewReader(svg))
		for {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%d: no XML: %v", n, err)
			}
			el, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range el.Attr {
				switch {
				case a.Name.Local == "class" || a.Name.Local == "style":
					t.Errorf("%d: <%s> leans on a style sheet: %s", n, el.Name.Local, a.Value)
				case a.Name.Local == "id":
					ids[a.Value] = true
				case a.Name.Local == "href":
					refs = append(refs, strings.TrimPrefix(a.Value, "#"))
				case a.Name.Local == "fill" && strings.HasPrefix(a.Value, "url(#"):
					refs = append(refs, strings.TrimSuffix(a.Value[5:], ")"))
				case a.Name.Local == "fill" || a.Name.Local == "stroke":
					painted++
				}
			}
		}
		for _, r := range refs {
			if !ids[r] {
				t.Errorf("%d: refers to %q, which is not in it", n, r)
			}
		}
		if painted < 3*n {
			t.Errorf("%d: only %d elements have a colour", n, painted)
		}
	}
}

// Every class the pen uses has a colour where there is no style sheet.
func TestEveryClassIsPainted(t *testing.T) {
	t.Parallel()
	p := timelinePlan("en", 40)
	p.Timeline.Trial = trial(p)
	d := newPen(p.Timeline)
	rows := lanes(p)
	d.axis(p)
	d.ground(p)
	for _, r := range rows {
		d.lane(p, r)
	}
	p.Timeline.Zoom = ZoomQuarter
	for i := range p.Items {
		b := p.Timeline.Bars[p.Items[i].ID]
		b.Start = b.End
		p.Timeline.Bars[p.Items[i].ID] = b
	}
	for _, r := range lanes(p) {
		d.lane(p, r)
	}
	d.ghosts(p, rows)
	used := map[string]bool{}
	each(parse(t, d.b), func(n *html.Node) {
		if c := attr(n, "class"); c != "" {
			used[c] = true
		}
	})
	if len(used) < 25 {
		t.Errorf("only %d classes: the plan of this test shows too little", len(used))
	}
	for c := range used {
		if _, ok := paints[c]; !ok {
			t.Errorf("class %q has no colour of its own", c)
		}
	}
}

func trial(p *Plan) *Trial {
	a, b := p.Items[6], p.Items[7]
	return &Trial{Item: a.ID, Title: a.Title, Asked: a.Due + 7, To: a.Due + 7, Agreed: true, MaySend: true, Ready: may(30), Then: june(6), Moves: []TrialMove{
		{ID: a.ID, Title: a.Title, Side: a.Side, From: a.Due, To: a.Due + 7, Version: 3},
		{ID: b.ID, Title: b.Title, Side: b.Side, From: b.Due, To: b.Due + 6, Version: 4, Why: []string{"because"}},
		{ID: "m0", Title: "Phase 1", Side: Joint, From: p.Milestones[0].Date, To: p.Milestones[0].Date + 5, Version: 1}}}
}

func timelinePage(t testing.TB, p *Plan) (*Shot, []byte) {
	t.Helper()
	shot, err := Take(context.Background(), Fragments(p))
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := Body(&Page{L: p.L, Name: "plan-timeline", Title: p.Title}, PlanBody(shot)).Render(context.Background(), &page); err != nil {
		t.Fatal(err)
	}
	return shot, page.Bytes()
}

// Each row is named in words for who does not see it, and says where another
// date is tried; nothing on the page is inline.
func TestTimelinePage(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"de", "en"} {
		for _, n := range []int{5, 20, 300} {
			p := timelinePlan(lang, n)
			p.Timeline.Whole = true
			_, page := timelinePage(t, p)
			rows, movable := 0, 0
			each(parse(t, page), func(e *html.Node) {
				if attr(e, "style") != "" {
					t.Errorf("<%s> has a style", e.Data)
				}
				switch class := attr(e, "class"); {
				case e.Data == "li" && strings.HasPrefix(class, "tl-row"):
					rows++
				case class == "tl-bar":
					movable++
					if attr(e, "aria-label") == "" || !strings.Contains(attr(e, "href"), "item="+attr(e, "data-move")) {
						t.Errorf("bar %q says too little", attr(e, "data-move"))
					}
				}
			})
			if want := n + len(p.Milestones) + 1; rows != want {
				t.Errorf("%d steps: %d rows, want %d", n, rows, want)
			}
			if want := n - 2 + len(p.Milestones); movable != want {
				t.Errorf("%d steps: %d bars can be moved, want %d", n, movable, want)
			}
		}
	}
	p := timelinePlan("de", 20)
	_, page := timelinePage(t, p)
	for _, want := range []string{"Step 4 &lt;with&gt; a title &amp; more, Nordwerk AG, vorgeschlagen für Jana Roth, 6. bis 8.\u00a0Mai, bestimmt den Termin, vorgeschlagen: 13.\u00a0Mai", "2 Schritte erledigt"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// A link is drawn by counting rows: with rows folded away it still begins at
// the right one.
func TestTiesCountRows(t *testing.T) {
	t.Parallel()
	rows := lanes(timelinePlan("en", 20))
	at := map[string]int{}
	for i, r := range rows {
		at[r.id] = i
	}
	n := 0
	for i, r := range rows {
		for _, tie := range r.ties {
			n++
			if at[tie.from.id] != i-tie.up {
				t.Errorf("%s: the link comes from %d rows up, its step is %d up", r.id, tie.up, i-at[tie.from.id])
			}
		}
	}
	if n != 17 { // 19 links, of which two begin at a step that is folded away
		t.Errorf("%d links drawn, want 17", n)
	}
}

// A date that changes changes its row, and the rows tied to it; no other.
func TestTimelineChangesRowByRow(t *testing.T) {
	t.Parallel()
	p := timelinePlan("en", 20)
	before, _ := timelinePage(t, p)
	b := p.Timeline.Bars["a12"]
	b.End++
	p.Timeline.Bars["a12"] = b
	after, _ := timelinePage(t, p)
	var changed []string
	each(parse(t, after.Diff(before)), func(n *html.Node) {
		if id := attr(n, "id"); strings.HasPrefix(id, "tl-") {
			changed = append(changed, id)
		}
	})
	if got := strings.Join(changed, " "); got != "tl-a12 tl-a13" {
		t.Errorf("changed: %s, want the row and the one that waits for it", got)
	}
}

// What is tried lies over the rows and beside them, as one form.
func TestTimelineTrial(t *testing.T) {
	t.Parallel()
	p := timelinePlan("en", 20)
	p.Timeline.Trial = trial(p)
	_, page := timelinePage(t, p)
	ghosts, dates := 0, map[string]string{}
	each(parse(t, page), func(n *html.Node) {
		if attr(n, "class") == "tl-ghost" {
			ghosts++
		}
		if name := attr(n, "name"); strings.HasPrefix(name, "due.") || strings.HasPrefix(name, "version.") {
			dates[name] = attr(n, "value")
		}
	})
	if ghosts != 3 || len(dates) != 6 || dates["due.a8"] != p.Timeline.Trial.Moves[1].To.String() || dates["version.a7"] != "3" {
		t.Errorf("%d ghosts, form %v", ghosts, dates)
	}
}

// Two hundred bars, as a page part: the figure for the first visit.
func BenchmarkTimeline200(b *testing.B) {
	p := timelinePlan("en", 200)
	p.Timeline.Whole = true
	var shot *Shot
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if shot, err = Take(context.Background(), timelineFragments(p)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(static.Compressed(shot.html))), "gz-bytes")
}

func BenchmarkTimelineSVG200(b *testing.B) {
	p := timelinePlan("en", 200)
	p.Timeline.Whole = true
	var svg []byte
	b.ReportAllocs()
	for b.Loop() {
		svg = TimelineSVG(p, 1000)
	}
	b.ReportMetric(float64(len(static.Compressed(svg))), "gz-bytes")
}
