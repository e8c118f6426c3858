package lint

import (
	"strings"

	"tandem/internal/planfile"
)

// missingOwner: what belongs to nobody gets done by nobody. A joint step with
// one owner is joint-owner's.
func (c *check) missingOwner() {
	for _, a := range c.todo {
		missing := true
		var field string
		for _, o := range owners(a) {
			missing = missing && c.ownerKind(o) == noName
			if field == "" {
				field = o.field
			}
		}
		if !missing {
			continue
		}
		f := Finding{
			Severity: Warning, Item: a.ID, Field: field,
			Message: c.text("message"), Suggestion: c.text("suggestion", "Organisation", c.organisation(a.Side)),
		}
		if a.Side == planfile.Joint {
			f.Message, f.Suggestion = c.text("joint"), c.text("joint.suggestion")
		}
		c.add(f)
	}
}

// jointOwner: a joint step that only one side owns is that side's step.
func (c *check) jointOwner() {
	for _, a := range c.todo {
		if a.Side != planfile.Joint {
			continue
		}
		both := owners(a)
		for i, o := range both {
			if c.ownerKind(o) != noName || c.ownerKind(both[1-i]) == noName {
				continue
			}
			c.add(Finding{
				Severity: Warning, Item: a.ID, Field: o.field,
				Message:    c.text("message", "Organisation", c.organisation(o.side)),
				Suggestion: c.text("suggestion", "Organisation", c.organisation(o.side)),
			})
		}
	}
}

// teamOwner: what belongs to a team belongs to nobody; a role has to be
// somebody too.
func (c *check) teamOwner() {
	for _, a := range c.todo {
		for _, o := range owners(a) {
			kind := c.ownerKind(o)
			if kind != teamName && kind != roleName {
				continue
			}
			name := c.ownerName(o)
			f := Finding{
				Severity: Warning, Item: a.ID, Field: o.field,
				Message:    c.text("message", "Owner", name),
				Suggestion: c.text("suggestion", "Owner", name),
			}
			if kind == roleName {
				f.Message, f.Suggestion = c.text("role", "Owner", name), c.text("role.suggestion", "Owner", name)
			}
			if h, ok := c.memberOf(name, o.side); ok {
				f.Suggestion = c.text("candidate", "Person", h.Name, "Role", strings.TrimSpace(h.Role))
				f.Fix = &Fix{Field: o.field, Person: h.ID}
			}
			c.add(f)
		}
	}
}

// ownerName is the name written for an owner; for an id that leads nowhere,
// the id.
func (c *check) ownerName(o owner) string {
	if h, ok := c.people[o.id]; ok {
		return h.Name
	}
	return o.id
}

// ownerKind is what kind of name an owner has. An id that leads to nobody says
// something only if it reads like a team.
func (c *check) ownerKind(o owner) nameKind {
	kind := c.kindOfName(c.ownerName(o))
	if _, known := c.people[o.id]; !known && kind != teamName {
		return noName
	}
	return kind
}

// memberOf is the person of a side whose role shares a word with a team's
// name: for "IT-Team", the "Leiterin IT-Sicherheit".
func (c *check) memberOf(team string, side planfile.Side) (planfile.Person, bool) {
	if c.members == nil {
		c.members = map[string]planfile.Person{}
		for _, h := range c.plan.People {
			for _, w := range nameWords(h.Role) {
				key := string(h.Side) + " " + w
				if _, taken := c.members[key]; !taken && (units[w] || roles[w]) && c.isPerson(h.Name) {
					c.members[key] = h
				}
			}
		}
	}
	for _, w := range nameWords(team) {
		if h, ok := c.members[string(side)+" "+w]; ok {
			return h, true
		}
	}
	return planfile.Person{}, false
}

// Bounds of what one person does in one week beside their own work. The days
// are of planned durations, which overlap: five days of a week and half as
// many again still happen.
const (
	maxStepsAWeek = 3
	maxDaysAWeek  = 7
)

// overload: four promises in one week to somebody who has another job are four
// broken ones. Tells the first week that is too full.
func (c *check) overload() {
	for _, h := range c.plan.People {
		if !c.isPerson(h.Name) {
			continue
		}
		steps, days := c.load(h.ID)
		week, kind := 0, ""
		for w, n := range steps {
			if n > maxStepsAWeek && (kind == "" || w < week) {
				week, kind = w, "message"
			}
		}
		for w, n := range days {
			if n > maxDaysAWeek && (kind == "" || w < week) {
				week, kind = w, "days"
			}
		}
		if kind == "" {
			continue
		}
		n := steps[week]
		if kind == "days" {
			n = days[week]
		}
		c.add(Finding{
			Severity: Warning, Item: h.ID, Field: "actions",
			Message:    c.text(kind, "Person", h.Name, "Monday", monday(week), "N", n),
			Suggestion: c.text("suggestion"),
		})
	}
}
