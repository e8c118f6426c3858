package web

import (
	"context"
	"net/url"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// aDeal makes a deal of the matrix' workspace.
func (f *matrixPlan) aDeal() plan.ID {
	f.h.t.Helper()
	d, err := f.h.app.SaveDeal(context.Background(), f.homeCaller, app.Deal{ID: f.h.app.NewID(), Name: "ERP", Account: "Nordwerk AG"})
	if err != nil {
		f.h.t.Fatal(err)
	}
	return d.ID
}

// ofDeal is the address of a deal, or below it.
func ofDeal(below string) func(f *matrixPlan) string {
	return func(f *matrixPlan) string { return "/deals/" + string(f.aDeal()) + below }
}

func dealFields(f *matrixPlan) url.Values {
	return url.Values{"id": {string(f.h.app.NewID())}, "version": {"0"}, "name": {"ERP"}, "account": {"Nordwerk AG"}}
}

func chosenDeal(f *matrixPlan) url.Values { return url.Values{"deal": {string(f.aDeal())}} }

func aCheck(f *matrixPlan) url.Values {
	form := dealFields(f)
	for _, q := range []string{"interest", "discovery", "people", "complexity", "date"} {
		form.Set("q."+q, "yes")
	}
	return form
}

func aList(*matrixPlan) url.Values { return url.Values{"text": {"Deal ID;Deal Name\n1;ERP"}} }

func packedList(*matrixPlan) url.Values {
	content, err := pack([]byte("Deal ID;Deal Name\n1;ERP"))
	if err != nil {
		panic(err)
	}
	return url.Values{"content": {content}}
}
