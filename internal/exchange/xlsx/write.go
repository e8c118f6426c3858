package xlsx

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"tandem/internal/sheet"
)

// Encode writes a plan's table as a workbook: the header stays in view, every
// column can be filtered, a status is chosen from a list, dates are dates.
// Texts that a spreadsheet would take for a formula get an apostrophe in
// front, though a text cell is inert, because people save such sheets as CSV.
func Encode(w io.Writer, t sheet.Table) error {
	f := excelize.NewFile()
	defer f.Close()
	x := writer{file: f, table: t, sheet: "Plan"}
	if err := f.SetSheetName("Sheet1", x.sheet); err != nil {
		return err
	}
	for _, part := range []func() error{x.makeStyles, x.facts, x.header, x.steps, x.controls} {
		if err := part(); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	return f.Write(w)
}

type writer struct {
	file                        *excelize.File
	table                       sheet.Table
	sheet                       string
	bold, head, text, day, name int
}

func (x *writer) makeStyles() error {
	dayFormat := "yyyy-mm-dd"
	if x.table.Language == "de" {
		dayFormat = "dd.mm.yyyy"
	}
	top := &excelize.Alignment{Vertical: "top"}
	wrapped := &excelize.Alignment{Vertical: "top", WrapText: true}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&x.bold, excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}}},
		{&x.name, excelize.Style{Font: &excelize.Font{Color: "595959"}}},
		{&x.head, excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Alignment: wrapped,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F3A5F"}}}},
		{&x.text, excelize.Style{Alignment: wrapped}},
		{&x.day, excelize.Style{Alignment: top, CustomNumFmt: &dayFormat}},
	} {
		id, err := x.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

func (x *writer) set(column, row int, text string, style int) error {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	if err := x.file.SetCellStr(x.sheet, cell, sheet.Neutral(text)); err != nil {
		return err
	}
	return x.file.SetCellStyle(x.sheet, cell, cell, style)
}

// facts writes name and value side by side; the values stand in the column of
// the titles, which is wide.
func (x *writer) facts() error {
	for i, row := range x.table.Facts {
		for c, text := range row {
			style := x.name
			if i == 0 && c == 1 {
				style = x.bold
			}
			if err := x.set(c+1, i+1, text, style); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *writer) headerRow() int { return len(x.table.Facts) + 2 }

func (x *writer) header() error {
	for i, c := range x.table.Columns {
		if err := x.set(i+1, x.headerRow(), c.Header, x.head); err != nil {
			return err
		}
		name := sheet.Letter(i + 1)
		if err := x.file.SetColWidth(x.sheet, name, name, float64(c.Width)); err != nil {
			return err
		}
	}
	return nil
}

func (x *writer) steps() error {
	for i, step := range x.table.Steps {
		for c, cell := range step {
			if err := x.cell(c+1, x.headerRow()+1+i, cell); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *writer) cell(column, row int, c sheet.Cell) error {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	switch n, err := strconv.Atoi(c.Text); {
	case !c.Day.IsZero():
		if err := x.file.SetCellValue(x.sheet, name, c.Day.Time()); err != nil {
			return err
		}
		return x.file.SetCellStyle(x.sheet, name, name, x.day)
	case err == nil && strconv.Itoa(n) == c.Text && n >= 0 && n < 1e9 && x.table.Columns[column-1].Field == sheet.Number:
		if err := x.file.SetCellInt(x.sheet, name, int64(n)); err != nil {
			return err
		}
		return x.file.SetCellStyle(x.sheet, name, name, x.text)
	case c.Text == "":
		return nil
	}
	return x.set(column, row, c.Text, x.text)
}

// controls adds the filter, the frozen header and the list of statuses.
func (x *writer) controls() error {
	last, head := sheet.Letter(len(x.table.Columns)), x.headerRow()
	bottom := head + max(1, len(x.table.Steps))
	if err := x.file.AutoFilter(x.sheet, fmt.Sprintf("A%d:%s%d", head, last, bottom), nil); err != nil {
		return err
	}
	if err := x.file.SetPanes(x.sheet, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: head, TopLeftCell: "C" + strconv.Itoa(head+1), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	for i, c := range x.table.Columns {
		if c.Field != sheet.StatusOf {
			continue
		}
		list := excelize.NewDataValidation(true)
		list.Sqref = fmt.Sprintf("%s%d:%s%d", sheet.Letter(i+1), head+1, sheet.Letter(i+1), bottom+200)
		if err := list.SetDropList(sheet.StatusWords(x.table.Language)); err != nil {
			return err
		}
		if err := x.file.AddDataValidation(x.sheet, list); err != nil {
			return err
		}
	}
	return x.file.SetDocProps(&excelize.DocProperties{Title: strings.TrimSpace(x.table.Title), Creator: "Tandem", Language: x.table.Language})
}
