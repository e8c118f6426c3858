package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// Statement is one step of a change.
type Statement struct {
	SQL  string
	Args []any
	// Head marks the statement that moves the head of a stream: if it changes
	// no row, the stream is not where the change expects it.
	Head bool
}

const (
	startStream = `INSERT INTO stream (name, head) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET head = excluded.head WHERE stream.head = 0`

	moveStream = `UPDATE stream SET head = $2 WHERE name = $1 AND head = $3`

	saveSnapshot = `INSERT INTO snapshot (stream, seq, data) VALUES ($1, $2, $3)
ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, data = excluded.data`

	eventColumns = 9
	insertEvents = `INSERT INTO event (stream, seq, at, actor, side, kind, version, data, hash) VALUES `
	wordColumns  = 7
	insertWords  = `INSERT INTO word (stream, seq, pos, hash, salt, value, subject) VALUES `
)

// rowsAtOnce is how many rows one INSERT holds at most: few enough that the
// statements of every length fit into a cache of prepared statements.
const rowsAtOnce = 16

var (
	eventInserts = inserts(insertEvents, eventColumns)
	wordInserts  = inserts(insertWords, wordColumns)
)

// inserts makes the statements for 1, 2, … rowsAtOnce rows.
func inserts(into string, columns int) [rowsAtOnce]string {
	var out [rowsAtOnce]string
	var b strings.Builder
	b.WriteString(into)
	for n := range rowsAtOnce {
		if n > 0 {
			b.WriteString(", ")
		}
		for c := range columns {
			b.WriteString([2]string{"(", ", "}[min(c, 1)])
			b.WriteString("$" + strconv.Itoa(n*columns+c+1))
		}
		b.WriteString(")")
		out[n] = b.String()
	}
	return out
}

// Statements turns a change into SQL, streams in order of their names, so that
// two changes never wait for each other in a ring. It fails if records do not
// continue their stream, which is a mistake of the caller. Jobs are the
// Enqueuer's.
func Statements(c app.Change) ([]Statement, error) {
	appends := slices.Clone(c.Appends)
	slices.SortStableFunc(appends, func(a, b app.Append) int { return strings.Compare(a.Stream, b.Stream) })
	var out []Statement
	for _, a := range appends {
		if err := fits(a); err != nil {
			return nil, err
		}
		out = append(out, appendStatements(a)...)
	}
	if c.Kept != nil {
		out = append(out, keepStatement(*c.Kept))
	}
	if c.Heard != nil {
		out = append(out, heardStatement(*c.Heard))
	}
	if c.Row != nil {
		out = append(out, rowStatement(*c.Row))
	}
	if c.Deal != nil {
		out = append(out, dealStatement(*c.Deal))
	}
	if c.Shown != nil {
		for _, person := range c.Active {
			out = append(out, Statement{SQL: saveActive, Args: []any{string(c.Shown.Plan), string(person)}})
		}
		out = append(out, portfolioChange(*c.Shown, c.Before))
	}
	for _, l := range c.Letters {
		out = append(out, letterStatement(l))
	}
	for _, a := range c.Requests {
		out = append(out, askedStatement(a))
	}
	for _, r := range c.Withdraw {
		out = append(out, withdrawStatements(r)...)
	}
	for _, r := range c.People {
		out = append(out, personRowStatement(r))
	}
	for _, a := range c.Answers {
		out = append(out, answerStatement(a))
	}
	return out, nil
}

func fits(a app.Append) error {
	for i, r := range a.Records {
		if r.Stream != a.Stream || r.Seq != a.Expect+int64(i)+1 {
			return fmt.Errorf("store: record %d of %q does not continue %q after %d", r.Seq, r.Stream, a.Stream, a.Expect)
		}
	}
	return nil
}

func appendStatements(a app.Append) []Statement {
	head := a.Expect + int64(len(a.Records))
	move := Statement{SQL: moveStream, Args: []any{a.Stream, head, a.Expect}, Head: true}
	if a.Expect == 0 {
		move = Statement{SQL: startStream, Args: []any{a.Stream, head}, Head: true}
	}
	out := []Statement{move}
	for some := range slices.Chunk(a.Records, rowsAtOnce) {
		args := make([]any, 0, len(some)*eventColumns)
		for _, r := range some {
			args = append(args, r.Stream, r.Seq, r.At, string(r.Actor), string(r.Side), r.Kind, r.Version, []byte(r.Data), r.Hash)
		}
		out = append(out, Statement{SQL: eventInserts[len(some)-1], Args: args})
	}
	out = append(out, wordStatements(a.Records)...)
	if a.Snapshot != nil {
		out = append(out, Statement{SQL: saveSnapshot, Args: []any{a.Stream, head, a.Snapshot}})
	}
	return out
}

func wordStatements(records []plan.Record) []Statement {
	var out []Statement
	var args []any
	n := 0
	flush := func() {
		if n > 0 {
			out = append(out, Statement{SQL: wordInserts[n-1], Args: args})
		}
		args, n = nil, 0
	}
	for _, r := range records {
		for pos, t := range r.Texts {
			args = append(args, r.Stream, r.Seq, pos, t.Hash, t.Salt, t.Value, string(t.Subject))
			if n++; n == rowsAtOnce {
				flush()
			}
		}
	}
	flush()
	return out
}

// Run runs the statements of a change one after another, on a database where
// they cost no journey. It is app.ErrStale if a stream is elsewhere.
func Run(ctx context.Context, q Querier, statements []Statement) error {
	for _, st := range statements {
		res, err := q.ExecContext(ctx, st.SQL, st.Args...)
		if err != nil {
			return fmt.Errorf("store a change: %w", err)
		}
		if n, err := res.RowsAffected(); st.Head && err == nil && n == 0 {
			return app.ErrStale
		}
	}
	return nil
}
