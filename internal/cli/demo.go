package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/mail"
	"tandem/internal/plan"
	"tandem/internal/web"
)

type demoCmd struct {
	speech
	Addr string     `help:"Address to listen on." default:"127.0.0.1:8080"`
	DB   config.DSN `help:"SQLite file or postgres://… to keep the demo in; without it the demo lies in a temporary file and goes with it."`
}

// shifting is a clock that can be set back while the demo's past is made.
type shifting struct{ back atomic.Int64 }

func (c *shifting) now() time.Time { return time.Now().Add(-time.Duration(c.back.Load())) }

func (c *demoCmd) Run(w *world) error {
	l, err := c.locale(w, "")
	if err != nil {
		return err
	}
	settings := config.Config{Addr: c.Addr, DB: c.DB, LogLevel: "warn", LogFormat: "text", Grace: 2 * time.Second, Operator: "Acme Cloud"}
	if c.DB == "" {
		dir, err := os.MkdirTemp("", "tandem-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		settings.DB = config.DSN(filepath.Join(dir, "demo.db"))
	}
	box, err := mail.OpenMailbox()
	if err != nil {
		return err
	}
	defer box.Close()
	settings.Mail = config.Mail{SMTPAddr: box.Addr(), SMTPSecurity: string(mail.Clear), From: "Acme Cloud <plaene@acme.example>"}
	if err := checked(l, &settings); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Addr, err)
	}
	st, err := openStore(w.ctx, &settings)
	if err != nil {
		return err
	}
	clock := &shifting{}
	h, err := newHouse(&settings, logger(w.Err, &settings), st, clock.now)
	if err != nil {
		return errors.Join(err, st.Close())
	}
	defer h.close()
	base := baseURL(&settings, ln.Addr())
	h.post.Reach(base)
	h.shown = func() []web.MailboxMail {
		var out []web.MailboxMail
		for _, m := range box.Mails() {
			out = append(out, web.MailboxMail(m))
		}
		return out
	}

	links, err := stage(w.ctx, h.service, clock, l.Lang)
	if err != nil {
		return fmt.Errorf("prepare the demo: %w", err)
	}
	clock.back.Store(0)
	fmt.Fprintln(w.Out, l.T("cli.ready.seller", "url", base+links.seller))
	fmt.Fprintln(w.Out, l.T("cli.ready.buyer", "url", base+links.buyer))
	fmt.Fprintln(w.Out, l.T("cli.ready.owner", "url", base+links.owner))
	fmt.Fprintln(w.Out, l.T("cli.ready.mail", "url", base+"/demo/mail"))
	fmt.Fprintln(w.Out, l.T("cli.demo.note", "file", settings.DB.String()))
	slog.SetDefault(h.log)
	return h.serve(w.ctx, ln, base, true)
}

// entrances of the demo, as paths.
type entrances struct{ seller, buyer, owner string }

// stage makes the demo's workspace and plans through the same use cases that
// people use, with the clock set back so that they have a past.
func stage(ctx context.Context, s *app.Service, clock *shifting, lang string) (entrances, error) {
	d := &director{ctx: ctx, s: s, clock: clock, t: scripts[lang], lang: lang, mail: s.MailOn()}
	if err := d.found(); err != nil {
		return entrances{}, err
	}
	for _, scene := range []func() error{d.teaches, d.team, d.decided, d.learned, d.draft, d.onePage, d.shared, d.talking, d.agreed, d.deals} {
		if err := scene(); err != nil {
			return entrances{}, err
		}
	}
	d.goTo(time.Now())
	if err := s.CatchUpPortfolios(ctx); err != nil {
		return entrances{}, err
	}
	if d.failed != nil {
		return entrances{}, fmt.Errorf("the demo's mails: %w", d.failed)
	}
	clock.back.Store(0)
	seller, err := s.DemoLink(ctx, app.Pass{Kind: app.MemberPass, Member: d.seller.Member.ID})
	if err != nil {
		return entrances{}, err
	}
	buyer, err := s.DemoLink(ctx, app.Pass{Kind: app.PersonalPass, Plan: d.main, Person: d.chen, Side: plan.Buyer})
	if err != nil {
		return entrances{}, err
	}
	owner, err := d.mineOf(d.brandt)
	return entrances{seller: "/in/" + string(seller) + "?to=/plans/" + string(d.main), buyer: "/me/" + string(buyer), owner: owner}, err
}
