package web

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
	"tandem/internal/web/view"
)

// maxFile is the largest table that is taken. It travels with the form of the
// preview, in base64, and must fit into maxUpload.
const maxFile = 5 << 20

// upload asks for a spreadsheet.
func (s *Server) upload(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	return s.showUpload(w, v, http.StatusOK, view.Upload{Deal: v.URL.Query().Get("deal")})
}

func (s *Server) showUpload(w http.ResponseWriter, v *visit, status int, f view.Upload) error {
	f.Largest = maxFile >> 20
	p := s.page(w, v, "upload", v.l.T("pages.import.title"))
	p.Here = view.WithDeal("/new/sheet", f.Deal)
	return render(w, v, status, view.UploadPage(p, f))
}

// uploadDone takes a file or pasted rows to the preview. Nothing is stored.
func (s *Server) uploadDone(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	err := parse(v, maxUpload)
	if err == nil {
		var d *draft
		if d, err = s.uploaded(v); err == nil {
			return s.showPreview(w, v, http.StatusOK, d, nil)
		}
	}
	status := statusOf(err)
	f := view.Upload{Text: v.PostFormValue("text"), Deal: v.field("deal")}
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showUpload(w, v, status, f)
}

// uploaded reads the file, or the pasted rows if there is none.
func (s *Server) uploaded(v *visit) (*draft, error) {
	file, header, err := v.FormFile("file")
	switch {
	case err == nil:
		defer file.Close()
		data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
		if err != nil {
			return nil, fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
		}
		if len(data) > 0 || header.Filename != "" {
			return s.read(v, path.Base(strings.ReplaceAll(header.Filename, "\\", "/")), data)
		}
	case !errors.Is(err, http.ErrMissingFile) && !errors.Is(err, http.ErrNotMultipart):
		return nil, fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
	}
	text := v.PostFormValue("text")
	if strings.TrimSpace(text) == "" {
		return nil, fault.New(fault.Invalid, "pages.fault.nothing")
	}
	return s.read(v, "", []byte(text))
}

// preview shows the same table again with what a person corrected.
func (s *Server) preview(w http.ResponseWriter, v *visit) error {
	d, err := s.corrected(v)
	if err != nil {
		return err
	}
	return s.showPreview(w, v, http.StatusOK, d, nil)
}

// importDone makes the plan, whole or not at all.
func (s *Server) importDone(w http.ResponseWriter, v *visit) error {
	d, err := s.corrected(v)
	if err != nil {
		return err
	}
	made, err := s.App.Create(v.Context(), v.caller, app.NewPlan{ID: plan.ID(v.field("id")), Deal: plan.ID(v.field("deal")), File: &d.plan})
	if err == nil {
		s.say(w, "pages.import.done")
		return redirect(w, v, "/plans/"+string(made.Plan.ID))
	}
	status := statusOf(err)
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showPreview(w, v, status, d, p)
}

// corrected is the draft that the preview's form describes.
func (s *Server) corrected(v *visit) (*draft, error) {
	if _, err := v.member(); err != nil {
		return nil, err
	}
	if err := parse(v, maxUpload); err != nil {
		return nil, err
	}
	data, err := unpack(v.PostFormValue("content"))
	if err != nil {
		return nil, err
	}
	return s.read(v, v.PostFormValue("filename"), data)
}

// draft is a plan on its way in.
type draft struct {
	name     string // of the file
	data     []byte
	fromPlan bool
	grid     sheet.Grid
	found    sheet.Recognition // as the table says
	rec      sheet.Recognition // as corrected
	plan     planfile.Plan
	people   []planfile.Person // as found, before corrections
	warnings []sheet.Warning
	offers   []offer
	today    civil.Day
}

// read makes a plan of what was uploaded, with the corrections of the form if
// it has any.
func (s *Server) read(v *visit, name string, data []byte) (*draft, error) {
	if len(data) > maxFile {
		return nil, fault.New(fault.TooLarge, "pages.fault.too-large", "N", maxFile>>20)
	}
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return nil, err
	}
	d := &draft{name: name, data: data, today: place.Today(s.App.Now())}
	if isPlan(data) {
		return d, d.readPlan(v)
	}
	if d.grid, err = s.ReadTable(name, data); err != nil {
		return nil, err
	}
	title := strings.TrimSuffix(name, path.Ext(name))
	return d, d.recognise(v, sheet.Options{Title: strings.ReplaceAll(title, "_", " "), Seller: place.Name, Today: d.today})
}

// isPlan reports a plan file: no table begins with a brace.
func isPlan(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{"))
}

func (d *draft) readPlan(v *visit) error {
	p, err := planfile.Decode(bytes.NewReader(d.data))
	if err != nil {
		return err
	}
	d.plan, d.fromPlan = *p, true
	if v.PostFormValue("again") != "" {
		d.plan.Title, d.plan.Language = v.field("title"), v.field("language")
		d.plan.Sides.Buyer.Organisation, d.plan.Sides.Seller.Organisation = v.field("buyer"), v.field("seller")
		d.plan.DecideBy, err = day(v.field("decide"))
	}
	return err
}

// day is what a date field holds.
func day(text string) (civil.Day, error) {
	if text == "" {
		return 0, nil
	}
	d, err := civil.Parse(text)
	if err != nil {
		return 0, fault.New(fault.Invalid, "pages.fault.day", "Text", text).Wrap(err)
	}
	return d, nil
}

// pack is how a table travels with the form, so that nothing is kept on the
// server and nothing is lost by a mistake.
func pack(data []byte) (string, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b.Bytes()), nil
}

func unpack(text string) ([]byte, error) {
	broken := func(err error) error { return fault.New(fault.Invalid, "pages.fault.content").Wrap(err) }
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, broken(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, broken(err)
	}
	data, err := io.ReadAll(io.LimitReader(z, maxFile+1)) // however small it was packed
	if err != nil {
		return nil, broken(err)
	}
	return data, nil
}
