package inbox_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"tandem/internal/inbox"
	"tandem/internal/reply"
)

func FuzzRead(f *testing.F) {
	for _, x := range corpus(f) {
		f.Add(x.raw)
	}
	f.Add([]byte("From: a@b\r\n\r\n"))
	f.Add([]byte("From: a@b\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n\r\n----\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := inbox.Read(raw)
		if err != nil {
			return
		}
		if !utf8.ValidString(m.Text) || !utf8.ValidString(m.Subject) || len(m.Text) > 8<<20 || len(m.To) > 100 {
			t.Errorf("text of %d bytes, %d receivers, valid: %v", len(m.Text), len(m.To), utf8.ValidString(m.Text))
		}
		if strings.ContainsAny(m.From, " \r\n") {
			t.Errorf("author %q", m.From)
		}
		reply.WrittenBy(m.Signs, reply.Strip(m.Text).Text)
	})
}

func TestHostileMails(t *testing.T) {
	t.Parallel()
	head := "From: a@b.example\r\nMIME-Version: 1.0\r\n"
	deep := head
	for n := range 200 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", n, n)
	}
	nested := head
	for range 100 {
		nested += "Content-Type: message/rfc822\r\n\r\n"
	}
	parts := head + "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 5_000) + "--b--\r\n"
	tests := []struct {
		name, raw string
		fails     bool
	}{
		{"parts within parts", deep, true},
		{"mails within mails", nested, true},
		{"thousands of parts", parts, true},
		{"too large", head + "\r\n" + strings.Repeat("x", inbox.MaxMail), true},
		{"a head without end", "From: a@b.example\r\nX: " + strings.Repeat("x", 1<<20), true},
		{"elements within elements", head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div><blockquote>", 20_000) + "erledigt", false},
		{"no boundary", head + "Content-Type: multipart/mixed\r\n\r\nx", false},
		{"unknown character set", head + "Content-Type: text/plain; charset=klingon\r\n\r\nx", false},
		{"broken base64", head + "Content-Transfer-Encoding: base64\r\n\r\n!!!!", false},
		{"one long line", head + "\r\n" + strings.Repeat("Am 1.1.2028 schrieb ", 40_000), false},
		{"many long lines", head + "\r\n" + strings.Repeat(strings.Repeat("Viele Grüße ", 40)+"\r\n", 2_000), false},
		{"nothing", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := inbox.Read([]byte(test.raw))
			if (err != nil) != test.fails {
				t.Errorf("error %v, want one: %v", err, test.fails)
			}
			if len(m.Text) > 1<<20 {
				t.Errorf("a text of %d bytes", len(m.Text))
			}
			reply.Strip(m.Text)
		})
	}
}
