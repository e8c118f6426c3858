package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
)

// Signing in by mail. A browser gives an address and keeps a secret; a letter
// brings a link and a code. The link works once, for ten minutes, in that
// browser; the code typed there does the same.
//
// Asking writes the same rows whatever the address is: who has it is found out
// when the letter is written. So neither the answer nor the time it takes tell
// whether there is an account.
const (
	signInLife = 10 * time.Minute // of link and code, since the letter was written
	askedLife  = 10 * time.Minute // in which a letter is written at all
	codeDigits = 8
	codeTries  = 5
)

// JobSweepIdentity forgets requests to sign in, ceremonies and sessions that
// are over.
const JobSweepIdentity = "identity-sweep"

// identity registers what signing in needs; while the service is made.
func (s *Service) identity() {
	s.compose(LetterSignIn, s.composeSignIn)
	s.compose(LetterWelcome, s.composeWelcome)
	s.compose(LetterNewWay, s.composeNewWay)
	s.every(JobSweepIdentity, time.Hour, func(ctx context.Context, _ []byte) error {
		return s.logins.SweepIdentity(ctx, s.clock())
	})
}

// AskSignIn writes that a browser wants to sign in with an address, and has a
// letter sent if somebody has it. It returns what the browser keeps. Anybody
// may ask; the caller limits how often.
func (s *Service) AskSignIn(ctx context.Context, c Caller, email, language string) (Secret, error) {
	if !s.MailOn() {
		return "", fault.New(fault.Unready, "identity.fault.no-mail")
	}
	email = strings.TrimSpace(email)
	if err := checkEmail(email); err != nil {
		return "", err
	}
	browser, now := s.newSecret(), s.clock()
	r := SignInRequest{ID: s.NewID(), Browser: browser.Hash(), Address: email, Agent: c.Agent, Language: language, Created: now, Expires: now.Add(askedLife + signInLife)}
	if err := s.logins.SaveSignIn(ctx, r); err != nil {
		return "", err
	}
	return browser, s.post(ctx, Letter{Kind: LetterSignIn, Ref: r.ID})
}

// AskedSignIn is what a browser asked for, while it may still type the code.
func (s *Service) AskedSignIn(ctx context.Context, browser Secret) (SignInRequest, error) {
	r, err := s.logins.SignInByBrowser(ctx, browser.Hash())
	if errors.Is(err, ErrNotFound) || err == nil && (r.Used || !s.clock().Before(r.Expires) || r.Tries >= codeTries) {
		return SignInRequest{}, askAgain()
	}
	return r, err
}

func askAgain() error {
	return fault.New(fault.Missing, "identity.fault.over").Fix("identity.fix.ask-again")
}

// accounts are the members with an address that are not switched off.
func (s *Service) accounts(ctx context.Context, email string) ([]Member, error) {
	all, err := s.directory.MembersByEmail(ctx, email)
	return slices.DeleteFunc(all, func(m Member) bool { return !m.Disabled.IsZero() }), err
}

// composeSignIn writes the letter with link and code. To an address nobody
// has there is nothing to say.
func (s *Service) composeSignIn(ctx context.Context, l Letter) (Mail, error) {
	r, err := s.logins.SignIn(ctx, l.Ref)
	if errors.Is(err, ErrNotFound) {
		return Mail{}, errNothingToSay
	}
	if err != nil {
		return Mail{}, err
	}
	members, err := s.accounts(ctx, r.Address)
	if err != nil {
		return Mail{}, err
	}
	if len(members) == 0 {
		return Mail{}, errNothingToSay
	}
	secret, code, now := s.newSecret(), s.newCode(), s.clock()
	err = s.logins.MintSignIn(ctx, r.ID, secret.Hash(), codeHash(r.Browser, code), now.Add(signInLife), now.Add(-askedLife))
	if errors.Is(err, ErrNotFound) { // used, or too late
		return Mail{}, errNothingToSay
	}
	if err != nil {
		return Mail{}, err
	}
	m := members[0]
	w, err := s.workspace(ctx, m.Workspace)
	if err != nil {
		return Mail{}, err
	}
	asked := Said("identity.mail.asked", "Agent", r.Agent)
	if r.Agent == "" {
		asked = Said("identity.mail.asked.somewhere")
	}
	return Mail{
		To:      Reader{Name: m.Name, Email: m.Email, Language: m.Language, Zone: w.zone()},
		Subject: Said("identity.mail.subject"),
		Lead:    []Say{asked, Said("identity.mail.code")},
		Code:    code,
		Button:  &MailLink{Label: Said("identity.mail.go"), Path: "/in/" + string(secret)},
		After:   []Say{Said("identity.mail.browser"), Said("identity.mail.once"), Said("identity.mail.notyou")},
	}, nil
}

// newCode is a number of codeDigits digits.
func (s *Service) newCode() string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(codeDigits), nil)
	limit := new(big.Int).Lsh(big.NewInt(1), 64)
	limit.Sub(limit, new(big.Int).Mod(limit, most)) // or the small numbers came a little more often
	for {
		var b [8]byte
		if _, err := io.ReadFull(s.random, b[:]); err != nil {
			panic("app: no random bytes: " + err.Error())
		}
		if n := new(big.Int).SetBytes(b[:]); n.Cmp(limit) < 0 {
			return fmt.Sprintf("%0*d", codeDigits, n.Mod(n, most))
		}
	}
}

// codeHash is what is stored of a code. A code has few values, so that its
// hash hides it from nobody who reads the database; it lives ten minutes, and
// is good in the browser only whose secret is not in there.
func codeHash(browser []byte, code string) []byte {
	h := sha256.New()
	h.Write([]byte("sign-in code\x00"))
	h.Write(browser)
	h.Write([]byte(code))
	return h.Sum(nil)
}

// typedCode keeps the digits of what was typed: people write spaces and dashes.
func typedCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Opened is what opening a link to sign in shows.
type Opened struct {
	Here  bool // it is the browser that asked: pressing the button signs in
	Asked string
}

// OpenSignIn reads a mailed link in a browser. It changes nothing.
func (s *Service) OpenSignIn(ctx context.Context, browser, link Secret) (Opened, error) {
	if len(link) != 43 {
		return Opened{}, deadLink()
	}
	r, err := s.logins.SignInBySecret(ctx, link.Hash())
	if errors.Is(err, ErrNotFound) || err == nil && (r.Used || !s.clock().Before(r.Until)) {
		return Opened{}, deadLink()
	}
	return Opened{Here: err == nil && len(browser) == 43 && slices.Equal(browser.Hash(), r.Browser), Asked: r.Agent}, err
}

func deadLink() error { return fault.New(fault.Missing, "fault.link.dead").Fix("fix.ask-for-link") }

// SignInByLink uses a mailed link in the browser that asked for it.
func (s *Service) SignInByLink(ctx context.Context, c Caller, browser, link Secret) (Secret, Caller, error) {
	r, err := s.logins.UseSignIn(ctx, link.Hash(), browser.Hash(), s.clock())
	if errors.Is(err, ErrNotFound) {
		return "", Caller{}, deadLink()
	}
	if err != nil {
		return "", Caller{}, err
	}
	return s.mailSignedIn(ctx, c, r)
}

// SignInByCode uses the code of a letter in the browser that asked for it. A
// wrong one costs one of a few tries; right and wrong ones of an address
// nobody has are answered alike.
func (s *Service) SignInByCode(ctx context.Context, c Caller, browser Secret, typed string) (Secret, Caller, error) {
	hash := browser.Hash()
	r, right, err := s.logins.TryCode(ctx, hash, codeHash(hash, typedCode(typed)), codeTries, s.clock())
	if errors.Is(err, ErrNotFound) {
		return "", Caller{}, askAgain()
	}
	if err != nil {
		return "", Caller{}, err
	}
	if !right {
		if left := codeTries - r.Tries; left > 0 {
			return "", Caller{}, fault.New(fault.Invalid, "identity.fault.code", "N", left)
		}
		return "", Caller{}, askAgain()
	}
	return s.mailSignedIn(ctx, c, r)
}

func (s *Service) mailSignedIn(ctx context.Context, c Caller, r SignInRequest) (Secret, Caller, error) {
	members, err := s.accounts(ctx, r.Address)
	if err != nil {
		return "", Caller{}, err
	}
	if len(members) == 0 { // switched off meanwhile
		return "", Caller{}, deadLink()
	}
	return s.signedIn(ctx, c, members[0], WayMail)
}

// composeWelcome tells a new member that they have an account. It holds no
// secret: they sign in as everybody does, with the address it came to.
func (s *Service) composeWelcome(ctx context.Context, l Letter) (Mail, error) {
	m, err := s.directory.Member(ctx, l.Member)
	if errors.Is(err, ErrNotFound) || err == nil && !m.Disabled.IsZero() {
		return Mail{}, errNothingToSay
	}
	if err != nil {
		return Mail{}, err
	}
	w, err := s.workspace(ctx, m.Workspace)
	if err != nil {
		return Mail{}, err
	}
	lead := Said("identity.welcome.lead.nobody", "Workspace", w.Name)
	if by, err := s.directory.Member(ctx, l.Ref); err == nil {
		lead = Said("identity.welcome.lead", "Name", by.Name, "Workspace", w.Name)
	} else if !errors.Is(err, ErrNotFound) {
		return Mail{}, err
	}
	return Mail{
		To:      Reader{Name: m.Name, Email: m.Email, Language: m.Language, Zone: w.zone()},
		Subject: Said("identity.welcome.subject", "Workspace", w.Name),
		Lead:    []Say{lead, Said("identity.welcome.how")},
		Button:  &MailLink{Label: Said("identity.welcome.go"), Path: "/sign-in"},
		After:   []Say{Said("identity.welcome.notyou")},
	}, nil
}
