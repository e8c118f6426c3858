package web

import (
	"net/http"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// mineAct does what was clicked on the page and shows it again, with the next
// thing on top.
func (s *Server) mineAct(w http.ResponseWriter, v *visit, planID plan.ID) error {
	pv, err := s.App.Open(v.Context(), v.caller, planID)
	if err != nil {
		return err
	}
	s.readsIn(v, pv)
	sent, err := s.takeForm(w, v, pv)
	if err != nil {
		return err
	}
	sent.remember(v.PostForm)
	f := &form{Values: v.PostForm, v: pv, newID: s.App.NewID, sent: sent}
	move, day := f.mineMove()
	id := plan.ID(f.text("item"))
	after, err := s.mineDo(v, pv, f, id, move, day)
	if err != nil {
		if now, err2 := s.App.Open(v.Context(), v.caller, planID); err2 == nil && already(now, id, move, day) {
			after, err = now, nil // pressed twice
		}
	}
	if problem := f.problem(v, move, err); problem != nil {
		s.log(v, err)
		return s.mineRefused(w, v, f, planID, id, problem, err)
	}
	if err != nil {
		return err
	}
	s.sayMine(w, v, after, id, move, day)
	return redirect(w, v, base(pv)+"/mine")
}

// mineMove reads the button: what to do and, behind a colon, the day it names.
func (f *form) mineMove() (move string, day civil.Day) {
	move, text, named := strings.Cut(f.text("move"), ":")
	if !named {
		return move, f.day("due")
	}
	day, err := civil.Parse(text)
	if err != nil {
		f.bad("due", "moves.form.date", "Value", text)
	}
	return move, day
}

func (s *Server) mineDo(v *visit, pv app.View, f *form, id plan.ID, move string, day civil.Day) (app.View, error) {
	if a := pv.Own.Actions[id]; a != nil && move == "report" {
		cmd := f.internalMove(a, move)
		if f.err != nil {
			return app.View{}, f.err
		}
		return s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, cmd)
	}
	cmd := f.along(f.mineCommand(id, move, day), id, move)
	switch {
	case f.err != nil:
		return app.View{}, f.err
	case cmd == nil:
		return app.View{}, nothing()
	}
	return s.App.Do(v.Context(), v.caller, pv.Plan.ID, cmd)
}

// mineCommand is what a button of the page means; nil for one there is not.
func (f *form) mineCommand(id plan.ID, move string, day civil.Day) plan.Command {
	if x := f.v.Plan.Proposals[id]; x != nil {
		switch move {
		case "accept":
			return plan.Accept{ID: id, Digest: plan.Digest(f.text("digest"))}
		case "decline":
			return plan.Decline{ID: id, Reason: f.text("text")}
		}
		return nil
	}
	version, words := f.version(), f.text("text")
	answer := plan.GiveAnswer{Item: id, Version: version, Reason: words}
	switch move {
	case "commit":
		if answer.Kind = plan.TakesOn; f.Get("move") != "commit" { // an earlier date of the owner's own is their yes to it
			answer.Kind, answer.Date = plan.OtherDate, day
		}
		return answer
	case "date":
		answer.Kind, answer.Date = plan.OtherDate, day
		f.wrong = "due"
		return answer
	case "hand":
		return f.handOver(answer)
	case "not-mine":
		answer.Kind = plan.NotMine
		return answer
	case "ask":
		f.wrong = "text"
		return plan.Say{ID: f.key(), Item: id, Text: words}
	case "report":
		return plan.Report{Item: id, Version: version, Result: words}
	case "confirm":
		return plan.Confirm{Item: id, Version: version}
	case "dispute":
		f.wrong = "text"
		return plan.Lacks{Item: id, Version: version, Missing: words}
	case "block":
		f.wrong = "text"
		c := plan.Hinder{Item: id, Version: version, Because: words}
		if q := f.v.Plan.Person(plan.ID(f.text("waits"))); q != nil {
			c.Person, c.Waits = q.ID, q.Side
		}
		return c
	case "unblock":
		return plan.Unhinder{Item: id, Version: version, Solved: words}
	case "tackle":
		f.wrong = "text"
		c := plan.Tackle{Item: id, Version: version, Next: words}
		if it := f.v.Plan.Items[id]; it != nil && it.Progress.Block != nil { // whose move it is stays
			c.Waits, c.Person = it.Progress.Block.Waits, it.Progress.Block.Person
		}
		return c
	case "pass":
		return plan.PassMove{Item: id, Version: version, Because: words}
	}
	return nil
}

// key is the id drawn when the form was shown, so that what is sent twice is
// said once.
func (f *form) key() plan.ID {
	if k := f.text("key"); k != "" {
		return plan.ID(k)
	}
	return f.newID()
}

// handOver names somebody else of the owner's side. A name that was typed
// counts before a choice; that of somebody listed is theirs.
func (f *form) handOver(answer plan.GiveAnswer) plan.Command {
	answer.Kind, answer.To = plan.Handed, plan.ID(f.text("owner"))
	name := strings.Join(strings.Fields(f.text("name")), " ")
	if name == "" {
		f.wrong = "owner"
		return answer
	}
	f.wrong = "name"
	for _, q := range f.v.Plan.Everybody() {
		if q.Side == f.v.Side() && strings.EqualFold(q.Name.Value, name) {
			answer.To = q.ID
			return answer
		}
	}
	answer.New = &plan.NewPerson{ID: f.newID(), Name: name, Email: f.text("email")}
	return answer
}

// along adds what was given with a press of a button: a link to a result, a
// file. A file goes along with whichever button is pressed, as words do.
func (f *form) along(cmd plan.Command, item plan.ID, move string) plan.Command {
	if cmd == nil || f.v.Plan.Items[item] == nil {
		return cmd
	}
	batch := plan.Batch{cmd}
	if link := f.text("link"); link != "" && move == "report" {
		f.wrong = "link"
		batch = append(batch, plan.AddDocument{ID: f.key(), Item: item, Link: link, Delivered: true})
	}
	switch file := f.sent.input(); {
	case f.sent.err != nil:
		f.err, f.wrong = f.sent.err, "file"
	case file != nil:
		batch = append(batch, plan.AddDocument{ID: f.key() + "-f", Item: item, File: file, Delivered: move == "report"})
	}
	if len(batch) == 1 {
		return cmd
	}
	return batch
}

// already reports that what was clicked is so: somebody pressed twice, and the
// second press came after the first was done.
func already(pv app.View, id plan.ID, move string, day civil.Day) bool {
	p, me, side := pv.Plan, pv.Me, pv.Side()
	mine := func(by plan.ID) bool { q := p.Person(by); return q != nil && q.ID == me.ID }
	if x := p.Proposals[id]; x != nil {
		want := map[string]plan.ProposalStatus{"accept": plan.Accepted, "decline": plan.Declined}[move]
		return x.Status == want && mine(x.AnsweredBy)
	}
	if a := pv.Own.Actions[id]; a != nil {
		return move == "report" && a.Status == plan.Done
	}
	it := p.Items[id]
	if it == nil || it.Removed != 0 {
		return false
	}
	g := it.Progress
	switch move {
	case "commit", "date":
		for _, x := range p.OpenProposals() {
			if mine(x.By) && len(x.Changes) == 1 && x.Changes[0].Item == id && x.Changes[0].New.Due == day {
				return true
			}
		}
		return it.Committed(side) && mine(it.Terms.Owners.Of(side)) && (day.IsZero() || it.Terms.Due == day)
	case "hand":
		return it.Owner.Of(side).Kind == "" && mine(it.ChangedBy) && !mine(it.Terms.Owners.Of(side)) && it.Undo != nil && mine(it.Undo.By)
	case "not-mine":
		return it.Owner.Of(side).Kind == plan.NotMine && mine(it.Owner.Of(side).Person)
	case "report":
		return g.Status == plan.Done && mine(g.DoneBy)
	case "confirm":
		return mine(g.Confirmed)
	case "dispute":
		return g.Status != plan.Done && !g.Missing.IsZero() && mine(it.ChangedBy)
	case "block":
		return g.Block != nil && mine(g.Block.By)
	case "unblock":
		return g.Status != plan.Blocked && g.Status != plan.Done && mine(it.ChangedBy)
	case "tackle", "pass":
		return g.Block != nil && mine(it.ChangedBy) && it.Undo != nil && it.Undo.Kind == map[string]string{"tackle": "action.tackled", "pass": "action.passed"}[move]
	}
	return false
}

// mineRefused shows the page as things are now, with what was typed beside
// why it was refused, and both values where they differ.
func (s *Server) mineRefused(w http.ResponseWriter, v *visit, f *form, planID, id plan.ID, problem *view.Problem, refusal error) error {
	m, err := s.App.Mine(v.Context(), v.caller, planID, id)
	if err != nil {
		return err
	}
	if it := m.View.Plan.Items[id]; it != nil && fault.Is(refusal, fault.Conflict) {
		problem.Theirs = present.TheirsOfMine(m.View, v.l.Lang, it, f.text("seen"), problem.Typed)
	}
	if fault.Is(refusal, fault.Conflict) || fault.Is(refusal, fault.Refused) || fault.Is(refusal, fault.Forbidden) {
		problem.Field = ""
	}
	return s.showMine(w, v, m, present.MineOptions{Problem: problem, Item: id}, statusOf(refusal))
}

// sayMine leaves the sentence that tells what happened.
func (s *Server) sayMine(w http.ResponseWriter, v *visit, pv app.View, id plan.ID, move string, day civil.Day) {
	key, args := "mine.said."+move, []string{"item", string(id)}
	it := pv.Plan.Items[id]
	switch {
	case it == nil:
	case move == "commit" || move == "date":
		switch due := it.Terms.Due; {
		case !day.IsZero() && due != day: // the other side is asked
			key = "mine.said.proposed"
			args = append(args, "Day", v.l.Day(day), "Old", v.l.Day(due), "Other", pv.Plan.Organisation.Of(pv.Side().Other()).Value)
		case due.IsZero():
			key = "mine.said.commitOpen"
		case !it.Committed(pv.Side()):
			key, args = "mine.said.moved", append(args, "Day", v.l.Day(due))
		default:
			key, args = "mine.said.commit", append(args, "Day", v.l.Day(due))
		}
	case move == "hand":
		if q := pv.Plan.Person(it.Terms.Owners.Of(pv.Side())); q != nil {
			args = append(args, "Name", q.Name.Value)
		}
	}
	s.say(w, key, args...)
}
