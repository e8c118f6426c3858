package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"strings"

	"tandem/internal/app"
)

// MailHook takes mail that a mail service hands over by HTTP.
type MailHook struct {
	// Token is the bearer token the service has to show; empty: nothing is taken.
	Token string
	// Take keeps a raw mail. Receivers may be empty: then those of its head count.
	// app.ErrNotFound and app.ErrNoMail are for good.
	Take func(ctx context.Context, raw []byte, receivers []string) error
}

// mailHookPath is where a mail is posted as its body, message/rfc822.
const mailHookPath = "/hooks/mail"

// maxMail is what a mail may have in bytes.
const maxMail = 10 << 20

// mailHook answers the service: 202 when the mail is on disk, 4xx when it is
// not to be sent again, 503 when it is.
func (s *Server) mailHook(w http.ResponseWriter, r *http.Request) {
	if s.MailHook.Token == "" || s.MailHook.Take == nil {
		http.NotFound(w, r)
		return
	}
	if !s.entries.allow("mail hook " + s.address(r)) {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many requests", http.StatusTooManyRequests)
		return
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	shown, wanted := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.MailHook.Token))
	if subtle.ConstantTimeCompare(shown[:], wanted[:]) != 1 {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "not authorised", http.StatusUnauthorized)
		return
	}
	raw, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, "the mail is too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the mail was cut off", http.StatusBadRequest)
		return
	}
	var receivers []string
	for _, line := range r.Header.Values("X-Envelope-To") {
		for one := range strings.SplitSeq(line, ",") {
			if one = strings.Trim(strings.TrimSpace(one), "<>"); one != "" && len(receivers) < 50 {
				receivers = append(receivers, one)
			}
		}
	}
	switch err := s.MailHook.Take(r.Context(), raw, receivers); {
	case errors.Is(err, app.ErrNotFound):
		http.Error(w, "no such address here", http.StatusUnprocessableEntity)
	case errors.Is(err, app.ErrNoMail):
		http.Error(w, "this is no mail", http.StatusUnprocessableEntity)
	case err != nil:
		s.Log.ErrorContext(r.Context(), "a mail was not kept", "error", err)
		http.Error(w, "not now, try again", http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusAccepted)
	}
}
