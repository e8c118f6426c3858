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

func TestMailAuthIsChecked(t *testing.T) {
	t.Parallel()
	garbage := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(garbage, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		set  MailAuth
		want []string
	}{
		{"none", MailAuth{}, nil},
		{"good", MailAuth{MailOAuthTokenURL: "https://login.example/token", MailOAuthClientID: "a", MailOAuthSecret: "b"}, nil},
		{"on this machine", MailAuth{MailOAuthTokenURL: "http://127.0.0.1:1/token", MailOAuthClientID: "a", MailOAuthRefreshToken: "b"}, nil},
		{"the secret in the clear", MailAuth{MailOAuthTokenURL: "http://login.example/token", MailOAuthClientID: "a", MailOAuthSecret: "b"}, []string{"mailauth.token-url"}},
		{"half", MailAuth{MailOAuthTokenURL: "https://login.example/token"}, []string{"mailauth.client-id", "mailauth.secret"}},
		{"no address", MailAuth{MailOAuthSecret: "b"}, []string{"mailauth.alone"}},
		{"certificate", MailAuth{MailOAuthTokenURL: "https://login.example/token", MailOAuthClientID: "a", MailOAuthCertificate: garbage}, []string{"mailauth.certificate"}},
	} {
		full := good(t)
		full.MailAuth = c.set
		var got []string
		for _, p := range full.Check() {
			got = append(got, p.Key)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	m := MailAuth{MailOAuthSecret: "geheim", MailOAuthRefreshToken: "geheim"}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(m), fmt.Sprintf("%+v", m), fmt.Sprintf("%#v", m), fmt.Sprintf("%s %q", m.MailOAuthSecret, m.MailOAuthSecret), string(raw)} {
		if strings.Contains(text, "geheim") {
			t.Errorf("printed: %s", text)
		}
	}
}
