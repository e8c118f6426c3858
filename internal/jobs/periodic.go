package jobs

import (
	"time"

	"github.com/riverqueue/river"

	"tandem/internal/app"
)

// aligned is a schedule whose intervals begin at midnight UTC, on every
// machine alike.
type aligned time.Duration

// Next implements river.PeriodicSchedule.
func (a aligned) Next(t time.Time) time.Time {
	return t.Truncate(time.Duration(a)).Add(time.Duration(a))
}

// periodicArgs are those of work that comes by itself: one job in an interval.
type periodicArgs struct {
	args
	Interval time.Time `json:"interval" river:"unique"`
}

// early is how long before an interval river may already ask for its job.
const early = time.Second

// periodics are asked for at the beginning of each interval, and at the start
// for the present one, if that has not had its job yet: what is done counts
// too, for as long as it is kept.
func periodics(all []app.Periodic, clock func() time.Time) []*river.PeriodicJob {
	var out []*river.PeriodicJob
	for _, p := range all {
		ask := func() (river.JobArgs, *river.InsertOpts) {
			return periodicArgs{args: args{kind: p.Kind}, Interval: clock().Add(early).Truncate(p.Every).UTC()},
				&river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
		}
		out = append(out, river.NewPeriodicJob(aligned(p.Every), ask, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return out
}
