package sheet

import "tandem/internal/planfile"

// explain says how the table as a whole was understood.
func (b *builder) explain() {
	rec := b.rec
	if rec.Header < 0 {
		b.warn(0, 0, "import.header.none")
	}
	for i, c := range rec.Columns {
		switch {
		case !b.used(i):
			if i < len(b.header) && b.header[i] != "" && c.Confidence < 0.95 {
				b.warn(0, i+1, "import.column.empty", "header", c.Header)
			}
		case c.Field == Other:
			b.warn(0, i+1, "import.column.unknown", "header", c.Header)
		case c.Field == Ignore:
			b.warn(0, i+1, "import.column.ignored", "header", c.Header)
		case c.By == ByContent, c.By == ByName && c.Confidence < 0.95:
			b.warn(0, i+1, "import.column.as."+string(c.Field), "header", c.Header)
		}
	}
	if rec.Order == Guessed {
		key := "import.date.ambiguous.dayFirst"
		if rec.MonthFirst {
			key = "import.date.ambiguous.monthFirst"
		}
		b.warn(0, 0, key)
	}
	if len(b.yearless) > 0 {
		w := b.yearless[0]
		w.Args["N"] = len(b.yearless)
		b.warnings = append(b.warnings, w)
	}
	for _, s := range rec.Sides {
		b.warn(0, rec.column(SideOf)+1, sideKey(s), "text", s.Text, "N", s.Rows)
	}
	if len(b.plan.Actions) == 0 {
		b.warn(0, 0, "import.noSteps")
	}
}

// sideKey is the message that says whose a company is, and how that is known.
func sideKey(s SideGroup) string {
	by := s.By
	switch by {
	case ByName, ByWord, ByRole, ByPerson:
	default:
		by = Guessed
	}
	if s.Side == planfile.Joint {
		return "import.side.joint"
	}
	return "import.side.by." + string(by) + "." + string(s.Side)
}

// used reports that a column has a filled cell below the header.
func (b *builder) used(column int) bool {
	for _, r := range b.rows {
		if r.at(column).Text != "" {
			return true
		}
	}
	return false
}
