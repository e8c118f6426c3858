// Package mailauth gets the access tokens with which mail is sent and fetched
// where passwords are no longer taken: Exchange Online, Gmail. One token serves
// SMTP and IMAP.
//
// An application shows a secret, a certificate (a signed assertion, RFC 7523),
// or a refresh token somebody gave it. Tokens are kept in memory only, until
// shortly before they end.
package mailauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Config says whom to ask for a token, and with what.
type Config struct {
	TokenURL string // e.g. "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"
	ClientID string
	Scopes   []string
	// One of these:
	Secret       string // of the application
	Certificate  []byte // of the application, with its private key, as PEM
	RefreshToken string // of a mailbox; with Secret where the provider wants both

	Client *http.Client     // http.DefaultTransport and a time limit if nil
	Clock  func() time.Time // time.Now if nil
}

const (
	patience = 20 * time.Second // with the provider
	early    = 5 * time.Minute  // before a token ends, another is got
	lastCall = 30 * time.Second // a token that ends sooner is no longer used
)

// Source gives tokens. Safe for concurrent use.
type Source struct {
	c      Config
	signer *signer // nil: no certificate

	mu      sync.Mutex
	token   *oauth2.Token
	refresh string // the newest; some providers give a new one each time
}

// New checks a configuration. It asks nobody yet.
func New(c Config) (*Source, error) {
	u, err := url.Parse(c.TokenURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("mail oauth: the token URL is no web address")
	}
	if c.ClientID == "" {
		return nil, errors.New("mail oauth: no client id")
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: patience}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	s := &Source{c: c, refresh: c.RefreshToken}
	switch {
	case len(c.Certificate) > 0:
		if s.signer, err = newSigner(c.Certificate); err != nil {
			return nil, fmt.Errorf("mail oauth: certificate: %w", err)
		}
	case c.Secret == "" && c.RefreshToken == "":
		return nil, errors.New("mail oauth: neither a secret nor a certificate nor a refresh token")
	}
	return s, nil
}

// Token is a valid access token. If none can be got the error says why, in
// words for the operator and without secrets.
func (s *Source) Token(ctx context.Context) (string, error) {
	s.mu.Lock() // who else waits gets the same token
	defer s.mu.Unlock()
	left := time.Duration(0)
	if s.token != nil {
		left = s.token.Expiry.Sub(s.c.Clock())
	}
	if left > early {
		return s.token.AccessToken, nil
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, oauth2.HTTPClient, s.c.Client), patience)
	defer cancel()
	t, err := s.get(ctx)
	switch {
	case err == nil:
	case left > lastCall: // it still works; perhaps the provider does again next time
		return s.token.AccessToken, nil
	default:
		return "", explain(err)
	}
	if t.Expiry.IsZero() {
		t.Expiry = s.c.Clock().Add(early) // unsaid: ask again next time
	}
	s.token = t
	if t.RefreshToken != "" {
		s.refresh = t.RefreshToken
	}
	return t.AccessToken, nil
}

// Forget drops the token: the mail server did not take it. The next one may
// carry what an administrator has granted meanwhile.
func (s *Source) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = nil
}

func (s *Source) get(ctx context.Context) (*oauth2.Token, error) {
	more := url.Values{}
	if s.signer != nil {
		assertion, err := s.signer.assertion(s.c.ClientID, s.c.TokenURL, s.c.Clock())
		if err != nil {
			return nil, err
		}
		more.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		more.Set("client_assertion", assertion)
	}
	if s.refresh == "" {
		c := clientcredentials.Config{ClientID: s.c.ClientID, ClientSecret: s.c.Secret, TokenURL: s.c.TokenURL, Scopes: s.c.Scopes,
			EndpointParams: more, AuthStyle: oauth2.AuthStyleInParams}
		return c.Token(ctx)
	}
	c := oauth2.Config{ClientID: s.c.ClientID, ClientSecret: s.c.Secret, Scopes: s.c.Scopes,
		Endpoint: oauth2.Endpoint{TokenURL: s.c.TokenURL, AuthStyle: oauth2.AuthStyleInParams}}
	return c.TokenSource(ctx, &oauth2.Token{RefreshToken: s.refresh}).Token()
}

// known are the reasons of Entra ID an operator can do something about.
var known = map[string]string{
	"AADSTS7000215": "the client secret is wrong: its value is needed, not its id",
	"AADSTS7000222": "the client secret has expired: make a new one",
	"AADSTS700016":  "there is no application with this client id in the tenant of the token URL",
	"AADSTS90002":   "there is no such tenant: check the token URL",
	"AADSTS900023":  "there is no such tenant: check the token URL",
	"AADSTS700027":  "the certificate is not the one uploaded for the application, or it has expired",
	"AADSTS70011":   "the scope is not valid: for Exchange Online it is https://outlook.office365.com/.default",
	"AADSTS1002012": "the scope is not valid: for Exchange Online it is https://outlook.office365.com/.default",
	"AADSTS65001":   "an administrator has not consented to the application's permissions yet",
	"AADSTS700082":  "the refresh token has expired: sign in once more to get a new one",
	"AADSTS50173":   "the refresh token was revoked: sign in once more to get a new one",
}

var reason = regexp.MustCompile(`AADSTS\d+`)

// explain says in words why there is no token.
func explain(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the address
		}
		return fmt.Errorf("mail oauth: the provider cannot be asked for a token: %w", err)
	}
	code := reason.FindString(refused.ErrorDescription)
	switch words, ok := known[code]; {
	case ok:
		return fmt.Errorf("mail oauth: the provider gives no token: %s (%s)", words, code)
	case code != "":
		return fmt.Errorf("mail oauth: the provider gives no token: %s (%s)", refused.ErrorCode, code)
	case refused.ErrorCode == "invalid_client":
		return errors.New("mail oauth: the provider gives no token: client id or secret are wrong (invalid_client)")
	case refused.ErrorCode == "invalid_grant":
		return errors.New("mail oauth: the provider gives no token: the refresh token has expired or was revoked (invalid_grant)")
	case refused.ErrorCode != "":
		return fmt.Errorf("mail oauth: the provider gives no token: %q", refused.ErrorCode)
	}
	return fmt.Errorf("mail oauth: the provider gives no token: status %d", refused.Response.StatusCode)
}
