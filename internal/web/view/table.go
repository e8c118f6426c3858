package view

import "github.com/a-h/templ"

// tableFragments is the table: one fragment per row in the box "rows".
func tableFragments(p *Plan) []Fragment {
	if len(p.Items) == 0 {
		return []Fragment{{ID: "empty", Self: empty(p)}}
	}
	items := sorted(p)
	rows := make([]Fragment, 0, len(items))
	for _, it := range items {
		rows = append(rows, Fragment{ID: "t-" + it.ID, Self: tableRow(p, it, p.editable(it))})
	}
	return []Fragment{{ID: "table", Self: tableShell(p), Box: true, KidsIn: "rows", Kids: rows}}
}

// editable reports whether the step's terms may be edited where they stand:
// before the agreement, and as long as it is not agreed.
func (p *Plan) editable(it *Item) bool {
	if !p.Reader.Editable || it.State == Over {
		return false
	}
	return p.State == Draft || p.State == Shared || it.New
}

// pasteTo is where rows pasted into the table go.
func pasteTo(p *Plan) string {
	if !p.Reader.May.Paste {
		return ""
	}
	return p.Base + "/rows"
}

type column struct {
	by, label, order string
	href             templ.SafeURL
}

// columns are the table's, with the address that sorts by them.
func columns(p *Plan) []column {
	cs := []column{
		{"", p.L.T("plan.table.seal"), "", ""},
		{"title", p.L.T("plan.field.title"), "", ""},
		{"side", p.L.T("plan.field.side"), "", ""},
		{"owner", p.L.T("plan.field.owner"), "", ""},
		{"due", p.L.T("plan.field.due"), "", ""},
		{"milestone", p.L.T("plan.field.milestone"), "", ""},
		{"state", p.L.T("plan.table.state"), "", ""},
		{"", p.L.T("plan.table.step"), "", ""},
	}
	by := p.Sort.By
	if by == "" {
		by = "due"
	}
	for i := range cs {
		c := &cs[i]
		c.order = "none"
		query := "?sort=" + c.by
		if c.by == by && c.by != "" {
			c.order = "ascending"
			if p.Sort.Desc {
				c.order = "descending"
			} else {
				query += "&desc=1"
			}
		}
		if p.Show != ShowAll {
			query += "&show=" + string(p.Show)
		}
		c.href = p.href("/table" + query)
	}
	return cs
}

func sideShort(p *Plan, s Side) string {
	if s == Joint {
		return p.L.T("plan.both")
	}
	return p.party(s).Short
}

func stoneTitle(p *Plan, id string) string {
	for i := range p.Milestones {
		if p.Milestones[i].ID == id {
			return p.Milestones[i].Title
		}
	}
	return ""
}

// itemStateText is the state in a word or two.
func itemStateText(p *Plan, it *Item) string {
	switch {
	case it.State == Over && it.Seal.Done == Confirmed:
		return p.L.T("plan.state.confirmed", "Date", it.DoneOn)
	case it.State == Over:
		return p.L.T("plan.state.reported", "Date", it.DoneOn)
	case it.State == Blocked:
		return p.blocked(it)
	case it.Late:
		return p.L.T("plan.row.late")
	case it.State == Started:
		return p.L.T("plan.row.started")
	case it.New:
		return p.L.T("plan.row.new")
	}
	return p.L.T("plan.state.open")
}
