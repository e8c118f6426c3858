package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"tandem/internal/app"
	deals "tandem/internal/deal"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/sheet"
	"tandem/internal/web/view"
)

// maxDealRows of a kind are shown in the preview; all are taken in.
const maxDealRows = 60

func (s *Server) dealUpload(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	return s.showDealUpload(w, v, http.StatusOK, view.DealUpload{})
}

func (s *Server) showDealUpload(w http.ResponseWriter, v *visit, status int, f view.DealUpload) error {
	f.Largest = maxFile >> 20
	p := s.dealsPage(w, v, v.l.T("deal.import"))
	p.Here = "/deals/import"
	return render(w, v, status, view.DealUploadPage(p, &f))
}

// dealUploaded takes a file or pasted rows to the preview. Nothing is stored.
func (s *Server) dealUploaded(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	err := parse(v, maxUpload)
	if err == nil {
		var l *dealLoad
		if l, err = s.dealsUploaded(v); err == nil {
			return s.showDealPreview(w, v, http.StatusOK, l, nil)
		}
	}
	status := statusOf(err)
	f := view.DealUpload{Text: v.PostFormValue("text")}
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showDealUpload(w, v, status, f)
}

func (s *Server) dealsUploaded(v *visit) (*dealLoad, error) {
	file, header, err := v.FormFile("file")
	switch {
	case err == nil:
		defer file.Close()
		data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
		if err != nil {
			return nil, fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
		}
		if len(data) > 0 || header.Filename != "" {
			return s.readDeals(v, path.Base(strings.ReplaceAll(header.Filename, "\\", "/")), data)
		}
	case !errors.Is(err, http.ErrMissingFile) && !errors.Is(err, http.ErrNotMultipart):
		return nil, fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
	}
	text := v.PostFormValue("text")
	if strings.TrimSpace(text) == "" {
		return nil, fault.New(fault.Invalid, "pages.fault.nothing")
	}
	return s.readDeals(v, "", []byte(text))
}

// dealLoad is a list on its way in.
type dealLoad struct {
	name    string
	data    []byte
	reading deals.Reading
	known   bool // the columns are as they were last time
}

// readDeals reads a list: as it was read last time or as the form says.
func (s *Server) readDeals(v *visit, name string, data []byte) (*dealLoad, error) {
	if len(data) > maxFile {
		return nil, fault.New(fault.TooLarge, "pages.fault.too-large", "N", maxFile>>20)
	}
	grid, err := s.ReadTable(name, data)
	if err != nil {
		return nil, err
	}
	_, headers := deals.Headers(grid)
	settings, known, err := s.App.ReadSettings(v.Context(), v.caller, headers)
	if err != nil {
		return nil, err
	}
	guess := !known
	if v.PostFormValue("again") != "" {
		settings, guess = dealSettings(v, headers, settings), false
	}
	l := &dealLoad{name: name, data: data, known: known}
	l.reading, err = deals.Read(grid, settings, guess)
	return l, err
}

// dealSettings are those of the form; what it does not say stays.
func dealSettings(v *visit, headers []string, s deals.Settings) deals.Settings {
	s.Columns = map[string]deals.Field{}
	for i, h := range headers {
		if f := deals.Field(v.field("col." + strconv.Itoa(i))); f != deals.None && h != "" {
			s.Columns[h] = f
		}
	}
	if o := deals.Order(v.field("order")); o == deals.DayFirst || o == deals.MonthFirst {
		s.Order = o
	}
	if m := deals.Mark(v.field("mark")); m == deals.Comma || m == deals.Point {
		s.Mark = m
	}
	if code := v.field("currency"); code != "" {
		if _, ok := deals.Digits(code); ok {
			s.Currency = code
		}
	}
	if _, shown := v.PostForm["address"]; shown {
		s.Address = v.field("address")
	}
	boxes := v.PostForm["whole"]
	s.Whole = len(boxes) > 0 && boxes[len(boxes)-1] == "on"
	return s
}

// dealsCorrected is the list that the preview's form describes.
func (s *Server) dealsCorrected(v *visit) (*dealLoad, error) {
	if err := s.inPlace(v); err != nil {
		return nil, err
	}
	if err := parse(v, maxUpload); err != nil {
		return nil, err
	}
	data, err := unpack(v.PostFormValue("content"))
	if err != nil {
		return nil, err
	}
	return s.readDeals(v, v.PostFormValue("filename"), data)
}

func (s *Server) dealPreview(w http.ResponseWriter, v *visit) error {
	l, err := s.dealsCorrected(v)
	if err != nil {
		return err
	}
	return s.showDealPreview(w, v, http.StatusOK, l, nil)
}

// dealsTaken takes the list in, whole or not at all.
func (s *Server) dealsTaken(w http.ResponseWriter, v *visit) error {
	l, err := s.dealsCorrected(v)
	if err != nil {
		return err
	}
	load, err := s.App.TakeDeals(v.Context(), v.caller, &l.reading)
	if err != nil {
		return s.showDealPreview(w, v, statusOf(err), l, err)
	}
	s.say(w, "deal.said.taken", "New", strconv.Itoa(len(load.New)), "Changed", strconv.Itoa(len(load.Changed)))
	return redirect(w, v, "/deals")
}

// dealsBad hands out the rows that were left out, with the reason, as they
// stood: to be mended and brought in again.
func (s *Server) dealsBad(w http.ResponseWriter, v *visit) error {
	l, err := s.dealsCorrected(v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff") // else Excel takes it for Windows-1252
	out := csv.NewWriter(&b)
	out.Comma, out.UseCRLF = ';', true
	head := []string{}
	for _, c := range l.reading.Columns {
		head = append(head, sheet.Neutral(c.Header))
	}
	rows := [][]string{append(head, v.l.T("deal.preview.bad.column"))}
	for _, x := range l.reading.Bad {
		row := make([]string, len(head))
		for i, c := range x.Cells {
			if i < len(row) {
				row[i] = sheet.Neutral(c)
			}
		}
		rows = append(rows, append(row, badReason(v.l, x)))
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="tandem-left-out.csv"`)
	_, err = w.Write(b.Bytes())
	return err
}

func badReason(l *locale.Locale, x deals.Bad) string {
	args := map[string]any{"Field": l.T("deal.is." + string(x.Field))}
	for name, value := range x.Args {
		args[name] = value
	}
	return l.Text(x.Key, args)
}

func (s *Server) showDealPreview(w http.ResponseWriter, v *visit, status int, l *dealLoad, refused error) error {
	content, err := pack(l.data)
	if err != nil {
		return err
	}
	r := &l.reading
	f := &view.DealPreview{FileName: l.name, Content: content, Known: l.known, AskOrder: r.AskOrder, AskMark: r.AskMark,
		Order: string(r.Settings.Order), Mark: string(r.Settings.Mark), Currency: r.Settings.Currency, Address: r.Settings.Address,
		Currencies: currencies(), Whole: r.Settings.Whole, Bad: len(r.Bad)}
	f.Fields = []view.Option{{Value: "", Label: v.l.T("deal.is.none")}}
	for _, x := range deals.Fields() {
		f.Fields = append(f.Fields, view.Option{Value: string(x), Label: v.l.T("deal.is." + string(x))})
	}
	f.AskAddress = true
	for i, c := range r.Columns {
		f.Columns = append(f.Columns, view.PreviewColumn{Letter: sheet.Letter(i + 1), Header: c.Header, Field: string(c.Field), Example: c.Example})
		f.AskAddress = f.AskAddress && c.Field != deals.URL
	}
	load, err := s.App.CompareDeals(v.Context(), v.caller, r)
	if err == nil {
		f.Ready = len(load.New)+len(load.Changed)+load.Same > 0
		compared(v.l, f, load)
	}
	if refused != nil {
		err = refused
	}
	if err != nil {
		status = max(status, statusOf(err))
		if f.Problem, err = problem(v, err); err != nil {
			return err
		}
	}
	for i, x := range r.Bad {
		if i == maxDealRows {
			f.MoreBad = len(r.Bad) - i
			break
		}
		f.BadRows = append(f.BadRows, view.DealBad{Row: x.Row, Reason: badReason(v.l, x), Words: strings.Join(x.Cells, " | ")})
	}
	p := s.dealsPage(w, v, v.l.T("deal.preview.title"))
	p.Here = "/deals/import"
	return render(w, v, status, view.DealPreviewPage(p, f))
}

// compared fills in what the list would change.
func compared(l *locale.Locale, f *view.DealPreview, load app.DealLoad) {
	f.New, f.Changed, f.Same, f.Gone, f.Unowned = len(load.New), len(load.Changed), load.Same, len(load.Missing), load.Unowned
	for i, x := range load.New {
		if i == maxDealRows {
			f.MoreNew = len(load.New) - i
			break
		}
		f.NewRows = append(f.NewRows, dealLine(l, x.Now))
	}
	for i, x := range load.Changed {
		if i == maxDealRows {
			f.MoreChanged = len(load.Changed) - i
			break
		}
		c := view.DealChanged{Line: dealLine(l, x.Now), Back: x.Back}
		for _, field := range x.Fields {
			c.Changes = append(c.Changes, view.DealField{Name: l.T("deal.is." + string(field)), Was: fieldText(l, x.Was, field), Now: fieldText(l, x.Now, field)})
		}
		f.ChangedRows = append(f.ChangedRows, c)
	}
	for i, d := range load.Missing {
		if i == maxDealRows {
			f.MoreGone = len(load.Missing) - i
			break
		}
		f.GoneRows = append(f.GoneRows, dealLine(l, d))
	}
}

// fieldText is a field of a deal in words.
func fieldText(l *locale.Locale, d app.Deal, f deals.Field) string {
	switch f {
	case deals.Name:
		return d.Name
	case deals.Account:
		return d.Account
	case deals.Value:
		return money(l, d.Amount, d.Currency)
	case deals.Stage:
		return d.Stage
	case deals.Close:
		return l.Date(d.Close)
	case deals.Segment:
		return d.Segment
	case deals.URL:
		return d.URL
	case deals.Owner:
		return d.OwnerName
	}
	return ""
}
