package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/mail"
	"tandem/internal/mailauth"
)

// newPost makes what sends mails; nil if none are sent.
func newPost(c *config.Config, log *slog.Logger, clock func() time.Time) (*mail.Post, error) {
	m := &c.Mail
	if !m.On() {
		return nil, nil
	}
	name, address := m.Sender()
	s := mail.Settings{From: address, FromName: name, Domain: m.Domain, Clock: clock, Log: log, Base: strings.TrimRight(c.BaseURL, "/"),
		Server: mail.Server{Addr: m.SMTPAddr, Security: mail.Security(m.SMTPSecurity), User: m.SMTPUser, Password: m.Secret(), Hello: m.SMTPHello}}
	if s.FromName == "" {
		s.FromName = "Tandem"
	}
	if u, err := url.Parse(c.BaseURL); err == nil && s.Server.Hello == "" {
		s.Server.Hello = u.Hostname()
	}
	tokens, err := tokenSource(c)
	if err != nil {
		return nil, err
	}
	if tokens != nil {
		s.Server.Token, s.Server.Refused = tokens.Token, tokens.Forget
	}
	if m.DKIMKey != "" {
		text, err := os.ReadFile(m.DKIMKey)
		if err != nil {
			return nil, fmt.Errorf("read the DKIM key: %w", err)
		}
		key, err := mail.ParseKey(text)
		if err != nil {
			return nil, fmt.Errorf("read the DKIM key: %w", err)
		}
		s.DKIM = &mail.DKIM{Domain: m.DKIMDomain, Selector: m.DKIMSelector, Key: key}
		if s.DKIM.Domain == "" {
			s.DKIM.Domain = m.SenderDomain()
		}
	}
	return mail.New(s), nil
}

// tokenSource gives the tokens mail servers are signed in to with; nil if they
// take passwords.
func tokenSource(c *config.Config) (*mailauth.Source, error) {
	if !c.Tokens() {
		return nil, nil
	}
	certificate, err := c.Certificate()
	if err != nil {
		return nil, fmt.Errorf("read the certificate for mail: %w", err)
	}
	return mailauth.New(mailauth.Config{TokenURL: c.MailOAuthTokenURL, ClientID: c.MailOAuthClientID, Scopes: c.MailOAuthScopes,
		Secret: string(c.MailOAuthSecret), Certificate: certificate, RefreshToken: string(c.MailOAuthRefreshToken)})
}

// mailer is a post as the application wants it: none is nil.
func mailer(p *mail.Post) app.Mailer {
	if p == nil {
		return nil
	}
	return p
}

// dkimKeyCmd makes a key to sign mails with.
type dkimKeyCmd struct {
	speech
	File     string `arg:"" help:"File to write the private key into."`
	Domain   string `help:"Domain that signs." required:"" placeholder:"DOMAIN"`
	Selector string `help:"Name under which the public key stands in the DNS." default:"tandem"`
	Ed25519  bool   `name:"ed25519" help:"An Ed25519 key: short, but not everybody can check it yet."`
}

func (c *dkimKeyCmd) Run(w *world) error {
	l, err := c.locale(w, "")
	if err != nil {
		return err
	}
	key, text, err := mail.NewKey(rand.Reader, c.Ed25519)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return wrong("cli.dkim.exists", "File", c.File)
	}
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	record, err := mail.Record(key)
	if err != nil {
		return err
	}
	fmt.Fprintln(w.Out, l.T("cli.dkim.record", "File", c.File))
	fmt.Fprintf(w.Out, "%s._domainkey.%s. IN TXT %s\n", c.Selector, c.Domain, quoted(record))
	return nil
}

// quoted cuts a record into strings of the length the DNS allows.
func quoted(record string) string {
	var out []string
	for len(record) > 255 {
		out = append(out, `"`+record[:255]+`"`)
		record = record[255:]
	}
	return strings.Join(append(out, `"`+record+`"`), " ")
}
