package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"tandem/internal/fault"
)

// MaxBytes and maxDepth bound what Decode reads: a plan of a thousand actions
// is well under a megabyte, and the format itself nests six levels deep.
const (
	MaxBytes = 16 << 20
	maxDepth = 32
)

// node is one JSON value. Reading a whole tree first is what lets a fault
// name its place, and what finds a field that is given twice: encoding/json
// would silently keep the last one.
type node struct {
	kind   byte // '{' '[' 's' (string) 'n' (number) 'b' (bool) '0' (null)
	text   string
	truth  bool
	items  []node
	names  []string // of the items of an object, in the order of the file
	offset int64    // where the value ends, for messages without a path
}

// field is the value of an object's field, or nil.
func (n *node) field(name string) *node {
	for i, have := range n.names {
		if have == name {
			return &n.items[i]
		}
	}
	return nil
}

// shown is the value as a message quotes it: short, and in JSON's own signs.
func (n *node) shown() string {
	switch n.kind {
	case '{':
		return "{…}"
	case '[':
		return "[…]"
	case 's':
		return `"` + shorten(n.text) + `"`
	case 'n':
		return shorten(n.text)
	case 'b':
		return strconv.FormatBool(n.truth)
	}
	return "null"
}

func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// readTree reads exactly one JSON value.
func readTree(r io.Reader) (*node, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxBytes {
		return nil, fault.New(fault.TooLarge, "planfile.tooLarge", "limit", MaxBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fault.New(fault.Invalid, "planfile.empty", "want", Format)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return nil, fault.New(fault.Invalid, "planfile.nul", "line", lineAt(data, i))
	}
	if i := invalidUTF8(data); i >= 0 {
		return nil, fault.New(fault.Invalid, "planfile.encoding", "line", lineAt(data, i))
	}
	t := treeReader{dec: json.NewDecoder(bytes.NewReader(data)), data: data}
	t.dec.UseNumber()
	root, err := t.value("", 0)
	if err != nil {
		return nil, err
	}
	end := int(t.dec.InputOffset())
	if rest := bytes.TrimLeft(data[end:], " \t\r\n"); len(rest) > 0 {
		return nil, fault.New(fault.Invalid, "planfile.trailing",
			"line", lineAt(data, len(data)-len(rest)), "found", shorten(firstLine(rest)))
	}
	return root, nil
}

type treeReader struct {
	dec  *json.Decoder
	data []byte
}

func (t *treeReader) token() (json.Token, error) {
	tok, err := t.dec.Token()
	if err == nil {
		return tok, nil
	}
	at := int(t.dec.InputOffset())
	var bad *json.SyntaxError
	if errors.As(err, &bad) && int(bad.Offset) > at {
		at = int(bad.Offset) - 1
	}
	at = min(at, len(t.data))
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fault.New(fault.Invalid, "planfile.truncated", "line", lineAt(t.data, len(t.data))).Wrap(err)
	}
	line, column := lineAt(t.data, at), at-bytes.LastIndexByte(t.data[:at], '\n')
	return nil, fault.New(fault.Invalid, "planfile.syntax", "line", line, "column", column).Wrap(err)
}

func (t *treeReader) value(path string, depth int) (*node, error) {
	tok, err := t.token()
	if err != nil {
		return nil, err
	}
	n := &node{offset: t.dec.InputOffset()}
	switch v := tok.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return nil, fault.New(fault.Invalid, "planfile.depth", "path", shorten(path), "limit", maxDepth)
		}
		n.kind = byte(v)
		if v == '{' {
			return n, t.object(n, path, depth)
		}
		return n, t.list(n, path, depth)
	case string:
		if strings.ContainsRune(v, 0) {
			return nil, fault.New(fault.Invalid, "planfile.nul", "line", lineAt(t.data, int(n.offset)))
		}
		n.kind, n.text = 's', v
	case json.Number:
		n.kind, n.text = 'n', v.String()
	case bool:
		n.kind, n.truth = 'b', v
	default:
		n.kind = '0'
	}
	return n, nil
}

func (t *treeReader) object(n *node, path string, depth int) error {
	seen := map[string]bool{}
	for t.dec.More() {
		tok, err := t.token()
		if err != nil {
			return err
		}
		name, _ := tok.(string)
		at := join(path, name)
		if seen[name] {
			return fault.New(fault.Invalid, "planfile.duplicateKey", "path", at)
		}
		seen[name] = true
		item, err := t.value(at, depth+1)
		if err != nil {
			return err
		}
		n.names = append(n.names, name)
		n.items = append(n.items, *item)
	}
	_, err := t.token()
	return err
}

func (t *treeReader) list(n *node, path string, depth int) error {
	for t.dec.More() {
		item, err := t.value(index(path, len(n.items)), depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, *item)
	}
	_, err := t.token()
	return err
}

func join(path, name string) string {
	if path == "" {
		return shorten(name)
	}
	return path + "." + shorten(name)
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func lineAt(data []byte, offset int) int { return 1 + bytes.Count(data[:offset], []byte("\n")) }

func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return strings.TrimSpace(string(line))
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
