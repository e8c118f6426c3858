package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"tandem/internal/app"
)

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// envelope is a mail as MIME. The same letter has the same Message-ID every
// time it is sent: should it be sent twice, receiving systems keep one.
func (p *Post) envelope(m app.Mail, w Written) ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	name := m.From
	if name == "" {
		name = p.s.FromName
	}
	if err := msg.FromFormat(name, p.s.From); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if err := msg.AddToFormat(m.To.Name, m.To.Email); err != nil {
		return nil, &app.MailRefusal{Code: "5.1.3", Address: true} // no address at all; the error would name it
	}
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return nil, fmt.Errorf("address for replies: %w", err)
		}
	}
	msg.Subject(w.Subject)
	msg.SetDateWithValue(p.s.Clock())
	msg.SetMessageIDWithValue(string(m.Letter) + "@" + p.s.Domain)
	if m.Thread != "" {
		root := "<" + thread(m) + "@" + p.s.Domain + ">"
		msg.SetGenHeader(gomail.HeaderReferences, root)
		msg.SetGenHeader(gomail.HeaderInReplyTo, root)
	}
	msg.SetGenHeader("Content-Language", w.Lang)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "OOF, DR, RN, NRN")
	if m.Optional && m.Settings != "" {
		msg.SetGenHeader("List-Unsubscribe", "<"+p.url(m.Settings)+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, w.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, w.HTML)
	if c := m.Invitation; c != nil {
		msg.AddAlternativeString(gomail.ContentType("text/calendar; method="+c.Method), string(c.ICS), gomail.WithPartEncoding(gomail.EncodingB64))
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write a mail: %w", err)
	}
	return b.Bytes(), nil
}

// thread is the root that mails about one thing refer to, for one reader: what
// others got of it is not theirs to see.
func thread(m app.Mail) string {
	h := sha256.Sum256([]byte(string(m.Plan) + "\x00" + string(m.Thread)))
	return "thread-" + hex.EncodeToString(h[:12])
}
