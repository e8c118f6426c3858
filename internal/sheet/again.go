package sheet

import "slices"

// Again recognises a table whose columns a person has named, one field a
// column from the left: what depends on the columns (whose the rows are, the
// order of day and month, which step is the decision) is found anew. Fields
// that are left out stay as they were recognised.
func Again(g Grid, rec Recognition, o Options, fields []Field) Recognition {
	again := Recognition{Header: rec.Header, First: rec.First, Language: rec.Language, Today: o.Today,
		Buyer: clean(o.Buyer), Seller: clean(o.Seller), Columns: slices.Clone(rec.Columns)}
	for i, f := range fields[:min(len(fields), len(again.Columns))] {
		if c := &again.Columns[i]; c.Field != f {
			c.Field, c.Confidence, c.By = f, 1, ByPerson
		}
	}
	readFacts(g, &again)
	if again.Title == "" {
		again.Title = titleOf(g, o, again)
	}
	decideOrder(g, &again)
	decideSides(g, &again)
	findDecisionIn(g, &again)
	return again
}

// findDecisionIn is findDecision for columns that may hold no title.
func findDecisionIn(g Grid, rec *Recognition) {
	if rec.has(Title) {
		findDecision(g, rec)
	}
}
