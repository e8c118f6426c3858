package config

import (
	"crypto/tls"
	"net/url"
	"os"
)

// MailAuth is where mail servers that take no passwords get their tokens from:
// Exchange Online, Gmail. One application serves sending and fetching.
type MailAuth struct {
	MailOAuthTokenURL     string   `name:"mail-oauth-token-url" help:"Where an access token for mail is got, e.g. https://login.microsoftonline.com/TENANT/oauth2/v2.0/token. With it, SMTP and IMAP sign in with a token instead of a password." env:"TANDEM_MAIL_OAUTH_TOKEN_URL"`
	MailOAuthClientID     string   `name:"mail-oauth-client-id" help:"Id of the application." env:"TANDEM_MAIL_OAUTH_CLIENT_ID"`
	MailOAuthSecret       Secret   `name:"mail-oauth-secret" help:"Secret of the application." env:"TANDEM_MAIL_OAUTH_SECRET"`
	MailOAuthCertificate  string   `name:"mail-oauth-certificate" help:"PEM file with a certificate of the application and its RSA key, instead of a secret." placeholder:"FILE" env:"TANDEM_MAIL_OAUTH_CERTIFICATE"`
	MailOAuthRefreshToken Secret   `name:"mail-oauth-refresh-token" help:"Refresh token of the mailbox, where the application may not come in by itself." env:"TANDEM_MAIL_OAUTH_REFRESH_TOKEN"`
	MailOAuthScopes       []string `name:"mail-oauth-scope" help:"What the token is for." default:"https://outlook.office365.com/.default" env:"TANDEM_MAIL_OAUTH_SCOPE"`
}

// Tokens reports whether mail servers are to be signed in to with tokens.
func (m *MailAuth) Tokens() bool { return m.MailOAuthTokenURL != "" }

func (m *MailAuth) checkMailAuth() []Problem {
	var out []Problem
	add := func(bad bool, key, value string) {
		if bad {
			out = append(out, Problem{"mailauth." + key, value})
		}
	}
	if !m.Tokens() {
		add(m.MailOAuthClientID != "" || m.MailOAuthSecret != "" || m.MailOAuthCertificate != "" || m.MailOAuthRefreshToken != "", "alone", "")
		return out
	}
	u, err := url.Parse(m.MailOAuthTokenURL)
	local := err == nil && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost") // a secret goes there
	add(err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local), "token-url", m.MailOAuthTokenURL)
	add(m.MailOAuthClientID == "", "client-id", "")
	add(m.MailOAuthSecret == "" && m.MailOAuthCertificate == "" && m.MailOAuthRefreshToken == "", "secret", "")
	if m.MailOAuthCertificate != "" {
		_, err := tls.LoadX509KeyPair(m.MailOAuthCertificate, m.MailOAuthCertificate)
		add(err != nil, "certificate", m.MailOAuthCertificate)
	}
	return out
}

// Certificate reads the file of the certificate; nil if there is none.
func (m *MailAuth) Certificate() ([]byte, error) {
	if m.MailOAuthCertificate == "" {
		return nil, nil
	}
	return os.ReadFile(m.MailOAuthCertificate)
}
