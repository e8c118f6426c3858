package sheet

import (
	"strings"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// votes is what a table says about one person's side.
type votes struct {
	weight       map[planfile.Side]int
	roles, steps []string
}

func (b *builder) vote(name string, side planfile.Side, weight int) *votes {
	full := b.register.full(name)
	v := b.votes[full]
	if v == nil {
		v = &votes{weight: map[planfile.Side]int{}}
		b.votes[full] = v
	}
	if side == planfile.Buyer || side == planfile.Seller {
		v.weight[side] += weight
	}
	return v
}

// ownerFields are the columns that name people; two of them are one side's.
var ownerFields = []struct {
	field Field
	side  planfile.Side
}{{Owner, ""}, {OwnerBuyer, planfile.Buyer}, {OwnerSeller, planfile.Seller}}

// gather reads the whole table once before any action is made: who is who on
// which side, and near which day the plan is.
func (b *builder) gather() {
	b.eachMention(func(_ Row, m mention, _ planfile.Side, _ int) { b.register.add(m.name) })
	b.eachMention(func(r Row, m mention, side planfile.Side, position int) {
		weight := 1
		if position == 0 {
			weight = 2
		}
		rowSide, c := b.cell(r, SideOf)
		if c >= 0 && rowSide.Text != "" && side == "" {
			side = b.rec.of(rowSide.Text)
		} else if side != "" {
			weight = 10
		}
		v := b.vote(m.name, side, weight)
		b.vote(m.name, m.side, 10)
		email, _ := b.cell(r, Email)
		if position == 0 {
			role, _ := b.cell(r, Role)
			title, _ := b.cell(r, Title)
			v.roles, v.steps = append(v.roles, role.Text, m.role, m.name), append(v.steps, title.Text)
			b.vote(m.name, b.rec.sideOfAddress(email.Text), 3)
		}
		b.vote(m.name, b.rec.sideOfAddress(m.email), 3)
	})
	b.findNear()
}

// eachMention visits everybody the owner columns name.
func (b *builder) eachMention(visit func(r Row, m mention, side planfile.Side, position int)) {
	for i, r := range b.rows {
		if b.repeatsHeader(r) || b.lone(i) || isTotal(r) {
			continue
		}
		email, _ := b.cell(r, Email)
		for _, f := range ownerFields {
			cell, c := b.cell(r, f.field)
			if c < 0 {
				continue
			}
			for n, m := range b.rec.mentions(cell.Text, email.Text, b.register.knows) {
				if m.name != "" {
					visit(r, m, f.side, n)
				}
			}
		}
	}
}

// sideOfAddress is the side of a mail address, if its domain is somebody's.
func (r *Recognition) sideOfAddress(email string) planfile.Side {
	d := domain(email)
	if d == "" {
		return ""
	}
	if s, known := r.index[fold(d)]; known {
		return s
	}
	s, _ := r.sideOfDomain(d)
	return s
}

// findNear is the middle of the plan's full dates, else what stands above the
// table, else today.
func (b *builder) findNear() {
	var days []civil.Day
	for _, r := range b.rows {
		for _, f := range dateFields {
			cell, _ := b.cell(r, f)
			for _, d := range b.readDates(cell) {
				if !d.day.IsZero() {
					days = append(days, d.day)
				}
			}
		}
	}
	for _, d := range []civil.Day{b.rec.DecideBy, b.rec.Start} {
		if len(days) == 0 && !d.IsZero() {
			days = append(days, d)
		}
	}
	for _, f := range b.rec.Facts {
		for _, d := range findDates(f.Text, b.rec.MonthFirst) {
			if len(days) == 0 && !d.day.IsZero() {
				days = append(days, d.day)
			}
		}
	}
	if b.near = median(days); b.near.IsZero() {
		b.near = b.rec.Today
	}
}

// personSide is the side of a person by all the table says, and whether that
// is a guess.
func (b *builder) personSide(full string) (planfile.Side, bool) {
	v := b.votes[full]
	if v == nil {
		return planfile.Buyer, true
	}
	buyer, seller := v.weight[planfile.Buyer], v.weight[planfile.Seller]
	switch {
	case buyer > seller:
		return planfile.Buyer, false
	case seller > buyer:
		return planfile.Seller, false
	}
	if n := leaning(v.roles, v.steps); n > 0 {
		return planfile.Seller, false
	} else if n < 0 {
		return planfile.Buyer, false
	}
	return planfile.Buyer, true
}

// person is the index of a person in the plan, made if they are new.
func (b *builder) person(m mention, side planfile.Side) int {
	full := b.register.full(m.name)
	i, known := b.people[full]
	if !known {
		i = len(b.plan.People)
		b.people[full] = i
		id := personID(full, func(s string) bool { return b.personIDs[s] })
		b.personIDs[id] = true
		b.plan.People = append(b.plan.People, planfile.Person{ID: id, Side: side, Name: oneLine(full)})
	}
	p := &b.plan.People[i]
	if p.Role == "" {
		p.Role = m.role
	}
	if p.Email == "" {
		p.Email = m.email
	}
	return i
}

// assign finds the side and the owners of a step.
func (s *step) assign() {
	email, emailColumn := s.cell(s.row, Email)
	var all []mention
	var filled []planfile.Side
	for _, f := range ownerFields {
		cell, c := s.cell(s.row, f.field)
		if c < 0 || cell.Text == "" {
			continue
		}
		list := s.rec.mentions(cell.Text, email.Text, s.register.knows)
		for i := range list {
			if list[i].name != "" && f.side != "" {
				list[i].side = f.side
				filled = append(filled, f.side)
			}
		}
		s.checkNames(c, list)
		all = append(all, list...)
	}
	if !anyName(all) && mailForm.MatchString(email.Text) {
		address := mailForm.FindString(email.Text)
		all = append(all, mention{name: nameOf(address), email: address})
		s.warn(s.row.Number, emailColumn+1, "import.owner.fromMail", "text", email.Text, "name", nameOf(address))
		if fold(address) != fold(email.Text) {
			s.keep(emailColumn)
		}
		s.vote(nameOf(address), s.rec.sideOfAddress(address), 3)
	}
	s.side(all, filled)
	s.people(all)
}

func anyName(list []mention) bool {
	for _, m := range list {
		if m.name != "" {
			return true
		}
	}
	return false
}

// checkNames keeps an owner's cell whose words are not all in the names it
// became: "Frau Klein", "Klein and somebody from IT", or several owners.
func (s *step) checkNames(column int, list []mention) {
	text := s.row.at(column).Text
	said := map[string]bool{"und": true, "and": true, "mit": true, "with": true, "sowie": true, "mailto": true}
	names := 0
	for _, m := range list {
		if m.name != "" {
			names++
		}
		if m.comma && s.register.full(m.name) == m.name {
			s.warn(s.row.Number, column+1, "import.owner.comma", "text", text)
		}
		if m.side != "" { // "Klein (Nordwerk)"
			for _, w := range strings.Fields(fold(s.rec.Buyer + " " + s.rec.Seller)) {
				said[w] = true
			}
		}
		for _, w := range strings.Fields(fold(s.register.full(m.name) + " " + m.role + " " + m.email)) {
			said[w] = true
		}
	}
	if names == 0 {
		if f := fold(text); unnamed[f] || f == "" {
			if !saysNothing(text) {
				s.warn(s.row.Number, column+1, "import.owner.open", "text", text)
			}
		} else if s.rec.of(text) == "" || s.rec.has(SideOf) {
			s.keepWarned(column, "import.owner.none")
		} else {
			s.keep(column)
		}
		return
	}
	for _, w := range strings.Fields(fold(text)) {
		if !said[w] {
			s.keep(column)
			return
		}
	}
}

// side decides whose step it is: the side column, else which owner columns are
// filled, else the owners' own sides, else the wording.
func (s *step) side(all []mention, filled []planfile.Side) {
	cell, column := s.cell(s.row, SideOf)
	if cell.Text != "" && !saysNothing(cell.Text) {
		s.action.Side = s.rec.of(cell.Text)
		if s.action.Side == "" || !s.named(cell.Text) {
			s.keep(column)
		}
	}
	if s.action.Side != "" {
		return
	}
	var sides []planfile.Side
	sides = append(sides, filled...)
	for _, m := range all {
		switch {
		case m.side != "":
			sides = append(sides, m.side)
		case m.name != "":
			if side, guess := s.personSide(s.register.full(m.name)); !guess {
				sides = append(sides, side)
			}
		}
	}
	for _, x := range sides {
		if s.action.Side == "" {
			s.action.Side = x
		} else if s.action.Side != x {
			s.action.Side = planfile.Joint
		}
	}
	if s.action.Side == "" {
		s.guessSide()
	}
}

// named reports that a company's cell says no more than the organisation's
// name or a word like "us", which the plan has.
func (s *step) named(text string) bool {
	f := fold(text)
	return sideWord(f) != "" || s.action.Side == planfile.Joint ||
		s.action.Side == planfile.Buyer && sameOrganisation(text, s.rec.Buyer) || s.action.Side == planfile.Seller && sameOrganisation(text, s.rec.Seller)
}

func (s *step) guessSide() {
	role, _ := s.cell(s.row, Role)
	n := leaning([]string{role.Text}, []string{s.action.Title})
	s.action.Side = planfile.Buyer
	if n > 0 {
		s.action.Side = planfile.Seller
	}
	key := "import.side.wording"
	if n == 0 {
		key = "import.side.guess"
	}
	s.warn(s.row.Number, s.rec.column(Title)+1, key+"."+string(s.action.Side), "title", s.action.Title)
}

// people makes everybody in the cell a person of the plan, the first of them
// (of a joint step: the first of each side) its owner.
func (s *step) people(all []mention) {
	var row []int
	for _, m := range all {
		if m.name == "" {
			continue
		}
		full := s.register.full(m.name)
		_, known := s.builder.people[full]
		side, guess := s.personSide(full)
		if guess && s.action.Side != planfile.Joint {
			side, guess = s.action.Side, false
		}
		i := s.person(m, side)
		row = append(row, i)
		p := s.plan.People[i]
		if guess && !known {
			s.warn(s.row.Number, s.rec.column(Owner)+1, "import.person.guess."+string(side), "name", p.Name)
		}
		if s.action.Side != planfile.Joint && s.action.Owner == "" {
			s.action.Owner = p.ID
			if p.Side != s.action.Side {
				s.warn(s.row.Number, s.rec.column(Owner)+1, "import.owner.otherSide."+string(p.Side), "name", p.Name, "title", s.action.Title)
			}
		}
		if s.action.Side == planfile.Joint {
			s.joint(p)
		}
		s.extras(m, i)
	}
	s.others(row)
	s.contact(Role, row, all, func(p *planfile.Person) *string { return &p.Role })
	s.contact(Email, row, all, func(p *planfile.Person) *string { return &p.Email })
	if s.action.Side == planfile.Joint && len(row) > 0 && (s.action.Owners.Buyer == "" || s.action.Owners.Seller == "") {
		missing := planfile.Buyer
		if s.action.Owners.Seller == "" {
			missing = planfile.Seller
		}
		s.warn(s.row.Number, s.rec.column(Owner)+1, "import.joint.owner."+string(missing), "title", s.action.Title)
	}
}

func (s *step) joint(p planfile.Person) {
	if p.Side == planfile.Buyer && s.action.Owners.Buyer == "" {
		s.action.Owners.Buyer = p.ID
	}
	if p.Side == planfile.Seller && s.action.Owners.Seller == "" {
		s.action.Owners.Seller = p.ID
	}
}

// others keeps the owner columns when somebody in them is no owner in the plan:
// a step has one, a joint step one on each side.
func (s *step) others(row []int) {
	for _, i := range row {
		if id := s.plan.People[i].ID; id != s.action.Owner && id != s.action.Owners.Buyer && id != s.action.Owners.Seller {
			for _, f := range ownerFields {
				if cell, c := s.cell(s.row, f.field); c >= 0 && cell.Text != "" {
					s.keep(c)
				}
			}
			return
		}
	}
}

// extras keeps what an owner's cell says of a person that the plan says
// differently.
func (s *step) extras(m mention, i int) {
	p := s.plan.People[i]
	if m.role != "" && !containsWords(p.Role, m.role) || m.email != "" && fold(m.email) != fold(p.Email) {
		for _, f := range ownerFields {
			if cell, c := s.cell(s.row, f.field); c >= 0 && containsWords(cell.Text, m.role+" "+m.email) {
				s.keep(c)
			}
		}
	}
}

// contact spreads a role or address cell over the people of the row: one for
// one when there are as many, else it must be the only person's.
func (s *step) contact(f Field, row []int, all []mention, of func(*planfile.Person) *string) {
	cell, column := s.cell(s.row, f)
	if cell.Text == "" || saysNothing(cell.Text) {
		return
	}
	parts := []string{cell.Text}
	if len(row) > 1 {
		parts = splitList(cell.Text, "/;,|")
	}
	if f == Email {
		parts = mailForm.FindAllString(cell.Text, -1)
		if strings.Join(strings.Fields(fold(strings.Join(parts, " "))), " ") != fold(cell.Text) {
			s.keep(column)
		}
	}
	if len(parts) != len(row) || len(row) == 0 {
		s.keep(column)
		return
	}
	for n, i := range row {
		field := of(&s.plan.People[i])
		switch {
		case *field == "":
			*field = oneLine(parts[n])
		case !containsWords(*field, parts[n]):
			s.keep(column)
		}
	}
}

// containsWords reports that all words of b are among those of a.
func containsWords(a, b string) bool {
	have := map[string]bool{}
	for _, w := range strings.Fields(fold(a)) {
		have[w] = true
	}
	for _, w := range strings.Fields(fold(b)) {
		if !have[w] {
			return false
		}
	}
	return true
}
