package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Limits of a form with a file.
const (
	maxFields    = 200              // fields, and each at most maxForm together
	pauseInFile  = 30 * time.Second // of an upload without a byte
	longestInput = 15 * time.Minute // of one upload
)

// carriesFile reports whether a request's form may carry a file: the paths are
// those of takeForm's callers.
func carriesFile(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") &&
		(strings.HasPrefix(r.URL.Path, "/plans/") && (strings.HasSuffix(r.URL.Path, "/document") || strings.HasSuffix(r.URL.Path, "/mine")) ||
			strings.HasPrefix(r.URL.Path, "/me/") && strings.HasSuffix(r.URL.Path, "/mine"))
}

// mostSent is how much of a request with a file is read: also of one that is
// too large the rest is, without keeping it, so that the browser gets an answer
// and not a broken connection.
func (s *Server) mostSent() int64 { return 4*s.App.Files().Max + maxForm }

// mostFile is the largest file, in bytes; 0 where none is taken.
func (s *Server) mostFile() int64 {
	if f := s.App.Files(); f.On() {
		return f.Max
	}
	return 0
}

// sentFile is what came with a form.
type sentFile struct {
	upload *app.Upload // nil: no file, or it was refused
	ticket string      // with which it need not be sent again
	err    error       // why it was refused; the other fields are there all the same
	old    bool        // it was sent before, with a form that was refused
}

// internalBox is the field that keeps a document to one's own side.
const internalBox = "internal"

// takeForm reads a form into the request, and a file in it straight into the
// store. The caller has been let in to the plan. What is refused about the file
// is told beside the other fields, which are kept.
func (s *Server) takeForm(w http.ResponseWriter, v *visit, pv app.View) (sentFile, error) {
	return s.readForm(w, v, &pv)
}

// readForm is takeForm; without a view, for who was not let in, no file is kept.
func (s *Server) readForm(w http.ResponseWriter, v *visit, pv *app.View) (sentFile, error) {
	kind, params, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		err := parse(v, maxForm)
		return s.knownFile(v, pv, v.PostForm), err
	}
	line := http.NewResponseController(w)
	_ = line.SetWriteDeadline(time.Now().Add(longestInput + time.Minute))
	form := multipart.NewReader(&patient{body: v.Body, line: line, until: time.Now().Add(longestInput)}, params["boundary"])
	values, left, seen := url.Values{}, int64(maxForm), false
	var sent sentFile
	for n := 0; ; n++ {
		part, err := form.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil || n == maxFields {
			return sent, unreadable(err)
		}
		if part.FileName() == "" {
			value, err := io.ReadAll(io.LimitReader(part, left+1))
			if left -= int64(len(value)); err != nil || left < 0 {
				return sent, unreadable(err)
			}
			if part.FormName() != "file" { // the field of a file that nobody chose
				values.Add(part.FormName(), string(value))
			}
			continue
		}
		if seen || part.FormName() != "file" {
			return sent, unreadable(nil)
		}
		if seen = true; pv != nil {
			s.storeFile(v, *pv, values, part, &sent)
		}
		if _, err := io.Copy(io.Discard, part); err != nil { // what was refused
			return sent, unreadable(err)
		}
	}
	v.PostForm, v.Form = values, values
	if !seen {
		return s.knownFile(v, pv, values), nil
	}
	if sent.upload != nil && ticked(values) != (sent.upload.Side != "") {
		return sent, unreadable(nil) // said after the file whose it is
	}
	return sent, nil
}

func (s *Server) storeFile(v *visit, pv app.View, values url.Values, part *multipart.Part, sent *sentFile) {
	u, err := s.App.TakeFile(v.Context(), pv, ticked(values), fileNameOf(part), part)
	if sent.err = err; err != nil {
		return
	}
	sent.upload = &u
	if sent.ticket, err = s.App.KeepFile(v.Context(), pv, u); err != nil {
		sent.upload, sent.err = nil, err
	}
}

// fileNameOf is what the client calls a file. (Part.FileName would cut it where
// a name holds a backslash, and is not told of encodings.)
func fileNameOf(part *multipart.Part) string {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return part.FileName()
	}
	return params["filename"]
}

// knownFile is a file that was sent before, with a form that was refused.
func (s *Server) knownFile(v *visit, pv *app.View, values url.Values) sentFile {
	ticket := values.Get("kept")
	if ticket == "" || pv == nil {
		return sentFile{}
	}
	u, ok := s.App.KeptFile(v.Context(), *pv, ticket)
	if !ok || ticked(values) != (u.Side != "") {
		return sentFile{err: fault.New(fault.Invalid, "fault.file")}
	}
	return sentFile{upload: &u, ticket: ticket, old: true}
}

func ticked(values url.Values) bool { return (&form{Values: values}).on(internalBox) }

// input is the file for a command; nil if there is none.
func (x sentFile) input() *plan.FileInput {
	if x.upload == nil {
		return nil
	}
	return &x.upload.FileInput
}

// remember puts a file that need not be sent again among what was typed.
func (x sentFile) remember(values url.Values) {
	values.Del("kept")
	if x.upload != nil {
		values.Set("kept", x.ticket)
		values.Set("kept-name", x.upload.Name)
	}
	if ticked(values) {
		values.Set("internal-on", "on")
	}
}

func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.New(fault.TooLarge, "pages.fault.too-large", "N", int(large.Limit>>20)).Wrap(err)
	}
	return fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
}

// patient reads an upload: each read may take a while, all of it a longer one.
// The clock is the line's, not the application's.
type patient struct {
	body  io.Reader
	line  *http.ResponseController
	until time.Time
}

func (p *patient) Read(b []byte) (int, error) {
	next := time.Now().Add(pauseInFile)
	if next.After(p.until) {
		next = p.until
	}
	_ = p.line.SetReadDeadline(next)
	return p.body.Read(b)
}
