package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// step makes one action of one row.
type step struct {
	*builder
	row    Row
	action planfile.Action
	kept   []string // cells that have no place of their own, as "Header: text"
}

var idForm = regexp.MustCompile(`[^\pL\pN._]+`)

func (b *builder) step(r Row) {
	s := &step{builder: b, row: r}
	title, _ := b.cell(r, Title)
	s.action.Title = oneLine(title.Text)
	s.action.Status = planfile.Open
	s.number()
	s.days()
	s.status()
	s.assign()
	s.milestone()
	s.duration()
	s.texts()
	s.predecessors()
	s.finish()
}

// keep saves a cell's words in the notes, under its column's name.
func (s *step) keep(column int) {
	text := s.row.at(column).Text
	if s.rec.Columns[column].Field != Other {
		text = oneLine(text)
	}
	line := s.rec.Columns[column].Header + ": " + text
	if !slices.Contains(s.kept, line) {
		s.kept = append(s.kept, line)
	}
}

// keepWarned keeps a cell and says why.
func (s *step) keepWarned(column int, key string, nameValues ...any) {
	s.keep(column)
	s.warn(s.row.Number, column+1, key, append(nameValues, "text", s.row.at(column).Text)...)
}

// number makes the action's id: 7 becomes a7, so that a file that is imported
// again after a change keeps its ids.
func (s *step) number() {
	cell, column := s.cell(s.row, Number)
	text := strings.Trim(cell.Text, ".): ")
	id := strings.Trim(idForm.ReplaceAllString(text, "-"), "-")
	if len(id) > 40 {
		s.keepWarned(column, "import.number.unread")
		id = ""
	}
	if id == "" {
		id = "a" + itoa(len(s.plan.Actions)+1)
	} else if id[0] >= '0' && id[0] <= '9' {
		id = "a" + id
	}
	s.action.ID = unique(id, func(x string) bool { return s.items[x] })
	s.items[s.action.ID] = true
	if text == "" {
		return
	}
	key := strings.ToLower(text)
	if first, twice := s.numbers[key]; twice {
		s.warn(s.row.Number, column+1, "import.number.twice", "text", cell.Text, "id", s.action.ID, "first", first)
		return
	}
	s.numbers[key] = s.action.ID
}

func (s *step) days() {
	fields := map[Field]*civil.Day{Start: &s.action.Start, Due: &s.action.Due, Expected: &s.action.Expected,
		StartedOn: &s.action.StartedOn, DoneOn: &s.action.DoneOn}
	for _, f := range dateFields {
		if cell, column := s.cell(s.row, f); cell.Text != "" {
			*fields[f] = s.day(f, cell, column)
		}
	}
}

// day reads one date cell; what it says besides the date goes to the notes.
func (s *step) day(f Field, cell Cell, column int) civil.Day {
	dates := s.readDates(cell)
	if len(dates) == 0 {
		s.noDay(f, cell, column)
		return 0
	}
	day := s.lastDay(dates, column, cell)
	switch {
	case day.IsZero():
		s.keepWarned(column, "import.date.yearless")
		return 0
	case len(dates) > 1:
		if f == Due && s.action.Start.IsZero() && s.resolve(dates[0]) < day {
			s.action.Start = s.resolve(dates[0])
		}
		s.keepWarned(column, "import.date.several", "date", day)
	case cell.Day.IsZero() && remainder(cell.Text, dates) != "":
		s.keepWarned(column, "import.date.more", "date", day)
	case !cell.Day.IsZero() && cell.Text != cell.Day.String():
		s.keep(column)
	}
	return day
}

func (s *step) noDay(f Field, cell Cell, column int) {
	switch {
	case saysOpen(cell.Text) && f == Due:
		s.action.DateOpen = true
		s.warn(s.row.Number, column+1, "import.date.open", "text", cell.Text)
	case saysNothing(cell.Text):
	case f == DoneOn && s.action.DoneOn.IsZero():
		if status, rest, _, ok := readStatus(cell.Text); ok && rest == "" && status == planfile.Done {
			s.action.Status = planfile.Done // a tick in a "done on" column
			return
		}
		s.keepWarned(column, "import.date.unread")
	default:
		s.keepWarned(column, "import.date.unread")
	}
}

// readDates are the dates of a cell.
func (b *builder) readDates(cell Cell) []found {
	if !cell.Day.IsZero() {
		return []found{{day: cell.Day, to: len(cell.Text)}}
	}
	return findDates(cell.Text, b.rec.MonthFirst)
}

// resolve is the day of a date, with the year nearest to the plan's others.
func (b *builder) resolve(f found) civil.Day {
	if day := f.around(b.near); !day.IsZero() {
		return day
	}
	return 0
}

// lastDay is the last of a cell's dates, saying what had to be assumed.
func (s *step) lastDay(dates []found, column int, cell Cell) civil.Day {
	if len(dates) == 0 {
		return 0
	}
	last := dates[len(dates)-1]
	day := s.resolve(last)
	if day.IsZero() {
		return 0
	}
	if last.week {
		if s.rec.Columns[column].Field != Start {
			day += civil.Day(time.Friday - time.Monday)
		}
		s.warn(s.row.Number, column+1, "import.date.week", "text", cell.Text, "date", day)
	}
	if last.day.IsZero() && !last.week {
		s.yearless = append(s.yearless, Warn(s.row.Number, column+1, "import.date.year", "text", cell.Text, "date", day))
	}
	if s.rec.Order == ByContent && last.numeric && (last.first > 12 && s.rec.MonthFirst || last.sec > 12 && !s.rec.MonthFirst) ||
		s.rec.Order == Guessed && last.numeric && (last.first > 12) != (last.sec > 12) && (last.first > 12) == s.rec.MonthFirst {
		s.warn(s.row.Number, column+1, "import.date.order", "text", cell.Text, "date", day)
	}
	return day
}

func (s *step) status() {
	cell, column := s.cell(s.row, StatusOf)
	if cell.Text == "" {
		if !s.action.DoneOn.IsZero() {
			s.action.Status = planfile.Done
		}
		return
	}
	if f := fold(cell.Text); f == "" || s.action.Status == planfile.Done && unnamed[f] {
		if !saysNothing(cell.Text) {
			s.keepWarned(column, "import.status.unknown")
		}
		return
	}
	status, rest, colour, ok := readStatus(cell.Text)
	if !ok {
		s.keepWarned(column, "import.status.unknown")
		return
	}
	s.action.Status = status
	switch {
	case colour:
		s.warn(s.row.Number, column+1, "import.status.colour."+string(status), "text", cell.Text)
	case rest != "":
		s.statusDate(cell, column)
	case strings.HasSuffix(fold(cell.Text), " percent") && status == planfile.Started:
		s.keep(column) // how far it is has no field
	}
}

// statusDate reads "erledigt am 02.05." and keeps everything else.
func (s *step) statusDate(cell Cell, column int) {
	dates := findDates(cell.Text, s.rec.MonthFirst)
	if len(dates) == 1 && s.action.Status == planfile.Done && s.action.DoneOn.IsZero() && !dates[0].week {
		if _, rest, _, _ := readStatus(remainder(cell.Text, dates)); rest == "" {
			if day := s.lastDay(dates, column, cell); !day.IsZero() {
				s.action.DoneOn = day
				return
			}
		}
	}
	s.keepWarned(column, "import.status.more")
}

func (s *step) milestone() {
	s.action.Milestone = s.section
	cell, column := s.cell(s.row, Milestone)
	switch {
	case cell.Text == "" || saysNothing(cell.Text):
	case column == s.rec.column(Title):
	default:
		if status, rest, _, ok := readStatus(cell.Text); ok && rest == "" && status == planfile.Done || fold(cell.Text) == "no" {
			s.keepWarned(column, "import.milestone.tick") // a tick: "this is a milestone"
			return
		}
		s.action.Milestone = s.builder.milestone(cell.Text, 0, "")
	}
}

var durationForm = regexp.MustCompile(`(?i)^(?:ca\.?\s*|~\s*)?(\d{1,4})\s*(d|t|tage?n?|days?|at|wt|pt|arbeitstage?|werktage?|working days?|business days?|w|wk|wks|wochen?|weeks?|kalendertage?|calendar days?|ed)?\.?$`)

func (s *step) duration() {
	cell, column := s.cell(s.row, Duration)
	if cell.Text == "" || saysNothing(cell.Text) {
		return
	}
	in := durationForm.FindStringSubmatch(cell.Text)
	if in == nil {
		s.keepWarned(column, "import.duration.unread")
		return
	}
	n, _ := strconv.Atoi(in[1])
	switch unit := strings.ToLower(in[2]); {
	case unit == "ed" || strings.HasPrefix(unit, "k") || strings.HasPrefix(unit, "c"):
		s.action.Elapsed = true
	case unit == "w" || strings.HasPrefix(unit, "wk") || strings.HasPrefix(unit, "wo") && !strings.HasPrefix(unit, "working") || strings.HasPrefix(unit, "wee"):
		n *= 5
	}
	if n > planfile.MaxDays {
		s.keepWarned(column, "import.duration.unread")
		return
	}
	s.action.Duration = &n
}

// texts copies what is text in the plan too, and keeps unknown columns.
func (s *step) texts() {
	for c, col := range s.rec.Columns {
		text := s.row.at(c).Text
		if text == "" {
			continue
		}
		switch col.Field {
		case DoneWhen:
			s.action.DoneWhen = text
		case Because:
			s.action.BlockedBecause = text
			if cell, _ := s.cell(s.row, StatusOf); cell.Text == "" && s.action.Status == planfile.Open && !saysNothing(text) {
				s.action.Status = planfile.Blocked
			}
		case Kind:
			s.action.Kind = text
		case Notes:
			if s.action.Notes == "" {
				s.action.Notes = text
			} else {
				s.keep(c)
			}
		case Other:
			s.keep(c)
		}
	}
}

func (s *step) finish() {
	s.action.Notes = joinLines(s.action.Notes, strings.Join(s.kept, "\n"))
	if s.action.DateOpen && !s.action.Due.IsZero() {
		s.action.DateOpen = false
	}
	key := fold(s.action.Title)
	if _, twice := s.titles[key]; twice {
		s.titles[key] = ""
	} else {
		s.titles[key] = s.action.ID
	}
	if s.rec.Decision == s.row.Number && s.plan.DecideBy.IsZero() && !s.action.Due.IsZero() {
		s.plan.DecideBy = s.action.Due
		s.warn(s.row.Number, 0, "import.decideBy", "title", s.action.Title, "date", s.action.Due)
	}
	s.plan.Actions = append(s.plan.Actions, s.action)
}

func itoa(n int) string { return strconv.Itoa(n) }
