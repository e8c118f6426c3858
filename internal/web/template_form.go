package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/process"
	"tandem/internal/web/view"
)

// templateDraft is a process on its way through the form. It travels with the
// form, packed: nothing is kept on the server until it is saved, and what the
// form does not show (lags, kinds of steps) is not lost.
type templateDraft struct {
	Process *process.Process
	Took    []process.Took `json:",omitempty"`
	Origin  string         `json:",omitempty"`
	Base    int            // version it began with; 0: a new one

	after map[int]string // what was typed into "after", as it was, if it cannot be read
}

// templateNew begins a process of the workspace's own: empty, as a copy
// (?from=), or of a plan that is over (?plan=).
func (s *Server) templateNew(w http.ResponseWriter, v *visit) error {
	d := &templateDraft{}
	switch q := v.URL.Query(); {
	case q.Get("plan") != "":
		p, took, err := s.App.LearnProcess(v.Context(), v.caller, plan.ID(q.Get("plan")))
		if err != nil {
			return err
		}
		d.Process, d.Took, d.Origin = p, took, app.OriginPlan
	case q.Get("from") != "":
		o, err := s.App.ProcessPage(v.Context(), v.caller, q.Get("from"))
		if err != nil {
			return err
		}
		d.Process, d.Origin = o.Process.As(string(s.App.NewID()), 1), o.Process.Ref()
	default:
		if _, err := v.member(); err != nil {
			return err
		}
		d.Process = emptyProcess(string(s.App.NewID()))
	}
	if !s.App.MayShapeProcesses(v.caller) {
		return fault.New(fault.Forbidden, "templates.fault.right")
	}
	return s.showTemplateForm(w, v, http.StatusOK, d, nil)
}

// emptyProcess has a row of each, to be filled.
func emptyProcess(id string) *process.Process {
	p := &process.Process{ID: id, Version: 1, Title: process.Words{DE: "{buyer} und {seller}: gemeinsam zur Entscheidung", EN: "{buyer} and {seller}: deciding together"},
		Roles: []process.Role{{ID: "lead", Side: planfile.Buyer, Name: process.Words{DE: "Projektleitung", EN: "Project lead"}},
			{ID: "ae", Side: planfile.Seller, Name: process.Words{DE: "Vertrieb", EN: "Account executive"}}},
		Milestones: []process.Milestone{{ID: "m1"}}}
	for i := range 3 {
		p.Steps = append(p.Steps, process.Step{ID: "s" + strconv.Itoa(i+1), Side: planfile.Joint, Buyer: "lead", Seller: "ae", Low: 1, Likely: 2, High: 3, Milestone: "m1"})
	}
	return p
}

func (s *Server) templateEdit(w http.ResponseWriter, v *visit) error {
	o, err := s.App.ProcessPage(v.Context(), v.caller, v.PathValue("template"))
	if err != nil {
		return err
	}
	if !o.May {
		return fault.New(fault.Forbidden, "templates.fault.right")
	}
	if !o.Own {
		return redirect(w, v, "/templates/new?from="+url.QueryEscape(o.Process.Ref()))
	}
	return s.showTemplateForm(w, v, http.StatusOK, &templateDraft{Process: o.Process, Base: o.Process.Version}, nil)
}

func (s *Server) templateAdd(w http.ResponseWriter, v *visit) error { return s.templateSent(w, v, "") }
func (s *Server) templateSave(w http.ResponseWriter, v *visit) error {
	return s.templateSent(w, v, v.PathValue("template"))
}

// templateSent changes rows of the form, or saves what it describes.
func (s *Server) templateSent(w http.ResponseWriter, v *visit, id string) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	if !s.App.MayShapeProcesses(v.caller) {
		return fault.New(fault.Forbidden, "templates.fault.right")
	}
	d, err := unpackTemplate(v.PostFormValue("content"))
	if err != nil {
		return err
	}
	if id != "" && (d.Process.ID != id || d.Base == 0) {
		return fault.New(fault.Invalid, "pages.fault.content")
	}
	wrong := d.read(v.PostForm)
	if do := v.field("do"); do != "save" {
		d.change(do)
		return s.showTemplateForm(w, v, http.StatusOK, d, nil)
	}
	if wrong == nil {
		var saved *process.Process
		if saved, wrong = s.App.SaveProcess(v.Context(), v.caller, d.tidy(), d.Base, d.Origin); wrong == nil {
			s.say(w, "templates.saved", "N", strconv.Itoa(saved.Version))
			return redirect(w, v, "/templates/"+saved.ID)
		}
	}
	return s.showTemplateForm(w, v, statusOf(wrong), d, wrong)
}

func unpackTemplate(content string) (*templateDraft, error) {
	broken := fault.New(fault.Invalid, "pages.fault.content")
	data, err := unpack(content)
	if err != nil {
		return nil, err
	}
	d := &templateDraft{}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(d); err != nil {
		return nil, broken.Wrap(err)
	}
	p := d.Process
	if p == nil || p.ID == "" || len(p.Steps) > process.MaxSteps || len(p.Roles) > process.MaxRoles || len(p.Milestones) > process.MaxStones ||
		len(p.Gates) > process.MaxGates || len(p.Risks) > process.MaxRisks {
		return nil, broken
	}
	return d, nil
}

// read takes over what was typed. The first thing that cannot be read is
// returned; the rest is taken over all the same, so that nothing is lost.
func (d *templateDraft) read(q url.Values) error {
	p := d.Process
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	words := func(name string) process.Words { return process.Words{DE: get(name + ".de"), EN: get(name + ".en")} }
	p.Name, p.Purpose, p.Title, p.Caution = words("name"), words("purpose"), words("title"), words("caution")
	for i := range p.Roles {
		at := fmt.Sprintf("role.%d", i)
		p.Roles[i].Name, p.Roles[i].Side = words(at), planfile.Side(get(at+".side"))
	}
	for i := range p.Milestones {
		p.Milestones[i].Title = words(fmt.Sprintf("milestone.%d", i))
	}
	var wrong error
	fail := func(err error) { wrong = cmp.Or(wrong, err) }
	for i := range p.Gates {
		fail(readGate(&p.Gates[i], fmt.Sprintf("gate.%d", i), words, get))
	}
	p.Risks = chosenRisks(p.Risks, q["risk"])
	d.after = map[int]string{}
	before := p.As(p.ID, 1)
	for i := range p.Steps {
		fail(d.readStep(i, words, get, before))
	}
	p.Decision = ""
	if i, err := strconv.Atoi(get("decision")); err == nil && i >= 0 && i < len(p.Steps) {
		p.Decision = p.Steps[i].ID
	}
	return wrong
}

func (d *templateDraft) readStep(i int, words func(string) process.Words, get func(string) string, before *process.Process) error {
	s := &d.Process.Steps[i]
	at := fmt.Sprintf("step.%d", i)
	s.Title, s.DoneWhen = words(at), words(at+".done")
	s.Side, s.Buyer, s.Seller = planfile.Side(get(at+".side")), get(at+".buyer"), get(at+".seller")
	switch s.Side { // the role of the side that has nothing to do is not the step's
	case planfile.Buyer:
		s.Seller = ""
	case planfile.Seller:
		s.Buyer = ""
	}
	s.Milestone, s.Gate = get(at+".milestone"), get(at+".gate")
	var wrong error
	for name, into := range map[string]*int{"low": &s.Low, "likely": &s.Likely, "high": &s.High} {
		n, err := strconv.Atoi(cmp.Or(get(at+"."+name), "0"))
		if err != nil {
			wrong = fault.New(fault.Invalid, "templates.fault.days", "N", i+1)
			continue
		}
		*into = n
	}
	after, err := readAfter(get(at+".after"), i, before)
	if err != nil {
		d.after[i] = get(at + ".after")
		return cmp.Or(err, wrong)
	}
	s.After = after
	return wrong
}

var afterForm = regexp.MustCompile(`^(\d{1,3})(SS|FF|SF|FS)?([+-]\d{1,3})?$`)

// readAfter reads the rows a step waits for: "3", "3, 5", "3+2" (two working
// days later), "3SS" (as soon as that began).
func readAfter(text string, row int, p *process.Process) ([]process.After, error) {
	var out []process.After
	for _, part := range strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		m := afterForm.FindStringSubmatch(part)
		n := 0
		if m != nil {
			n, _ = strconv.Atoi(m[1]) // up to three digits
		}
		if n < 1 || n > len(p.Steps) || n == row+1 {
			return nil, fault.New(fault.Invalid, "templates.fault.after", "N", row+1, "Text", part)
		}
		a := process.After{Step: p.Steps[n-1].ID, Type: m[2]}
		if a.Type == "FS" {
			a.Type = ""
		}
		if m[3] != "" {
			a.Lag, _ = strconv.Atoi(m[3])
			a.LagCalendar = "plan"
			for _, old := range p.Steps[row].After { // whose days it counts is not in the text
				if old.Step == a.Step && old.Lag != 0 {
					a.LagCalendar = old.LagCalendar
				}
			}
		}
		if !slices.ContainsFunc(out, func(b process.After) bool { return b.Step == a.Step && b.Type == a.Type }) {
			out = append(out, a)
		}
	}
	return out, nil
}

// rhythms a committee of a process can meet in; anything else stays as it is.
var rhythms = []string{"1", "2", "1m", "2m", "3m", "-1m"}

func gateRhythm(g process.Gate) (rhythm, day string) {
	parts := map[string]string{}
	for part := range strings.SplitSeq(g.Rule, ";") {
		k, v, _ := strings.Cut(part, "=")
		parts[k] = v
	}
	by := strings.ToLower(parts["BYDAY"])
	switch {
	case parts["FREQ"] == "WEEKLY" && len(by) == 2:
		rhythm, day = cmp.Or(parts["INTERVAL"], "1"), by
	case parts["FREQ"] == "MONTHLY" && len(by) > 2 && len(parts) == 2:
		rhythm, day = by[:len(by)-2]+"m", by[len(by)-2:]
	}
	if !slices.Contains(rhythms, rhythm) || !slices.Contains(weekdayCodes, day) {
		return g.Rule, "tu"
	}
	return rhythm, day
}

var weekdayCodes = []string{"mo", "tu", "we", "th", "fr"}

func readGate(g *process.Gate, at string, words func(string) process.Words, get func(string) string) error {
	g.Title = words(at)
	rhythm, day := get(at+".rhythm"), get(at+".day")
	if slices.Contains(rhythms, rhythm) && slices.Contains(weekdayCodes, day) {
		if n, monthly := strings.CutSuffix(rhythm, "m"); monthly {
			g.Rule, g.Anchor = "FREQ=MONTHLY;BYDAY="+n+strings.ToUpper(day), 0
		} else if rhythm == "1" {
			g.Rule, g.Anchor = "FREQ=WEEKLY;BYDAY="+strings.ToUpper(day), 0
		} else if have, on := gateRhythm(*g); have != rhythm || on != day || g.Anchor == 0 {
			g.Rule = "FREQ=WEEKLY;INTERVAL=" + rhythm + ";BYDAY=" + strings.ToUpper(day)
			g.Anchor = civil.Of(2025, 1, 6) + civil.Day(slices.Index(weekdayCodes, day))
		}
	}
	n, err := strconv.Atoi(cmp.Or(get(at+".lead"), "0"))
	if err != nil {
		return fault.New(fault.Invalid, "process.fault.days", "Title", g.Title.In("de"), "Limit", 250)
	}
	g.LeadDays = n
	g.OnHoliday = cmp.Or(g.OnHoliday, "next")
	return nil
}

// chosenRisks keeps the risks that are ticked: those the process has, with
// what they threaten, and others of the catalogue.
func chosenRisks(have []process.Risk, ids []string) []process.Risk {
	var out []process.Risk
	for _, r := range append(slices.Clone(have), process.Risks()...) {
		if slices.Contains(ids, r.ID) && !slices.ContainsFunc(out, func(o process.Risk) bool { return o.ID == r.ID }) {
			out = append(out, r)
		}
	}
	return out
}

// change adds or removes a row: "add step", "remove role 3".
func (d *templateDraft) change(do string) {
	p := d.Process
	verb, rest, _ := strings.Cut(do, " ")
	thing, number, _ := strings.Cut(rest, " ")
	i, err := strconv.Atoi(number)
	switch {
	case verb == "add":
		d.add(thing)
	case verb != "remove" || err != nil || i < 0:
	case thing == "step" && i < len(p.Steps):
		d.removeStep(i)
	case thing == "role" && i < len(p.Roles):
		for k := range p.Steps {
			s := &p.Steps[k]
			if s.Buyer == p.Roles[i].ID {
				s.Buyer = ""
			}
			if s.Seller == p.Roles[i].ID {
				s.Seller = ""
			}
		}
		p.Roles = slices.Delete(p.Roles, i, i+1)
	case thing == "milestone" && i < len(p.Milestones):
		for k := range p.Steps {
			if p.Steps[k].Milestone == p.Milestones[i].ID {
				p.Steps[k].Milestone = ""
			}
		}
		p.Milestones = slices.Delete(p.Milestones, i, i+1)
	case thing == "gate" && i < len(p.Gates):
		for k := range p.Steps {
			if p.Steps[k].Gate == p.Gates[i].ID {
				p.Steps[k].Gate = ""
			}
		}
		p.Gates = slices.Delete(p.Gates, i, i+1)
	}
}

func (d *templateDraft) removeStep(i int) {
	p := d.Process
	gone := p.Steps[i]
	p.Steps = slices.Delete(p.Steps, i, i+1)
	for k := range p.Steps {
		s := &p.Steps[k]
		if slices.ContainsFunc(s.After, func(a process.After) bool { return a.Step == gone.ID }) { // what it waited for comes first still
			s.After = slices.DeleteFunc(s.After, func(a process.After) bool { return a.Step == gone.ID })
			for _, a := range gone.After {
				if a.Step != s.ID && !slices.ContainsFunc(s.After, func(b process.After) bool { return b.Step == a.Step }) {
					s.After = append(s.After, process.After{Step: a.Step})
				}
			}
		}
	}
	for k := range p.Risks {
		p.Risks[k].Steps = slices.DeleteFunc(p.Risks[k].Steps, func(id string) bool { return id == gone.ID })
	}
	if p.Decision == gone.ID {
		p.Decision = ""
	}
	moved := map[int]string{}
	for k, text := range d.after {
		if k > i {
			k--
		} else if k == i {
			continue
		}
		moved[k] = text
	}
	d.after = moved
}

func (d *templateDraft) add(thing string) {
	p := d.Process
	fresh := func(prefix string, taken func(id string) bool) string {
		for n := 1; ; n++ {
			if id := prefix + strconv.Itoa(n); !taken(id) {
				return id
			}
		}
	}
	switch {
	case thing == "step" && len(p.Steps) < process.MaxSteps:
		s := process.Step{ID: fresh("s", func(id string) bool { return p.Step(id) != nil }), Side: planfile.Joint, Low: 1, Likely: 2, High: 3}
		if n := len(p.Steps); n > 0 {
			last := p.Steps[n-1]
			s.Milestone, s.After = last.Milestone, []process.After{{Step: last.ID}}
		}
		p.Steps = append(p.Steps, s)
	case thing == "role" && len(p.Roles) < process.MaxRoles:
		p.Roles = append(p.Roles, process.Role{ID: fresh("r", func(id string) bool { return p.Role(id) != nil }), Side: planfile.Buyer})
	case thing == "milestone" && len(p.Milestones) < process.MaxStones:
		p.Milestones = append(p.Milestones, process.Milestone{ID: fresh("m", func(id string) bool {
			return slices.ContainsFunc(p.Milestones, func(m process.Milestone) bool { return m.ID == id })
		})})
	case thing == "gate" && len(p.Gates) < process.MaxGates:
		p.Gates = append(p.Gates, process.Gate{Rule: "FREQ=WEEKLY;BYDAY=TU", OnHoliday: "next", ID: fresh("g", func(id string) bool {
			return slices.ContainsFunc(p.Gates, func(g process.Gate) bool { return g.ID == id })
		})})
	}
}

// tidy is what is saved: rows nobody wrote anything into are left out.
func (d *templateDraft) tidy() *process.Process {
	p := d.Process.As(d.Process.ID, d.Base+1)
	t := &templateDraft{Process: p}
	for i := len(p.Steps) - 1; i >= 0; i-- {
		if p.Steps[i].Title.IsZero() && p.Steps[i].DoneWhen.IsZero() {
			t.removeStep(i)
		}
	}
	for i := len(p.Roles) - 1; i >= 0; i-- {
		if p.Roles[i].Name.IsZero() {
			t.change("remove role " + strconv.Itoa(i))
		}
	}
	for i := len(p.Milestones) - 1; i >= 0; i-- {
		if p.Milestones[i].Title.IsZero() {
			t.change("remove milestone " + strconv.Itoa(i))
		}
	}
	for i := len(p.Gates) - 1; i >= 0; i-- {
		if p.Gates[i].Title.IsZero() {
			t.change("remove gate " + strconv.Itoa(i))
		}
	}
	return p
}

func (s *Server) showTemplateForm(w http.ResponseWriter, v *visit, status int, d *templateDraft, wrong error) error {
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	f := templateForm(v.l, d)
	if f.Content, err = pack(data); err != nil {
		return err
	}
	if wrong != nil {
		if f.Problem, err = problem(v, wrong); err != nil {
			return err
		}
	}
	title := v.l.T("templates.edit.title", "Name", d.Process.Name.In(v.l.Lang))
	if d.Base == 0 {
		title = v.l.T("templates.new")
	}
	p := s.templatesPage(w, v, title)
	p.Here = f.Back
	return render(w, v, status, view.TemplateFormPage(p, f))
}

func templateForm(l *locale.Locale, d *templateDraft) *view.TemplateForm {
	p := d.Process
	f := &view.TemplateForm{Action: "/templates", Back: "/templates", New: d.Base == 0, Learned: d.Took != nil,
		NameDE: p.Name.DE, NameEN: p.Name.EN, PurposeDE: p.Purpose.DE, PurposeEN: p.Purpose.EN, CautionDE: p.Caution.DE, CautionEN: p.Caution.EN,
		TitleDE: p.Title.DE, TitleEN: p.Title.EN}
	if d.Base > 0 {
		f.Action += "/" + p.ID
		f.Back = f.Action
	}
	none := l.T("templates.none")
	f.BuyerRoles, f.SellerRoles = []view.Option{{Label: l.T("templates.none.buyer")}}, []view.Option{{Label: l.T("templates.none.seller")}}
	for _, r := range p.Roles {
		f.Roles = append(f.Roles, view.FormRole{DE: r.Name.DE, EN: r.Name.EN, Side: string(r.Side)})
		o := view.Option{Value: r.ID, Label: cmp.Or(r.Name.In(l.Lang), none)}
		if r.Side == planfile.Seller {
			f.SellerRoles = append(f.SellerRoles, o)
		} else {
			f.BuyerRoles = append(f.BuyerRoles, o)
		}
	}
	f.StoneOptions = []view.Option{{Label: l.T("templates.decision")}}
	for _, m := range p.Milestones {
		f.Milestones = append(f.Milestones, view.FormLine{DE: m.Title.DE, EN: m.Title.EN})
		f.StoneOptions = append(f.StoneOptions, view.Option{Value: m.ID, Label: cmp.Or(m.Title.In(l.Lang), none)})
	}
	f.GateOptions = []view.Option{{Label: l.T("templates.none.gate")}}
	for _, g := range p.Gates {
		rhythm, day := gateRhythm(g)
		f.Gates = append(f.Gates, view.FormLine{DE: g.Title.DE, EN: g.Title.EN, Rhythm: rhythm, Day: day, Lead: strconv.Itoa(g.LeadDays)})
		f.GateOptions = append(f.GateOptions, view.Option{Value: g.ID, Label: cmp.Or(g.Title.In(l.Lang), none)})
	}
	for _, r := range rhythms {
		f.Rhythms = append(f.Rhythms, view.Option{Value: r, Label: l.T("templates.rhythm." + r)})
	}
	for _, c := range weekdayCodes {
		f.Days = append(f.Days, view.Option{Value: c, Label: l.T("timetable.day." + c)})
	}
	f.Steps = formSteps(l, d)
	for _, r := range chosenRisks(p.Risks, riskIDs(append(slices.Clone(p.Risks), process.Risks()...))) {
		on := slices.ContainsFunc(p.Risks, func(x process.Risk) bool { return x.ID == r.ID })
		f.Risks = append(f.Risks, view.Check{Value: r.ID, Label: r.Title.In(l.Lang), More: riskSize(l, r), On: on})
	}
	return f
}

func riskIDs(all []process.Risk) []string {
	var out []string
	for _, r := range all {
		out = append(out, r.ID)
	}
	return out
}

func formSteps(l *locale.Locale, d *templateDraft) []view.FormStep {
	p := d.Process
	no := map[string]int{}
	for i, s := range p.Steps {
		no[s.ID] = i + 1
	}
	var out []view.FormStep
	for i, s := range p.Steps {
		x := view.FormStep{DE: s.Title.DE, EN: s.Title.EN, DoneDE: s.DoneWhen.DE, DoneEN: s.DoneWhen.EN, Side: string(s.Side), Buyer: s.Buyer, Seller: s.Seller,
			Low: strconv.Itoa(s.Low), Likely: strconv.Itoa(s.Likely), High: strconv.Itoa(s.High), Milestone: s.Milestone, Gate: s.Gate, Decides: s.ID == p.Decision}
		var after []string
		for _, a := range s.After {
			after = append(after, afterText(a, no))
		}
		x.After = strings.Join(after, ", ")
		if typed, bad := d.after[i]; bad {
			x.After, x.Wrong = typed, true
		}
		for _, t := range d.Took {
			if t.Step == s.ID {
				x.Happened = happened(l, t)
			}
		}
		out = append(out, x)
	}
	return out
}

// happened says how long a step was planned and how long it took.
func happened(l *locale.Locale, t process.Took) string {
	switch {
	case t.Unknown:
		return l.T("templates.took.unknown", "N", t.Planned)
	case t.Took == 0:
		return l.T("templates.took.not")
	case t.Planned == 0 && t.Derived:
		return l.T("templates.took.derived", "N", t.Took)
	case t.Planned == 0:
		return l.T("templates.took.only", "N", t.Took)
	case t.Derived:
		return l.T("templates.took.both.derived", "Planned", t.Planned, "N", t.Took)
	}
	return l.T("templates.took.both", "Planned", t.Planned, "N", t.Took)
}
