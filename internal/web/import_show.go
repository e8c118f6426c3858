package web

import (
	"net/http"
	"slices"
	"strings"

	"tandem/internal/lint"
	"tandem/internal/locale"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
	"tandem/internal/web/view"
)

// maxShown is how many steps a preview shows.
const maxShown = 300

func (s *Server) showPreview(w http.ResponseWriter, v *visit, status int, d *draft, p *view.FormProblem) error {
	content, err := pack(d.data)
	if err != nil {
		return err
	}
	f := &view.Preview{ID: v.field("id"), Deal: v.field("deal"), FileName: d.name, Content: content, FromPlan: d.fromPlan, Problem: p,
		Title: d.plan.Title, Buyer: d.plan.Sides.Buyer.Organisation, Seller: d.plan.Sides.Seller.Organisation,
		DecideBy: d.plan.DecideBy.String(), Language: d.plan.Language,
		AskOrder: d.rec.Order != "" && d.rec.Order != sheet.ByContent, MonthFirst: d.rec.MonthFirst, Guessed: d.rec.Order == sheet.Guessed}
	if f.ID == "" {
		f.ID = string(s.App.NewID())
	}
	if f.Language == "" {
		f.Language = v.l.Lang
	}
	pv := &previewer{l: v.l, d: d, f: f}
	pv.columns()
	pv.sides()
	pv.offers()
	pv.steps()
	page := s.page(w, v, "preview", v.l.T("pages.preview.title"))
	page.Here = "/new/sheet"
	return render(w, v, status, view.PreviewPage(page, f))
}

// previewer fills a preview from a draft.
type previewer struct {
	l *locale.Locale
	d *draft
	f *view.Preview
}

func (pv *previewer) warning(w sheet.Warning) string { return pv.l.Text(w.Key, w.Args) }

func (pv *previewer) columns() {
	for _, f := range sheet.Fields() {
		pv.f.Fields = append(pv.f.Fields, view.Option{Value: fieldName(f), Label: pv.l.T("import.field." + fieldName(f))})
	}
	for i, c := range pv.d.rec.Columns {
		pv.f.Columns = append(pv.f.Columns, view.PreviewColumn{Letter: sheet.Letter(i + 1), Header: c.Header, Field: fieldName(c.Field),
			Unsure: c.By != sheet.ByPerson && c.Field != sheet.Other && (c.By == sheet.ByContent || c.Confidence < 0.8), Example: pv.example(i)})
	}
	for _, w := range pv.d.warnings {
		if w.Row == 0 && w.Column > 0 && w.Column <= len(pv.f.Columns) && !shownAsChoice(w.Key) {
			c := &pv.f.Columns[w.Column-1]
			c.Warnings = append(c.Warnings, pv.warning(w))
		} else if w.Row == 0 && w.Column == 0 {
			pv.f.Warnings = append(pv.f.Warnings, pv.warning(w))
		}
	}
}

// shownAsChoice reports warnings that say what a choice on the page shows.
func shownAsChoice(key string) bool {
	return strings.HasPrefix(key, "import.side.by.") || strings.HasPrefix(key, "import.side.joint") || strings.HasPrefix(key, "import.column.as.")
}

// example is the first filled cell of a column.
func (pv *previewer) example(column int) string {
	for _, r := range pv.d.grid.Rows[min(max(pv.d.rec.First, 0), len(pv.d.grid.Rows)):] {
		if column < len(r.Cells) {
			if text := strings.Join(strings.Fields(r.Cells[column].Text), " "); text != "" {
				if runes := []rune(text); len(runes) > 60 {
					text = string(runes[:60]) + "…"
				}
				return text
			}
		}
	}
	return ""
}

func (pv *previewer) sides() {
	was := map[string]planfile.Side{}
	for _, g := range pv.d.found.Sides {
		was[g.Text] = g.Side
	}
	for _, g := range pv.d.rec.Sides {
		pv.f.Sides = append(pv.f.Sides, view.PreviewSide{Text: g.Text, Side: view.Side(g.Side), Was: view.Side(was[g.Text]), Rows: g.Rows,
			Sure: g.By != sheet.Guessed && g.By != sheet.ByRole})
	}
	before := map[string]planfile.Side{}
	for _, q := range pv.d.people {
		before[q.ID] = q.Side
	}
	for _, q := range pv.d.plan.People {
		pv.f.People = append(pv.f.People, view.PreviewPerson{ID: q.ID, Name: q.Name, Role: q.Role, Email: q.Email,
			Side: view.Side(q.Side), Was: view.Side(before[q.ID])})
	}
}

func (pv *previewer) offers() {
	for _, o := range pv.d.offers {
		x := view.PreviewOffer{Key: o.key, Words: o.Text, Taken: o.taken}
		switch o.Kind {
		case "absence":
			x.Text = pv.l.T("pages.offer.absence", "Name", pv.name(o.Person))
			x.Dates, x.From, x.To = true, o.from.String(), o.to.String()
		case "gate":
			x.Text = pv.l.T("pages.offer.gate", "Title", o.Title)
			x.Rule, x.Anchor = o.rule, o.anchor.String()
			for _, r := range o.Rules {
				x.Rules = append(x.Rules, view.Option{Value: r, Label: pv.rule(r)})
			}
		case "milestone":
			x.Text = pv.l.T("pages.offer.milestone", "Title", o.Title)
		case "open":
			x.Text = pv.l.T("pages.offer.open", "Title", pv.titleOf(o.Action))
		}
		pv.f.Offers = append(pv.f.Offers, x)
	}
}

// rule says when a committee meets.
func (pv *previewer) rule(rule string) string {
	_, by, _ := strings.Cut(rule, "BYDAY=")
	n, code := strings.TrimRight(by, "MOTUWEHFR"), by[max(len(by)-2, 0):]
	if n == "-1" {
		n = "last"
	}
	weekday := pv.l.T("pages.weekday." + strings.ToLower(code))
	switch {
	case strings.HasPrefix(rule, "FREQ=MONTHLY"):
		return pv.l.T("pages.rule.monthly."+n, "Day", weekday)
	case strings.Contains(rule, "INTERVAL="):
		_, interval, _ := strings.Cut(rule, "INTERVAL=")
		interval, _, _ = strings.Cut(interval, ";")
		return pv.l.T("pages.rule.weeks", "Count", interval, "Day", weekday)
	}
	return pv.l.T("pages.rule.weekly", "Day", weekday)
}

func (pv *previewer) name(person string) string {
	for _, q := range pv.d.plan.People {
		if q.ID == person {
			return q.Name
		}
	}
	return pv.l.T("plan.row.ownerOpen")
}

func (pv *previewer) titleOf(action string) string {
	for _, a := range pv.d.plan.Actions {
		if a.ID == action {
			return a.Title
		}
	}
	return ""
}

// steps shows the steps to be, each with what is to be said about it.
func (pv *previewer) steps() {
	p := &pv.d.plan
	pv.f.Steps = len(p.Actions)
	advice := map[string][]string{}
	for _, x := range lint.Check(*p, lint.Options{Today: pv.d.today}) {
		if x.Audience != planfile.Buyer {
			pv.f.AdviceCount++
			advice[x.Item] = append(advice[x.Item], x.Message.In(pv.l.Lang, say))
		}
	}
	numbers := pv.rowNumbers()
	told := map[int][]string{}
	for _, w := range pv.d.warnings {
		if w.Row > 0 {
			told[w.Row] = append(told[w.Row], pv.warning(w))
		}
	}
	for i, a := range p.Actions {
		switch a.Side {
		case planfile.Buyer:
			pv.f.BuyerSteps++
		case planfile.Seller:
			pv.f.SellerSteps++
		default:
			pv.f.JointSteps++
		}
		if i >= maxShown {
			pv.f.More++
			continue
		}
		row := pv.step(a)
		row.Number, row.Advice = numbers[i], advice[a.ID]
		row.Warnings = told[row.Number]
		if row.Number > 0 {
			delete(told, row.Number)
		}
		pv.f.Rows = append(pv.f.Rows, row)
	}
	pv.f.Warnings = append(pv.f.Warnings, leftOver(told, pv.f.More > 0)...)
}

// leftOver are the warnings about rows that became no step, in order. Those of
// steps that are not shown are left out with them.
func leftOver(told map[int][]string, cut bool) []string {
	var rows []int
	for n := range told {
		rows = append(rows, n)
	}
	slices.Sort(rows)
	var out []string
	for _, n := range rows {
		out = append(out, told[n]...)
	}
	if cut && len(out) > 20 {
		out = out[:20]
	}
	return out
}

func say(lang, key string, args map[string]any) string { return locale.For(lang).Text(key, args) }

func (pv *previewer) step(a planfile.Action) view.PreviewRow {
	row := view.PreviewRow{Title: a.Title, Side: view.Side(a.Side), Start: a.Start, Due: a.Due, DateOpen: a.DateOpen,
		State: pv.l.T("pages.status." + string(orOpen(a.Status))), Because: a.BlockedBecause}
	var owners []string
	for _, id := range []string{a.Owner, a.Owners.Buyer, a.Owners.Seller} {
		if id != "" {
			owners = append(owners, pv.name(id))
		}
	}
	row.Owner = pv.l.List(owners)
	for _, l := range pv.d.plan.Links {
		if l.To == a.ID {
			row.After = append(row.After, pv.titleOf(l.From))
		}
	}
	for _, m := range pv.d.plan.Milestones {
		if m.ID == a.Milestone {
			row.Milestone = m.Title
		}
	}
	if a.Notes != "" {
		row.Notes = strings.Split(a.Notes, "\n")
	}
	return row
}

func orOpen(s planfile.Status) planfile.Status {
	if s == "" {
		return planfile.Open
	}
	return s
}

// rowNumbers are the sheet's rows of the steps: steps keep the rows' order and
// the words of their title cells.
func (pv *previewer) rowNumbers() []int {
	out := make([]int, len(pv.d.plan.Actions))
	column := slices.IndexFunc(pv.d.rec.Columns, func(c sheet.Column) bool { return c.Field == sheet.Title })
	if column < 0 || pv.d.fromPlan {
		return out
	}
	next := 0
	for _, r := range pv.d.grid.Rows[min(max(pv.d.rec.First, 0), len(pv.d.grid.Rows)):] {
		if next == len(out) {
			break
		}
		if column < len(r.Cells) && sameWords(r.Cells[column].Text, pv.d.plan.Actions[next].Title) {
			out[next] = r.Number
			next++
		}
	}
	return out
}

func sameWords(cell, title string) bool {
	clean := func(s string) string {
		return strings.TrimPrefix(strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u200b", "", "\ufeff", "").Replace(s)), " "), "'")
	}
	return clean(cell) == clean(title)
}
