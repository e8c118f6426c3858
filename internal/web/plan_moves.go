package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// formOf reads what was posted to a plan.
func (s *Server) formOf(v *visit, pv app.View) (*form, error) {
	if err := v.ParseForm(); err != nil {
		return nil, fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
	}
	return &form{Values: v.PostForm, v: pv, newID: s.App.NewID}, nil
}

// nothing is the answer to a move there is none of.
func nothing() error { return fault.New(fault.Missing, "fault.missing") }

// itemMove is POST {Base}/items/{item}/{move}.
func (s *Server) itemMove(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	id, move := plan.ID(v.PathValue("item")), v.PathValue("move")
	err = s.moveItem(v, pv, f, id, move)
	if problem := f.problem(v, move, err); problem != nil {
		return s.refusedItem(w, v, id, problem, err)
	}
	if err != nil {
		return err
	}
	if strings.HasPrefix(move, "document") {
		id = "" // there is no way back to offer: it changed no item
	}
	s.say(w, "moves.said."+move, "item", string(id))
	return redirect(w, v, s.back(v, pv))
}

func (s *Server) moveItem(v *visit, pv app.View, f *form, id plan.ID, move string) error {
	private := func(cmd plan.PrivateCommand) error {
		if f.err != nil {
			return f.err
		}
		_, err := s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, cmd)
		return err
	}
	it, own := pv.Plan.Items[id], pv.Own.Actions[id]
	switch {
	case it == nil && own == nil:
		return nothing()
	case move == "document-remove" && pv.Own.Document(plan.ID(f.text("document"))) != nil:
		return private(plan.RemoveDocument{ID: plan.ID(f.text("document")), Item: id})
	case move == "note":
		return private(plan.SetNote{ID: s.App.NewID(), Item: id, Text: f.text("text")})
	case own != nil:
		cmd := f.internalMove(own, move)
		if cmd == nil {
			return nothing()
		}
		return private(cmd)
	}
	return s.do(v, pv, f, f.itemMove(it, move))
}

// do runs a command that a form was read into.
func (s *Server) do(v *visit, pv app.View, f *form, cmd plan.Command) error {
	switch {
	case f.err != nil:
		return f.err
	case cmd == nil:
		return nothing()
	}
	if c, ok := cmd.(plan.LetIn); ok {
		_, err := s.App.LetIn(v.Context(), v.caller, pv.Plan.ID, c)
		return err
	}
	_, err := s.App.Do(v.Context(), v.caller, pv.Plan.ID, cmd)
	return err
}

// refusedItem shows the step as it is now, with what was typed in the form of
// the refused move.
func (s *Server) refusedItem(w http.ResponseWriter, v *visit, id plan.ID, problem *view.Problem, refusal error) error {
	s.log(v, refusal)
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	if it := pv.Plan.Items[id]; it == nil && pv.Own.Actions[id] == nil || it != nil && (it.Kind != plan.KindAction || it.Removed != 0) {
		return refusal
	}
	if it := pv.Plan.Items[id]; it != nil && fault.Is(refusal, fault.Conflict) {
		problem.Theirs = present.Theirs(pv, v.l.Lang, it, problem.Typed)
	}
	return s.showItem(w, v, pv, id, problem, statusOf(refusal))
}

// planMove is POST {Base}/{move}.
func (s *Server) planMove(move string) handler {
	return func(w http.ResponseWriter, v *visit) error {
		pv, err := s.open(v)
		if err != nil {
			return err
		}
		f, err := s.formOf(v, pv)
		if err != nil {
			return err
		}
		switch {
		case move == "share":
			return s.share(w, v, pv, f)
		case move == "rows":
			err = s.rows(v, pv, f)
		case move == "comment":
			err = s.do(v, pv, f, plan.Say{ID: f.newID(), Text: f.text("text")})
		case move == "note":
			_, err = s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, plan.SetNote{ID: s.App.NewID(), Text: f.text("text")})
		case move == "items" && f.on("internal"):
			cmd := f.newInternal()
			if err = f.err; err == nil {
				_, err = s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, cmd)
			}
		default:
			err = s.do(v, pv, f, f.planMove(move))
		}
		if unproven(err) && move == "accept" {
			return s.askProof(w, v, pv, &view.Sheet{Seen: f.Values["seen"], Then: "accept"})
		}
		if problem := f.problem(v, move, err); problem != nil {
			s.log(v, err)
			return s.refusedSheet(w, v, &view.Sheet{Kind: move, Problem: problem}, err)
		}
		if err != nil {
			return err
		}
		s.say(w, "moves.said."+move)
		if move == "resume" {
			return redirect(w, v, s.afterPause(v, pv))
		}
		to := s.back(v, pv)
		if move == "accept" && strings.HasPrefix(to, base(pv)+"/session") { // the session ends in the plan
			to = base(pv)
		}
		return redirect(w, v, to)
	}
}

// refusedSheet shows the form again as things are now, with what was typed.
func (s *Server) refusedSheet(w http.ResponseWriter, v *visit, sheet *view.Sheet, refusal error) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	if !sheets[sheet.Kind] {
		return refusal
	}
	return s.showSheet(w, v, pv, sheet, statusOf(refusal))
}

// sheets are the moves that have a form of their own.
var sheets = map[string]bool{"accept": true, "propose": true, "counter": true, "pause": true, "resume": true, "leave": true, "decide": true,
	"share": true, "title": true, "items": true, "rows": true, "people": true, "goals": true, "criteria": true, "milestones": true, "risks": true}

// share makes a link to the plan's front door and shows it, once.
func (s *Server) share(w http.ResponseWriter, v *visit, pv app.View, f *form) error {
	secret, err := s.App.ShareLink(v.Context(), v.caller, pv.Plan.ID)
	if problem := f.problem(v, "share", err); problem != nil {
		return s.refusedSheet(w, v, &view.Sheet{Kind: "share", Problem: problem}, err)
	}
	if err != nil {
		return err
	}
	pv, err = s.open(v)
	if err != nil {
		return err
	}
	sheet := &view.Sheet{Kind: "share", Link: s.link("/join/" + string(secret))}
	sheet.Text, sheet.Mailto = shareText(pv, sheet.Link)
	return s.showSheet(w, v, pv, sheet, http.StatusOK)
}

// rows adds the rows of a pasted table as steps, all or none.
func (s *Server) rows(v *visit, pv app.View, f *form) error {
	grid, err := s.ReadTable("", []byte(f.Get("rows")))
	if err != nil {
		return err
	}
	p, _, err := sheet.Import(grid, sheet.Options{Buyer: pv.Plan.Organisation.Buyer.Value, Seller: pv.Plan.Organisation.Seller.Value, Today: pv.Today})
	if err != nil {
		return err
	}
	return s.App.AddRows(v.Context(), v.caller, pv.Plan.ID, &p)
}

// thingMove is POST {Base}/{things}/{id}/{move}.
func (s *Server) thingMove(things string) handler {
	return func(w http.ResponseWriter, v *visit) error {
		pv, err := s.open(v)
		if err != nil {
			return err
		}
		f, err := s.formOf(v, pv)
		if err != nil {
			return err
		}
		id, move := plan.ID(v.PathValue("id")), v.PathValue("move")
		cmd := f.thingMove(things, id, move)
		err = s.do(v, pv, f, cmd)
		if unproven(err) {
			return redirect(w, v, base(pv)+"/proof?then=people")
		}
		if problem := f.problem(v, move, err); problem != nil && things == "proposals" && move == "counter" {
			sheet, err2 := counterSheet(pv, id)
			if err2 != nil {
				return err
			}
			sheet.Problem = problem
			return s.refusedSheet(w, v, sheet, err)
		}
		if err != nil {
			return keeping(f, err)
		}
		s.say(w, "moves.said."+things+"."+move)
		return redirect(w, v, s.back(v, pv))
	}
}

// keeping adds what was typed to a fault that is shown on a page of its own, so
// that it can be taken along.
func keeping(f *form, err error) error {
	x, ok := fault.As(err)
	if !ok {
		return err
	}
	var words []string
	for _, name := range []string{"title", "text", "name", "role", "note", "reason", "mitigation", "date", "by", "from", "to"} {
		if t := f.text(name); t != "" {
			words = append(words, t)
		}
	}
	if len(words) == 0 {
		return err
	}
	y := *x
	y.Args = fault.Args{}
	for k, v := range x.Args {
		y.Args[k] = v
	}
	y.Args["typed"] = strings.Join(words, "\n")
	return &y
}

// back is where a form was sent from, if that is a page of this plan that
// shows it; else the plan.
func (s *Server) back(v *visit, pv app.View) string {
	home := base(pv)
	u, err := url.Parse(v.Referer())
	if err != nil || u.Host != v.Host {
		return home
	}
	rest, ok := strings.CutPrefix(u.Path, home)
	if !ok {
		return home
	}
	switch {
	case rest == "" || rest == "/table" || rest == "/timeline" || rest == "/people" || rest == "/goals" || rest == "/risks" || rest == "/history" || rest == "/mine" || rest == "/documents" || rest == "/session" || rest == "/obstacles" || backToRun(pv, rest):
	case strings.HasPrefix(rest, "/items/") && strings.Count(rest, "/") == 2 && rest != "/items/new" && !gone(pv, plan.ID(rest[len("/items/"):])):
	default:
		return home
	}
	if u.RawQuery != "" {
		return u.Path + "?" + u.RawQuery
	}
	return u.Path
}

// gone reports that a step's page would not be there any more.
func gone(pv app.View, id plan.ID) bool {
	it := pv.Plan.Items[id]
	return it == nil && pv.Own.Actions[id] == nil || it != nil && it.Removed != 0
}

// publish makes a side's own note a comment for both.
func (s *Server) publish(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	id, move := plan.ID(v.PathValue("id")), v.PathValue("move")
	switch move {
	case "publish":
		_, err = s.App.PublishNote(v.Context(), v.caller, pv.Plan.ID, id, f.version())
	case "edit":
		note := pv.Own.Notes[id]
		if note == nil {
			return nothing()
		}
		_, err = s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, plan.SetNote{ID: id, Version: f.version(), Item: note.Item, Text: f.text("text")})
	case "remove":
		_, err = s.App.DoPrivate(v.Context(), v.caller, pv.Plan.ID, plan.RemoveNote{ID: id, Version: f.version()})
	default:
		return nothing()
	}
	if err != nil {
		return keeping(f, err)
	}
	s.say(w, "moves.said.notes."+move)
	return redirect(w, v, s.back(v, pv))
}

// asJSON answers with the plan in the format of plan files, for programs.
func (s *Server) asJSON(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	a, err := s.kept.get(fmt.Sprint("json", keyOf(pv, "", planQuery{})), func() ([]byte, error) {
		var b bytes.Buffer
		err := planfile.Encode(&b, app.File(pv))
		return b.Bytes(), err
	})
	if err != nil {
		return err
	}
	a.send(w, v, "application/json")
	return nil
}
