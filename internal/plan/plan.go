// Package plan is the two-sided agreement protocol: commands become events,
// events become state.
//
// A plan has one shared event stream and, beside it, one private stream per
// side. The shared state is a *Plan, a side's private state a *Private; what
// a side sees is made from the shared state and its own private state, and
// from nothing else: no function in this package or above is given both
// private states.
//
// Decide is pure: it reads a state, a command and an Env (who, when, and a
// source of random bytes), and returns the events that follow and the state
// after them, or a fault and nothing. States are never changed in place, so a
// page can be rendered from one while the next command is being decided.
//
// Agreement is not two booleans. Each side's stance on an item names the
// Digest of exactly the terms it stands behind; the item is agreed while both
// stances name the digest of its present terms.
package plan

import (
	"encoding/hex"
	"io"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// ID names a plan, item, person, proposal or comment: 5 to 40 letters, digits,
// "-" or "_", random where a machine made it. Ids tell nothing about order or
// number, so nobody learns from a gap that the other side has something.
type ID string

// NewID draws a random id of 96 bits.
func NewID(random io.Reader) ID {
	var b [12]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		panic("plan: no random bytes: " + err.Error())
	}
	return ID(hex.EncodeToString(b[:]))
}

func (id ID) valid() bool {
	if len(id) < 1 || len(id) > 40 {
		return false
	}
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return false
		}
	}
	return true
}

// Side is one of the two organisations of a plan.
type Side string

const (
	Buyer  Side = "buyer"
	Seller Side = "seller"
)

// Other is the opposite side.
func (s Side) Other() Side {
	if s == Buyer {
		return Seller
	}
	return Buyer
}

func (s Side) valid() bool { return s == Buyer || s == Seller }

// Sides holds one value a side.
type Sides[T any] struct {
	Buyer  T `json:"buyer,omitzero"`
	Seller T `json:"seller,omitzero"`
}

// Of is the value of a side.
func (s Sides[T]) Of(side Side) T {
	if side == Buyer {
		return s.Buyer
	}
	return s.Seller
}

// Set puts the value of a side.
func (s *Sides[T]) Set(side Side, v T) {
	if side == Buyer {
		s.Buyer = v
	} else {
		s.Seller = v
	}
}

// Party says who does an action: one side, or both.
type Party string

const (
	ByBuyer  Party = "buyer"
	BySeller Party = "seller"
	Joint    Party = "joint"
)

// Includes reports whether the side takes part.
func (p Party) Includes(s Side) bool { return p == Joint || string(p) == string(s) }

// Phase is where a plan stands in its life. It never goes back.
type Phase string

const (
	Draft    Phase = "draft"    // only the side that made it sees it
	Shared   Phase = "shared"   // both see and edit
	Agreed   Phase = "agreed"   // both accepted the same content
	Decided  Phase = "decided"  // yes, no or no decision
	Archived Phase = "archived" // put away
)

// Outcome of a plan.
type Outcome string

const (
	DecidedYes   Outcome = "yes"
	DecidedNo    Outcome = "no"
	NoDecision   Outcome = "none"
	outcomeUnset Outcome = ""
)

// Env is what a decision may know besides state and command.
type Env struct {
	Now    time.Time // the server's clock
	Today  civil.Day // the civil day of Now in the workspace's time zone
	Actor  ID        // the person who acts; empty for the system
	Random io.Reader // salts
}

func refuse(key string, nameValues ...any) *fault.Error {
	return fault.New(fault.Refused, key, nameValues...)
}

func invalid(key string, nameValues ...any) *fault.Error {
	return fault.New(fault.Invalid, key, nameValues...)
}
