package app

import (
	"context"
	"time"

	"tandem/internal/plan"
	"tandem/internal/process"
)

// OwnProcess is one version of a workspace's own process.
type OwnProcess struct {
	Workspace plan.ID
	Process   *process.Process // with its id and version
	Origin    string           // "id@version" of the process it was copied from, or OriginPlan
	Member    plan.ID          // who saved it; empty: their account is gone
	Created   time.Time
	Withdrawn time.Time // since when it is offered no more; zero: it is offered
}

// OriginPlan is the origin of a process that was made from a plan.
const OriginPlan = "plan"

// ProcessStore keeps processes of workspaces. Versions are added, never
// changed. Safe for concurrent use.
type ProcessStore interface {
	// Processes lists the last version of each, the oldest process first, at
	// most limit.
	Processes(ctx context.Context, workspace plan.ID, limit int) ([]OwnProcess, error)
	// ProcessVersion is one version, or with 0 the last one; ErrNotFound.
	ProcessVersion(ctx context.Context, workspace plan.ID, id string, version int) (OwnProcess, error)
	// ProcessVersions lists all versions, the last first, at most limit.
	ProcessVersions(ctx context.Context, workspace plan.ID, id string, limit int) ([]OwnProcess, error)
	// AddProcess adds a version. ErrStale unless it is the one after the last.
	AddProcess(ctx context.Context, p OwnProcess) error
	// WithdrawProcess takes a process out of what is offered, or with a zero
	// time puts it back; ErrNotFound.
	WithdrawProcess(ctx context.Context, workspace plan.ID, id string, at time.Time) error
}
