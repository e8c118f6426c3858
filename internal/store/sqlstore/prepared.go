package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// Prepared is a Querier that keeps every statement it has seen prepared. The
// texts are those of this package, so there are few.
type Prepared struct {
	prepare func(ctx context.Context, query string) (*sql.Stmt, error)
	mu      sync.RWMutex
	known   map[string]*sql.Stmt
}

// Prepare makes one over a pool's or a connection's PrepareContext.
func Prepare(prepare func(ctx context.Context, query string) (*sql.Stmt, error)) *Prepared {
	return &Prepared{prepare: prepare, known: map[string]*sql.Stmt{}}
}

func (p *Prepared) statement(query string) (*sql.Stmt, error) {
	p.mu.RLock()
	st := p.known[query]
	p.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.known[query]; st != nil {
		return st, nil
	}
	// Not the caller's context: the statement outlives the call.
	st, err := p.prepare(context.Background(), query)
	if err == nil {
		p.known[query] = st
	}
	return st, err
}

// ExecContext implements Querier.
func (p *Prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := p.statement(query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// QueryContext implements Querier.
func (p *Prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := p.statement(query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// Close lets go of all statements.
func (p *Prepared) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, st := range p.known {
		st.Close()
	}
	p.known = map[string]*sql.Stmt{}
}
