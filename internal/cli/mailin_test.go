package cli

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/plan"
	"tandem/internal/web"
)

// TestMailComesIn wires a server as it is run, and brings answers to it by LMTP
// and by HTTP from a mail server it trusts.
func TestMailComesIn(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(t.TempDir(), "lmtp")
	const token = "a-token-of-more-than-24-characters"
	c := &config.Config{Addr: "127.0.0.1:0", BaseURL: "https://plans.acme.example", DB: config.DSN(filepath.Join(t.TempDir(), "test.db")), LogLevel: "info", LogFormat: "text"}
	c.MailIn = config.MailIn{MailInAddress: "@plans.acme.example", MailListen: "127.0.0.1:0", MailListenLMTP: "unix:" + socket, MailTrust: []string{"mx.acme.example"}, MailHookToken: token}
	if problems := c.Check(); len(problems) > 0 {
		t.Fatal(problems)
	}
	st, err := openStore(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	clock := &shifting{}
	h, err := newHouse(c, slog.New(slog.DiscardHandler), st, clock.now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	d := &director{ctx: t.Context(), s: h.service, clock: clock, t: scripts["en"], lang: "en"}
	if err := steps(d.found, d.agreed); err != nil {
		t.Fatal(err)
	}
	stop, err := h.receive(t.Context(), c.BaseURL)
	if err != nil {
		t.Fatal(err)
	}

	step, owner := openStep(t, d)
	answer := func(id, text string) (to string, raw []byte) {
		l := app.Letter{ID: h.service.NewID(), Kind: app.LetterRemind, Plan: d.main, Person: owner.ID, Item: step, Created: clock.now()}
		if err := st.Commit(t.Context(), app.Change{Letters: []app.Letter{l}}); err != nil {
			t.Fatal(err)
		}
		to, err := h.service.ReplyAddress(t.Context(), l.ID)
		if err != nil || to == "" {
			t.Fatalf("address %q, %v", to, err)
		}
		domain := owner.Email.Value[strings.Index(owner.Email.Value, "@")+1:]
		return to, []byte("Authentication-Results: mx.acme.example; dkim=pass header.d=" + domain + "\r\nFrom: " + owner.Email.Value + "\r\nTo: " + to +
			"\r\nMessage-ID: <" + id + "@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n")
	}
	hear := func(want app.MailState) {
		t.Helper()
		list, err := st.MailOf(t.Context(), d.main, []plan.ID{owner.ID})
		if err != nil || len(list) == 0 {
			t.Fatalf("nothing is kept: %v", err)
		}
		for _, r := range list {
			if err := h.service.RunJob(t.Context(), app.Job{Kind: app.JobHear, Data: []byte(r.ID)}); err != nil {
				t.Fatal(err)
			}
			if r, err = st.Mail(t.Context(), r.ID); err != nil || r.State != want || r.Proof != "server" {
				t.Errorf("it is %s by %q (%s), %v; want %s", r.State, r.Proof, r.Detail, err, want)
			}
		}
	}

	to, raw := answer("lmtp", "expected tomorrow, because of the holidays")
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	l := smtp.NewClientLMTP(conn)
	if err := l.Mail("somebody@elsewhere.example", nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Rcpt(to, nil); err != nil {
		t.Fatal(err)
	}
	data, err := l.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := data.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := data.Close(); err != nil {
		t.Fatal(err)
	}
	if err := l.Quit(); err != nil {
		t.Fatal(err)
	}
	hear(app.MailActed)

	site, err := web.New(web.Config{App: h.service, Hub: h.hub, Base: c.BaseURL, ReadTable: ReadTable, MailHook: h.mailHook()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site.HTTP("").Handler)
	defer server.Close()
	_, raw = answer("hook", "done")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/hooks/mail", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusAccepted {
		t.Errorf("posted: %d, want 202", a.StatusCode)
	}
	hear(app.MailActed)

	if err := stop(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("unix", socket); err == nil {
		t.Error("it still listens after it was stopped")
	}
}

// openStep is a step of the demo's plan that is under way, and its owner at the
// buyer.
func openStep(t *testing.T, d *director) (plan.ID, *plan.Person) {
	t.Helper()
	v, err := d.s.Open(t.Context(), d.seller, d.main)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range v.Plan.Live(plan.KindAction) {
		q := v.Plan.Person(it.Terms.Owners.Buyer)
		if it.Terms.Party == plan.Party(plan.Buyer) && it.Progress.Status == plan.Open && q != nil && q.Access != plan.None && q.Email.Value != "" {
			return it.ID, q
		}
	}
	t.Fatal("the demo has no open step of the buyer")
	return "", nil
}
