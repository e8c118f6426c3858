package plan

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"tandem/internal/civil"
)

// chooser decides what a random sequence does next: rapid, which shrinks, or a
// plain source.
type chooser interface {
	below(n int) int // 0 ≤ result < n
}

type plainChooser struct{ *rand.Rand }

func (c plainChooser) below(n int) int { return c.IntN(n) }

// generator makes commands, plausible and implausible, of every type. Words it
// writes carry a mark of whose they are: erasing a person must remove the mark.
type generator struct {
	chooser
	w      *world
	n      int
	single bool // no batches
}

// step is one command with everything it depends on, so that it can be decided
// again elsewhere.
type step struct {
	actor   ID
	shared  Command
	private PrivateCommand
	side    Side
	now     time.Time
	seed    uint64 // of the salts
}

func (g *generator) chance(percent int) bool { return g.below(100) < percent }

func pick[T any](g *generator, from ...T) T { return from[g.below(len(from))] }

// words are personal: a comment, a reason, a result.
func (g *generator) words(author ID) string {
	g.n++
	switch {
	case g.chance(4):
		return ""
	case g.chance(2):
		return "\xff\xfe broken"
	case g.chance(2):
		return strings.Repeat("long ", maxWords)
	}
	return fmt.Sprintf("«%s» says %d <b>&\u2028", author, g.n)
}

// mark is how the generator writes whose words they are.
func mark(id ID) string { return "«" + string(id) + "»" }

func (g *generator) title() *string {
	g.n++
	s := pick(g, "Legal review", "Security questionnaire", "Workshop", "Sign", "Kick-off") + fmt.Sprint(g.n%7)
	if g.chance(3) {
		s = pick(g, "", "\x00", "\xff", strings.Repeat("x", maxLine+1))
	}
	return &s
}

func (g *generator) id(prefix string) ID {
	g.n++
	if g.chance(3) {
		return pick[ID](g, "", "a b", "ümlaut", ID(strings.Repeat("x", 41)))
	}
	return ID(fmt.Sprintf("%s%d", prefix, g.n))
}

func (g *generator) day() civil.Day {
	switch {
	case g.chance(3):
		return pick[civil.Day](g, 0, civil.Earliest-1, civil.Latest+1)
	case g.chance(5):
		return 0
	}
	return g.w.today() - 10 + civil.Day(g.below(40))
}

func (g *generator) person() ID {
	if g.chance(3) {
		return pick[ID](g, "ghost", "")
	}
	ids := sortedKeys(g.w.plan.People)
	if len(ids) == 0 {
		return sarah
	}
	return ids[g.below(len(ids))]
}

// personOf is somebody of a side, mostly.
func (g *generator) personOf(s Side) ID {
	for range 8 {
		id := g.person()
		if q := g.w.plan.People[id]; q != nil && q.Side == s {
			return id
		}
	}
	return g.person()
}

func (g *generator) item(kinds ...Kind) *Item {
	if g.chance(2) {
		return &Item{ID: "nothing", Version: 1}
	}
	var of []*Item
	if g.chance(95) {
		of = g.w.plan.Live(kinds...)
	}
	if len(of) == 0 {
		for _, id := range g.w.plan.Order {
			of = append(of, g.w.plan.Items[id])
		}
	}
	if len(of) == 0 {
		return &Item{ID: "nothing", Version: 1}
	}
	return of[g.below(len(of))]
}

func (g *generator) version(v int) int {
	if g.chance(5) {
		return v + pick(g, -1, 1)
	}
	return v
}

func (g *generator) proposal() *Proposal {
	open := g.w.plan.OpenProposals()
	if len(open) > 0 && g.chance(85) {
		return open[g.below(len(open))]
	}
	if ids := sortedKeys(g.w.plan.Proposals); len(ids) > 0 {
		return g.w.plan.Proposals[ids[g.below(len(ids))]]
	}
	return &Proposal{ID: "no-proposal"}
}

func sortedKeys[V any](m map[ID]V) []ID {
	var out []ID
	for id := range m {
		out = append(out, id)
	}
	for i := range out {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// patch changes one field that suits the kind, sometimes more.
func (g *generator) patch(k Kind) Patch {
	var c Patch
	for more := true; more; more = g.chance(15) {
		switch k {
		case KindLink:
			switch g.below(4) {
			case 0:
				c.Lag = ptr(pick(g, g.below(9)-3, maxLag+1))
			case 1:
				c.Type = ptr(pick(g, FinishToStart, StartToStart, FinishToFinish, StartToFinish, "odd"))
			case 2:
				c.LagCalendar = ptr(pick(g, "plan", "successor", "moon"))
			default:
				c.To = ptr(g.item(KindAction, KindMilestone, KindDecision).ID)
			}
		case KindAction:
			switch g.below(10) {
			case 0:
				c.Title = g.title()
			case 1:
				c.DoneWhen = g.title()
			case 2:
				c.Party = ptr(pick(g, ByBuyer, BySeller, Joint, "everybody"))
			case 3:
				c.BuyerOwner = ptr(g.personOf(Buyer))
			case 4:
				c.SellerOwner = ptr(g.personOf(Seller))
			case 5:
				c.DateOpen = ptr(true)
			default:
				c.Due = ptr(g.day())
			}
		default:
			if g.chance(50) {
				c.Due = ptr(g.day())
			} else {
				c.Title = g.title()
			}
		}
	}
	return c
}

func (g *generator) newTerms(k Kind) Patch {
	switch k {
	case KindLink:
		ends := []Kind{KindAction, KindMilestone, KindDecision}
		return Patch{From: ptr(g.item(ends...).ID), To: ptr(g.item(ends...).ID)}
	case KindAction:
		return Patch{Title: g.title(), Party: ptr(pick(g, ByBuyer, BySeller, Joint)), Due: ptr(g.day()), DoneWhen: g.title(),
			BuyerOwner: ptr(g.personOf(Buyer)), SellerOwner: ptr(g.personOf(Seller))}
	case KindGoal:
		return Patch{Title: g.title(), Party: ptr(pick(g, ByBuyer, BySeller, Joint, "x"))}
	}
	return Patch{Title: g.title(), Due: ptr(g.day())}
}

func (g *generator) details() Details {
	x := Details{Category: pick(g, "", "legal-review", "a\xffb"), Start: g.day(), Pinned: g.chance(20)}
	if g.chance(60) {
		x.Duration = ptr(g.below(30) - 1)
	}
	if g.chance(40) {
		x.Milestone = g.item(KindMilestone).ID
	}
	if g.chance(30) {
		x.Gate = g.item(KindGate).ID
	}
	if g.chance(30) {
		x.Estimate = &Estimate{Low: float64(g.below(4)), Likely: float64(g.below(9)), High: float64(g.below(30))}
	}
	return x
}

func (g *generator) free() (*RiskInput, *GateInput, *FreezeInput) {
	from := g.day()
	return &RiskInput{Title: *g.title(), Mitigation: *g.title(), RiskDetails: RiskDetails{Probability: float64(g.below(12)) / 10, Low: 1, Likely: 2,
			High: float64(g.below(5)), Owner: pick(g, g.person(), "ghost"), Actions: []ID{g.item(KindAction, KindAction, KindMilestone).ID}}},
		&GateInput{Title: *g.title(), GateDetails: GateDetails{Rule: pick(g, "FREQ=WEEKLY;BYDAY=TU", ""), Anchor: g.day(), LeadDays: g.below(5) - 1}},
		&FreezeInput{Title: *g.title(), FreezeDetails: FreezeDetails{From: from, To: from + civil.Day(g.below(9)) - 1, Blocks: pick(g, "start", "work", "fun")}}
}

func (g *generator) newcomer(s Side) NewPerson {
	id := g.id("p")
	p := NewPerson{ID: id, Side: s, Name: mark(id) + " name", Role: mark(id) + " role", Email: mark(id) + "@example.com"}
	if g.chance(30) {
		p.Absences = []SpanInput{{From: g.w.today(), To: g.w.today() + 5, Note: mark(id) + " away"}}
	}
	if g.chance(5) {
		p.Email, p.Name = pick(g, "nonsense", ""), pick(g, "", p.Name)
	}
	return p
}

func (g *generator) wishes() []Wish {
	var out []Wish
	if g.chance(2) {
		return nil
	}
	for more := true; more; more = g.chance(30) {
		if g.chance(15) {
			out = append(out, Wish{Item: g.id("link"), Link: true, Patch: g.newTerms(KindLink)})
			continue
		}
		it := g.item(KindAction, KindMilestone, KindDecision, KindGoal, KindCriterion, KindLink)
		out = append(out, Wish{Item: it.ID, Version: g.version(it.Version), Patch: g.patch(it.Kind), Remove: g.chance(12)})
	}
	return out
}

func (g *generator) propose(by ID) Propose {
	return Propose{ID: g.id("pr"), Changes: g.wishes(), Reason: g.words(by), Expires: g.w.today() + civil.Day(g.below(20)) - 1}
}

func (g *generator) seen() []ItemDigest {
	seen := g.w.plan.Shown()
	if len(seen) > 1 && g.chance(10) {
		return seen[1:]
	}
	return seen
}

// next is the next step: who, when and what.
func (g *generator) next() step {
	switch d := g.below(20); {
	case d == 0:
		g.w.now = g.w.now.Add(-time.Duration(g.below(72)) * time.Hour) // a clock that was set back
	case d < 5:
		g.w.now = g.w.now.Add(time.Duration(g.below(96)) * time.Hour)
	default:
		g.w.now = g.w.now.Add(time.Duration(g.below(5000)) * time.Millisecond)
	}
	s := step{now: g.w.now, seed: uint64(g.n)<<20 | uint64(g.below(1<<20))}
	if g.chance(12) {
		g.private(&s)
		return s
	}
	s.shared, s.actor = g.command()
	return s
}

// actor is mostly somebody who may.
func (g *generator) actor() ID {
	if g.chance(85) {
		return pick(g, sarah, tom, john, ute)
	}
	return g.person()
}

func (g *generator) private(s *step) {
	s.side = pick(g, Buyer, Seller)
	s.actor = g.personOf(s.side)
	pv := g.w.private.Of(s.side)
	switch g.below(11) {
	case 6, 7:
		s.private = g.paper(s.actor)
	case 8, 9:
		it := pick(g, g.item().ID, g.id("i"))
		if ids := sortedKeys(pv.Actions); len(ids) > 0 && g.chance(40) {
			it = ids[g.below(len(ids))]
		}
		if len(pv.DocumentsOf(it)) > 0 && g.chance(60) {
			s.private = RemoveDocument{ID: pv.DocumentsOf(it)[0].ID, Item: it}
			return
		}
		s.private = g.addDocument(it, pv.DocumentsOf(it), s.actor)
	case 0, 1:
		c := SetNote{ID: g.id("n"), Item: g.item().ID, Text: g.words(s.actor)}
		if ids := sortedKeys(pv.Notes); len(ids) > 0 && g.chance(40) {
			c.ID = ids[g.below(len(ids))]
			c.Version = g.version(pv.Notes[c.ID].Version)
		}
		s.private = c
		if g.chance(10) {
			s.private = SetNotes{c, SetNote{ID: g.id("n"), Text: g.words(s.actor)}}
		}
	case 2, 3:
		c := SetInternal{ID: g.id("i"), Title: *g.title(), Owner: g.personOf(s.side), Due: g.day(), After: []ID{g.item().ID}, Done: g.chance(30)}
		if ids := sortedKeys(pv.Actions); len(ids) > 0 && g.chance(40) {
			c.ID = ids[g.below(len(ids))]
			c.Version = g.version(pv.Actions[c.ID].Version)
		}
		s.private = c
	case 4:
		c := RemoveNote{ID: "none"}
		if ids := sortedKeys(pv.Notes); len(ids) > 0 {
			c.ID = ids[g.below(len(ids))]
			c.Version = g.version(pv.Notes[c.ID].Version)
		}
		s.private = c
	default:
		c := RemoveInternal{ID: "none"}
		if ids := sortedKeys(pv.Actions); len(ids) > 0 {
			c.ID = ids[g.below(len(ids))]
			c.Version = g.version(pv.Actions[c.ID].Version)
		}
		s.private = c
	}
}

// command makes a command on the shared plan. The weights keep plans alive for
// long enough to get somewhere; what ends one is rare.
func (g *generator) command() (Command, ID) {
	who := g.actor()
	if !g.single && g.chance(4) {
		var b Batch
		g.single = true
		for range 6 {
			if c, by := g.command(); by == who {
				b = append(b, c)
			}
		}
		g.single = false
		return b, who
	}
	switch g.below(45) {
	case 43, 44:
		return g.sessionCommand(who)
	case 40, 41, 42:
		return g.runCommand(who)
	case 34, 35, 36, 37, 38, 39:
		return g.checkInCommand(who)
	case 0, 1, 2:
		return g.planCommand(who)
	case 3, 4, 5:
		return g.peopleCommand(who)
	case 6, 7, 8, 9, 10, 11:
		return g.proposalCommand(who)
	case 12, 13, 14, 15, 16, 17, 18:
		return g.progressCommand(who)
	}
	return g.itemCommand(who)
}

func (g *generator) planCommand(who ID) (Command, ID) {
	lead := pick(g, sarah, john, who)
	if g.w.plan.Phase == Decided && g.chance(30) {
		return Archive{}, lead
	}
	switch g.below(50) {
	case 0:
		return Leave{Reason: g.words(lead)}, lead
	case 1:
		return Conclude{Outcome: pick(g, DecidedYes, DecidedNo, NoDecision, "perhaps"), Reason: g.words(lead)}, lead
	case 2, 3:
		return Archive{}, lead
	case 4, 5:
		return Suspend{Reason: g.words(lead), Review: g.day()}, lead
	case 6, 7, 8:
		return Resume{}, lead
	case 9, 10:
		return Share{}, lead
	case 11:
		return create(), who
	case 12, 13:
		return ExpireProposals{}, ""
	case 14:
		return RecordErasure{}, ""
	case 15, 16, 17:
		c := Settle{Language: ptr(pick(g, "de", "en", "fr"))}
		if g.chance(50) {
			c.Organisation.Set(pick(g, Buyer, Seller), pick(g, g.title(), g.title(), ptr(" ")))
		}
		if g.chance(50) {
			c.Calendar.Set(pick(g, Buyer, Seller), &CalendarInput{Week: []string{"mon", pick(g, "tue", "tue", "someday")}, Region: pick(g, "DE-BY", "no such"), Fiscal: pick(g, 0, 4, 13)})
		}
		if g.chance(10) {
			c.Notice, c.Start = g.title(), ptr(g.day())
		}
		return c, who
	}
	return AcceptPlan{Seen: g.seen()}, lead
}

func (g *generator) peopleCommand(who ID) (Command, ID) {
	access := pick(g, None, Viewer, Contributor, Editor, Editor, Lead, "king")
	side := Seller
	if q := g.w.plan.People[who]; q != nil {
		side = q.Side
	}
	switch g.below(17) {
	case 0, 1:
		return AddPerson{NewPerson: g.newcomer(pick(g, Buyer, Seller)), Access: pick(g, None, None, access), How: pick(g, "", ByMail), Why: g.words(who)}, who
	case 2, 3:
		return Join{g.newcomer(pick(g, Buyer, Seller))}, ""
	case 4, 5:
		id := g.person()
		c := EditPerson{Person: id}
		if q := g.w.plan.People[id]; q != nil {
			c.Version = g.version(q.Version)
		}
		if g.chance(60) {
			c.Name = ptr(mark(id) + " renamed")
		}
		if g.chance(40) {
			c.Role, c.Email = ptr(mark(id)+" role"), ptr(mark(id)+"@example.org")
		}
		if g.chance(40) {
			c.Language, c.Salutation, c.Zone = ptr(pick(g, "", "de", "en", "tlh")), ptr(pick(g, "", Frau, Herr, "mx")), ptr(pick(g, "", "Europe/Berlin", "no zone"))
		}
		if g.chance(40) {
			c.Absences = &[]SpanInput{{From: g.day(), To: g.w.today() + 60, Note: mark(id) + " holiday"}}
		}
		return c, pick(g, who, id)
	case 6, 7:
		c := LetIn{Person: g.personOf(side), Access: access}
		if g.chance(25) {
			c.As = g.personOf(side)
		}
		return c, pick(g, who, sarah, john)
	case 8:
		if g.chance(60) {
			return NameStandIn{Person: pick(g, g.personOf(side), "")}, pick(g, who, sarah, john)
		}
		return Depart{Person: g.personOf(side), Successor: g.personOf(side)}, who
	case 9:
		return NameStandIn{Person: pick(g, g.personOf(side), "")}, pick(g, who, sarah, john)
	case 10:
		return ClaimLead{After: g.w.today() + civil.Day(g.below(9))}, pick(g, who, tom, ute)
	case 11:
		return ObjectToClaim{}, pick(g, who, sarah, john)
	case 12, 13, 14, 15:
		return g.doorCommand(who)
	}
	if claim := g.w.plan.Claims.Of(side); claim != nil {
		who = claim.By
	}
	return TakeLead{}, who
}

// doorCommand is what happens at the front door, and who is let in there.
func (g *generator) doorCommand(who ID) (Command, ID) {
	switch g.below(9) {
	case 0, 1:
		c := Arrive{Person: g.person()}
		if q := g.w.plan.People[c.Person]; q != nil && g.chance(75) {
			c.Email = pick(g, q.Email.Value, q.Email.Value, "else@example.com")
		}
		return c, ""
	case 2:
		return Enter{g.newcomer(pick(g, Buyer, Seller))}, ""
	case 3, 4:
		n := g.newcomer(pick(g, Buyer, Seller))
		if asking := g.w.plan.Asking(n.Side); len(asking) > 0 && g.chance(20) {
			n.Email = asking[0].Email.Value
		}
		return Ask{NewPerson: n, Words: g.words(n.ID)}, ""
	case 5, 6:
		c := AllowDomains{Domains: []string{pick(g, "example.com", " @Example.COM", "", "gmail.com", "no domain")}}
		if g.chance(10) {
			for i := range maxDomains + 1 {
				c.Domains = append(c.Domains, fmt.Sprintf("d%d.example", i))
			}
		}
		return c, pick(g, who, sarah, john)
	case 7:
		for _, s := range []Side{Seller, Buyer} {
			for _, q := range g.w.plan.Asking(s) {
				return LetIn{Person: q.ID, As: pick(g, "", "", g.personOf(s)), Access: pick(g, Contributor, Lead)}, pick(g, sarah, john)
			}
		}
	}
	return Disown{Person: g.person()}, ""
}

func (g *generator) proposalCommand(who ID) (Command, ID) {
	pr := g.proposal()
	if pr.Status == "" {
		return g.propose(who), who
	}
	answerer := pick(g, who, map[Side]ID{Buyer: tom, Seller: ute, "": tom}[pr.Side])
	switch g.below(10) {
	case 0, 1, 2:
		return Accept{ID: pr.ID, Digest: pick(g, pr.Digest(), pr.Digest(), pr.Digest(), "else")}, answerer
	case 3:
		return Decline{ID: pr.ID, Reason: g.words(answerer)}, answerer
	case 4:
		return Counter{ID: pr.ID, With: g.propose(answerer)}, answerer
	case 5:
		return Withdraw{ID: pr.ID}, pick(g, who, pr.By)
	}
	return g.propose(who), who
}

func (g *generator) itemCommand(who ID) (Command, ID) {
	kinds := []Kind{KindAction, KindAction, KindAction, KindMilestone, KindGoal, KindCriterion, KindLink, KindLink, KindRisk, KindGate, KindFreeze, KindFreeze, "wish"}
	risk, gate, freeze := g.free()
	switch g.below(16) {
	case 0, 1, 2:
		k := pick(g, kinds...)
		id := g.id("it")
		if g.chance(5) {
			id = g.item().ID
		}
		return Add{ID: id, Kind: k, Terms: g.newTerms(k), Details: g.details(), Risk: risk, Gate: gate, Freeze: freeze}, who
	case 3, 4, 5, 6:
		it := g.item(KindAction, KindMilestone, KindDecision, KindGoal, KindCriterion, KindLink)
		c := Edit{Item: it.ID, Version: g.version(it.Version), Patch: g.patch(it.Kind), Reason: g.words(who)}
		if g.chance(10) {
			c.Milestone = ptr(pick(g, "", g.item(KindMilestone).ID))
		}
		return c, who
	case 7:
		it := g.item()
		return Detail{Item: it.ID, Version: g.version(it.Version), Details: g.details(), Risk: risk, Gate: gate, Freeze: freeze}, who
	case 8, 9:
		it := g.item()
		return Stand{Item: it.ID, Version: g.version(it.Version), Digest: pick(g, it.Digest, it.Digest, it.Digest, "else")}, who
	case 10:
		var some []ItemDigest
		for _, x := range g.seen() {
			if g.chance(30) {
				some = append(some, x)
			}
		}
		return StandAll{Items: some}, who
	case 11:
		it := g.item()
		return Remove{Item: it.ID, Version: g.version(it.Version)}, who
	case 12, 13:
		it := g.item()
		if it.Undo != nil && g.chance(70) {
			who = it.Undo.By
		}
		return TakeBack{Item: it.ID, Version: g.version(it.Version)}, who
	}
	switch {
	case g.chance(50):
		return g.documentCommand(who)
	case g.chance(30):
		return g.sharePaper(), pick(g, who, john, ute)
	}
	return Say{ID: g.id("c"), Item: pick(g, g.item().ID, ""), Text: g.words(who)}, who
}

func (g *generator) documentCommand(who ID) (Command, ID) {
	it := g.item(KindAction, KindAction, KindMilestone, KindGoal)
	if all := g.w.plan.DocumentsOf(it.ID); len(all) > 0 && g.chance(60) {
		x := all[g.below(len(all))]
		return RemoveDocument{ID: pick(g, x.ID, x.ID, x.ID, "none"), Item: it.ID}, pick(g, who, x.By, x.By)
	}
	return g.addDocument(it.ID, g.w.plan.DocumentsOf(it.ID), who), who
}

// addDocument is a link or a file, mostly as it should be.
func (g *generator) addDocument(item ID, beside []*Document, who ID) AddDocument {
	c := AddDocument{ID: g.id("doc"), Item: item, Title: g.words(who), Delivered: g.chance(20),
		Link: pick(g, "https://files.example/"+mark(who), "https://files.example/"+mark(who), "http://files.example/", "javascript:alert(1)")}
	if g.chance(50) {
		c.File = &FileInput{Digest: strings.Repeat(pick(g, "0", "a", "f", "f", "f", "z"), 64), Name: mark(who) + pick(g, ".pdf", "\u202efdp.exe", "/../x"),
			Type: pick(g, TypePDF, TypePDF, TypePNG, TypeOther, "text/html"), Size: int64(g.below(20))}
	}
	if len(beside) > 0 && g.chance(40) {
		c.Replaces = pick(g, beside[g.below(len(beside))].ID, beside[g.below(len(beside))].ID, "none")
	}
	return c
}

// paper is what is written in the buyer's decision paper.
func (g *generator) paper(who ID) WritePaper {
	part := pick(g, PaperParts...)
	version := 0
	if x := g.w.private.Buyer.Paper.Part(part); x != nil {
		version = x.Version
	}
	c := WritePaper{Parts: []PaperInput{{Part: part, Version: g.version(version), Text: *g.title(), Drafted: g.chance(20)}}}
	switch {
	case part == PaperAdvice:
		c.Parts[0].Text = g.words(who)
	case g.chance(5):
		c.Parts[0].Part = "appendix"
	}
	return c
}

// sharePaper shows it as it stands, which is what the application does.
func (g *generator) sharePaper() SharePaper {
	var c SharePaper
	for _, part := range PaperParts {
		if x := g.w.private.Buyer.Paper.Part(part); x != nil {
			c.Parts = append(c.Parts, PaperShare{Part: part, Text: x.Text.Value, By: x.By})
		}
	}
	return c
}

func (g *generator) progressCommand(who ID) (Command, ID) {
	it := g.item(KindAction, KindAction, KindMilestone)
	v := g.version(it.Version)
	owner := pick(g, it.Terms.Owners.Buyer, it.Terms.Owners.Seller)
	if owner != "" && g.chance(70) {
		who = owner
	}
	step := g.below(13)
	if wanted := map[int]Status{7: Done, 8: Done, 10: Blocked, 11: Blocked, 12: Blocked}[step]; wanted != "" { // what can be answered
		for _, x := range g.w.plan.Live(KindAction, KindMilestone) {
			if x.Progress.Status == wanted && g.chance(60) {
				it, v = x, g.version(x.Version)
			}
		}
	}
	past := g.w.today() - civil.Day(g.below(5)) + 1
	switch step {
	case 0, 1, 2:
		c := GiveAnswer{Item: it.ID, Version: v, Kind: pick(g, TakesOn, TakesOn, OtherDate, Handed, NotMine, "hm"), Date: pick(g, g.day(), g.day(), it.Terms.Due), Reason: g.words(who),
			ProposalID: g.id("pr"), Expires: g.w.today() + 5}
		if q := g.w.plan.People[who]; q != nil {
			c.To = g.personOf(q.Side)
			if g.chance(20) {
				x := g.newcomer(q.Side)
				c.New = &x
			}
		}
		return c, who
	case 3:
		return Expect{Item: it.ID, Version: v, Date: g.day(), Because: g.words(who)}, who
	case 4:
		return Start{Item: it.ID, Version: v, On: past, Remaining: ptr(g.below(9) - 1)}, who
	case 5, 6:
		return Report{Item: it.ID, Version: v, On: past, Result: g.words(who)}, who
	case 7:
		return Confirm{Item: it.ID, Version: v}, pick(g, who, tom, ute)
	case 8:
		who = pick(g, tom, ute)
		return Lacks{Item: it.ID, Version: v, Missing: pick(g, g.words(who), g.words(who), "")}, who
	case 9:
		return Hinder{Item: it.ID, Version: v, Because: g.words(who), Waits: pick(g, "", Buyer, Seller, "x"), Person: g.person(), Since: past}, who
	}
	return g.obstacleCommand(step, it, v, who)
}

// obstacleCommand is about what blocks an action; its move is somebody's.
func (g *generator) obstacleCommand(step int, it *Item, v int, who ID) (Command, ID) {
	if b := it.Progress.Block; b != nil && b.Person != "" && g.chance(40) {
		who = b.Person
	}
	switch step {
	case 11:
		waits, person := pick(g, "", Buyer, Seller, "x"), g.person()
		if q := g.w.plan.People[person]; q != nil && g.chance(60) {
			waits = q.Side
		}
		return Tackle{Item: it.ID, Version: v, Next: pick(g, g.words(who), g.words(who), g.words(who), ""), NextBy: g.day(), Waits: waits, Person: person}, who
	case 12:
		return PassMove{Item: it.ID, Version: v, Because: g.words(who)}, who
	}
	return Unhinder{Item: it.ID, Version: v, Solved: g.words(who)}, who
}

func (g *generator) wall() civil.Wall {
	if g.chance(3) {
		return pick[civil.Wall](g, "", "2028-05-16", "2028-05-16T10:30:00", "2028-02-30T10:00")
	}
	return civil.WallOf(g.w.today()+civil.Day(g.below(20))-1-civil.Day(g.below(2)), g.below(24), 15*g.below(4))
}

func (g *generator) checkInInput(by ID) CheckInInput {
	in := CheckInInput{Title: *g.title(), Start: g.wall(), Zone: pick(g, "Europe/Berlin", "Europe/Berlin", "America/New_York"), Minutes: 15 + 15*g.below(4),
		Rule: pick(g, "", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "RRULE:FREQ=WEEKLY;BYDAY=TU"), Place: mark(by) + " room"}
	if g.chance(60) {
		in.Link = "https://meet.example/" + string(by) + "?name=" + mark(by)
	}
	if g.chance(40) {
		in.People = []ID{g.person(), g.person()}
	}
	switch g.below(40) {
	case 0:
		in.Link = pick(g, "javascript:alert(1)", "meet.example", "https://", "https://u:p@x.example/", "https://x.example/ y")
	case 1:
		in.Zone = pick(g, "", "no zone")
	case 2:
		in.Minutes = pick(g, 0, -1, maxMinutes+1)
	case 3:
		in.Rule = pick(g, "weekly", "FREQ=WEEKLY\nX:Y")
	case 4:
		in.Place = strings.Repeat("x", maxLine+1)
	case 5:
		in.Start = "1899-01-01T10:00"
	}
	return in
}

func (g *generator) checkIn(external bool) *CheckIn {
	var of []*CheckIn
	for _, id := range sortedKeys(g.w.plan.CheckIns) {
		if c := g.w.plan.CheckIns[id]; c.External == external || g.chance(10) {
			of = append(of, c)
		}
	}
	if len(of) == 0 || g.chance(2) {
		return &CheckIn{ID: "no-check-in", Version: 1}
	}
	return of[g.below(len(of))]
}

func (g *generator) checkInCommand(who ID) (Command, ID) {
	c := g.checkIn(false)
	if c.By != "" && g.chance(60) {
		who = c.By
	}
	day := g.w.today() + civil.Day(g.below(20)) - 2
	if c.Start != "" && g.chance(60) {
		day = c.Start.Day() + civil.Day(7*g.below(3))
	}
	switch g.below(14) {
	case 0, 1, 2:
		return ScheduleCheckIn{ID: pick(g, g.id("ci"), g.id("ci"), g.id("ci"), c.ID), CheckInInput: g.checkInInput(who)}, who
	case 3, 4:
		in := g.checkInInput(who)
		if g.chance(50) {
			in.Start, in.Zone, in.Minutes, in.Rule = c.Start, c.Zone, c.Minutes, c.Rule
		}
		return EditCheckIn{CheckIn: c.ID, Version: g.version(c.Version), CheckInInput: in}, who
	case 5:
		return MoveCheckIn{CheckIn: c.ID, Version: g.version(c.Version), To: MovedOne{Day: day, Start: g.wall(), Minutes: 30}}, who
	case 6, 7:
		if g.chance(60) {
			day = 0
		}
		return CancelCheckIn{CheckIn: c.ID, Version: g.version(c.Version), Day: day}, who
	case 8, 9, 10:
		if g.chance(60) {
			day = 0
		}
		c = g.checkIn(g.chance(30))
		return AnswerCheckIn{CheckIn: c.ID, Day: day, Answer: pick(g, Comes, ComesMaybe, ComesNot, "hm"), Sequence: pick(g, 0, g.below(3), max(0, c.Asked-1), max(0, c.Asked-1))}, pick(g, g.person(), who)
	case 11, 12:
		c = g.checkIn(true)
		if c.By != "" && g.chance(80) {
			who = c.By
		}
		uid := pick(g, c.UID.Value, c.UID.Value, mark(who)+fmt.Sprint(g.n))
		in := g.checkInInput(who)
		if g.chance(30) {
			in.Rule, in.Except, in.Moved = "FREQ=WEEKLY", []civil.Day{day}, []MovedOne{{Day: day + 7, Start: g.wall(), Minutes: g.below(60)}}
		}
		return TakeCheckIn{ID: g.id("ci"), UID: uid, Sequence: c.Sequence + g.below(3) - 1, CheckInInput: in}, who
	}
	c = g.checkIn(true)
	if g.chance(60) {
		day = 0
	}
	return DropCheckIn{UID: c.UID.Value, Sequence: c.Sequence + g.below(3) - 1, Day: day}, pick(g, c.By, c.By, who)
}

// runCommand is what happens while a check-in is held.
func (g *generator) runCommand(who ID) (Command, ID) {
	r := g.w.plan.OpenRun()
	if r == nil && len(g.w.plan.Runs) > 0 && g.chance(15) {
		r = g.w.plan.Runs[g.below(len(g.w.plan.Runs))]
	}
	if r == nil || g.chance(10) {
		c := g.checkIn(g.chance(20))
		open := OpenCheckIn{ID: g.id("run"), CheckIn: pick(g, c.ID, c.ID, ""), Day: g.w.today() + civil.Day(g.below(9)) - 1}
		if c.Start != "" && g.chance(75) {
			open.Day = c.Start.Day()
		}
		if r != nil && g.chance(30) {
			open.ID = r.ID
		}
		if r != nil && !r.IsOpen() && g.chance(40) {
			open.CheckIn, open.Day = r.CheckIn, r.Day
		}
		return open, who
	}
	run := pick(g, r.ID, r.ID, r.ID, r.ID, "no-run")
	switch g.below(12) {
	case 0, 1, 2:
		return CloseCheckIn{Run: run, Present: []ID{who, g.person()}, Next: pick(g, nil, &NextOne{CheckIn: "ci", Day: g.w.today() + 7, Start: civil.WallOf(g.w.today()+7, 10, 0), Zone: "Europe/Berlin", Minutes: 30})}, who
	case 3, 4:
		return EndCheckIns{}, ""
	case 5, 6:
		c := UnnoteCheckIn{Run: run, ID: "no-note"}
		if len(r.Notes) > 0 {
			n := r.Notes[g.below(len(r.Notes))]
			c.ID, who = n.ID, pick(g, who, n.By, n.By)
		}
		return c, who
	}
	c := NoteCheckIn{Run: run, ID: g.id("note"), Item: pick(g, g.item().ID, ""), Text: g.words(who)}
	if len(r.Notes) > 0 && g.chance(30) {
		n := r.Notes[g.below(len(r.Notes))]
		c.ID, who = n.ID, pick(g, who, n.By, n.By)
		c.Text = pick(g, g.words(who), n.Text.Value)
	}
	return c, who
}
