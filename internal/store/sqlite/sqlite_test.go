package sqlite

import (
	"path/filepath"
	"testing"
)

func TestOpen(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "ä b#?%.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Erase(t.Context(), "p", nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "b.db")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
