// Package config is what an operator can say about a server: by flags,
// environment (TANDEM_…) or a JSON file. It is checked as a whole at start,
// with every mistake named at once, and its secrets are never printed.
package config

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// DSN is where the data is: the path of an SQLite file, or a PostgreSQL
// address. It prints without its password.
type DSN string

// Postgres reports whether the data is on a PostgreSQL server.
func (d DSN) Postgres() bool {
	return strings.HasPrefix(string(d), "postgres://") || strings.HasPrefix(string(d), "postgresql://")
}

// String leaves the password out.
func (d DSN) String() string {
	if !d.Postgres() {
		return string(d)
	}
	u, err := url.Parse(string(d))
	if err != nil {
		return "postgres://…"
	}
	return u.Redacted()
}

// Config of a server.
type Config struct {
	Addr           string        `help:"Address to listen on." default:"127.0.0.1:8080" env:"TANDEM_ADDR"`
	BaseURL        string        `help:"Address under which people reach this server, e.g. https://plans.example.com. Default: http:// and the address listened on." env:"TANDEM_BASE_URL"`
	DB             DSN           `help:"Path of the SQLite file, or postgres://…" default:"tandem.db" env:"TANDEM_DB"`
	Operator       string        `help:"Who runs this server: named wherever people write something confidential." env:"TANDEM_OPERATOR"`
	TrustedProxies []string      `help:"Networks (CIDR) of proxies whose X-Forwarded-For is believed." env:"TANDEM_TRUSTED_PROXIES"`
	MetricsToken   string        `help:"Bearer token that /metrics asks for; without one it answers on this machine only." env:"TANDEM_METRICS_TOKEN"`
	LogLevel       string        `help:"debug, info, warn or error." default:"info" env:"TANDEM_LOG_LEVEL"`
	LogFormat      string        `help:"text or json." default:"text" env:"TANDEM_LOG_FORMAT"`
	Grace          time.Duration `help:"How long requests under way may take to finish when the server stops." default:"10s" env:"TANDEM_GRACE"`

	Identity
	MailAuth
	Mail   Mail   `embed:""`
	MailIn MailIn `embed:""`
	Files  Files  `embed:""`
}

// Problems lists every mistake as a catalogue key with one argument, Value.
type Problem struct{ Key, Value string }

// Check finds every mistake at once.
func (c *Config) Check() []Problem {
	var out []Problem
	add := func(bad bool, key, value string) {
		if bad {
			out = append(out, Problem{"config." + key, value})
		}
	}
	_, port, err := net.SplitHostPort(c.Addr)
	add(err != nil || port == "", "addr", c.Addr)
	if c.BaseURL != "" {
		u, err := url.Parse(c.BaseURL)
		add(err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "", "base-url", c.BaseURL)
	}
	out = append(out, c.checkDB()...)
	for _, p := range c.TrustedProxies {
		_, err := netip.ParsePrefix(p)
		add(err != nil, "trusted-proxies", p)
	}
	add(!oneOf(c.LogLevel, "debug", "info", "warn", "error"), "log-level", c.LogLevel)
	add(!oneOf(c.LogFormat, "text", "json"), "log-format", c.LogFormat)
	add(c.Grace < 0 || c.Grace > 10*time.Minute, "grace", c.Grace.String())
	add(len(c.Operator) > 200, "operator", c.Operator)
	out = append(out, c.Identity.check()...)
	out = append(out, c.checkMailAuth()...)
	out = append(out, c.checkFiles()...)
	out = append(out, c.MailIn.check(c.Tokens())...)
	return append(out, c.Mail.check(c.Tokens())...)
}

func (c *Config) checkDB() []Problem {
	if c.DB == "" {
		return []Problem{{"config.db", ""}}
	}
	if c.DB.Postgres() {
		if u, err := url.Parse(string(c.DB)); err != nil || u.Host == "" && u.Query().Get("host") == "" {
			return []Problem{{"config.db", c.DB.String()}}
		}
		return nil
	}
	if strings.Contains(string(c.DB), "://") {
		return []Problem{{"config.db", string(c.DB)}}
	}
	if info, err := os.Stat(filepath.Dir(string(c.DB))); err != nil || !info.IsDir() {
		return []Problem{{"config.db-folder", string(c.DB)}}
	}
	if info, err := os.Stat(string(c.DB)); err == nil && info.IsDir() {
		return []Problem{{"config.db-is-folder", string(c.DB)}}
	}
	return nil
}

// Proxies are the trusted networks; Check has found them readable.
func (c *Config) Proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, p := range c.TrustedProxies {
		if n, err := netip.ParsePrefix(p); err == nil {
			out = append(out, n)
		}
	}
	return out
}

func oneOf(s string, allowed ...string) bool {
	for _, a := range allowed {
		if s == a {
			return true
		}
	}
	return false
}
