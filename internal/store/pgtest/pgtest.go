// Package pgtest gives tests a real PostgreSQL: a server of their own in a
// temporary folder, reached over a Unix socket, with an empty database for
// every test. There is no fake and nothing is skipped: without PostgreSQL on
// the machine the tests fail and say what to install.
//
// A test binary that uses it has
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
package pgtest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

var shared struct {
	sync.Mutex
	inMain bool
	server *Server
	err    error
	number atomic.Int64
}

// Main runs the tests of a binary and stops the server they share, if any
// test needed one. It returns the exit code.
func Main(m *testing.M) int {
	shared.inMain = true
	code := m.Run()
	if shared.server != nil {
		if err := shared.server.Stop(); err != nil {
			fmt.Println("pgtest:", err)
			return max(code, 1)
		}
	}
	return code
}

// Database makes an empty database on the server the binary shares, and
// returns the address to open it with. It is dropped when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	s, err := sharedServer()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test%d", shared.number.Add(1))
	if err := s.exec(`CREATE DATABASE ` + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return s.Address(name)
}

func sharedServer() (*Server, error) {
	shared.Lock()
	defer shared.Unlock()
	switch {
	case !shared.inMain:
		return nil, fmt.Errorf("pgtest: TestMain of this package must call pgtest.Main")
	case shared.server == nil && shared.err == nil:
		shared.server, shared.err = Start()
	}
	return shared.server, shared.err
}

// DataFolder is where the shared server keeps its files.
func DataFolder(t testing.TB) string {
	t.Helper()
	s, err := sharedServer()
	if err != nil {
		t.Fatal(err)
	}
	return s.data()
}

func (s *Server) exec(query string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.Address("postgres"))
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, query); err != nil {
		return fmt.Errorf("pgtest: %s: %w", query, err)
	}
	return nil
}
