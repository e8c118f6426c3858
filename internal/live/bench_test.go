package live_test

import (
	"sync"
	"testing"
	"time"

	"tandem/internal/live"
	"tandem/internal/plan"
)

// BenchmarkFanOut tells 1,000 open pages of a change: how long the writer is
// held up, and how long until the last page is awake. The bare operation is a
// send to a single waiting page.
func BenchmarkFanOut(b *testing.B) {
	for _, pages := range []int{1, 1000} {
		b.Run(map[int]string{1: "1 page", 1000: "1,000 pages"}[pages], func(b *testing.B) { fanOut(b, pages) })
	}
}

func fanOut(b *testing.B, pages int) {
	h := live.NewHub()
	defer h.Close()
	var awake sync.WaitGroup
	awake.Add(pages)
	for range pages {
		moved, _ := h.Watch("p1", plan.Buyer, "ute")
		go func() {
			for range moved {
				awake.Done()
			}
		}()
	}
	awake.Wait() // they were told who is here
	var writer, last time.Duration
	for b.Loop() {
		awake.Add(pages)
		start := time.Now()
		h.Publish("p1", "")
		writer += time.Since(start)
		awake.Wait()
		last += time.Since(start)
	}
	b.ReportMetric(float64(writer.Microseconds())/float64(b.N), "µs/writer")
	b.ReportMetric(float64(last.Microseconds())/float64(b.N), "µs/last-page")
	b.ReportMetric(0, "ns/op")
}
