package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"io"
	"strings"

	"tandem/internal/plan"
)

// Purpose is what an address of this server is for.
type Purpose string

const (
	ForReply  Purpose = "reply"  // answers to a letter: reply+<token>@…
	ForBounce Purpose = "bounce" // sender on the envelope of a letter: bounce+<token>@…
	ForPlan   Purpose = "plan"   // a plan's own address, to be invited to appointments: plan+<token>@…
)

var purposes = []Purpose{ForReply, ForBounce, ForPlan}

// Addressed is what an address of this server leads to: a letter, or for
// ForPlan a plan. That it reads well proves that this server made it; not that
// there still is such a letter, nor who uses it.
type Addressed struct {
	Purpose Purpose
	ID      plan.ID
}

const (
	idBytes  = 12 // of ids as plan.NewID makes them
	macBytes = 15 // 120 bits: the whole still fits the 64 octets before the @
)

var tokens = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// secretAddress names the key that signs addresses.
const secretAddress = "address"

// ReplyAddress is where the answer to a letter goes; empty if this server
// receives no mail.
func (s *Service) ReplyAddress(ctx context.Context, letter plan.ID) (string, error) {
	return s.address(ctx, Addressed{ForReply, letter})
}

// BounceAddress is the envelope's sender of a letter; empty if this server
// receives no mail.
func (s *Service) BounceAddress(ctx context.Context, letter plan.ID) (string, error) {
	return s.address(ctx, Addressed{ForBounce, letter})
}

// PlanAddress is what one invites to an appointment to make it the plan's
// check-in; empty if this server receives no mail.
func (s *Service) PlanAddress(ctx context.Context, planID plan.ID) (string, error) {
	return s.address(ctx, Addressed{ForPlan, planID})
}

func (s *Service) address(ctx context.Context, a Addressed) (string, error) {
	id, err := hex.DecodeString(string(a.ID))
	if s.inbox.Store == nil || s.inbox.Address == "" || err != nil || len(id) != idBytes {
		return "", nil //nolint:nilerr // an id that somebody chose has no address
	}
	mac, err := s.addressMAC(ctx, a)
	if err != nil {
		return "", err
	}
	token := tokens.EncodeToString(append(id, mac...))
	local, domain, _ := strings.Cut(s.inbox.Address, "@")
	if local == "" {
		return string(a.Purpose) + "+" + token + "@" + domain, nil
	}
	return local + "+" + string(a.Purpose) + "-" + token + "@" + domain, nil
}

func (s *Service) addressMAC(ctx context.Context, a Addressed) ([]byte, error) {
	key, err := s.secret(ctx, secretAddress)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte("tandem/address/1\x00" + string(a.Purpose) + "\x00" + string(a.ID)))
	return h.Sum(nil)[:macBytes], nil
}

// ResolveAddress reads an address of this server. ErrNotFound if this server
// did not make it.
func (s *Service) ResolveAddress(ctx context.Context, address string) (Addressed, error) {
	if s.inbox.Store == nil || len(address) > 320 {
		return Addressed{}, ErrNotFound
	}
	address = strings.ToLower(strings.TrimSpace(address))
	ownLocal, ownDomain, _ := strings.Cut(strings.ToLower(s.inbox.Address), "@")
	local, domain, _ := strings.Cut(address, "@")
	if domain != ownDomain || ownDomain == "" {
		return Addressed{}, ErrNotFound
	}
	between := "+"
	if ownLocal != "" {
		rest, ok := strings.CutPrefix(local, ownLocal+"+")
		if !ok {
			return Addressed{}, ErrNotFound
		}
		local, between = rest, "-"
	}
	purpose, token, _ := strings.Cut(local, between)
	b, err := tokens.DecodeString(token)
	if err != nil || len(b) != idBytes+macBytes {
		return Addressed{}, ErrNotFound
	}
	for _, p := range purposes {
		if string(p) != purpose {
			continue
		}
		a := Addressed{p, plan.ID(hex.EncodeToString(b[:idBytes]))}
		mac, err := s.addressMAC(ctx, a)
		if err != nil {
			return Addressed{}, err
		}
		if hmac.Equal(mac, b[idBytes:]) {
			return a, nil
		}
	}
	return Addressed{}, ErrNotFound
}

// secret is a key of this server: 256 random bits, made when first asked for
// and the same on every machine from then on.
func (s *Service) secret(ctx context.Context, name string) ([]byte, error) {
	if k, ok := s.secrets.Load(name); ok {
		return k.([]byte), nil
	}
	var fresh [32]byte
	if _, err := io.ReadFull(s.random, fresh[:]); err != nil {
		return nil, err
	}
	key, err := s.received.Secret(ctx, name, fresh[:])
	if err != nil {
		return nil, err
	}
	s.secrets.Store(name, key)
	return key, nil
}
