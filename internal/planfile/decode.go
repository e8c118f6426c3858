package planfile

import (
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Decode reads a plan file of at most MaxBytes and checks all of it.
//
// Whatever is wrong is a fault of kind Invalid (or TooLarge) whose arguments
// name the place as a JSON path ("actions[3].title"), what is there, and what
// would be right. Nothing is dropped or corrected silently: unknown fields,
// fields given twice, wrong types, dangling references and contradictions are
// all refused. A missing status is "open".
func Decode(r io.Reader) (*Plan, error) {
	root, err := readTree(r)
	if err != nil {
		return nil, err
	}
	if root.kind != '{' {
		return nil, wrongType("", root, "object")
	}
	// The format comes first: in a file of another version every other
	// complaint would be beside the point.
	if err := checkFormat(root.field("format")); err != nil {
		return nil, err
	}
	p := &Plan{}
	if err := bind("", root, reflect.ValueOf(p).Elem()); err != nil {
		return nil, err
	}
	for i := range p.Actions {
		if p.Actions[i].Status == "" {
			p.Actions[i].Status = Open
		}
	}
	if err := Validate(p); err != nil {
		return nil, err
	}
	return p, nil
}

func checkFormat(n *node) error {
	if n == nil {
		return fault.New(fault.Invalid, "planfile.format.missing", "path", "format", "want", Format)
	}
	if n.kind != 's' {
		return wrongType("format", n, "text")
	}
	if n.text == Format {
		return nil
	}
	name, _, _ := strings.Cut(Format, "/")
	key := "planfile.format.unknown"
	if strings.HasPrefix(n.text, name+"/") {
		key = "planfile.format.version"
	}
	return fault.New(fault.Invalid, key, "path", "format", "value", shorten(n.text), "want", Format)
}

var (
	dayType    = reflect.TypeFor[civil.Day]()
	impactType = reflect.TypeFor[Impact]()
)

// bind fills a value from a node of the file.
func bind(path string, n *node, v reflect.Value) error {
	switch v.Type() {
	case dayType:
		return bindDay(path, n, v)
	case impactType:
		if n.kind == 'n' { // one number stands for all three
			x, err := float(path, n)
			v.Set(reflect.ValueOf(Impact{x, x, x}))
			return err
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return bind(path, n, v.Elem())
	case reflect.Struct:
		return bindObject(path, n, v)
	case reflect.Slice:
		return bindList(path, n, v)
	case reflect.Array:
		return bindArray(path, n, v)
	case reflect.String:
		if n.kind != 's' {
			return wrongType(path, n, "text")
		}
		v.SetString(n.text)
	case reflect.Bool:
		if n.kind != 'b' {
			return wrongType(path, n, "yesNo")
		}
		v.SetBool(n.truth)
	case reflect.Int:
		x, err := whole(path, n)
		v.SetInt(int64(x))
		return err
	case reflect.Float64:
		x, err := float(path, n)
		v.SetFloat(x)
		return err
	}
	return nil
}

func bindObject(path string, n *node, v reflect.Value) error {
	if n.kind != '{' {
		return wrongType(path, n, "object")
	}
	fields := jsonFields(v.Type())
	for i, name := range n.names {
		f, known := fields[name]
		if !known {
			return unknownField(path, name, fields)
		}
		if err := bind(join(path, name), &n.items[i], v.Field(f.index)); err != nil {
			return err
		}
	}
	for _, f := range sortedFields(fields) {
		if f.required && n.field(f.name) == nil {
			return fault.New(fault.Invalid, "planfile.required", "path", join(path, f.name))
		}
	}
	return nil
}

func bindList(path string, n *node, v reflect.Value) error {
	if n.kind != '[' {
		return wrongType(path, n, "list")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i := range n.items {
		if err := bind(index(path, i), &n.items[i], v.Index(i)); err != nil {
			return err
		}
	}
	if len(n.items) == 0 {
		v.SetZero() // so that an empty list and no list are the same plan
	}
	return nil
}

func bindArray(path string, n *node, v reflect.Value) error {
	if n.kind != '[' || len(n.items) != v.Len() {
		return wrongType(path, n, "pair")
	}
	for i := range n.items {
		if err := bind(index(path, i), &n.items[i], v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func bindDay(path string, n *node, v reflect.Value) error {
	if n.kind != 's' {
		return wrongType(path, n, "date")
	}
	day, err := civil.Parse(n.text)
	if err != nil || day.IsZero() {
		return fault.New(fault.Invalid, "planfile.date", "path", path, "value", shorten(n.text)).Wrap(err)
	}
	v.SetInt(int64(day))
	return nil
}

// whole reads a whole number, also when it is written 5.0 or 5e0.
func whole(path string, n *node) (int, error) {
	if n.kind != 'n' {
		return 0, wrongType(path, n, "whole")
	}
	x, err := strconv.ParseFloat(n.text, 64)
	if err != nil || x != math.Trunc(x) || math.Abs(x) > 1e9 {
		return 0, wrongType(path, n, "whole")
	}
	return int(x), nil
}

func float(path string, n *node) (float64, error) {
	if n.kind != 'n' {
		return 0, wrongType(path, n, "number")
	}
	x, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		return 0, wrongType(path, n, "number")
	}
	return x, nil
}

func wrongType(path string, n *node, want string) error {
	if path == "" {
		path = "$"
	}
	return fault.New(fault.Invalid, "planfile.type."+want, "path", path, "value", n.shown())
}

func unknownField(path, name string, fields map[string]jsonField) error {
	at := join(path, name)
	if near := nearest(name, fields); near != "" {
		return fault.New(fault.Invalid, "planfile.unknownField.near", "path", at, "suggestion", near)
	}
	names := make([]string, 0, len(fields))
	for _, f := range sortedFields(fields) {
		names = append(names, f.name)
	}
	return fault.New(fault.Invalid, "planfile.unknownField", "path", at, "known", strings.Join(names, ", "))
}
