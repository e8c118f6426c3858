package config

import (
	"crypto/tls"
	"net"
	"net/mail"
	"os"
	"strings"
	"time"
)

// MailIn says how mail comes in: answers to mails, bounces, invitations.
// Without MailInAddress none does, and mails carry no address for replies.
type MailIn struct {
	MailInAddress string   `name:"mail-in-address" help:"Where answers to our mails go: @plans.acme.example if all mail of that domain comes here, or tandem@acme.example if it comes to that mailbox, which then also gets what is sent to tandem+…@acme.example." env:"TANDEM_MAIL_IN_ADDRESS"`
	MailTrust     []string `name:"mail-trust" help:"Name (authserv-id) of a mail server whose Authentication-Results are believed, beside our own check of signatures. 'none' for Exchange Online, which writes no name." env:"TANDEM_MAIL_TRUST"`
	MailTrustPeer bool     `name:"mail-listen-direct" help:"Senders' own servers connect to --mail-listen, so SPF can be checked. Turn off behind another mail server." default:"true" negatable:"" env:"TANDEM_MAIL_LISTEN_DIRECT"`

	MailListen     string `name:"mail-listen" help:"Address on which mail is taken by SMTP, e.g. :25." env:"TANDEM_MAIL_LISTEN"`
	MailListenLMTP string `name:"mail-listen-lmtp" help:"Address on which a mail server of ours hands mail over by LMTP: HOST:PORT, or unix:/path." env:"TANDEM_MAIL_LISTEN_LMTP"`
	MailListenCert string `name:"mail-listen-cert" help:"PEM file with the certificate for STARTTLS." placeholder:"FILE" env:"TANDEM_MAIL_LISTEN_CERT"`
	MailListenKey  string `name:"mail-listen-key" help:"PEM file with its key." placeholder:"FILE" env:"TANDEM_MAIL_LISTEN_KEY"`

	IMAPAddr         string        `name:"imap-addr" help:"Mail server with the mailbox, HOST:PORT." env:"TANDEM_IMAP_ADDR"`
	IMAPSecurity     string        `name:"imap-security" help:"tls, starttls, or none (on this machine only)." default:"tls" env:"TANDEM_IMAP_SECURITY"`
	IMAPUser         string        `name:"imap-user" help:"User of the mailbox." env:"TANDEM_IMAP_USER"`
	IMAPPassword     Secret        `name:"imap-password" help:"Password of the mailbox; better in the environment or a file. None where --mail-oauth-token-url is set." env:"TANDEM_IMAP_PASSWORD"`
	IMAPPasswordFile string        `name:"imap-password-file" help:"File with the password of the mailbox." placeholder:"FILE" env:"TANDEM_IMAP_PASSWORD_FILE"`
	IMAPFolder       string        `name:"imap-folder" help:"Folder that is looked into." default:"INBOX" env:"TANDEM_IMAP_FOLDER"`
	IMAPDone         string        `name:"imap-done" help:"Folder that handled mails are moved to. Default: they stay, marked as read." env:"TANDEM_IMAP_DONE"`
	IMAPEvery        time.Duration `name:"imap-every" help:"How long to wait between looks; servers that can tell of new mail at once do." default:"1m" env:"TANDEM_IMAP_EVERY"`

	MailHookToken Secret `name:"mail-hook-token" help:"Bearer token with which a mail service may post mails to /hooks/mail; at least 24 characters. Without one nothing is taken there." env:"TANDEM_MAIL_HOOK_TOKEN"`
}

// Receives reports whether mail comes in at all.
func (m *MailIn) Receives() bool { return m.MailInAddress != "" }

// IMAPSecret is the password of the mailbox; Check has found its file readable.
func (m *MailIn) IMAPSecret() string {
	if m.IMAPPasswordFile != "" {
		if text, err := os.ReadFile(m.IMAPPasswordFile); err == nil {
			return strings.TrimRight(string(text), "\r\n")
		}
	}
	return string(m.IMAPPassword)
}

// ListenTLS is what STARTTLS uses; nil: it is not offered.
func (m *MailIn) ListenTLS() (*tls.Config, error) {
	if m.MailListenCert == "" {
		return nil, nil
	}
	if _, err := tls.LoadX509KeyPair(m.MailListenCert, m.MailListenKey); err != nil {
		return nil, err
	}
	// Read anew for each connection: certificates are renewed under a running server.
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		c, err := tls.LoadX509KeyPair(m.MailListenCert, m.MailListenKey)
		return &c, err
	}}, nil
}

func (m *MailIn) check(tokens bool) []Problem {
	var out []Problem
	add := func(bad bool, key, value string) {
		if bad {
			out = append(out, Problem{"mailin." + key, value})
		}
	}
	ways := m.MailListen != "" || m.MailListenLMTP != "" || m.IMAPAddr != "" || m.MailHookToken != ""
	if !m.Receives() {
		add(ways, "mail-in-alone", "")
		return out
	}
	add(!inAddress(m.MailInAddress), "mail-in-address", m.MailInAddress)
	add(!ways, "mail-in-way", m.MailInAddress)
	add(m.MailListen != "" && !listens(m.MailListen), "mail-listen", m.MailListen)
	add(m.MailListenLMTP != "" && !strings.HasPrefix(m.MailListenLMTP, "unix:/") && !listens(m.MailListenLMTP), "mail-listen", m.MailListenLMTP)
	_, err := m.ListenTLS()
	add(err != nil || m.MailListenCert == "" && m.MailListenKey != "", "mail-listen-cert", m.MailListenCert)
	add(m.MailHookToken != "" && len(m.MailHookToken) < 24, "mail-hook-token", "")
	if m.IMAPAddr == "" {
		return out
	}
	host, port, err := net.SplitHostPort(m.IMAPAddr)
	add(err != nil || host == "" || port == "", "imap-addr", m.IMAPAddr)
	add(m.IMAPSecurity != "" && !oneOf(m.IMAPSecurity, "tls", "starttls", "none"), "imap-security", m.IMAPSecurity)
	add(m.IMAPSecurity == "none" && !isLoopback(host), "imap-clear", m.IMAPAddr)
	if m.IMAPPasswordFile != "" {
		_, err := os.ReadFile(m.IMAPPasswordFile)
		add(err != nil, "imap-password-file", m.IMAPPasswordFile)
	}
	add(m.IMAPUser == "" || !tokens && m.IMAPPassword == "" && m.IMAPPasswordFile == "", "imap-user", m.IMAPUser)
	add(m.IMAPEvery < 0 || m.IMAPEvery > 24*time.Hour, "imap-every", m.IMAPEvery.String())
	return out
}

func listens(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	return err == nil && port != ""
}

// inAddress: a domain with the @ before it, or a mailbox short enough that what
// is added to it still fits.
func inAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || !isDomain(domain) || !strings.Contains(domain, ".") && domain != "localhost" {
		return false
	}
	if local == "" {
		return true
	}
	_, err := mail.ParseAddress(s)
	return err == nil && len(local) <= 12 && !strings.Contains(local, "+")
}
