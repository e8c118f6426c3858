package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Calendaring is what it takes to write and read calendars.
type Calendaring struct {
	Codec CalendarCodec
	// Words is a sentence of the catalogue in a language, with alternating
	// names and values of its arguments.
	Words func(language, key string, nameValues ...any) string
	// Base is the address people reach this server by, without a slash at the
	// end; for links in invitations.
	Base func() string
}

// feedLife is how long a feed lives that no calendar asks for any more; being
// asked for prolongs it.
const feedLife = 400 * 24 * time.Hour

// feedOwner finds whose feed a caller means: their own as a person of a plan,
// or, without a plan, a member's over all their plans.
func (s *Service) feedOwner(ctx context.Context, c Caller, planID plan.ID) (Pass, error) {
	if planID == "" {
		if c.Member == nil {
			return Pass{}, missing()
		}
		return Pass{Kind: FeedPass, Member: c.Member.ID}, nil
	}
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return Pass{}, err
	}
	return Pass{Kind: FeedPass, Plan: planID, Person: v.Me.ID, Side: v.Side()}, nil
}

// feeds lists the passes of somebody's feed that still work.
func (s *Service) feeds(ctx context.Context, owner Pass) ([]Pass, error) {
	var all []Pass
	var err error
	if owner.Plan != "" {
		all, err = s.directory.Passes(ctx, owner.Plan)
	} else {
		all, err = s.directory.MemberPasses(ctx, owner.Member)
	}
	now := s.clock()
	return slices.DeleteFunc(all, func(p Pass) bool {
		return p.Kind != FeedPass || p.Revoked || !p.Expires.After(now) || p.Plan != owner.Plan || p.Person != owner.Person || p.Member != owner.Member
	}), err
}

// HasFeed reports whether the caller has a feed of a plan (or, without a plan,
// of all their plans), and since when.
func (s *Service) HasFeed(ctx context.Context, c Caller, planID plan.ID) (since time.Time, has bool, err error) {
	owner, err := s.feedOwner(ctx, c, planID)
	if err != nil {
		return since, false, err
	}
	all, err := s.feeds(ctx, owner)
	if err != nil || len(all) == 0 {
		return since, false, err
	}
	return all[len(all)-1].Created, true, nil
}

// MakeFeed makes the caller's feed anew; the address it had before stops
// working.
func (s *Service) MakeFeed(ctx context.Context, c Caller, planID plan.ID) (Secret, error) {
	owner, err := s.feedOwner(ctx, c, planID)
	if err != nil {
		return "", err
	}
	if err := s.endFeeds(ctx, owner); err != nil {
		return "", err
	}
	return s.pass(ctx, owner, feedLife)
}

// StopFeed ends the caller's feed.
func (s *Service) StopFeed(ctx context.Context, c Caller, planID plan.ID) error {
	owner, err := s.feedOwner(ctx, c, planID)
	if err != nil {
		return err
	}
	return s.endFeeds(ctx, owner)
}

func (s *Service) endFeeds(ctx context.Context, owner Pass) error {
	all, err := s.feeds(ctx, owner)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := s.directory.RevokePass(ctx, p.Hash); err != nil {
			return err
		}
	}
	return nil
}

// FeedFile is a feed as calendars read it.
type FeedFile struct {
	Body    []byte
	Changed time.Time
}

// ReadFeed writes a feed for whoever has its secret: what its person may see
// now. All steps: also those of others. Link makes a path a whole address.
// Unknown, revoked and expired secrets, and those of people who are not on the
// plan any more, get one and the same answer.
func (s *Service) ReadFeed(ctx context.Context, x Secret, all bool, link func(path string) string) (FeedFile, error) {
	if s.calendars.Codec == nil || len(x) != 43 {
		return FeedFile{}, missing()
	}
	pass, err := s.directory.Pass(ctx, x.Hash())
	if errors.Is(err, ErrNotFound) || err == nil && (pass.Kind != FeedPass || pass.Revoked || !pass.Expires.After(s.clock())) {
		return FeedFile{}, missing()
	}
	if err != nil {
		return FeedFile{}, err
	}
	f := feedWriter{s: s, all: all, link: link}
	if pass.Plan != "" {
		err = s.planFeed(ctx, &f, pass)
	} else {
		err = s.memberFeed(ctx, &f, pass)
	}
	if x, ok := fault.As(err); ok && x.Kind != fault.Unready {
		return FeedFile{}, missing()
	}
	if err != nil {
		return FeedFile{}, err
	}
	if now := s.clock(); pass.Expires.Sub(now) < feedLife/2 {
		pass.Expires = now.Add(feedLife)
		if err := s.directory.SavePass(ctx, pass); err != nil {
			return FeedFile{}, err
		}
	}
	slices.SortStableFunc(f.out.Entries, func(a, b CalendarEntry) int { return cmp.Compare(a.UID, b.UID) })
	return FeedFile{Body: s.calendars.Codec.Feed(f.out), Changed: f.changed}, nil
}

func (s *Service) planFeed(ctx context.Context, f *feedWriter, pass Pass) error {
	c := Caller{Session: Session{Persons: map[plan.ID]plan.ID{pass.Plan: pass.Person}}}
	v, err := s.Open(ctx, c, pass.Plan)
	if err != nil {
		return err
	}
	f.language = cmp.Or(v.Me.Language, v.Plan.Language)
	title := v.Plan.Items[plan.DecisionItem].Terms.Title.Value
	f.out.Name, f.out.Zone = title, zoneNamed(v.Me.Zone, v.Zone).String()
	f.out.Words = f.say("checkin.feed.about", "Title", title)
	f.plan(v, "")
	return nil
}

// mostPlans is how many plans one feed spans, those that changed last.
const mostPlans = 500

func (s *Service) memberFeed(ctx context.Context, f *feedWriter, pass Pass) error {
	m, err := s.directory.Member(ctx, pass.Member)
	if errors.Is(err, ErrNotFound) || err == nil && !m.Disabled.IsZero() {
		return missing()
	}
	if err != nil {
		return err
	}
	w, err := s.workspace(ctx, m.Workspace)
	if err != nil {
		return err
	}
	f.language = cmp.Or(m.Language, w.Language)
	f.out.Name, f.out.Zone = f.say("checkin.feed.all", "Name", w.Name), w.zone().String()
	f.out.Words = f.say("checkin.feed.all.about")
	rows, err := s.plans.Plans(ctx, m.Workspace, s.clock().Add(time.Hour), mostPlans)
	if err != nil {
		return err
	}
	for _, row := range rows {
		v, err := s.Open(ctx, Caller{Member: &m}, row.Plan)
		if _, refused := fault.As(err); refused {
			continue // somebody else's plan
		}
		if err != nil {
			return err
		}
		f.plan(v, v.Plan.Organisation.Of(v.Side().Other()).Value)
	}
	return nil
}

// feedWriter collects the entries of a feed.
type feedWriter struct {
	s        *Service
	language string
	all      bool
	link     func(path string) string
	out      CalendarFeed
	changed  time.Time
}

func (f *feedWriter) say(key string, nameValues ...any) string {
	return f.s.calendars.Words(f.language, key, nameValues...)
}

// CalendarUID names something of a plan in calendars, for good.
func CalendarUID(planID, id plan.ID) string { return "tandem-" + string(planID) + "-" + string(id) }

// plan adds what one plan has for its reader. About is added to every title
// where plans of several organisations stand in one calendar.
func (f *feedWriter) plan(v View, about string) {
	for _, at := range []int64{v.Plan.Head.At, v.Own.Head.At} {
		if t := time.UnixMilli(at).UTC(); at > 0 && t.After(f.changed) {
			f.changed = t
		}
	}
	if v.Plan.ReadOnly() {
		return // nothing of it is to be done any more
	}
	before := len(f.out.Entries)
	for _, it := range v.Plan.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		if f.wanted(v, it) {
			f.out.Entries = append(f.out.Entries, f.item(v, it))
		}
	}
	for _, c := range v.Plan.OpenCheckIns() {
		if invited(v.Plan, c, v.Me.ID) {
			f.out.Entries = append(f.out.Entries, f.s.checkInEntry(v.Plan, c, f.language, f.link))
		}
	}
	f.internal(v)
	if about == "" {
		return
	}
	for i := range f.out.Entries[before:] {
		f.out.Entries[before+i].Title += " · " + about
	}
}

// wanted: dates; one's own steps, milestones and the decision; of a plan that
// was decided, what was done.
func (f *feedWriter) wanted(v View, it *plan.Item) bool {
	if it.Terms.Due.IsZero() || v.Plan.Phase == plan.Decided && it.Progress.Status != plan.Done {
		return false
	}
	return f.all || it.Kind != plan.KindAction || owned(v, it)
}

func owned(v View, it *plan.Item) bool {
	o := it.Terms.Owners.Of(v.Side())
	return o != "" && v.Plan.Person(o) == v.Me
}

func (f *feedWriter) item(v View, it *plan.Item) CalendarEntry {
	t, pr := it.Terms, it.Progress
	e := CalendarEntry{UID: CalendarUID(v.Plan.ID, it.ID), Sequence: it.Version, Title: t.Title.Value, Day: t.Due, Created: it.AddedAt, Changed: it.ChangedAt,
		Path: f.link("/plans/" + string(v.Plan.ID))}
	var words []string
	switch it.Kind {
	case plan.KindDecision:
		e.Title = f.say("checkin.feed.decision", "Title", e.Title)
	case plan.KindMilestone:
		e.Title = f.say("checkin.feed.milestone", "Title", e.Title)
	default:
		e.Path = f.link("/plans/" + string(v.Plan.ID) + "/items/" + string(it.ID))
		switch {
		case pr.Status == plan.Done:
		case owned(v, it) && !it.Committed(v.Side()):
			e.Tentative = true
			words = append(words, f.say("checkin.feed.proposed"))
		case !owned(v, it):
			words = append(words, f.owners(v, it)...)
		}
		if !t.DoneWhen.IsZero() && !t.DoneWhen.Gone {
			words = append(words, f.say("checkin.feed.done-when", "What", t.DoneWhen.Value))
		}
	}
	if pr.Status == plan.Done {
		e.Title = "✓ " + e.Title
	} else if !pr.Expected.IsZero() && pr.Expected != t.Due {
		words = append(words, f.say("checkin.feed.expected", "Day", pr.Expected))
	}
	e.Words = strings.Join(append(words, v.Plan.Items[plan.DecisionItem].Terms.Title.Value, e.Path), "\n")
	return e
}

func (f *feedWriter) owners(v View, it *plan.Item) []string {
	var out []string
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		if q := v.Plan.Person(it.Terms.Owners.Of(side)); q != nil && !q.Erased() {
			out = append(out, f.say("checkin.feed.owner", "Name", q.Name.Value, "Side", v.Plan.Organisation.Of(side).Value))
		}
	}
	return out
}

// internal adds the reader's own steps of their side's private plan.
func (f *feedWriter) internal(v View) {
	for _, a := range v.Own.Actions {
		if a.Due.IsZero() || v.Plan.Person(a.Owner) != v.Me || v.Plan.Phase == plan.Decided && a.Status != plan.Done {
			continue
		}
		at := time.UnixMilli(v.Own.Head.At).UTC()
		e := CalendarEntry{UID: CalendarUID(v.Plan.ID, a.ID), Sequence: a.Version, Title: a.Title.Value, Day: a.Due, Created: at, Changed: at,
			Path: f.link("/plans/" + string(v.Plan.ID) + "/items/" + string(a.ID))}
		if a.Status == plan.Done {
			e.Title = "✓ " + e.Title
		}
		e.Words = f.say("checkin.feed.internal", "Name", v.Plan.Organisation.Of(v.Side()).Value) + "\n" + e.Path
		f.out.Entries = append(f.out.Entries, e)
	}
}

// invited reports that a person is to come to a check-in.
func invited(p *plan.Plan, c *plan.CheckIn, person plan.ID) bool {
	q := p.Person(person)
	return q != nil && slices.Contains(p.Invited(c), q)
}

// checkInEntry is a check-in as calendars show it, in a language.
func (s *Service) checkInEntry(p *plan.Plan, c *plan.CheckIn, language string, link func(string) string) CalendarEntry {
	path := link("/plans/" + string(p.ID) + "/check-ins")
	e := CalendarEntry{UID: CalendarUID(p.ID, c.ID), Sequence: c.Sequence, Title: s.checkInTitle(p, c, language), At: c.Appointment, Place: c.Place.Value,
		Link: c.Link.Value, Created: c.Created, Changed: c.Changed, Path: path}
	var words []string
	if c.Link.Value != "" {
		words = append(words, s.calendars.Words(language, "checkin.entry.link", "Link", c.Link.Value))
	}
	e.Words = strings.Join(append(words, s.calendars.Words(language, "checkin.entry.plan", "Title", p.Items[plan.DecisionItem].Terms.Title.Value, "Link", path)), "\n")
	return e
}

// checkInTitle is a check-in's name; one without is called after the two
// organisations.
func (s *Service) checkInTitle(p *plan.Plan, c *plan.CheckIn, language string) string {
	if c.Title.Value != "" {
		return c.Title.Value
	}
	return s.calendars.Words(language, "checkin.entry.title", "Buyer", p.Organisation.Buyer.Value, "Seller", p.Organisation.Seller.Value)
}
