package plan

import (
	"slices"
	"time"
)

// Topic is one of the eight questions a planning session goes through.
type Topic string

// The topics, in the order in which they are talked about.
const (
	TopicGoals      Topic = "goals"      // what both want to find out, and how they will know
	TopicActivities Topic = "activities" // what has to happen before somebody can decide
	TopicPeople     Topic = "people"     // who is to be involved
	TopicApproval   Topic = "approval"   // who approves, in which order, how long it takes
	TopicBuyer      Topic = "buyer"      // what the buyer's people take on
	TopicSeller     Topic = "seller"     // what they need from the seller's
	TopicDates      Topic = "dates"      // milestones and dates
	TopicRisks      Topic = "risks"      // what could delay it
)

// Topics are all of them, in order.
var Topics = []Topic{TopicGoals, TopicActivities, TopicPeople, TopicApproval, TopicBuyer, TopicSeller, TopicDates, TopicRisks}

func (t Topic) valid() bool { return slices.Contains(Topics, t) }

// Session is a planning session: both sides go through the topics on one page.
// It changes no terms; what comes of it are items like any others.
type Session struct {
	ID      ID        `json:"id"`
	Topic   Topic     `json:"topic"`
	Lead    ID        `json:"lead"`  // who moves it on for everybody
	Began   time.Time `json:"began"` // the first time
	Running time.Time `json:"running,omitzero"`
	Last    time.Time `json:"last,omitzero"` // when something last happened in the plan while it ran
	// Spent is how long it ran before Running: nobody has to keep to it.
	Spent time.Duration `json:"spent,omitempty"`
	Ended time.Time     `json:"ended,omitzero"`
}

// sessionRest is how long nothing happens until a session that nobody paused
// counts as left: people close their laptops.
const sessionRest = 90 * time.Minute

// Rests reports that a session that has not ended waits to be continued: it
// was paused, or everybody went away.
func (s *Session) Rests(now time.Time) bool {
	return s != nil && s.Ended.IsZero() && (s.Running.IsZero() || now.Sub(s.Last) > sessionRest)
}

// Runs reports that people are in it now.
func (s *Session) Runs(now time.Time) bool {
	return s != nil && s.Ended.IsZero() && !s.Rests(now)
}

// spent is how long it ran in all, without the time in which nobody was there.
func (s *Session) spent(now time.Time) time.Duration {
	if s.Running.IsZero() {
		return s.Spent
	}
	until := now
	if s.Rests(now) {
		until = s.Last
	}
	return s.Spent + max(0, until.Sub(s.Running))
}

// Quote is what somebody said, word for word.
type Quote struct {
	ID      ID        `json:"id"`
	Topic   Topic     `json:"topic"`
	Said    ID        `json:"said"` // who said it: the words are theirs and go with them
	By      ID        `json:"by"`   // who wrote it down
	At      time.Time `json:"at"`
	Text    Text      `json:"text"`
	Items   []ID      `json:"items,omitempty"` // what was made of it
	Version int       `json:"version"`
}

// Events of a planning session.
type (
	// SessionStarted begins a session, or goes on with one that rested.
	SessionStarted struct {
		Session ID            `json:"session"`
		Topic   Topic         `json:"topic"`
		Spent   time.Duration `json:"spent,omitempty"` // in nanoseconds, as all of these
	}
	// SessionLed says that the actor leads it now.
	SessionLed struct {
		Session ID `json:"session"`
	}
	SessionStepped struct {
		Session ID    `json:"session"`
		From    Topic `json:"from"`
		To      Topic `json:"to"`
	}
	SessionPaused struct {
		Session ID            `json:"session"`
		Spent   time.Duration `json:"spent,omitempty"`
	}
	SessionEnded struct {
		Session ID            `json:"session"`
		Spent   time.Duration `json:"spent,omitempty"`
	}
	QuoteKept struct {
		Quote ID    `json:"quote"`
		Topic Topic `json:"topic"`
		Said  ID    `json:"said"`
		Text  Text  `json:"text"`
	}
	QuoteEdited struct {
		Quote ID   `json:"quote"`
		Old   Text `json:"old"`
		New   Text `json:"new"`
	}
	QuoteRemoved struct {
		Quote ID `json:"quote"`
	}
	// QuoteUsed says that an item was made of a quote.
	QuoteUsed struct {
		Quote ID `json:"quote"`
		Item  ID `json:"item"`
	}
)

func (*SessionStarted) Kind() string { return "session.started" }
func (*SessionLed) Kind() string     { return "session.led" }
func (*SessionStepped) Kind() string { return "session.stepped" }
func (*SessionPaused) Kind() string  { return "session.paused" }
func (*SessionEnded) Kind() string   { return "session.ended" }
func (*QuoteKept) Kind() string      { return "quote.kept" }
func (*QuoteEdited) Kind() string    { return "quote.edited" }
func (*QuoteRemoved) Kind() string   { return "quote.removed" }
func (*QuoteUsed) Kind() string      { return "quote.used" }

// QuotesOn are the quotes on a topic, or all of them for no topic, in the order
// in which they were kept.
func (p *Plan) QuotesOn(t Topic) []*Quote {
	var out []*Quote
	for _, q := range p.Quotes {
		if (t == "" || q.Topic == t) && !q.Text.Gone {
			out = append(out, q)
		}
	}
	return out
}

func (p *Plan) quote(id ID) *Quote {
	for _, q := range p.Quotes {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// MayEditQuote reports whether a person may change or remove a quote: who said
// it, or who wrote it down.
func (p *Plan) MayEditQuote(id ID, q *Quote) bool {
	me := p.who(id)
	return me != nil && me.Access != None && me.Access != Viewer && (p.same(q.Said, me.ID) || p.same(q.By, me.ID))
}

// goesOn keeps when something last happened while a session ran.
func (p *Plan) goesOn(m Meta) {
	if p.Session.Runs(m.At) {
		s := *p.Session
		s.Last = m.At
		p.Session = &s
	}
}

func (p *Plan) applySession(ev Event, m Meta) bool {
	change := func(f func(*Session)) {
		s := *p.Session
		f(&s)
		p.Session = &s
	}
	switch e := ev.(type) {
	case *SessionStarted:
		s := Session{ID: e.Session, Began: m.At}
		if p.Session != nil && p.Session.ID == e.Session {
			s = *p.Session
		}
		s.Topic, s.Lead, s.Spent, s.Running, s.Last = e.Topic, m.Actor, e.Spent, m.At, m.At
		p.Session = &s
	case *SessionLed:
		change(func(s *Session) { s.Lead = m.Actor })
	case *SessionStepped:
		change(func(s *Session) { s.Topic = e.To })
	case *SessionPaused:
		change(func(s *Session) { s.Running, s.Last, s.Spent = time.Time{}, time.Time{}, e.Spent })
	case *SessionEnded:
		change(func(s *Session) { s.Running, s.Last, s.Spent, s.Ended = time.Time{}, time.Time{}, e.Spent, m.At })
	default:
		return p.applyQuote(ev, m)
	}
	return true
}

func (p *Plan) applyQuote(ev Event, m Meta) bool {
	change := func(id ID, f func(*Quote)) {
		p.Quotes = slices.Clone(p.Quotes)
		for i, q := range p.Quotes {
			if q.ID == id {
				x := *q
				f(&x)
				p.Quotes[i] = &x
			}
		}
	}
	switch e := ev.(type) {
	case *QuoteKept:
		p.Quotes = append(slices.Clip(p.Quotes), &Quote{ID: e.Quote, Topic: e.Topic, Said: e.Said, By: m.Actor, At: m.At, Text: e.Text, Version: 1})
	case *QuoteEdited:
		change(e.Quote, func(q *Quote) { q.Text, q.Version = e.New, q.Version+1 })
	case *QuoteUsed:
		change(e.Quote, func(q *Quote) { q.Items = append(slices.Clip(q.Items), e.Item) })
	case *QuoteRemoved:
		p.Quotes = slices.DeleteFunc(slices.Clone(p.Quotes), func(q *Quote) bool { return q.ID == e.Quote })
		if len(p.Quotes) == 0 {
			p.Quotes = nil
		}
	default:
		return false
	}
	return true
}
