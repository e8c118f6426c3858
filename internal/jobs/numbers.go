package jobs

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// numbers count what became of jobs. Their labels are kinds of jobs, which the
// program names.
type numbers struct {
	ended *prometheus.CounterVec
}

func newNumbers(reg prometheus.Registerer, db Database) *numbers {
	n := &numbers{ended: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tandem_jobs_total",
		Help: "Attempts at jobs, by what became of them: done, failed (tried again later), given up."}, []string{"kind", "result"})}
	if reg != nil {
		reg.MustRegister(n.ended, given{db: db, desc: prometheus.NewDesc("tandem_jobs_given_up",
			"Jobs that were given up and are kept to be looked at.", nil, nil)})
	}
	return n
}

func (n *numbers) count(kind, result string) { n.ended.WithLabelValues(kind, result).Inc() }

// given counts in the database, where also those are that no attempt has told
// of: of a job that takes its process with it every time.
type given struct {
	db   Database
	desc *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (g given) Describe(to chan<- *prometheus.Desc) { to <- g.desc }

// Collect implements prometheus.Collector. When the database does not answer
// there is no such number.
func (g given) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if n, err := g.db.Discarded(ctx); err == nil {
		to <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, float64(n))
	}
}
