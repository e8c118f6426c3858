package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tandem/internal/app"
)

// Setting is an identity provider as the operator set it up.
type Setting struct {
	app.IdentityProvider
	ClientID     string
	ClientSecret string
	Scopes       []string // besides openid
	// Names of claims: of the groups, of "the address is verified", and of
	// what the directory calls somebody (empty: none).
	GroupsClaim, VerifiedClaim, ExternalClaim string
}

const (
	patience = 10 * time.Second // with one answer of a provider
	largest  = 4 << 20          // bytes of one
)

// Providers talks to identity providers. It implements app.Providers.
type Providers struct {
	settings []Setting
	back     string // where they send browsers back to
	client   *http.Client

	mu    sync.Mutex
	found map[string]*oidc.Provider // by id, once they have answered
}

// CallbackPath is where providers send browsers back to.
const CallbackPath = "/sign-in/callback"

// NewProviders makes it for a server that people reach under an address. No
// provider is asked before somebody wants to sign in with it: the server
// starts, and everybody else signs in, while one is away.
func NewProviders(base string, settings []Setting) *Providers {
	return &Providers{settings: settings, back: strings.TrimRight(base, "/") + CallbackPath, found: map[string]*oidc.Provider{},
		client: &http.Client{Timeout: patience, Transport: bounded{http.DefaultTransport}}}
}

// Providers implements app.Providers.
func (p *Providers) Providers() []app.IdentityProvider {
	var out []app.IdentityProvider
	for _, s := range p.settings {
		out = append(out, s.IdentityProvider)
	}
	return out
}

func (p *Providers) setting(id string) (Setting, error) {
	if i := slices.IndexFunc(p.settings, func(s Setting) bool { return s.ID == id }); i >= 0 {
		return p.settings[i], nil
	}
	return Setting{}, errors.New("no such identity provider")
}

// discover asks a provider where things are, once.
func (p *Providers) discover(ctx context.Context, s Setting) (*oidc.Provider, error) {
	p.mu.Lock()
	known := p.found[s.ID]
	p.mu.Unlock()
	if known != nil {
		return known, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), s.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discover an identity provider: %w", sober(err))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found[s.ID] = found
	return found, nil
}

func (p *Providers) oauth(s Setting, found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: s.ClientID, ClientSecret: s.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.back,
		Scopes: append([]string{oidc.ScopeOpenID}, s.Scopes...)}
}

// Address implements app.Providers.
func (p *Providers) Address(ctx context.Context, id string, t app.Trip) (string, error) {
	s, err := p.setting(id)
	if err != nil {
		return "", err
	}
	found, err := p.discover(ctx, s)
	if err != nil {
		return "", err
	}
	return p.oauth(s, found).AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)), nil
}

// Exchange implements app.Providers.
func (p *Providers) Exchange(ctx context.Context, id string, t app.Trip, code string) (app.Claims, error) {
	s, err := p.setting(id)
	if err != nil {
		return app.Claims{}, err
	}
	found, err := p.discover(ctx, s)
	if err != nil {
		return app.Claims{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(s, found).Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return app.Claims{}, fmt.Errorf("exchange a code: %w", sober(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return app.Claims{}, errors.New("the provider sent no ID token")
	}
	idToken, err := found.VerifierContext(ctx, &oidc.Config{ClientID: s.ClientID}).Verify(ctx, raw)
	if err != nil {
		return app.Claims{}, fmt.Errorf("verify an ID token: %w", sober(err))
	}
	if idToken.Nonce != t.Nonce {
		return app.Claims{}, errors.New("the ID token is for another visit")
	}
	claims := map[string]any{}
	if err := idToken.Claims(&claims); err != nil {
		return app.Claims{}, errors.New("the ID token's claims cannot be read")
	}
	if err := addUserInfo(ctx, found, token, idToken.Subject, claims, s); err != nil {
		return app.Claims{}, err
	}
	return s.read(idToken.Subject, claims), nil
}

// addUserInfo asks for what the ID token does not hold, where the provider
// has an address for that: many put groups and address only there.
func addUserInfo(ctx context.Context, found *oidc.Provider, token *oauth2.Token, subject string, claims map[string]any, s Setting) error {
	_, email := claims["email"]
	_, groups := claims[s.GroupsClaim]
	if found.UserInfoEndpoint() == "" || email && groups {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("ask for user info: %w", sober(err))
	}
	if info.Subject != subject {
		return errors.New("the user info is somebody else's")
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return errors.New("the user info cannot be read")
	}
	for name, value := range more {
		if _, there := claims[name]; !there {
			claims[name] = value
		}
	}
	return nil
}

// read takes from a provider's claims what this server knows what to do with.
func (s Setting) read(subject string, claims map[string]any) app.Claims {
	text := func(name string) string {
		v, _ := claims[name].(string)
		return v
	}
	c := app.Claims{Subject: subject, Email: text("email"), Verified: isTrue(claims[s.VerifiedClaim]), Name: text("name"), Groups: list(claims[s.GroupsClaim])}
	if s.ExternalClaim != "" {
		c.External = text(s.ExternalClaim)
	}
	// Entra ID names who has too many groups for a token in this way.
	if names, ok := claims["_claim_names"].(map[string]any); ok && names[s.GroupsClaim] != nil {
		c.Overflow = true
	}
	if claims["hasgroups"] != nil {
		c.Overflow = true
	}
	return c
}

// isTrue reads what providers send for yes.
func isTrue(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	case float64:
		return v == 1
	}
	return false
}

// list reads groups: a list of names, one name, or a map whose keys are the
// names (as Zitadel sends roles).
func list(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			if name, ok := x.(string); ok {
				out = append(out, name)
			}
		}
		return out
	case map[string]any:
		var out []string
		for name := range v {
			out = append(out, name)
		}
		slices.Sort(out)
		return out
	}
	return nil
}

// sober keeps of an error what a log may hold. A provider's answer may repeat
// codes, tokens and names.
func sober(err error) error {
	var answer *oauth2.RetrieveError
	var address *url.Error
	switch {
	case errors.As(err, &answer):
		code := answer.ErrorCode
		if len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
			code = "an unknown code"
		}
		return fmt.Errorf("it answered %d, %s", answer.Response.StatusCode, code)
	case errors.As(err, &address):
		return address.Err
	case errors.As(err, new(*oidc.TokenExpiredError)):
		return errors.New("the token has expired")
	}
	words := err.Error()
	for _, known := range []string{"issuer did not match", "issued by a different provider", "failed to verify signature", "expected audience", "malformed jwt", "unsupported algorithm", "id token signed with unsupported algorithm"} {
		if strings.Contains(words, known) {
			return errors.New(known)
		}
	}
	return errors.New("it was not understood")
}

// bounded keeps answers of a provider to a size.
type bounded struct{ next http.RoundTripper }

// RoundTrip cuts an answer that is too long; reading it then fails.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = http.MaxBytesReader(nil, res.Body, largest)
	}
	return res, err
}
