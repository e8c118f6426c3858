package lint

import (
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// check is one look at one plan: the plan by id, and what was found so far.
type check struct {
	plan planfile.Plan
	opt  Options
	lang string // of offered wordings

	people    map[string]planfile.Person
	nodes     map[string]*node              // actions and milestones
	order     []string                      // ids of nodes in the order of the file
	rank      map[string]int                // place of every item in the file; the plan is 0
	calendars map[string]*calendar.Calendar // see calendar

	todo     []*planfile.Action            // still to be done, in the order of the file
	byOwner  map[string][]*planfile.Action // those, by owner's id
	kinds    map[string]nameKind           // of names, see kindOfName
	members  map[string]planfile.Person    // see memberOf
	contacts map[planfile.Side]any         // see contact

	rule     string // the rule that is looking
	seen     map[[2]string]bool
	findings []Finding
}

// node is an action or a milestone, as dependencies see it.
type node struct {
	id, title     string
	start, finish civil.Day
	live          bool // neither done nor dropped
	dropped       bool
	action        *planfile.Action // nil for a milestone
	in, out       []planfile.Link
}

// newCheck indexes the plan. Where an id is used twice the first one counts:
// refusing that is not the check's business.
func newCheck(p planfile.Plan, opt Options) *check {
	c := &check{
		plan: p, opt: opt,
		people:    map[string]planfile.Person{},
		nodes:     map[string]*node{},
		rank:      map[string]int{},
		calendars: map[string]*calendar.Calendar{},
		byOwner:   map[string][]*planfile.Action{},
		kinds:     map[string]nameKind{},
		contacts:  map[planfile.Side]any{},
		seen:      map[[2]string]bool{},
	}
	for _, m := range p.Milestones {
		c.addNode(&node{id: m.ID, title: m.Title, start: m.Date, finish: m.Date, live: true})
	}
	for i := range p.Actions {
		a := &c.plan.Actions[i]
		if live(a) {
			c.todo = append(c.todo, a)
			for _, o := range owners(a) {
				c.byOwner[o.id] = append(c.byOwner[o.id], a)
			}
		}
		c.addNode(&node{
			id: a.ID, title: a.Title, start: a.Start, finish: a.Due, action: a,
			live: live(a), dropped: a.Status == planfile.Dropped,
		})
	}
	for _, h := range p.People {
		if _, twice := c.people[h.ID]; !twice {
			c.people[h.ID] = h
			c.place(h.ID)
		}
	}
	for _, g := range p.Gates {
		c.place(g.ID)
	}
	for _, l := range p.Links {
		from, to := c.nodes[l.From], c.nodes[l.To]
		if from == nil || to == nil || from.dropped || to.dropped {
			continue
		}
		from.out = append(from.out, l)
		to.in = append(to.in, l)
	}
	c.lang = c.language()
	return c
}

func (c *check) addNode(n *node) {
	if _, twice := c.nodes[n.id]; twice {
		return
	}
	c.nodes[n.id] = n
	c.order = append(c.order, n.id)
	c.place(n.id)
}

// place remembers where in the file an item stands.
func (c *check) place(id string) {
	if _, known := c.rank[id]; !known && id != "" {
		c.rank[id] = len(c.rank) + 1
	}
}

// language is the asked one, the plan's own, or the one its titles are in.
func (c *check) language() string {
	for _, lang := range []string{c.opt.Language, c.plan.Language} {
		if lang == "de" || lang == "en" {
			return lang
		}
	}
	titles := []string{c.plan.Title}
	for _, a := range c.plan.Actions {
		titles = append(titles, a.Title)
	}
	return guessLanguage(titles)
}

// live says that something is still to be done.
func live(a *planfile.Action) bool {
	return a.Status != planfile.Done && a.Status != planfile.Dropped
}

// planned counts the actions of the plan, done ones included, dropped ones not.
func (c *check) planned() int {
	n := 0
	for _, a := range c.plan.Actions {
		if a.Status != planfile.Dropped {
			n++
		}
	}
	return n
}

// owner is one place where an action should name a person.
type owner struct {
	field string        // "owner", "owners.buyer" or "owners.seller"
	side  planfile.Side // whose person
	id    string
}

// owners are the places of an action where a person should be named.
func owners(a *planfile.Action) []owner {
	if a.Side != planfile.Joint {
		return []owner{{"owner", a.Side, a.Owner}}
	}
	return []owner{
		{"owners.buyer", planfile.Buyer, a.Owners.Buyer},
		{"owners.seller", planfile.Seller, a.Owners.Seller},
	}
}

// named is the person an owner's place names, if it names one who is in the
// plan and is a single human.
func (c *check) named(o owner) (planfile.Person, bool) {
	h, ok := c.people[o.id]
	return h, ok && c.isPerson(h.Name)
}

// party is the organisation of a side.
func (c *check) party(s planfile.Side) planfile.Party {
	if s == planfile.Seller {
		return c.plan.Sides.Seller
	}
	return c.plan.Sides.Buyer
}
