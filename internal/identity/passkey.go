package identity

import (
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// Passkeys checks passkeys of one server. It implements app.Passkeys.
type Passkeys struct{ rp *webauthn.WebAuthn }

// NewPasskeys makes it for the address under which people reach the server:
// keys belong to its host name, and are good at that address only.
func NewPasskeys(base string) (*Passkeys, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	rp, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "Tandem", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation})
	return &Passkeys{rp}, err
}

// HasName reports whether an address has a host name: browsers make passkeys
// for names only, not for the numbers of a machine.
func HasName(base string) bool {
	u, err := url.Parse(base)
	return err == nil && u.Hostname() != "" && net.ParseIP(u.Hostname()) == nil
}

// owner is a member as the library wants to know them. The handle an
// authenticator keeps is the member's id: random, and about nobody.
type owner struct {
	member app.Member
	keys   []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return []byte(o.member.ID) }
func (o owner) WebAuthnName() string                       { return o.member.Email }
func (o owner) WebAuthnDisplayName() string                { return o.member.Name }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

func credential(p app.Passkey) webauthn.Credential {
	c := webauthn.Credential{ID: p.ID, PublicKey: p.PublicKey, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(p.Flags)),
		Authenticator: webauthn.Authenticator{SignCount: p.Count}}
	for t := range strings.SplitSeq(p.Transports, ",") {
		if t != "" {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
		}
	}
	return c
}

func ownerOf(m app.Member, keys []app.Passkey) owner {
	o := owner{member: m}
	for _, k := range keys {
		o.keys = append(o.keys, credential(k))
	}
	return o
}

// BeginRegister implements app.Passkeys. The key must be one that signs in
// without an address being typed, and asks for a finger, a face or a PIN.
func (p *Passkeys) BeginRegister(m app.Member, known []app.Passkey) (options, state []byte, err error) {
	o := ownerOf(m, known)
	made, session, err := p.rp.BeginRegistration(o,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired}),
		webauthn.WithExclusions(webauthn.Credentials(o.keys).CredentialDescriptors()))
	if err != nil {
		return nil, nil, err
	}
	return both(made, session)
}

func both(options, session any) ([]byte, []byte, error) {
	o, err := json.Marshal(options)
	if err != nil {
		return nil, nil, err
	}
	s, err := json.Marshal(session)
	return o, s, err
}

// FinishRegister implements app.Passkeys.
func (p *Passkeys) FinishRegister(m app.Member, known []app.Passkey, state, answer []byte) (app.Passkey, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return app.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return app.Passkey{}, detailed(err)
	}
	c, err := p.rp.CreateCredential(ownerOf(m, known), session, parsed)
	if err != nil {
		return app.Passkey{}, detailed(err)
	}
	var transports []string
	for _, t := range c.Transport {
		if len(t) < 20 && !strings.Contains(string(t), ",") && len(transports) < 10 {
			transports = append(transports, string(t))
		}
	}
	return app.Passkey{ID: c.ID, PublicKey: c.PublicKey, Count: c.Authenticator.SignCount, Flags: byte(c.Flags.ProtocolValue()),
		Transports: strings.Join(transports, ",")}, nil
}

// BeginSignIn implements app.Passkeys.
func (p *Passkeys) BeginSignIn() (options, state []byte, err error) {
	asked, session, err := p.rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, err
	}
	return both(asked, session)
}

// FinishSignIn implements app.Passkeys.
func (p *Passkeys) FinishSignIn(state, answer []byte, find func(id []byte, member plan.ID) (app.Passkey, error)) (app.Passkey, uint32, bool, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return app.Passkey{}, 0, false, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return app.Passkey{}, 0, false, detailed(err)
	}
	var key app.Passkey
	_, c, err := p.rp.ValidatePasskeyLogin(func(id, handle []byte) (webauthn.User, error) {
		if key, err = find(id, plan.ID(handle)); err != nil {
			return nil, err
		}
		return ownerOf(app.Member{ID: key.Member}, []app.Passkey{key}), nil
	}, session, parsed)
	if err != nil {
		return app.Passkey{}, 0, false, detailed(err)
	}
	return key, c.Authenticator.SignCount, c.Authenticator.CloneWarning, nil
}

// detailed says what the library found, which its errors' text leaves out.
// It names no person.
func detailed(err error) error {
	var e *protocol.Error
	if errors.As(err, &e) {
		return errors.New(e.Type + ": " + e.Details)
	}
	return errors.New("webauthn refused")
}
