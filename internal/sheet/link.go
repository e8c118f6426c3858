package sheet

import (
	"regexp"
	"strconv"
	"strings"

	"tandem/internal/planfile"
)

// pending is a predecessors' cell, read when all steps are known.
type pending struct {
	action int // index in plan.Actions
	row    int
	column int
	text   string
}

func (s *step) predecessors() {
	cell, column := s.cell(s.row, Predecessors)
	if f := fold(cell.Text); f == "" || noWords[f] {
		return
	}
	s.pending = append(s.pending, pending{len(s.plan.Actions), s.row.Number, column, cell.Text})
}

// A reference is "6", "6FS+2d", "nach 3": words before it, and behind it the
// type and the lag.
var (
	leadIn   = regexp.MustCompile(`(?i)^(?:(?:nach|after|schritt|step|aktion|action|task|vorgang|aufgabe|nr\.?|no\.?|#)\s*)*`)
	typeForm = regexp.MustCompile(`(?i)^\s*(FS|SS|FF|SF|EA|AA|EE|AF)?\s*(?:([+-])\s*(\d{1,4})\s*([a-z]*)\.?)?$`)
)

// germanTypes are the link types of a German MS Project: Ende–Anfang and so on.
var germanTypes = map[string]string{"EA": "FS", "AA": "SS", "EE": "FF", "AF": "SF"}

var rangeForm = regexp.MustCompile(`^(\d{1,4})\s*(?:-|–|bis|to)\s*(\d{1,4})$`)

// links turns the predecessors' cells into links.
func (b *builder) links() {
	if b.rec.has(Predecessors) && !b.numbered && len(b.pending) > 0 {
		for i, a := range b.plan.Actions {
			b.numbers[itoa(i+1)] = a.ID
		}
		b.warn(0, b.rec.column(Predecessors)+1, "import.links.position")
	}
	for _, a := range b.plan.Actions {
		if _, taken := b.numbers[strings.ToLower(a.ID)]; !taken {
			b.numbers[strings.ToLower(a.ID)] = a.ID
		}
	}
	seen := map[planfile.Link]bool{}
	for _, p := range b.pending {
		to := b.plan.Actions[p.action].ID
		links, unread := b.parseLinks(p)
		for _, l := range links {
			if l.To = to; l.From == to {
				unread = true
			} else if !seen[l] {
				seen[l] = true
				b.plan.Links = append(b.plan.Links, l)
			}
		}
		if unread {
			a := &b.plan.Actions[p.action]
			a.Notes = joinLines(a.Notes, b.rec.Columns[p.column].Header+": "+p.text)
			b.warn(p.row, p.column+1, "import.links.unread", "text", p.text, "title", a.Title)
		}
	}
}

// parseLinks reads a cell; unread says that some of it means nothing here.
func (b *builder) parseLinks(p pending) (links []planfile.Link, unread bool) {
	if id := b.byTitle(p.text); id != "" {
		return []planfile.Link{{From: id, Type: "FS"}}, false
	}
	for _, part := range splitList(p.text, ",;/") {
		part = strings.TrimSpace(part)
		if in := rangeForm.FindStringSubmatch(part); in != nil && b.numbers[part] == "" {
			list, ok := b.span(in[1], in[2])
			links, unread = append(links, list...), unread || !ok
			continue
		}
		if l, ok := b.one(part); ok {
			links = append(links, l)
		} else if list, ok := b.decimal(part, p); ok {
			links = append(links, list...)
		} else {
			unread = true
		}
	}
	return links, unread
}

// one reads a single reference.
func (b *builder) one(part string) (planfile.Link, bool) {
	if id := b.numbers[strings.ToLower(strings.TrimRight(part, "."))]; id != "" {
		return planfile.Link{From: id, Type: "FS"}, true
	}
	if id := b.byTitle(part); id != "" {
		return planfile.Link{From: id, Type: "FS"}, true
	}
	// The longest beginning that is a known number is meant: ids may contain
	// what looks like a lag, as in "x-7".
	text := part[len(leadIn.FindString(part)):]
	id, in := "", []string(nil)
	for n := min(len(text), planfile.MaxIDSize); n > 0 && in == nil; n-- {
		if id = b.numbers[strings.ToLower(strings.TrimRight(text[:n], ". "))]; id != "" {
			in = typeForm.FindStringSubmatch(text[n:])
		}
	}
	if in == nil {
		return planfile.Link{}, false
	}
	l := planfile.Link{From: id, Type: strings.ToUpper(in[1])}
	if german, ok := germanTypes[l.Type]; ok {
		l.Type = german
	}
	if l.Type == "" {
		l.Type = "FS"
	}
	if in[3] != "" {
		n, _ := strconv.Atoi(in[2] + in[3])
		switch unit := strings.ToLower(in[4]); unit {
		case "", "d", "t", "tag", "tage", "day", "days", "at", "wt":
		case "w", "wk", "wks", "week", "weeks", "woche", "wochen":
			n *= 5
		case "ed", "et":
			l.LagCalendar = "elapsed"
		case "dp", "ds": // as the export writes the other calendars
			l.LagCalendar = map[string]string{"dp": "predecessor", "ds": "successor"}[unit]
		default:
			return planfile.Link{}, false
		}
		l.Lag = n
	}
	return l, id != "" && l.Lag <= planfile.MaxDays && l.Lag >= -planfile.MaxDays
}

// byTitle is the step or milestone with this title, or the only one whose
// title begins so.
func (b *builder) byTitle(text string) string {
	f := fold(text)
	for _, lead := range []string{"nach ", "after "} {
		f = strings.TrimPrefix(f, lead)
	}
	if len(f) < 3 {
		return ""
	}
	if id := b.titles[f]; id != "" {
		return id
	}
	return b.milestones[f]
}

// span is "1-3": all of 1, 2 and 3.
func (b *builder) span(from, to string) ([]planfile.Link, bool) {
	low, _ := strconv.Atoi(from)
	high, _ := strconv.Atoi(to)
	if high < low || high-low > 50 {
		return nil, false
	}
	var links []planfile.Link
	for n := low; n <= high; n++ {
		id := b.numbers[itoa(n)]
		if id == "" {
			return nil, false
		}
		links = append(links, planfile.Link{From: id, Type: "FS"})
	}
	return links, true
}

// decimal is "6.7", which a German Excel makes of "6,7".
func (b *builder) decimal(part string, p pending) ([]planfile.Link, bool) {
	first, second, ok := strings.Cut(part, ".")
	from, to := b.numbers[first], b.numbers[second]
	if !ok || from == "" || to == "" {
		return nil, false
	}
	b.warn(p.row, p.column+1, "import.links.decimal", "text", p.text, "first", first, "second", second)
	return []planfile.Link{{From: from, Type: "FS"}, {From: to, Type: "FS"}}, true
}
