package config

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func good(t *testing.T) Config {
	return Config{Addr: "127.0.0.1:8080", BaseURL: "https://plans.example.com", DB: DSN(filepath.Join(t.TempDir(), "x.db")),
		TrustedProxies: []string{"10.0.0.0/8"}, LogLevel: "info", LogFormat: "json", Grace: time.Second}
}

func TestCheckNamesEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	c := good(t)
	if got := c.Check(); len(got) != 0 {
		t.Fatalf("a good configuration: got %v, want no problems", got)
	}
	bad := Config{Addr: "nonsense", BaseURL: "ftp://x/y", DB: "mysql://x", TrustedProxies: []string{"10.0.0.0/8", "all"},
		LogLevel: "loud", LogFormat: "xml", Grace: -1, Operator: strings.Repeat("x", 201)}
	var got []string
	for _, p := range bad.Check() {
		got = append(got, p.Key)
	}
	want := []string{"config.addr", "config.base-url", "config.db", "config.trusted-proxies", "config.log-level", "config.log-format", "config.grace", "config.operator"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestDSNKeepsItsPassword(t *testing.T) {
	t.Parallel()
	d := DSN("postgres://tandem:geheim@db.example/tandem")
	if s := d.String(); strings.Contains(s, "geheim") || !strings.Contains(s, "db.example") {
		t.Errorf("got %q, want the host without the password", s)
	}
}
