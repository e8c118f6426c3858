package plan

import "slices"

type (
	// Add puts a new item into the plan. Editors; contributors only actions of
	// their own. The id is chosen by the caller, so that a form sent twice adds
	// once.
	Add struct {
		ID      ID
		Kind    Kind
		Terms   Patch
		Details Details
		Risk    *RiskInput
		Gate    *GateInput
		Freeze  *FreezeInput
	}
	// Edit changes terms. Before an item is agreed both sides' editors may, and
	// it takes the other side's yes off; afterwards only what rule 7 allows to
	// one side alone goes through, the rest is refused with the advice to
	// propose it. Owners who are contributors may move their own date.
	Edit struct {
		Item      ID
		Version   int
		Patch     Patch
		Milestone *ID // free, like all details; nil leaves it
		Reason    string
	}
	// Detail changes what is free: durations, estimates, bounds, the milestone
	// an action counts for; risks, gates and freezes as a whole. Editors; owners
	// who are contributors only the day before which theirs cannot be done: their
	// own availability (rule 7).
	Detail struct {
		Item    ID
		Version int
		Details Details
		Risk    *RiskInput
		Gate    *GateInput
		Freeze  *FreezeInput
	}
	// Stand stands the actor's side behind exactly the terms with a digest.
	Stand struct {
		Item    ID
		Version int
		Digest  Digest
	}
	// StandAll stands behind several items as they were seen, or none.
	StandAll struct{ Items []ItemDigest }
	// Remove takes out an item that is not agreed, and the links to it.
	Remove struct {
		Item    ID
		Version int
	}
	// TakeBack undoes the actor's own last change to an item (rule 14).
	TakeBack struct {
		Item    ID
		Version int
	}
	// Say adds a comment to an item or, with an empty item, to the plan.
	Say struct {
		ID   ID
		Item ID
		Text string
	}
	// RiskInput, GateInput and FreezeInput are their details in plain words.
	RiskInput struct {
		Title, Mitigation string
		RiskDetails
	}
	GateInput struct {
		Title string
		GateDetails
	}
	FreezeInput struct {
		Title string
		FreezeDetails
	}
)

func (c Add) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	return d.add(c, Progress{})
}

const maxItems = 5_000

func (d *decider) add(c Add, progress Progress) error {
	switch {
	case !c.ID.valid() || c.Kind == KindDecision && c.ID != DecisionItem:
		return invalid("fault.id")
	case d.st.Items[c.ID] != nil:
		return refuse("fault.item.exists")
	case len(d.st.Items) >= maxItems:
		return refuse("fault.item.many", "max", maxItems)
	}
	terms, err := c.Terms.onto(Terms{}, d.content)
	if err != nil {
		return err
	}
	if terms, err = d.tidy(c.Kind, c.ID, terms); err != nil {
		return err
	}
	if !d.me.mayEdit() && (c.Kind != KindAction || !d.st.same(terms.Owners.Of(d.me.Side), d.me.ID)) {
		return forbidden("fault.right.add")
	}
	details, err := d.details(c.Kind, Details{}, c.Details, c.Risk, c.Gate, c.Freeze)
	if err != nil {
		return err
	}
	if c.Kind == KindLink && d.bound(terms.From) && d.bound(terms.To) {
		return refuse("fault.link.agreed").Fix("fix.propose")
	}
	if c.Kind == KindAction && progress.Status == "" {
		progress.Status = Open
	}
	d.emit(&ItemAdded{Item: c.ID, ItemKind: c.Kind, Terms: terms, Stand: c.Kind.HasTerms() && d.me.MayAgree(), Details: details, Progress: progress})
	return nil
}

func (d *decider) bound(id ID) bool { return d.st.Items[id] != nil && d.st.Items[id].Bound() }

func (c Edit) decide(d *decider) error {
	it, err := d.item(c.Item, c.Version)
	if err != nil {
		return err
	}
	if !it.Kind.HasTerms() {
		return notYours()
	}
	next, err := c.Patch.onto(it.Terms, d.content)
	if err != nil {
		return err
	}
	if next, err = d.tidy(it.Kind, it.ID, next); err != nil {
		return err
	}
	if err := d.leadTo(it, c.Milestone); err != nil {
		return err
	}
	fields := it.Terms.Differ(next)
	if len(fields) == 0 {
		if c.Milestone != nil && *c.Milestone != it.Details.Milestone {
			details := it.Details
			details.Milestone = *c.Milestone
			d.emit(&ItemDetailed{Item: it.ID, Old: it.Details, New: details})
		}
		return nil
	}
	if !d.me.mayEdit() && !(d.owns(it) && onlyDate(fields)) {
		return forbidden("fault.right.edit")
	}
	return d.changeTerms(it, next, c.Milestone, c.Reason)
}

// leadTo checks that an action may count for another milestone, or for none.
func (d *decider) leadTo(it *Item, milestone *ID) error {
	if milestone == nil || *milestone == it.Details.Milestone {
		return nil
	}
	if it.Kind != KindAction {
		return invalid("fault.milestone")
	}
	if !d.me.mayEdit() {
		return forbidden("fault.right.edit")
	}
	details := it.Details
	details.Milestone = *milestone
	return d.checkDetails(it.Details, details)
}

// owns reports whether the actor is the owner of an action on their side.
func (d *decider) owns(it *Item) bool { return d.st.same(it.Terms.Owners.Of(d.me.Side), d.me.ID) }

// changeTerms changes terms directly, or says that it takes a proposal.
func (d *decider) changeTerms(it *Item, next Terms, milestone *ID, reason string) error {
	if !it.Bound() {
		moved := it.Terms.From != next.From || it.Terms.To != next.To
		if it.Kind == KindLink && moved && d.bound(next.From) && d.bound(next.To) {
			return refuse("fault.link.agreed").Fix("fix.propose")
		}
		d.emit(&ItemEdited{Item: it.ID, Old: it.Terms, New: next, Stand: d.me.MayAgree(), For: milestone})
		return nil
	}
	rule, free := d.st.free(it, next, d.me.Side)
	if !free {
		return refuse("fault.item.agreed", "item", string(it.ID)).Fix("fix.propose")
	}
	if d.me.Verified == "" {
		return forbidden("fault.right.agree") // agreed terms do not move by the word of somebody unverified
	}
	why, err := d.words(reason, maxWords)
	if err != nil {
		return err
	}
	d.emit(&ItemDeviated{Item: it.ID, Rule: rule, Old: it.Terms, New: next, Reason: why, Stand: d.me.MayAgree(), For: milestone})
	return nil
}

func onlyDate(fields []Field) bool { return len(fields) == 1 && fields[0] == FieldDue }

// free tells whether rule 7 lets a side change agreed terms alone, and by
// which clause. It looks at shared links only: a refusal must not reveal that
// the other side has an internal action hanging on this one.
func (p *Plan) free(it *Item, next Terms, s Side) (FreeRule, bool) {
	fields := it.Terms.Differ(next)
	if it.Kind != KindAction || len(fields) != 1 || it.Progress.Status == Done {
		return "", false
	}
	own := FieldSellerOwner
	if s == Buyer {
		own = FieldBuyerOwner
	}
	switch {
	case fields[0] == own && it.Terms.Party.Includes(s) && next.Owners.Of(s) != "":
		return FreeOwner, true
	case fields[0] != FieldDue || it.Terms.Party != Party(s) || next.Due.IsZero():
		return "", false
	case !it.Terms.Due.IsZero() && next.Due < it.Terms.Due:
		return FreeEarlier, true
	case !p.othersDepend(it.ID, s):
		return FreeIndependent, true
	}
	return "", false
}

// othersDepend reports whether, along shared links, anything of the other
// side, anything joint, or a milestone or the decision waits for an item.
func (p *Plan) othersDepend(id ID, s Side) bool {
	after := map[ID][]ID{}
	for _, l := range p.Live(KindLink) {
		after[l.Terms.From] = append(after[l.Terms.From], l.Terms.To)
	}
	seen := map[ID]bool{id: true}
	for queue := []ID{id}; len(queue) > 0; queue = queue[1:] {
		it := p.Items[queue[0]]
		if it.Kind != KindAction || it.Terms.Party != Party(s) {
			return true
		}
		for _, m := range []ID{it.Details.Milestone, it.AgreedFor} {
			if m != "" && !p.gone(m) {
				return true // also if one side took the action out of it since
			}
		}
		for _, next := range after[it.ID] {
			if !seen[next] && !p.gone(next) {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return false
}

func (c Detail) decide(d *decider) error {
	it, err := d.item(c.Item, c.Version)
	if err != nil {
		return err
	}
	if !d.me.mayEdit() && !(d.owns(it) && onlyNotBefore(it.Details, c.Details)) {
		return forbidden("fault.right.edit")
	}
	details, err := d.details(it.Kind, it.Details, c.Details, c.Risk, c.Gate, c.Freeze)
	if err != nil {
		return err
	}
	if sum("same", details) == sum("same", it.Details) {
		return nil
	}
	d.emit(&ItemDetailed{Item: it.ID, Old: it.Details, New: details})
	return nil
}

func onlyNotBefore(old, next Details) bool {
	old.NotBefore = next.NotBefore
	return sum("same", old) == sum("same", next)
}

func (c Stand) decide(d *decider) error {
	it, err := d.item(c.Item, c.Version)
	if err != nil {
		return err
	}
	return d.standBehind(it, c.Digest)
}

func (d *decider) standBehind(it *Item, digest Digest) error {
	switch {
	case !it.Kind.HasTerms():
		return notYours()
	case !d.me.MayAgree():
		return forbidden("fault.right.agree")
	case it.Digest != digest:
		return changed(it.ID, 0, it.Version)
	case it.StandsBehind(d.me.Side):
		return nil
	}
	d.emit(&ItemStood{Item: it.ID, Digest: digest})
	return nil
}

func (c StandAll) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	for _, x := range c.Items {
		it := d.st.Items[x.Item]
		if it == nil {
			return notYours()
		}
		if it.Removed != 0 {
			return changed(x.Item, 0, it.Version)
		}
		if err := d.standBehind(it, x.Digest); err != nil {
			return err
		}
	}
	return nil
}

func (c Remove) decide(d *decider) error {
	it, err := d.item(c.Item, c.Version)
	switch {
	case err != nil:
		return err
	case it.Kind == KindDecision:
		return refuse("fault.decision.stays")
	case !d.me.mayEdit():
		return forbidden("fault.right.edit")
	case it.Bound():
		return refuse("fault.item.agreed", "item", string(it.ID)).Fix("fix.propose")
	case d.st.holdsAgreedLink(it.ID):
		return refuse("fault.remove.agreed-link", "item", string(it.ID)).Fix("fix.propose")
	}
	d.emit(&ItemRemoved{Item: it.ID, With: d.st.linksOf(it.ID)})
	return nil
}

// holdsAgreedLink reports that an agreed link would go with an item.
func (p *Plan) holdsAgreedLink(id ID) bool {
	return slices.ContainsFunc(p.linksOf(id), func(l ID) bool { return p.Items[l].Bound() })
}

// linksOf lists the live links that end at an item.
func (p *Plan) linksOf(id ID) []ID {
	var out []ID
	for _, l := range p.Live(KindLink) {
		if l.Terms.From == id || l.Terms.To == id {
			out = append(out, l.ID)
		}
	}
	return out
}

func (c TakeBack) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	it := d.st.Items[c.Item]
	switch {
	case it == nil:
		return notYours()
	case it.Version != c.Version:
		return changed(it.ID, c.Version, it.Version)
	case it.Undo == nil:
		return refuse("fault.undo.none")
	case !d.st.same(it.Undo.By, d.me.ID):
		return refuse("fault.undo.other")
	case it.Undo.Prev == nil && d.st.inUse(it.ID):
		return refuse("fault.undo.built-on")
	}
	undo := &ItemUndone{Item: it.ID, Seq: it.Undo.Seq, What: it.Undo.Kind}
	if err := d.try(undo).soundLinks(); err != nil {
		return refuse("fault.undo.built-on").Wrap(err)
	}
	d.emit(undo)
	return nil
}

// inUse reports that something in the plan refers to an item.
func (p *Plan) inUse(id ID) bool {
	for _, it := range p.Live() {
		r := it.Details.Risk
		if it.Details.Milestone == id || it.Details.Gate == id || r != nil && slices.Contains(r.Actions, id) {
			return true
		}
	}
	return len(p.linksOf(id)) > 0
}

// try is the state as it would be after an event.
func (d *decider) try(ev Event) *Plan {
	st := d.st.clone()
	st.apply(ev, Meta{Seq: d.log.seq + 1, At: d.log.at, Actor: d.log.actor, Side: d.log.side})
	return st
}

func (c Say) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	switch {
	case !c.ID.valid():
		return invalid("fault.id")
	case c.Item != "" && d.st.Items[c.Item] == nil:
		return notYours()
	case slices.ContainsFunc(d.st.Comments[c.Item], func(x *Comment) bool { return x.ID == c.ID }):
		return nil // sent twice
	}
	text, err := d.needed(c.Text, "fault.text.empty")
	if err != nil {
		return err
	}
	d.emit(&CommentAdded{Comment: c.ID, Item: c.Item, Text: text})
	return nil
}
