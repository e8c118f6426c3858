// Package playbook holds the method as the product tells it, a page for each
// moment in German and English, and makes safe HTML of a page's Markdown,
// whoever wrote it.
//
// A text may lead to a place of the product by its path. "/plans/{plan}/…" is
// the plan one came from; where one came from none, the words stand without a
// link.
package playbook

import (
	"bytes"
	"embed"
	"path"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

//go:embed text/*.md
var files embed.FS

// Text is a page in a language. Lead is the answer in a sentence; Markdown is
// the rest.
type Text struct{ Title, Lead, Markdown string }

var texts = sync.OnceValue(func() map[string]Text {
	all := map[string]Text{}
	entries, err := files.ReadDir("text")
	if err != nil {
		panic("playbook: " + err.Error())
	}
	for _, e := range entries {
		data, err := files.ReadFile(path.Join("text", e.Name()))
		if err != nil {
			panic("playbook: " + err.Error())
		}
		all[strings.TrimSuffix(e.Name(), ".md")] = split(string(data))
	}
	return all
})

// split reads a file: "# Title", a paragraph, the rest.
func split(s string) Text {
	title, rest, _ := strings.Cut(s, "\n")
	lead, rest, _ := strings.Cut(strings.TrimSpace(rest), "\n\n")
	return Text{Title: strings.TrimSpace(strings.TrimPrefix(title, "#")), Lead: strings.Join(strings.Fields(lead), " "), Markdown: strings.TrimSpace(rest)}
}

// Page is the product's text of a page; false if it has none.
func Page(page, language string) (Text, bool) {
	t, ok := texts()[page+"."+language]
	return t, ok
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))

// allowed is all that a page may consist of: no picture, frame, form, style,
// script or id. Links lead to this server, to the web or to a mailbox.
var allowed = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "h4", "p", "br", "hr", "ul", "ol", "li", "strong", "em", "del", "code", "pre", "blockquote",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	p.RequireNoFollowOnLinks(false)
	return p
})

// PlanPath is how a text names the plan its reader came from.
const PlanPath = "/plans/{plan}"

// HTML is a page's Markdown as HTML that may stand in any page, each heading of
// the second level with what follows it in a section. Plan is the address of
// the plan the reader came from, "/plans/…", or empty. HTML typed into the text
// is left out, and so is everything Markdown can do that is not allowed here.
func HTML(source, plan string) string {
	src := []byte(source)
	doc := markdown.Parser().Parse(text.NewReader(src))
	lower(doc)
	lead(doc, plan)
	var out strings.Builder
	for _, part := range sections(doc) {
		var b bytes.Buffer
		if err := markdown.Renderer().Render(&b, src, part); err != nil {
			continue // a buffer takes everything; goldmark's own renderers do not fail
		}
		if clean := allowed().SanitizeBytes(b.Bytes()); len(bytes.TrimSpace(clean)) > 0 {
			out.WriteString("<section>" + string(clean) + "</section>")
		}
	}
	return out.String()
}

// sections are a document's parts, each from one heading of the second level to
// the next.
func sections(doc ast.Node) []ast.Node {
	var parts []ast.Node
	for n := doc.FirstChild(); n != nil; {
		next := n.NextSibling()
		if h, ok := n.(*ast.Heading); len(parts) == 0 || ok && h.Level == 2 {
			parts = append(parts, ast.NewDocument())
		}
		last := parts[len(parts)-1]
		last.AppendChild(last, n)
		n = next
	}
	return parts
}

// lower keeps the headings of a text below the page's own.
func lower(doc ast.Node) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok && entering {
			h.Level = min(max(h.Level, 2), 4)
		}
		return ast.WalkContinue, nil
	})
}

// lead turns links to "the plan" into links to that plan, or into words; and
// pictures into their words.
func lead(doc ast.Node, plan string) {
	var words []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch x := n.(type) {
		case *ast.Image:
			words = append(words, x)
		case *ast.Link:
			rest, ofPlan := strings.CutPrefix(destination(x), PlanPath)
			switch {
			case ofPlan && plan != "":
				x.Destination = []byte(plan + rest)
			case ofPlan:
				words = append(words, x)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range words {
		unwrap(n)
	}
}

// destination is where a link leads, with the braces as they were typed.
func destination(l *ast.Link) string {
	return strings.NewReplacer("%7B", "{", "%7D", "}").Replace(string(l.Destination))
}

// unwrap puts a node's children into its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	if parent == nil {
		return
	}
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		parent.InsertBefore(parent, n, c)
		c = next
	}
	parent.RemoveChild(parent, n)
}
