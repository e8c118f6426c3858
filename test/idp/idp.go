// Package idp is a real OpenID Connect provider on this machine, for tests: the
// example server of zitadel/oidc with people of our own, their groups, and a
// real page to log in at. The product does not depend on it.
package idp

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Person has an account at the provider.
type Person struct {
	Subject, Login, Password, Name, Email string
	Verified                              bool
	Groups                                []string
}

// Server is a provider that answers.
type Server struct {
	Issuer       string
	ClientID     string
	ClientSecret string

	people map[string]*Person
	http   *http.Server

	mu   sync.Mutex
	back []string
}

// Start starts a provider on an address of the loopback interface ("" for any
// free one) that sends browsers back to the given addresses.
func Start(address string, people []*Person, back ...string) (*Server, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{Issuer: "http://" + ln.Addr().String(), ClientID: "tandem", ClientSecret: "client-secret", people: map[string]*Person{}, back: back}
	users := users{}
	for _, p := range people {
		s.people[p.Subject] = p
		users[p.Subject] = &storage.User{ID: p.Subject, Username: p.Login, Password: p.Password, FirstName: p.Name, Email: p.Email, EmailVerified: p.Verified}
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	before := slog.Default()
	handler := exampleop.SetupServer(s.Issuer, keeper{storage.NewStorage(users), s}, quiet, false,
		op.WithLogger(quiet), op.WithAllowInsecure())
	slog.SetDefault(before) // the example sets its own for the whole program
	s.http = &http.Server{Handler: handler}
	go func() { _ = s.http.Serve(ln) }()
	return s, nil
}

// Back adds an address browsers may be sent back to.
func (s *Server) Back(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.back = append(s.back, address)
}

// Change changes what the provider says of somebody.
func (s *Server) Change(subject string, to func(*Person)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to(s.people[subject])
}

// Close stops it.
func (s *Server) Close() error { return s.http.Close() }

type users map[string]*storage.User

func (u users) GetUserByID(id string) *storage.User { return u[id] }
func (u users) GetUserByUsername(name string) *storage.User {
	for _, x := range u {
		if x.Username == name {
			return x
		}
	}
	return nil
}
func (u users) ExampleClientID() string { return "service" }

// keeper adds the groups, which the example does not know.
type keeper struct {
	*storage.Storage
	s *Server
}

// The example keeps its clients in one map of the whole program; ours differ
// from server to server.
func (k keeper) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != k.s.ClientID {
		return nil, errors.New("no such client")
	}
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return storage.WebClient(id, k.s.ClientSecret, slices.Clone(k.s.back)...), nil
}

func (k keeper) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != k.s.ClientID || secret != k.s.ClientSecret {
		return errors.New("not the client's secret")
	}
	return nil
}

func (k keeper) SetUserinfoFromScopes(ctx context.Context, info *oidc.UserInfo, userID, clientID string, scopes []string) error {
	if err := k.Storage.SetUserinfoFromScopes(ctx, info, userID, clientID, scopes); err != nil {
		return err
	}
	k.add(info, userID)
	return nil
}

func (k keeper) SetUserinfoFromRequest(ctx context.Context, info *oidc.UserInfo, token op.IDTokenRequest, scopes []string) error {
	if err := k.Storage.SetUserinfoFromRequest(ctx, info, token, scopes); err != nil {
		return err
	}
	k.add(info, token.GetSubject())
	return nil
}

func (k keeper) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, tokenID, subject, origin string) error {
	if err := k.Storage.SetUserinfoFromToken(ctx, info, tokenID, subject, origin); err != nil {
		return err
	}
	k.add(info, subject)
	return nil
}

func (k keeper) add(info *oidc.UserInfo, subject string) {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	p := k.s.people[subject]
	if p == nil {
		return
	}
	if info.Email != "" {
		info.Email, info.EmailVerified = p.Email, oidc.Bool(p.Verified)
	}
	if p.Groups != nil {
		info.AppendClaims("groups", p.Groups)
	}
}
