package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/prometheus/client_golang/prometheus"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/exchange/csv"
	"tandem/internal/exchange/xlsx"
	"tandem/internal/jobs"
	"tandem/internal/live"
	"tandem/internal/locale"
	"tandem/internal/mail"
	"tandem/internal/plan"
	"tandem/internal/store/postgres"
	"tandem/internal/store/sqlite"
	"tandem/internal/web"
)

type serveCmd struct {
	speech
	config.Config
	File kong.ConfigFlag `name:"config" help:"JSON file with any of these settings." placeholder:"FILE" env:"TANDEM_CONFIG"`
}

func (c *serveCmd) Run(w *world) error {
	l, err := c.locale(w, "")
	if err != nil {
		return err
	}
	if err := checked(l, &c.Config); err != nil {
		return err
	}
	log := logger(w.Err, &c.Config)
	h, err := open(w.ctx, &c.Config, log)
	if err != nil {
		return err
	}
	defer h.close()
	ln, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Addr, err)
	}
	base := c.base(ln.Addr())
	secret, err := h.service.Setup(w.ctx)
	if err != nil {
		return err
	}
	if secret != "" {
		fmt.Fprintln(w.Out, l.T("cli.setup", "url", base+"/setup/"+string(secret)))
	}
	if !c.Mail.On() {
		fmt.Fprintln(w.Out, l.T("cli.mail.off"))
	}
	if !h.service.Files().On() {
		fmt.Fprintln(w.Out, l.T("file.cli.off"))
	}
	fmt.Fprintln(w.Out, l.T("cli.listening", "addr", base))
	return h.serve(w.ctx, ln, base, false)
}

// base is the address in links: as configured, else the one listened on.
func (c *serveCmd) base(addr net.Addr) string { return baseURL(&c.Config, addr) }

func baseURL(c *config.Config, addr net.Addr) string {
	if c.BaseURL != "" {
		return strings.TrimRight(c.BaseURL, "/")
	}
	host, port, _ := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// checked names every mistake of a configuration at once.
func checked(l *locale.Locale, c *config.Config) error {
	var words []string
	for _, p := range c.Check() {
		words = append(words, l.T(p.Key, "Value", p.Value))
	}
	if len(words) == 0 {
		return nil
	}
	return wrong("cli.config", "problems", strings.Join(words, "; "))
}

func logger(w io.Writer, c *config.Config) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // checked before
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// store is what a database has to offer.
type store interface {
	app.Store
	jobs.Database
	Check(context.Context) error
	Close() error
}

// house is a server with everything wired.
type house struct {
	config  *config.Config
	log     *slog.Logger
	store   store
	hub     *live.Hub
	metrics *prometheus.Registry
	service *app.Service
	post    *mail.Post               // nil: no mail is sent
	shown   func() []web.MailboxMail // the mailbox of the demo
	dates   calendars
}

// openStore opens the database of a configuration.
func openStore(ctx context.Context, c *config.Config) (store, error) {
	if c.DB.Postgres() {
		s, err := postgres.Open(ctx, string(c.DB))
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", c.DB, err)
		}
		return s, nil
	}
	s, err := sqlite.Open(ctx, string(c.DB))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", c.DB, err)
	}
	return s, nil
}

func open(ctx context.Context, c *config.Config, log *slog.Logger) (*house, error) {
	st, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	h, err := newHouse(c, log, st, nil)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return h, nil
}

// newHouse wires a service over a store; clock is the real one if nil.
func newHouse(c *config.Config, log *slog.Logger, st store, clock func() time.Time) (*house, error) {
	post, err := newPost(c, log, clock)
	if err != nil {
		return nil, err
	}
	files, err := filing(c)
	if err != nil {
		return nil, err
	}
	h := &house{post: post, config: c, log: log, store: st, hub: live.NewHub(), metrics: prometheus.NewRegistry()}
	h.service = app.New(st, app.Options{Publisher: web.CountCommits(h.everywhere(), h.metrics), Clock: clock,
		Mailer: mailer(h.post), Inbox: inboxing(c, st), Calendars: h.dates.options(), Files: files})
	return h, nil
}

func (h *house) close() {
	h.hub.Close()
	if h.post != nil {
		h.post.Close()
	}
	if err := h.store.Close(); err != nil {
		h.log.Error("close the store", "error", err)
	}
}

// serve answers until the context ends, then lets what is under way finish.
func (h *house) serve(ctx context.Context, ln net.Listener, base string, demo bool) error {
	site, err := web.New(web.Config{App: h.service, Hub: h.hub, Ready: h.store.Check, Base: base, Demo: demo, Mailbox: h.shown, Operator: h.config.Operator,
		TrustedProxies: h.config.Proxies(), Log: h.log, Registry: h.metrics, MetricsToken: h.config.MetricsToken, ReadTable: ReadTable, Machines: h.programs(base), MailHook: h.mailHook(),
		Tables: map[string]web.Encoder{"csv": csv.Encode, "xlsx": xlsx.Encode}})
	if err != nil {
		return err
	}
	passkeys, providers, err := ways(h.config, base)
	if err != nil {
		return err
	}
	h.service.SignsInWith(passkeys, providers)
	h.dates.reach(base)
	if h.post != nil {
		h.post.Reach(base)
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	runner, err := jobs.Start(ctx, h.store, h.service, jobs.Options{Log: h.log, Registry: h.metrics})
	if err != nil {
		return err
	}
	go h.follow(work)
	stopMail, err := h.receive(work, base)
	if err != nil {
		return errors.Join(err, runner.Stop(ctx))
	}

	server := site.HTTP(ln.Addr().String())
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(ln) }()
	var broken error
	select {
	case broken = <-failed:
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.config.Grace)
	defer cancel()
	rested := make(chan error, 1)
	go func() { rested <- errors.Join(stopMail(grace), runner.Stop(grace)) }()
	if broken != nil {
		return errors.Join(broken, <-rested)
	}
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(err, server.Close(), <-rested)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, <-rested)
	}
	return <-rested
}

// follow hears what other machines changed: their changes are read from the
// log when the plan is opened next, and open pages are woken.
func (h *house) follow(ctx context.Context) {
	pg, ok := h.store.(*postgres.Store)
	if !ok {
		return
	}
	err := pg.Listen(ctx, func(id plan.ID, side plan.Side) {
		h.service.Moved(id)
		if id == "" {
			h.hub.PublishAll()
			return
		}
		h.hub.Publish(id, side)
	}, h.hub.Dismiss)
	if err != nil && ctx.Err() == nil {
		h.log.Error("listen for changes of other machines", "error", err)
	}
}
