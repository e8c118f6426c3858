package view

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"
)

func take(t testing.TB, p *Plan) *Shot {
	t.Helper()
	s, err := Take(context.Background(), Fragments(p))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A fragment's element has the fragment's id, is whole, and its kids lie in it
// and nothing else does.
func TestFragmentsAreElements(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 5, 17, 60} {
		for _, tab := range []Tab{TabPlan, TabTable, TabPeople, TabGoals, TabRisks, TabHistory} {
			p := samplePlan("de")
			if n != 17 && n != 0 {
				p = sampleOf("de", n)
			}
			if n == 0 {
				p = sampleState("de", Draft)
			}
			p.Tab = tab
			s := take(t, p)
			ids := s.IDs()
			if slices.Sort(ids); len(slices.Compact(ids)) != len(s.IDs()) {
				t.Errorf("%d steps, %s: an id is there twice", n, tab)
			}
			for i := range s.nodes {
				checkElement(t, s, &s.nodes[i])
			}
		}
	}
}

func checkElement(t *testing.T, s *Shot, n *node) {
	t.Helper()
	els := elements(t, s.html[n.start:n.end])
	if len(els) != 1 || attr(els[0], "id") != n.id {
		t.Errorf("fragment %s is not one element with its id", n.id)
		return
	}
	if !n.box {
		return
	}
	var want, got []string
	for _, k := range n.kids {
		want = append(want, s.nodes[k].id)
	}
	each(els[0], func(el *html.Node) {
		if attr(el, "id") == n.kidsIn {
			for c := el.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.ElementNode {
					got = append(got, attr(c, "id"))
				}
			}
		}
	})
	if !slices.Equal(got, want) {
		t.Errorf("box %s: kids in the page %v, in the tree %v", n.id, got, want)
	}
}

// elements parses HTML as the content of a template.
func elements(t testing.TB, text []byte) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(bytes.NewReader(text), &html.Node{Type: html.ElementNode, Data: "template", DataAtom: atom.Template})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(nodes, func(n *html.Node) bool { return n.Type != html.ElementNode })
}

// page is a browser's side of a live page: what the script does, in Go.
type page map[string]*pageNode

type pageNode struct {
	html string // a leaf's
	kids []string
	box  bool
}

func pageOfShot(s *Shot) page {
	pg := page{}
	for i := range s.nodes {
		n := &s.nodes[i]
		pn := &pageNode{box: n.box}
		if !n.box {
			pn.html = string(s.html[n.start:n.end])
		}
		for _, k := range n.kids {
			pn.kids = append(pn.kids, s.nodes[k].id)
		}
		pg[n.id] = pn
	}
	return pg
}

// A message turns the old page into the new one, whatever changed; applied a
// second time it changes nothing; and it does not repeat what did not change.
func TestDiffBringsThePageUpToDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.SampledFrom([]int{6, 17, 40}).Draw(r, "steps")
		old, now := sampleOf("de", n), sampleOf("de", n)
		for range rapid.IntRange(0, 4).Draw(r, "changes") {
			changeSomething(r, now)
		}
		before, after := take(t, old), take(t, now)
		diff := after.Diff(before)
		if bytes.Equal(before.html, after.html) != (diff == nil) {
			r.Fatal("a message for nothing, or none for a change")
		}
		if after.Diff(after) != nil {
			r.Fatal("a page differs from itself")
		}
		pg := pageOfShot(before)
		for range 2 {
			pg.apply(t, r, diff, after)
			want := pageOfShot(after)
			reach := pg.reachable(after)
			for id, n := range want {
				got, ok := pg[id]
				if !ok || !reach[id] || got.html != n.html || !slices.Equal(got.kids, n.kids) {
					r.Fatalf("after the message, %s is not as on the new page", id)
				}
			}
		}
	})
}

func changeSomething(r *rapid.T, p *Plan) {
	i := rapid.IntRange(0, len(p.Items)-1).Draw(r, "item")
	switch rapid.IntRange(0, 6).Draw(r, "change") {
	case 0:
		p.Items[i].Title += " neu"
	case 1:
		p.Items[i].Due += 20
	case 2:
		p.Items = slices.Delete(p.Items, i, i+1)
		if len(p.Items) == 0 {
			p.Items = append(p.Items, Item{ID: "last", Title: "Rest", Side: Buyer, Due: may(12), State: Open})
		}
	case 3:
		p.Items = append(p.Items, Item{ID: fmt.Sprintf("neu%d", len(p.Items)), Title: "Neu", Side: Seller, Due: may(3 + i%20), State: Open, Rev: "1"})
	case 4:
		p.Items[i].State, p.Items[i].DoneOn = Over, may(10)
	case 5:
		p.Items[i].Due = 0
	case 6:
		p.Asks = nil
	}
}

// apply does what the script does with a message.
func (pg page) apply(t testing.TB, r *rapid.T, diff []byte, after *Shot) {
	at := after.index()
	var orders [][]string
	for _, part := range elements(t, diff) {
		content := part.FirstChild // html.Parse puts a template's content below it
		if box := attr(part, "data-order"); box != "" {
			ids := []string{box}
			if content != nil {
				ids = append(ids, strings.Fields(content.Data)...)
			}
			orders = append(orders, ids)
			continue
		}
		id := attr(content, "id")
		n := after.nodes[at[id]]
		if pg[id] == nil || !n.box {
			pg.insert(after, at[id])
		}
	}
	for _, o := range orders {
		pg[boxOf(after, o[0])].kids = o[1:]
		for _, id := range o[1:] {
			if pg[id] == nil {
				r.Fatalf("the order of %s names %s, which the page does not have", o[0], id)
			}
		}
	}
}

func (pg page) insert(after *Shot, i int) {
	n := &after.nodes[i]
	pn := &pageNode{box: n.box}
	if !n.box {
		pn.html = string(after.html[n.start:n.end])
	}
	for _, k := range n.kids {
		pn.kids = append(pn.kids, after.nodes[k].id)
		pg.insert(after, k)
	}
	pg[n.id] = pn
}

// boxOf is the box whose kids lie in the element.
func boxOf(s *Shot, kidsIn string) string {
	for i := range s.nodes {
		if s.nodes[i].box && s.nodes[i].kidsIn == kidsIn {
			return s.nodes[i].id
		}
	}
	return kidsIn
}

// reachable are the fragments that hang in the page.
func (pg page) reachable(after *Shot) map[string]bool {
	seen := map[string]bool{}
	var walk func(id string)
	walk = func(id string) {
		seen[id] = true
		if n := pg[id]; n != nil {
			for _, k := range n.kids {
				walk(k)
			}
		}
	}
	inside := map[string]bool{}
	for i := range after.nodes {
		for _, k := range after.nodes[i].kids {
			inside[after.nodes[k].id] = true
		}
	}
	for i := range after.nodes {
		if !inside[after.nodes[i].id] {
			walk(after.nodes[i].id)
		}
	}
	return seen
}

func TestMessageOnTheWire(t *testing.T) {
	t.Parallel()
	m := Message{Seq: "58", HTML: []byte("<template data-part><p id=\"a\">eins\r\nzwei\rdrei</p></template>"), Said: "Sarah <3", By: "Sarah Chen", Changed: []string{"i-a1", "i-a2"}}
	want := "id: 58\n" +
		"data: <template data-part><p id=\"a\">eins\n" +
		"data: zwei\n" +
		"data: drei</p></template><template data-said>Sarah &lt;3</template><template data-by=\"Sarah Chen\">i-a1 i-a2 </template>\n\n"
	if got := string(m.Bytes()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
