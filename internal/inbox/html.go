package inbox

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNesting is how deep elements are followed; deeper ones say nothing.
const maxNesting = 300

// textOf writes HTML as text as a mail program would have, with what is quoted
// marked by "> " and signatures set off.
func textOf(source string) string {
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return ""
	}
	t := texter{}
	t.node(doc, 0)
	return strings.TrimSpace(t.out.String())
}

// texter writes text; a line begins with the marks of the quotes it is in.
type texter struct {
	out   strings.Builder
	line  strings.Builder
	quote int
	blank bool
}

func (t *texter) end() {
	line := strings.TrimRight(t.line.String(), " ")
	t.line.Reset()
	if line == "" {
		if t.blank {
			return
		}
		t.blank = true
	} else {
		t.blank = false
	}
	if t.quote > 0 {
		t.out.WriteString(strings.Repeat("> ", min(t.quote, 8)))
	}
	t.out.WriteString(line)
	t.out.WriteByte('\n')
}

// own begins a line of its own if something stands in the present one.
func (t *texter) own() {
	if t.line.Len() > 0 {
		t.end()
	}
}

func (t *texter) words(s string) {
	for i, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\r' || r == '\t' || r == '\f' }) {
		first := strings.IndexAny(s[:1], " \n\r\t\f") == 0
		if (i > 0 || first) && t.line.Len() > 0 && !strings.HasSuffix(t.line.String(), " ") {
			t.line.WriteByte(' ')
		}
		t.line.WriteString(w)
	}
	if s != "" && strings.ContainsAny(s[len(s)-1:], " \n\r\t\f") && t.line.Len() > 0 && !strings.HasSuffix(t.line.String(), " ") {
		t.line.WriteByte(' ')
	}
}

var blocks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Tr: true, atom.Table: true, atom.Ul: true, atom.Ol: true, atom.Li: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.Pre: true, atom.Section: true, atom.Article: true, atom.Header: true,
	atom.Footer: true, atom.Address: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Center: true, atom.Body: true, atom.Form: true}

func (t *texter) node(n *html.Node, depth int) {
	if depth > maxNesting {
		return
	}
	switch n.Type {
	case html.TextNode:
		t.words(n.Data)
		return
	case html.ElementNode:
	case html.DocumentNode:
		t.children(n, depth)
		return
	default:
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript:
		return
	case atom.Br:
		t.end()
		return
	case atom.Hr:
		t.own()
		t.line.WriteString("________________________________")
		t.end()
		return
	case atom.Img:
		if alt := attr(n, "alt"); len([]rune(alt)) <= 2 { // a smiley as picture
			t.words(alt)
		}
		return
	case atom.Blockquote:
		t.quoted(n, depth)
		return
	}
	if hidden(n) {
		return
	}
	switch class, id := attr(n, "class"), attr(n, "id"); {
	case history(n, class, id):
		t.own()
		t.line.WriteString("-----Original Message-----")
		t.end()
	case attribution(class):
		t.quoted(n, depth)
		return
	case signature(n, class, id):
		t.own()
		t.line.WriteString("--")
		t.end()
	}
	if !blocks[n.DataAtom] {
		t.children(n, depth)
		if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
			t.words(" ")
		}
		return
	}
	t.own()
	if n.DataAtom == atom.Li {
		t.line.WriteString("- ")
	}
	t.children(n, depth)
	t.own()
	if n.DataAtom == atom.P && !strings.Contains(attr(n, "class"), "Mso") {
		t.end()
	}
}

func (t *texter) children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t.node(c, depth+1)
	}
}

func (t *texter) quoted(n *html.Node, depth int) {
	t.own()
	t.quote++
	t.children(n, depth)
	t.own()
	t.quote--
	t.blank = false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func style(n *html.Node) string {
	return strings.ToLower(strings.Join(strings.Fields(attr(n, "style")), ""))
}

func hidden(n *html.Node) bool {
	s := style(n)
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") || strings.Contains(s, "mso-hide:all")
}

// history: Outlook in its versions sets the earlier mail off by a line and
// marks it by an id; everything from it on is that mail.
func history(n *html.Node, class, id string) bool {
	for _, x := range []string{"divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message"} {
		if strings.HasSuffix(id, x) {
			return true
		}
	}
	if strings.Contains(class, "yahoo_quoted") || strings.Contains(class, "OutlookMessageHeader") || strings.Contains(class, "ms-outlook-mobile-reference-message") {
		return true
	}
	s := style(n)
	if n.DataAtom == atom.Div && (strings.Contains(s, "border-top:solid#e1e1e1") || strings.Contains(s, "border-top:solid#b5c4df")) {
		return true
	}
	return n.DataAtom == atom.Div && attr(n, "name") == "quote" // GMX, Web.de
}

// attribution is "… wrote:" above a quote.
func attribution(class string) bool {
	for _, x := range []string{"gmail_attr", "moz-cite-prefix", "moz-email-headers-table", "tutanota_quote", "gmail_quote_header"} {
		if strings.Contains(class, x) {
			return true
		}
	}
	return false
}

func signature(n *html.Node, class, id string) bool {
	return strings.Contains(class, "gmail_signature") || strings.Contains(class, "moz-signature") || strings.Contains(class, "protonmail_signature_block") ||
		id == "Signature" || id == "x_Signature" || strings.HasSuffix(id, "ms-outlook-mobile-signature") || strings.HasPrefix(id, "AppleMailSignature") || attr(n, "data-smartmail") == "gmail_signature"
}
