package present

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// documents are what there is to read for an item: what both see, then the
// reader's side's own. Older versions lie behind the newest.
func (pr *presenter) documents(item plan.ID) []view.Document {
	return append(pr.versions(pr.p.DocumentsOf(item), false), pr.versions(pr.v.Own.DocumentsOf(item), true)...)
}

func (pr *presenter) versions(all []*plan.Document, private bool) []view.Document {
	var out []view.Document
	for _, x := range all {
		if plan.Replacing(all, x.ID) != nil {
			continue // shown behind the one that replaces it
		}
		d := pr.document(x, private)
		for old := replaced(all, x); old != nil; old = replaced(all, old) {
			d.Older = append(d.Older, pr.document(old, private))
		}
		d.Version = len(d.Older) + 1
		for i := range d.Older {
			d.Older[i].Version = d.Version - 1 - i
		}
		out = append(out, d)
	}
	return out
}

// replaced is the version before a document; nil if it is the first.
func replaced(all []*plan.Document, x *plan.Document) *plan.Document {
	for _, y := range all {
		if y.ID == x.Replaces && y != x {
			return y
		}
	}
	return nil
}

func (pr *presenter) document(x *plan.Document, private bool) view.Document {
	d := view.Document{ID: string(x.ID), Title: pr.documentTitle(x.Title, x.Link), Delivered: x.Delivered, Private: private,
		By: pr.person(x.By), From: pr.party(x.Side).Short, Side: view.Side(x.Side),
		On: civil.On(x.At, pr.v.Zone), MayRemove: pr.open() && pr.p.MayRemoveDocument(pr.v.Me.ID, x)}
	if f := x.File; f != nil {
		if d.Title = cmp.Or(x.Title.Value, f.Name.Value); d.Title == "" {
			d.Title = pr.l.T("state.text.erased")
		}
		d.Host = pr.l.T("file.of", "Kind", fileKind(pr.l, f), "Size", fileSize(pr.l, f.Size))
		if d.File = true; f.Digest.Value != "" {
			d.Href = pr.inPlan("/files/" + string(x.ID))
		}
		return d
	}
	if u, err := url.Parse(x.Link.Value); err == nil && u.Scheme == "https" {
		d.Href, d.Host = x.Link.Value, strings.TrimPrefix(u.Hostname(), "www.")
	}
	return d
}

// inPlan is an address of the plan; for somebody whom a link in a mail brought
// and who has not come in, by way of that link.
func (pr *presenter) inPlan(rest string) string {
	if pr.o.Via != "" {
		return pr.o.Via + url.QueryEscape(pr.o.Base+rest)
	}
	return pr.o.Base + rest
}

// documentTitle names a document; one without a title is named by its file,
// else by where it lies.
func (pr *presenter) documentTitle(title, link plan.Text) string {
	if title.Value != "" {
		return title.Value
	}
	u, err := url.Parse(link.Value)
	if err != nil || link.Value == "" {
		return pr.l.T("state.text.erased")
	}
	if name := path.Base(u.Path); name != "." && name != "/" && strings.Contains(name, ".") {
		return name
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// addedTitle names a document as the event tells that added it.
func (pr *presenter) addedTitle(ev *plan.DocumentAdded) string {
	if ev.File == nil {
		return pr.documentTitle(ev.Title, ev.Link)
	}
	return cmp.Or(ev.Title.Value, ev.File.Name.Value, pr.l.T("state.text.erased"))
}

// fileKind says in a word what a file is: by its first bytes and, for what
// office programs pack, by its name.
func fileKind(l *locale.Locale, f *plan.File) string {
	kind := "other"
	switch f.Type {
	case plan.TypePDF:
		kind = "pdf"
	case plan.TypePNG, plan.TypeJPEG, plan.TypeGIF, plan.TypeWebP:
		kind = "image"
	case plan.TypeText:
		kind = "text"
	case plan.TypeZip:
		kind = "zip"
		for word, ends := range map[string]string{"word": ".docx .odt", "excel": ".xlsx .xlsm .ods", "powerpoint": ".pptx .odp"} {
			if end := strings.ToLower(path.Ext(f.Name.Value)); end != "" && slices.Contains(strings.Fields(ends), end) {
				kind = word
			}
		}
	}
	return l.T("file.kind." + kind)
}

// fileSize is a size as people say it; a megabyte is 1024 × 1024 bytes.
func fileSize(l *locale.Locale, bytes int64) string {
	switch {
	case bytes < 1<<10:
		return l.T("file.size.bytes", "N", int(bytes))
	case bytes < 1<<20:
		return l.T("file.size.kb", "N", l.Number((bytes+512)>>10))
	case bytes < 10<<20:
		return l.T("file.size.mb", "N", l.Decimal(float64((bytes*10+1<<19)>>20)/10))
	}
	return l.T("file.size.mb", "N", l.Number((bytes+1<<19)>>20))
}

// open reports that something may still be said on the plan.
func (pr *presenter) open() bool { return !pr.p.ReadOnly() && pr.v.Me.Access != plan.Viewer }

// adding is the form for a document at an item; nil if the reader may not.
func (pr *presenter) adding(item plan.ID, internal bool) *view.AddDocument {
	if !pr.open() {
		return nil
	}
	f := &view.AddDocument{Max: int(pr.o.MaxFile >> 20), Own: pr.party(pr.v.Side()).Short, Other: pr.party(pr.v.Side().Other()).Short,
		Operator: pr.o.Operator, Internal: internal}
	_, f.MayKeep = pr.p.SeesPrivate(pr.v.Me.ID)
	list := func(all []*plan.Document, private bool) {
		for _, d := range pr.versions(all, private) {
			if d.Side == view.Side(pr.v.Side()) {
				label := d.Title
				if private && !internal {
					label += " (" + pr.l.T("file.internal") + ")"
				}
				f.Replaces = append(f.Replaces, view.Option{Value: d.ID, Label: label})
			}
		}
	}
	if !internal {
		list(pr.p.DocumentsOf(item), false)
	}
	list(pr.v.Own.DocumentsOf(item), true)
	return f
}

// OneDocument is a document and whether only the reader's side sees it.
type OneDocument struct {
	*plan.Document
	Private bool
	Old     bool // there is a newer version
}

// AllDocuments are those the reader may see, the newest first.
func AllDocuments(v app.View) []OneDocument {
	var out []OneDocument
	add := func(all map[plan.ID][]*plan.Document, private bool) {
		for _, of := range all {
			for _, x := range of {
				out = append(out, OneDocument{x, private, plan.Replacing(of, x.ID) != nil})
			}
		}
	}
	add(v.Plan.Documents, false)
	add(v.Own.Documents, true)
	slices.SortFunc(out, func(a, b OneDocument) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}

// Documents is the page of all documents of a plan.
func Documents(v app.View, o Options) *view.DocumentList {
	pr := newPresenter(v, o)
	out := &view.DocumentList{L: pr.l, Base: o.Base, Title: v.Plan.Items[plan.DecisionItem].Terms.Title.Value, Operator: o.Operator,
		Own: pr.party(v.Side()).Short, Other: pr.party(v.Side().Other()).Short}
	list := func(all map[plan.ID][]*plan.Document, private bool) []view.DocumentRow {
		var rows []view.DocumentRow
		for item, of := range all {
			for _, d := range pr.versions(of, private) {
				rows = append(rows, view.DocumentRow{Document: d, Step: pr.stepTitle(item), Href: pr.stepHref(item)})
				if out.N++; d.Delivered {
					out.Delivered++
				}
				out.Files = out.Files || d.File
			}
		}
		slices.SortFunc(rows, func(a, b view.DocumentRow) int {
			return cmp.Or(cmp.Compare(b.On, a.On), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
		})
		return rows
	}
	out.Shared, out.Private = list(v.Plan.Documents, false), list(v.Own.Documents, true)
	return out
}

func (pr *presenter) stepTitle(item plan.ID) string {
	if a := pr.v.Own.Actions[item]; a != nil {
		return a.Title.Value
	}
	return pr.title(item)
}

// stepHref leads to a step; empty for what has no page.
func (pr *presenter) stepHref(item plan.ID) string {
	if it := pr.p.Items[item]; pr.v.Own.Actions[item] == nil && (it == nil || it.Kind != plan.KindAction || it.Removed != 0) {
		return ""
	}
	return pr.o.Base + "/items/" + string(item)
}

// DocumentColumns head the list of documents that is taken away.
func DocumentColumns(l *locale.Locale) []string {
	var out []string
	for _, key := range []string{"title", "file", "link", "step", "side", "by", "at", "delivered", "for", "replaced"} {
		out = append(out, l.T("file.csv."+key))
	}
	return out
}

// DocumentRow is a document in that list; file is its name in the archive.
func DocumentRow(v app.View, l *locale.Locale, x OneDocument, file string) []string {
	pr := newPresenter(v, Options{Language: l.Lang})
	d := pr.document(x.Document, x.Private)
	yes := map[bool]string{true: l.T("file.csv.yes")}
	seen := l.T("file.csv.both")
	if x.Private {
		seen = pr.party(v.Side()).Name
	}
	return []string{d.Title, file, x.Link.Value, pr.stepTitle(x.Item), pr.party(x.Side).Name, pr.name(x.By), d.On.String(), yes[x.Delivered], seen, yes[x.Old]}
}
