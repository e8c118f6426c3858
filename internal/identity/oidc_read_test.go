package identity

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
)

// What providers send, as they send it.
func TestClaimsAreRead(t *testing.T) {
	t.Parallel()
	standard := Setting{GroupsClaim: "groups", VerifiedClaim: "email_verified"}
	entra := Setting{GroupsClaim: "groups", VerifiedClaim: "xms_edov", ExternalClaim: "oid"}
	for _, c := range []struct {
		name   string
		s      Setting
		claims map[string]any
		want   app.Claims
	}{
		{"Keycloak", standard, map[string]any{"email": "a@b.example", "email_verified": true, "name": "A", "groups": []any{"/sales", "/leads"}},
			app.Claims{Subject: "s", Email: "a@b.example", Verified: true, Name: "A", Groups: []string{"/sales", "/leads"}}},
		{"a yes in quotes", standard, map[string]any{"email": "a@b.example", "email_verified": "true"},
			app.Claims{Subject: "s", Email: "a@b.example", Verified: true}},
		{"nothing about the address", standard, map[string]any{"email": "a@b.example"}, app.Claims{Subject: "s", Email: "a@b.example"}},
		{"a no", standard, map[string]any{"email": "a@b.example", "email_verified": false}, app.Claims{Subject: "s", Email: "a@b.example"}},
		{"nonsense", standard, map[string]any{"email": 1, "email_verified": "no", "groups": 3, "name": []any{}}, app.Claims{Subject: "s"}},
		{"Entra ID", entra, map[string]any{"email": "a@b.example", "xms_edov": "1", "oid": "o", "email_verified": true, "groups": []any{"g1"}},
			app.Claims{Subject: "s", Email: "a@b.example", Verified: true, External: "o", Groups: []string{"g1"}}},
		{"Entra ID does not verify by itself", entra, map[string]any{"email": "a@b.example", "email_verified": true}, app.Claims{Subject: "s", Email: "a@b.example"}},
		{"Entra ID, too many groups", entra, map[string]any{"_claim_names": map[string]any{"groups": "src1"}, "_claim_sources": map[string]any{}},
			app.Claims{Subject: "s", Overflow: true}},
		{"Entra ID, implicit flow", entra, map[string]any{"hasgroups": true}, app.Claims{Subject: "s", Overflow: true}},
		{"roles as a map", Setting{GroupsClaim: "roles"}, map[string]any{"roles": map[string]any{"b": map[string]any{}, "a": map[string]any{}}},
			app.Claims{Subject: "s", Groups: []string{"a", "b"}}},
		{"one group as a word", standard, map[string]any{"groups": "sales"}, app.Claims{Subject: "s", Groups: []string{"sales"}}},
	} {
		if diff := cmp.Diff(c.want, c.s.read("s", c.claims)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
