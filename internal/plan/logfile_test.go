package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"tandem/internal/fault"
)

func TestVerifyLogIntact(t *testing.T) {
	t.Parallel()
	w := story(t)
	report, err := VerifyLog(bytes.NewReader(w.logFile()), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.is("streams", len(report.Streams), 3)
	w.is("head", report.Streams[0].Head, w.plan.Head)
	total := 0
	for _, records := range w.logs {
		total += len(records)
	}
	w.is("events", report.Events(), int64(total))
	w.is("erasures", report.Streams[0].Erasures, 1)
}

func TestVerifyLogAgainstAReceipt(t *testing.T) {
	t.Parallel()
	w := story(t)
	log := w.logFile()
	shared := w.logs[SharedStream(planID)]
	middle := shared[len(shared)/2]
	other := "0" + middle.Hash[1:]
	if other == middle.Hash {
		other = "1" + middle.Hash[1:]
	}
	private := w.logs[PrivateStream(planID, Buyer)]
	for receipt, want := range map[string]string{
		w.plan.Head.String():                                       "",
		Head{Seq: middle.Seq, Hash: middle.Hash}.String():          "",
		Head{Seq: private[0].Seq, Hash: private[0].Hash}.String():  "",
		Head{Seq: middle.Seq, Hash: other}.String():                "verify.receipt",
		Head{Seq: w.plan.Head.Seq + 1, Hash: middle.Hash}.String(): "verify.short",
		Head{Seq: w.plan.Head.Seq, Hash: middle.Hash}.String():     "verify.receipt",
		" " + strings.ToUpper(w.plan.Head.String()) + "\n":         "",
	} {
		expect, err := ParseHead(receipt)
		if err != nil {
			t.Fatalf("%q: %v", receipt, err)
		}
		_, err = VerifyLog(bytes.NewReader(log), &expect)
		if got := reason(err); got != want {
			t.Errorf("%s: got %q, want %q", receipt, got, want)
		}
	}
	for _, s := range []string{"", ":", "1", "0:" + middle.Hash, "1:abc", "x:" + middle.Hash, "1:" + strings.Repeat("g", 64)} {
		if _, err := ParseHead(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is taken for a receipt", s)
		}
	}
}

func reason(err error) string {
	var b *Break
	if errors.As(err, &b) {
		return b.Reason
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestVerifyLogNamesTheLine(t *testing.T) {
	t.Parallel()
	w := story(t)
	lines := strings.SplitAfter(strings.TrimSuffix(string(w.logFile()), "\n"), "\n")
	join := func(l ...string) string { return strings.Join(l, "") }
	replaced := func(i int, s string) string {
		c := append([]string(nil), lines...)
		c[i] = s
		return join(c...)
	}
	for name, c := range map[string]struct {
		log  string
		line int
		want string
	}{
		"empty":            {"", 1, "verify.empty"},
		"a text":           {"Hello\n", 1, "verify.header"},
		"no header":        {join(lines[1:]...), 1, "verify.header"},
		"other format":     {replaced(0, `{"format":"tandem.log/2","plan":"p","stream":"p/shared"}`+"\n"), 1, "verify.format"},
		"other plan":       {replaced(0, `{"format":"tandem.log/1","plan":"p","stream":"q/shared"}`+"\n"), 1, "verify.header"},
		"odd header":       {replaced(0, `{"format":"tandem.log/1","plan":7}`+"\n"), 1, "verify.header"},
		"other stream":     {replaced(0, `{"format":"tandem.log/1","plan":"p","stream":"p/shared"}`+"\n"), 2, "verify.stream"},
		"blank line":       {replaced(3, "\n"), 4, "verify.blank"},
		"not JSON":         {replaced(3, "{\n"), 4, "verify.record"},
		"unknown field":    {replaced(3, strings.Replace(lines[3], `{"stream"`, `{"x":1,"stream"`, 1)), 4, "verify.record"},
		"two in a line":    {replaced(3, strings.TrimSpace(lines[3])+lines[4]), 4, "verify.record"},
		"dropped":          {join(append(append([]string(nil), lines[:3]...), lines[4:]...)...), 4, "verify.sequence"},
		"cut off inside":   {join(lines[:5]...) + lines[5][:40], 6, "verify.record"},
		"the stream twice": {join(lines...) + "\n" + lines[0], len(lines) + 1, "verify.twice"},
		"too long":         {join(lines[:3]...) + strings.Repeat(" ", maxLogLine+1), 4, "verify.line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := VerifyLog(strings.NewReader(c.log), nil)
			var b *Break
			if !errors.As(err, &b) || b.Reason != c.want || b.Line != c.line {
				t.Errorf("got %v, want line %d %s", err, c.line, c.want)
			}
		})
	}
}

func TestVerifyLogPassesOnTheReadersErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk")
	if _, err := VerifyLog(iotest.ErrReader(broken), nil); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	fails := func(yield func(Record, error) bool) { yield(Record{}, broken) }
	if err := WriteLog(io.Discard, LogHeader{Plan: "p", Stream: "p/shared"}, fails); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// Any byte of a log that changes is noticed, or changes nothing that is said.
func TestVerifyLogNoticesEveryByte(t *testing.T) {
	t.Parallel()
	w := story(t)
	log := w.logFile()
	want := parseLog(log)
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 * torture() {
		changed := bytes.Clone(log)
		i := random.IntN(len(changed))
		changed[i] ^= 1 << random.IntN(8)
		if _, err := VerifyLog(bytes.NewReader(changed), nil); err == nil && !reflect.DeepEqual(parseLog(changed), want) {
			t.Fatalf("byte %d (%q → %q) changed unnoticed in %s", i, log[i], changed[i], around(changed, i))
		}
	}
}

func around(b []byte, i int) string { return string(b[max(0, i-60):min(len(b), i+60)]) }

func parseLog(log []byte) []Record {
	var out []Record
	for _, line := range bytes.Split(bytes.TrimSpace(log), []byte("\n")) {
		var r Record
		if err := json.Unmarshal(line, &r); err != nil {
			return nil
		}
		out = append(out, r)
	}
	return out
}

func FuzzVerifyLog(f *testing.F) {
	w := story(f)
	log := w.logFile()
	f.Add(log)
	f.Add(log[:len(log)/2])
	f.Add([]byte(`{"format":"tandem.log/1","plan":"p","stream":"p/shared"}`))
	f.Add([]byte("{\"format\":\"tandem.log/1\",\"plan\":\"p\",\"stream\":\"p/shared\"}\n{\"stream\":\"p/shared\",\"seq\":1,\"data\":null}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := VerifyLog(bytes.NewReader(b), &Head{Seq: 3, Hash: "x"}); err == nil {
			t.Fatal("no log passes through this receipt")
		}
	})
}

func FuzzUnseal(f *testing.F) {
	w := story(f)
	for _, records := range w.logs {
		for _, r := range records {
			f.Add(r.Kind, r.Version, []byte(r.Data))
		}
	}
	f.Add("item.added", 2, []byte("null"))
	f.Fuzz(func(t *testing.T, kind string, v int, data []byte) {
		ev, _, err := Unseal(Record{Kind: kind, Version: v, Data: data}, Words{})
		if err != nil {
			return
		}
		again, err := json.Marshal(ev)
		if err != nil {
			t.Fatalf("%s was read and cannot be written: %v", data, err)
		}
		twice, err := decodeEvent(kind, v, again)
		if err != nil {
			t.Fatalf("%s was written and cannot be read: %v", again, err)
		}
		if b, _ := json.Marshal(twice); !bytes.Equal(again, b) {
			t.Fatalf("%s became %s", again, b)
		}
	})
}

func FuzzTexts(f *testing.F) {
	for _, s := range []string{"Legal review", "", "\xff", "a\u2028b<script>", strings.Repeat("x", 600), "=cmd|' /C calc'!A0", "\x00"} {
		f.Add(s)
	}
	base := agreed(f)
	f.Fuzz(func(t *testing.T, s string) {
		w := *base
		w.t, w.logs, w.words = t, map[string][]Record{}, Words{}
		for _, c := range []Command{
			Say{ID: "c", Item: lone, Text: s},
			Add{ID: "r", Kind: KindRisk, Risk: &RiskInput{Title: s, Mitigation: s}},
			Add{ID: "m", Kind: KindMilestone, Terms: title(s)},
			Detail{Item: lone, Version: w.v(lone), Details: Details{Category: s}},
			AddPerson{NewPerson: NewPerson{ID: "p", Side: Seller, Name: s, Role: s, Email: s}},
			Add{ID: ID(s), Kind: KindGoal, Terms: title("x")}.as(Joint),
		} {
			if _, err := w.try(tom, c); err != nil {
				if _, ok := fault.As(err); !ok {
					t.Fatalf("%T: %v", c, err)
				}
			}
		}
		p, err := Replay(base.plan, w.logs[SharedStream(planID)], merged(base.words, w.words))
		if err != nil {
			t.Fatal(err)
		}
		if stateJSON(p) != stateJSON(w.plan) {
			t.Fatalf("%q does not replay", s)
		}
		for _, x := range w.words {
			if !x.Fits() || strings.Contains(x.Value, "\x00") {
				t.Fatalf("%q is stored as %q", s, x.Value)
			}
		}
	})
}

func merged(a, b Words) Words {
	out := Words{}
	for _, m := range []Words{a, b} {
		for h, s := range m {
			out[h] = s
		}
	}
	return out
}

func TestBreakTellsWhere(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(&Break{Line: 4, Seq: 3, Reason: "verify.hash"}, &Break{Seq: 3, Reason: "verify.hash"}); got != "line 4, event 3: verify.hash event 3: verify.hash" {
		t.Errorf("got %s", got)
	}
}
