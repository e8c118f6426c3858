package planfile_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tandem/internal/planfile"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(planfile.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("plan.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func accepts(t testing.TB, s *jsonschema.Schema, file string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(file))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestSchemaAgreesWithDecoder(t *testing.T) {
	t.Parallel()
	s, good := compiled(t), full(t)
	if err := accepts(t, s, good); err != nil {
		t.Fatalf("the schema refuses the full plan: %v", err)
	}
	for _, m := range mistakes {
		if m.unseen {
			continue
		}
		if accepts(t, s, strings.Replace(good, m.old, m.new, 1)) == nil {
			t.Errorf("%s: the decoder refuses it, the schema does not", m.name)
		}
	}
}

func TestSchemaCopyIsCurrent(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../docs/plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(docs, planfile.Schema()) {
		t.Error("docs/plan.schema.json differs from internal/planfile/plan.schema.json: copy it")
	}
}

// TestSchemaKnowsTheFields walks the types and the schema side by side.
func TestSchemaKnowsTheFields(t *testing.T) {
	t.Parallel()
	compareFields(t, "$", reflect.TypeFor[planfile.Plan](), compiled(t))
}

func compareFields(t *testing.T, at string, typ reflect.Type, s *jsonschema.Schema) {
	t.Helper()
	for s.Ref != nil {
		s = s.Ref
	}
	switch typ.Kind() {
	case reflect.Pointer:
		compareFields(t, at, typ.Elem(), s)
	case reflect.Slice:
		if items := s.Items2020; items != nil {
			compareFields(t, at+"[]", typ.Elem(), items)
		}
	case reflect.Struct:
		for _, alternative := range s.AnyOf { // estimate, impact: the object among them
			if alternative.Properties != nil {
				s = alternative
				break
			}
		}
		required := map[string]bool{}
		for _, name := range s.Required {
			required[name] = true
		}
		known := map[string]bool{}
		for i := range typ.NumField() {
			name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			known[name] = true
			property := s.Properties[name]
			if property == nil {
				t.Errorf("%s.%s is not in the schema", at, name)
				continue
			}
			if required[name] != (options == "") {
				t.Errorf("%s.%s: required is %v in the schema, %v in the type", at, name, required[name], options == "")
			}
			compareFields(t, at+"."+name, typ.Field(i).Type, property)
		}
		for name := range s.Properties {
			if !known[name] {
				t.Errorf("%s.%s is in the schema only", at, name)
			}
		}
	}
}

func unmarshal(text string) (any, error) {
	return jsonschema.UnmarshalJSON(strings.NewReader(text))
}
