package mailauth

import (
	"context"

	"github.com/emersion/go-sasl"
)

// Mechanism makes a SASL mechanism that signs a mailbox in with a fresh token:
// XOAUTH2 as Exchange Online and Gmail take it. A server that refuses sends its
// reason as a challenge and waits for an empty answer before it says no.
func (s *Source) Mechanism(mailbox string) func(ctx context.Context) (sasl.Client, error) {
	return func(ctx context.Context) (sasl.Client, error) {
		token, err := s.Token(ctx)
		if err != nil {
			return nil, err
		}
		return &xoauth2{mailbox, token, s.Forget}, nil
	}
}

type xoauth2 struct {
	user, token string
	refused     func() // the server does not take the token
}

func (x *xoauth2) Start() (mechanism string, first []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

func (x *xoauth2) Next([]byte) ([]byte, error) {
	x.refused()
	return []byte{}, nil
}
