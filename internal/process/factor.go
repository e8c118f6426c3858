package process

import "math"

// Factor is a circumstance that makes a whole process longer. The factors are
// practitioners' rules of thumb; none of them is measured.
type Factor struct {
	ID    string
	Name  Words
	Times float64 // all durations are multiplied by it
}

// Factors are the circumstances one may choose. Several multiply.
func Factors() []Factor {
	return []Factor{
		{"first-supplier", Words{"Erster Auftrag zwischen den beiden Firmen", "First order between the two companies"}, 1.3},
		{"regulated", Words{"Regulierte Branche (Bank, Versicherung, Gesundheit, Energie)", "Regulated industry (banking, insurance, health, energy)"}, 1.5},
		{"international", Words{"Mehrere Länder entscheiden mit", "Several countries take part in the decision"}, 1.3},
		{"several-products", Words{"Mehrere Produkte in einer Entscheidung", "Several products in one decision"}, 1.4},
		{"new-champion", Words{"Neue Ansprechperson im Haus", "New contact person in the company"}, 1.2},
	}
}

// Stretch is what some factors make together; unknown ones change nothing.
func Stretch(ids []string) float64 {
	times := 1.0
	for _, f := range Factors() {
		for _, id := range ids {
			if id == f.ID {
				times *= f.Times
				break
			}
		}
	}
	return times
}

// Buffer is what is usually added to a duration: two weeks are planned as
// three. The check of a plan asks for it.
const Buffer = 0.5

// stretched is a duration times a factor, in whole days: a day begun counts.
func stretched(days int, times float64) int {
	return int(math.Ceil(float64(days)*times - 1e-9))
}
