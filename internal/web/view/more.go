package view

import "strings"

// moreGroups are the plan's rarer moves by what they are for: to look at and
// to talk over, to add, to change, and the plan as a whole. A move that is in
// none of them belongs to the last.
var moreGroups = [][]string{
	{"/documents", "/paper", "/deal", "/session", "/calendars"},
	{"/milestones/new", "/goals/new", "/criteria/new", "/risks/new", "/people/new", "/rows"},
	{"/title", "/propose", "/backwards", "/form"},
	{},
}

// grouped are links of a menu in their groups, none of them empty.
func grouped(p *Plan, links []Link) [][]Link {
	in := make([][]Link, len(moreGroups))
	for _, l := range links {
		group := len(moreGroups) - 1
		for i, paths := range moreGroups {
			for _, path := range paths {
				if strings.TrimPrefix(l.Href, p.Base) == path {
					group = i
				}
			}
		}
		in[group] = append(in[group], l)
	}
	var out [][]Link
	for _, g := range in {
		if len(g) > 0 {
			out = append(out, g)
		}
	}
	return out
}
