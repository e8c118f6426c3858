package view

import "tandem/internal/civil"

func sampleWhatIf() *WhatIf {
	day := civil.Day(21_320)
	return &WhatIf{Title: "Rechtsprüfung", Item: "a11", Asked: true, Days: "15", Until: day.String(), Owner: "roth", Due: day.String(), After: "a8", Lag: "-2", Side: Buyer,
		Shifts: []NewDate{{ID: "a11", Title: "Rechtsprüfung", Version: 3, Old: day, New: day + 7, Why: "…"}, {ID: "a13", Title: "Entwurf", Version: 1, New: day + 9}},
		Within: []string{"…"}, Before: day, Ready: day + 14, Decision: day, Others: []Link{{Href: "/x", Label: "…", Sheet: true}}, Note: "…", Agreed: true, MaySend: true}
}

func sampleCalendars() *Calendars {
	day := civil.Day(21_320)
	g := GateRule{ID: "g1", Title: "Ausschuss", Side: Buyer, Text: "…", Days: []civil.Day{day, day + 14}, Version: 2, Every: 2, Nth: "1", Day: "tu", Anchor: day, OnHoliday: "skip"}
	own := g
	own.ID, own.Own = "g2", true
	return &Calendars{MayEdit: true, Gates: []GateRule{g, own}, New: GateRule{Side: Seller, Monthly: true, Nth: "2", Day: "tu"}, Regions: []Option{{Value: "DE-NI", Label: "Niedersachsen"}},
		Freezes: []Freeze{{ID: "z1", Title: "Quartalsende", From: day, To: day + 3, Blocks: "finish", Version: 1}, {ID: "z2", Title: "Inventur", From: day, To: day, Blocks: "work", Side: Buyer, Version: 1}},
		Path:    []Approval{{Ref: Ref{ID: "a12", Title: "Freigabe"}, Who: "…", Gate: "…", Lead: "…", Due: day, Side: Buyer}},
		Sides: []SideDays{{Side: Buyer, Named: "Niedersachsen", Week: map[string]bool{"mon": true}},
			{Side: Seller, Region: "DE-NI", Week: map[string]bool{"mon": true}, Closed: []Absence{{From: day, To: day + 2, Note: "…"}}, Fiscal: 4, Mine: true}}}
}
