package inbox_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"log/slog"
	"net"
	"net/smtp"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/miekg/dns"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/inbox"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/store/sqlite"
)

const address = "@plans.acme.example"

// names answers for the domains of the tests, over UDP on this machine.
type names struct {
	*net.Resolver
	keys map[string]ed25519.PrivateKey // by domain; their public halves are in the DNS
}

func newNames(t testing.TB) *names {
	t.Helper()
	n := &names{keys: map[string]ed25519.PrivateKey{}}
	txt := map[string]string{
		"nordwerk.example.": "v=spf1 ip4:127.0.0.1 -all",
		"evil.example.":     "v=spf1 ip4:127.0.0.1 -all",
		"mailbox.example.":  "v=spf1 ip4:192.0.2.1 -all",
	}
	for _, domain := range []string{"nordwerk.example", "evil.example"} {
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		n.keys[domain] = private
		txt["test._domainkey."+domain+"."] = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	}
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		answer := new(dns.Msg)
		answer.SetReply(q)
		text, known := txt[strings.ToLower(q.Question[0].Name)]
		switch {
		case known && q.Question[0].Qtype == dns.TypeTXT:
			answer.Answer = append(answer.Answer, &dns.TXT{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 60}, Txt: []string{text}})
		case !known:
			answer.Rcode = dns.RcodeNameError
		}
		_ = w.WriteMsg(answer)
	})}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown(); _ = conn.Close() })
	at := conn.LocalAddr().String()
	n.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", at)
	}}
	return n
}

// sign signs a mail as a domain does.
func (n *names) sign(t testing.TB, domain string, raw []byte) []byte {
	t.Helper()
	return n.signOver(t, domain, raw, "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
}

func (n *names) signOver(t testing.TB, domain string, raw []byte, heads ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{Domain: domain, Selector: "test", Signer: n.keys[domain],
		HeaderKeys: heads})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// world is a server on which each test makes a deal of its own.
type world struct {
	*app.Service
	*moving
	t      testing.TB
	store  *sqlite.Store
	names  *names
	seller app.Caller
}

// moving is a clock that tests move, and a mailer that keeps what it gets.
type moving struct {
	mu   sync.Mutex
	now  time.Time
	sent []app.Mail
}

func (m *moving) Send(_ context.Context, mail app.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, mail)
	return nil
}

func (m *moving) clock() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *moving) later(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// in is the same world in another test.
func (w *world) in(t testing.TB) *world {
	v := *w
	v.t = t
	return &v
}

func newWorld(t testing.TB) *world {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	w := &world{t: t, store: st, names: newNames(t), moving: &moving{now: time.Date(2028, 5, 2, 7, 0, 0, 0, time.UTC)}}
	w.Service = app.New(st, app.Options{Clock: w.clock, Mailer: w.moving, Inbox: app.Inboxing{Store: st, Address: address, Read: inbox.Read}})
	_, m, err := w.Found(t.Context(), app.Workspace{Name: "Acme Cloud", Language: "de", Zone: "Europe/Berlin", Region: "DE-HH"},
		app.Member{Name: "John Martinez", Email: "john@acme.example", Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	w.seller = app.Caller{Member: &m}
	return w
}

// deal is an agreed plan in which Ute Brandt of the buyer owns a step that a
// step of the seller waits for.
type deal struct {
	*world
	id                     plan.ID
	sarah, ute, klein      plan.ID
	step                   plan.ID
	proposal               plan.ID
	seq                    int64 // of the plan's last event before the mail
	sarahCaller, uteCaller app.Caller
}

func (w *world) deal(access plan.Access) *deal {
	w.t.Helper()
	day := func(m time.Month, d int) civil.Day { return civil.Of(2028, m, d) }
	f := &planfile.Plan{Format: planfile.Format, Title: "Einführung bei Nordwerk", Language: "de", DecideBy: day(6, 30),
		Sides: planfile.Sides{Buyer: planfile.Party{Organisation: "Nordwerk AG"}, Seller: planfile.Party{Organisation: "Acme Cloud"}},
		People: []planfile.Person{
			{ID: "sarah", Name: "Sarah Chen", Side: planfile.Buyer, Email: "s.chen@nordwerk.example"},
			{ID: "ute", Name: "Dr. Ute Brandt", Side: planfile.Buyer, Email: "u.brandt@nordwerk.example"},
			{ID: "klein", Name: "Petra Klein", Side: planfile.Buyer, Email: "p.klein@nordwerk.example"},
			{ID: "john", Name: "John Martinez", Side: planfile.Seller, Email: "john@acme.example"},
		},
		Actions: []planfile.Action{
			{ID: "a1", Title: "Datenschutz prüfen", Side: planfile.Buyer, Owner: "ute", Due: day(5, 24), Status: planfile.Open},
			{ID: "a2", Title: "Vertrag vorlegen", Side: planfile.Seller, Owner: "john", Due: day(6, 7), Status: planfile.Open},
		},
		Links: []planfile.Link{{From: "a1", To: "a2"}}}
	v, err := w.Create(w.t.Context(), w.seller, app.NewPlan{ID: w.NewID(), File: f})
	if err != nil {
		w.t.Fatal(err)
	}
	d := &deal{world: w, id: v.Plan.ID}
	ids := map[string]plan.ID{}
	for _, q := range v.Plan.Everybody() {
		ids[q.Name.Value] = q.ID
	}
	d.sarah, d.ute, d.klein = ids["Sarah Chen"], ids["Dr. Ute Brandt"], ids["Petra Klein"]
	for _, it := range v.Plan.Live(plan.KindAction) {
		if it.Terms.Title.Value == "Datenschutz prüfen" {
			d.step = it.ID
		}
	}
	as := func(id plan.ID) app.Caller {
		return app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{d.id: id}}}
	}
	d.sarahCaller, d.uteCaller = as(d.sarah), as(d.ute)
	d.do(w.seller, plan.LetIn{Person: d.sarah, Access: plan.Lead})
	d.do(w.seller, plan.Share{})
	d.do(d.sarahCaller, plan.LetIn{Person: d.ute, Access: access})
	for _, who := range []app.Caller{d.sarahCaller, w.seller} {
		v, err := w.Open(w.t.Context(), who, d.id)
		if err != nil {
			w.t.Fatal(err)
		}
		d.do(who, plan.AcceptPlan{Seen: v.Plan.Shown()})
	}
	d.seq = d.plan().Head.Seq
	d.invited(d.ute)
	return d
}

// invited: somebody's invitation to the plan has come, before which no other
// mail goes.
func (d *deal) invited(who plan.ID) {
	d.t.Helper()
	rows, err := d.store.LettersTo(d.t.Context(), d.id, who, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, l := range rows {
		if l.Kind == app.LetterInvitation {
			if err := d.store.Settle(d.t.Context(), l.ID, app.LetterSent, d.clock(), ""); err != nil {
				d.t.Fatal(err)
			}
		}
	}
}

func (d *deal) do(who app.Caller, cmd plan.Command) {
	d.t.Helper()
	if _, err := d.Do(d.t.Context(), who, d.id, cmd); err != nil {
		d.t.Fatalf("%T: %v", cmd, err)
	}
}

func (d *deal) plan() *plan.Plan {
	d.t.Helper()
	v, err := d.Open(d.t.Context(), d.sarahCaller, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v.Plan
}

// propose makes the seller ask for another date.
func (d *deal) propose() {
	d.t.Helper()
	d.proposal = d.NewID()
	due := civil.Of(2028, time.May, 31)
	d.do(d.seller, plan.Propose{ID: d.proposal, Reason: "Der Prüfer ist krank.", Changes: []plan.Wish{{Item: d.step, Version: d.plan().Items[d.step].Version, Patch: plan.Patch{Due: &due}}}})
	d.seq = d.plan().Head.Seq
}

// letter is a mail that was sent to Ute.
func (d *deal) letter(kind app.LetterKind, item plan.ID) plan.ID {
	d.t.Helper()
	l := app.Letter{ID: d.NewID(), Kind: kind, Plan: d.id, Person: d.ute, Item: item, Created: d.clock()}
	if err := d.store.Commit(d.t.Context(), app.Change{Letters: []app.Letter{l}}); err != nil {
		d.t.Fatal(err)
	}
	d.later(time.Second)
	if err := d.store.Settle(d.t.Context(), l.ID, app.LetterSent, d.clock(), ""); err != nil {
		d.t.Fatal(err)
	}
	d.later(time.Minute)
	return l.ID
}

func (w *world) prover() *inbox.Prover { return &inbox.Prover{Resolver: w.names} }

// listen starts an SMTP listener and answers with its address.
func (w *world) listen(change func(*inbox.ListenerConfig)) string {
	w.t.Helper()
	c := inbox.ListenerConfig{Receiver: w.Service, Prover: w.prover(), Domain: "plans.acme.example", Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&c)
	}
	l := inbox.NewListener(c)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- l.Serve(ln) }()
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := l.Shutdown(ctx); err != nil {
			w.t.Error(err)
		}
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	})
	return ln.Addr().String()
}

func send(at, from, to string, raw []byte) error {
	return smtp.SendMail(at, nil, from, []string{to}, raw)
}

// hear does what the mails that came for Ute say, and delivers what follows.
func (d *deal) hear() []app.Received {
	d.t.Helper()
	list, err := d.store.MailOf(d.t.Context(), d.id, []plan.ID{d.ute})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range list {
		if err := d.RunJob(d.t.Context(), app.Job{Kind: app.JobHear, Data: []byte(r.ID)}); err != nil {
			d.t.Fatal(err)
		}
	}
	if list, err = d.store.MailOf(d.t.Context(), d.id, []plan.ID{d.ute}); err != nil {
		d.t.Fatal(err)
	}
	return list
}

// written lists the letters about her mails that wait for Ute.
func (d *deal) written() []app.LetterRow {
	d.t.Helper()
	rows, err := d.store.LettersTo(d.t.Context(), d.id, d.ute, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []app.LetterRow
	for _, r := range rows {
		mine := r.Kind == app.LetterNotUnderstood || r.Kind == app.LetterAsComment || r.Kind == app.LetterUnverified
		if mine && r.State == app.LetterQueued {
			out = append(out, r)
		}
	}
	return out
}

// happened lists the kinds of the events since the deal was made, each with
// who did it.
func (d *deal) happened() []string {
	d.t.Helper()
	records, err := d.store.Records(d.t.Context(), plan.SharedStream(d.id), d.seq, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, r := range records {
		who := string(r.Actor)
		if r.Actor == d.ute {
			who = "ute"
		}
		out = append(out, r.Kind+" by "+who)
	}
	return out
}
