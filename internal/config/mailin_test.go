package config

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMailInIsChecked(t *testing.T) {
	t.Parallel()
	const long = "0123456789012345678901234"
	none := filepath.Join(t.TempDir(), "none")
	domain := func(change func(*MailIn)) MailIn {
		m := MailIn{MailInAddress: "@plans.acme.example", MailListen: ":25"}
		if change != nil {
			change(&m)
		}
		return m
	}
	box := func(change func(*MailIn)) MailIn {
		m := MailIn{MailInAddress: "tandem@acme.example", IMAPAddr: "mail.acme.example:993", IMAPSecurity: "tls", IMAPUser: "tandem", IMAPPassword: "x"}
		if change != nil {
			change(&m)
		}
		return m
	}
	tests := []struct {
		name   string
		set    MailIn
		tokens bool
		want   []string
	}{
		{"none", MailIn{}, false, nil},
		{"a domain by SMTP", domain(nil), false, nil},
		{"by LMTP on a socket", domain(func(m *MailIn) { m.MailListen, m.MailListenLMTP = "", "unix:/run/lmtp" }), false, nil},
		{"a mailbox with a password", box(nil), false, nil},
		{"a mailbox with tokens", box(func(m *MailIn) { m.IMAPPassword = "" }), true, nil},
		{"posted", domain(func(m *MailIn) { m.MailListen, m.MailHookToken = "", long }), false, nil},
		{"a way without an address", MailIn{MailListen: ":25"}, false, []string{"mailin.mail-in-alone"}},
		{"an address without a way", MailIn{MailInAddress: "@x.example"}, false, []string{"mailin.mail-in-way"}},
		{"no address", domain(func(m *MailIn) { m.MailInAddress = "plans" }), false, []string{"mailin.mail-in-address"}},
		{"no domain", domain(func(m *MailIn) { m.MailInAddress = "@plans" }), false, []string{"mailin.mail-in-address"}},
		{"a mailbox too long to be added to", box(func(m *MailIn) { m.MailInAddress = "mutualactionplans@acme.example" }), false, []string{"mailin.mail-in-address"}},
		{"nothing to listen on", domain(func(m *MailIn) { m.MailListen = "25" }), false, []string{"mailin.mail-listen"}},
		{"a certificate that is not there", domain(func(m *MailIn) { m.MailListenCert, m.MailListenKey = none, none }), false, []string{"mailin.mail-listen-cert"}},
		{"a key alone", domain(func(m *MailIn) { m.MailListenKey = none }), false, []string{"mailin.mail-listen-cert"}},
		{"a short token", domain(func(m *MailIn) { m.MailHookToken = "short" }), false, []string{"mailin.mail-hook-token"}},
		{"no password", box(func(m *MailIn) { m.IMAPPassword = "" }), false, []string{"mailin.imap-user"}},
		{"in the clear", box(func(m *MailIn) { m.IMAPSecurity = "none" }), false, []string{"mailin.imap-clear"}},
		{"in the clear on this machine", box(func(m *MailIn) { m.IMAPSecurity, m.IMAPAddr = "none", "127.0.0.1:143" }), false, nil},
		{"everything", MailIn{MailInAddress: "x", IMAPAddr: "x", IMAPSecurity: "x", IMAPEvery: -1, IMAPPasswordFile: none}, false,
			[]string{"mailin.mail-in-address", "mailin.imap-addr", "mailin.imap-security", "mailin.imap-password-file", "mailin.imap-user", "mailin.imap-every"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range test.set.check(test.tokens) {
				got = append(got, p.Key)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestMailInKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	m := MailIn{IMAPPassword: "geheim", MailHookToken: "geheim"}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{fmt.Sprint(m), fmt.Sprintf("%+v", m), fmt.Sprintf("%#v", m), string(b)} {
		if strings.Contains(s, "geheim") {
			t.Errorf("printed: %s", s)
		}
	}
}
