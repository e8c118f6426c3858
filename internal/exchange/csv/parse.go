package csv

import (
	"strings"
	"unicode/utf8"

	"tandem/internal/fault"
	"tandem/internal/sheet"
)

// findDelimiter is the separator that cuts the text into the most even table.
// A first line "sep=;", which Excel writes and obeys, decides; it is cut off
// and counted as skipped.
func findDelimiter(text string) (delimiter byte, rest string, skipped int) {
	head, after, _ := strings.Cut(text, "\n")
	head = strings.TrimRight(head, "\r")
	if d, ok := strings.CutPrefix(strings.ToLower(head), "sep="); ok && len(d) == 1 {
		return d[0], after, 1
	}
	// The most even table: how many rows have the width that most rows have,
	// times what that width is worth. Wide rows count more than many: a comma
	// in every sentence must not win over the semicolons around them.
	best, bestScore := byte(','), 0
	for _, d := range []byte{';', '\t', ',', '|'} {
		p := parser{text: text, delimiter: d, line: 1, record: 1, lenient: true}
		widths := map[int]int{}
		for rows := 0; rows < 200 && p.more() && p.pos < 1<<18; rows++ {
			if cells, err := p.next(); err == nil && len(cells) > 1 {
				widths[len(cells)]++
			}
		}
		score := 0
		for width, rows := range widths {
			score = max(score, rows*rows*(width-1))
		}
		if score > bestScore {
			best, bestScore = d, score
		}
	}
	return best, text, 0
}

// maxUnclosed bounds how often a quote that is never closed may be read again
// as a letter: each costs a pass over the rest of the text.
const maxUnclosed = 3

// parser reads records of delimited text, forgiving sloppy quotes.
type parser struct {
	text      string
	delimiter byte
	pos       int
	line      int // of pos, from 1
	record    int // as a spreadsheet numbers its rows
	unclosed  int
	lenient   bool // no faults, for guessing the delimiter
}

func (p *parser) more() bool { return p.pos < len(p.text) }

// grid reads everything. A row's number is the one a spreadsheet shows, which
// differs from the line when cells contain line breaks.
func (p *parser) grid() (sheet.Grid, error) {
	var g sheet.Grid
	for ; p.more(); p.record++ {
		line := p.line
		cells, err := p.next()
		if err != nil {
			return sheet.Grid{}, err
		}
		if blank(cells) {
			continue
		}
		if len(g.Rows) == sheet.MaxRows {
			return sheet.Grid{}, fault.New(fault.TooLarge, "import.tooManyRows", "limit", sheet.MaxRows, "row", p.record)
		}
		row := sheet.Row{Number: p.record, Cells: make([]sheet.Cell, len(cells))}
		last := 0
		for i, c := range cells {
			if utf8.RuneCountInString(c) > sheet.MaxCell {
				return sheet.Grid{}, fault.New(fault.TooLarge, "import.cellTooLong", "row", p.record, "line", line, "column", sheet.Letter(i+1), "limit", sheet.MaxCell)
			}
			if row.Cells[i].Text = c; strings.TrimSpace(c) != "" {
				last = i + 1
			}
		}
		if row.Cells = row.Cells[:last]; last > sheet.MaxColumns {
			return sheet.Grid{}, fault.New(fault.TooLarge, "import.tooManyColumns", "row", p.record, "limit", sheet.MaxColumns)
		}
		g.Rows = append(g.Rows, row)
	}
	return g, nil
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// next reads one record.
func (p *parser) next() ([]string, error) {
	var cells []string
	for {
		cell, err := p.cell()
		if err != nil {
			return nil, err
		}
		if len(cells) < 4*sheet.MaxColumns { // a line of a million commas stays small
			cells = append(cells, cell)
		} else if strings.TrimSpace(cell) != "" && !p.lenient {
			return nil, fault.New(fault.TooLarge, "import.tooManyColumns", "row", p.record, "limit", sheet.MaxColumns)
		}
		if !p.more() {
			return cells, nil
		}
		c := p.text[p.pos]
		p.pos++
		if c == p.delimiter {
			if !p.more() { // a last empty cell
				return append(cells, ""), nil
			}
			continue
		}
		if c == '\r' && p.more() && p.text[p.pos] == '\n' {
			p.pos++
		}
		p.line++
		return cells, nil
	}
}

// cell reads up to the delimiter or line end, which it leaves.
func (p *parser) cell() (string, error) {
	start := p.pos
	if p.quoteAhead() {
		cell, ok := p.quoted()
		if ok {
			return cell, nil
		}
		if p.unclosed++; p.unclosed > maxUnclosed && !p.lenient {
			return "", fault.New(fault.Invalid, "import.csv.quote", "line", p.line)
		}
		p.pos = start
	}
	for p.more() && p.text[p.pos] != p.delimiter && p.text[p.pos] != '\n' && p.text[p.pos] != '\r' {
		p.pos++
	}
	return p.text[start:p.pos], nil
}

// quoteAhead reports that the cell begins with a quote, blanks before it
// forgiven.
func (p *parser) quoteAhead() bool {
	if p.lenient && p.unclosed > maxUnclosed {
		return false
	}
	i := p.pos
	for i < len(p.text) && p.text[i] == ' ' {
		i++
	}
	return i < len(p.text) && p.text[i] == '"'
}

// quoted reads a quoted cell. A quote inside that is neither doubled nor
// before a delimiter or line end is a letter. It fails, and leaves pos
// anywhere, when the quote is not closed before the end of the text.
func (p *parser) quoted() (string, bool) {
	var b strings.Builder
	line := p.line
	for p.text[p.pos] == ' ' {
		p.pos++
	}
	for p.pos++; p.more(); p.pos++ {
		c := p.text[p.pos]
		switch {
		case c == '\n', c == '\r' && (p.pos+1 == len(p.text) || p.text[p.pos+1] != '\n'):
			line++
		case c == '"' && p.pos+1 < len(p.text) && p.text[p.pos+1] == '"':
			p.pos++
		case c == '"' && p.closes():
			p.line = line
			return b.String(), true
		}
		b.WriteByte(c)
	}
	return "", false
}

// closes reports that the quote at pos ends its cell, and moves behind it and
// the blanks that follow.
func (p *parser) closes() bool {
	i := p.pos + 1
	for i < len(p.text) && p.text[i] == ' ' && p.delimiter != ' ' {
		i++
	}
	if i == len(p.text) || p.text[i] == p.delimiter || p.text[i] == '\n' || p.text[i] == '\r' {
		p.pos = i
		return true
	}
	return false
}
