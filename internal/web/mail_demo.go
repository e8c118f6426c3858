package web

import (
	"net/http"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/web/view"
)

// MailboxMail is a mail in the demo's mailbox.
type MailboxMail struct {
	ID, To, From, Subject string
	At                    time.Time
	Text, HTML            string
}

// demoMail shows the demo's mailbox: what went to everybody in it. There is
// none outside the demo, and its people are made up.
func (s *Server) demoMail(w http.ResponseWriter, v *visit) error {
	if zone, err := time.LoadLocation("Europe/Berlin"); err == nil { // where the demo's people are
		v.l = v.l.At(s.App.Now(), zone)
	}
	var list []view.DemoMail
	frame, text := "", ""
	for _, m := range s.Mailbox() {
		here := m.ID == v.PathValue("id")
		if here {
			frame, text = "/demo/mail/"+m.ID+"/page", m.Text
		}
		list = append(list, view.DemoMail{ID: m.ID, To: m.To, From: m.From, Subject: m.Subject, At: v.l.Moment(m.At), Here: here})
	}
	if frame == "" && v.PathValue("id") != "" {
		return fault.New(fault.Missing, "pages.fault.nowhere")
	}
	return render(w, v, http.StatusOK, view.DemoMailPage(s.page(w, v, "demo-mail", v.l.T("mailset.demo.title")), list, frame, text))
}

// framed lets a mail be shown in a frame of this server, with the styles it
// carries and nothing else: no script, no picture, nothing loaded.
const framed = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'self'; form-action 'none'; " +
	"sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox"

// demoMailPage is a mail as its reader's mail program shows it. Its links open
// in the whole window.
func (s *Server) demoMailPage(w http.ResponseWriter, v *visit) error {
	for _, m := range s.Mailbox() {
		if m.ID != v.PathValue("id") {
			continue
		}
		h := w.Header()
		h.Set("Content-Security-Policy", framed)
		h.Del("X-Frame-Options")
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "private, no-store")
		_, _ = w.Write([]byte(strings.Replace(m.HTML, "<head>", `<head><base target="_top">`, 1)))
		return nil
	}
	return fault.New(fault.Missing, "pages.fault.nowhere")
}
