package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/emersion/go-sasl"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/inbox"
	"tandem/internal/web"
)

// inboxing is how the application receives mail.
func inboxing(c *config.Config, st app.InboxStore) app.Inboxing {
	return app.Inboxing{Store: st, Address: c.MailIn.MailInAddress, Read: inbox.Read}
}

func (h *house) prover() *inbox.Prover {
	return &inbox.Prover{Resolver: net.DefaultResolver, Trusted: h.config.MailIn.MailTrust}
}

// mailHook is what the web server hands mails to.
func (h *house) mailHook() web.MailHook {
	if !h.config.MailIn.Receives() {
		return web.MailHook{}
	}
	return web.MailHook{Token: string(h.config.MailIn.MailHookToken), Take: func(ctx context.Context, raw []byte, receivers []string) error {
		return inbox.Take(ctx, h.service, h.prover(), raw, receivers)
	}}
}

// receive opens every way by which mail comes in; stop closes them and lets
// what is under way finish.
func (h *house) receive(ctx context.Context, base string) (stop func(context.Context) error, err error) {
	m := &h.config.MailIn
	var closers []func(context.Context) error
	stop = func(ctx context.Context) error {
		var errs []error
		for _, c := range closers {
			errs = append(errs, c(ctx))
		}
		return errors.Join(errs...)
	}
	if !m.Receives() {
		return stop, nil
	}
	tls, err := m.ListenTLS()
	if err != nil {
		return stop, fmt.Errorf("certificate for mail: %w", err)
	}
	name := "localhost"
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		name = u.Hostname()
	}
	for _, way := range []struct {
		addr string
		lmtp bool
	}{{m.MailListen, false}, {m.MailListenLMTP, true}} {
		if way.addr == "" {
			continue
		}
		ln, err := inbox.ListenAddr(way.addr)
		if err != nil {
			return stop, errors.Join(fmt.Errorf("listen for mail on %s: %w", way.addr, err), stop(ctx))
		}
		l := inbox.NewListener(inbox.ListenerConfig{Receiver: h.service, Prover: h.prover(), Domain: name, TLS: tls, LMTP: way.lmtp,
			Behind: !m.MailTrustPeer, Log: h.log})
		go func() {
			if err := l.Serve(ln); err != nil {
				h.log.Error("the mail listener stopped", "error", err)
			}
		}()
		closers = append(closers, l.Shutdown)
	}
	if m.IMAPAddr != "" {
		box, err := h.mailbox()
		if err != nil {
			return stop, errors.Join(err, stop(ctx))
		}
		closers = append(closers, run(ctx, box.Run))
	}
	return stop, nil
}

// run does something in the background until it is stopped.
func run(ctx context.Context, do func(context.Context)) (stop func(context.Context) error) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { do(ctx) })
	return func(context.Context) error {
		cancel()
		done.Wait()
		return nil
	}
}

func (h *house) mailbox() (*inbox.Mailbox, error) {
	m := &h.config.MailIn
	tokens, err := tokenSource(h.config)
	if err != nil {
		return nil, err
	}
	var signIn func(context.Context) (sasl.Client, error)
	var refused func()
	if tokens != nil {
		signIn, refused = tokens.Mechanism(m.IMAPUser), tokens.Forget
	}
	return inbox.NewMailbox(inbox.MailboxConfig{Receiver: h.service, Prover: h.prover(), Addr: m.IMAPAddr, Security: m.IMAPSecurity,
		User: m.IMAPUser, Password: m.IMAPSecret(), SignIn: signIn, Refused: refused, Folder: m.IMAPFolder, Done: m.IMAPDone, Every: max(m.IMAPEvery, time.Second), Log: h.log}), nil
}
