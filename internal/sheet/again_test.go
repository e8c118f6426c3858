package sheet

import (
	"testing"

	"tandem/internal/planfile"
)

func TestAgainFindsSidesInTheColumnAPersonNames(t *testing.T) {
	t.Parallel()
	row := func(n int, cells ...string) Row {
		r := Row{Number: n}
		for _, c := range cells {
			r.Cells = append(r.Cells, Cell{Text: c})
		}
		return r
	}
	g := Grid{Rows: []Row{
		row(1, "Schritt", "Wo", "Fällig am"),
		row(2, "Vertrag prüfen", "Nordwerk AG", "03.05.2028"),
		row(3, "Angebot senden", "Acme Cloud", "13.05.2028"),
	}}
	o := Options{Seller: "Acme Cloud"}
	rec, err := Recognise(g, o)
	if err != nil {
		t.Fatal(err)
	}
	again := Again(g, rec, o, []Field{Title, SideOf, Due})
	if got := again.Columns[1]; got.Field != SideOf || got.By != ByPerson {
		t.Errorf("column B: %+v", got)
	}
	if again.Buyer != "Nordwerk AG" {
		t.Errorf("buyer %q, want Nordwerk AG", again.Buyer)
	}
	p, _ := Apply(g, again)
	if p.Actions[0].Side != planfile.Buyer || p.Actions[1].Side != planfile.Seller {
		t.Errorf("sides %s, %s", p.Actions[0].Side, p.Actions[1].Side)
	}
	if p, w := Apply(g, Again(g, rec, o, []Field{Ignore, Ignore, Ignore})); len(p.Actions) != 0 || len(w) == 0 {
		t.Errorf("without a title: %d steps, %d warnings", len(p.Actions), len(w))
	}
}
