package present

import (
	"net/url"
	"path"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// documents are what there is to read for an item.
func (pr *presenter) documents(item plan.ID) []view.Document {
	var out []view.Document
	for _, x := range pr.p.DocumentsOf(item) {
		d := view.Document{ID: string(x.ID), Title: pr.documentTitle(x.Title, x.Link), Delivered: x.Delivered, By: pr.person(x.By), From: pr.party(x.Side).Short,
			On: civil.On(x.At, pr.v.Zone), MayRemove: pr.open() && pr.p.MayRemoveDocument(pr.v.Me.ID, x)}
		if u, err := url.Parse(x.Link.Value); err == nil && u.Scheme == "https" {
			d.Href, d.Host = x.Link.Value, strings.TrimPrefix(u.Hostname(), "www.")
		}
		out = append(out, d)
	}
	return out
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

// open reports that something may still be said on the plan.
func (pr *presenter) open() bool { return !pr.p.ReadOnly() && pr.v.Me.Access != plan.Viewer }
