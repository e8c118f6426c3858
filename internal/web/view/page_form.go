package view

// FormProblem is why a form was refused; what was typed is in the form.
type FormProblem struct {
	Text  string
	Fixes []string
	Field string // the field that is wrong, if one is
}

// wrong reports whether the field is the one that is wrong.
func (p *FormProblem) wrong(field string) bool { return p != nil && p.Field == field }

// Option is one of the values to choose from.
type Option struct{ Value, Label string }

// fieldOf is a one-line input.
type fieldOf struct {
	Name, Kind, Label, Hint, Value, Autocomplete string
	Required                                     bool
	Wrong                                        bool
	Wide                                         bool
}

func (f fieldOf) describedBy() string {
	if f.Hint == "" {
		return ""
	}
	return "f-" + f.Name + "-hint"
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
