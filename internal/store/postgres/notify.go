package postgres

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/internal/plan"
)

// What machines tell each other is only which streams grew: the log is the
// truth, and a woken machine reads on from the sequence it knows. A lost
// message is made up for when the listener connects again. A message is the
// sender's name and the names of streams, one a line; and of persons who were
// sent away, as "!plan/person".
const (
	channel     = "tandem_changed"
	notify      = `SELECT pg_notify('` + channel + `', $1)`
	longest     = 7900 // bytes of a message; the server takes fewer than 8,000
	pause       = 10 * time.Millisecond
	giveUp      = 5 * time.Second
	reconnectIn = 250 * time.Millisecond
	quietFor    = 30 * time.Second // then the connection is tested
)

// notifier tells the other machines what was committed. It has a connection of
// its own and never makes a change wait.
type notifier struct {
	config *pgx.ConnConfig
	name   string // of this store, to know its own messages by

	mu      sync.Mutex
	changed map[string]bool // streams not yet told
	closed  bool
	wake    chan struct{}
	stopped chan struct{}
}

func newNotifier(config *pgx.ConnConfig, name string) *notifier {
	// Each message is a transaction, but one that nobody needs on disk.
	config.RuntimeParams["synchronous_commit"] = "off"
	n := &notifier{config: config, name: name, changed: map[string]bool{}, wake: make(chan struct{}, 1), stopped: make(chan struct{})}
	go n.run()
	return n
}

func (n *notifier) tell(stream string) {
	n.mu.Lock()
	n.changed[stream] = true
	n.mu.Unlock()
	n.poke()
}

func (n *notifier) poke() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notifier) close() error {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.poke()
	<-n.stopped
	return nil
}

func (n *notifier) run() {
	defer close(n.stopped)
	var conn *pgx.Conn
	defer func() {
		if conn != nil {
			conn.Close(context.Background())
		}
	}()
	for {
		<-n.wake
		streams, closed := n.take()
		if len(streams) > 0 {
			conn = n.send(conn, streams)
		}
		if closed {
			return
		}
		// What is committed during the pause goes into one message.
		time.Sleep(pause)
	}
}

func (n *notifier) take() (map[string]bool, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	streams := n.changed
	n.changed = map[string]bool{}
	return streams, n.closed
}

// send returns the connection to use next time, nil if it is lost. What could
// not be told is forgotten: a machine that listens then has lost its
// connection to the same server and will look for itself.
func (n *notifier) send(conn *pgx.Conn, streams map[string]bool) *pgx.Conn {
	ctx, cancel := context.WithTimeout(context.Background(), giveUp)
	defer cancel()
	for range 2 { // the connection may have been cut since the last time
		err := error(nil)
		if conn == nil {
			if conn, err = pgx.ConnectConfig(ctx, n.config); err != nil {
				return nil
			}
		}
		if err = n.sendAll(ctx, conn, streams); err == nil {
			return conn
		}
		conn.Close(ctx)
		conn = nil
	}
	return nil
}

func (n *notifier) sendAll(ctx context.Context, conn *pgx.Conn, streams map[string]bool) error {
	for _, m := range messages(n.name, streams) {
		if _, err := conn.Exec(ctx, notify, m); err != nil {
			return err
		}
	}
	return nil
}

// messages packs names into as few messages as they fit in.
func messages(sender string, streams map[string]bool) []string {
	var out []string
	var b strings.Builder
	for s := range streams {
		if b.Len() > 0 && b.Len()+1+len(s) > longest {
			out = append(out, b.String())
			b.Reset()
		}
		if b.Len() == 0 {
			b.WriteString(sender)
		}
		b.WriteString("\n" + s)
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// TellDismissed tells the other machines that the open pages of a person in a
// plan (of an empty one: in all) are to close.
func (s *Store) TellDismissed(planID, person plan.ID) {
	s.notifier.tell(dismissed + string(planID) + "/" + string(person))
}

const dismissed = "!"

// Listen calls woken for every plan another machine changed, until ctx ends.
// The side is that of a private stream, and empty if the shared one grew. An
// empty plan means that anything may have changed: it comes first, and again
// whenever the connection was lost. Dismiss is called for what TellDismissed
// told. Neither must block.
func (s *Store) Listen(ctx context.Context, woken func(planID plan.ID, side plan.Side), dismiss func(planID, person plan.ID)) error {
	for ctx.Err() == nil {
		_ = s.listen(ctx, woken, dismiss) // however it ended, connect again
		select {
		case <-ctx.Done():
		case <-time.After(reconnectIn):
		}
	}
	return ctx.Err()
}

func (s *Store) listen(ctx context.Context, woken func(plan.ID, plan.Side), dismiss func(planID, person plan.ID)) error {
	conn, err := pgx.ConnectConfig(ctx, s.notifier.config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	woken("", "")
	for {
		quiet, cancel := context.WithTimeout(ctx, quietFor)
		note, err := conn.WaitForNotification(quiet)
		cancel()
		switch {
		case err == nil:
			s.woken(note.Payload, woken, dismiss)
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded) && !conn.IsClosed():
			if err := conn.Ping(ctx); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

func (s *Store) woken(message string, woken func(plan.ID, plan.Side), dismiss func(planID, person plan.ID)) {
	names := strings.Split(message, "\n")
	if names[0] == s.notifier.name {
		return
	}
	for _, name := range names[1:] {
		if who, ok := strings.CutPrefix(name, dismissed); ok {
			id, person, _ := strings.Cut(who, "/")
			dismiss(plan.ID(id), plan.ID(person))
			continue
		}
		id, which, _ := strings.Cut(name, "/")
		side := plan.Side(which)
		if side != plan.Buyer && side != plan.Seller {
			side = ""
		}
		woken(plan.ID(id), side)
	}
}
