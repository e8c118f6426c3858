package present

import (
	"net/url"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// PortfolioURL is what the address of the portfolio says: filter, order and
// place. Whatever cannot be is left out.
type PortfolioURL struct {
	Show    []string // of PortfolioShows
	Phase   string
	Segment string
	Owner   string
	Search  string
	Sort    string // empty: by need
	Desc    bool
	After   string
}

// PortfolioShows are the filters one switches on and off.
var PortfolioShows = []string{"mine", "needs", "obstacles", "slipped", "quiet", "crm"}

// PortfolioPhases are those one can filter by.
var PortfolioPhases = []string{"draft", "shared", "agreed", "paused", "decided", "left", "archived"}

// mostWords bounds what is searched for.
const (
	mostWords  = 8
	mostSearch = 200
)

// ReadPortfolioURL reads a query.
func ReadPortfolioURL(q url.Values) PortfolioURL {
	u := PortfolioURL{Segment: text(q.Get("segment")), Owner: text(q.Get("owner")), Search: text(q.Get("q")), Desc: q.Get("desc") != "", After: q.Get("after")}
	for _, s := range PortfolioShows {
		if slices.Contains(q["show"], s) {
			u.Show = append(u.Show, s)
		}
	}
	if p := q.Get("phase"); slices.Contains(PortfolioPhases, p) {
		u.Phase = p
	}
	if s := q.Get("sort"); slices.Contains(app.PortfolioSorts[1:], s) {
		u.Sort = s
	}
	if len(u.After) > 2_000 {
		u.After = ""
	}
	return u
}

// text is a word out of an address as every database takes it.
func text(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if r := []rune(s); len(r) > mostSearch {
		s = string(r[:mostSearch])
	}
	return s
}

// Query asks the store for what the address says.
func (u PortfolioURL) Query(member plan.ID, limit int) app.PortfolioQuery {
	has := func(s string) bool { return slices.Contains(u.Show, s) }
	q := app.PortfolioQuery{Sort: u.Sort, Desc: u.Desc, After: u.After, Limit: limit}
	words := strings.Fields(u.Search)
	q.PortfolioFilter = app.PortfolioFilter{Needs: has("needs"), Obstacles: has("obstacles"), Slipped: has("slipped"), Quiet: has("quiet"), Differs: has("crm"),
		Phase: u.Phase, Segment: u.Segment, Owner: plan.ID(u.Owner), Words: words[:min(len(words), mostWords)]}
	if has("mine") {
		q.Mine = member
	}
	return q
}

// Encode is the query of an address; without the place if it is to be kept.
func (u PortfolioURL) Encode() string {
	q := url.Values{}
	for _, s := range u.Show {
		q.Add("show", s)
	}
	for name, value := range map[string]string{"phase": u.Phase, "segment": u.Segment, "owner": u.Owner, "q": u.Search, "sort": u.Sort, "after": u.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if u.Desc {
		q.Set("desc", "1")
	}
	return q.Encode()
}

// Kept is the address without the place in it: what a saved view holds.
func (u PortfolioURL) Kept() PortfolioURL {
	u.After = ""
	return u
}

// Plain reports that nothing is filtered.
func (u PortfolioURL) Plain() bool {
	return len(u.Show) == 0 && u.Phase == "" && u.Segment == "" && u.Owner == "" && u.Search == ""
}

// Href is the address.
func (u PortfolioURL) Href() string {
	if q := u.Encode(); q != "" {
		return "/?" + q
	}
	return "/"
}

// toggled is the address with a filter switched on or off.
func (u PortfolioURL) toggled(show string) string {
	u.After = ""
	if i := slices.Index(u.Show, show); i >= 0 {
		u.Show = slices.Delete(slices.Clone(u.Show), i, i+1)
	} else {
		u.Show = append(slices.Clone(u.Show), show)
	}
	return u.Href()
}

// sorted is the address in another order; the same one turns round.
func (u PortfolioURL) sorted(by string) string {
	u.After = ""
	if by == "need" {
		by = ""
	}
	u.Sort, u.Desc = by, u.Sort == by && !u.Desc
	return u.Href()
}
