// Package xlsx turns Excel workbooks into a sheet.Grid and back.
//
// Reading is our own streaming reader on archive/zip and encoding/xml: it
// inflates only the parts it needs, never more than a fixed number of bytes,
// builds no document tree and evaluates nothing, so that a hostile file costs
// bounded memory and time. (excelize unpacks every part and loads whole
// worksheets as soon as one asks for a cell's style.) Writing uses excelize,
// which the tests also use as an independent witness of what is read.
package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"tandem/internal/fault"
	"tandem/internal/sheet"
)

// Limits of what is read. A plan of 5,000 long rows is about 3 MB of XML.
const (
	MaxBytes     = 16 << 20 // of the file
	maxInflated  = 48 << 20 // of all parts read, together
	maxEntries   = 5000     // of the archive
	maxSheets    = 30
	maxStrings   = 500_000 // shared strings
	maxDepth     = 64      // of XML elements
	maxMerges    = 2000
	maxCellsRead = 4_000_000
)

// Decode reads the worksheet of a workbook that looks most like a plan: the
// visible one with the most columns it recognises. The others are named in
// warnings. Formulas count as the value that the workbook has stored for them.
// Whatever cannot be read is a fault of kind Invalid or TooLarge.
func Decode(r io.Reader) (sheet.Grid, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return sheet.Grid{}, err
	}
	if len(data) > MaxBytes {
		return sheet.Grid{}, fault.New(fault.TooLarge, "import.tooLarge", "limit", MaxBytes>>20)
	}
	if err := recogniseFile(data); err != nil {
		return sheet.Grid{}, err
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return sheet.Grid{}, broken("", err)
	}
	if len(archive.File) > maxEntries {
		return sheet.Grid{}, fault.New(fault.TooLarge, "import.xlsx.parts", "limit", maxEntries)
	}
	b := &book{parts: map[string]*zip.File{}, left: maxInflated, cells: maxCellsRead}
	for _, f := range archive.File {
		b.parts[partName(f.Name)] = f
	}
	return b.read()
}

// recogniseFile tells the files that people take for an .xlsx.
func recogniseFile(data []byte) error {
	switch {
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")): // OLE: the old format, or an encrypted new one
		if bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
			return fault.New(fault.Invalid, "import.xlsx.encrypted")
		}
		return fault.New(fault.Invalid, "import.xlsx.old")
	case !bytes.HasPrefix(data, []byte("PK")):
		return fault.New(fault.Invalid, "import.xlsx.notWorkbook")
	}
	return nil
}

// partName is how parts are compared: lower case, without the slash in front.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

func broken(part string, err error) error {
	return fault.New(fault.Invalid, "import.xlsx.broken", "part", part).Wrap(err)
}

// book is an open workbook.
type book struct {
	parts    map[string]*zip.File
	left     int64 // bytes that may still be inflated
	cells    int   // cells that may still be read
	strings  []string
	styles   []format // by style number
	date1904 bool
	sheets   []sheetRef
}

// sheetRef is a worksheet as the workbook lists it.
type sheetRef struct {
	name   string
	part   string
	hidden bool
}

// open inflates a part, counting every byte against the budget: what the
// archive declares about sizes is not believed.
func (b *book) open(part string) (io.ReadCloser, error) {
	f := b.parts[partName(part)]
	if f == nil {
		return nil, broken(part, nil)
	}
	if f.Flags&1 != 0 {
		return nil, fault.New(fault.Invalid, "import.xlsx.encrypted")
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(part, err)
	}
	return &budget{ReadCloser: r, left: &b.left}, nil
}

var errBudget = errors.New("inflates to more than is allowed")

type budget struct {
	io.ReadCloser
	left *int64
}

func (r *budget) Read(p []byte) (int, error) {
	if *r.left <= 0 {
		return 0, errBudget
	}
	if int64(len(p)) > *r.left {
		p = p[:*r.left]
	}
	n, err := r.ReadCloser.Read(p)
	*r.left -= int64(n)
	return n, err
}

// read reads every sheet that may be the plan and takes the best.
func (b *book) read() (sheet.Grid, error) {
	if err := b.readWorkbook(); err != nil {
		return sheet.Grid{}, err
	}
	if err := b.readStrings(); err != nil {
		return sheet.Grid{}, err
	}
	if err := b.readStyles(); err != nil {
		return sheet.Grid{}, err
	}
	return b.choose()
}

// choose reads the visible sheets (all, if none is) and keeps the best.
func (b *book) choose() (sheet.Grid, error) {
	visible := 0
	for _, s := range b.sheets {
		if !s.hidden {
			visible++
		}
	}
	var best sheet.Grid
	var notes []sheet.Warning
	var firstErr error
	bestScore := -1
	for i, s := range b.sheets {
		if s.hidden && visible > 0 {
			notes = append(notes, sheet.Warn(0, 0, "import.xlsx.hidden", "name", s.name))
			continue
		}
		if i >= maxSheets {
			notes = append(notes, sheet.Warn(0, 0, "import.xlsx.unread", "name", s.name))
			continue
		}
		g, err := b.readSheet(s)
		if err != nil {
			if fault.Is(err, fault.TooLarge) && b.left > 0 && b.cells > 0 {
				notes = append(notes, sheet.Warn(0, 0, "import.xlsx.tooLarge", "name", s.name))
				firstErr = first(firstErr, err)
				continue
			}
			return sheet.Grid{}, err
		}
		score := looks(g)
		if score > bestScore {
			if bestScore >= 0 {
				notes = append(notes, other(best)...)
			}
			best, bestScore = g, score
		} else {
			notes = append(notes, other(g)...)
		}
	}
	if bestScore < 0 {
		return sheet.Grid{}, first(firstErr, fault.New(fault.Invalid, "import.empty"))
	}
	best.Warnings = append(best.Warnings, notes...)
	return best, nil
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// looks is how much a sheet looks like a plan: columns first, then rows.
func looks(g sheet.Grid) int {
	rec, err := sheet.Recognise(g, sheet.Options{})
	if err != nil {
		return min(len(g.Rows), 1)
	}
	score := 2
	for _, c := range rec.Columns {
		if c.Field != sheet.Other && c.By == sheet.ByName {
			score += 10_000
		}
	}
	return score + len(g.Rows)
}

// other names a sheet that was not taken, unless it is blank.
func other(g sheet.Grid) []sheet.Warning {
	if len(g.Rows) == 0 {
		return nil
	}
	return []sheet.Warning{sheet.Warn(0, 0, "import.xlsx.other", "name", g.Name, "N", len(g.Rows))}
}
