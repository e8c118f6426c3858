package config

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Identity says how members sign in besides by mail.
type Identity struct {
	NoPasskeys bool `name:"no-passkeys" help:"Take no passkeys." env:"TANDEM_NO_PASSKEYS"`

	OIDCIssuer        string            `name:"oidc-issuer" help:"Address of an identity provider (OpenID Connect) as it names itself, e.g. https://login.microsoftonline.com/TENANT/v2.0." env:"TANDEM_OIDC_ISSUER"`
	OIDCClientID      string            `name:"oidc-client-id" help:"Id under which this server is registered there." env:"TANDEM_OIDC_CLIENT_ID"`
	OIDCClientSecret  Secret            `name:"oidc-client-secret" help:"Its secret; better in the environment." env:"TANDEM_OIDC_CLIENT_SECRET"`
	OIDCLabel         string            `name:"oidc-label" help:"What the button calls the provider. Default: its host name." env:"TANDEM_OIDC_LABEL"`
	OIDCScopes        []string          `name:"oidc-scope" help:"Scopes asked for besides openid." default:"profile,email" env:"TANDEM_OIDC_SCOPES"`
	OIDCGroupsClaim   string            `name:"oidc-groups-claim" help:"Claim that holds somebody's groups." default:"groups" env:"TANDEM_OIDC_GROUPS_CLAIM"`
	OIDCVerifiedClaim string            `name:"oidc-verified-claim" help:"Claim that says that the address is verified; Entra ID: xms_edov." default:"email_verified" env:"TANDEM_OIDC_VERIFIED_CLAIM"`
	OIDCExternalClaim string            `name:"oidc-external-claim" help:"Claim with what SCIM calls externalId, unchangeable by the person; Entra ID: oid." env:"TANDEM_OIDC_EXTERNAL_CLAIM"`
	OIDCRoles         map[string]string `name:"oidc-role" help:"Role of who is in a group: GROUP=admin, manager or seller. With any, who is in none of the groups does not get in." mapsep:"," env:"TANDEM_OIDC_ROLES"`

	OIDCProviders string `name:"oidc-providers" help:"JSON file with several providers." placeholder:"FILE" env:"TANDEM_OIDC_PROVIDERS"`
}

// IdentityProvider is one provider of the settings.
type IdentityProvider struct {
	ID            string            `json:"id"`
	Label         string            `json:"label"`
	Issuer        string            `json:"issuer"`
	ClientID      string            `json:"client_id"`
	ClientSecret  string            `json:"client_secret"`
	Scopes        []string          `json:"scopes"`
	GroupsClaim   string            `json:"groups_claim"`
	VerifiedClaim string            `json:"verified_claim"`
	ExternalClaim string            `json:"external_claim"`
	Roles         map[string]string `json:"roles"`
}

// String leaves the secret out.
func (p IdentityProvider) String() string { return p.ID + " " + p.Issuer }

// GoString hides it from %#v.
func (p IdentityProvider) GoString() string { return p.String() }

// Providers are those of the flags and of the file; Check has found them right.
func (c *Identity) Providers() []IdentityProvider {
	all, _ := c.providers()
	return all
}

func (c *Identity) providers() ([]IdentityProvider, []Problem) {
	var all []IdentityProvider
	if c.OIDCProviders != "" {
		text, err := os.ReadFile(c.OIDCProviders)
		if err == nil {
			d := json.NewDecoder(strings.NewReader(string(text)))
			d.DisallowUnknownFields()
			err = d.Decode(&all)
		}
		if err != nil {
			return nil, []Problem{{"config.oidc-providers", c.OIDCProviders}}
		}
	}
	if c.OIDCIssuer != "" || c.OIDCClientID != "" || c.OIDCClientSecret != "" {
		all = append(all, IdentityProvider{Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, ClientSecret: string(c.OIDCClientSecret), Label: c.OIDCLabel,
			Scopes: c.OIDCScopes, GroupsClaim: c.OIDCGroupsClaim, VerifiedClaim: c.OIDCVerifiedClaim, ExternalClaim: c.OIDCExternalClaim, Roles: c.OIDCRoles})
	}
	for i := range all {
		all[i].complete()
	}
	return all, nil
}

// complete fills in what was left out.
func (p *IdentityProvider) complete() {
	host := p.Issuer
	if u, err := url.Parse(p.Issuer); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	set := func(s *string, otherwise string) {
		if *s == "" {
			*s = otherwise
		}
	}
	set(&p.Label, host)
	set(&p.ID, strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(host)), "-"))
	set(&p.GroupsClaim, "groups")
	set(&p.VerifiedClaim, "email_verified")
	if p.Scopes == nil {
		p.Scopes = []string{"profile", "email"}
	}
}

func (c *Identity) check() []Problem {
	all, out := c.providers()
	add := func(bad bool, key, value string) {
		if bad {
			out = append(out, Problem{"config." + key, value})
		}
	}
	ids, issuers := map[string]bool{}, map[string]bool{}
	for _, p := range all {
		u, err := url.Parse(p.Issuer)
		add(err != nil || u.Host == "" || u.RawQuery != "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && oneOf(u.Hostname(), "127.0.0.1", "localhost", "::1")), "oidc-issuer", p.Issuer)
		add(p.ClientID == "", "oidc-client-id", p.Issuer)
		add(p.ID == "" || len(p.ID) > 60 || strings.Trim(p.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || ids[p.ID] || issuers[p.Issuer], "oidc-twice", p.Issuer)
		add(len(p.Label) > 60, "oidc-label", p.Label)
		ids[p.ID], issuers[p.Issuer] = true, true
		for _, group := range slices.Sorted(maps.Keys(p.Roles)) {
			add(!oneOf(p.Roles[group], "admin", "manager", "seller"), "oidc-role", group+"="+p.Roles[group])
		}
	}
	return out
}
