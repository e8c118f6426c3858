package web

import (
	"cmp"
	"strconv"

	"tandem/internal/fault"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

// recognise makes a plan of the table: as it was recognised, changed by what
// the form says otherwise. A field that still shows what was recognised is no
// correction, so a correction of one column does not freeze what follows from
// the others.
func (d *draft) recognise(v *visit, o sheet.Options) error {
	again := v.PostFormValue("again") != ""
	if again {
		o.Buyer, o.Seller = v.field("buyer"), cmp.Or(v.field("seller"), o.Seller)
	}
	found, err := sheet.Recognise(d.grid, o)
	if err != nil {
		return err
	}
	d.found, d.rec = found, found
	if again {
		if err := d.correct(v, o); err != nil {
			return err
		}
	}
	d.plan, d.warnings = sheet.Apply(d.grid, d.rec)
	d.people = append([]planfile.Person(nil), d.plan.People...)
	if again {
		d.movePeople(v)
	}
	d.offers = offersOf(v, &d.plan, d.today, again)
	for _, x := range d.offers {
		if x.taken {
			if err := x.take(&d.plan); err != nil {
				return err
			}
		}
	}
	return nil
}

// correct changes the recognition to what the form says.
func (d *draft) correct(v *visit, o sheet.Options) error {
	fields := make([]sheet.Field, len(d.found.Columns))
	for i, c := range d.found.Columns {
		fields[i] = c.Field
		if posted, ok := v.PostForm["col."+strconv.Itoa(i)]; ok {
			fields[i] = knownField(posted[0], c.Field)
		}
	}
	d.rec = sheet.Again(d.grid, d.found, o, fields)
	switch v.field("order") {
	case "day":
		d.order(false)
	case "month":
		d.order(true)
	}
	d.found.Sides = append([]sheet.SideGroup(nil), d.rec.Sides...)
	d.correctSides(v)
	d.rec.Title, d.rec.Buyer, d.rec.Seller = v.field("title"), v.field("buyer"), v.field("seller")
	if d.rec.Title == "" {
		return fault.New(fault.Invalid, "pages.fault.title")
	}
	d.rec.Language = v.field("language")
	posted, err := day(v.field("decide"))
	if err != nil {
		return err
	}
	d.rec.DecideBy = posted
	return nil
}

func (d *draft) order(monthFirst bool) {
	if d.rec.Order == "" || d.rec.MonthFirst == monthFirst {
		return
	}
	d.rec.MonthFirst, d.rec.Order = monthFirst, sheet.ByPerson
}

// knownField is the field somebody chose, or the one recognised if that is
// none.
func knownField(posted string, found sheet.Field) sheet.Field {
	for _, f := range sheet.Fields() {
		if fieldName(f) == posted {
			return f
		}
	}
	return found
}

// fieldName is a field in a form: the one without a name is "other".
func fieldName(f sheet.Field) string {
	if f == sheet.Other {
		return "other"
	}
	return string(f)
}

// changes are the choices of the form that differ from what was recognised,
// by what they are about.
func changes(v *visit, name string) map[string]planfile.Side {
	all := map[string]planfile.Side{}
	for i := range 2000 {
		n := "." + strconv.Itoa(i)
		of, ok := v.PostForm[name+"of"+n]
		if !ok {
			break
		}
		side := v.PostFormValue(name + n)
		if side != v.PostFormValue(name+"was"+n) && (side == "buyer" || side == "seller" || side == "joint") {
			all[of[0]] = planfile.Side(side)
		}
	}
	return all
}

func (d *draft) correctSides(v *visit) {
	sides := changes(v, "side")
	d.rec.Sides = append([]sheet.SideGroup(nil), d.rec.Sides...)
	for i := range d.rec.Sides {
		g := &d.rec.Sides[i]
		if side, ok := sides[g.Text]; ok && side != g.Side {
			g.Side, g.By = side, sheet.ByPerson
		}
	}
}

// movePeople puts people on the side somebody said, with the steps they own.
func (d *draft) movePeople(v *visit) {
	for id, side := range changes(v, "person") {
		if side == planfile.Joint {
			continue
		}
		for i := range d.plan.People {
			if q := &d.plan.People[i]; q.ID == id && q.Side != side {
				q.Side = side
				d.moveSteps(id, side)
			}
		}
	}
}

func (d *draft) moveSteps(person string, side planfile.Side) {
	for i := range d.plan.Actions {
		a := &d.plan.Actions[i]
		switch {
		case a.Owner == person && a.Side != planfile.Joint:
			a.Side = side
		case a.Owners.Buyer == person && side == planfile.Seller:
			a.Owners.Buyer, a.Owners.Seller = "", cmp.Or(a.Owners.Seller, person)
		case a.Owners.Seller == person && side == planfile.Buyer:
			a.Owners.Seller, a.Owners.Buyer = "", cmp.Or(a.Owners.Buyer, person)
		}
	}
}
