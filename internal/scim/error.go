package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"tandem/internal/app"
	"tandem/internal/fault"
)

const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error"

// problem is why a request was not done, as RFC 7644, 3.12 writes it. Its
// detail stands in the log of the identity provider and is read by its
// administrator, so it is English and names no person.
type problem struct {
	status int
	kind   string // scimType; empty: none fits
	detail string
}

func (p *problem) Error() string { return strconv.Itoa(p.status) + " " + p.kind + ": " + p.detail }

func bad(kind, detail string, args ...any) error {
	return &problem{http.StatusBadRequest, kind, fmt.Sprintf(detail, args...)}
}

func badFilter(detail string, args ...any) error { return bad("invalidFilter", detail, args...) }
func badPath(detail string, args ...any) error   { return bad("invalidPath", detail, args...) }
func badValue(detail string, args ...any) error  { return bad("invalidValue", detail, args...) }
func badSyntax(detail string, args ...any) error { return bad("invalidSyntax", detail, args...) }

// problemOf turns an error of a use case into an answer. Nil: an internal
// error, of which nothing is told.
func problemOf(err error) *problem {
	var p *problem
	var large *http.MaxBytesError
	switch f, isFault := fault.As(err); {
	case errors.As(err, &p):
		return p
	case isFault:
		return problemOfFault(f)
	case errors.As(err, &large):
		return &problem{http.StatusRequestEntityTooLarge, "tooLarge", "The body is larger than 1 MB."}
	case errors.Is(err, app.ErrTaken):
		return &problem{http.StatusConflict, "uniqueness", "This name or address is already used in the workspace. Search for it, then change what you find."}
	case errors.Is(err, app.ErrNotFound):
		return &problem{http.StatusNotFound, "", "There is no such resource."}
	}
	return nil
}

func problemOfFault(f *fault.Error) *problem {
	switch {
	case f.Key == "scim.fault.member":
		return &problem{http.StatusBadRequest, "invalidValue", "Somebody who is to be a member is no user here. Make the user first."}
	case f.Kind == fault.Refused: // see the use case
		return &problem{http.StatusForbidden, "", "This is the last active administrator of the workspace, or the last one who was made by hand. Tandem keeps one whom no directory can lock out. Make another administrator on the workspace page first."}
	case f.Kind == fault.Invalid:
		return &problem{http.StatusBadRequest, "invalidValue", "A name of 1 to 500 bytes and a valid e-mail address (work e-mail, or else userName) are needed."}
	case f.Kind == fault.Missing:
		return &problem{http.StatusNotFound, "", "There is no such resource."}
	case f.Kind == fault.Conflict:
		return &problem{http.StatusConflict, "", "It was changed at the same time. Try again."}
	case f.Kind == fault.TooLarge:
		return &problem{http.StatusRequestEntityTooLarge, "tooLarge", "The request is too large."}
	}
	return nil
}

func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p == nil {
		s.Log.ErrorContext(r.Context(), "scim", "route", r.Pattern, "error", err)
		p = &problem{http.StatusInternalServerError, "", "Internal error. The server's log has more."}
	}
	body := map[string]any{"schemas": []string{errorSchema}, "status": strconv.Itoa(p.status), "detail": p.detail}
	if p.kind != "" {
		body["scimType"] = p.kind
	}
	answer(w, p.status, body)
}

const contentType = "application/scim+json; charset=utf-8"

// answer writes a resource, a list or an error.
func answer(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body) // whoever went away needs no answer
	}
}
