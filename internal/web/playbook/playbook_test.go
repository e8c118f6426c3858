package playbook

import (
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"

	"tandem/internal/app"
	"tandem/internal/locale"
)

var languages = []string{"de", "en"}

// parts are the headings that every page has, in this order.
var parts = map[string][]string{
	"de": {"Der Moment", "Was Sie sagen", "Was Sie in Tandem tun", "Was Sie lassen"},
	"en": {"The moment", "What to say", "What to do in Tandem", "What to avoid"},
}

// outline is a text without its words: kinds of blocks, and where links lead.
func outline(t Text) string {
	src := []byte(t.Markdown)
	var b strings.Builder
	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if l, ok := n.(*ast.Link); ok && entering {
			b.WriteString("→" + destination(l) + "\n")
		} else if n.Type() == ast.TypeBlock && entering {
			b.WriteString(n.Kind().String() + "\n")
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func TestEveryPageIsInBothLanguages(t *testing.T) {
	t.Parallel()
	if got, want := len(texts()), 2*len(app.PlaybookPages); got != want {
		t.Errorf("%d texts, want %d: two for every page", got, want)
	}
	for _, page := range app.PlaybookPages {
		of := map[string]Text{}
		for _, lang := range languages {
			x, ok := Page(page, lang)
			if !ok {
				t.Fatalf("no text of %s in %s", page, lang)
			}
			of[lang] = x
			if want := locale.For(lang).T("playbook.page." + page); x.Title != want {
				t.Errorf("%s.%s is called %q, links to it say %q", page, lang, x.Title, want)
			}
			if err := app.CheckPlaybook(app.PlaybookText{Language: lang, Title: x.Title, Lead: x.Lead, Markdown: x.Markdown}); err != nil || x.Lead == "" {
				t.Errorf("%s.%s could not be written by a workspace: %v, lead %q", page, lang, err, x.Lead)
			}
			if n := len(strings.Fields(x.Lead + " " + x.Markdown)); n > 270 {
				t.Errorf("%s.%s has %d words: not one screen", page, lang, n)
			}
			var heads []string
			for line := range strings.Lines(x.Markdown) {
				if h, ok := strings.CutPrefix(line, "## "); ok {
					heads = append(heads, strings.TrimSpace(h))
				}
			}
			if got, want := strings.Join(heads, " | "), strings.Join(parts[lang], " | "); got != want {
				t.Errorf("%s.%s: headings %s, want %s", page, lang, got, want)
			}
		}
		if de, en := outline(of["de"]), outline(of["en"]); de != en {
			t.Errorf("%s is built differently:\nGerman\n%s\nEnglish\n%s", page, de, en)
		}
	}
}

// The playbook is read by people who write to buyers: it keeps their words.
func TestWordsOfThePlaybook(t *testing.T) {
	t.Parallel()
	never := map[string]*regexp.Regexp{
		"de": regexp.MustCompile(`(?i)aktivität|käufer|verkäufer|stakeholder|pipeline|closing|kritischer pfad|champion`),
		"en": regexp.MustCompile(`(?i)\bbuyers?\b|\bsellers?\b|stakeholder|pipeline|critical path|champion`),
	}
	for key, x := range texts() {
		lang := key[len(key)-2:]
		if found := never[lang].FindString(x.Title + x.Lead + x.Markdown); found != "" {
			t.Errorf("%s says %q", key, found)
		}
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	const p = "/plans/p1"
	for _, row := range []struct{ name, source, plan, want string }{
		{"words", "Ein *Wort* und **zwei**.", "", "<section><p>Ein <em>Wort</em> und <strong>zwei</strong>.</p>\n</section>"},
		{"sections", "Vorab\n\n## A\n\na\n\n## B\n\nb", "", "<section><p>Vorab</p>\n</section><section><h2>A</h2>\n<p>a</p>\n</section><section><h2>B</h2>\n<p>b</p>\n</section>"},
		{"a heading of the page's own level", "# Groß\n\n###### Klein", "", "<section><h2>Groß</h2>\n<h4>Klein</h4>\n</section>"},
		{"a place here", "[Neu](/new)", "", `<section><p><a href="/new">Neu</a></p>` + "\n</section>"},
		{"a place in the plan", "[Check-ins](/plans/{plan}/check-ins)", p, `<section><p><a href="/plans/p1/check-ins">Check-ins</a></p>` + "\n</section>"},
		{"a place in no plan", "Die [*Check-ins*](/plans/{plan}/check-ins).", "", "<section><p>Die <em>Check-ins</em>.</p>\n</section>"},
		{"elsewhere", "[Web](https://example.com/a?b=1&c=2)", "", `<section><p><a href="https://example.com/a?b=1&amp;c=2" rel="noreferrer">Web</a></p>` + "\n</section>"},
		{"a table", "| a | b |\n|---|---|\n| 1 | 2 |", "", "<section><table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n</section>"},
		{"a picture is its words", "![Unser Bild](https://example.com/a.png)", "", "<section><p>Unser Bild</p>\n</section>"},
		{"nothing", " \n", "", ""},
		{"a script", "<script>alert(1)</script>Text", "", ""},
		{"a script in a line", "Ein <b onclick=alert(1)>Wort</b>", "", "<section><p>Ein Wort</p>\n</section>"},
		{"a javascript link", "[x](javascript:alert(1))", "", "<section><p>x</p>\n</section>"},
		{"a javascript link in disguise", "[x](&#106;ava\tscript:alert(1)) [y](JaVaScRiPt:alert(1)) <javascript:alert(1)>", "", "<section><p>[x](java\tscript:alert(1)) y javascript:alert(1)</p>\n</section>"},
		{"a data link", "[x](data:text/html;base64,PHNjcmlwdD4=)", "", "<section><p>x</p>\n</section>"},
		{"a form", `<form action="/sign-out" method="post"><button>Weg</button></form>`, "", ""},
	} {
		if got := HTML(row.source, row.plan); got != row.want {
			t.Errorf("%s: got\n%s\nwant\n%s", row.name, got, row.want)
		}
	}
}

var (
	mayStand = regexp.MustCompile(`^(section|h[234]|p|br|hr|ul|ol|li|strong|em|del|code|pre|blockquote|table|thead|tbody|tr|th|td|a)$`)
	mayLead  = regexp.MustCompile(`(?i)^(https?:|mailto:|[^:]*$|[^:]*[/?#])`)
)

// FuzzHTML: whatever is typed, nothing but harmless elements comes out.
func FuzzHTML(f *testing.F) {
	for _, x := range texts() {
		f.Add(x.Markdown)
	}
	for _, s := range []string{"<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://e.example/a.png)", "<img src=x onerror=alert(1)>",
		"[x]: javascript:alert(1)\n\n[x]", "<a href=\"jav&#x09;ascript:alert(1)\">x</a>", "## a\n<style>*{}</style>\n## b", "[a](/plans/{plan}/x \"t\")",
		"<svg/onload=alert(1)>", "[x](<javascript:alert(1)>)", "> ## a\n> - ## b", "~~a~~ | b\n---|---\n", "[x](//evil.example)", "\x00\xff<iframe>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 20_000 {
			return
		}
		out := HTML(source, "/plans/p1")
		z := html.NewTokenizer(strings.NewReader(out))
		depth := 0
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			token := z.Token()
			if kind == html.TextToken {
				continue
			}
			if kind == html.CommentToken || kind == html.DoctypeToken || !mayStand.MatchString(token.Data) {
				t.Fatalf("%q gives %q in\n%s", source, token.String(), out)
			}
			if token.Data == "section" {
				if kind == html.StartTagToken {
					depth++
				} else {
					depth--
				}
				if depth < 0 || depth > 1 {
					t.Fatalf("%q breaks out of its section:\n%s", source, out)
				}
			}
			for _, a := range token.Attr {
				switch {
				case token.Data == "a" && a.Key == "href" && mayLead.MatchString(a.Val):
				case token.Data == "a" && a.Key == "rel" && a.Val == "noreferrer":
				case token.Data == "ol" && a.Key == "start":
				default:
					t.Fatalf("%q gives the attribute %s=%q", source, a.Key, a.Val)
				}
			}
		}
		if depth != 0 {
			t.Fatalf("%q leaves a section open:\n%s", source, out)
		}
	})
}
