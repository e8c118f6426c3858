package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func changeIsWhole(t *testing.T, db Database) {
	s := db.Open(t)
	shared, own := plan.SharedStream("p1"), plan.PrivateStream("p1", plan.Buyer)
	records := plain(shared, 0, 2)
	records[1].Texts = []plan.Sealed{sealed(Ute, "eins"), sealed("", "zwei")}
	row := app.PlanRow{Plan: "p1", Workspace: "w1", Home: plan.Seller, Title: "T", Buyer: "B", Seller: "S", Phase: plan.Shared,
		Paused: true, Left: true, DecideBy: "2026-06-30", Revision: 3, Done: plan.Sides[int]{Buyer: 1, Seller: 2},
		Total: plan.Sides[int]{Buyer: 3, Seller: 4}, Proposals: 5, Updated: noon, LastBuyer: noon.Add(-time.Hour), Seq: 2}
	commit(t, s, app.Change{
		Appends: []app.Append{
			{Stream: shared, Records: records, Snapshot: []byte("{}")},
			{Stream: own, Records: plain(own, 0, 1)},
		},
		Row: &row,
	})

	st := load(t, s, shared)
	want := app.Stream{Snapshot: []byte("{}"), SnapshotSeq: 2, Words: plan.Words{
		records[1].Texts[0].Hash: records[1].Texts[0], records[1].Texts[1].Hash: records[1].Texts[1]}}
	if diff := cmp.Diff(want, st); diff != "" {
		t.Errorf("shared stream (-want +got):\n%s", diff)
	}
	got, err := s.Records(t.Context(), shared, 0, 10)
	check(t, err)
	if diff := cmp.Diff(records, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	words, err := s.Words(t.Context(), shared)
	check(t, err)
	if diff := cmp.Diff(want.Words, words); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if got := load(t, s, own).Records; len(got) != 1 {
		t.Errorf("private stream has %d records, want 1", len(got))
	}
	rows, err := s.Plans(t.Context(), "w1", time.Time{}, 10)
	check(t, err)
	if diff := cmp.Diff([]app.PlanRow{row}, rows); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	if st := load(t, s, "unknown/shared"); st.Snapshot != nil || len(st.Records)+len(st.Words) != 0 {
		t.Errorf("an unknown stream holds %+v, want nothing", st)
	}
}

func staleStoresNothing(t *testing.T, db Database) {
	s := db.Open(t)
	one, two := plan.SharedStream("p1"), plan.PrivateStream("p1", plan.Seller)
	commit(t, s, add(one, 0, 3))
	row := app.PlanRow{Plan: "p1", Workspace: "w1", Updated: noon}
	for _, expect := range []int64{0, 1, 2, 4, 1 << 40} {
		// The other stream is where it should be; nothing of it may stay.
		c := app.Change{Row: &row, Appends: []app.Append{
			{Stream: two, Records: plain(two, 0, 1), Snapshot: []byte("{}")},
			{Stream: one, Expect: expect, Records: plain(one, expect, 2)},
		}}
		if err := s.Commit(t.Context(), c); !errors.Is(err, app.ErrStale) {
			t.Errorf("expecting %d of a stream at 3: %v, want ErrStale", expect, err)
		}
		c.Appends = []app.Append{{Stream: one, Expect: expect}}
		if err := s.Commit(t.Context(), c); !errors.Is(err, app.ErrStale) {
			t.Errorf("expecting %d of a stream at 3, adding nothing: %v, want ErrStale", expect, err)
		}
	}
	if got := load(t, s, one).Records; len(got) != 3 {
		t.Errorf("stream has %d records, want 3", len(got))
	}
	if got := load(t, s, two); len(got.Records) != 0 || got.Snapshot != nil {
		t.Errorf("half a change was stored: %+v", got)
	}
	rows, err := s.Plans(t.Context(), "w1", time.Time{}, 10)
	check(t, err)
	if len(rows) != 0 {
		t.Errorf("half a change was stored: %+v", rows)
	}
	commit(t, s, add(one, 3, 1))
	if err := s.Commit(t.Context(), add("unknown/shared", 1, 1)); !errors.Is(err, app.ErrStale) {
		t.Errorf("expecting 1 of an unknown stream: %v, want ErrStale", err)
	}
}

func snapshotAndRest(t *testing.T, db Database) {
	s := db.Open(t)
	stream := plan.SharedStream("p1")
	for n := range int64(10) {
		c := add(stream, n, 1)
		c.Appends[0].Records[0].Texts = []plan.Sealed{sealed("", fmt.Sprint("text ", n+1))}
		if n == 3 || n == 6 {
			c.Appends[0].Snapshot = []byte(fmt.Sprintf(`{"at":%d}`, n+1))
		}
		commit(t, s, c)
	}
	st := load(t, s, stream)
	if string(st.Snapshot) != `{"at":7}` || st.SnapshotSeq != 7 {
		t.Errorf("snapshot %s at %d, want the one at 7", st.Snapshot, st.SnapshotSeq)
	}
	if len(st.Records) != 3 || st.Records[0].Seq != 8 || len(st.Records[2].Texts) != 1 {
		t.Errorf("records after the snapshot: %+v, want 8 to 10 with their texts", st.Records)
	}
	if len(st.Words) != 10 {
		t.Errorf("%d words, want those of the whole stream: 10", len(st.Words))
	}
	// A snapshot may be renewed without an event.
	commit(t, s, app.Change{Appends: []app.Append{{Stream: stream, Expect: 10, Snapshot: []byte("new")}}})
	if st := load(t, s, stream); string(st.Snapshot) != "new" || st.SnapshotSeq != 10 || len(st.Records) != 0 {
		t.Errorf("after renewing: %+v", st)
	}
}

func pageOfRecords(t *testing.T, db Database) {
	s := db.Open(t)
	stream := plan.SharedStream("p1")
	c := add(stream, 0, 25)
	for i := range c.Appends[0].Records {
		c.Appends[0].Records[i].Texts = []plan.Sealed{sealed("", fmt.Sprint(i))}
	}
	commit(t, s, c)
	var got []plan.Record
	for {
		page, err := s.Records(t.Context(), stream, int64(len(got)), 10)
		check(t, err)
		if len(page) == 0 {
			break
		}
		if len(page) > 10 {
			t.Fatalf("a page of %d records, want at most 10", len(page))
		}
		got = append(got, page...)
	}
	if diff := cmp.Diff(c.Appends[0].Records, got); diff != "" {
		t.Errorf("pages put together (-want +got):\n%s", diff)
	}
	for _, limit := range []int{0, -1} {
		if page, err := s.Records(t.Context(), stream, 0, limit); err != nil || len(page) != 0 {
			t.Errorf("limit %d: %d records, %v; want none", limit, len(page), err)
		}
	}
}

func manyAtOnce(t *testing.T, db Database) {
	s := db.Open(t)
	for n, size := range []int{15, 16, 17, 33, 700} {
		stream := plan.SharedStream(plan.ID(fmt.Sprint("p", n)))
		c := add(stream, 0, size)
		for i := range c.Appends[0].Records {
			for k := range i % 4 {
				c.Appends[0].Records[i].Texts = append(c.Appends[0].Records[i].Texts, sealed("", fmt.Sprint(i, k)))
			}
		}
		commit(t, s, c)
		got, err := s.Records(t.Context(), stream, 0, size)
		check(t, err)
		if diff := cmp.Diff(c.Appends[0].Records, got); diff != "" {
			t.Errorf("%d records (-want +got):\n%s", size, diff)
		}
	}
}

func recordsMustContinue(t *testing.T, db Database) {
	s := db.Open(t)
	stream := plan.SharedStream("p1")
	gap, order, foreign := add(stream, 0, 3), add(stream, 0, 3), add(stream, 0, 3)
	gap.Appends[0].Records = slices.Delete(gap.Appends[0].Records, 1, 2)
	slices.Reverse(order.Appends[0].Records)
	foreign.Appends[0].Records[1].Stream = plan.SharedStream("p2")
	for name, c := range map[string]app.Change{"a gap": gap, "out of order": order, "of another stream": foreign} {
		if err := s.Commit(t.Context(), c); err == nil || errors.Is(err, app.ErrStale) {
			t.Errorf("%s: %v, want an error that is no reason to try again", name, err)
		}
	}
	if st := load(t, s, stream); len(st.Records) != 0 {
		t.Errorf("%d records were stored, want none", len(st.Records))
	}
}

func hostileNames(t *testing.T, db Database) {
	s := db.Open(t)
	names := []string{`'; DROP TABLE event; --`, `"quoted"`, `%_*?`, `Ünïcödé 漢字 🚂`, "line\nbreak\ttab", `back\slash`, `$1`, "\u202eright to left", strings.Repeat("x", 2000)}
	for _, name := range names {
		stream := plan.SharedStream(plan.ID(name))
		c := add(stream, 0, 1)
		text := sealed(plan.ID(name), name+strings.Repeat("ä🚂\x01", 100_000)) // 700 KB
		c.Appends[0].Records[0].Texts = []plan.Sealed{text}
		c.Appends[0].Snapshot = []byte(strings.Repeat("\x00\xff", 500_000))
		c.Row = &app.PlanRow{Plan: plan.ID(name), Workspace: plan.ID(name), Title: name}
		commit(t, s, c)
		st := load(t, s, stream)
		if st.Words[text.Hash].Value != text.Value || st.Words[text.Hash].Subject != plan.ID(name) || len(st.Snapshot) != 1_000_000 {
			t.Errorf("%.20q: not read as it was written", name)
		}
		rows, err := s.Plans(t.Context(), plan.ID(name), time.Time{}, 5)
		check(t, err)
		if len(rows) != 1 || rows[0].Title != name {
			t.Errorf("%.20q: rows %+v", name, rows)
		}
	}
}

func realPlan(t *testing.T, db Database) {
	s := db.Open(t)
	p, err := Start(t.Context(), s, "p1", 5)
	check(t, err)
	for n := range 20 {
		title := fmt.Sprint("Edited ", n)
		p, err = Do(t.Context(), s, "p1", plan.Edit{Item: "a1", Version: p.Items["a1"].Version, Patch: plan.Patch{Title: &title}},
			[]plan.ID{Sarah, Ute}[n%2])
		check(t, err)
	}
	read, err := Read(t.Context(), s, "p1")
	check(t, err)
	if diff := cmp.Diff(p, read); diff != "" {
		t.Errorf("replayed (-decided +read):\n%s", diff)
	}
	head, err := Verify(t.Context(), s, plan.SharedStream("p1"))
	check(t, err)
	if head != p.Head {
		t.Errorf("the chain ends at %+v, want %+v", head, p.Head)
	}
}

func openAgain(t *testing.T, db Database) {
	s := db.Open(t)
	p, err := Start(t.Context(), s, "p1", 3)
	check(t, err)
	check(t, s.SaveWorkspace(t.Context(), app.Workspace{ID: "w1", Name: "Acme"}))
	check(t, s.Close())
	s = db.Open(t)
	check(t, s.Check(t.Context()))
	if head, err := Verify(t.Context(), s, plan.SharedStream("p1")); err != nil || head != p.Head {
		t.Errorf("the chain ends at %+v (%v), want %+v", head, err, p.Head)
	}
	if w, err := s.Workspace(t.Context(), "w1"); err != nil || w.Name != "Acme" {
		t.Errorf("workspace %+v, %v", w, err)
	}
	_, err = Do(t.Context(), s, "p1", plan.Say{ID: "c1", Text: "going on"}, Ute)
	check(t, err)
}
