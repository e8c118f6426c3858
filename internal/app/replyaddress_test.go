package app_test

import (
	"errors"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func TestReplyAddresses(t *testing.T) {
	t.Parallel()
	h := open(t)
	const letter, planID plan.ID = "0123456789abcdef01234567", "fedcba9876543210fedcba98"
	tests := []struct {
		name, address string
		make          func(*app.Service) (string, error)
		want          app.Addressed
		prefix, host  string
	}{
		{"a domain, a reply", "@plans.acme.example", func(s *app.Service) (string, error) { return s.ReplyAddress(t.Context(), letter) },
			app.Addressed{Purpose: app.ForReply, ID: letter}, "reply+", "@plans.acme.example"},
		{"a domain, a bounce", "@plans.acme.example", func(s *app.Service) (string, error) { return s.BounceAddress(t.Context(), letter) },
			app.Addressed{Purpose: app.ForBounce, ID: letter}, "bounce+", "@plans.acme.example"},
		{"a domain, a plan", "@plans.acme.example", func(s *app.Service) (string, error) { return s.PlanAddress(t.Context(), planID) },
			app.Addressed{Purpose: app.ForPlan, ID: planID}, "plan+", "@plans.acme.example"},
		{"a mailbox, a reply", "Tandem@acme.example", func(s *app.Service) (string, error) { return s.ReplyAddress(t.Context(), letter) },
			app.Addressed{Purpose: app.ForReply, ID: letter}, "Tandem+reply-", "@acme.example"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := app.New(h.store, app.Options{Inbox: app.Inboxing{Store: h.store, Address: test.address}})
			got, err := test.make(s)
			if err != nil || !strings.HasPrefix(got, test.prefix) || !strings.HasSuffix(got, test.host) || len(strings.Split(got, "@")[0]) > 64 {
				t.Fatalf("got %q, %v", got, err)
			}
			again := app.New(h.store, app.Options{Inbox: app.Inboxing{Store: h.store, Address: test.address}})
			for _, address := range []string{got, strings.ToUpper(got)} {
				if a, err := again.ResolveAddress(t.Context(), address); err != nil || a != test.want {
					t.Errorf("%s: got %+v, %v; want %+v", address, a, err, test.want)
				}
			}
			token := got[len(test.prefix):strings.Index(got, "@")]
			flipped := "a"
			if token[30] == 'a' {
				flipped = "b"
			}
			for name, bad := range map[string]string{
				"another domain":   strings.Replace(got, "@", "@other.", 1),
				"a changed mac":    strings.Replace(got, token, token[:30]+flipped+token[31:], 1),
				"a changed letter": strings.Replace(got, token, "aaaaaaaa"+token[8:], 1),
				"another purpose":  strings.Replace(got, string(test.want.Purpose), map[bool]string{true: "bounce", false: "reply"}[test.want.Purpose == app.ForReply], 1),
				"cut off":          strings.Replace(got, token, token[:43], 1),
				"nothing":          "",
			} {
				if a, err := again.ResolveAddress(t.Context(), bad); !errors.Is(err, app.ErrNotFound) {
					t.Errorf("%s: %s leads to %+v, %v", name, bad, a, err)
				}
			}
		})
	}
	none := app.New(h.store, app.Options{})
	if got, err := none.ReplyAddress(t.Context(), letter); got != "" || err != nil {
		t.Errorf("a server that receives no mail has the address %q, %v", got, err)
	}
	s := app.New(h.store, app.Options{Inbox: app.Inboxing{Store: h.store, Address: "@x.example"}})
	if got, err := s.ReplyAddress(t.Context(), "chosen-by-somebody"); got != "" || err != nil {
		t.Errorf("an id that was not drawn has the address %q, %v", got, err)
	}
}
