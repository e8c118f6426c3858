package config

import "log/slog"

// Secret is a setting that is never printed.
type Secret string

// String hides it.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "…"
}

// GoString hides it from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides it from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides it from JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
