// Package web is the product in a browser: routes, sessions and handlers, the
// live stream, and what goes in and out as files. Pages are made by package
// view from what the use cases of package app give; nothing is decided here.
//
// Handlers return errors. One place (error.go) renders them as a page in the
// reader's language and logs them. Logs name routes by their pattern, never by
// their path, because paths hold ids and the secrets of links.
package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/sheet"
)

// Hub tells which plans moved and who has them open.
type Hub interface {
	// Watch registers an open page of a person on a side. The channel holds
	// at most one signal, however often the plan moved since it was read; it
	// also signals when somebody comes or goes. Stop ends it.
	Watch(planID plan.ID, side plan.Side, person plan.ID) (moved <-chan struct{}, stop func())
	// Watching lists the persons who have the plan open now, each once.
	Watching(planID plan.ID) []plan.ID
}

// Encoder writes a plan's table in a file format.
type Encoder func(w io.Writer, t sheet.Table) error

// Config is what a server is made of.
type Config struct {
	App   *app.Service
	Hub   Hub
	Ready func(context.Context) error // nil: always; else whether the store answers
	Base  string                      // where people reach the server, e.g. "https://plans.example.com"; stands in links

	Demo     bool   // opening a personal or a member's link signs in at once: for fictitious data only
	Operator string // who runs the server, shown where people write what only their side sees

	// TrustedProxies are the networks of proxies whose X-Forwarded-For is
	// believed; only for limits by address.
	TrustedProxies []netip.Prefix
	// EntryRate is how many times a second one address may use links and
	// give names, EntryBurst how many at once; 1 and 30 if zero.
	EntryRate  float64
	EntryBurst int
	// AskRate and AskBurst are the same for one mail address and wishes to
	// sign in with it; one in three minutes and 5 if zero.
	AskRate  float64
	AskBurst int

	Log      *slog.Logger         // slog.Default if nil
	Registry *prometheus.Registry // a new one if nil
	// MetricsToken is the bearer token that /metrics asks for. Without one,
	// only direct connections from this machine are answered.
	MetricsToken string

	// Mailbox lists the mails of the demo's mailbox, the newest first; nil
	// where there is none, which is everywhere but in the demo.
	Mailbox func() []MailboxMail

	// MailHook takes mail by HTTP; none if empty.
	MailHook MailHook

	// ReadTable reads an uploaded or pasted table; the name of the file may
	// be empty. Faults are for people.
	ReadTable func(name string, data []byte) (sheet.Grid, error)
	// Machines are addresses for programs, which bring a token.
	Machines []Machine
	// Tables are the formats a plan's table can be taken away in, by the
	// ending of the file: "csv", "xlsx".
	Tables map[string]Encoder
}

// Server answers browsers. Make one with New.
type Server struct {
	Config
	base     *url.URL
	metrics  *metrics
	entries  *limiter
	feeds    *limiter      // calendars come in crowds from few addresses
	askers   *limiter      // mail addresses for which somebody wants to sign in
	pages    planPages     // plan_*.go
	beat     time.Duration // of live streams
	shots    *shots
	kept     *keptAnswers
	leaving  context.Context // ends when the server shuts down
	leave    context.CancelFunc
	patterns []string // of all routes, in the order of routes.go
	handlers http.Handler
}

// New makes a server. It fails if the configuration cannot work.
func New(c Config) (*Server, error) {
	base, err := url.Parse(c.Base)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.Path != "" && base.Path != "/" {
		return nil, fmt.Errorf("web: base address %q is not of the form https://host[:port]", c.Base)
	}
	if c.App == nil || c.Hub == nil || c.ReadTable == nil {
		return nil, errors.New("web: a server needs a service, a hub and a reader of tables")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Registry == nil {
		c.Registry = prometheus.NewRegistry()
	}
	s := &Server{Config: c, base: base, beat: heartbeat, shots: newShots(shotBytes), kept: newKept(keptBytes)}
	s.metrics = newMetrics(c.Registry)
	s.entries = newLimiter(cmp.Or(c.EntryRate, 1), cmp.Or(c.EntryBurst, 30), c.App.Now)
	s.feeds = newLimiter(10, 300, c.App.Now)
	s.askers = newLimiter(cmp.Or(c.AskRate, 1.0/180), cmp.Or(c.AskBurst, 5), c.App.Now)
	s.leaving, s.leave = context.WithCancel(context.Background())
	s.pages = pagesOfPlan{s}
	table := s.routes()
	s.patterns, s.handlers = table.patterns, s.around(table.mux)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handlers.ServeHTTP(w, r) }

// secure reports that people reach the server by https.
func (s *Server) secure() bool { return s.base.Scheme == "https" }

// link is the whole address of a path.
func (s *Server) link(path string) string { return s.base.Scheme + "://" + s.base.Host + path }

// HTTP is the HTTP server around s with its time limits. Its Shutdown ends the
// live streams, which pages take up again elsewhere.
func (s *Server) HTTP(address string) *http.Server {
	h := &http.Server{
		Addr:              address,
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second, // an upload over a slow line
		WriteTimeout:      60 * time.Second, // live streams set their own
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	h.RegisterOnShutdown(s.leave)
	return h
}
