package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"tandem/internal/store/sqlstore"
)

// writer is the one who writes. It takes everything that waits, runs each
// piece within a savepoint of one transaction, commits, and answers: a piece
// that fails is undone alone, and what a thousand callers wrote at the same
// moment costs one sync.
type writer struct {
	conn  *sql.Conn
	texts *sqlstore.Prepared

	mu      sync.Mutex
	waiting []*task
	closed  bool
	wake    chan struct{}
	stopped chan struct{}

	commits atomic.Int64 // transactions committed, each synced once
	pieces  atomic.Int64 // what they held
}

// task is one piece of writing by one caller.
type task struct {
	do    func(ctx context.Context, t turn) error
	alone func(ctx context.Context, conn *sql.Conn) error // runs outside any transaction
	state atomic.Int32
	err   error
	done  chan struct{}
}

// turn is what a piece writes with: statements that stay prepared, or the
// transaction they run in, for whoever needs to see it as one. It must not end
// the transaction.
type turn struct {
	sqlstore.Querier
	tx *sql.Tx
}

const (
	waits      = iota // in the queue; the caller may still take it back
	begunState        // the writer has it; its answer is coming
	withdrawn         // the caller has taken it back; nothing is stored
)

// groupMost bounds how long the first of a group waits for the last.
const groupMost = 512

func newWriter(conn *sql.Conn) *writer {
	w := &writer{conn: conn, texts: sqlstore.Prepare(conn.PrepareContext),
		wake: make(chan struct{}, 1), stopped: make(chan struct{})}
	go w.run()
	return w
}

// write implements sqlstore.WriteFunc. If ctx ends while the piece still
// waits, nothing is stored and ctx's error is returned; once the writer has
// begun with it the answer is awaited, which takes as long as a sync: the
// caller always learns the truth.
func (w *writer) write(ctx context.Context, do func(ctx context.Context, q sqlstore.Querier) error) error {
	return w.take(ctx, func(ctx context.Context, t turn) error { return do(ctx, t) })
}

// take is write for a piece that needs the transaction.
func (w *writer) take(ctx context.Context, do func(ctx context.Context, t turn) error) error {
	return w.submit(ctx, &task{do: do})
}

// alone runs something that cannot be part of a transaction.
func (w *writer) alone(ctx context.Context, do func(ctx context.Context, conn *sql.Conn) error) error {
	return w.submit(ctx, &task{alone: do})
}

func (w *writer) submit(ctx context.Context, j *task) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.done = make(chan struct{})
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return ErrClosed
	}
	w.waiting = append(w.waiting, j)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		if j.state.CompareAndSwap(waits, withdrawn) {
			return ctx.Err()
		}
		<-j.done
		return j.err
	}
}

// close stores what still waits and ends the writer.
func (w *writer) close() error {
	w.mu.Lock()
	already := w.closed
	w.closed = true
	w.mu.Unlock()
	if already {
		return nil
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
	<-w.stopped
	w.texts.Close()
	_, err := w.conn.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	return errors.Join(err, w.conn.Close())
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		group, closed := w.next()
		switch {
		case len(group) > 0:
			w.commit(group)
			// Those just answered may have the next change ready: let them
			// come in before the next group is closed.
			runtime.Gosched()
		case closed:
			return
		default:
			<-w.wake
		}
	}
}

// next takes what waits: up to groupMost pieces for one transaction, or one
// that has to be alone.
func (w *writer) next() ([]*task, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for n < len(w.waiting) && n < groupMost && w.waiting[n].alone == nil {
		n++
	}
	if n == 0 && len(w.waiting) > 0 {
		n = 1
	}
	group := w.waiting[:n:n]
	w.waiting = w.waiting[n:]
	if len(w.waiting) == 0 {
		w.waiting = nil
	}
	return group, w.closed
}

// commit runs a group and answers everybody in it.
func (w *writer) commit(group []*task) {
	begun := group[:0]
	for _, j := range group {
		if j.state.CompareAndSwap(waits, begunState) {
			begun = append(begun, j)
		}
	}
	if len(begun) == 0 {
		return
	}
	if len(begun) == 1 && begun[0].alone != nil {
		begun[0].err = begun[0].alone(context.Background(), w.conn)
	} else if err := w.transact(begun); err != nil {
		for _, j := range begun {
			if j.err == nil {
				j.err = fmt.Errorf("commit: %w", err)
			}
		}
	}
	for _, j := range begun {
		close(j.done)
	}
}

// transact returns nil when everything that did not fail by itself is synced.
// It runs without the callers' contexts: interrupting one of them would
// interrupt the connection, and with it all others.
func (w *writer) transact(group []*task) error {
	ctx := context.Background()
	tx, err := w.conn.BeginTx(ctx, nil) // at once for writing: see dsn
	if err != nil {
		return err
	}
	for _, j := range group {
		if err := w.piece(ctx, tx, j); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		// A failed commit may or may not have ended the transaction; there is
		// none open after this.
		_ = w.exec(ctx, `ROLLBACK`)
		return err
	}
	w.commits.Add(1)
	w.pieces.Add(int64(len(group)))
	return nil
}

// piece runs one task within its savepoint. Its own failure is in the task; the
// error returned means that the transaction itself is no longer sound.
func (w *writer) piece(ctx context.Context, tx *sql.Tx, j *task) error {
	if err := w.exec(ctx, `SAVEPOINT piece`); err != nil {
		return err
	}
	if j.err = j.do(ctx, turn{w.texts, tx}); j.err != nil {
		if err := w.exec(ctx, `ROLLBACK TO piece`); err != nil {
			return err
		}
	}
	return w.exec(ctx, `RELEASE piece`)
}

// exec runs a statement on the connection, in the transaction that is open.
func (w *writer) exec(ctx context.Context, text string) error {
	_, err := w.texts.ExecContext(ctx, text)
	return err
}
