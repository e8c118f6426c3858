package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is what a person wrote, or what names a person. Events and snapshots
// hold only its salted hash; the words lie beside them as a Sealed and can be
// deleted without breaking the chain (rule 16).
type Text struct {
	Hash    string // hex SHA-256 over a version mark, salt, subject and value; empty for no text
	Value   string
	Salt    []byte
	Subject ID   // whose words these are, or whom they name; empty: the plan's own content
	Gone    bool // erased: the hash remains, the words do not
}

// Sealed is a text as it is stored beside the event that first held it.
type Sealed struct {
	Hash    string `json:"hash"`
	Salt    []byte `json:"salt"`
	Value   string `json:"value"`
	Subject ID     `json:"subject,omitempty"`
}

const saltSize = 16

// hashText covers the subject too: nobody can be given another's words.
func hashText(salt []byte, subject ID, value string) string {
	h := sha256.New()
	io.WriteString(h, "tandem/text/1\n")
	h.Write(salt)
	io.WriteString(h, string(subject)+"\n") // an id has no line break
	io.WriteString(h, value)
	return hex.EncodeToString(h.Sum(nil))
}

// Fits reports whether the words belong to the hash.
func (s Sealed) Fits() bool {
	return len(s.Salt) == saltSize && hashText(s.Salt, s.Subject, s.Value) == s.Hash
}

func newText(random io.Reader, subject ID, value string) Text {
	if value == "" {
		return Text{}
	}
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		panic("plan: no random bytes: " + err.Error())
	}
	return Text{Hash: hashText(salt, subject, value), Value: value, Salt: salt, Subject: subject}
}

// IsZero reports that nothing was ever written.
func (t Text) IsZero() bool { return t.Hash == "" }

// String is the words, empty when erased.
func (t Text) String() string { return t.Value }

// MarshalText writes the hash alone.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.Hash), nil }

// UnmarshalText reads a hash; the words are put back by resolve.
func (t *Text) UnmarshalText(b []byte) error {
	if len(b) != 0 && !isHash(string(b)) {
		return errors.New("not the hash of a text")
	}
	*t = Text{Hash: string(b)}
	return nil
}

// isHash: hex SHA-256.
func isHash(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 2*sha256.Size
}

// Longest texts, in bytes.
const (
	maxLine  = 500
	maxWords = 10_000
)

// clean makes typed text storable: valid UTF-8, no control characters but
// line breaks and tabs, no space around it, not longer than max bytes.
func clean(s string, max int) (string, error) {
	if !utf8.ValidString(s) {
		return "", invalid("fault.text.encoding")
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	if max == maxLine {
		s = strings.Join(strings.Fields(s), " ")
	}
	s = strings.TrimSpace(s)
	if len(s) > max {
		return "", invalid("fault.text.long", "max", max, "length", len(s))
	}
	return s, nil
}

var textType = reflect.TypeFor[Text]()

// eachText calls f for every text in a value that v points to.
func eachText(v any, f func(*Text)) { walk(reflect.ValueOf(v), f) }

func walk(v reflect.Value, f func(*Text)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), f)
		}
	case reflect.Struct:
		if v.Type() == textType {
			if v.CanAddr() {
				f(v.Addr().Interface().(*Text))
			}
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && mayHoldText(v.Field(i).Kind()) {
				walk(v.Field(i), f)
			}
		}
	case reflect.Slice, reflect.Array:
		if mayHoldText(v.Type().Elem().Kind()) {
			for i := range v.Len() {
				walk(v.Index(i), f)
			}
		}
	case reflect.Map: // values of maps are pointers wherever texts are in them
		if mayHoldText(v.Type().Elem().Kind()) {
			for it := v.MapRange(); it.Next(); {
				walk(it.Value(), f)
			}
		}
	}
}

func mayHoldText(k reflect.Kind) bool {
	switch k {
	case reflect.Pointer, reflect.Interface, reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		return true
	}
	return false
}

// resolve puts words back; what is not there any more is marked as gone.
func resolve(v any, words map[string]Sealed) {
	eachText(v, func(t *Text) {
		if t.Hash == "" {
			return
		}
		s, ok := words[t.Hash]
		if !ok {
			*t = Text{Hash: t.Hash, Gone: true}
			return
		}
		*t = Text{Hash: t.Hash, Value: s.Value, Salt: s.Salt, Subject: s.Subject}
	})
}
