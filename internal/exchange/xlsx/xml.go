package xlsx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"tandem/internal/fault"
)

// handler is told of every element of a part and of the characters between,
// in the order of the file.
type handler struct {
	enter func(name string, attr func(string) string) error
	leave func(name string) error
	text  func([]byte)
}

// walk reads a part. Document type declarations (where entities are made), deep
// nesting and anything malformed end it with a fault.
func (b *book) walk(part string, h handler) error {
	r, err := b.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	dec := xml.NewDecoder(r)
	var open []string // RawToken does not pair beginnings and ends; Token would keep namespaces nobody asks for
	for {
		token, err := dec.RawToken()
		if err == io.EOF && len(open) == 0 {
			return nil
		}
		if err != nil {
			return b.xmlFault(part, err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return fault.New(fault.Invalid, "import.xlsx.doctype", "part", part)
		case xml.StartElement:
			if open = append(open, t.Name.Local); len(open) > maxDepth {
				return fault.New(fault.Invalid, "import.xlsx.depth", "part", part, "limit", maxDepth)
			}
			err = h.enter(t.Name.Local, func(name string) string { return attribute(t.Attr, name) })
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != t.Name.Local {
				return broken(part, fmt.Errorf("</%s> ends what never began", t.Name.Local))
			}
			open = open[:len(open)-1]
			if h.leave != nil {
				err = h.leave(t.Name.Local)
			}
		case xml.CharData:
			if h.text != nil {
				h.text(t)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (b *book) xmlFault(part string, err error) error {
	if errors.Is(err, errBudget) || b.left <= 0 {
		return fault.New(fault.TooLarge, "import.xlsx.inflated", "part", part, "limit", maxInflated>>20).Wrap(err)
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		err = fmt.Errorf("line %d: %w", syntax.Line, err)
	}
	return broken(part, err)
}

func attribute(list []xml.Attr, name string) string {
	for _, a := range list {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// readWorkbook finds the sheets, their parts and the date system.
func (b *book) readWorkbook() error {
	main := "xl/workbook.xml"
	if b.parts["_rels/.rels"] != nil {
		rels, err := b.relations("_rels/.rels", "")
		if err != nil {
			return err
		}
		for _, r := range rels {
			if strings.HasSuffix(r.kind, "/officeDocument") {
				main = r.target
			}
		}
	}
	if b.parts[partName(main)] == nil {
		return fault.New(fault.Invalid, "import.xlsx.notWorkbook")
	}
	dir, file, _ := cutLast(main, "/")
	rels := map[string]relation{}
	relsPart := dir + "/_rels/" + file + ".rels"
	if b.parts[partName(relsPart)] != nil {
		var err error
		if rels, err = b.relations(relsPart, dir); err != nil {
			return err
		}
	}
	err := b.walk(main, handler{enter: func(name string, attr func(string) string) error {
		switch name {
		case "workbookPr":
			v := attr("date1904")
			b.date1904 = v == "1" || v == "true"
		case "sheet":
			// The relation's id is r:id; sheetId has another local name.
			if r, ok := rels[attr("id")]; ok && strings.HasSuffix(r.kind, "/worksheet") && len(b.sheets) < 10*maxSheets {
				b.sheets = append(b.sheets, sheetRef{name: attr("name"), part: r.target, hidden: strings.HasSuffix(strings.ToLower(attr("state")), "hidden")})
			}
		}
		return nil
	}})
	if err == nil && len(b.sheets) == 0 {
		err = fault.New(fault.Invalid, "import.xlsx.notWorkbook")
	}
	for _, r := range rels {
		switch {
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			b.parts["="+"strings"] = b.parts[partName(r.target)]
		case strings.HasSuffix(r.kind, "/styles"):
			b.parts["="+"styles"] = b.parts[partName(r.target)]
		}
	}
	return err
}

type relation struct{ kind, target string }

// relations reads a .rels part; targets are made absolute.
func (b *book) relations(part, dir string) (map[string]relation, error) {
	list := map[string]relation{}
	err := b.walk(part, handler{enter: func(name string, attr func(string) string) error {
		if name == "Relationship" && attr("TargetMode") != "External" && len(list) < maxEntries {
			target := attr("Target")
			if !strings.HasPrefix(target, "/") {
				target = dir + "/" + target
			}
			list[attr("Id")] = relation{kind: attr("Type"), target: partName(target)}
		}
		return nil
	}})
	return list, err
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// readStrings reads the shared strings; phonetic hints (rPh) are not text.
func (b *book) readStrings() error {
	if b.parts["=strings"] == nil {
		return nil
	}
	var text strings.Builder
	in, phonetic := false, false
	return b.walk("=strings", handler{
		enter: func(name string, _ func(string) string) error {
			switch name {
			case "si":
				text.Reset()
			case "rPh":
				phonetic = true
			case "t":
				in = !phonetic
			}
			return nil
		},
		text: func(c []byte) {
			if in {
				text.Write(c)
			}
		},
		leave: func(name string) error {
			switch name {
			case "t":
				in = false
			case "rPh":
				phonetic = false
			case "si":
				if len(b.strings) == maxStrings {
					return fault.New(fault.TooLarge, "import.xlsx.strings", "limit", maxStrings)
				}
				b.strings = append(b.strings, unescape(text.String()))
			}
			return nil
		}})
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads _x000D_, as workbooks write characters XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[2:6], 16, 16)
		if n == 0 {
			return ""
		}
		return string(rune(n))
	})
}

// format is what matters of a number format.
type format byte

const (
	plain format = iota
	date
	percent
	clock
)

// readStyles reads which styles show dates and percentages.
func (b *book) readStyles() error {
	if b.parts["=styles"] == nil {
		return nil
	}
	custom := map[string]format{}
	in := false
	return b.walk("=styles", handler{
		enter: func(name string, attr func(string) string) error {
			switch name {
			case "numFmt":
				if len(custom) < 10_000 {
					custom[attr("numFmtId")] = formatOf(attr("formatCode"))
				}
			case "cellXfs":
				in = true
			case "xf":
				if !in || len(b.styles) >= 100_000 {
					return nil
				}
				id := attr("numFmtId")
				f, ok := custom[id]
				if !ok {
					n, _ := strconv.Atoi(id)
					f = builtin(n)
				}
				b.styles = append(b.styles, f)
			}
			return nil
		},
		leave: func(name string) error {
			if name == "cellXfs" {
				in = false
			}
			return nil
		}})
}

// builtin is the meaning of a format number below 164 (ECMA-376 18.8.30, with
// the East Asian date formats 27–36 and 50–58).
func builtin(n int) format {
	switch {
	case n == 9 || n == 10:
		return percent
	case n >= 14 && n <= 17, n == 22, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return date
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47, n == 55, n == 56:
		return clock
	}
	return plain
}

var literal = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

// formatOf tells a date format by its letters outside quotes and brackets.
func formatOf(code string) format {
	first, _, _ := strings.Cut(literal.ReplaceAllString(code, ""), ";")
	first = strings.ToLower(first)
	switch {
	case strings.Contains(first, "general"):
		return plain
	case strings.ContainsAny(first, "dy") || strings.Contains(first, "m") && !strings.ContainsAny(first, "hs0#"):
		return date
	case strings.ContainsAny(first, "hs"):
		return clock
	case strings.Contains(first, "%"):
		return percent
	}
	return plain
}
