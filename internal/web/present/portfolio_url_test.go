package present

import (
	"net/url"
	"testing"
	"unicode/utf8"
)

// FuzzPortfolioURL: whatever stands in an address, what is read of it comes
// back the same, is no longer than it may be, and every database takes it.
func FuzzPortfolioURL(f *testing.F) {
	for _, seed := range []string{"", "show=mine&show=needs&sort=decide&desc=1", "q=%00%ff%20x&owner=m1", "after=AAAA&phase=agreed", "segment=%F0%28", "show=x;y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, _ := url.ParseQuery(raw)
		u := ReadPortfolioURL(q)
		for _, s := range []string{u.Search, u.Segment, u.Owner} {
			if !utf8.ValidString(s) || utf8.RuneCountInString(s) > mostSearch {
				t.Errorf("%q was taken", s)
			}
		}
		if len(u.Query("m", 50).Words) > mostWords {
			t.Errorf("%d words", len(u.Query("m", 50).Words))
		}
		back, err := url.ParseQuery(u.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if again := ReadPortfolioURL(back); again.Encode() != u.Encode() {
			t.Errorf("%q reads as %q", u.Encode(), again.Encode())
		}
	})
}
