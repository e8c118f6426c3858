package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// metrics are the server's numbers. Their labels are route patterns and
// statuses, never an id or a name.
type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	watchers prometheus.Gauge
	renders  *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tandem_http_requests_total",
			Help: "Requests answered."}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tandem_http_request_seconds",
			Help: "How long answers took; live streams not counted.", Buckets: prometheus.ExponentialBuckets(0.0005, 2.5, 11)}, []string{"route"}),
		watchers: prometheus.NewGauge(prometheus.GaugeOpts{Name: "tandem_watchers", Help: "Open live streams."}),
		renders: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tandem_plan_renders_total",
			Help: "Plan pages wanted, by whether they were rendered or kept."}, []string{"from"}),
	}
	reg.MustRegister(m.requests, m.duration, m.watchers, m.renders)
	return m
}

func (m *metrics) request(route, method string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	if route != liveRoute {
		m.duration.WithLabelValues(route).Observe(took.Seconds())
	}
}

// CountCommits counts the changes that were committed: every one is published.
func CountCommits(next app.Publisher, reg prometheus.Registerer) app.Publisher {
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: "tandem_commits_total", Help: "Changes of plans committed."})
	reg.MustRegister(c)
	return counting{next, c}
}

type counting struct {
	next  app.Publisher
	count prometheus.Counter
}

// Publish counts, then tells.
func (c counting) Publish(planID plan.ID, side plan.Side) {
	c.count.Inc()
	c.next.Publish(planID, side)
}

// Dismiss tells.
func (c counting) Dismiss(planID, person plan.ID) { c.next.Dismiss(planID, person) }
