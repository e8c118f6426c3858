package config

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tandem/internal/mail"
)

func TestMailIsChecked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, pem, err := mail.NewKey(rand.Reader, true)
	if err != nil {
		t.Fatal(err)
	}
	key, secret, garbage := filepath.Join(dir, "dkim.pem"), filepath.Join(dir, "secret"), filepath.Join(dir, "garbage")
	for path, text := range map[string]string{key: string(pem), secret: "geheim\n", garbage: "-----BEGIN PRIVATE KEY-----\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	full := Mail{SMTPAddr: "smtp.acme.example:587", SMTPSecurity: "starttls", SMTPUser: "plans", SMTPPasswordFile: secret, From: "Acme <plans@acme.example>",
		DKIMKey: key, DKIMSelector: "tandem", Domain: "acme.example"}
	change := func(f func(*Mail)) Mail {
		m := full
		f(&m)
		return m
	}
	for _, c := range []struct {
		name string
		set  Mail
		want []string
	}{
		{"none", Mail{}, nil},
		{"full", full, nil},
		{"on this machine, in the clear", Mail{SMTPAddr: "127.0.0.1:25", SMTPSecurity: "none", From: "plans@acme.example"}, nil},
		{"in the clear elsewhere", change(func(m *Mail) { m.SMTPSecurity = "none" }), []string{"config.smtp-clear"}},
		{"no sender", change(func(m *Mail) { m.From = "" }), []string{"config.mail-from"}},
		{"a user without a password", change(func(m *Mail) { m.SMTPPasswordFile = "" }), []string{"config.smtp-user"}},
		{"a password without a user", change(func(m *Mail) { m.SMTPUser = "" }), []string{"config.smtp-user"}},
		{"a key that is none", change(func(m *Mail) { m.DKIMKey = garbage }), []string{"config.dkim-key"}},
		{"a key that is not there", change(func(m *Mail) { m.DKIMKey = dir + "/none" }), []string{"config.dkim-key"}},
		{"everything", Mail{SMTPAddr: "smtp", SMTPSecurity: "maybe", SMTPUser: "x", SMTPPasswordFile: dir + "/none", From: "nobody", Domain: "a b", DKIMDomain: "-.", DKIMKey: garbage},
			[]string{"config.smtp-security", "config.mail-from", "config.mail-domain", "config.dkim-domain", "config.dkim-key", "config.dkim-selector", "config.smtp-addr", "config.smtp-password-file"}},
	} {
		whole := good(t)
		whole.Mail = c.set
		var got []string
		for _, p := range whole.Check() {
			got = append(got, p.Key)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if full.Secret() != "geheim" || full.SenderDomain() != "acme.example" {
		t.Errorf("secret %q, domain %q", full.Secret(), full.SenderDomain())
	}
	full.SMTPPassword = "geheim"
	if s := fmt.Sprintf("%v %+v", full, full); strings.Contains(s, "geheim") {
		t.Errorf("printed: %s", s)
	}
}
