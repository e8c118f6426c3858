package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"tandem/internal/fault"
	"tandem/internal/web/view"
)

// statuses are the kinds of faults in HTTP's words.
var statuses = map[fault.Kind]int{
	fault.Invalid:   http.StatusUnprocessableEntity,
	fault.Missing:   http.StatusNotFound,
	fault.Forbidden: http.StatusForbidden,
	fault.Conflict:  http.StatusConflict,
	fault.Refused:   http.StatusConflict,
	fault.TooLarge:  http.StatusRequestEntityTooLarge,
	fault.TooMany:   http.StatusTooManyRequests,
	fault.Unready:   http.StatusServiceUnavailable,
}

// statusOf is the status an error is answered with.
func statusOf(err error) int {
	if f, ok := fault.As(err); ok {
		return statuses[f.Kind]
	}
	return http.StatusInternalServerError
}

// fail is where every error ends: as a page in the reader's language that says
// what happened, what was kept and what to do, and in the log. An error that
// is no fault shows a reference only.
func (s *Server) fail(w http.ResponseWriter, v *visit, err error) {
	s.log(v, err)
	if errors.Is(err, context.Canceled) && v.Context().Err() != nil || answered(w) {
		return
	}
	t := trouble(v, err)
	p := s.page(w, v, "trouble", t.Title)
	p.Notice = nil
	if v.Method == http.MethodPost {
		p.Here = "/"
	}
	h := w.Header()
	h.Del("Cache-Control")
	h.Del("Content-Encoding")
	if err := render(w, v, statusOf(err), view.Trouble(p, t)); err != nil {
		s.log(v, err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// log writes what a person running the server needs, and nothing about people:
// of a fault its key without the arguments.
func (s *Server) log(v *visit, err error) {
	attrs := []slog.Attr{slog.String("id", v.id), slog.String("route", v.Pattern), slog.String("method", v.Method)}
	level := slog.LevelError
	f, known := fault.As(err)
	switch {
	case known:
		attrs = append(attrs, slog.String("fault", f.Key), slog.String("kind", string(f.Kind)))
		level = slog.LevelInfo
		if f.Kind == fault.Unready {
			level = slog.LevelWarn
		}
		if f.Err != nil {
			attrs = append(attrs, slog.Any("cause", f.Err))
		}
	case errors.Is(err, context.Canceled):
		level = slog.LevelDebug
		attrs = append(attrs, slog.Any("error", err))
	default:
		attrs = append(attrs, slog.Any("error", err))
	}
	s.Log.LogAttrs(v.Context(), level, "refused", attrs...)
}

// trouble is an error in the reader's words.
func trouble(v *visit, err error) *view.TroubleText {
	f, ok := fault.As(err)
	if !ok {
		return &view.TroubleText{Title: v.l.T("pages.trouble.internal"), Text: v.l.T("pages.trouble.internal.text"), Kept: kept(v),
			Fixes: []string{v.l.T("pages.fix.again")}, Ways: ways(v), Reference: v.id}
	}
	t := &view.TroubleText{Title: v.l.T("pages.trouble." + string(f.Kind)), Text: sentence(v, f), Ways: ways(v)}
	for _, fix := range f.Fixes {
		t.Fixes = append(t.Fixes, v.l.Text(fix, f.Args))
	}
	if f.Kind != fault.Missing {
		t.Kept = kept(v)
	}
	return t
}

// sentence is a fault's message for people.
func sentence(v *visit, f *fault.Error) string { return v.l.Text(f.Key, f.Args) }

// problem is a fault as it is said above the form it concerns. An error that
// is no fault is not for the form: it is returned.
func problem(v *visit, err error) (*view.FormProblem, error) {
	f, ok := fault.As(err)
	if !ok {
		return nil, err
	}
	p := &view.FormProblem{Text: sentence(v, f)}
	for _, fix := range f.Fixes {
		p.Fixes = append(p.Fixes, v.l.Text(fix, f.Args))
	}
	return p, nil
}

// kept says what became of what was sent.
func kept(v *visit) string {
	if v.Method == http.MethodPost {
		return v.l.T("pages.trouble.kept")
	}
	return ""
}

func ways(v *visit) []view.Link {
	if v.caller.Member != nil || len(v.caller.Session.Persons) > 0 {
		return []view.Link{{Href: "/", Label: v.l.T("pages.way.plans"), First: true}}
	}
	return []view.Link{{Href: "/", Label: v.l.T("pages.way.start"), First: true}}
}

// nowhere answers for every address that is none.
func (s *Server) nowhere(http.ResponseWriter, *visit) error {
	return fault.New(fault.Missing, "pages.fault.nowhere")
}
