package planfile_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/planfile"
)

func full(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/full.plan.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDecodeReadsEveryField(t *testing.T) {
	t.Parallel()
	p, err := planfile.Decode(strings.NewReader(full(t)))
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) civil.Day { d, _ := civil.Parse(s); return d }
	five := 5
	a := p.Actions[0]
	if a.Due != day("2028-05-15") || a.Status != planfile.Blocked || *a.Duration != five || a.Owners.Seller != "martinez" || a.Estimate.High != 12 {
		t.Errorf("first action = %+v", a)
	}
	if zero := p.Actions[1].Duration; zero == nil || *zero != 0 {
		t.Errorf("duration 0 = %v, want a zero that is there", zero)
	}
	if got := p.Actions[1].Status; got != planfile.Open {
		t.Errorf("missing status = %q, want open", got)
	}
	if got, want := *p.Risks[1].Impact, (planfile.Impact{Low: 9, Likely: 9, High: 9}); got != want {
		t.Errorf("impact from one number = %v, want %v", got, want)
	}
	if got, want := p.Actions[1].Estimate.Values, [][2]float64{{3, 0.25}, {8, 0.75}}; !cmp.Equal(got, want) {
		t.Errorf("values = %v, want %v", got, want)
	}
	if got := p.People[0].Absences[0]; got.To != day("2028-06-02") || got.Note != "travelling" {
		t.Errorf("absence = %+v", got)
	}
}

func TestEncodeWritesStatusAndReadsBack(t *testing.T) {
	t.Parallel()
	p, err := planfile.Decode(strings.NewReader(full(t)))
	if err != nil {
		t.Fatal(err)
	}
	p.Actions[1].Status = ""
	var b bytes.Buffer
	if err := planfile.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	if p.Actions[1].Status != "" {
		t.Error("Encode changed the plan it was given")
	}
	if got := strings.Count(b.String(), `"status"`); got != len(p.Actions) {
		t.Errorf("%d statuses written, want %d", got, len(p.Actions))
	}
	if !strings.Contains(b.String(), "=1+1 <b>&</b>") {
		t.Error("text is not written as it is")
	}
	back, err := planfile.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	p.Actions[1].Status = planfile.Open
	if diff := cmp.Diff(p, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// mistakes are one-place changes of the full plan, what Decode says of each,
// and whether a JSON Schema can see it too.
var mistakes = []struct {
	name, old, new string
	key, path      string
	unseen         bool // by the schema: references, ids, order
}{
	{"other version", `tandem.plan/1`, `tandem.plan/2`, "planfile.format.version", "format", false},
	{"other format", `tandem.plan/1`, `something`, "planfile.format.unknown", "format", false},
	{"format missing", `"format": "tandem.plan/1", `, ``, "planfile.format.missing", "format", false},
	{"format a number", `"tandem.plan/1"`, `1`, "planfile.type.text", "format", false},
	{"title missing", `"title": "Bis 24. Mai entscheiden, ob Acme Cloud passt", `, ``, "planfile.required", "title", false},
	{"title empty", `Bis 24. Mai entscheiden, ob Acme Cloud passt`, ` `, "planfile.required", "title", false},
	{"unknown at root", `"language"`, `"langauge"`, "planfile.unknownField.near", "langauge", false},
	{"unknown in action", `"title": "CFO reviews`, `"titel": "CFO reviews`, "planfile.unknownField.near", "actions[1].titel", false},
	{"unknown by case", `"doneWhen"`, `"donewhen"`, "planfile.unknownField.near", "actions[0].donewhen", false},
	{"unknown and far", `"doneWhen"`, `"zebra"`, "planfile.unknownField", "actions[0].zebra", false},
	{"unknown in calendar", `"region": "DE-NI"`, `"state": "DE-NI"`, "planfile.unknownField", "sides.buyer.calendar.state", false},
	{"text for a number", `"duration": 5`, `"duration": "5"`, "planfile.type.whole", "actions[0].duration", false},
	{"part of a day", `"duration": 5`, `"duration": 5.5`, "planfile.type.whole", "actions[0].duration", false},
	{"null", `"duration": 5`, `"duration": null`, "planfile.type.whole", "actions[0].duration", false},
	{"negative duration", `"duration": 5`, `"duration": -5`, "planfile.range", "actions[0].duration", false},
	{"huge number", `"probability": 0.6`, `"probability": 1e999`, "planfile.type.number", "risks[0].probability", false},
	{"probability above one", `"probability": 0.6`, `"probability": 60`, "planfile.range", "risks[0].probability", false},
	{"yes for true", `"lead": true`, `"lead": "yes"`, "planfile.type.yesNo", "people[1].lead", false},
	{"object for a list", `"goals": [{"side": "buyer", "text": "Reports in hours, not days"}]`, `"goals": {}`, "planfile.type.list", "goals", false},
	{"list for an object", `"note": "travelling"}]`, `"note": "travelling"}, []]`, "planfile.type.object", "people[0].absences[1]", false},
	{"no such day", `"due": "2028-05-15"`, `"due": "2028-02-30"`, "planfile.date", "actions[0].due", false},
	{"German day", `"due": "2028-05-15"`, `"due": "15.05.2028"`, "planfile.date", "actions[0].due", false},
	{"day as number", `"due": "2028-05-15"`, `"due": 20280515`, "planfile.type.date", "actions[0].due", false},
	{"empty day", `"due": "2028-05-15"`, `"due": ""`, "planfile.date", "actions[0].due", false},
	{"year 28", `"due": "2028-05-15"`, `"due": "0028-05-15"`, "planfile.date", "actions[0].due", false},
	{"unknown status", `"status": "blocked"`, `"status": "finished"`, "planfile.enum", "actions[0].status", false},
	{"unknown side", `"side": "joint"`, `"side": "both"`, "planfile.enum", "actions[0].side", false},
	{"joint person", `"id": "chen", "side": "buyer"`, `"id": "chen", "side": "joint"`, "planfile.enum", "people[1].side", false},
	{"unknown language", `"language": "de"`, `"language": "fr"`, "planfile.enum", "language", false},
	{"unknown weekday", `"tue"`, `"Tuesday"`, "planfile.enum", "sides.buyer.calendar.week[1]", false},
	{"weekday twice", `"tue"`, `"mon"`, "planfile.repeated", "sides.buyer.calendar.week[1]", false},
	{"region in words", `"DE-NI"`, `"Niedersachsen"`, "planfile.region", "sides.buyer.calendar.region", false},
	{"name missing", `, "name": "Sarah Chen"`, ``, "planfile.required", "people[1].name", false},
	{"id empty", `"id": "a2"`, `"id": ""`, "planfile.required", "actions[1].id", false},
	{"id with a blank", `"id": "r2"`, `"id": "r2 "`, "planfile.id", "risks[1].id", false},
	{"person twice", `"id": "chen"`, `"id": "brandt"`, "planfile.duplicateId", "people[1].id", true},
	{"action named as a milestone", `"id": "a2"`, `"id": "m1"`, "planfile.duplicateId", "actions[1].id", true},
	{"owner dangling", `"owner": "brandt"`, `"owner": "brant"`, "planfile.reference.person", "actions[1].owner", true},
	{"milestone dangling", `"milestone": "m1"`, `"milestone": "m2"`, "planfile.reference.milestone", "actions[0].milestone", true},
	{"gate dangling", `"gate": "g1"`, `"gate": "g2"`, "planfile.reference.gate", "actions[0].gate", true},
	{"link dangling", `"from": "a1", "to": "a2"`, `"from": "a1", "to": "a3"`, "planfile.reference.item", "links[0].to", true},
	{"link to itself", `"from": "a1", "to": "a2"`, `"from": "a2", "to": "a2"`, "planfile.link.self", "links[0]", true},
	{"link type", `"type": "FS"`, `"type": "EA"`, "planfile.enum", "links[0].type", false},
	{"lag calendar", `"lagCalendar": "elapsed"`, `"lagCalendar": "calendar"`, "planfile.enum", "links[1].lagCalendar", false},
	{"risk's action dangling", `"actions": ["a1"]`, `"actions": ["m1"]`, "planfile.reference.action", "risks[0].actions[0]", true},
	{"risk's owner dangling", `"owner": "chen", "actions"`, `"owner": "a1", "actions"`, "planfile.reference.person", "risks[0].owner", true},
	{"joint with owner", `"owners": {"buyer": "chen", "seller": "martinez"}`, `"owner": "chen"`, "planfile.joint.owner", "actions[0].owner", false},
	{"owners of one side", `"owner": "brandt"`, `"owners": {"buyer": "brandt"}`, "planfile.joint.owners", "actions[1].owners", false},
	{"owners swapped", `{"buyer": "chen", "seller": "martinez"}`, `{"buyer": "martinez"}`, "planfile.owner.side", "actions[0].owners.buyer", true},
	{"open and due", `"dateOpen": false`, `"dateOpen": true`, "planfile.dateOpen", "actions[0].dateOpen", false},
	{"span backwards", `{"from": "2028-05-14", "to": "2028-06-02"`, `{"from": "2028-06-14", "to": "2028-06-02"`, "planfile.span", "people[0].absences[0]", true},
	{"span without end", `, "to": "2029-01-01"`, ``, "planfile.required", "sides.seller.calendar.closed[0].to", false},
	{"estimate out of order", `"low": 3, "likely": 5, "high": 12`, `"low": 6, "likely": 5, "high": 12`, "planfile.points", "actions[0].estimate", true},
	{"estimate shape", `"shape": "pert"`, `"shape": "normal"`, "planfile.enum", "actions[0].estimate.shape", false},
	{"both kinds of estimate", `{"values": [`, `{"low": 1, "likely": 1, "high": 1, "values": [`, "planfile.estimate.both", "actions[1].estimate", false},
	{"values not a pair", `[3, 0.25]`, `[3]`, "planfile.type.pair", "actions[1].estimate.values[0]", false},
	{"values add up to more", `[3, 0.25]`, `[3, 0.5]`, "planfile.estimate.sum", "actions[1].estimate.values", true},
	{"impact out of order", `{"low": 3, "likely": 9, "high": 15}`, `{"low": 30, "likely": 9, "high": 15}`, "planfile.points", "risks[0].impact", true},
	{"impact incomplete", `{"low": 3, "likely": 9, "high": 15}`, `{"likely": 9}`, "planfile.required", "risks[0].impact.low", false},
	{"rule in words", `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU`, `every 2nd Tuesday`, "planfile.rule", "gates[0].rule", false},
	{"freeze blocks nothing", `"blocks": "start", `, ``, "planfile.required", "freezes[0].blocks", false},
	{"key twice", `"lead": true`, `"lead": true, "lead": false`, "planfile.duplicateKey", "people[1].lead", true},
	{"NUL in a text", `pentest report`, `pentest\u0000report`, "planfile.nul", "", true},
	{"trailing", `"impact": 9}] }`, `"impact": 9}] } {}`, "planfile.trailing", "", true},
	{"cut off", `"impact": 9}] }`, `"impact": 9}`, "planfile.truncated", "", true},
	{"comma too many", `"impact": 9}] }`, `"impact": 9},] }`, "planfile.syntax", "", true},
	{"a list", `{ "format"`, `[ "format"`, "planfile.syntax", "", true},
	{"raw NUL", `pentest`, "pen\x00test", "planfile.nul", "", true},
	{"Windows-1252", `Approval`, "Gremium \xe4", "planfile.encoding", "", true},
	{"too deep", `"status": "blocked"`, `"status": ` + strings.Repeat("[", 40) + strings.Repeat("]", 40), "planfile.depth", "", false},
}

func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	good := full(t)
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(good, m.old) {
				t.Fatalf("the full plan does not contain %q", m.old)
			}
			_, err := planfile.Decode(strings.NewReader(strings.Replace(good, m.old, m.new, 1)))
			f, ok := fault.As(err)
			if !ok {
				t.Fatalf("error = %v, want a fault", err)
			}
			if f.Key != m.key {
				t.Errorf("key = %s, want %s (%v)", f.Key, m.key, f)
			}
			if m.path != "" && f.Args["path"] != m.path {
				t.Errorf("path = %v, want %s", f.Args["path"], m.path)
			}
			checkMessage(t, f)
		})
	}
}

// checkMessage holds that both catalogues have the sentence and that the fault
// brings every value the sentence names.
func checkMessage(t *testing.T, f *fault.Error) {
	t.Helper()
	for _, lang := range []string{"de", "en"} {
		sentence, ok := catalogue(t, lang)[f.Key]
		if !ok {
			t.Fatalf("%s: no message %s", lang, f.Key)
		}
		for _, m := range regexp.MustCompile(`{{\.(\w+)}}`).FindAllStringSubmatch(sentence, -1) {
			if _, ok := f.Args[m[1]]; !ok {
				t.Errorf("%s: %s names {{.%s}}, the fault has %v", lang, f.Key, m[1], f.Args)
			}
		}
	}
}

func catalogue(t testing.TB, lang string) map[string]string {
	t.Helper()
	b, err := os.ReadFile("../locale/text/planfile." + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSuggestion(t *testing.T) {
	t.Parallel()
	_, err := planfile.Decode(strings.NewReader(`{"format":"tandem.plan/1","title":"x","actions":[{"id":"a","titel":"b","side":"buyer"}]}`))
	f, _ := fault.As(err)
	if f == nil || f.Args["suggestion"] != "title" {
		t.Errorf("fault = %v, want the suggestion title", err)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	_, err := planfile.Decode(bytes.NewReader(bytes.Repeat([]byte(" "), planfile.MaxBytes+1)))
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("error = %v, want too large", err)
	}
	_, err = planfile.Decode(strings.NewReader(strings.Repeat("[", 1<<20)))
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a million brackets: error = %v, want a fault", err)
	}
}

func TestEveryMessageInBothLanguages(t *testing.T) {
	t.Parallel()
	de, en := catalogue(t, "de"), catalogue(t, "en")
	for key := range en {
		if de[key] == "" {
			t.Errorf("%s is missing in German", key)
		}
	}
	for key := range de {
		if en[key] == "" {
			t.Errorf("%s is missing in English", key)
		}
	}
	for _, file := range []string{"tree.go", "decode.go", "validate.go"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(planfile\.[A-Za-z.]+[A-Za-z])"`).FindAllStringSubmatch(string(src), -1) {
			if en[m[1]] == "" {
				t.Errorf("%s uses %s, which has no message", file, m[1])
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	good := full(f)
	f.Add([]byte(good))
	for _, m := range mistakes {
		f.Add([]byte(strings.Replace(good, m.old, m.new, 1)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := planfile.Decode(bytes.NewReader(data))
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("error is no fault: %v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := planfile.Encode(&b, p); err != nil {
			t.Fatalf("what was decoded cannot be encoded: %v", err)
		}
		back, err := planfile.Decode(&b)
		if err != nil {
			t.Fatalf("what was encoded cannot be decoded: %v", err)
		}
		if diff := cmp.Diff(p, back); diff != "" {
			t.Fatalf("round trip (-want +got):\n%s", diff)
		}
	})
}
