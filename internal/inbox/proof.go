package inbox

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/publicsuffix"
)

// Resolver asks the domain name system; net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Peer is who handed a mail over by SMTP.
type Peer struct {
	IP     net.IP
	Helo   string
	Sender string // on the envelope; empty: <>
}

// Prover finds out whether the domain that a mail names as its author's really
// sent it.
type Prover struct {
	Resolver Resolver
	// Trusted are the names (authserv-id, RFC 8601) of mail servers whose
	// Authentication-Results are believed: those that took the mail for us. "none"
	// stands for headers without a name, as Exchange Online writes them.
	Trusted []string
}

// proofTime is how long the questions about one mail may take.
const proofTime = 20 * time.Second

// Prove answers "dkim", "spf" or "server" by what proves the author's domain,
// and with nothing if nothing does. A peer is known only when the mail came
// from its sender's own server, not from one of ours.
func (p *Prover) Prove(ctx context.Context, raw []byte, from string, peer *Peer) string {
	_, domain, ok := strings.Cut(from, "@")
	if !ok {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, proofTime)
	defer cancel()
	switch {
	case p.signed(ctx, raw, domain):
		return "dkim"
	case peer != nil && p.allowed(ctx, *peer, domain):
		return "spf"
	case p.vouched(raw, domain):
		return "server"
	}
	return ""
}

// signed: a DKIM signature of the author's domain covers the mail, and its
// Message-ID: without that it could be sent once more under another.
func (p *Prover) signed(ctx context.Context, raw []byte, domain string) bool {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(crlf(raw)), &dkim.VerifyOptions{MaxVerifications: 5,
		LookupTXT: func(name string) ([]string, error) { return p.Resolver.LookupTXT(ctx, name) }})
	if err != nil && len(found) == 0 {
		return false
	}
	for _, v := range found {
		covers := slices.ContainsFunc(v.HeaderKeys, func(k string) bool { return strings.EqualFold(k, "Message-Id") })
		if v.Err == nil && covers && aligned(v.Domain, domain) {
			return true
		}
	}
	return false
}

// crlf gives every line the end with which it was signed.
func crlf(raw []byte) []byte {
	if bytes.Contains(raw, []byte("\r\n")) {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}

// allowed: the author's domain, which is also the envelope's, lets the peer
// send for it.
func (p *Prover) allowed(ctx context.Context, peer Peer, domain string) bool {
	_, sender, ok := strings.Cut(peer.Sender, "@")
	if !ok || peer.IP == nil || !aligned(sender, domain) {
		return false
	}
	result, _ := spf.CheckHostWithSender(peer.IP, peer.Helo, peer.Sender, spf.WithResolver(p.Resolver), spf.WithContext(ctx))
	return result == spf.Pass
}

// vouched: a server we trust has written on top of the mail that it checked.
// Only the topmost of its headers counts: the sender can write others below.
func (p *Prover) vouched(raw []byte, domain string) bool {
	if len(p.Trusted) == 0 {
		return false
	}
	head, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw))).ReadMIMEHeader()
	if err != nil && len(head) == 0 {
		return false
	}
	for _, value := range head["Authentication-Results"] {
		value = strings.TrimSpace(value)
		if first, _, _ := strings.Cut(value, ";"); strings.Contains(first, "=") {
			value = "none; " + value
		}
		id, results, err := authres.Parse(value)
		if err != nil || !p.trusts(id) {
			continue
		}
		for _, r := range results {
			if passed(r, domain) {
				return true
			}
		}
		return false
	}
	return false
}

func (p *Prover) trusts(id string) bool {
	for _, t := range p.Trusted {
		if strings.EqualFold(t, id) {
			return true
		}
	}
	return false
}

func passed(r authres.Result, domain string) bool {
	switch r := r.(type) {
	case *authres.DKIMResult:
		signer := r.Domain
		if signer == "" {
			signer = domainOf(r.Identifier)
		}
		return r.Value == authres.ResultPass && aligned(signer, domain)
	case *authres.SPFResult:
		return r.Value == authres.ResultPass && aligned(domainOf(r.From), domain)
	case *authres.DMARCResult:
		return r.Value == authres.ResultPass && strings.EqualFold(r.From, domain)
	}
	return false
}

func domainOf(s string) string {
	if a, err := mail.ParseAddress(s); err == nil {
		s = a.Address
	}
	if _, d, ok := strings.Cut(s, "@"); ok {
		return d
	}
	return s
}

// aligned compares domains as DMARC does where nothing stricter is asked:
// both belong to one organisation.
func aligned(a, b string) bool {
	a, b = organisation(a), organisation(b)
	return a != "" && a == b
}

func organisation(domain string) string {
	domain = strings.ToLower(strings.Trim(strings.TrimSpace(domain), "."))
	o, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return o
}
