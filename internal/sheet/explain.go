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
		case c.By == ByContent:
			b.warn(0, i+1, "import.column.content", "header", c.Header, "field", string(c.Field))
		case c.By == ByName && c.Confidence < 0.95:
			b.warn(0, i+1, "import.column.unsure", "header", c.Header, "field", string(c.Field))
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
		w.Args["count"] = len(b.yearless)
		b.warnings = append(b.warnings, w)
	}
	for _, s := range rec.Sides {
		key := "import.side.by." + string(s.By)
		if s.Side == planfile.Joint {
			key = "import.side.joint"
		}
		b.warn(0, rec.column(SideOf)+1, key, "text", s.Text, "side", string(s.Side), "count", s.Rows)
	}
	if len(b.plan.Actions) == 0 {
		b.warn(0, 0, "import.noSteps")
	}
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
