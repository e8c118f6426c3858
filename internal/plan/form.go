package plan

// Form is how much of a plan is shown. It changes nothing that is in it.
type Form string

const (
	Full  Form = ""      // everything
	Light Form = "light" // one page: milestones and at most MaxLight actions
)

// MaxLight is how many actions fit a light plan: what one page holds and
// somebody remembers.
const MaxLight = 7

// Reshape shows a plan as a light one, or as a full one. Nothing is entered
// again in either direction. Editors of either side; a light plan holds at most
// MaxLight actions, and with one more it becomes a full plan by itself.
type Reshape struct{ Form Form }

// FormChanged says that a plan became a light or a full one.
type FormChanged struct {
	Old Form `json:"old,omitempty"`
	New Form `json:"new,omitempty"`
}

func (*FormChanged) Kind() string { return "plan.form" }

// FitsLight reports whether the plan may be shown as a light one.
func (p *Plan) FitsLight() bool { return len(p.Live(KindAction)) <= MaxLight }

func (c Reshape) decide(d *decider) error {
	if err := d.edits(); err != nil {
		return err
	}
	switch {
	case c.Form != Full && c.Form != Light:
		return invalid("fault.form")
	case c.Form == d.st.Form:
		return nil
	case c.Form == Light && !d.st.FitsLight():
		return refuse("fault.form.many", "max", MaxLight, "N", len(d.st.Live(KindAction)))
	}
	d.emit(&FormChanged{Old: d.st.Form, New: c.Form})
	return nil
}

// outgrow makes a full plan of a light one that holds more than fits, whatever
// brought it in: nobody is kept from adding what has to be done.
func (d *decider) outgrow() {
	if d.st.Form == Light && !d.st.FitsLight() {
		d.emit(&FormChanged{Old: Light, New: Full})
	}
}
