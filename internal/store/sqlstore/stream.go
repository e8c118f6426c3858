package sqlstore

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	selectSnapshot = `SELECT seq, data FROM snapshot WHERE stream = $1`
	eventFields    = `SELECT stream, seq, at, actor, side, kind, version, data, hash FROM event `
	selectEvents   = eventFields + `WHERE stream = $1 AND seq > $2 ORDER BY seq`
	selectSome     = eventFields + `WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3`
	selectWords    = `SELECT seq, hash, salt, value, subject FROM word WHERE stream = $1 ORDER BY seq, pos`
	selectTheirs   = `SELECT seq, hash, salt, value, subject FROM word WHERE stream = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, pos`
	deleteSubject  = `DELETE FROM word WHERE stream = $1 AND subject = $2`
	deleteHash     = `DELETE FROM word WHERE stream = $1 AND hash = $2`

	// Purging is counted, not flagged, so that one purge cannot take away the
	// mark of a deletion that came after it had begun.
	markPurge = `INSERT INTO chore (name, due, done) VALUES ('purge', 1, 0)
ON CONFLICT (name) DO UPDATE SET due = chore.due + 1`
	purgeDue  = `SELECT due FROM chore WHERE name = 'purge' AND due > done`
	purgeDone = `UPDATE chore SET done = $1 WHERE name = 'purge' AND done < $1`
)

func scanRecord(from row) (plan.Record, error) {
	var r plan.Record
	var data []byte
	err := from.Scan(&r.Stream, &r.Seq, &r.At, &r.Actor, &r.Side, &r.Kind, &r.Version, &data, &r.Hash)
	r.Data = data
	return r, err
}

// word is a text and the sequence of the event it was first written with.
type word struct {
	seq int64
	plan.Sealed
}

func scanWord(from row) (word, error) {
	var w word
	err := from.Scan(&w.seq, &w.Hash, &w.Salt, &w.Value, &w.Subject)
	return w, err
}

func scanSnapshot(from row) (s app.Stream, err error) {
	err = from.Scan(&s.SnapshotSeq, &s.Snapshot)
	return s, err
}

// Load implements app.PlanStore. It reads in the order snapshot, records,
// words without a transaction: records are never deleted, so those after the
// snapshot are all there even if a newer snapshot was stored meanwhile, and
// the words of a record are stored with it.
func (s *Store) Load(ctx context.Context, stream string) (app.Stream, error) {
	out, err := one(ctx, s.read, scanSnapshot, selectSnapshot, stream)
	if err != nil && !errors.Is(err, app.ErrNotFound) {
		return app.Stream{}, err
	}
	if out.Records, err = collect(ctx, s.read, scanRecord, selectEvents, stream, out.SnapshotSeq); err != nil {
		return app.Stream{}, err
	}
	words, err := collect(ctx, s.read, scanWord, selectWords, stream)
	if err != nil {
		return app.Stream{}, err
	}
	out.Words = byHash(words)
	attach(out.Records, words)
	return out, nil
}

// Words implements app.PlanStore.
func (s *Store) Words(ctx context.Context, stream string) (plan.Words, error) {
	words, err := collect(ctx, s.read, scanWord, selectWords, stream)
	return byHash(words), err
}

func byHash(words []word) plan.Words {
	out := make(plan.Words, len(words))
	for _, w := range words {
		out[w.Hash] = w.Sealed
	}
	return out
}

// Records implements app.PlanStore.
func (s *Store) Records(ctx context.Context, stream string, after int64, limit int) ([]plan.Record, error) {
	if limit <= 0 {
		return nil, nil
	}
	records, err := collect(ctx, s.read, scanRecord, selectSome, stream, after, limit)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	words, err := collect(ctx, s.read, scanWord, selectTheirs, stream, after, records[len(records)-1].Seq)
	if err != nil {
		return nil, err
	}
	attach(records, words)
	return records, nil
}

// attach puts words beside their records; both are in order of sequence.
func attach(records []plan.Record, words []word) {
	w := 0
	for i := range records {
		for w < len(words) && words[w].seq < records[i].Seq {
			w++
		}
		for ; w < len(words) && words[w].seq == records[i].Seq; w++ {
			records[i].Texts = append(records[i].Texts, words[w].Sealed)
		}
	}
}

func streamsOf(id plan.ID) [3]string {
	return [3]string{plan.SharedStream(id), plan.PrivateStream(id, plan.Buyer), plan.PrivateStream(id, plan.Seller)}
}

// DeleteWords deletes the words of subjects in all streams of a plan, and the
// mails that came for them, and
// notes, in the same transaction, that what they leave behind in the files is
// to be purged.
func (s *Store) DeleteWords(ctx context.Context, planID plan.ID, subjects []plan.ID) (int, error) {
	var deleted int64
	err := s.write(ctx, func(ctx context.Context, q Querier) error {
		deleted = 0
		for _, stream := range streamsOf(planID) {
			for _, subject := range subjects {
				if err := count(&deleted, q, ctx, deleteSubject, stream, string(subject)); err != nil {
					return err
				}
			}
		}
		for _, subject := range subjects { // their mails hold their words, too
			if _, err := q.ExecContext(ctx, forgetMail, string(planID), string(subject)); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, markPurge)
		return err
	})
	return int(deleted), err
}

// DeleteTexts deletes single texts of a stream; otherwise as DeleteWords.
func (s *Store) DeleteTexts(ctx context.Context, stream string, hashes []string) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		var deleted int64
		for _, hash := range hashes {
			if err := count(&deleted, q, ctx, deleteHash, stream, hash); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, markPurge)
		return err
	})
}

func count(n *int64, q Querier, ctx context.Context, query string, args ...any) error {
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	k, err := res.RowsAffected()
	*n += k
	return err
}

// PurgeDue is the number of the last deletion of words whose traces may still
// be in the files; 0 if there is none.
func (s *Store) PurgeDue(ctx context.Context) (int64, error) {
	n, err := one(ctx, s.read, number, purgeDue)
	if errors.Is(err, app.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// Purged notes that the traces up to a deletion are gone.
func (s *Store) Purged(ctx context.Context, deletion int64) error {
	return s.exec(ctx, purgeDone, deletion)
}

// Mentions implements app.PlanStore. It compares in Go: neither database
// folds the case of all letters alike.
func (s *Store) Mentions(ctx context.Context, planID plan.ID, names []string, limit int) ([]app.Mention, error) {
	fold := func(s string) string { return cases.Fold().String(norm.NFC.String(s)) }
	var sought []string
	for _, n := range names {
		if n = fold(n); n != "" {
			sought = append(sought, n)
		}
	}
	var out []app.Mention
	for _, stream := range streamsOf(planID) {
		words, err := collect(ctx, s.read, scanWord, selectWords, stream)
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			if len(out) >= limit {
				return out, nil
			}
			if containsAny(fold(w.Value), sought) {
				out = append(out, app.Mention{Stream: stream, Text: w.Sealed})
			}
		}
	}
	return out, nil
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
