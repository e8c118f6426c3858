package xlsx

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/sheet"
)

// sheetReader gathers the cells of one worksheet.
type sheetReader struct {
	book     *book
	grid     sheet.Grid
	row      sheet.Row
	nextRow  int
	column   int // of the present cell, from 1
	kind     string
	style    int
	value    strings.Builder
	reading  bool
	phonetic bool // inside a reading aid, which is not text
	formula  bool
	formulas int
	firstFx  string
	uncached int
	merges   []string
}

// readSheet reads the cells that are not blank; blank rows and cells, of which
// a workbook may declare a million, cost nothing but the reading.
func (b *book) readSheet(ref sheetRef) (sheet.Grid, error) {
	s := &sheetReader{book: b, grid: sheet.Grid{Name: ref.name}, nextRow: 1}
	if err := b.walk(ref.part, handler{enter: s.enter, text: s.text, leave: s.leave}); err != nil {
		return sheet.Grid{}, err
	}
	slices.SortStableFunc(s.grid.Rows, func(a, b sheet.Row) int { return a.Number - b.Number })
	s.fillMerged()
	if s.formulas > 0 {
		s.grid.Warnings = append(s.grid.Warnings, sheet.Warn(0, 0, "import.xlsx.formulas", "N", s.formulas, "cell", s.firstFx))
	}
	if s.uncached > 0 {
		s.grid.Warnings = append(s.grid.Warnings, sheet.Warn(0, 0, "import.xlsx.uncached", "N", s.uncached))
	}
	return s.grid, nil
}

func (s *sheetReader) enter(name string, attr func(string) string) error {
	switch name {
	case "row":
		number := s.nextRow
		if n, err := strconv.Atoi(attr("r")); err == nil && n > 0 && n <= 1<<20 {
			number = n
		}
		s.row, s.nextRow, s.column = sheet.Row{Number: number}, number+1, 0
	case "c":
		if s.book.cells--; s.book.cells < 0 {
			return fault.New(fault.TooLarge, "import.xlsx.cells", "limit", maxCellsRead)
		}
		s.column++
		if c := columnOf(attr("r")); c > 0 {
			s.column = c
		}
		s.kind, s.formula = attr("t"), false
		s.style, _ = strconv.Atoi(attr("s"))
		s.value.Reset()
	case "v", "t":
		s.reading = !s.phonetic
	case "rPh":
		s.phonetic = true
	case "f":
		s.formula = true
	case "mergeCell":
		if len(s.merges) < maxMerges {
			s.merges = append(s.merges, attr("ref"))
		}
	}
	return nil
}

func (s *sheetReader) text(c []byte) {
	if s.reading && s.value.Len() < 8*sheet.MaxCell {
		s.value.Write(c)
	}
}

func (s *sheetReader) leave(name string) error {
	switch name {
	case "v", "t":
		s.reading = false
	case "rPh":
		s.phonetic = false
	case "c":
		return s.cell()
	case "row":
		if len(s.row.Cells) == 0 {
			return nil
		}
		if len(s.grid.Rows) == sheet.MaxRows {
			return fault.New(fault.TooLarge, "import.tooManyRows", "limit", sheet.MaxRows, "row", s.row.Number)
		}
		s.grid.Rows = append(s.grid.Rows, s.row)
		s.row = sheet.Row{}
	}
	return nil
}

// cell takes the cell that just ended, unless it is blank.
func (s *sheetReader) cell() error {
	c, err := s.typed()
	if err != nil {
		return err
	}
	if s.formula {
		if s.formulas++; s.formulas == 1 {
			s.firstFx = sheet.Letter(s.column) + strconv.Itoa(s.row.Number)
		}
		if c.Text == "" {
			s.uncached++
		}
	}
	if strings.TrimSpace(c.Text) == "" {
		return nil
	}
	if s.column > sheet.MaxColumns {
		return fault.New(fault.TooLarge, "import.tooManyColumns", "row", s.row.Number, "limit", sheet.MaxColumns)
	}
	if utf8.RuneCountInString(c.Text) > sheet.MaxCell {
		return fault.New(fault.TooLarge, "import.cellTooLong", "row", s.row.Number, "line", s.row.Number, "column", sheet.Letter(s.column), "limit", sheet.MaxCell)
	}
	for len(s.row.Cells) < s.column {
		s.row.Cells = append(s.row.Cells, sheet.Cell{})
	}
	s.row.Cells[s.column-1] = c
	return nil
}

// typed is the cell's value as a person sees it.
func (s *sheetReader) typed() (sheet.Cell, error) {
	raw := s.value.String()
	switch s.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if raw == "" {
			return sheet.Cell{}, nil
		}
		if err != nil || i < 0 || i >= len(s.book.strings) {
			return sheet.Cell{}, broken(s.grid.Name, errors.New("a cell names a shared string that is not there"))
		}
		return sheet.Cell{Text: s.book.strings[i]}, nil
	case "inlineStr", "str", "e":
		return sheet.Cell{Text: unescape(raw)}, nil
	case "b":
		return sheet.Cell{Text: map[string]string{"1": "TRUE", "0": "FALSE"}[strings.TrimSpace(raw)]}, nil
	case "d":
		head, _, _ := strings.Cut(raw, "T")
		day, err := civil.Parse(head)
		if err != nil {
			return sheet.Cell{Text: raw}, nil
		}
		return sheet.Cell{Text: head, Day: day}, nil
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return sheet.Cell{Text: raw}, nil
	}
	return s.number(x), nil
}

// number shows a number by its format: a day, a percentage, or the number.
func (s *sheetReader) number(x float64) sheet.Cell {
	f := plain
	if s.style >= 0 && s.style < len(s.book.styles) {
		f = s.book.styles[s.style]
	}
	switch f {
	case date:
		day, ok := sheet.Serial(x, s.book.date1904)
		if !ok {
			break
		}
		text := day.String()
		if minutes := int(math.Round((x - math.Floor(x)) * 24 * 60)); minutes > 0 && minutes < 24*60 {
			text += " " + two(minutes/60) + ":" + two(minutes%60)
		}
		return sheet.Cell{Text: text, Day: day}
	case percent:
		return sheet.Cell{Text: strconv.FormatFloat(math.Round(x*1e6)/1e4, 'f', -1, 64) + " %"}
	}
	if math.Abs(x) < 1e15 {
		if rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64); err == nil {
			x = rounded // 0.30000000000000004 is 0.3 to whoever typed it
		}
		return sheet.Cell{Text: strconv.FormatFloat(x, 'f', -1, 64)}
	}
	return sheet.Cell{Text: strconv.FormatFloat(x, 'g', -1, 64)}
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// columnOf is the column of a reference such as "AB12", or 0.
func columnOf(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	if n > 16384 {
		return 0
	}
	return n
}

// fillMerged writes the value of a cell merged over several rows into each:
// to a person "Nordwerk" merged down five rows stands in all five.
func (s *sheetReader) fillMerged() {
	rows := s.grid.Rows
	for _, ref := range s.merges {
		from, to, ok := strings.Cut(ref, ":")
		column, last := columnOf(from), columnOf(to)
		top, bottom := rowOf(from), rowOf(to)
		if !ok || column == 0 || column != last || column > sheet.MaxColumns || bottom <= top {
			continue
		}
		i, found := slices.BinarySearchFunc(rows, top, func(r sheet.Row, n int) int { return r.Number - n })
		if !found || len(rows[i].Cells) < column {
			continue
		}
		value := rows[i].Cells[column-1]
		for i++; i < len(rows) && rows[i].Number <= bottom; i++ {
			for len(rows[i].Cells) < column {
				rows[i].Cells = append(rows[i].Cells, sheet.Cell{})
			}
			if rows[i].Cells[column-1].Text == "" {
				rows[i].Cells[column-1] = value
			}
		}
	}
}

func rowOf(ref string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"))
	return n
}
