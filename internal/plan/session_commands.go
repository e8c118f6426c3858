package plan

import "strings"

type (
	// StartSession begins a planning session at a topic, or goes on with one
	// that rested; the actor leads it. Editors of either side. A draft is shared
	// first (Share), because the other side does not see it. The id is chosen by
	// the caller, so that a form sent twice begins once; where a session is
	// open, it is that one.
	StartSession struct {
		ID    ID
		Topic Topic // none: where it was left, or the first
	}
	// StepSession moves everybody on, or back. Who leads the session.
	StepSession struct{ To Topic }
	// LeadSession takes over leading. Editors of either side.
	LeadSession struct{}
	// PauseSession lets it rest. Editors of either side.
	PauseSession struct{}
	// EndSession ends it; another one may be begun later. Who leads it.
	EndSession struct{}

	// KeepQuote keeps what somebody said, word for word. Contributors and above
	// of either side; also for somebody else in the room. The id is chosen by
	// the caller: sent twice keeps once.
	KeepQuote struct {
		ID    ID
		Topic Topic
		Said  ID // who said it; none: the actor
		Text  string
	}
	// EditQuote mends the wording: who said it, or who wrote it down.
	EditQuote struct {
		Quote   ID
		Version int
		Text    string
	}
	// RemoveQuote takes one out; it stays in the history. As EditQuote.
	RemoveQuote struct {
		Quote   ID
		Version int
	}
	// UseQuote says that an item, a person or a committee was made of a quote.
	// Contributors and above.
	UseQuote struct {
		Quote ID
		Item  ID
	}
)

const (
	maxQuotes = 500
	maxQuote  = 2_000 // bytes
)

func (d *decider) edits() error {
	if err := d.working(); err != nil {
		return err
	}
	if !d.me.mayEdit() {
		return forbidden("fault.right.edit")
	}
	return nil
}

func (c StartSession) decide(d *decider) error {
	if err := d.edits(); err != nil {
		return err
	}
	if d.st.Phase == Draft {
		return refuse("fault.session.draft")
	}
	if c.Topic != "" && !c.Topic.valid() {
		return invalid("fault.session.topic")
	}
	s := d.st.Session
	ev := &SessionStarted{Session: c.ID, Topic: c.Topic}
	switch {
	case s.Runs(d.log.at):
		return nil // somebody was quicker
	case s != nil && s.Ended.IsZero():
		ev.Session, ev.Spent = s.ID, s.spent(d.log.at)
		if ev.Topic == "" {
			ev.Topic = s.Topic
		}
	case !c.ID.valid() || s != nil && s.ID == c.ID:
		return invalid("fault.id")
	case ev.Topic == "":
		ev.Topic = Topics[0]
	}
	d.emit(ev)
	return nil
}

// session is the one that is open, for somebody who may change the plan.
func (d *decider) session() (*Session, error) {
	if err := d.edits(); err != nil {
		return nil, err
	}
	s := d.st.Session
	if s == nil || !s.Ended.IsZero() {
		return nil, refuse("fault.session.none")
	}
	return s, nil
}

// leading is the open session if the actor leads it.
func (d *decider) leading() (*Session, error) {
	s, err := d.session()
	if err == nil && !d.st.same(s.Lead, d.me.ID) {
		err = forbidden("fault.session.lead")
	}
	return s, err
}

func (c StepSession) decide(d *decider) error {
	s, err := d.leading()
	switch {
	case err != nil:
		return err
	case !c.To.valid():
		return invalid("fault.session.topic")
	case c.To == s.Topic:
		return nil
	}
	d.emit(&SessionStepped{Session: s.ID, From: s.Topic, To: c.To})
	return nil
}

func (LeadSession) decide(d *decider) error {
	s, err := d.session()
	if err != nil || d.st.same(s.Lead, d.me.ID) {
		return err
	}
	d.emit(&SessionLed{Session: s.ID})
	return nil
}

func (PauseSession) decide(d *decider) error {
	s, err := d.session()
	if err != nil || s.Running.IsZero() {
		return err
	}
	d.emit(&SessionPaused{Session: s.ID, Spent: s.spent(d.log.at)})
	return nil
}

func (EndSession) decide(d *decider) error {
	s, err := d.leading()
	if err != nil {
		return err
	}
	d.emit(&SessionEnded{Session: s.ID, Spent: s.spent(d.log.at)})
	return nil
}

func (c KeepQuote) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	switch {
	case !c.ID.valid():
		return invalid("fault.id")
	case !c.Topic.valid():
		return invalid("fault.session.topic")
	case d.st.quote(c.ID) != nil:
		return nil // sent twice
	case len(d.st.Quotes) >= maxQuotes:
		return refuse("fault.quote.many", "max", maxQuotes)
	}
	said := d.me
	if c.Said != "" {
		if said = d.st.who(c.Said); said == nil {
			return invalid("fault.quote.said")
		}
	}
	text, err := d.said(said.ID, c.Text)
	if err != nil {
		return err
	}
	d.emit(&QuoteKept{Quote: c.ID, Topic: c.Topic, Said: said.ID, Text: text})
	return nil
}

// said seals words under who said them, not under who wrote them down: erasing
// the one who said them takes them away.
func (d *decider) said(by ID, words string) (Text, error) {
	s, err := clean(words, maxQuote)
	if err != nil {
		return Text{}, err
	}
	if strings.TrimSpace(s) == "" {
		return Text{}, invalid("fault.text.empty")
	}
	return d.log.text(d.env.Random, by, s), nil
}

// quoteToChange is a quote the actor may change, in the version they saw.
func (d *decider) quoteToChange(id ID, version int) (*Quote, error) {
	if err := d.working(); err != nil {
		return nil, err
	}
	q := d.st.quote(id)
	switch {
	case q == nil:
		return nil, notYours()
	case q.Version != version:
		return nil, changed(id, version, q.Version)
	case !d.st.MayEditQuote(d.me.ID, q):
		return nil, forbidden("fault.right.quote")
	}
	return q, nil
}

func (c EditQuote) decide(d *decider) error {
	q, err := d.quoteToChange(c.Quote, c.Version)
	if err != nil {
		return err
	}
	text, err := d.said(q.Said, c.Text)
	if err != nil || text.Value == q.Text.Value {
		return err
	}
	d.emit(&QuoteEdited{Quote: q.ID, Old: q.Text, New: text})
	return nil
}

func (c RemoveQuote) decide(d *decider) error {
	q, err := d.quoteToChange(c.Quote, c.Version)
	if err != nil {
		return err
	}
	d.emit(&QuoteRemoved{Quote: q.ID})
	return nil
}

func (c UseQuote) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	q := d.st.quote(c.Quote)
	if q == nil || d.st.Items[c.Item] == nil && d.st.People[c.Item] == nil {
		return notYours()
	}
	for _, id := range q.Items {
		if id == c.Item {
			return nil
		}
	}
	d.emit(&QuoteUsed{Quote: q.ID, Item: c.Item})
	return nil
}
