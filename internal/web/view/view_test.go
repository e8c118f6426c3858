package view

import (
	"bytes"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tandem/internal/web/static"
)

// parse reads a page as a browser does.
func parse(t testing.TB, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// each visits every element.
func each(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, visit)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Every page works under "default-src 'self'": nothing inline. Ids are unique,
// what refers to an id finds it, and every text came from the catalogue.
func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	raw := regexp.MustCompile(`>\s*((plan|web|time)\.[a-z][A-Za-z.]+)\s*<`)
	for name, page := range samplePages(t) {
		ids := map[string]bool{}
		var refs []string
		each(parse(t, page), func(n *html.Node) {
			for _, a := range n.Attr {
				switch {
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: <%s> has %s", name, n.Data, a.Key)
				case a.Key == "id" && ids[a.Val]:
					t.Errorf("%s: id %q is there twice", name, a.Val)
				case a.Key == "id":
					ids[a.Val] = true
				case a.Key == "for" || a.Key == "form" || a.Key == "aria-labelledby":
					refs = append(refs, a.Val)
				case a.Key == "href" && n.Data == "use":
					refs = append(refs, a.Val[1:])
				}
			}
			if n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil) || n.Data == "style" {
				t.Errorf("%s: inline <%s>", name, n.Data)
			}
		})
		for _, r := range refs {
			if !ids[r] {
				t.Errorf("%s: nothing has the id %q", name, r)
			}
		}
		if hit := raw.FindSubmatch(page); hit != nil {
			t.Errorf("%s: the page shows a key: %s", name, hit[1])
		}
	}
}

// Handlers are written to the tables in fields.go: no form may post what they
// do not list, and every listed field is posted somewhere.
func TestFormsPostWhatIsListed(t *testing.T) {
	t.Parallel()
	seen := map[string]map[string]bool{}
	note := func(action, field string) {
		if seen[action] == nil {
			seen[action] = map[string]bool{}
		}
		if field != "" {
			seen[action][strings.SplitN(field, ".", 2)[0]] = true
		}
	}
	for _, page := range samplePages(t) {
		forms := map[string]string{}
		root := parse(t, page)
		var walk func(n *html.Node, action string)
		walk = func(n *html.Node, action string) {
			if n.Type == html.ElementNode {
				if n.Data == "form" {
					action = moveOf(n)
					forms[attr(n, "id")] = action
					note(action, "")
				}
				if f := attr(n, "form"); f != "" {
					action = forms[f]
				}
				if to := attr(n, "formaction"); to != "" {
					note(strings.Join(strings.Split(strings.TrimPrefix(to, "/plans/nordwerk/"), "/")[:1], "")+"/"+to[strings.LastIndex(to, "/")+1:], "version")
				}
				if field := attr(n, "name"); field != "" && action != "" && n.Data != "meta" {
					note(action, field)
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c, action)
			}
		}
		walk(root, "")
	}
	want := map[string][]string{}
	for move, fields := range ItemMoveFields {
		want["items/"+move] = fields
	}
	maps.Copy(want, PlanMoveFields)
	maps.Copy(want, ThingMoveFields)
	for action, fields := range seen {
		listed, ok := want[action]
		if !ok {
			if action != "" && !strings.HasPrefix(action, "/") {
				t.Errorf("a form posts to %q, which is not listed", action)
			}
			continue
		}
		for field := range fields {
			if !slices.Contains(listed, field) {
				t.Errorf("the form %q posts %q, which is not listed", action, field)
			}
		}
	}
	for action, listed := range want {
		for _, field := range listed {
			if !seen[action][field] {
				t.Errorf("no form %q posts %q", action, field)
			}
		}
	}
}

// moveOf is a form's move as the tables name it.
func moveOf(form *html.Node) string {
	path, ours := strings.CutPrefix(attr(form, "action"), "/plans/nordwerk/")
	if !ours || attr(form, "method") != "post" {
		return attr(form, "action")
	}
	parts := strings.Split(path, "/")
	if len(parts) == 3 {
		return parts[0] + "/" + parts[2]
	}
	return path
}

// The first visit to a plan of a hundred steps costs less than 60 KB in all.
func TestFirstVisitIsSmall(t *testing.T) {
	t.Parallel()
	total := len(static.Compressed([]byte(htmlOf(t, sampleOf("de", 100)))))
	for _, name := range []string{"app.css", "app.js", "icon.svg"} {
		total += static.CompressedSize(name)
	}
	t.Logf("first visit: %d bytes compressed", total)
	if total > 60_000 {
		t.Errorf("first visit: %d bytes compressed, more than 60,000", total)
	}
}

// What people write is shown as they wrote it and never read as markup.
func TestWordsAreNeverMarkup(t *testing.T) {
	t.Parallel()
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)> '&amp;`
	p := samplePlan("de")
	p.Title, p.Lead, p.Sentence, p.Legal = evil, evil, evil, evil
	p.Asks[0].Reason, p.Asks[0].By, p.Asks[0].Changes[0].New = evil, evil, evil
	for i := range p.Items {
		p.Items[i].Title, p.Items[i].Because, p.Items[i].Signs = evil, evil, []string{evil}
	}
	p.Open = sampleDetail(p)
	p.Open.DoneWhen, p.Open.Comments[0].Text, p.Open.Notes[0].Text = evil, evil, evil
	p.Open.Problem = &Problem{Move: "block", Text: evil, Typed: map[string]string{"because": evil}}
	for _, tab := range []Tab{TabPlan, TabTable, TabPeople, TabGoals, TabRisks, TabHistory} {
		p.Tab = tab
		each(parse(t, htmlOf(t, p)), func(n *html.Node) {
			if n.Data == "img" || n.Data == "script" && attr(n, "src") == "" {
				t.Errorf("%s: a person's words became <%s>", tab, n.Data)
			}
		})
	}
}

func TestInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Sarah Chen": "SC", "Dr. Ute Brandt": "UB", "Änne": "Ä", "": "?", "Prof. Dr.": "?", "Anna Maria von der Heide": "AH"} {
		if got := Initials(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

func BenchmarkPlanPage100(b *testing.B) {
	p := sampleOf("de", 100)
	page := samplePage(p)
	var out bytes.Buffer
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		shot, err := Take(ctx, Fragments(p))
		if err != nil {
			b.Fatal(err)
		}
		out.Reset()
		if err := Body(page, PlanBody(shot)).Render(ctx, &out); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(out.Len()))
}

func BenchmarkOneChange(b *testing.B) {
	ctx := context.Background()
	old, err := Take(ctx, Fragments(sampleOf("de", 100)))
	if err != nil {
		b.Fatal(err)
	}
	p := sampleOf("de", 100)
	p.Items[50].Title = "anders"
	b.ReportAllocs()
	for b.Loop() {
		shot, err := Take(ctx, Fragments(p))
		if err != nil {
			b.Fatal(err)
		}
		if shot.Diff(old) == nil {
			b.Fatal("no difference")
		}
	}
}
