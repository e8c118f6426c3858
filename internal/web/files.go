package web

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// fileRoutes are the documents of a plan: added at a step, listed together,
// given out one by one.
func (s *Server) fileRoutes(t *routeTable) {
	t.page("GET /plans/{plan}/documents", s.documents)
	t.page("POST /plans/{plan}/items/{item}/document", s.documentAdd)
	t.page("GET /plans/{plan}/files/{id}", s.file)
	t.page("GET /plans/{plan}/take/files.zip", s.takeFiles)
}

// documentAdd adds a file or a link to a step, for both or for one's own side.
func (s *Server) documentAdd(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	id := plan.ID(v.PathValue("item"))
	if pv.Plan.Items[id] == nil && pv.Own.Actions[id] == nil {
		return nothing()
	}
	if pv.Me.Access == plan.Viewer { // before anything is stored
		return fault.New(fault.Forbidden, "fault.right.viewer")
	}
	sent, err := s.takeForm(w, v, pv)
	if err != nil {
		return err
	}
	sent.remember(v.PostForm)
	f := &form{Values: v.PostForm, v: pv, newID: s.App.NewID}
	private := f.on(internalBox) || pv.Own.Actions[id] != nil
	if err = sent.err; err == nil {
		cmd := plan.AddDocument{ID: f.key(), Item: id, Title: f.text("title"), Link: f.text("link"), File: sent.input(), Replaces: plan.ID(f.text("replaces"))}
		err = s.addDocument(v, pv, f, cmd, private)
	}
	if problem := f.problem(v, "document", err); problem != nil {
		return s.refusedItem(w, v, id, problem, err)
	}
	if err != nil {
		return err
	}
	said := "file.said.added"
	if private {
		said = "file.said.private"
	}
	s.say(w, said)
	return redirect(w, v, s.back(v, pv))
}

func (s *Server) addDocument(v *visit, pv app.View, f *form, cmd plan.AddDocument, private bool) error {
	if cmd.File == nil {
		if f.wrong = "link"; cmd.Link == "" && s.App.Files().On() {
			f.wrong = "file"
			return fault.New(fault.Invalid, "fault.file.choose")
		}
	}
	if !private {
		return s.do(v, pv, f, cmd)
	}
	_, err := s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, cmd)
	return err
}

// inline are the types a browser may show by itself: pictures, in a sandbox
// that lets them load and run nothing. (Browsers do not reliably show a PDF
// in a sandbox, and without one it may run scripts: it is downloaded.)
var inline = map[string]bool{plan.TypePNG: true, plan.TypeJPEG: true, plan.TypeGIF: true, plan.TypeWebP: true}

// aloneAndInert is what a file may do in a browser: nothing.
const aloneAndInert = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// file gives a document's file out, whole, to whoever may see the document at
// this moment.
func (s *Server) file(w http.ResponseWriter, v *visit) error {
	_, f, err := s.App.OpenFile(v.Context(), v.caller, v.planID(), plan.ID(v.PathValue("id")))
	if err != nil {
		return err
	}
	defer f.Body.Close()
	h := w.Header()
	kind, how := plan.TypeOther, "attachment"
	switch {
	case inline[f.File.Type]:
		kind, how = f.File.Type, "inline"
	case f.File.Type == plan.TypePDF: // for phones, which show what they download
		kind = plan.TypePDF
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition(how, f.File.Name.Value))
	h.Set("Content-Security-Policy", aloneAndInert)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Accept-Ranges", "none")
	return s.stream(w, v, f.Body, f.Size)
}

// stream sends bytes that are no page; a size below zero is not known. Once the
// answer has begun nothing can be said any more: the connection breaks, so that
// nobody takes a part for the whole.
func (s *Server) stream(w http.ResponseWriter, v *visit, from io.Reader, size int64) error {
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Add("Vary", "Cookie")
	if size >= 0 {
		h.Set("Content-Length", strconv.FormatInt(size, 10))
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(longestInput))
	w.WriteHeader(http.StatusOK)
	if v.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(w, from); err != nil {
		if v.Context().Err() == nil {
			s.log(v, fmt.Errorf("send a file: %w", err))
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

// disposition says what a file is called, in a form every browser reads (RFC
// 6266, RFC 8187). The name is clean.
func disposition(how, name string) string {
	return how + `; filename="` + asciiName(name) + `"; filename*=UTF-8''` + extValue(name)
}

// asciiName is a name for browsers that read no other: quotes and backslashes
// are not in a clean one.
func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
}

// extValue escapes all bytes but those RFC 8187 lets through.
func extValue(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// documents lists all of a plan that the reader may see.
func (s *Server) documents(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	p := s.page(w, v, "documents", v.l.T("file.page.title", "Title", title(pv)))
	p.Style = "file.css"
	f := present.Documents(pv, present.Options{Language: v.l.Lang, Base: base(pv), Operator: s.Operator})
	return render(w, v, http.StatusOK, view.Body(p, view.DocumentsPage(f)))
}

// takeFiles sends all files the reader may see, with a list of all documents.
func (s *Server) takeFiles(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", disposition("attachment", plan.CleanFileName(slug(title(pv)))+" "+v.l.T("file.title")+".zip"))
	h.Set("Content-Security-Policy", aloneAndInert)
	r, pack := io.Pipe()
	go func() { pack.CloseWithError(s.packFiles(pack, v, pv)) }()
	defer r.Close()
	return s.stream(w, v, r, -1)
}
