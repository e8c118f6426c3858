package readiness

import (
	"slices"
	"testing"
)

func TestAdvise(t *testing.T) {
	t.Parallel()
	all := Answers{Interest: Yes, Discovery: Yes, People: Yes, Complexity: Yes, Date: Yes}
	for _, test := range []struct {
		name    string
		change  Answers
		want    Level
		reasons []Question
		flags   []Question
		first   []Question
	}{
		{"everything is there", nil, Now, []Question{Interest, Discovery, People, Complexity}, nil, nil},
		{"nobody named a date", Answers{Date: No}, Now, []Question{Interest, Discovery, People, Complexity}, nil, []Question{Date}},
		{"no confirmed interest", Answers{Interest: No}, Wait, []Question{Interest}, []Question{Interest}, []Question{Interest}},
		{"talks not had", Answers{Discovery: No}, Wait, []Question{Discovery}, []Question{Discovery}, []Question{Discovery}},
		{"one person, much ahead", Answers{People: No}, Wait, []Question{People, Complexity}, []Question{People}, []Question{People}},
		{"one person, little ahead", Answers{People: No, Complexity: No}, Light, []Question{Complexity, People}, []Question{People, Complexity}, []Question{People}},
		{"little ahead", Answers{Complexity: No}, Light, []Question{Complexity}, []Question{Complexity}, nil},
		{"how much is ahead is not known", Answers{Complexity: Partly}, Light, []Question{Complexity}, nil, nil},
		{"interest in part", Answers{Interest: Partly}, Light, []Question{Interest}, nil, []Question{Interest}},
		{"interest and talks in part", Answers{Interest: Partly, Discovery: ""}, Wait, []Question{Interest, Discovery}, nil, []Question{Interest, Discovery}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := Answers{}
			for q, x := range all {
				a[q] = x
			}
			for q, x := range test.change {
				a[q] = x
			}
			got := Advise(a)
			var reasons []Question
			for _, r := range got.Reasons {
				reasons = append(reasons, r.Question)
			}
			if got.Level != test.want || !slices.Equal(reasons, test.reasons) || !slices.Equal(got.Flags, test.flags) || !slices.Equal(got.First, test.first) {
				t.Errorf("%+v, want %s because of %q, flags %q, first %q", got, test.want, test.reasons, test.flags, test.first)
			}
		})
	}
}

// each visits every combination of answers.
func each(visit func(Answers)) {
	options := []Answer{Yes, Partly, No, ""}
	total := 1
	for range Questions() {
		total *= len(options)
	}
	for n := range total {
		a := Answers{}
		for i, q := range Questions() {
			k := n
			for range i {
				k /= len(options)
			}
			a[q] = options[k%len(options)]
		}
		visit(a)
	}
}

// Every combination of answers has an advice with a reason; an advice to wait
// names what to do first; a better answer never makes the advice worse.
func TestEveryCombination(t *testing.T) {
	t.Parallel()
	rank := map[Level]int{Wait: 0, Light: 1, Now: 2}
	seen := map[Level]int{}
	each(func(a Answers) {
		got := Advise(a)
		seen[got.Level]++
		if !slices.Contains(Levels(), got.Level) || len(got.Reasons) == 0 {
			t.Fatalf("%v: %+v", a, got)
		}
		if got.Level == Wait && len(got.First) == 0 {
			t.Errorf("%v: waiting for nothing", a)
		}
		if got.Level == Now && len(got.Flags) > 0 {
			t.Errorf("%v: now, with red flags %v", a, got.Flags)
		}
		for _, q := range []Question{Interest, Discovery, People} { // more complexity is not better
			better := Answers{}
			for k, x := range a {
				better[k] = x
			}
			better[q] = Yes
			if b := Advise(better); rank[b.Level] < rank[got.Level] {
				t.Errorf("%v: %s, but with %s %s", a, got.Level, q, b.Level)
			}
		}
	})
	for _, l := range Levels() {
		if seen[l] == 0 {
			t.Errorf("no answers lead to %s", l)
		}
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		m    Moment
		o    Objection
		mv   Move
		out  Outcome
		want bool
	}{
		{"welcomed at once", Introducing, "", "", Welcomed, true},
		{"an objection", Inviting, Formal, "", "", true},
		{"with its move and outcome", Inviting, Timeline, TheyDate, Hesitant, true},
		{"another objection's move", Inviting, Timeline, MakeLight, "", false},
		{"a move against nothing", Inviting, "", MakeLight, Welcomed, false},
		{"nothing", Introducing, "", "", "", false},
		{"no such moment", "later", Formal, "", "", false},
		{"no such objection", Inviting, "price", "", "", false},
		{"no such outcome", Inviting, Formal, "", "signed", false},
	} {
		if got := Valid(test.m, test.o, test.mv, test.out); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	moves := map[Move]bool{}
	for _, o := range Objections() {
		moves[o.Move()] = true
	}
	if len(moves) != len(Objections()) {
		t.Errorf("%d objections have %d moves", len(Objections()), len(moves))
	}
}
