package plan

import (
	"slices"

	"tandem/internal/civil"
)

type (
	// OpenCheckIn begins to hold a check-in: of an appointment, or without one
	// (CheckIn empty). Editors and leads of either side; one at a time. The id is
	// chosen by the caller, so that a form sent twice opens once.
	OpenCheckIn struct {
		ID      ID
		CheckIn ID
		Day     civil.Day // on which the series puts it; without appointment, today
	}
	// NoteCheckIn notes a sentence in the check-in that is open, under an item
	// or freely; or says one's own note anew. Contributors and above.
	NoteCheckIn struct {
		Run  ID
		ID   ID
		Item ID // none: freely. Of a note that is there, it stays.
		Text string
	}
	// UnnoteCheckIn takes one's own note back, while the check-in is open.
	UnnoteCheckIn struct {
		Run ID
		ID  ID
	}
	// CloseCheckIn ends a check-in: from then on its minutes do not change.
	// Editors and leads of either side. Next is filled in by the use case.
	CloseCheckIn struct {
		Run     ID
		Present []ID
		Next    *NextOne
	}
	// EndCheckIns closes what was left open for longer than RunEnds. The
	// system's.
	EndCheckIns struct{}
)

func (c OpenCheckIn) decide(d *decider) error {
	if err := d.working(); err != nil {
		return err
	}
	open := d.st.OpenRun()
	switch {
	case !d.me.mayEdit():
		return forbidden("fault.right.checkin")
	case !c.ID.valid():
		return invalid("fault.id")
	case d.st.Run(c.ID) != nil || open != nil && c.CheckIn != "" && open.CheckIn == c.CheckIn && open.Day == c.Day:
		return nil // sent twice, or by both at once
	case d.st.Phase == Draft:
		return refuse("fault.checkin.draft")
	case open != nil:
		return refuse("fault.checkin.running")
	case len(d.st.Runs) >= maxRuns:
		return refuse("fault.checkin.runs", "max", maxRuns)
	}
	if c.CheckIn == "" {
		c.Day = d.env.Today
	} else {
		x := d.st.CheckIns[c.CheckIn]
		switch {
		case x == nil:
			return notYours()
		case x.Cancelled:
			return refuse("fault.checkin.cancelled")
		case c.Day.IsZero() || c.Day < x.Start.Day() || slices.Contains(x.Except, c.Day) || x.Rule == "" && c.Day != x.Start.Day():
			return invalid("fault.checkin.day")
		case d.st.RunOf(c.CheckIn, c.Day) != nil:
			return refuse("fault.checkin.held")
		}
	}
	since := int64(0)
	if last := d.st.LastRun(); last != nil {
		since = last.Until
	}
	d.emit(&CheckInOpened{Run: c.ID, CheckIn: c.CheckIn, Day: c.Day, Since: since})
	return nil
}

// running finds the check-in that is open; also of a plan that was decided in it.
func (d *decider) running(id ID) (*Run, error) {
	if err := d.alive(); err != nil {
		return nil, err
	}
	r := d.st.Run(id)
	switch {
	case r == nil:
		return nil, notYours()
	case !r.IsOpen():
		return nil, refuse("fault.checkin.closed")
	}
	return r, nil
}

func (c NoteCheckIn) decide(d *decider) error {
	r, err := d.running(c.Run)
	if err != nil {
		return err
	}
	old := r.note(c.ID)
	switch {
	case !c.ID.valid():
		return invalid("fault.id")
	case old != nil && !d.st.same(old.By, d.me.ID):
		return forbidden("fault.right.note")
	case old == nil && len(r.Notes) >= maxNotes:
		return refuse("fault.checkin.notes", "max", maxNotes)
	case old == nil && c.Item != "" && (d.st.Items[c.Item] == nil || d.st.Items[c.Item].Removed != 0):
		return notYours()
	}
	if old != nil {
		if s, err := clean(c.Text, maxWords); err == nil && s == old.Text.Value {
			return nil // as it is, or sent twice
		}
		c.Item = old.Item
	}
	text, err := d.needed(c.Text, "fault.text.empty")
	if err != nil {
		return err
	}
	d.emit(&CheckInNoted{Run: r.ID, Note: c.ID, Item: c.Item, Text: text})
	return nil
}

func (c UnnoteCheckIn) decide(d *decider) error {
	r, err := d.running(c.Run)
	if err != nil {
		return err
	}
	old := r.note(c.ID)
	switch {
	case old == nil:
		return nil // gone already
	case !d.st.same(old.By, d.me.ID):
		return forbidden("fault.right.note")
	}
	d.emit(&CheckInNoted{Run: r.ID, Note: c.ID, Item: old.Item, Removed: true})
	return nil
}

func (c CloseCheckIn) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	r := d.st.Run(c.Run)
	switch {
	case r == nil:
		return notYours()
	case !d.me.mayEdit():
		return forbidden("fault.right.checkin")
	case !r.IsOpen():
		return nil // both pressed it
	}
	present, err := d.invited(c.Present)
	if err != nil {
		return err
	}
	d.emit(&CheckInClosed{Run: r.ID, Since: r.Since, Until: d.st.Head.Seq, Present: present, Next: c.Next})
	return nil
}

func (EndCheckIns) decide(d *decider) error {
	if d.alive() != nil {
		return nil
	}
	if r := d.st.OpenRun(); r != nil && d.env.Now.Sub(r.Opened) >= RunEnds {
		d.emit(&CheckInClosed{Run: r.ID, Since: r.Since, Until: d.st.Head.Seq})
	}
	return nil
}
