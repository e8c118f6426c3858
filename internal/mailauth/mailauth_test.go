package mailauth

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// entra is a token endpoint that answers as Entra ID does.
type entra struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []url.Values
	refuse string // body of an error; empty: tokens are given
	life   int    // seconds
}

func newEntra(t *testing.T) *entra {
	t.Helper()
	e := &entra{life: 3599}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		e.asked = append(e.asked, r.PostForm)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if e.refuse != "" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, e.refuse)
			return
		}
		fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":%d,"ext_expires_in":%d,"access_token":"token-%d"`, e.life, e.life, len(e.asked))
		if r.PostForm.Get("grant_type") == "refresh_token" {
			fmt.Fprintf(w, `,"refresh_token":"refresh-%d"`, len(e.asked))
		}
		fmt.Fprint(w, "}")
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *entra) set(do func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	do()
}

func (e *entra) config() Config {
	return Config{TokenURL: e.URL + "/tenant/oauth2/v2.0/token", ClientID: "app-1", Secret: "s3cret~value", Scopes: []string{"https://outlook.office365.com/.default"}}
}

func source(t *testing.T, c Config) *Source {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func token(t *testing.T, s *Source) string {
	t.Helper()
	x, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	e := newEntra(t)
	if got := token(t, source(t, e.config())); got != "token-1" {
		t.Errorf("got %q", got)
	}
	want := url.Values{"grant_type": {"client_credentials"}, "client_id": {"app-1"}, "client_secret": {"s3cret~value"}, "scope": {"https://outlook.office365.com/.default"}}
	if got := e.asked[0]; got.Encode() != want.Encode() {
		t.Errorf("asked with %s, want %s", got.Encode(), want.Encode())
	}
}

func TestTokenIsKeptUntilShortlyBeforeItEnds(t *testing.T) {
	t.Parallel()
	e := newEntra(t)
	var ahead time.Duration
	c := e.config()
	c.Clock = func() time.Time { return time.Now().Add(ahead) }
	s := source(t, c)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if got, err := s.Token(t.Context()); err != nil || got != "token-1" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	all.Wait()
	for _, step := range []struct {
		name   string
		ahead  time.Duration
		refuse string
		want   string
	}{
		{"in good time", 50 * time.Minute, "", "token-1"},
		{"shortly before, the provider is down", 57 * time.Minute, `{"error":"temporarily_unavailable"}`, "token-1"},
		{"shortly before", 57 * time.Minute, "", "token-3"},
		{"of the new one", 80 * time.Minute, "", "token-4"}, // asked for at real time: it ends in an hour
	} {
		ahead = step.ahead
		e.set(func() { e.refuse = step.refuse })
		if got := token(t, s); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
	ahead = 0
	if s.Forget(); token(t, s) != "token-5" {
		t.Error("a forgotten token was given again")
	}
}

func TestRefreshTokenIsReplaced(t *testing.T) {
	t.Parallel()
	e := newEntra(t)
	c := e.config()
	c.RefreshToken = "refresh-0"
	s := source(t, c)
	token(t, s)
	s.Forget()
	token(t, s)
	for i, want := range []string{"refresh-0", "refresh-1"} {
		if got := e.asked[i]; got.Get("refresh_token") != want || got.Get("grant_type") != "refresh_token" {
			t.Errorf("asked %d with %v, want %s", i, got, want)
		}
	}
}

func TestCertificate(t *testing.T) {
	t.Parallel()
	e := newEntra(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Tandem"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	for kind, data := range map[string][]byte{"CERTIFICATE": der, "PRIVATE KEY": private} {
		if err := pem.Encode(&file, &pem.Block{Type: kind, Bytes: data}); err != nil {
			t.Fatal(err)
		}
	}
	c := e.config()
	c.Secret, c.Certificate = "", file.Bytes()
	token(t, source(t, c))
	got := e.asked[0]
	if got.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || got.Has("client_secret") {
		t.Errorf("asked with %v", got)
	}
	parts := strings.Split(got.Get("client_assertion"), ".")
	if len(parts) != 3 {
		t.Fatalf("assertion %q", got.Get("client_assertion"))
	}
	sig, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, sum[:], sig, nil); err != nil {
		t.Error(err)
	}
	var head, claims map[string]any
	for i, into := range []*map[string]any{&head, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatal(err)
		}
	}
	thumb := sha256.Sum256(der)
	if head["alg"] != "PS256" || head["x5t#S256"] != base64.RawURLEncoding.EncodeToString(thumb[:]) {
		t.Errorf("head %v", head)
	}
	if claims["aud"] != c.TokenURL || claims["iss"] != "app-1" || claims["sub"] != "app-1" || claims["jti"] == "" {
		t.Errorf("claims %v", claims)
	}
}

func TestErrorsAreInWordsAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	answer := func(code, kind string) string {
		return `{"error":"` + kind + `","error_description":"` + code + `: It went wrong for user somebody@acme.example. Trace ID: 1f"}`
	}
	for _, c := range []struct{ name, refuse, want string }{
		{"wrong secret", answer("AADSTS7000215", "invalid_client"), "its value is needed"},
		{"expired secret", answer("AADSTS7000222", "invalid_client"), "has expired"},
		{"unknown application", answer("AADSTS700016", "unauthorized_client"), "no application"},
		{"scope", answer("AADSTS1002012", "invalid_scope"), ".default"},
		{"another reason", answer("AADSTS50000", "server_error"), "AADSTS50000"},
		{"another provider", `{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`, "expired or was revoked"},
		{"no JSON", "<html>", "status 401"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEntra(t)
			e.refuse = c.refuse
			_, err := source(t, e.config()).Token(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q in it", err, c.want)
			}
			for _, secret := range []string{"s3cret", "somebody"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q is in %v", secret, err)
				}
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		e := newEntra(t)
		c := e.config()
		e.Close()
		if _, err := source(t, c).Token(context.Background()); err == nil || strings.Contains(err.Error(), "tenant") {
			t.Errorf("got %v", err)
		}
	})
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{
		"no address": {ClientID: "a", Secret: "b"}, "no client": {TokenURL: "https://x", Secret: "b"},
		"no secret": {TokenURL: "https://x", ClientID: "a"}, "no certificate": {TokenURL: "https://x", ClientID: "a", Certificate: []byte("x")},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
