package config

import (
	"net"
	"net/mail"
	"os"
	"strings"

	post "tandem/internal/mail"
)

// Mail says how mails go out. Without SMTPAddr none do, and pages say so.
type Mail struct {
	SMTPAddr         string `name:"smtp-addr" help:"Mail server that takes our mails, HOST:PORT. Without one no mail is sent, and pages say so." env:"TANDEM_SMTP_ADDR"`
	SMTPSecurity     string `name:"smtp-security" help:"starttls, tls, or none (on this machine only)." default:"starttls" env:"TANDEM_SMTP_SECURITY"`
	SMTPUser         string `name:"smtp-user" help:"User at the mail server; empty: it asks for none." env:"TANDEM_SMTP_USER"`
	SMTPPassword     Secret `name:"smtp-password" help:"Password at the mail server; better in the environment or a file." env:"TANDEM_SMTP_PASSWORD"`
	SMTPPasswordFile string `name:"smtp-password-file" help:"File with the password at the mail server." env:"TANDEM_SMTP_PASSWORD_FILE"`
	SMTPHello        string `name:"smtp-hello" help:"Name of this machine as said to the mail server. Default: that of --base-url." env:"TANDEM_SMTP_HELLO"`
	From             string `name:"mail-from" help:"Sender of mails, e.g. 'Acme <plans@acme.example>'." env:"TANDEM_MAIL_FROM"`
	Domain           string `name:"mail-domain" help:"Domain in the ids of mails. Default: that of --mail-from." env:"TANDEM_MAIL_DOMAIN"`
	DKIMKey          string `name:"dkim-key" help:"File with the private key mails are signed with; made by 'tandem dkim-key'. Without one the mail server has to sign." env:"TANDEM_DKIM_KEY"`
	DKIMSelector     string `name:"dkim-selector" help:"Name under which the public key stands in the DNS." default:"tandem" env:"TANDEM_DKIM_SELECTOR"`
	DKIMDomain       string `name:"dkim-domain" help:"Domain that signs. Default: that of --mail-from." env:"TANDEM_DKIM_DOMAIN"`
}

// On reports whether mails are sent.
func (m *Mail) On() bool { return m.SMTPAddr != "" }

// Sender is the address mails come from, with the name shown; Check has found
// it readable.
func (m *Mail) Sender() (name, address string) {
	a, err := mail.ParseAddress(m.From)
	if err != nil {
		return "", ""
	}
	return a.Name, a.Address
}

// SenderDomain is what stands behind the @ of the sender.
func (m *Mail) SenderDomain() string {
	_, address := m.Sender()
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// Secret is the password at the mail server; Check has found its file readable.
func (m *Mail) Secret() string {
	if m.SMTPPasswordFile != "" {
		text, err := os.ReadFile(m.SMTPPasswordFile)
		if err == nil {
			return strings.TrimRight(string(text), "\r\n")
		}
	}
	return string(m.SMTPPassword)
}

func (m *Mail) check(tokens bool) []Problem {
	var out []Problem
	add := func(bad bool, key, value string) {
		if bad {
			out = append(out, Problem{"config." + key, value})
		}
	}
	add(m.SMTPSecurity != "" && !oneOf(m.SMTPSecurity, "starttls", "tls", "none"), "smtp-security", m.SMTPSecurity)
	if m.From != "" || m.On() {
		_, err := mail.ParseAddress(m.From)
		add(err != nil, "mail-from", m.From)
	}
	add(m.Domain != "" && !isDomain(m.Domain), "mail-domain", m.Domain)
	add(m.DKIMDomain != "" && !isDomain(m.DKIMDomain), "dkim-domain", m.DKIMDomain)
	if m.DKIMKey != "" {
		text, err := os.ReadFile(m.DKIMKey)
		if err == nil {
			_, err = post.ParseKey(text)
		}
		add(err != nil, "dkim-key", m.DKIMKey)
		add(!isDomain(m.DKIMSelector), "dkim-selector", m.DKIMSelector)
	}
	if m.On() {
		out = append(out, m.checkServer(tokens)...)
	}
	return out
}

func (m *Mail) checkServer(tokens bool) []Problem {
	var out []Problem
	host, port, err := net.SplitHostPort(m.SMTPAddr)
	if err != nil || host == "" || port == "" {
		out = append(out, Problem{"config.smtp-addr", m.SMTPAddr})
	}
	if m.SMTPSecurity == "none" && !isLoopback(host) {
		out = append(out, Problem{"config.smtp-clear", m.SMTPAddr})
	}
	if m.SMTPPasswordFile != "" {
		if _, err := os.ReadFile(m.SMTPPasswordFile); err != nil {
			out = append(out, Problem{"config.smtp-password-file", m.SMTPPasswordFile})
		}
	}
	password := m.SMTPPassword != "" || m.SMTPPasswordFile != ""
	if tokens && m.SMTPUser == "" || !tokens && (m.SMTPUser != "") != password {
		out = append(out, Problem{"config.smtp-user", m.SMTPUser})
	}
	return out
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// isDomain reports whether a text has the form of a domain or a label of one.
func isDomain(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			return false
		}
	}
	return true
}
