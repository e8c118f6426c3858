package plan

import (
	"tandem/internal/civil"
)

type (
	// Answer is the owner's own word (rule 6): only the owner gives it.
	// OtherDate changes the date where the owner's side may do so alone, else
	// it becomes a proposal in the owner's name, with ProposalID and Expires.
	// Handed names another of the owner's side: To, or somebody not listed yet
	// by New, which an owner who was let in may (rule 7: adding people to one's
	// own side). Naming gives no access.
	GiveAnswer struct {
		Item       ID
		Version    int
		Kind       AnswerKind
		Date       civil.Day
		To         ID
		New        *NewPerson
		Reason     string
		ProposalID ID
		Expires    civil.Day
	}
	// Expect says what the owner believes now; it changes no terms. No date
	// takes it back.
	Expect struct {
		Item    ID
		Version int
		Date    civil.Day
		Because string
	}
	// Start reports that work has begun; Remaining is in working days.
	Start struct {
		Item      ID
		Version   int
		On        civil.Day
		Remaining *int
	}
	// Report reports an action done, or a milestone reached.
	Report struct {
		Item    ID
		Version int
		On      civil.Day
		Result  string
	}
	// Confirm is the other side's yes to a reported action; final.
	Confirm struct {
		Item    ID
		Version int
	}
	// Lacks says what is still missing: the action is open again.
	Lacks struct {
		Item    ID
		Version int
		Missing string
	}
	// Hinder says why an action cannot go on, and whose move it is.
	Hinder struct {
		Item    ID
		Version int
		Because string
		Waits   Side
		Person  ID
		Since   civil.Day
	}
	// Unhinder says that it can go on, and how that came. Who may tackle it.
	Unhinder struct {
		Item    ID
		Version int
		Solved  string
	}
)

func (c GiveAnswer) decide(d *decider) error {
	it, err := d.item(c.Item, c.Version, KindAction)
	if err != nil {
		return err
	}
	side := d.me.Side
	if !d.owns(it) {
		return forbidden("fault.right.owner")
	}
	if it.Progress.Status == Done {
		return refuse("fault.action.done")
	}
	reason, err := d.words(c.Reason, maxWords)
	if err != nil {
		return err
	}
	answer := &OwnerAnswered{Item: it.ID, Side: side, Answer: c.Kind, Digest: it.Terms.ownerDigest(side), Reason: reason}
	switch c.Kind {
	case TakesOn:
		if d.me.Verified == "" {
			return forbidden("fault.right.agree")
		}
		if it.Committed(side) {
			return nil
		}
	case NotMine:
	case Handed:
		return d.hand(c, it, answer)
	case OtherDate:
		return d.otherDate(c, it, answer)
	default:
		return invalid("fault.answer")
	}
	d.emit(answer)
	return nil
}

func (d *decider) hand(c GiveAnswer, it *Item, answer *OwnerAnswered) error {
	if c.New != nil {
		if d.me.Verified == "" {
			return forbidden("fault.right.agree")
		}
		in := NewPerson{ID: c.New.ID, Side: d.me.Side, Name: c.New.Name, Role: c.New.Role, Email: c.New.Email}
		if err := d.person(in, None, ""); err != nil {
			return err
		}
		c.To = in.ID
	}
	next := it.Terms
	next.Owners.Set(d.me.Side, c.To)
	next, err := d.tidy(it.Kind, it.ID, next)
	if err != nil {
		return err
	}
	to := next.Owners.Of(d.me.Side)
	if to == "" || to == d.me.ID {
		return invalid("fault.owner.other")
	}
	answer.To = to
	d.emit(answer)
	return d.changeTerms(it, next, nil, c.Reason)
}

func (d *decider) otherDate(c GiveAnswer, it *Item, answer *OwnerAnswered) error {
	if err := d.onDay(c.Date); err != nil || c.Date.IsZero() {
		return invalid("fault.date.needed")
	}
	if c.Date == it.Terms.Due {
		return invalid("fault.date.same")
	}
	next := it.Terms
	next.Due, next.DateOpen = c.Date, false
	if _, free := d.st.free(it, next, d.me.Side); free || !it.Bound() {
		return d.changeTerms(it, next, nil, c.Reason)
	}
	answer.Date = c.Date
	d.emit(answer)
	return d.propose(Propose{ID: c.ProposalID, Reason: c.Reason, Expires: c.Expires,
		Changes: []Wish{{Item: it.ID, Version: it.Version + 1, Patch: Patch{Due: &c.Date}}}}, "")
}

// reportable finds an action whose state the actor may report.
func (d *decider) reportable(id ID, version int, kinds ...Kind) (*Item, error) {
	it, err := d.item(id, version, kinds...)
	if err != nil {
		return nil, err
	}
	if !d.st.MayReport(d.me.ID, it) {
		return nil, forbidden("fault.right.report")
	}
	return it, nil
}

func (d *decider) past(day civil.Day) (civil.Day, error) {
	if day.IsZero() {
		return d.env.Today, nil
	}
	if day > d.env.Today {
		return day, invalid("fault.date.future")
	}
	return day, d.onDay(day)
}

func (c Expect) decide(d *decider) error {
	it, err := d.reportable(c.Item, c.Version, KindAction, KindMilestone)
	if err != nil {
		return err
	}
	if it.Progress.Status == Done {
		return refuse("fault.action.done")
	}
	if err := d.onDay(c.Date); err != nil {
		return err
	}
	because, err := d.words(c.Because, maxWords)
	if err != nil {
		return err
	}
	d.emit(&ActionExpected{Item: it.ID, Date: c.Date, Because: because})
	return nil
}

func (c Start) decide(d *decider) error {
	it, err := d.reportable(c.Item, c.Version, KindAction)
	if err != nil {
		return err
	}
	if it.Progress.Status == Done {
		return refuse("fault.action.done")
	}
	on, err := d.past(c.On)
	if err != nil {
		return err
	}
	if c.Remaining != nil && (*c.Remaining < 0 || *c.Remaining > maxDays) {
		return invalid("fault.duration", "max", maxDays)
	}
	d.emit(&ActionStarted{Item: it.ID, On: on, Remaining: c.Remaining})
	return nil
}

func (c Report) decide(d *decider) error {
	it, err := d.reportable(c.Item, c.Version, KindAction, KindMilestone)
	if err != nil {
		return err
	}
	if it.Progress.Status == Done {
		return refuse("fault.action.done")
	}
	on, err := d.past(c.On)
	if err != nil {
		return err
	}
	result, err := d.words(c.Result, maxWords)
	if err != nil {
		return err
	}
	d.emit(&ActionDone{Item: it.ID, On: on, Result: result})
	return nil
}

// answerable finds a reported action that the actor's side may confirm or
// dispute: the side that did not report it.
func (d *decider) answerable(id ID, version int) (*Item, error) {
	it, err := d.item(id, version, KindAction, KindMilestone)
	switch {
	case err != nil:
		return nil, err
	case it.Progress.Status != Done:
		return nil, refuse("fault.action.not-done")
	case it.Progress.Confirmed != "":
		return nil, refuse("fault.action.confirmed")
	case it.Progress.Reported == d.me.Side:
		return nil, refuse("fault.action.own-report")
	case d.me.Verified == "":
		return nil, forbidden("fault.right.agree")
	case !d.me.mayEdit() && !d.owns(it):
		return nil, forbidden("fault.right.report")
	}
	return it, nil
}

func (c Confirm) decide(d *decider) error {
	it, err := d.answerable(c.Item, c.Version)
	if err != nil {
		return err
	}
	d.emit(&ActionConfirmed{Item: it.ID})
	return nil
}

func (c Lacks) decide(d *decider) error {
	it, err := d.answerable(c.Item, c.Version)
	if err != nil {
		return err
	}
	missing, err := d.needed(c.Missing, "fault.missing.empty")
	if err != nil {
		return err
	}
	d.emit(&ActionReopened{Item: it.ID, Missing: missing})
	return nil
}

func (c Hinder) decide(d *decider) error {
	it, err := d.reportable(c.Item, c.Version, KindAction)
	if err != nil {
		return err
	}
	if it.Progress.Status == Done {
		return refuse("fault.action.done")
	}
	if err := d.move(c.Waits, c.Person); err != nil {
		return err
	}
	since, err := d.past(c.Since)
	if err != nil {
		return err
	}
	because, err := d.needed(c.Because, "fault.reason.empty")
	if err != nil {
		return err
	}
	d.emit(&ActionBlocked{Item: it.ID, Block: Block{Because: because, Waits: c.Waits, Person: c.Person, Since: since, By: d.me.ID}})
	return nil
}

func (c Unhinder) decide(d *decider) error {
	it, err := d.blocked(c.Item, c.Version)
	if err != nil {
		return err
	}
	solved, err := d.words(c.Solved, maxWords)
	if err != nil {
		return err
	}
	d.emit(&ActionUnblocked{Item: it.ID, Solved: solved})
	return nil
}
