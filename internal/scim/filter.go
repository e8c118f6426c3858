package scim

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what is parsed.
const (
	maxFilter = 2_048 // bytes of a filter or a path
	maxDepth  = 16    // of parentheses, brackets and nots
)

// The schemas of RFC 7643 that are spoken here.
const (
	userSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
)

// A document is a resource as JSON with all its names in lower case, because
// names are compared regardless of case (RFC 7643, 2.1).
type document = map[string]any

// attribute names a place in a document. Names are in lower case.
type attribute struct {
	schema string // of an extension; empty for what belongs to the resource itself
	name   string
	sub    string
}

// path is where an operation of a PATCH applies: an attribute, those of its
// values that match, or a part of these.
type path struct {
	attribute
	where expression // nil: all values
}

// expression is a parsed filter.
type expression interface{ match(d document) bool }

type (
	both   struct{ a, b expression }
	either struct{ a, b expression }
	negate struct{ x expression }
	// comparison is `attr op value`. With where, as Entra ID sends it and the
	// RFC's grammar does not know: `emails[type eq "work"].value eq "x"`.
	comparison struct {
		path
		op    string
		value any
	}
)

func (e both) match(d document) bool   { return e.a.match(d) && e.b.match(d) }
func (e either) match(d document) bool { return e.a.match(d) || e.b.match(d) }
func (e negate) match(d document) bool { return !e.x.match(d) }

func (e comparison) match(d document) bool {
	if e.op == "ne" {
		return !slices.ContainsFunc(valuesAt(d, e.path), func(v any) bool { return compare(e.name, v, "eq", e.value) })
	}
	return slices.ContainsFunc(valuesAt(d, e.path), func(v any) bool { return compare(e.name, v, e.op, e.value) })
}

// valuesAt are the single values a path leads to. A value with parts stands
// for its part "value" (RFC 7644, 3.4.2.2).
func valuesAt(d document, p path) []any {
	if p.schema != "" {
		d, _ = d[strings.ToLower(p.schema)].(document)
	}
	var out []any
	for _, v := range listOf(d[p.name]) {
		parts, complex := v.(document)
		if p.where != nil && (!complex || !p.where.match(parts)) {
			continue
		}
		switch {
		case p.sub != "":
			v = parts[p.sub]
		case complex && p.where != nil && p.sub == "":
			out = append(out, parts) // emails[type eq "work"]: that there is one
			continue
		case complex:
			v = parts["value"]
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

// listOf is a value as the list of its values.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// exact are the attributes whose case counts.
var exact = []string{"id", "externalid", "members", "groups"}

func compare(name string, have any, op string, want any) bool {
	if op == "pr" {
		return have != "" && have != nil
	}
	switch have := have.(type) {
	case string:
		if b, ok := want.(bool); ok { // active eq true, and what was sent was "True"
			parsed, err := strconv.ParseBool(strings.ToLower(have))
			return err == nil && op == "eq" && parsed == b
		}
		want, ok := want.(string)
		if !ok {
			return false
		}
		if !slices.Contains(exact, name) {
			have, want = strings.ToLower(have), strings.ToLower(want)
		}
		return compareText(have, op, want)
	case bool:
		if text, ok := want.(string); ok { // active eq "True"
			parsed, err := strconv.ParseBool(strings.ToLower(text))
			return err == nil && op == "eq" && parsed == have
		}
		return op == "eq" && have == want
	case float64:
		want, ok := want.(float64)
		return ok && compareNumber(have, op, want)
	}
	return false
}

func compareText(have, op, want string) bool {
	switch op {
	case "eq":
		return have == want
	case "co":
		return strings.Contains(have, want)
	case "sw":
		return strings.HasPrefix(have, want)
	case "ew":
		return strings.HasSuffix(have, want)
	}
	return ordered(strings.Compare(have, want), op)
}

func compareNumber(have float64, op string, want float64) bool {
	switch {
	case op == "eq":
		return have == want
	case have < want:
		return ordered(-1, op)
	case have > want:
		return ordered(1, op)
	}
	return ordered(0, op)
}

func ordered(c int, op string) bool {
	switch op {
	case "gt":
		return c > 0
	case "ge":
		return c >= 0
	case "lt":
		return c < 0
	case "le":
		return c <= 0
	}
	return false
}

// equalities are the conditions of a filter that must hold for it to match:
// those a database can look up.
func equalities(e expression) []comparison {
	switch e := e.(type) {
	case both:
		return append(equalities(e.a), equalities(e.b)...)
	case comparison:
		if e.op == "eq" {
			return []comparison{e}
		}
	}
	return nil
}

// parser reads a filter or a path by recursive descent.
type parser struct {
	in    string
	pos   int
	depth int
}

// parseFilter reads the filter of a search.
func parseFilter(text string) (expression, error) {
	p := &parser{in: text}
	if len(text) > maxFilter || !utf8.ValidString(text) {
		return nil, badFilter("The filter is longer than %d bytes or not UTF-8.", maxFilter)
	}
	e, err := p.or("")
	if err != nil {
		return nil, err
	}
	if p.space(); p.pos < len(p.in) {
		return nil, p.unexpected()
	}
	return e, nil
}

// parsePath reads the path of an operation.
func parsePath(text string) (path, error) {
	p := &parser{in: strings.TrimSpace(text)}
	if len(text) > maxFilter || !utf8.ValidString(text) {
		return path{}, badPath("The path is longer than %d bytes or not UTF-8.", maxFilter)
	}
	out, err := p.path("")
	if err != nil || p.pos < len(p.in) {
		return path{}, badPath("The path cannot be read at character %d.", p.pos+1)
	}
	return out, nil
}

func (p *parser) unexpected() error {
	return badFilter("The filter cannot be read at character %d.", p.pos+1)
}

func (p *parser) space() {
	for p.pos < len(p.in) && p.in[p.pos] == ' ' {
		p.pos++
	}
}

// word takes a keyword if it comes next, regardless of case.
func (p *parser) word(w string) bool {
	p.space()
	end := p.pos + len(w)
	if end > len(p.in) || !strings.EqualFold(p.in[p.pos:end], w) {
		return false
	}
	if end < len(p.in) && isName(p.in[end]) {
		return false
	}
	p.pos = end
	return true
}

func (p *parser) sign(c byte) bool {
	p.space()
	if p.pos < len(p.in) && p.in[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *parser) or(inside string) (expression, error) {
	a, err := p.and(inside)
	for err == nil && p.word("or") {
		var b expression
		b, err = p.and(inside)
		a = either{a, b}
	}
	return a, err
}

func (p *parser) and(inside string) (expression, error) {
	a, err := p.one(inside)
	for err == nil && p.word("and") {
		var b expression
		b, err = p.one(inside)
		a = both{a, b}
	}
	return a, err
}

// one is a comparison or something in parentheses. Inside brackets, names are
// those of the parts of the attribute before them.
func (p *parser) one(inside string) (expression, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, badFilter("The filter is nested more than %d times.", maxDepth)
	}
	defer func() { p.depth-- }()
	start := p.pos
	not := p.word("not")
	if p.sign('(') {
		e, err := p.or(inside)
		if err == nil && !p.sign(')') {
			err = p.unexpected()
		}
		if not {
			e = negate{e}
		}
		return e, err
	}
	p.pos = start // an attribute may be called "not"
	at, err := p.path(inside)
	if err != nil {
		return nil, err
	}
	for _, op := range []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"} {
		if p.word(op) {
			v, err := p.value()
			return comparison{at, op, v}, err
		}
	}
	if p.word("pr") || at.where != nil && at.sub == "" { // attr[filter]: there is such a value
		return comparison{path: at, op: "pr"}, nil
	}
	return nil, p.unexpected()
}

func isName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '$'
}

// path is an attribute with its schema, filter and part: what a PATCH and the
// left side of a comparison name.
func (p *parser) path(inside string) (path, error) {
	p.space()
	start := p.pos
	for p.pos < len(p.in) && (isName(p.in[p.pos]) || p.in[p.pos] == ':' || p.in[p.pos] == '.') {
		p.pos++
	}
	at, ok := parseAttribute(p.in[start:p.pos])
	if !ok {
		p.pos = start
		return path{}, p.unexpected()
	}
	out := path{attribute: at}
	if inside != "" || at.sub != "" || p.pos >= len(p.in) || p.in[p.pos] != '[' {
		return out, nil
	}
	p.pos++
	var err error
	if out.where, err = p.or(at.name); err != nil {
		return out, err
	}
	if !p.sign(']') {
		return out, p.unexpected()
	}
	if p.pos < len(p.in) && p.in[p.pos] == '.' {
		start := p.pos + 1
		for p.pos++; p.pos < len(p.in) && isName(p.in[p.pos]); p.pos++ {
		}
		if out.sub = strings.ToLower(p.in[start:p.pos]); out.sub == "" {
			return out, p.unexpected()
		}
	}
	return out, nil
}

// parseAttribute splits `name`, `name.part` and `urn:…:name.part`.
func parseAttribute(text string) (attribute, bool) {
	var a attribute
	low := strings.ToLower(text)
	if strings.HasPrefix(low, "urn:") {
		for _, whole := range []string{enterpriseSchema, userSchema, groupSchema} {
			if low == strings.ToLower(whole) {
				return attribute{schema: low}, true
			}
		}
		cut := strings.LastIndexByte(low, ':')
		a.schema, low = low[:cut], low[cut+1:]
		if a.schema == strings.ToLower(userSchema) || a.schema == strings.ToLower(groupSchema) {
			a.schema = ""
		}
	}
	name, sub, dotted := strings.Cut(low, ".")
	a.name, a.sub = name, sub
	if name == "" || dotted && sub == "" || strings.ContainsAny(name, ":") || strings.ContainsAny(sub, ".:") {
		return attribute{}, false
	}
	return a, true
}

// value is a JSON string, number, true, false or null.
func (p *parser) value() (any, error) {
	p.space()
	rest := p.in[p.pos:]
	end := strings.IndexAny(rest, " )]")
	if strings.HasPrefix(rest, `"`) {
		end = 1
		for end < len(rest) && rest[end] != '"' {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		end++
	}
	if end < 0 || end > len(rest) {
		end = len(rest)
	}
	var v any
	if err := json.Unmarshal([]byte(rest[:end]), &v); err != nil {
		return nil, p.unexpected()
	}
	switch v.(type) {
	case document, []any:
		return nil, p.unexpected()
	}
	p.pos += end
	return v, nil
}
