package planfile

import (
	"reflect"
	"slices"
	"strings"
)

// jsonField is a field of a type of the format. A field is required unless
// its tag says that it may be left out.
type jsonField struct {
	name     string
	index    int
	required bool
}

func jsonFields(t reflect.Type) map[string]jsonField {
	fields := make(map[string]jsonField, t.NumField())
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		fields[name] = jsonField{name: name, index: i, required: options == ""}
	}
	return fields
}

// sortedFields are the fields in the order in which the type names them.
func sortedFields(fields map[string]jsonField) []jsonField {
	list := make([]jsonField, 0, len(fields))
	for _, f := range fields {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b jsonField) int { return a.index - b.index })
	return list
}

// nearest is the known name that somebody who typed this one most likely
// meant, or "".
func nearest(name string, fields map[string]jsonField) string {
	if len(name) > 40 {
		return ""
	}
	best, distance := "", 1+max(1, len(name)/3)
	for _, f := range sortedFields(fields) {
		if strings.EqualFold(f.name, name) {
			return f.name
		}
		if d := edits(strings.ToLower(name), strings.ToLower(f.name)); d < distance {
			best, distance = f.name, d
		}
	}
	return best
}

// edits is the Damerau–Levenshtein distance (optimal string alignment): how
// many letters to insert, delete, change or swap with their neighbour.
func edits(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
