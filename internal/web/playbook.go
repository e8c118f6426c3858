package web

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/playbook"
	"tandem/internal/web/view"
)

// playbookRoutes are the method in pages, for members of a workspace, and
// where those who lead it write them in their own words.
func (s *Server) playbookRoutes(t *routeTable) {
	t.page("GET /playbook", s.playbookIndex)
	t.page("GET /playbook/new", s.playbookNew)
	t.page("POST /playbook/new", s.playbookAdd)
	t.page("GET /playbook/{page}", s.playbookRead)
	t.page("GET /playbook/{page}/edit", s.playbookEdit)
	t.page("POST /playbook/{page}/edit", s.playbookWrite)
	t.page("POST /playbook/{page}/return", s.playbookReturn)
}

// chapters are the product's pages in groups; the last one takes what a
// workspace added.
var chapters = []struct {
	key  string
	upTo string // the first page of the next one
}{{"playbook.begin", "agreement"}, {"playbook.run", "pilot"}, {"playbook.learn", ""}}

// playbookEntries lists all pages as the reader finds them: the product's in
// their order, then the workspace's own by title.
func (s *Server) playbookEntries(v *visit) (product, own []view.PlaybookEntry, err error) {
	ours, err := s.App.Playbook(v.Context(), v.caller)
	if err != nil {
		return nil, nil, err
	}
	said := map[[2]string]app.PlaybookText{}
	for _, t := range ours {
		if !t.Returned() {
			said[[2]string{t.Page, t.Language}] = t
		}
	}
	for _, page := range app.PlaybookPages {
		text, _ := playbook.Page(page, v.l.Lang)
		e := view.PlaybookEntry{Href: "/playbook/" + page, Title: text.Title, Lead: text.Lead, Language: v.l.Lang}
		if t, ok := said[[2]string{page, v.l.Lang}]; ok {
			e.Title, e.Lead, e.Ours = t.Title, t.Lead, true
		}
		product = append(product, e)
	}
	for key, t := range said {
		_, inMine := said[[2]string{key[0], v.l.Lang}]
		if slices.Contains(app.PlaybookPages, t.Page) || inMine && t.Language != v.l.Lang {
			continue
		}
		own = append(own, view.PlaybookEntry{Href: "/playbook/" + t.Page, Title: t.Title, Lead: t.Lead, Ours: true, Language: t.Language})
	}
	slices.SortFunc(own, func(a, b view.PlaybookEntry) int {
		return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.Href, b.Href))
	})
	return product, own, nil
}

func (s *Server) playbookIndex(w http.ResponseWriter, v *visit) error {
	product, own, err := s.playbookEntries(v)
	if err != nil {
		return err
	}
	f := view.PlaybookIndex{MayWrite: v.caller.Member.MayWritePlaybook()}
	rest := product
	for _, c := range chapters {
		n := slices.IndexFunc(rest, func(e view.PlaybookEntry) bool { return e.Href == "/playbook/"+c.upTo })
		if n < 0 {
			n = len(rest)
		}
		f.Groups = append(f.Groups, view.PlaybookGroup{Title: v.l.T(c.key), Pages: rest[:n]})
		rest = rest[n:]
	}
	if len(own) > 0 {
		f.Groups = append(f.Groups, view.PlaybookGroup{Title: v.l.T("playbook.own"), Pages: own})
	}
	return render(w, v, http.StatusOK, view.PlaybookIndexPage(s.playbookFrame(w, v, v.l.T("playbook.title")), f))
}

// inPlace writes times as the clocks of the caller's workspace show them.
func (s *Server) inPlace(v *visit) error {
	place, err := s.App.Place(v.Context(), v.caller)
	if err == nil {
		v.l = v.l.At(s.App.Now(), zoneOf(place))
	}
	return err
}

func (s *Server) playbookFrame(w http.ResponseWriter, v *visit, title string) *view.Page {
	p := s.page(w, v, "playbook", title)
	p.Style = "playbook.css"
	return p
}

// playbookRead shows a page. With ?plan= it leads back to that plan, and its
// links lead into it; a plan the reader is not on is not taken.
func (s *Server) playbookRead(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	page := v.PathValue("page")
	t, err := s.App.PlaybookPage(v.Context(), v.caller, page, v.l.Lang)
	if err != nil {
		return err
	}
	text, known := playbook.Page(page, v.l.Lang)
	f := view.PlaybookPage{Ours: !t.Returned(), Language: v.l.Lang, Back: view.Link{Href: "/playbook", Label: v.l.T("playbook.all")}}
	switch {
	case f.Ours:
		text, f.Language, f.At = playbook.Text{Title: t.Title, Lead: t.Lead, Markdown: t.Markdown}, t.Language, t.At
		if f.By, err = s.colleagueName(v, t.Author); err != nil {
			return err
		}
	case !known:
		return fault.New(fault.Missing, "fault.missing")
	}
	from := ""
	if id := plan.ID(v.URL.Query().Get("plan")); id != "" {
		if pv, err := s.App.Open(v.Context(), v.caller, id); err == nil && pv.Member {
			from = base(pv)
			f.Back = view.Link{Href: from, Label: pv.Plan.Items[plan.DecisionItem].Terms.Title.Value}
		}
	}
	f.Title, f.Lead, f.HTML = text.Title, text.Lead, playbook.HTML(text.Markdown, from)
	if v.caller.Member.MayWritePlaybook() {
		f.Edit = "/playbook/" + page + "/edit?language=" + f.Language
	}
	if f.Before, f.After, err = s.playbookNeighbours(v, page, from); err != nil {
		return err
	}
	return render(w, v, http.StatusOK, view.PlaybookReadPage(s.playbookFrame(w, v, f.Title), f))
}

func (s *Server) playbookNeighbours(v *visit, page, from string) (before, after view.Link, err error) {
	product, own, err := s.playbookEntries(v)
	if err != nil {
		return before, after, err
	}
	all := slices.Concat(product, own)
	link := func(i int) view.Link {
		if i < 0 || i >= len(all) {
			return view.Link{}
		}
		href := all[i].Href
		if from != "" {
			href += "?plan=" + url.QueryEscape(from[len("/plans/"):])
		}
		return view.Link{Href: href, Label: all[i].Title}
	}
	i := slices.IndexFunc(all, func(e view.PlaybookEntry) bool { return e.Href == "/playbook/"+page })
	return link(i - 1), link(i + 1), nil
}

// colleagueName is the name of a member, empty if there is none any more.
func (s *Server) colleagueName(v *visit, id plan.ID) (string, error) {
	members, err := s.App.Colleagues(v.Context(), v.caller)
	for _, m := range members {
		if m.ID == id {
			return m.Name, err
		}
	}
	return "", err
}

// languageOf is the language a form is about; the reader's if it says none.
func (v *visit) languageOf(values url.Values) string {
	if lang := values.Get("language"); slices.Contains(locale.Languages, lang) {
		return lang
	}
	return v.l.Lang
}

var versionNumber = regexp.MustCompile(`^[0-9]{1,6}$`)

func numberOf(s string) int {
	if !versionNumber.MatchString(s) {
		return 0
	}
	n, _ := strconv.Atoi(s)
	return n
}

// playbookEdit shows the form, filled with the words that stand; with ?version=
// with those of an older version.
func (s *Server) playbookEdit(w http.ResponseWriter, v *visit) error {
	q := v.URL.Query()
	return s.showPlaybookEdit(w, v, v.languageOf(q), numberOf(q.Get("version")), http.StatusOK, func(*view.PlaybookEdit) {})
}

func (s *Server) showPlaybookEdit(w http.ResponseWriter, v *visit, lang string, version, status int, with func(*view.PlaybookEdit)) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	page := v.PathValue("page")
	now, err := s.App.PlaybookVersion(v.Context(), v.caller, page, lang, 0)
	if err != nil {
		return err
	}
	shown := now
	if version != 0 {
		if shown, err = s.App.PlaybookVersion(v.Context(), v.caller, page, lang, version); err != nil {
			return err
		}
	}
	text, product := playbook.Page(page, lang)
	if !shown.Returned() {
		text = playbook.Text{Title: shown.Title, Lead: shown.Lead, Markdown: shown.Markdown}
	}
	f := view.PlaybookEdit{Action: "/playbook/" + page + "/edit", Cancel: "/playbook/" + page, Own: !product, Language: lang,
		Version: now.Version, Title: text.Title, Lead: text.Lead, Text: text.Markdown}
	if !now.Returned() {
		f.Return = "/playbook/" + page + "/return"
	}
	for _, x := range view.LanguageNames(v.l) {
		f.Languages = append(f.Languages, view.Link{Href: f.Action + "?language=" + x.Value, Label: x.Label, Here: x.Value == lang})
	}
	if version != 0 && version != now.Version {
		f.Older = v.l.T("playbook.older", "N", version, "When", v.l.Moment(shown.At))
	}
	if f.Versions, err = s.playbookVersions(v, page, lang, now.Version); err != nil {
		return err
	}
	with(&f)
	return render(w, v, status, view.PlaybookEditPage(s.playbookFrame(w, v, v.l.T("playbook.edit")), f))
}

func (s *Server) playbookVersions(v *visit, page, lang string, now int) ([]view.PlaybookVersion, error) {
	all, err := s.App.PlaybookVersions(v.Context(), v.caller, page, lang)
	if err != nil {
		return nil, err
	}
	members, err := s.App.Colleagues(v.Context(), v.caller)
	if err != nil {
		return nil, err
	}
	names := map[plan.ID]string{}
	for _, m := range members {
		names[m.ID] = m.Name
	}
	var out []view.PlaybookVersion
	for _, x := range all {
		out = append(out, view.PlaybookVersion{N: x.Version, Title: x.Title, By: names[x.Author], At: x.At, Now: x.Version == now, Returned: x.Returned(),
			Href: "/playbook/" + page + "/edit?language=" + lang + "&version=" + strconv.Itoa(x.Version)})
	}
	return out, nil
}

// typed are the words of the form.
func (v *visit) playbookTyped(page string) app.PlaybookText {
	return app.PlaybookText{Page: page, Language: v.languageOf(v.PostForm), Version: numberOf(v.field("version")),
		Title: v.field("title"), Lead: v.field("lead"), Markdown: v.field("text")}
}

// keepTyped puts what was typed back into the form.
func keepTyped(f *view.PlaybookEdit, t app.PlaybookText) {
	f.Title, f.Lead, f.Text, f.Older = t.Title, t.Lead, t.Markdown, ""
}

func (s *Server) playbookWrite(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	t := v.playbookTyped(v.PathValue("page"))
	if v.field("do") == "preview" {
		return s.showPlaybookEdit(w, v, t.Language, 0, http.StatusOK, func(f *view.PlaybookEdit) {
			keepTyped(f, t)
			f.Version, f.Shown = t.Version, previewed(t)
		})
	}
	err := s.App.WritePlaybook(v.Context(), v.caller, t)
	if err == nil {
		s.say(w, "playbook.saved")
		return redirect(w, v, "/playbook/"+t.Page)
	}
	return s.playbookRefused(w, v, t, err)
}

// previewed is how words will look; never empty, so that it is shown.
func previewed(t app.PlaybookText) string { return cmp.Or(playbook.HTML(t.Markdown, ""), "<p>–</p>") }

// playbookRefused shows the form again with what was typed. Over words that
// somebody changed meanwhile it may be saved the next time: both were shown.
func (s *Server) playbookRefused(w http.ResponseWriter, v *visit, t app.PlaybookText, err error) error {
	status := statusOf(err)
	if status == http.StatusForbidden || status == http.StatusNotFound {
		return err
	}
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showPlaybookEdit(w, v, t.Language, 0, status, func(f *view.PlaybookEdit) {
		if status == http.StatusConflict {
			f.Theirs = cmp.Or(playbook.HTML(f.Text, ""), "<p>–</p>")
		}
		keepTyped(f, t)
		f.Problem = p
	})
}

func (s *Server) playbookReturn(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	page := v.PathValue("page")
	err := s.App.ReturnPlaybook(v.Context(), v.caller, page, v.languageOf(v.PostForm), numberOf(v.field("version")))
	if err != nil {
		return err
	}
	if !slices.Contains(app.PlaybookPages, page) {
		s.say(w, "playbook.removed")
		return redirect(w, v, "/playbook")
	}
	s.say(w, "playbook.returned")
	return redirect(w, v, "/playbook/"+page)
}

// playbookNew is the form for a page of the workspace's own.
func (s *Server) playbookNew(w http.ResponseWriter, v *visit) error {
	return s.showPlaybookNew(w, v, http.StatusOK, view.PlaybookEdit{Language: v.l.Lang})
}

func (s *Server) showPlaybookNew(w http.ResponseWriter, v *visit, status int, f view.PlaybookEdit) error {
	if v.caller.Member == nil {
		return fault.New(fault.Missing, "fault.missing")
	}
	if !v.caller.Member.MayWritePlaybook() {
		return fault.New(fault.Forbidden, "fault.right.playbook")
	}
	f.Action, f.Cancel, f.New = "/playbook/new", "/playbook", true
	return render(w, v, status, view.PlaybookEditPage(s.playbookFrame(w, v, v.l.T("playbook.new")), f))
}

func (s *Server) playbookAdd(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	t := v.playbookTyped("")
	f := view.PlaybookEdit{Language: t.Language}
	keepTyped(&f, t)
	if v.field("do") == "preview" {
		f.Shown = previewed(t)
		return s.showPlaybookNew(w, v, http.StatusOK, f)
	}
	page, err := s.App.AddPlaybook(v.Context(), v.caller, t)
	if err == nil {
		s.say(w, "playbook.added")
		return redirect(w, v, "/playbook/"+page)
	}
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showPlaybookNew(w, v, status, f)
}
