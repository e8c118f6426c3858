package scim

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const ute = `{"id":"U1","userName":"Ute.Brandt@acme.example","externalId":"Ab1","displayName":"Ute \"UB\" Brandt","active":true,"name":{"familyName":"Brandt"},
	"emails":[{"type":"work","value":"ute@acme.example","primary":true},{"type":"home","value":"ute@home.example"}],"members":[{"value":"m1"},{"value":"M2"}],
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"},"rank":7}`

func readDoc(t *testing.T, text string) document {
	t.Helper()
	d, err := decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFilter(t *testing.T) {
	t.Parallel()
	d := readDoc(t, ute)
	for _, c := range []struct {
		filter string
		want   bool
	}{
		{`userName eq "ute.brandt@ACME.example"`, true},
		{`USERNAME Eq "ute.brandt@acme.example"`, true},
		{`userName eq "ute"`, false},
		{`userName sw "ute" and userName ew ".example"`, true},
		{`userName co "brandt"`, true},
		{`externalId eq "ab1"`, false},
		{`externalId eq "Ab1"`, true},
		{`displayName eq "Ute \"UB\" Brandt"`, true},
		{`active eq true`, true},
		{`active eq "True"`, true},
		{`active eq "False"`, false},
		{`active ne true`, false},
		{`name.familyName eq "brandt"`, true},
		{`emails[type eq "work"].value eq "ute@acme.example"`, true},
		{`emails[type eq "work"].value eq "ute@home.example"`, false},
		{`emails[type eq "work" and value co "home"]`, false},
		{`emails[type eq "home"]`, true},
		{`emails.value eq "ute@home.example"`, true},
		{`emails eq "ute@home.example"`, true},
		{`members eq "m1"`, true},
		{`members[value eq "m9"]`, false},
		{`id eq "U1" and members eq "M2"`, true},
		{`id eq "U1" and manager eq "x"`, false},
		{`not (userName pr)`, false},
		{`title pr`, false},
		{`userName pr`, true},
		{`userName eq "x" or (active eq true and not (title pr))`, true},
		{`userName eq "x" or active eq false and userName pr`, false},
		{`urn:ietf:params:scim:schemas:core:2.0:User:userName pr`, true},
		{`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales"`, true},
		{`urn:other:User:department eq "sales"`, false},
		{`rank gt 6 and rank le 7 and rank lt 8 and rank ge 7 and rank eq 7`, true},
		{`displayName gt "u" and displayName lt "v"`, true},
		{`title eq null`, false},
		{`notes pr`, false},
	} {
		e, err := parseFilter(c.filter)
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		if got := e.match(d); got != c.want {
			t.Errorf("%s: %v, want %v", c.filter, got, c.want)
		}
	}
}

func TestFilterThatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " ", "userName", "userName eq", `userName eq "x`, `userName is "x"`, `userName eq "x" and`, `(userName pr`, `userName pr)`,
		`emails[type eq "work"`, `emails[].value eq "x"`, `eq "x"`, `userName eq x`, `userName eq {"a":1}`, `userName eq "x" "y"`, `a.b.c pr`, `.a pr`, `a. pr`,
		`emails[type eq "work"]. eq "x"`, "userName eq \"\xff\"", strings.Repeat("not (", 20) + "a pr" + strings.Repeat(")", 20)} {
		if e, err := parseFilter(text); err == nil {
			t.Errorf("%q was read as %#v", text, e)
		} else if p := problemOf(err); p == nil || p.kind != "invalidFilter" || p.status != 400 {
			t.Errorf("%q: %v, want invalidFilter", text, err)
		}
	}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, steps, at, want string }{
		{"add a single value", `{"op":"Add","path":"title","value":"Boss"}`, "title", `"Boss"`},
		{"replace a part", `{"op":"replace","path":"name.familyName","value":"Klein"}`, "name", `{"familyname":"Klein"}`},
		{"merge parts", `{"op":"add","path":"name","value":{"givenName":"Ute"}}`, "name", `{"familyname":"Brandt","givenname":"Ute"}`},
		{"remove", `{"op":"Remove","path":"displayName"}`, "displayname", `null`},
		{"add a value that is there", `{"op":"add","path":"members","value":[{"value":"m1"},{"value":"m3"}]}`, "members", `[{"value":"m1"},{"value":"M2"},{"value":"m3"}]`},
		{"remove by value", `{"op":"Remove","path":"members","value":[{"$ref":null,"value":"m1"}]}`, "members", `[{"value":"M2"}]`},
		{"remove by filter", `{"op":"remove","path":"members[value eq \"m1\"]"}`, "members", `[{"value":"M2"}]`},
		{"remove all", `{"op":"remove","path":"members"}`, "members", `null`},
		{"replace by filter", `{"op":"Replace","path":"emails[type eq \"home\"].value","value":"x@y"}`, "emails",
			`[{"primary":true,"type":"work","value":"ute@acme.example"},{"type":"home","value":"x@y"}]`},
		{"replace what is not there", `{"op":"Replace","path":"emails[type eq \"other\"].value","value":"x@y"}`, "emails",
			`[{"primary":true,"type":"work","value":"ute@acme.example"},{"type":"home","value":"ute@home.example"},{"type":"other","value":"x@y"}]`},
		{"remove what is not there", `{"op":"remove","path":"emails[type eq \"other\"]"}`, "members", `[{"value":"m1"},{"value":"M2"}]`},
		{"no path", `{"op":"replace","value":{"displayName":"U","name.givenName":"Ute","emails[type eq \"work\"].value":"a@b"}}`, "name", `{"familyname":"Brandt","givenname":"Ute"}`},
		{"an extension in dots and colons", `{"op":"add","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"IT"}}`,
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:user", `{"department":"IT"}`},
		{"an extension as a whole", `{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","value":{"costCenter":"1"}}`,
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:user", `{"costcenter":"1","department":"Sales"}`},
		{"the id", `{"op":"replace","value":{"id":"other"}}`, "id", `"U1"`},
	} {
		d := readDoc(t, ute)
		steps, err := operations(readDoc(t, `{"Operations":[`+c.steps+`]}`))
		if err == nil {
			err = patch(d, steps)
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, err := json.Marshal(d[c.at])
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestNamesThatDifferInCaseOnly(t *testing.T) {
	t.Parallel()
	if _, err := decode(strings.NewReader(`{"active":true,"Active":false}`)); err == nil {
		t.Error("which of them counts would be luck")
	}
}

func FuzzFilter(f *testing.F) {
	for _, text := range []string{`userName eq "x"`, `emails[type eq "work"].value eq "x" and not (active eq true)`, `a pr or b.c gt 7`, `urn:a:b:2.0:c.d sw "\u00e4"`} {
		f.Add(text)
	}
	d, err := decode(strings.NewReader(ute))
	if err != nil {
		f.Fatal(err)
	}
	before, _ := json.Marshal(d)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parseFilter(text)
		if err != nil {
			if p := problemOf(err); p == nil || p.status != 400 {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		once, twice := e.match(d), e.match(d)
		if once != twice {
			t.Errorf("%q matches by luck", text)
		}
		negated, err := parseFilter("not (" + text + ")")
		if err == nil && negated.match(d) == once {
			t.Errorf("%q and its negation agree", text)
		}
		if after, _ := json.Marshal(d); string(after) != string(before) {
			t.Errorf("%q changed the document", text)
		}
	})
}

func FuzzPatch(f *testing.F) {
	for _, text := range []string{`[{"op":"Add","path":"members","value":[{"value":"x"}]}]`, `[{"op":"replace","value":{"name.givenName":"x","active":"False"}}]`,
		`[{"op":"remove","path":"emails[type eq \"work\"]"}]`, `[{"op":"Replace","path":"emails[type eq \"other\"].value","value":"x"}]`, `[{"op":"add","path":"urn:a:b:c.d","value":{"e":[1]}}]`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body, err := decode(strings.NewReader(`{"Operations":` + text + `}`))
		if err != nil {
			return
		}
		steps, err := operations(body)
		if err != nil {
			return
		}
		d, err := decode(strings.NewReader(ute))
		if err != nil {
			t.Fatal(err)
		}
		again := cloned(d).(document)
		if err := patch(d, steps); err != nil {
			return
		}
		if d["id"] != "U1" {
			t.Errorf("%s changed the id", text)
		}
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if _, err := accountOf(d); err != nil && problemOf(err) == nil {
			t.Errorf("%s: %v", text, err)
		}
		body, _ = decode(strings.NewReader(`{"Operations":` + text + `}`))
		steps, _ = operations(body)
		if err := patch(again, steps); err != nil || !reflect.DeepEqual(again, d) {
			t.Errorf("%s: a second time %v, %v; first %s", text, again, err, raw)
		}
	})
}
