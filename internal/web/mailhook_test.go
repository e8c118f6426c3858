package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tandem/internal/app"
)

func TestMailHook(t *testing.T) {
	t.Parallel()
	const token = "a-token-of-more-than-24-characters"
	type taken struct {
		raw string
		to  []string
	}
	var got []taken
	var answer error
	h := newHouse(t, func(c *Config) {
		c.MailHook = MailHook{Token: token, Take: func(_ context.Context, raw []byte, to []string) error {
			got = append(got, taken{string(raw), to})
			return answer
		}}
	})
	post := func(auth, body string, to ...string) int {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, h.web.URL+"/hooks/mail", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if auth != "" {
			r.Header.Set("Authorization", auth)
		}
		r.Header.Set("Content-Type", "message/rfc822")
		r.Header["X-Envelope-To"] = to
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		if b, err := io.ReadAll(a.Body); err != nil || strings.Contains(string(b), token) {
			t.Errorf("the answer holds the token, or %v", err)
		}
		return a.StatusCode
	}
	is := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %d, want %d", what, got, want)
		}
	}
	is("no token", post("", "mail"), http.StatusUnauthorized)
	is("a wrong token", post("Bearer "+token+"x", "mail"), http.StatusUnauthorized)
	is("another scheme", post("Basic "+token, "mail"), http.StatusUnauthorized)
	if len(got) != 0 {
		t.Fatalf("taken: %+v", got)
	}
	is("a mail", post("Bearer "+token, "mail", "<reply+a@x.example>, reply+b@x.example"), http.StatusAccepted)
	if len(got) != 1 || got[0].raw != "mail" || !slices.Equal(got[0].to, []string{"reply+a@x.example", "reply+b@x.example"}) {
		t.Errorf("taken: %+v", got)
	}
	answer = app.ErrNotFound
	is("nobody's", post("Bearer "+token, "mail"), http.StatusUnprocessableEntity)
	answer = app.ErrNoMail
	is("no mail", post("Bearer "+token, "mail"), http.StatusUnprocessableEntity)
	answer = errors.New("the disk is full")
	is("not kept", post("Bearer "+token, "mail"), http.StatusServiceUnavailable)
	answer = nil
	before := len(got)
	is("too large", post("Bearer "+token, strings.Repeat("x", maxMail+1)), http.StatusRequestEntityTooLarge)
	if len(got) != before {
		t.Error("the large one was taken")
	}
	none := newHouse(t)
	a, err := http.Post(none.web.URL+"/hooks/mail", "message/rfc822", strings.NewReader("mail"))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	is("a server without one", a.StatusCode, http.StatusNotFound)
}
