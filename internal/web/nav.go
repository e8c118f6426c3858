package web

import "tandem/internal/web/view"

// memberNav is what a member finds in the head of every page: their deals, and
// what the method needs. Name is the page's.
func memberNav(v *visit, name string) []view.Link {
	return []view.Link{
		{Href: "/", Label: v.l.T("portfolio.nav"), Here: name == "portfolio"},
		{Href: "/deals", Label: v.l.T("portfolio.nav.deals"), Here: name == "deals"},
		{Href: "/templates", Label: v.l.T("portfolio.nav.templates"), Here: name == "templates"},
		{Href: "/playbook", Label: v.l.T("portfolio.nav.playbook"), Here: name == "playbook"},
		{Href: "/pilot", Label: v.l.T("portfolio.nav.pilot"), Here: name == "pilot"},
	}
}

// memberMenu is what a member needs less often: it stands in the menu.
func memberMenu(v *visit) []view.Link {
	return []view.Link{
		{Href: "/mine", Label: v.l.T("mine.nav")},
		{Href: "/calendar", Label: v.l.T("checkin.feed.title")},
		{Href: "/workspace", Label: v.l.T("pages.nav.workspace")},
		accountLink(v),
	}
}
