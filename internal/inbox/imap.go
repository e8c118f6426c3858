package inbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"tandem/internal/app"
)

// MailboxConfig of a mailbox that is looked into by IMAP.
type MailboxConfig struct {
	Receiver Receiver
	Prover   *Prover
	Addr     string // host:port
	Security string // "tls", "starttls", or "none" on this machine
	TLS      *tls.Config
	User     string
	Password string
	// SignIn makes the mechanism to sign in with instead of a password, e.g.
	// XOAUTH2 with a fresh token.
	SignIn  func(ctx context.Context) (sasl.Client, error)
	Refused func() // told that the server did not take the token; nil: nobody
	Folder  string // INBOX if empty
	// Done is the folder handled mails are moved to; empty: they stay, as seen.
	Done  string
	Every time.Duration // how long to wait between looks; with IDLE also at new mail
	Log   *slog.Logger
}

// Mailbox fetches mail by IMAP. A mail is marked as seen only after it is kept;
// what is not for addresses of this server is left alone.
type Mailbox struct {
	c     MailboxConfig
	alien map[imap.UID]bool // not ours: passed over until the folder is made anew
	epoch uint32            // UIDVALIDITY of the folder
}

// NewMailbox makes a mailbox; Run looks into it.
func NewMailbox(c MailboxConfig) *Mailbox {
	if c.Folder == "" {
		c.Folder = "INBOX"
	}
	if c.Every <= 0 {
		c.Every = time.Minute
	}
	return &Mailbox{c: c, alien: map[imap.UID]bool{}}
}

// Run looks into the mailbox until the context ends. When the server cannot be
// reached it waits, twice as long each time, at most 15 minutes.
func (b *Mailbox) Run(ctx context.Context) {
	wait := time.Second
	for ctx.Err() == nil {
		began := time.Now()
		err := b.stay(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > 10*time.Minute {
			wait = time.Second
		}
		b.c.Log.Warn("the mailbox cannot be read", "again-in", wait.String(), "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, 15*time.Minute)
	}
}

// stay keeps one connection and looks whenever there is something new.
func (b *Mailbox) stay(ctx context.Context) error {
	news := make(chan struct{}, 1)
	c, err := b.connect(ctx, news)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	for {
		n, err := b.look(ctx, c)
		if err != nil {
			return err
		}
		if n > 0 {
			continue // more may have come while those were handled
		}
		if err := b.await(ctx, c, news); err != nil {
			return err
		}
	}
}

// Look connects, handles what is new, and leaves.
func (b *Mailbox) Look(ctx context.Context) error {
	c, err := b.connect(ctx, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	if _, err := b.look(ctx, c); err != nil {
		return err
	}
	return c.Logout().Wait()
}

// await waits for new mail: told by IDLE where the server can, else for a while.
func (b *Mailbox) await(ctx context.Context, c *imapclient.Client, news <-chan struct{}) error {
	after := time.NewTimer(b.c.Every)
	defer after.Stop()
	var idle *imapclient.IdleCommand
	if c.Caps().Has(imap.CapIdle) {
		var err error
		if idle, err = c.Idle(); err != nil {
			return fmt.Errorf("idle: %w", err)
		}
	}
	select {
	case <-ctx.Done():
	case <-c.Closed():
		return errors.New("the server closed the connection")
	case <-news:
	case <-after.C:
	}
	if idle != nil {
		if err := idle.Close(); err != nil {
			return fmt.Errorf("idle: %w", err)
		}
		if err := idle.Wait(); err != nil {
			return fmt.Errorf("idle: %w", err)
		}
	}
	return ctx.Err()
}

func (b *Mailbox) connect(ctx context.Context, news chan<- struct{}) (*imapclient.Client, error) {
	host, _, err := net.SplitHostPort(b.c.Addr)
	if err != nil {
		return nil, err
	}
	conf := b.c.TLS.Clone()
	if conf == nil {
		conf = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if conf.ServerName == "" {
		conf.ServerName = host
	}
	o := &imapclient.Options{TLSConfig: conf, Dialer: &net.Dialer{Timeout: 30 * time.Second}}
	if news != nil {
		o.UnilateralDataHandler = &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				select {
				case news <- struct{}{}:
				default:
				}
			}
		}}
	}
	dial := imapclient.DialTLS
	switch b.c.Security {
	case "starttls":
		dial = imapclient.DialStartTLS
	case "none":
		dial = imapclient.DialInsecure
	}
	c, err := dial(b.c.Addr, o)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if err := b.signIn(ctx, c); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (b *Mailbox) signIn(ctx context.Context, c *imapclient.Client) error {
	if b.c.SignIn == nil {
		if err := c.Login(b.c.User, b.c.Password).Wait(); err != nil {
			return errors.New("sign in: the mail server does not take the user and password")
		}
		return nil
	}
	mechanism, err := b.c.SignIn(ctx)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if err := c.Authenticate(mechanism); err != nil {
		if b.c.Refused != nil {
			b.c.Refused()
		}
		return errors.New("sign in: the mail server does not take the token")
	}
	return nil
}

// look handles every mail that was not seen yet, and says how many there were.
func (b *Mailbox) look(ctx context.Context, c *imapclient.Client) (int, error) {
	folder, err := c.Select(b.c.Folder, nil).Wait()
	if err != nil {
		return 0, fmt.Errorf("open the folder: %w", err)
	}
	if folder.UIDValidity != b.epoch {
		b.epoch, b.alien = folder.UIDValidity, map[imap.UID]bool{}
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}}, nil).Wait()
	if err != nil {
		return 0, fmt.Errorf("search: %w", err)
	}
	n := 0
	uids := found.AllUIDs()
	slices.Sort(uids)
	for _, uid := range uids {
		if b.alien[uid] {
			continue
		}
		if err := b.one(ctx, c, uid); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (b *Mailbox) one(ctx context.Context, c *imapclient.Client, uid imap.UID) error {
	ours, err := b.ours(ctx, c, uid)
	if err != nil {
		return err
	}
	var raw []byte
	if ours {
		if raw, err = fetch(c, uid, imap.PartSpecifierNone); err != nil {
			return err
		}
	}
	if raw == nil {
		b.alien[uid] = true // somebody else's, too large to be an answer, or gone
		return nil
	}
	switch err := Take(ctx, b.c.Receiver, b.c.Prover, raw, nil); {
	case errors.Is(err, app.ErrNotFound), errors.Is(err, app.ErrNoMail):
		b.alien[uid] = true
		return nil
	case err != nil:
		return fmt.Errorf("keep a mail: %w", err)
	}
	set := imap.UIDSetNum(uid)
	if err := c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close(); err != nil {
		return fmt.Errorf("mark a mail as seen: %w", err)
	}
	if b.c.Done == "" {
		return nil
	}
	if _, err := c.Move(set, b.c.Done).Wait(); err != nil {
		return fmt.Errorf("move a mail: %w", err)
	}
	return nil
}

// ours looks at a mail's size and head only: a mailbox may hold other things.
func (b *Mailbox) ours(ctx context.Context, c *imapclient.Client, uid imap.UID) (bool, error) {
	sizes, err := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{RFC822Size: true, UID: true}).Collect()
	if err != nil {
		return false, fmt.Errorf("fetch: %w", err)
	}
	if len(sizes) != 1 || sizes[0].RFC822Size > MaxMail {
		return false, nil
	}
	head, err := fetch(c, uid, imap.PartSpecifierHeader)
	if err != nil {
		return false, err
	}
	m, err := Read(head)
	if err != nil {
		return false, nil //nolint:nilerr // no mail of ours
	}
	for _, to := range m.To {
		_, err := b.c.Receiver.ResolveAddress(ctx, to)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, app.ErrNotFound) {
			return false, err
		}
	}
	return false, nil
}

// fetch reads a part of a mail without marking it; nil if it is beyond the
// limit.
func fetch(c *imapclient.Client, uid imap.UID, part imap.PartSpecifier) ([]byte, error) {
	section := &imap.FetchItemBodySection{Peek: true, Specifier: part}
	found, err := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	if len(found) != 1 {
		return nil, nil
	}
	raw := found[0].FindBodySection(section)
	if len(raw) > MaxMail {
		return nil, nil
	}
	return raw, nil
}

// Take hands over a mail of which only the text is known: fetched from a
// mailbox, or handed in whole. Receivers are those of the envelope, if known,
// else those its head names.
func Take(ctx context.Context, r Receiver, p *Prover, raw []byte, receivers []string) error {
	m, err := Read(raw)
	if err != nil {
		return app.ErrNoMail
	}
	if len(receivers) == 0 {
		receivers = m.To
	}
	return r.Receive(ctx, app.Arrival{Raw: raw, To: receivers, Proof: p.Prove(ctx, raw, m.From, nil)})
}
