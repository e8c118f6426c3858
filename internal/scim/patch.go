package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// Limits of a PATCH and of a document.
const (
	maxOperations = 1_000
	maxValues     = 100 // of one attribute of a user
)

// operation is one step of a PATCH. Entra ID writes "Add", Okta "add".
type operation struct {
	op    string
	path  *path // nil: the value names the attributes
	value any
}

// decode reads a JSON object and puts all names in lower case.
func decode(body io.Reader) (document, error) {
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&v); err != nil {
		return nil, badSyntax("The body is not JSON.")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, badSyntax("There is more than one JSON value in the body.")
	}
	v, err = lower(v, 0)
	if err != nil {
		return nil, err
	}
	doc, ok := v.(document)
	if !ok {
		return nil, badSyntax("The body is not a JSON object.")
	}
	return doc, nil
}

// lower puts the names of all objects in lower case. Two names that differ in
// case only are refused: which of them counts would be luck.
func lower(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, badSyntax("The JSON is nested more than %d times.", maxDepth)
	}
	var err error
	switch v := v.(type) {
	case map[string]any:
		out := make(document, len(v))
		for name, x := range v {
			low := strings.ToLower(name)
			if _, twice := out[low]; twice {
				return nil, badSyntax("An attribute is there twice.")
			}
			if out[low], err = lower(x, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		for i := range v {
			if v[i], err = lower(v[i], depth+1); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// operations reads the steps of a PATCH.
func operations(doc document) ([]operation, error) {
	list, ok := doc["operations"].([]any)
	if !ok || len(list) == 0 {
		return nil, badSyntax("A PATCH needs Operations.")
	}
	if len(list) > maxOperations {
		return nil, bad("tooMany", "A PATCH has at most %d operations.", maxOperations)
	}
	out := make([]operation, 0, len(list))
	for _, x := range list {
		o, err := operationOf(x)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func operationOf(x any) (operation, error) {
	d, ok := x.(document)
	if !ok {
		return operation{}, badSyntax("An operation is an object.")
	}
	name, _ := d["op"].(string)
	o := operation{op: strings.ToLower(name), value: d["value"]}
	if !slices.Contains([]string{"add", "replace", "remove"}, o.op) {
		return o, badSyntax("An operation is add, replace or remove.")
	}
	switch text := d["path"].(type) {
	case nil:
	case string:
		if text == "" {
			break
		}
		p, err := parsePath(text)
		if err != nil {
			return o, err
		}
		o.path = &p
	default:
		return o, badPath("A path is a text.")
	}
	if o.path == nil && o.op == "remove" {
		return o, bad("noTarget", "What is to be removed needs a path.")
	}
	return o, nil
}

// each calls do for every attribute an operation names: the one of its path,
// or those its value holds, whose names may be paths as well ("name.givenName",
// "urn:…:User:department"), as Entra ID sends them.
func (o operation) each(do func(op string, p path, value any) error) error {
	if o.path != nil {
		return do(o.op, *o.path, o.value)
	}
	values, ok := o.value.(document)
	if !ok {
		return badValue("Without a path, the value is an object.")
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names) // "name" before "name.givenname", and the same every time
	for _, name := range names {
		if name == "schemas" {
			continue
		}
		p, err := parsePath(name)
		if err != nil {
			return err
		}
		if err := do(o.op, p, values[name]); err != nil {
			return err
		}
	}
	return nil
}

// several are the attributes that have many values.
var several = []string{"emails", "phonenumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles", "x509certificates", "members"}

// fixed are the attributes only the server sets: sending them changes nothing
// (Okta sends the id with every change of a group).
var fixed = []string{"id", "meta", "schemas", "groups"}

// patch applies the steps of a PATCH to a document.
func patch(doc document, steps []operation) error {
	for _, o := range steps {
		if err := o.each(func(op string, p path, v any) error { return patchOne(doc, op, p, v) }); err != nil {
			return err
		}
	}
	return nil
}

func patchOne(doc document, op string, p path, value any) error {
	if p.schema == "" && slices.Contains(fixed, p.name) {
		return nil
	}
	if p.schema != "" {
		ext, _ := doc[p.schema].(document)
		if ext == nil {
			ext = document{}
			doc[p.schema] = ext
		}
		doc = ext
		if p.name == "" { // the extension as a whole
			if values, ok := value.(document); ok {
				merge(doc, values)
			}
			return nil
		}
	}
	many := slices.Contains(several, p.name)
	switch {
	case p.where != nil:
		return patchMatching(doc, op, p, value)
	case p.sub != "" && many:
		for _, v := range listOf(doc[p.name]) {
			if parts, ok := v.(document); ok {
				put(parts, op, p.sub, value)
			}
		}
	case p.sub != "":
		parts, ok := doc[p.name].(document)
		if !ok {
			parts = document{}
			doc[p.name] = parts
		}
		put(parts, op, p.sub, value)
	case many:
		return patchList(doc, op, p.name, value)
	default:
		patchSingle(doc, op, p.name, value)
	}
	return nil
}

func put(parts document, op, name string, value any) {
	if op == "remove" || value == nil {
		delete(parts, name)
		return
	}
	parts[name] = value
}

func merge(into, from document) {
	for name, v := range from {
		put(into, "replace", name, v)
	}
}

func patchSingle(doc document, op, name string, value any) {
	old, was := doc[name].(document)
	if parts, is := value.(document); was && is && op != "remove" {
		merge(old, parts)
		return
	}
	put(doc, op, name, value)
}

// patchList changes an attribute with many values. Remove with a value takes
// away those values only: Entra ID sends it so, the RFC does not know it.
func patchList(doc document, op, name string, value any) error {
	values := listOf(value)
	switch {
	case op == "replace":
		doc[name] = slices.Clone(values)
	case op == "remove" && value == nil:
		delete(doc, name)
	case op == "remove":
		doc[name] = slices.DeleteFunc(listOf(doc[name]), func(have any) bool { return holds(values, have) })
	default:
		have := listOf(doc[name])
		for _, v := range values {
			if !holds(have, v) {
				have = append(have, v)
			}
		}
		doc[name] = have
	}
	if len(listOf(doc[name])) > maxValues {
		return bad("tooMany", "An attribute has at most %d values.", maxValues)
	}
	return nil
}

// holds reports whether a list has a value, by its part "value" if it has one.
func holds(list []any, v any) bool {
	return slices.ContainsFunc(list, func(x any) bool { return keyOf(x) != "" && keyOf(x) == keyOf(v) })
}

func keyOf(v any) string {
	if parts, ok := v.(document); ok {
		v = parts["value"]
	}
	s, _ := v.(string)
	return s
}

// patchMatching changes the values of an attribute that match. If none does,
// one is made that does: Entra ID replaces emails[type eq "work"].value of
// somebody who had no address.
func patchMatching(doc document, op string, p path, value any) error {
	list, kept, found := listOf(doc[p.name]), []any{}, false
	for _, v := range list {
		parts, ok := v.(document)
		if !ok || !p.where.match(parts) {
			kept = append(kept, v)
			continue
		}
		found = true
		switch {
		case p.sub != "":
			put(parts, op, p.sub, value)
		case op == "remove":
			continue
		default:
			if values, ok := value.(document); ok {
				merge(parts, values)
			} else if value != nil {
				parts["value"] = value
			}
		}
		kept = append(kept, parts)
	}
	if !found && op != "remove" {
		made := document{}
		for _, c := range equalities(p.where) {
			made[c.name] = c.value
		}
		if values, ok := value.(document); ok && p.sub == "" {
			merge(made, values)
		} else if p.sub != "" {
			put(made, op, p.sub, value)
		} else {
			put(made, op, "value", value)
		}
		kept = append(kept, made)
	}
	if len(kept) > maxValues {
		return bad("tooMany", "An attribute has at most %d values.", maxValues)
	}
	doc[p.name] = kept
	return nil
}
