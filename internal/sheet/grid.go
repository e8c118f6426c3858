// Package sheet recognises a table of text cells as a plan.
//
// People keep such plans in spreadsheets: title rows above the header, German
// or English column names, dates in every form, several owners in one cell.
// Recognise finds the header and says what each column holds; a person may
// correct that; Apply makes the plan. Every word of every cell ends in the
// plan or in a warning that quotes it. Table makes the way back.
//
// The package reads no file formats: internal/exchange turns bytes into a
// Grid and a Grid into bytes.
package sheet

import (
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Limits of a grid; readers refuse what exceeds them while they read.
const (
	MaxRows    = 5000  // rows that are not blank
	MaxColumns = 256   // used columns
	MaxCell    = 32767 // characters of a cell, as in Excel
)

// Cell is one cell of a table as a person sees it.
type Cell struct {
	Text string
	Day  civil.Day // of a cell that a workbook stores as a date; Text has it in words
}

// Row is a row that is not blank, with its number in the source, from 1.
type Row struct {
	Number int
	Cells  []Cell
}

// Grid is a table as a file holds it.
type Grid struct {
	Name     string // of the worksheet; empty for text
	Rows     []Row
	Warnings []Warning // what the reader noticed
}

// Warning is something a person should know about an import: a catalogue key
// with its arguments. Row and Column count from 1 as in the source; 0 means
// that the whole table, or the whole row, is meant. They are also among the
// arguments, as "row" and "column" (the column as its letter).
type Warning struct {
	Row    int        `json:"row,omitempty"`
	Column int        `json:"column,omitempty"`
	Key    string     `json:"key"`
	Args   fault.Args `json:"args,omitempty"`
}

// Warn makes a warning with alternating names and values of its arguments.
func Warn(row, column int, key string, nameValues ...any) Warning {
	w := Warning{Row: row, Column: column, Key: key, Args: fault.Args{}}
	if row > 0 {
		w.Args["row"] = row
	}
	if column > 0 {
		w.Args["column"] = Letter(column)
	}
	for i := 0; i+1 < len(nameValues); i += 2 {
		w.Args[nameValues[i].(string)] = nameValues[i+1]
	}
	return w
}

// Letter is a column's name in a spreadsheet: 1 is A, 27 is AA.
func Letter(column int) string {
	var s string
	for ; column > 0; column = (column - 1) / 26 {
		s = string(rune('A'+(column-1)%26)) + s
	}
	return s
}

// at is the cell in a column (from 0), empty beyond the row's end.
func (r Row) at(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

// cleaned is the grid with every cell's text cleaned, once.
func (g Grid) cleaned() Grid {
	rows := make([]Row, len(g.Rows))
	for i, r := range g.Rows {
		rows[i] = Row{Number: r.Number, Cells: make([]Cell, len(r.Cells))}
		for c, cell := range r.Cells {
			rows[i].Cells[c] = Cell{Text: clean(cell.Text), Day: cell.Day}
		}
	}
	g.Rows = rows
	return g
}

// filled counts the cells that are not blank, and names the first of them.
func (r Row) filled() (count, first int) {
	first = -1
	for i := range r.Cells {
		if r.at(i).Text != "" {
			if count == 0 {
				first = i
			}
			count++
		}
	}
	return count, first
}

// quoted is the row's words, for a warning.
func (r Row) quoted() string {
	var words []string
	for i := range r.Cells {
		if t := r.at(i).Text; t != "" {
			words = append(words, t)
		}
	}
	return strings.Join(words, " | ")
}

// width is the number of columns.
func (g Grid) width() int {
	most := 0
	for _, r := range g.Rows {
		most = max(most, len(r.Cells))
	}
	return most
}

// clean trims a cell's text, unifies its line ends and removes the apostrophe
// with which Neutral protects a text that looks like a formula.
func clean(s string) string {
	s = strings.TrimSpace(invisible.Replace(s))
	if strings.HasPrefix(s, "'") && risky(s) {
		return strings.TrimSpace(s[1:])
	}
	return s
}

var invisible = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u200b", "", "\ufeff", "", "\x00", "")

// Neutral is the text as it may leave the product in a spreadsheet: a text
// that a spreadsheet would take for a formula gets an apostrophe in front.
func Neutral(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

// risky reports a text that a spreadsheet may take for a formula, also one
// that is protected already: so that clean undoes exactly what Neutral does.
func risky(s string) bool {
	s = strings.TrimLeft(s, "' ")
	return s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0
}
