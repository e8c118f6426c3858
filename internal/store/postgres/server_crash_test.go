package postgres_test

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"tandem/internal/store/pgtest"
	"tandem/internal/store/storetest"
)

// TestCrashOfTheServer kills the server itself under load, starts it again on
// what it left behind, and compares.
func TestCrashOfTheServer(t *testing.T) {
	t.Parallel()
	server, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	address := server.Address("postgres")
	for n := range max(3, storetest.Rounds(t, 0)/20) {
		round := strconv.Itoa(n)
		acks := loadAndKill(t, server, address, round, 20+n*60%500)
		if err := server.Launch(); err != nil {
			t.Fatal(err)
		}
		s, err := open(t.Context(), address)
		if err != nil {
			t.Fatalf("round %s: the database does not open after a crash: %v", round, err)
		}
		storetest.Present(t, s, round, acks)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			return
		}
	}
}

// loadAndKill works on the server, kills it after so many acknowledgements,
// and returns all that were given.
func loadAndKill(t *testing.T, server *pgtest.Server, address, round string, after int) []storetest.Ack {
	t.Helper()
	s, err := open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var mu sync.Mutex
	var acks []storetest.Ack
	enough := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- storetest.Load(context.Background(), s, round, func(a storetest.Ack) {
			mu.Lock()
			defer mu.Unlock()
			if acks = append(acks, a); len(acks) == after {
				close(enough)
			}
		})
	}()
	select {
	case <-enough:
	case err := <-ended:
		t.Fatalf("round %s: the load ended before the server was killed: %v", round, err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("nobody noticed that the server was gone")
	}
	return acks
}
