// Package fault says what went wrong in words for people.
//
// A fault names its kind (which a transport turns into a status or an exit
// code), a key of the message catalogue with its arguments (so that each
// reader sees it in their own language), and the fixes a person can try. An
// error that is not a fault is an internal error: people see a reference, the
// log has the rest.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind classifies a fault by what the caller can do about it.
type Kind string

const (
	Invalid   Kind = "invalid"   // the input is wrong; correct it
	Missing   Kind = "missing"   // there is no such thing, or it is not yours to see
	Forbidden Kind = "forbidden" // you may see it but not do this
	Conflict  Kind = "conflict"  // it changed meanwhile; both values are in the arguments
	Refused   Kind = "refused"   // the protocol does not allow this now
	TooLarge  Kind = "too-large" // a size limit was exceeded
	TooMany   Kind = "too-many"  // a rate limit was exceeded; try later
	Unready   Kind = "unready"   // a service needed for this is not available; try later
)

// Args are the named values of a message.
type Args map[string]any

// Error is a fault. Its zero value is not useful; make one with New.
type Error struct {
	Kind  Kind
	Key   string   // key of the message catalogue, e.g. "fault.item.changed"
	Args  Args     // values for the message, by name
	Fixes []string // keys of the catalogue: what a person can do now
	Err   error    // the cause, if any; for the log, never for people
}

// New makes a fault of a kind with the catalogue key of its message and
// alternating names and values of its arguments.
func New(kind Kind, key string, nameValues ...any) *Error {
	e := &Error{Kind: kind, Key: key}
	for i := 0; i+1 < len(nameValues); i += 2 {
		if e.Args == nil {
			e.Args = Args{}
		}
		e.Args[fmt.Sprint(nameValues[i])] = nameValues[i+1]
	}
	return e
}

// Wrap adds the cause, for the log.
func (e *Error) Wrap(err error) *Error { e.Err = err; return e }

// Fix adds the catalogue key of something a person can do.
func (e *Error) Fix(key string) *Error { e.Fixes = append(e.Fixes, key); return e }

// Error is for logs; people read the catalogue's sentence for Key.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind) + ": " + e.Key)
	names := make([]string, 0, len(e.Args))
	for n := range e.Args {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&b, " %s=%v", n, e.Args[n])
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// As finds the fault in an error's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is reports whether the error is a fault of the kind.
func Is(err error, kind Kind) bool {
	e, ok := As(err)
	return ok && e.Kind == kind
}
