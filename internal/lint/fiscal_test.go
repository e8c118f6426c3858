package lint

import (
	"testing"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// TestQuartersOfTheFiscalYear: whose year begins in February closes its
// quarters at the end of April, July, October and January.
func TestQuartersOfTheFiscalYear(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		fiscal int
		day    string
		want   bool
	}{
		{"calendar year, end of June", 0, "2028-06-30", true},
		{"calendar year, end of July", 0, "2028-07-31", false},
		{"from January, end of December", 1, "2028-12-29", true},
		{"from February, end of July", 2, "2028-07-31", true},
		{"from February, end of June", 2, "2028-06-30", false},
		{"from February, end of January", 2, "2028-01-31", true},
		{"from December, end of February", 12, "2028-02-29", true},
		{"from December, end of March", 12, "2028-03-31", false},
		{"from October, end of September", 10, "2028-09-29", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			day, err := civil.Parse(row.day)
			if err != nil {
				t.Fatal(err)
			}
			p := planfile.Plan{Format: planfile.Format, Title: "x", DecideBy: day,
				Sides: planfile.Sides{Buyer: planfile.Party{Organisation: "B"}, Seller: planfile.Party{Organisation: "S"}}}
			got := false
			for _, f := range Check(p, Options{Fiscal: row.fiscal}) {
				got = got || f.Rule == "quarter-end"
			}
			if got != row.want {
				t.Errorf("got a finding: %v, want %v", got, row.want)
			}
		})
	}
}
