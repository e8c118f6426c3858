package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/exchange/csv"
	"tandem/internal/exchange/xlsx"
	"tandem/internal/locale"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

// format of a file, told by its name.
type format string

const (
	planFormat format = "plan.json"
	csvFormat  format = "csv"
	xlsxFormat format = "xlsx"
)

func formatOf(name string) (format, error) {
	lower := strings.ToLower(filepath.Base(name))
	switch {
	case strings.HasSuffix(lower, ".plan.json"), strings.HasSuffix(lower, ".json"):
		return planFormat, nil
	case strings.HasSuffix(lower, ".csv"), strings.HasSuffix(lower, ".tsv"), strings.HasSuffix(lower, ".txt"):
		return csvFormat, nil
	case strings.HasSuffix(lower, ".xlsx"):
		return xlsxFormat, nil
	}
	return "", wrong("cli.format", "file", name)
}

// open reads a file, or standard input for "-".
func (w *world) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(w.In), nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, wrong("cli.file.missing", "file", name)
	case err == nil && info.IsDir():
		return nil, wrong("cli.file.folder", "file", name)
	case err != nil:
		return nil, err
	}
	return os.Open(name)
}

// plan reads a plan file; errors name the file.
func (w *world) plan(name string) (*planfile.Plan, error) {
	r, err := w.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	p, err := planfile.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// ReadTable reads a table by what it is; the name, which pasted rows do not
// have, decides only for a file that is broken.
func ReadTable(name string, data []byte) (sheet.Grid, error) {
	workbook := bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) // zip; the old .xls, for its message
	if workbook || strings.EqualFold(filepath.Ext(name), ".xlsx") {
		return xlsx.Decode(bytes.NewReader(data))
	}
	return csv.Decode(bytes.NewReader(data))
}

type convertCmd struct {
	speech
	In     string `arg:"" help:"File to read."`
	Out    string `arg:"" help:"File to write."`
	Buyer  string `help:"Name of the buyer's organisation in a sheet."`
	Seller string `help:"Name of the seller's organisation in a sheet."`
}

func (c *convertCmd) Run(w *world) error {
	out, err := formatOf(c.Out)
	if err != nil {
		return err
	}
	p, warnings, err := c.read(w)
	if err != nil {
		return err
	}
	l, err := c.locale(w, "")
	if err != nil {
		return err
	}
	w.warn(l, c.In, warnings)
	var b bytes.Buffer
	switch out {
	case planFormat:
		err = planfile.Encode(&b, p)
	default:
		table := sheet.Export(*p, c.tableLanguage(p, l))
		w.warn(l, c.Out, table.Warnings)
		if out == csvFormat {
			err = csv.Encode(&b, table)
		} else {
			err = xlsx.Encode(&b, table)
		}
	}
	if err != nil {
		return err
	}
	return write(c.Out, b.Bytes())
}

// warn says what a person should know about a file, a line each.
func (w *world) warn(l *locale.Locale, file string, warnings []sheet.Warning) {
	for _, x := range warnings {
		fmt.Fprintf(w.Err, "%s: %s\n", file, strings.ReplaceAll(l.Text(x.Key, x.Args), "\n", " "))
	}
}

// tableLanguage is the language of headers: as asked, else the plan's own.
func (c *convertCmd) tableLanguage(p *planfile.Plan, l *locale.Locale) string {
	if c.Lang == "" && p.Language != "" {
		return p.Language
	}
	return l.Lang
}

func (c *convertCmd) read(w *world) (*planfile.Plan, []sheet.Warning, error) {
	in, err := formatOf(c.In)
	if err != nil {
		return nil, nil, err
	}
	if in == planFormat {
		p, err := w.plan(c.In)
		return p, nil, err
	}
	r, err := w.open(c.In)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	grid, err := decode(in, r)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", c.In, err)
	}
	title := strings.TrimSuffix(filepath.Base(c.In), filepath.Ext(c.In))
	p, warnings, err := sheet.Import(grid, sheet.Options{Title: title, Buyer: c.Buyer, Seller: c.Seller, Today: today()})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", c.In, err)
	}
	return &p, warnings, nil
}

func decode(f format, r io.Reader) (sheet.Grid, error) {
	if f == xlsxFormat {
		return xlsx.Decode(r)
	}
	return csv.Decode(r)
}

// write puts a whole file in place or leaves what was there.
func write(name string, data []byte) error {
	if name == "-" {
		_, err := os.Stdout.Write(data)
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".tandem-*")
	if err != nil {
		return wrong("cli.file.write", "file", name)
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if err := errors.Join(tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

func today() civil.Day { return civil.On(time.Now(), time.Local) }

// day reads a --today argument; empty is no day.
func day(s string) (civil.Day, error) {
	if s == "" {
		return 0, nil
	}
	d, err := civil.Parse(s)
	if err != nil {
		return 0, wrong("cli.date", "date", s)
	}
	return d, nil
}

// printJSON prints one indented value.
func (w *world) printJSON(v any) error {
	enc := json.NewEncoder(w.Out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

type schemaCmd struct{}

func (schemaCmd) Run(w *world) error {
	_, err := w.Out.Write(planfile.Schema())
	return err
}
