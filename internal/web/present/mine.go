package present

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// MineOptions say how a page of Mine is reached.
type MineOptions struct {
	Language string
	Base     string // address of the plan
	Action   string // where its forms post to
	Unknown  bool   // nobody has come in with this browser yet: only the link in hand opens anything
	Plan     string // address of the whole plan for this reader
	NewID    func() plan.ID
	Problem  *view.Problem // a refused move
	Item     plan.ID       // what it was about
	MaxFile  int64         // bytes of a file with a result; 0: none is taken
}

// Mine is the page behind every mail link.
func Mine(m app.Mine, o MineOptions) *view.Mine {
	via := ""
	if o.Unknown {
		via, _, _ = strings.Cut(o.Plan, "=")
		via += "="
	}
	pr := newPresenter(m.View, Options{Language: o.Language, Base: o.Base, Via: via})
	x := &mine{presenter: pr, m: m, o: o}
	me := m.View.Me
	out := &view.Mine{L: pr.l, Action: o.Action, Greeting: pr.l.Greeting(me.Name.Value, me.Salutation.Value), Lead: x.lead()}
	if o.Unknown {
		out.NotYou = pr.l.T("mine.notYou", "Name", me.Name.Value)
	}
	out.MaxFile, out.Other = int(o.MaxFile>>20), pr.party(m.View.Side().Other()).Short
	out.State, out.StateTo = x.state()
	for i := range m.Asked {
		c := x.card(&m.Asked[i])
		c.Folded = i > 0 && m.Asked[i].Kind != app.AskReply && m.Asked[i].Kind != app.AskHelp
		out.Cards = append(out.Cards, c)
	}
	for i := range m.Later {
		out.Later = append(out.Later, x.laterRow(&m.Later[i]))
	}
	for i := range m.Waits {
		out.Waits = append(out.Waits, x.waitRow(&m.Waits[i]))
	}
	for i := range m.Others {
		out.Plans = append(out.Plans, PlanRow(&m.Others[i], pr.l))
	}
	out.Silence = x.silence()
	if o.Problem != nil && !x.placed {
		out.Problem = x.problemWithWords()
	}
	return out
}

type mine struct {
	*presenter
	m      app.Mine
	o      MineOptions
	placed bool // the refused move has its card
}

// lead is the answer in a sentence: who asks for what, or that nobody does.
func (x *mine) lead() string {
	l, asked := x.l, x.m.Asked
	switch n := len(asked); {
	case app.View.Over(x.m.View):
		return l.T("mine.lead.over")
	case n == 0 && len(x.m.Later) > 0:
		a := &x.m.Later[0]
		if a.Item != nil && !a.Item.Terms.Due.IsZero() {
			return l.T("mine.lead.next", "What", x.titleOf(a.Item), "Day", l.Day(a.Item.Terms.Due))
		}
		return l.T("mine.lead.none")
	case n == 0 && len(x.m.Waits) > 0:
		return l.T("mine.lead.waiting", "N", len(x.m.Waits))
	case n == 0:
		return l.T("mine.lead.none")
	case n == 1 && asked[0].Kind == app.AskAnswer:
		return strings.TrimSpace(l.T("mine.lead.one", "By", x.name(asked[0].By)) + " " + x.minutes())
	case n == 1:
		return strings.TrimSpace(l.T("mine.lead."+string(asked[0].Kind), "By", x.name(asked[0].By)) + " " + x.minutes())
	default:
		return strings.TrimSpace(l.T("mine.lead.many", "N", n) + " " + x.minutes())
	}
}

// minutes says how little it takes, where that is so: few things, each of
// which is one press of a button.
func (x *mine) minutes() string {
	if len(x.m.Asked) > 2 {
		return ""
	}
	read := false
	for i := range x.m.Asked {
		a := &x.m.Asked[i]
		switch a.Kind {
		case app.AskAnswer, app.AskConfirm, app.AskReply, app.AskHelp:
		case app.AskProposal:
			if len(a.Proposal.Changes) > 3 {
				return ""
			}
		default:
			return ""
		}
		read = read || a.Item != nil && len(x.p.DocumentsOf(a.Item.ID)) > 0
	}
	if read {
		return x.l.T("mine.minutes.read")
	}
	return x.l.T("mine.minutes")
}

// state tells of a plan, or a reader, that may do less.
func (x *mine) state() (string, *view.Link) {
	l, p, me := x.l, x.p, x.v.Me
	switch {
	case p.LeftBy != "":
		return l.T("mine.state.left", "Name", x.party(p.LeftBy).Name), nil
	case p.Phase == plan.Archived:
		return l.T("mine.state.archived"), nil
	case p.Phase == plan.Decided:
		return l.T("mine.state.decided." + string(p.Outcome.Outcome)), nil
	case p.Phase == plan.Draft:
		return l.T("mine.state.draft"), nil
	case p.Paused != nil:
		return l.T("mine.state.paused", "Name", x.name(p.Paused.By), "Review", p.Paused.Review), nil
	case me.Access == plan.Viewer:
		return l.T("mine.state.viewer"), nil
	case me.Joined && me.Verified == "":
		return l.T("mine.state.newcomer", "By", x.doorkeeper()), nil
	}
	return "", nil
}

// doorkeeper is who lets the reader in.
func (x *mine) doorkeeper() string {
	for _, s := range []plan.Side{x.v.Side(), x.p.Home} {
		if leads := x.p.LeadsOf(s); len(leads) > 0 {
			return x.name(leads[0].ID)
		}
	}
	return x.party(x.p.Home).Name
}

// card is one thing that is asked.
func (x *mine) card(a *app.Asked) view.MineCard {
	c := view.MineCard{ID: string(a.ID()), Item: string(a.ID())}
	if x.o.Problem != nil && x.o.Item == a.ID() {
		c.Problem, x.placed = x.o.Problem, true
		c.Words = x.o.Problem.Typed["text"]
	}
	if a.Item != nil {
		c.Side, c.Title = view.Side(a.Item.Terms.Party), x.titleOf(a.Item)
		c.Reads = x.documents(a.Item.ID)
		hide := func(name, value string) { c.Hidden = append(c.Hidden, view.Option{Value: name, Label: value}) }
		hide("version", strconv.Itoa(a.Item.Version))
		hide("seen", a.Item.Terms.Due.String())
		hide("key", string(x.o.NewID()))
		if a.Late {
			c.Urgent = x.l.DueIn(-max(1, x.workdays(a.Item.Terms.Due, x.v.Today)))
		}
	}
	switch a.Kind {
	case app.AskAnswer:
		x.answer(&c, a)
	case app.AskDo, app.AskAgain:
		x.doing(&c, a)
	case app.AskInternal:
		x.internalCard(&c, a)
	case app.AskHelp:
		c.Meta = x.l.T("mine.help", "By", x.name(a.By), "Since", x.l.Since(x.workdays(a.Item.Progress.Block.Since, x.v.Today)))
		x.helping(&c, a)
	case app.AskReply:
		c.Meta = x.l.T("mine.reply", "By", x.name(a.By), "When", x.l.Moment(a.Question.At))
		c.Quote = cmp.Or(a.Question.Text.Value, x.l.T("state.text.erased"))
		c.Field = x.l.T("mine.field.reply", "By", x.name(a.By))
		c.First = x.press("ask", "mine.do.reply")
	case app.AskConfirm:
		x.confirm(&c, a)
	case app.AskProposal:
		x.proposal(&c, a)
	default:
		x.leading(&c, a)
	}
	return c
}

// helping is an obstacle that waits for the reader: they say that it is
// solved, how it goes on, or that it is not theirs.
func (x *mine) helping(c *view.MineCard, a *app.Asked) {
	b := a.Item.Progress.Block
	c.Quote = b.Because.Value
	switch {
	case b.Next.IsZero():
	case b.NextBy.IsZero():
		c.Note = x.l.T("obstacle.next.is") + " " + b.Next.Value
	default:
		c.Note = x.l.T("obstacle.next.by", "Day", x.l.Day(b.NextBy)) + " " + b.Next.Value
	}
	c.Field = x.l.T("mine.field.help")
	c.First = x.press("unblock", "mine.do.solved")
	c.Buttons = []view.MineButton{*x.press("tackle", "mine.do.tackle"), *x.press("ask", "mine.do.reply")}
	if b.Person != "" {
		c.Small = append(c.Small, *x.press("pass", "obstacle.pass"))
	}
	c.Links = x.step(a.Item)
}

func (x *mine) press(move, key string, nameValues ...any) *view.MineButton {
	return &view.MineButton{Move: move, Label: x.l.T(key, nameValues...)}
}

// step leads to the step in the plan, where the reader has a plan to go to.
func (x *mine) step(it *plan.Item) []view.Link {
	if x.o.Unknown {
		return nil
	}
	return []view.Link{{Href: x.o.Base + "/items/" + string(it.ID), Label: x.l.T("mine.step")}}
}

// answer is a step proposed for the reader: nobody says they promised it.
func (x *mine) answer(c *view.MineCard, a *app.Asked) {
	l, due := x.l, a.Item.Terms.Due
	x.about(c, a, "mine.proposed")
	if x.v.Me.Verified == "" {
		c.Note = l.T("mine.state.newcomer", "By", x.doorkeeper())
	} else {
		c.First = x.press("commit", "mine.do.commit", "Day", l.Day(due))
		if due.IsZero() {
			c.First = x.press("commit", "mine.do.commitOpen")
		}
		if k := a.Clash; k != nil && !k.Before.IsZero() {
			c.Note = x.clashNote(k, "mine.away.before")
			if x.p.MovesFreely(a.Item, x.v.Side(), k.Before) {
				c.First = x.press("commit:"+k.Before.String(), "mine.do.commit", "Day", l.Day(k.Before))
			} else {
				c.First = x.press("date:"+k.Before.String(), "mine.do.propose", "Day", l.Day(k.Before))
				c.Small = append(c.Small, *x.press("commit", "mine.do.commit", "Day", l.Day(due)))
			}
		}
	}
	c.Field, c.Link = l.T("mine.field.answer"), x.result()
	c.Dates = x.dates(c, a)
	c.Buttons = []view.MineButton{*x.press("report", "mine.do.already"), *x.press("ask", "mine.do.ask")}
	c.People = x.someoneElse(c)
	c.Small = append(c.Small, *x.press("not-mine", "mine.do.notMine"))
}

// result is the label of what can be given with "done".
func (x *mine) result() string {
	if x.o.MaxFile > 0 {
		return x.l.T("file.mine.file")
	}
	return x.l.T("mine.link")
}

// about fills what is said of an own step.
func (x *mine) about(c *view.MineCard, a *app.Asked, key string) {
	l, it := x.l, a.Item
	var parts []string
	if it.Terms.Due.IsZero() {
		parts = append(parts, l.T(key+".open"))
	} else {
		parts = append(parts, l.T(key, "Day", l.Day(it.Terms.Due)))
	}
	if a.Next != nil {
		parts = append(parts, x.following(a.Next))
	}
	c.Meta = strings.Join(parts, " · ")
	if d := it.Terms.DoneWhen.Value; d != "" {
		c.Done = l.T("mine.doneWhen", "What", d)
	}
	if k := a.Clash; k != nil && k.Before.IsZero() {
		key := "mine.away.after"
		if k.After.IsZero() {
			key = "mine.away.open"
		}
		c.Note = x.clashNote(k, key)
	}
}

// following says what waits for the step.
func (x *mine) following(it *plan.Item) string {
	title := x.titleOf(it)
	if g := x.p.Items[it.Details.Gate]; g != nil && g.Removed == 0 {
		title = x.titleOf(g)
	}
	if it.Terms.Due.IsZero() {
		return x.l.T("mine.then.open", "What", title)
	}
	return x.l.T("mine.then", "What", title, "Date", it.Terms.Due)
}

func (x *mine) clashNote(k *app.Clash, key string) string {
	l, a := x.l, k.Absence
	from := l.T("mine.away.from", "From", a.From)
	if a.From <= x.v.Today {
		from = l.T("mine.away.until", "To", a.To)
	}
	if n := a.Note.Value; n != "" {
		from += " (" + n + ")"
	}
	return strings.Join([]string{from + ".", l.T(key, "After", k.After)}, " ")
}

// dates are the other days a reader may mean, each one press away.
func (x *mine) dates(c *view.MineCard, a *app.Asked) *view.MineDates {
	d := &view.MineDates{Label: x.l.T("mine.do.date")}
	proposes := false
	for _, day := range a.Days {
		move := "date:" + day.String()
		if c.First != nil && strings.HasSuffix(c.First.Move, day.String()) {
			continue
		}
		d.Days = append(d.Days, view.MineButton{Move: move, Label: x.l.Day(day)})
		proposes = proposes || !x.p.MovesFreely(a.Item, x.v.Side(), day)
	}
	if proposes {
		d.Hint = x.l.T("mine.date.proposes", "Other", x.party(x.v.Side().Other()).Short)
	}
	if c.Problem != nil {
		d.Due = c.Problem.Typed["due"]
	}
	return d
}

func (x *mine) someoneElse(c *view.MineCard) *view.MinePeople {
	out := &view.MinePeople{Label: x.l.T("mine.do.hand"), Send: *x.press("hand", "mine.do.hand.send"), New: x.v.Me.Verified != "", Hint: x.l.T("mine.hand.hint")}
	for _, q := range x.p.Everybody() {
		if q.Side == x.v.Side() && q.ID != x.v.Me.ID && !waits(q) {
			out.People = append(out.People, x.option(q))
		}
	}
	if pr := c.Problem; pr != nil {
		out.Chosen, out.Name, out.Email = pr.Typed["owner"], pr.Typed["name"], pr.Typed["email"]
	}
	return out
}

func (x *mine) option(q *plan.Person) view.Option {
	label := q.Name.Value
	if q.Role.Value != "" {
		label += ", " + q.Role.Value
	}
	return view.Option{Value: string(q.ID), Label: label}
}

// doing is an own step that is due.
func (x *mine) doing(c *view.MineCard, a *app.Asked) {
	l, g := x.l, a.Item.Progress
	key := "mine.yours"
	if !a.Item.Committed(x.v.Side()) {
		key = "mine.wished"
	}
	x.about(c, a, key)
	if k := a.Clash; k != nil && !k.Before.IsZero() {
		c.Note = x.clashNote(k, "mine.away.before")
	}
	if a.Kind == app.AskAgain {
		c.Quote = g.Missing.Value
		c.Meta = strings.Join([]string{l.T("mine.again"), c.Meta}, " · ")
	}
	c.Field = l.T("mine.field.result")
	c.Link = x.result()
	c.First = x.press("report", "mine.do.report")
	c.Dates, c.People = x.dates(c, a), x.someoneElse(c)
	c.Buttons = []view.MineButton{*x.press("ask", "mine.do.ask")}
	if g.Status == plan.Blocked {
		c.Urgent = l.T("mine.blocked", "Why", g.Block.Because.Value)
		c.Buttons = append(c.Buttons, *x.press("unblock", "mine.do.unblock"))
		return
	}
	c.Holds = &view.MinePeople{Label: l.T("mine.do.block"), Send: *x.press("block", "mine.do.block.send"), Hint: l.T("mine.block.hint")}
	for _, q := range x.p.Everybody() {
		if q.ID != x.v.Me.ID && !waits(q) {
			o := x.option(q)
			o.Label = q.Name.Value + " (" + x.party(q.Side).Short + ")"
			c.Holds.People = append(c.Holds.People, o)
		}
	}
	if c.Problem != nil {
		c.Holds.Chosen = c.Problem.Typed["waits"]
	}
}

// internalCard is a step only the reader's side sees.
func (x *mine) internalCard(c *view.MineCard, a *app.Asked) {
	it := a.Internal
	c.Side, c.Title = view.Side(x.v.Side()), cmp.Or(it.Title.Value, x.l.T("state.text.erased"))
	c.Hidden = []view.Option{{Value: "version", Label: strconv.Itoa(it.Version)}}
	c.Meta = x.l.T("mine.internal", "Name", x.party(x.v.Side()).Short)
	if !it.Due.IsZero() {
		c.Meta = x.l.T("state.until", "Day", x.l.Day(it.Due)) + " · " + c.Meta
	}
	if a.Late {
		c.Urgent = x.l.DueIn(-max(1, x.workdays(it.Due, x.v.Today)))
	}
	c.First = x.press("report", "mine.do.report")
}

// confirm is what the other side reported done.
func (x *mine) confirm(c *view.MineCard, a *app.Asked) {
	g := a.Item.Progress
	c.Meta = x.l.T("mine.reported", "By", x.name(g.DoneBy), "Day", x.l.Day(g.DoneOn))
	c.Quote = g.Result.Value
	if d := a.Item.Terms.DoneWhen.Value; d != "" {
		c.Done = x.l.T("mine.doneWhen", "What", d)
	}
	c.Field = x.l.T("mine.field.missing")
	c.First = x.press("confirm", "mine.do.confirm")
	c.Buttons = []view.MineButton{*x.press("dispute", "mine.do.dispute"), *x.press("ask", "mine.do.ask")}
}

// proposal is one to answer: as a whole, against exactly what is shown.
func (x *mine) proposal(c *view.MineCard, a *app.Asked) {
	p := a.Proposal
	c.Side, c.Title = view.Side(p.Side), x.l.T("mine.proposal", "By", x.name(p.By))
	for _, ch := range p.Changes {
		c.Changes = append(c.Changes, x.changes(ch)...)
	}
	c.Quote, c.Meta = p.Reason.Value, x.l.T("mine.expires", "Day", x.l.Day(p.Expires))
	if note := x.beyond(p); note != "" {
		c.Note = note
	}
	c.Hidden = []view.Option{{Value: "digest", Label: string(p.Digest())}}
	c.Field = x.l.T("mine.field.decline")
	c.First = x.press("accept", "plan.move.agree")
	c.Buttons = []view.MineButton{*x.press("decline", "plan.move.decline")}
	if !x.o.Unknown {
		c.Beside = []view.Link{{Href: x.o.Base + "/proposals/" + string(p.ID) + "/counter", Label: x.l.T("plan.move.counter"), Sheet: true}}
	}
}

// leading is what the lead of a side decides, on the page that shows it whole.
func (x *mine) leading(c *view.MineCard, a *app.Asked) {
	to := x.o.Base
	switch a.Kind {
	case app.AskAccept:
		to += "/accept"
		c.Title = x.l.T("mine.accept")
		if x.p.Accepted.Of(x.v.Side().Other()).Digest == x.p.Digest() {
			c.Meta = x.l.T("mine.accept.other", "Name", x.party(x.v.Side().Other()).Short)
		}
	case app.AskStand:
		to += "?show=new"
		c.Title = x.l.T("mine.stand", "N", a.Count)
	case app.AskOwner:
		to += "/items/" + string(a.Item.ID)
		c.Meta = x.l.T("mine.owner")
		if a.By != "" {
			c.Meta = x.l.T("mine.owner.left", "Name", x.name(a.By))
		}
	case app.AskLetIn:
		to += "/people"
		c.Side = view.Side(a.Person.Side)
		c.Title = x.l.T("mine.letIn", "Name", a.Person.Name.Value)
		c.Meta = a.Person.Email.Value
	}
	c.Hidden = nil
	if x.o.Unknown {
		to = x.o.Plan
	}
	c.Links = []view.Link{{Href: to, Label: x.l.T("mine.look"), First: true}}
}

// silence is what happens if the reader does nothing, as the protocol has it:
// silence is no consent, and nothing happens by itself.
func (x *mine) silence() []string {
	var out []string
	has := func(kinds ...app.AskKind) *app.Asked {
		for i := range x.m.Asked {
			if slices.Contains(kinds, x.m.Asked[i].Kind) {
				return &x.m.Asked[i]
			}
		}
		return nil
	}
	if a := has(app.AskAnswer); a != nil {
		out = append(out, x.l.T("mine.silence.answer", "By", x.name(a.By)))
	}
	if on := x.m.Reminds; !on.IsZero() {
		out = append(out, x.l.T("mine.silence.reminds", "Day", x.l.Day(on)))
	}
	if a := has(app.AskProposal); a != nil {
		out = append(out, x.l.T("mine.silence.proposal", "Date", a.Proposal.Expires))
	}
	if a := has(app.AskDo, app.AskAgain); a != nil {
		out = append(out, x.l.T("mine.silence.do", "Name", x.party(x.v.Side()).Short))
	}
	if a := has(app.AskConfirm); a != nil {
		out = append(out, x.l.T("mine.silence.confirm"))
	}
	return out
}

// problemWithWords is a refused move whose card is gone: what was typed stands
// beside the reason, so that it can be taken along.
func (x *mine) problemWithWords() *view.Problem {
	p := *x.o.Problem
	if words := strings.TrimSpace(p.Typed["text"]); words != "" {
		p.Fixes = append(slices.Clip(p.Fixes), x.l.T("mine.typed", "Words", words))
	}
	return &p
}

// TheirsOfMine tells how a step is now where that differs from what the reader
// saw, or typed, when they pressed.
func TheirsOfMine(v app.View, language string, it *plan.Item, seen string, typed map[string]string) []view.Change {
	pr := newPresenter(v, Options{Language: language})
	was := it.Terms
	if day, err := civil.Parse(seen); err == nil || seen == "" {
		was.Due = day
		if seen == "" {
			was.Due = 0
		}
	}
	var out []view.Change
	add := func(key, mine, now string) {
		if mine != now {
			out = append(out, view.Change{Field: pr.l.T("state.field." + key), Old: mine, New: now})
		}
	}
	mine := pr.due(was)
	if day, err := civil.Parse(typed["due"]); err == nil {
		mine = pr.l.Date(day)
	}
	if was.Due != it.Terms.Due || typed["due"] != "" {
		add("due", mine, pr.due(it.Terms))
	}
	if owner := it.Terms.Owners.Of(v.Side()); owner != v.Me.ID {
		add("owner", v.Me.Name.Value, pr.ownerName(owner))
	}
	return out
}
