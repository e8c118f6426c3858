package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestProvidersOfFlagsAndFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "providers.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`[{"id": "house", "label": "Haus-Konto", "issuer": "https://sso.example.com/realms/house", "client_id": "tandem", "client_secret": "geheim-1", "roles": {"leads": "manager"}}]`)
	c := good(t)
	c.OIDCProviders, c.OIDCIssuer, c.OIDCClientID, c.OIDCClientSecret = file, "https://accounts.google.com", "id", "geheim-2"
	if got := c.Check(); len(got) != 0 {
		t.Fatalf("got problems %v", got)
	}
	got := c.Providers()
	if len(got) != 2 || got[0].ID != "house" || got[1].ID != "accounts-google-com" || got[1].Label != "accounts.google.com" || got[1].GroupsClaim != "groups" ||
		got[0].VerifiedClaim != "email_verified" || !slices.Equal(got[0].Scopes, []string{"profile", "email"}) || got[0].ClientSecret != "geheim-1" {
		t.Errorf("got %v", got)
	}
	printed := fmt.Sprintf("%v %+v %#v %s", c, c, got, got)
	if whole, err := json.Marshal(c); err != nil || strings.Contains(string(whole)+printed, "geheim") {
		t.Errorf("a secret is printed (%v):\n%s\n%s", err, whole, printed)
	}

	for _, bad := range []struct {
		name string
		file string
		flag func(*Config)
		want string
	}{
		{"no list", `{}`, nil, "config.oidc-providers"},
		{"a setting nobody knows", `[{"issuer": "https://a.example", "client_id": "x", "clientid": "y"}]`, nil, "config.oidc-providers"},
		{"no TLS", `[{"issuer": "http://a.example", "client_id": "x"}]`, nil, "config.oidc-issuer"},
		{"no address", `[{"issuer": "a", "client_id": "x"}]`, nil, "config.oidc-issuer"},
		{"no client", `[{"issuer": "https://a.example"}]`, nil, "config.oidc-client-id"},
		{"twice", `[{"issuer": "https://a.example", "client_id": "x"}, {"id": "other", "issuer": "https://a.example", "client_id": "y"}]`, nil, "config.oidc-twice"},
		{"a bad id", `[{"id": "../x", "issuer": "https://a.example", "client_id": "x"}]`, nil, "config.oidc-twice"},
		{"a role that is none", `[]`, func(c *Config) { c.OIDCRoles = map[string]string{"g": "emperor"} }, "config.oidc-role"},
	} {
		write(bad.file)
		c := good(t)
		c.OIDCProviders = file
		if bad.flag != nil {
			c.OIDCIssuer, c.OIDCClientID = "https://b.example", "b"
			bad.flag(&c)
		}
		got := c.Check()
		if len(got) != 1 || got[0].Key != bad.want {
			t.Errorf("%s: got %v, want %s", bad.name, got, bad.want)
		}
	}
	c.OIDCProviders = file + ".none"
	if got := c.Check(); len(got) != 1 || got[0].Key != "config.oidc-providers" {
		t.Errorf("no file: got %v", got)
	}
}
