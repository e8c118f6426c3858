package app

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Passkeys checks what authenticators say. Options and state are JSON; a state
// is kept by the service between begin and finish and holds nothing secret. An
// error of finish says that the answer is not right.
type Passkeys interface {
	// BeginRegister asks a browser to make a key for a member who has some.
	BeginRegister(m Member, known []Passkey) (options, state []byte, err error)
	// FinishRegister returns the new key: id, public key, count, flags,
	// transports.
	FinishRegister(m Member, known []Passkey, state, answer []byte) (Passkey, error)
	// BeginSignIn asks for any key of this server.
	BeginSignIn() (options, state []byte, err error)
	// FinishSignIn checks the answer against the key that find returns for the
	// id and the member it names; count is what the authenticator says now,
	// and cloned that it did not count on.
	FinishSignIn(state, answer []byte, find func(id []byte, member plan.ID) (Passkey, error)) (key Passkey, count uint32, cloned bool, err error)
}

const (
	ceremonyLife     = 5 * time.Minute
	ceremonyRegister = "passkey-register"
	ceremonySignIn   = "passkey-sign-in"
	passkeysMost     = 20 // of one member
	provedLately     = time.Hour
)

// PasskeysOn reports whether this server takes passkeys.
func (s *Service) PasskeysOn() bool { return s.passkeys != nil }

// begin keeps a ceremony's data for a browser and returns what it keeps.
func (s *Service) begin(ctx context.Context, kind string, data []byte, life time.Duration) (Secret, error) {
	step := s.newSecret()
	return step, s.logins.SaveCeremony(ctx, Ceremony{Hash: step.Hash(), Kind: kind, Data: string(data), Expires: s.clock().Add(life)})
}

// taken is what a browser is in the middle of, which thereby is over.
func (s *Service) taken(ctx context.Context, step Secret, kind string) (Ceremony, error) {
	c, err := s.logins.TakeCeremony(ctx, step.Hash(), kind, s.clock())
	if errors.Is(err, ErrNotFound) {
		return c, fault.New(fault.Refused, "identity.fault.step").Fix("identity.fix.again")
	}
	return c, err
}

// ProofStale reports that the caller signed in too long ago to add a way into
// their account.
func (s *Service) ProofStale(c Caller) bool { return s.clock().Sub(c.Session.Proved) > provedLately }

// freshMember is the caller as a member who lately showed that they are it:
// whoever finds a browser open must not make themselves a way in that lasts.
func (s *Service) freshMember(c Caller) (*Member, error) {
	if c.Member == nil {
		return nil, missing()
	}
	if s.ProofStale(c) {
		return nil, fault.New(fault.Refused, "identity.fault.stale").Fix("identity.fix.sign-in-again")
	}
	return c.Member, nil
}

// BeginPasskey asks the caller's browser to make a passkey. Members who signed
// in within the last hour. The browser keeps the secret until FinishPasskey.
func (s *Service) BeginPasskey(ctx context.Context, c Caller) (Secret, []byte, error) {
	m, err := s.freshMember(c)
	if err != nil {
		return "", nil, err
	}
	if !s.PasskeysOn() {
		return "", nil, missing()
	}
	known, err := s.logins.Passkeys(ctx, m.ID)
	if err != nil {
		return "", nil, err
	}
	if len(known) >= passkeysMost {
		return "", nil, fault.New(fault.Refused, "identity.fault.passkeys", "N", passkeysMost)
	}
	options, state, err := s.passkeys.BeginRegister(*m, known)
	if err != nil {
		return "", nil, err
	}
	step, err := s.begin(ctx, ceremonyRegister, state, ceremonyLife)
	return step, options, err
}

// FinishPasskey stores the passkey the browser made, under a name. The same
// rights as BeginPasskey.
func (s *Service) FinishPasskey(ctx context.Context, c Caller, step Secret, name string, answer []byte) error {
	m, err := s.freshMember(c)
	if err != nil {
		return err
	}
	if !s.PasskeysOn() {
		return missing()
	}
	ceremony, err := s.taken(ctx, step, ceremonyRegister)
	if err != nil {
		return err
	}
	known, err := s.logins.Passkeys(ctx, m.ID)
	if err != nil {
		return err
	}
	key, err := s.passkeys.FinishRegister(*m, known, []byte(ceremony.Data), answer)
	if err != nil {
		return fault.New(fault.Invalid, "identity.fault.passkey").Wrap(err)
	}
	key.Member, key.Created = m.ID, s.clock()
	if key.Name, err = passkeyName(name, c.Agent); err != nil {
		return err
	}
	err = s.logins.SavePasskey(ctx, key)
	if errors.Is(err, ErrTaken) {
		return fault.New(fault.Refused, "identity.fault.passkey.there")
	}
	if err != nil {
		return err
	}
	return s.post(ctx, Letter{Kind: LetterNewWay, Member: m.ID})
}

func passkeyName(name, otherwise string) (string, error) {
	if name = strings.TrimSpace(name); name == "" {
		name = otherwise
	}
	if name == "" || len(name) > 200 {
		return "", fault.New(fault.Invalid, "identity.fault.passkey.name")
	}
	return name, nil
}

// BeginPasskeySignIn asks a browser for any passkey of this server.
func (s *Service) BeginPasskeySignIn(ctx context.Context) (Secret, []byte, error) {
	if !s.PasskeysOn() {
		return "", nil, missing()
	}
	options, state, err := s.passkeys.BeginSignIn()
	if err != nil {
		return "", nil, err
	}
	step, err := s.begin(ctx, ceremonySignIn, state, ceremonyLife)
	return step, options, err
}

// PasskeySignIn signs the member in whose passkey answered. A key that counted
// back is refused: there may be two of it. Everything that is wrong is one
// fault, which does not tell what.
func (s *Service) PasskeySignIn(ctx context.Context, c Caller, step Secret, answer []byte) (Secret, Caller, error) {
	if !s.PasskeysOn() {
		return "", Caller{}, missing()
	}
	ceremony, err := s.taken(ctx, step, ceremonySignIn)
	if err != nil {
		return "", Caller{}, err
	}
	wrong := func(why error) error {
		return fault.New(fault.Refused, "identity.fault.passkey.unknown").Fix("identity.fix.by-mail").Wrap(why)
	}
	key, count, cloned, err := s.passkeys.FinishSignIn([]byte(ceremony.Data), answer, func(id []byte, member plan.ID) (Passkey, error) {
		key, err := s.logins.Passkey(ctx, id)
		if err == nil && key.Member != member {
			err = ErrNotFound
		}
		return key, err
	})
	if err != nil {
		return "", Caller{}, wrong(err)
	}
	if cloned {
		slog.WarnContext(ctx, "a passkey counted back: there may be a copy of it", "passkey", base64.RawURLEncoding.EncodeToString(key.ID[:min(6, len(key.ID))]))
		return "", Caller{}, wrong(errors.New("the counter went back"))
	}
	m, err := s.directory.Member(ctx, key.Member)
	if err == nil && !m.Disabled.IsZero() {
		err = errors.New("the account is disabled")
	}
	if err != nil {
		return "", Caller{}, wrong(err)
	}
	err = s.logins.UsePasskey(ctx, key.ID, key.Count, count, s.clock())
	if errors.Is(err, ErrStale) { // used at the same moment, or removed
		return "", Caller{}, wrong(err)
	}
	if err != nil {
		return "", Caller{}, err
	}
	return s.signedIn(ctx, c, m, WayPasskey)
}

// MyPasskeys lists the caller's; members.
func (s *Service) MyPasskeys(ctx context.Context, c Caller) ([]Passkey, error) {
	if c.Member == nil {
		return nil, missing()
	}
	return s.logins.Passkeys(ctx, c.Member.ID)
}

// RenamePasskey and RemovePasskey change one of the caller's own.
func (s *Service) RenamePasskey(ctx context.Context, c Caller, id []byte, name string) error {
	if c.Member == nil {
		return missing()
	}
	name, err := passkeyName(name, "")
	if err != nil {
		return err
	}
	return missingIfNone(s.logins.RenamePasskey(ctx, c.Member.ID, id, name))
}

// RemovePasskey takes one of the caller's passkeys away: it signs nobody in
// any more.
func (s *Service) RemovePasskey(ctx context.Context, c Caller, id []byte) error {
	if c.Member == nil {
		return missing()
	}
	return missingIfNone(s.logins.DeletePasskey(ctx, c.Member.ID, id))
}

func missingIfNone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return missing()
	}
	return err
}

// composeNewWay tells a member that there is a new way into their account.
func (s *Service) composeNewWay(ctx context.Context, l Letter) (Mail, error) {
	m, err := s.directory.Member(ctx, l.Member)
	if errors.Is(err, ErrNotFound) || err == nil && !m.Disabled.IsZero() {
		return Mail{}, errNothingToSay
	}
	if err != nil {
		return Mail{}, err
	}
	w, err := s.workspace(ctx, m.Workspace)
	if err != nil {
		return Mail{}, err
	}
	return Mail{
		To:      Reader{Name: m.Name, Email: m.Email, Language: m.Language, Zone: w.zone()},
		Subject: Said("identity.newway.subject"),
		Lead:    []Say{Said("identity.newway.lead")},
		Button:  &MailLink{Label: Said("identity.newway.go"), Path: "/account"},
		After:   []Say{Said("identity.newway.notyou")},
	}, nil
}
