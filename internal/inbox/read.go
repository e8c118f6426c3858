// Package inbox receives mail: by its own SMTP or LMTP listener, from a mailbox
// by IMAP, or handed in whole. It takes mails apart, finds out whether their
// senders are proven, and gives them to the application.
package inbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // ISO-8859-1, Windows-1252 and the rest

	"tandem/internal/app"
	"tandem/internal/reply"
)

// Limits of a mail.
const (
	MaxMail   = 10 << 20 // bytes as received
	maxDepth  = 12       // of parts within parts
	maxParts  = 300
	maxText   = 1 << 20 // bytes of one decoded text
	maxICS    = 1 << 20
	maxHeader = 128 << 10
	maxTo     = 100
	maxLine   = 8 << 10 // of the head
)

// errTooDeep ends the reading of what is built to be hard to read.
var errTooDeep = errors.New("too many parts")

// Read takes a raw mail apart. It fails on what is no mail or beyond limits.
func Read(raw []byte) (app.Message, error) {
	if len(raw) > MaxMail {
		return app.Message{}, fmt.Errorf("a mail of %d bytes", len(raw))
	}
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if err != nil && (e == nil || !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
		return app.Message{}, fmt.Errorf("read a mail: %w", err)
	}
	if !e.Header.Has("From") && !e.Header.Has("Message-Id") && !e.Header.Has("Received") && !e.Header.Has("Date") {
		return app.Message{}, errors.New("read a mail: it has no head")
	}
	m := app.Message{ID: messageID(e.Header.Get("Message-Id")), From: author(&e.Header), To: receivers(&e.Header), Subject: decoded(e.Header.Get("Subject")), Signs: signs(&e.Header)}
	m.Signs.From, m.Signs.Subject = m.From, m.Subject
	w := walker{m: &m}
	text, err := w.part(e, 0)
	if err != nil {
		return app.Message{}, err
	}
	m.Text = text
	if len(m.Calendar) == 0 {
		m.Calendar = w.ics
	}
	if failed := e.Header.Get("X-Failed-Recipients"); failed != "" && m.Bounce == nil {
		m.Bounce = &app.Bounce{Permanent: true}
	}
	if m.Bounce != nil && m.Signs.Report == "" {
		m.Signs.Report = "delivery-status"
	}
	return m, nil
}

// walker collects what is in a mail.
type walker struct {
	m     *app.Message
	ics   []app.CalendarPart // attached calendars, for mails without a proper one
	parts int
}

// part reads a part and those within it, and answers with its text.
func (w *walker) part(e *message.Entity, depth int) (string, error) {
	if w.parts++; w.parts > maxParts || depth > maxDepth {
		return "", errTooDeep
	}
	kind, params, err := e.Header.ContentType()
	if err != nil || kind == "" {
		kind = "text/plain"
	}
	kind = strings.ToLower(kind)
	disposition, file, _ := e.Header.ContentDisposition()
	attached := strings.EqualFold(disposition, "attachment")
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return w.several(e, kind, params, depth)
	case kind == "text/calendar" || kind == "application/ics":
		return "", w.calendar(e, kind, params)
	case kind == "message/delivery-status":
		w.bounce(e.Body)
		return "", nil
	case kind == "message/rfc822" || kind == "message/global":
		w.m.Files++
		return "", w.within(e, depth)
	case attached, kind != "text/plain" && kind != "text/html":
		if !strings.HasPrefix(kind, "image/") || attached && file["filename"] != "" && !e.Header.Has("Content-Id") {
			w.m.Files += countable(kind)
		}
		return "", nil
	}
	b, err := io.ReadAll(io.LimitReader(e.Body, maxText))
	if err != nil && len(b) == 0 {
		return "", nil //nolint:nilerr // what cannot be decoded says nothing
	}
	text := strings.ToValidUTF8(string(b), "\ufffd")
	if kind == "text/html" {
		return textOf(text), nil
	}
	if strings.EqualFold(params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(params["delsp"], "yes"))
	}
	return text, nil
}

// countable: signatures of the whole mail are no attachments to speak of.
func countable(kind string) int {
	switch kind {
	case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys",
		"text/rfc822-headers", "message/disposition-notification", "text/x-amp-html":
		return 0
	}
	return 1
}

// several reads a multipart: of alternatives the plainest that says something,
// of all others one after the other.
func (w *walker) several(e *message.Entity, kind string, params map[string]string, depth int) (string, error) {
	if kind == "multipart/report" {
		switch strings.ToLower(params["report-type"]) {
		case "disposition-notification":
			w.m.Signs.Notification = true
		default:
			w.m.Signs.Report = strings.ToLower(params["report-type"])
		}
	}
	r := e.MultipartReader()
	if r == nil {
		return "", nil
	}
	var texts []string
	for {
		child, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && (child == nil || !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
			break // cut off: what came before counts
		}
		text, err := w.part(child, depth+1)
		if err != nil {
			return "", err
		}
		if strings.TrimSpace(text) != "" {
			texts = append(texts, text)
		}
	}
	switch {
	case len(texts) == 0:
		return "", nil
	case kind == "multipart/alternative", kind == "multipart/report":
		return texts[0], nil
	}
	return strings.Join(texts, "\n"), nil
}

// within looks into an attached mail for a calendar only: its words are
// somebody else's.
func (w *walker) within(e *message.Entity, depth int) error {
	inner, err := message.Read(e.Body)
	if inner == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return nil //nolint:nilerr // what cannot be read says nothing
	}
	bounce, signs, files := w.m.Bounce, w.m.Signs, w.m.Files
	_, err = w.part(inner, depth+1)
	w.m.Bounce, w.m.Signs, w.m.Files = bounce, signs, files
	return err
}

var icsMethod = regexp.MustCompile(`(?im)^METHOD:\s*([A-Z-]{1,30})\s*$`)

func (w *walker) calendar(e *message.Entity, kind string, params map[string]string) error {
	b, err := io.ReadAll(io.LimitReader(e.Body, maxICS+1))
	if err != nil || len(b) > maxICS {
		return nil //nolint:nilerr // not to be read: no calendar
	}
	method := strings.ToUpper(params["method"])
	if m := icsMethod.FindSubmatch(b); m != nil && method == "" {
		method = strings.ToUpper(string(m[1]))
	}
	part := app.CalendarPart{Method: method, ICS: b}
	if kind == "text/calendar" && method != "" {
		w.m.Calendar = append(w.m.Calendar, part)
	} else if method != "" {
		w.ics = append(w.ics, part)
	}
	return nil
}

// bounce reads a delivery status notification (RFC 3464): the worst of what it
// says of the receivers.
func (w *walker) bounce(body io.Reader) {
	b, _ := io.ReadAll(io.LimitReader(body, 256<<10))
	fields := map[string]string{}
	settle := func() {
		action, status := strings.ToLower(fields["action"]), fields["status"]
		if action == "failed" || action == "delayed" {
			found := app.Bounce{Permanent: action == "failed" && !strings.HasPrefix(status, "4"), Status: code(status), Reason: short(fields["diagnostic-code"])}
			if w.m.Bounce == nil || found.Permanent {
				w.m.Bounce = &found
			}
		}
		fields = map[string]string{}
	}
	last := ""
	for line := range strings.Lines(strings.ReplaceAll(string(b), "\r\n", "\n")) {
		line = strings.TrimRight(line, "\n")
		switch name, value, ok := strings.Cut(line, ":"); {
		case strings.TrimSpace(line) == "":
			settle()
		case line[0] == ' ' || line[0] == '\t':
			fields[last] += " " + strings.TrimSpace(line)
		case ok:
			last = strings.ToLower(strings.TrimSpace(name))
			fields[last] = strings.TrimSpace(value)
		}
	}
	settle()
}

var statusCode = regexp.MustCompile(`^\d\.\d{1,3}\.\d{1,3}`)

func code(s string) string { return statusCode.FindString(strings.TrimSpace(s)) }

func short(s string) string {
	if _, after, ok := strings.Cut(s, ";"); ok {
		s = after
	}
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > 300 {
		s = string([]rune(s)[:300])
	}
	return s
}

func messageID(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexByte(s, '<'); i >= 0 {
		s = s[i+1:]
	}
	s, _, _ = strings.Cut(s, ">")
	if len(s) > 998 {
		return ""
	}
	return strings.TrimSpace(s)
}

// words decodes RFC 2047 in any character set that is known.
var words = mime.WordDecoder{CharsetReader: message.CharsetReader}

func decoded(s string) string {
	if d, err := words.DecodeHeader(s); err == nil {
		s = d
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
}

// author is the address of the one who wrote it; empty if the head names
// nobody, or several: such a head is made to be misread.
func author(h *message.Header) string {
	if h.FieldsByKey("From").Len() != 1 {
		return ""
	}
	list, err := (&netmail.AddressParser{WordDecoder: &words}).ParseList(h.Get("From"))
	if err != nil || len(list) != 1 {
		return ""
	}
	return list[0].Address
}

var address = regexp.MustCompile(`[^\s<>,;:"()\[\]]{1,128}@[A-Za-z0-9.-]{1,253}`)

// receivers are all addresses to which a head says it was sent.
func receivers(h *message.Header) []string {
	var out []string
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "X-Forwarded-To", "To", "Cc"} {
		for f := h.FieldsByKey(name); f.Next(); {
			value := f.Value()
			for _, a := range address.FindAllString(value[:min(len(value), maxLine)], maxTo) {
				if len(out) < maxTo {
					out = append(out, a)
				}
			}
		}
	}
	return out
}

func signs(h *message.Header) reply.Signs {
	return reply.Signs{
		Auto: h.Get("Auto-Submitted"), Suppress: h.Get("X-Auto-Response-Suppress"), Precedence: h.Get("Precedence"),
		Autoreply:  h.Has("X-Autoreply") || h.Has("X-Autorespond") || h.Has("X-Autoresponder") || h.Has("X-Auto-Reply-From") || strings.EqualFold(h.Get("X-Mail-Autoreply"), "yes"),
		List:       h.Has("List-Id") || h.Has("List-Unsubscribe") || h.Has("List-Post"),
		NullSender: strings.TrimSpace(h.Get("Return-Path")) == "<>",
	}
}

// unflow joins the lines of format=flowed (RFC 3676).
func unflow(s string, dropSpace bool) string {
	var out strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(s, "\r\n", "\n")) {
		line, ended := strings.CutSuffix(line, "\n")
		if !strings.HasPrefix(line, ">") {
			line = strings.TrimPrefix(line, " ") // stuffed
		}
		soft := strings.HasSuffix(line, " ") && strings.TrimRight(line, " ") != "--" && !strings.HasPrefix(line, ">")
		if soft && dropSpace {
			line = strings.TrimSuffix(line, " ")
		}
		out.WriteString(line)
		if ended && !soft {
			out.WriteByte('\n')
		}
	}
	return out.String()
}
