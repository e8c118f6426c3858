package schedule_test

import (
	"strings"
	"testing"
	"time"

	"tandem/internal/civil"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// Whatever plan file somebody brings and whatever they change in it: dates or
// a fault with a sentence, soon; never a panic.
func FuzzPlan(f *testing.F) {
	f.Add(whitsun, "a1.duration=15", int32(civil.Of(2028, 5, 20)))
	f.Add(strings.Replace(whitsun, `"duration": 5`, `"duration": 9999`, 1), "a4.due=2199-12-31", int32(civil.Of(2028, 5, 20)))
	f.Add(strings.Replace(whitsun, `"to": "2028-06-20"`, `"to": "2199-12-31"`, 1), "a3.status=started", int32(civil.Of(2199, 5, 20)))
	f.Add(strings.Replace(whitsun, `{"from": "a3", "to": "a4"}`, `{"from": "a4", "to": "a1", "type": "SF", "lag": -3}`, 1), "plan.decideBy=", int32(0))
	f.Add(strings.Replace(whitsun, `"leadDays": 2`, `"leadDays": 250`, 1), "a3.notAfter=1900-01-01", int32(civil.Of(1900, 5, 20)))
	f.Add(strings.Replace(whitsun, `FREQ=WEEKLY;BYDAY=TU`, `FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29`, 1), "a1.elapsed=true", int32(civil.Of(2028, 5, 20)))
	v := voice(f, "de")
	f.Fuzz(func(t *testing.T, text, set string, today int32) {
		p, err := planfile.Decode(strings.NewReader(text))
		if err != nil {
			return
		}
		began := time.Now()
		defer func() {
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		}()
		s, err := schedule.Compute(p, civil.Day(today))
		if err != nil {
			if key(err) == "" {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		s.Report(v)
		preview, err := schedule.WhatIf(p, civil.Day(today), []string{set})
		if err != nil {
			if key(err) == "" {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		preview.Report(v)
	})
}
