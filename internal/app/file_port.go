package app

import (
	"context"
	"io"
	"time"

	"tandem/internal/plan"
)

// Space is where the bytes of files lie apart: those of a plan's shared stream,
// or those of one side's own.
type Space struct {
	Plan plan.ID
	Side plan.Side // empty: what both sides see
}

// Blob is the bytes of a file that a store holds.
type Blob struct {
	Space
	Digest string // hex SHA-256 of the bytes
	Size   int64
	Put    time.Time // when they were last put there
}

// Blobs keeps the bytes of files, each under its digest within its space. Safe
// for concurrent use, also by several machines.
type Blobs interface {
	// Put stores everything a reader gives. When it returns without error the
	// bytes are durable. An error of the reader is returned, and nothing is
	// stored. Putting what is there already makes it young again.
	Put(ctx context.Context, in Space, from io.Reader) (digest string, size int64, err error)
	// Get opens a blob from its beginning; ErrNotFound if there is none. The
	// caller closes it.
	Get(ctx context.Context, in Space, digest string) (io.ReadCloser, int64, error)
	// Delete deletes a blob that was last put before a time; a younger one
	// stays. What is not there is no error.
	Delete(ctx context.Context, in Space, digest string, before time.Time) error
	// DropPlan deletes all blobs of a plan.
	DropPlan(ctx context.Context, planID plan.ID) error
	// Each calls a function for every blob of a plan, of an empty id for every
	// blob there is, in no order. An error of the function ends it.
	Each(ctx context.Context, planID plan.ID, f func(Blob) error) error
}

// Filing says where files are kept and how large they may be.
type Filing struct {
	Blobs Blobs // nil: this server keeps none
	Max   int64 // bytes of one file
	Room  int64 // bytes of all files of a plan that both see; and of those that each side keeps to itself
}

// On reports whether files are kept at all.
func (f Filing) On() bool { return f.Blobs != nil }
