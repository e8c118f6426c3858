package civil_test

import (
	"testing"
	"time"

	"tandem/internal/civil"
)

func TestWallClock(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, wall, want string }{
		{"winter", "2028-01-10T10:00", "2028-01-10T09:00:00Z"},
		{"summer", "2028-07-10T10:00", "2028-07-10T08:00:00Z"},
		{"before clocks skip an hour", "2028-03-26T01:59", "2028-03-26T00:59:00Z"},
		{"skipped", "2028-03-26T02:30", "2028-03-26T01:30:00Z"},
		{"after", "2028-03-26T03:00", "2028-03-26T01:00:00Z"},
		{"shown twice: the first", "2028-10-29T02:30", "2028-10-29T00:30:00Z"},
		{"after both", "2028-10-29T03:00", "2028-10-29T02:00:00Z"},
		{"midnight", "2028-10-29T00:00", "2028-10-28T22:00:00Z"},
	} {
		w, err := civil.ParseWall(c.wall)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.In(berlin).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if c.name != "skipped" && civil.WallAt(w.In(berlin), berlin) != w {
			t.Errorf("%s: clocks show %s", c.name, civil.WallAt(w.In(berlin), berlin))
		}
	}
	for _, bad := range []string{"", "2028-05-16", "2028-05-16T10:30:00", "2028-02-30T10:00", "2028-05-16T24:00", "1800-05-16T10:00", "2028-05-16 10:00"} {
		if _, err := civil.ParseWall(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	w := civil.WallOf(civil.Of(2028, time.May, 16), 9, 5)
	if h, m := w.Clock(); w != "2028-05-16T09:05" || h != 9 || m != 5 || w.HHMM() != "09:05" || w.Day() != civil.Of(2028, time.May, 16) || w.On(w.Day()+1) != "2028-05-17T09:05" {
		t.Errorf("got %s", w)
	}
}
