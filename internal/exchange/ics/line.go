package ics

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// line is a property: name, parameters, and the value as it stands there.
type line struct {
	name   string // in capitals
	params []param
	value  string
}

type param struct{ name, value string }

// param is a parameter's value; empty if there is none.
func (l line) param(name string) string {
	for _, p := range l.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// writer writes lines, folded at 75 octets and ended by CRLF.
type writer struct{ bytes.Buffer }

const maxOctets = 75

// raw writes a property whose value needs no escape.
func (w *writer) raw(name, value string, params ...string) {
	var b strings.Builder
	b.WriteString(name)
	for i := 0; i+1 < len(params); i += 2 {
		b.WriteString(";" + params[i] + "=" + quoted(params[i+1]))
	}
	b.WriteString(":" + oneLine(value))
	w.fold(b.String())
}

// text writes a property that is text.
func (w *writer) text(name, value string, params ...string) {
	w.raw(name, escaper.Replace(value), params...)
}

func (w *writer) number(name string, n int) { w.raw(name, strconv.Itoa(n)) }

// fold breaks a line between characters, never within one.
func (w *writer) fold(s string) {
	room := maxOctets
	for len(s) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], maxOctets-1
	}
	w.WriteString(s + "\r\n")
}

var (
	escaper   = strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`, `\`, `\\`, `;`, `\;`, `,`, `\,`)
	unescaper = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\;`, `;`, `\,`, `,`)
)

// oneLine leaves out what would end a line or is no text.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}

// quoted is a parameter's value: in quotes where it needs them. Quotes within
// become apostrophes: what RFC 6868 has for them, Outlook shows as it stands.
func quoted(s string) string {
	s = oneLine(strings.NewReplacer("\r\n", " ", "\n", " ", `"`, "'").Replace(s))
	if strings.ContainsAny(s, ",;:") {
		return `"` + s + `"`
	}
	return s
}

var errLine = errors.New("not a line of a calendar")

// What is read at most.
const (
	maxBytes  = 1 << 20
	maxLines  = 20_000
	maxParams = 50
)

// lines unfolds and reads a calendar.
func lines(data []byte) ([]line, error) {
	if len(data) > maxBytes {
		return nil, errors.New("the calendar is too large")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := strings.ReplaceAll(strings.ToValidUTF8(string(data), "�"), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.NewReplacer("\n ", "", "\n\t", "").Replace(text)
	var out []line
	for s := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(s) == "" {
			continue
		}
		l, err := parseLine(s)
		if err != nil {
			continue // what one program wrote wrongly does not spoil the rest
		}
		if out = append(out, l); len(out) > maxLines {
			return nil, errors.New("the calendar has too many lines")
		}
	}
	return out, nil
}

func parseLine(s string) (line, error) {
	end := strings.IndexAny(s, ":;")
	if end <= 0 {
		return line{}, errLine
	}
	l := line{name: strings.ToUpper(strings.TrimSpace(s[:end]))}
	for s[end] == ';' {
		s = s[end+1:]
		name, rest, ok := strings.Cut(s, "=")
		if !ok || len(l.params) >= maxParams {
			return line{}, errLine
		}
		value, n := paramValue(rest)
		if n < 0 {
			return line{}, errLine
		}
		l.params = append(l.params, param{strings.ToUpper(strings.TrimSpace(name)), value})
		s, end = rest, n
	}
	l.value = s[end+1:]
	return l, nil
}

// paramValue reads up to the ":" or ";" outside quotes that ends a value, and
// says where that is; -1 if nowhere.
func paramValue(s string) (value string, end int) {
	var b strings.Builder
	within := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			within = !within
		case !within && (c == ':' || c == ';'):
			return strings.NewReplacer("^^", "^", "^n", "\n", "^'", `"`).Replace(b.String()), i
		default:
			b.WriteByte(c)
		}
	}
	return "", -1
}

// text is a property's value as text.
func (l line) text() string { return unescaper.Replace(l.value) }

// component is a part of a calendar with what it holds.
type component struct {
	name  string
	lines []line
	parts []*component
}

// get is the first property of a name.
func (c *component) get(name string) (line, bool) {
	for _, l := range c.lines {
		if l.name == name {
			return l, true
		}
	}
	return line{}, false
}

// text is the first property of a name, as text.
func (c *component) text(name string) string {
	l, _ := c.get(name)
	return strings.TrimSpace(l.text())
}

// all are the parts of a name.
func (c *component) all(name string) []*component {
	var out []*component
	for _, p := range c.parts {
		if p.name == name {
			out = append(out, p)
		}
	}
	return out
}

const maxDepth = 8

// tree puts lines into their components; the calendar is the first VCALENDAR.
func tree(all []line) (*component, error) {
	var open []*component
	for _, l := range all {
		name := strings.ToUpper(strings.TrimSpace(l.value))
		switch {
		case l.name == "BEGIN":
			if len(open) >= maxDepth {
				return nil, errors.New("a calendar within a calendar within …")
			}
			c := &component{name: name}
			if len(open) > 0 {
				top := open[len(open)-1]
				top.parts = append(top.parts, c)
			} else if name != "VCALENDAR" {
				return nil, errors.New("this does not begin with a calendar")
			}
			open = append(open, c)
		case l.name == "END" && len(open) == 1:
			return open[0], nil
		case l.name == "END" && len(open) > 1:
			open = open[:len(open)-1]
		case len(open) > 0:
			top := open[len(open)-1]
			top.lines = append(top.lines, l)
		}
	}
	if len(open) > 0 {
		return open[0], nil // cut off at its end; what is there is read
	}
	return nil, errors.New("there is no calendar in this")
}
