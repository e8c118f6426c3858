package storetest

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// fill writes words of two people, of many lengths and in random order, so
// that pages of the file fill, split and are used again.
func fill(t testing.TB, s Store, planID plan.ID, kept, gone string) {
	t.Helper()
	r := mathrand.New(mathrand.NewPCG(1, uint64(len(planID))))
	heads := map[string]int64{}
	for n := range 300 {
		stream := []string{plan.SharedStream(planID), plan.PrivateStream(planID, plan.Buyer), plan.PrivateStream(planID, plan.Seller)}[r.IntN(3)]
		c := add(stream, heads[stream], 1+r.IntN(3))
		heads[stream] += int64(len(c.Appends[0].Records))
		for i := range c.Appends[0].Records {
			subject, word := plan.ID("kept"), kept
			if r.IntN(2) == 0 {
				subject, word = "gone", gone
			}
			size := []int{0, 20, 200, 3000, 12_000}[r.IntN(5)]
			c.Appends[0].Records[i].Texts = []plan.Sealed{sealed(subject, strings.Repeat(".", r.IntN(size+1))+word+fmt.Sprint(n))}
		}
		commit(t, s, c)
	}
}

func erased(t *testing.T, db Database) {
	s := db.Open(t)
	kept, gone := "kept"+rand.Text(), "gone"+rand.Text()
	fill(t, s, "p1", kept, gone)
	fill(t, s, "p2", kept+"other", kept+"other") // its "gone" is another person
	if len(db.Traces(t, gone)) == 0 {
		t.Fatal("the words are not found before they are erased: this test would see nothing")
	}
	n, err := s.Erase(t.Context(), "p1", []plan.ID{"gone", "unknown"})
	check(t, err)
	if n < 100 {
		t.Errorf("%d words were erased, want all of that person's", n)
	}
	if where := db.Traces(t, gone); len(where) > 0 {
		t.Errorf("erased words are still found in %v", where)
	}
	if len(db.Traces(t, kept)) == 0 {
		t.Errorf("other people's words were erased too")
	}
	for _, stream := range []string{plan.SharedStream("p1"), plan.PrivateStream("p1", plan.Buyer), plan.PrivateStream("p1", plan.Seller)} {
		st := load(t, s, stream)
		for _, w := range st.Words {
			if w.Subject == "gone" || !strings.Contains(w.Value, kept) {
				t.Fatalf("%s still holds %+v", stream, w)
			}
		}
		for i, r := range st.Records {
			if r.Seq != int64(i+1) {
				t.Fatalf("%s: an event is missing: %d is in place %d", stream, r.Seq, i+1)
			}
		}
	}
	others := 0
	for _, w := range load(t, s, plan.SharedStream("p2")).Words {
		if w.Subject == "gone" {
			others++
		}
	}
	if others == 0 {
		t.Error("words of another plan were erased too")
	}
	if n, err := s.Erase(t.Context(), "p1", []plan.ID{"gone"}); n != 0 || err != nil {
		t.Errorf("erasing again: %d, %v; want nothing to do", n, err)
	}

	// A real plan still verifies when its people are gone.
	p, err := Start(t.Context(), s, "p3", 2)
	check(t, err)
	_, err = s.Erase(t.Context(), "p3", []plan.ID{Ute, Sarah})
	check(t, err)
	if head, err := Verify(t.Context(), s, plan.SharedStream("p3")); err != nil || head != p.Head {
		t.Errorf("after erasing the chain ends at %+v (%v), want %+v", head, err, p.Head)
	}
	if where := db.Traces(t, "ute@nordwerk.example"); len(where) > 0 {
		t.Errorf("an erased address is still found in %v", where)
	}
}

func redacted(t *testing.T, db Database) {
	s := db.Open(t)
	stream := plan.SharedStream("p1")
	secret := "secret" + rand.Text()
	c := add(stream, 0, 3)
	c.Appends[0].Records[0].Texts = []plan.Sealed{sealed(Ute, "before"), sealed(Ute, secret)}
	c.Appends[0].Records[2].Texts = []plan.Sealed{sealed(Ute, secret+"again"), sealed(Ute, "after")}
	commit(t, s, c)
	check(t, s.Redact(t.Context(), stream, []string{c.Appends[0].Records[0].Texts[1].Hash, c.Appends[0].Records[2].Texts[0].Hash, "unknown"}))
	if where := db.Traces(t, secret); len(where) > 0 {
		t.Errorf("redacted words are still found in %v", where)
	}
	var left []string
	for _, w := range load(t, s, stream).Words {
		left = append(left, w.Value)
	}
	slices.Sort(left)
	if !slices.Equal(left, []string{"after", "before"}) {
		t.Errorf("left are %q, want the other two", left)
	}
}

func erasingMeanwhile(t *testing.T, db Database) {
	s := db.Open(t)
	word := "gone" + rand.Text()
	var all sync.WaitGroup
	for n := range 4 {
		id := plan.ID(fmt.Sprint("p", n))
		all.Go(func() {
			stream := plan.SharedStream(id)
			for k := range int64(20) {
				c := add(stream, k, 1)
				c.Appends[0].Records[0].Texts = []plan.Sealed{sealed("gone", word), sealed("kept", "kept")}
				if err := s.Commit(t.Context(), c); err != nil {
					t.Errorf("Commit while others erase: %v", err)
				}
			}
			if n, err := s.Erase(t.Context(), id, []plan.ID{"gone"}); err != nil || n != 20 {
				t.Errorf("Erase while others write: %d, %v; want 20", n, err)
			}
		})
	}
	all.Wait()
	if where := db.Traces(t, word); len(where) > 0 {
		t.Errorf("erased words are still found in %v", where)
	}
}

func mentions(t *testing.T, db Database) {
	s := db.Open(t)
	shared, own := plan.SharedStream("p1"), plan.PrivateStream("p1", plan.Buyer)
	c := app.Change{Appends: []app.Append{{Stream: shared, Records: plain(shared, 0, 1)}, {Stream: own, Records: plain(own, 0, 1)}}}
	c.Appends[0].Records[0].Texts = []plan.Sealed{
		sealed(Sarah, "Please ask JÜRGEN WEIẞ about it"), sealed(Sarah, "nobody here"),
		sealed(Sarah, "Ju\u0308rgen Weiß, decomposed"), sealed(Sarah, "100 % sure_thing")}
	c.Appends[1].Records[0].Texts = []plan.Sealed{sealed(Ute, "jürgen weiss said no")}
	commit(t, s, c)
	commit(t, s, app.Change{Appends: []app.Append{{Stream: plan.SharedStream("p2"), Records: func() []plan.Record {
		r := plain(plan.SharedStream("p2"), 0, 1)
		r[0].Texts = []plan.Sealed{sealed(Sarah, "Jürgen Weiß in another plan")}
		return r
	}()}}})

	for _, test := range []struct {
		names []string
		limit int
		want  int
	}{
		{[]string{"Jürgen Weiß"}, 10, 3},
		{[]string{"Jürgen Weiß"}, 2, 2},
		{[]string{"Somebody", "jürgen"}, 10, 3},
		{[]string{"%"}, 10, 1},
		{[]string{"sure_"}, 10, 1},
		{[]string{"sureXthing"}, 10, 0},
		{[]string{""}, 10, 0},
		{nil, 10, 0},
	} {
		got, err := s.Mentions(t.Context(), "p1", test.names, test.limit)
		check(t, err)
		if len(got) != test.want {
			t.Errorf("%q, at most %d: %d mentions, want %d: %+v", test.names, test.limit, len(got), test.want, got)
		}
		for _, m := range got {
			if m.Text.Hash == "" || m.Stream != shared && m.Stream != own {
				t.Errorf("%q: a mention without its place: %+v", test.names, m)
			}
		}
	}
}
