package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"sync"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Publisher tells open pages, after a commit, that a plan moved. An empty side
// means both; a private change is told to its own side only.
type Publisher interface {
	Publish(planID plan.ID, side plan.Side)
	// Dismiss ends the open pages of a person in a plan, on every machine; of
	// an empty plan, in all plans. They come back and are asked who they are.
	Dismiss(planID, person plan.ID)
}

// Service runs the use cases. Its methods are safe for concurrent use.
type Service struct {
	plans     PlanStore
	directory Directory
	people    PrivacyStore
	playbook  PlaybookStore
	received  InboxStore
	publisher Publisher
	clock     func() time.Time
	random    io.Reader
	states    *states
	times     *timetables
	places    sync.Map // workspace id → Workspace, as last saved or read
	writing   [256]sync.Mutex
	handlers  map[string]handler      // of jobs, by kind
	periodics []Periodic              // those of them that start by themselves
	composers map[LetterKind]composer // of letters, by kind
	inbox     Inboxing
	secrets   sync.Map // name → key of this server, as read
	heralds   []herald // who write letters about what happened
	letters   LetterStore
	logins    IdentityStore
	doors     DoorStore
	deals     DealStore
	signals   SignalStore
	portfolio PortfolioStore
	views     ViewStore
	processes ProcessStore
	passkeys  Passkeys  // nil: this server takes none
	providers Providers // nil: there are none
	mailer    Mailer    // nil: this server sends no mail

	calendars Calendaring
	filing    Filing

	lastAdmins sync.Mutex // lets one directory at a time switch an administrator off
}

// Options of a service; what is left out has a sensible default.
type Options struct {
	Publisher Publisher
	Clock     func() time.Time
	Random    io.Reader
	Inbox     Inboxing
	Cached    int    // streams kept in memory; 4,096 if zero
	Mailer    Mailer // none: this server sends no mail, and says so
	Passkeys  Passkeys
	Providers Providers
	Calendars Calendaring
	Files     Filing
}

// Store is what a service keeps everything in. Each part of the service uses
// the part of it that it declares.
type Store interface {
	PlanStore
	Directory
	IdentityStore
	InboxStore
	LetterStore
	PrivacyStore
	DoorStore
	DealStore
	SignalStore
	PortfolioStore
	ViewStore
	PlaybookStore
	ProcessStore
}

// New makes a service over a store.
func New(store Store, o Options) *Service {
	s := &Service{
		processes: store, plans: store, directory: store, logins: store, doors: store, letters: store, received: store, people: store,
		deals: store, signals: store, portfolio: store, views: store,
		playbook:  store,
		publisher: o.Publisher, clock: o.Clock, random: o.Random, mailer: o.Mailer, inbox: o.Inbox,
		passkeys: o.Passkeys, providers: o.Providers, calendars: o.Calendars, filing: o.Files,
		states: newStates(store, cmp.Or(o.Cached, 4_096)), times: newTimetables(1_024),
		handlers: map[string]handler{}, composers: map[LetterKind]composer{},
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	s.handle(JobExpire, func(ctx context.Context, data []byte) error { return s.expire(ctx, plan.ID(data)) })
	s.identity()
	s.doorLetters()
	s.composeMails()
	s.composeInbox()
	s.checkInLetters()
	s.checkInRuns()
	s.retention()
	s.portfolios()
	s.fileJobs()
	return s
}

// SignsInWith says how members sign in besides by mail; nil: not in that way.
// For who makes a service before they know where people reach it, and before
// anybody does.
func (s *Service) SignsInWith(passkeys Passkeys, providers Providers) {
	s.passkeys, s.providers = passkeys, providers
}

// NewID draws a random id: for forms, so that what is sent twice is done once.
func (s *Service) NewID() plan.ID { return plan.NewID(s.random) }

// Now is the service's clock.
func (s *Service) Now() time.Time { return s.clock() }

// Moved forgets what is kept in memory of a plan: another machine changed it.
// An empty id forgets everything.
func (s *Service) Moved(planID plan.ID) { s.states.forget(planID) }

// Caller is who sends a request: a session, which may be a signed-in member
// and act as one person in each of several plans.
type Caller struct {
	Session Session
	Member  *Member
	Agent   string // browser and system of this request, in a few words
	Renewed bool   // the session ends later than the browser was told
}

// View is a plan as one person sees it: the shared state and the private
// state of that person's side. There is no view of both sides.
type View struct {
	Plan      *plan.Plan
	Own       *plan.Private
	Me        *plan.Person
	Workspace Workspace
	Zone      *time.Location
	Now       time.Time
	Today     civil.Day
	Mail      bool // this server sends mail
	Member    bool // who sees is signed in as a member of the plan's workspace, and on its side
	Shapes    bool // and leads a team there: may make a process of the plan

	times *timetables // of the service that made the view; nil computes anew
}

// Side of the person who sees.
func (v View) Side() plan.Side { return v.Me.Side }

func missing() error { return fault.New(fault.Missing, "fault.missing") }

// Open loads a plan for a caller. Who is not on the plan, or on the side that
// does not see the draft, gets the same answer as for a plan that does not
// exist; a member of the plan's workspace is told whom to ask.
func (s *Service) Open(ctx context.Context, c Caller, planID plan.ID) (View, error) {
	p, err := s.states.shared(ctx, planID)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, c, p)
}

func (s *Service) view(ctx context.Context, c Caller, p *plan.Plan) (View, error) {
	me := whoIs(c, p)
	if me == nil {
		if p.Phase != "" && c.Member != nil && c.Member.Workspace == p.Workspace {
			return View{}, fault.New(fault.Forbidden, "fault.plan.not-on-it", "leads", leadNames(p, p.Home))
		}
		return View{}, missing()
	}
	if p.Phase == plan.Draft && me.Side != p.Home {
		return View{}, missing()
	}
	if me.Side == p.Home && (c.Member == nil || c.Member.ID != me.ID) { // else Arrive has seen to it
		if off, err := s.lockedOut(ctx, me.ID); err != nil || off {
			return View{}, cmp.Or(err, error(missing()))
		}
	}
	own := plan.NewPrivate(p.ID, me.Side) // who only typed a name sees nothing internal
	if _, sees := p.SeesPrivate(me.ID); sees {
		var err error
		if own, err = s.states.private(ctx, p.ID, me.Side); err != nil {
			return View{}, err
		}
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return View{}, err
	}
	now := s.clock()
	zone := w.zone()
	member := me.Side == p.Home && c.Member != nil && c.Member.Workspace == p.Workspace
	return View{Plan: p, Own: own, Me: me, Workspace: w, Zone: zone, Now: now, Today: civil.On(now, zone), Mail: s.MailOn(), times: s.times,
		Member: member, Shapes: member && c.Member.manages()}, nil
}

// whoIs is the person a caller acts as in a plan: the one their session came
// in as, else the one with a member's own id. Nil if none that may see it.
func whoIs(c Caller, p *plan.Plan) *plan.Person {
	id := c.Session.Persons[p.ID]
	if id == "" && c.Member != nil && c.Member.Workspace == p.Workspace {
		id = c.Member.ID
	}
	me := p.Person(id)
	if me == nil || me.Left || me.Erased() || me.Access == plan.None {
		return nil
	}
	return me
}

func leadNames(p *plan.Plan, side plan.Side) []string {
	var names []string
	for _, l := range p.LeadsOf(side) {
		names = append(names, l.Name.Value)
	}
	return names
}

func (w Workspace) zone() *time.Location {
	if z, err := time.LoadLocation(cmp.Or(w.Zone, "Europe/Berlin")); err == nil {
		return z
	}
	return time.UTC
}

func (s *Service) workspace(ctx context.Context, id plan.ID) (Workspace, error) {
	if w, ok := s.places.Load(id); ok {
		return w.(Workspace), nil
	}
	w, err := s.directory.Workspace(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Workspace{}, missing()
	}
	if err == nil {
		s.places.Store(id, w)
	}
	return w, err
}
