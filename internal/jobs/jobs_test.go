package jobs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"tandem/internal/app"
	"tandem/internal/fault"
)

// What is promised of jobs is shown on both databases: storetest/job.go.

var noon = time.Date(2026, 4, 29, 12, 0, 0, 0, time.UTC)

func TestPausesGrow(t *testing.T) {
	t.Parallel()
	b := backoff{func() time.Time { return noon }}
	var sum time.Duration
	for _, row := range []struct {
		attempt int
		want    time.Duration
	}{{0, time.Minute}, {1, time.Minute}, {2, 2 * time.Minute}, {3, 4 * time.Minute}, {9, 256 * time.Minute}, {10, 6 * time.Hour}, {19, 6 * time.Hour}, {1000, 6 * time.Hour}} {
		seen := map[time.Duration]bool{}
		for range 50 {
			got := b.NextRetry(&rivertype.JobRow{Attempt: row.attempt}).Sub(noon)
			if got < row.want*9/10 || got > row.want*11/10 {
				t.Errorf("after attempt %d: %s, want about %s", row.attempt, got, row.want)
			}
			seen[got] = true
		}
		if len(seen) < 25 {
			t.Errorf("after attempt %d what failed together comes back together", row.attempt)
		}
	}
	for n := 1; n < app.JobAttempts; n++ {
		sum += b.NextRetry(&rivertype.JobRow{Attempt: n}).Sub(noon)
	}
	if sum < 60*time.Hour || sum > 84*time.Hour {
		t.Errorf("a job is given up after %s, want about three days", sum)
	}
}

func TestErrorsSayTheirKindOnly(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		err  error
		want string
	}{
		{errors.New("mailbox of ute@nordwerk.example"), "*errors.errorString"},
		{fmt.Errorf("ute: %w", fmt.Errorf("brandt: %w", &net.DNSError{Name: "nordwerk.example"})), "*net.DNSError"},
		{fmt.Errorf("ute: %w", fault.New(fault.Unready, "fault.plan.busy", "name", "Ute")), "fault.plan.busy"},
		{fmt.Errorf("ute: %w", context.DeadlineExceeded), "context deadline exceeded"},
		{errors.Join(errors.New("ute"), errors.New("brandt")), "*errors.joinError"},
	} {
		f := failure{why: why(row.err), error: row.err}
		if f.Error() != row.want || !errors.Is(f, row.err) {
			t.Errorf("%v says %q, want %q and to be the same error", row.err, f.Error(), row.want)
		}
	}
}

func TestIntervalsBeginAtMidnight(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ every, from, want time.Duration }{
		{time.Hour, 0, time.Hour},
		{24 * time.Hour, 0, 12 * time.Hour},
		{15 * time.Minute, 7 * time.Minute, 15 * time.Minute},
		{15 * time.Minute, 15 * time.Minute, 30 * time.Minute},
	} {
		if got := aligned(row.every).Next(noon.Add(row.from)); !got.Equal(noon.Add(row.want)) {
			t.Errorf("every %s, after %s: %s, want %s", row.every, noon.Add(row.from), got, noon.Add(row.want))
		}
	}
}
