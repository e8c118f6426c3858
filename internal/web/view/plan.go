package view

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tandem/internal/civil"
)

// Fragments is the main part of a page of the plan, in its parts that can
// change by themselves. Element ids: "head", "asks" with "ask-…", "bar", and
// on the plan itself "spine" with "ph-…", "i-{item}" …
func Fragments(p *Plan) []Fragment {
	if p.Tab == TabSession {
		return sessionFragments(p)
	}
	return []Fragment{
		{ID: "head", Self: head(p)},
		{ID: "asks", Self: asks(p), Box: true, Kids: askFragments(p)},
		{ID: "session-banner", Self: sessionBanner(p)},
		{ID: "bar", Self: bar(p)},
		// A box, so that what comes and goes in a view is told like anything else.
		{ID: "view", Self: shell("div", "view", "view"), Box: true, Kids: tabFragments(p)},
		{ID: "light", Self: lightNote(p)},
		{ID: "foot", Self: foot(p)},
	}
}

func tabFragments(p *Plan) []Fragment {
	switch p.Tab {
	case TabTable:
		return tableFragments(p)
	case TabTimeline:
		return timelineFragments(p)
	case TabPeople:
		return peopleFragments(p)
	case TabGoals:
		return goalFragments(p)
	case TabRisks:
		return riskFragments(p)
	case TabHistory:
		return historyFragments(p)
	}
	return spineFragments(p)
}

// spineFragments are the parts of the signature view.
func spineFragments(p *Plan) []Fragment {
	phases, tray := arrange(p)
	dense := densityOf(len(p.Items))
	kids := make([]Fragment, 0, 2*len(phases)+2)
	if len(p.Items) > 0 {
		kids = append(kids, Fragment{ID: "sides", Self: sides(p)})
	}
	for i := range phases {
		kids = append(kids, phaseFragments(p, &phases[i], dense)...)
	}
	fs := []Fragment{{ID: "light-goals", Self: lightGoals(p)}}
	if len(p.Items) == 0 {
		fs = append(fs, Fragment{ID: "empty", Self: empty(p)})
	}
	fs = append(fs, Fragment{ID: "spine", Self: spine(dense, p.Show), Box: true, Kids: kids})
	trayKids := make([]Fragment, 0, len(tray))
	for _, it := range tray {
		trayKids = append(trayKids, Fragment{ID: "i-" + it.ID, Self: row(p, it)})
	}
	if len(tray) > 0 {
		fs = append(fs, Fragment{ID: "tray", Self: shell("section", "tray", "tray"), Box: true,
			Kids: append([]Fragment{{ID: "tray-head", Self: trayHead(p)}}, trayKids...)})
	}
	return fs
}

// phaseFragments are a phase's lines and the milestone they lead to. In a
// dense plan the milestone is the phase's heading.
func phaseFragments(p *Plan, ph *phase, dense density) []Fragment {
	var lines []Fragment
	if len(ph.folded) > 0 {
		lines = append(lines, foldFragment(p, ph))
	}
	lines = append(lines, lineFragments(p, ph)...)
	if dense == many {
		if len(lines) == 0 && ph.milestone == nil {
			return []Fragment{{ID: "decision", Self: decision(p)}}
		}
		fs := []Fragment{{ID: ph.id, Self: phaseShell(ph), Box: true, Kids: []Fragment{
			{ID: ph.id + "-head", Self: phaseHead(p, ph)},
			{ID: ph.id + "-lines", Self: shell("div", ph.id+"-lines", "lines"), Box: true, Kids: lines},
		}}}
		if ph.milestone == nil {
			fs = append(fs, Fragment{ID: "decision", Self: decision(p)})
		}
		return fs
	}
	var fs []Fragment
	if len(lines) > 0 {
		fs = append(fs, Fragment{ID: ph.id + "-lines", Self: shell("div", ph.id+"-lines", "lines"), Box: true, Kids: lines})
	}
	if ph.milestone != nil {
		return append(fs, Fragment{ID: "m-" + ph.milestone.ID, Self: milestone(p, ph.milestone)})
	}
	if p.DecideBy.IsZero() && len(p.Items) == 0 {
		return fs
	}
	return append(fs, Fragment{ID: "decision", Self: decision(p)})
}

// foldFragment is the steps of a phase that are done, folded away.
func foldFragment(p *Plan, ph *phase) Fragment {
	kids := make([]Fragment, 0, len(ph.folded)+1)
	kids = append(kids, Fragment{ID: ph.id + "-done-head", Self: foldHead(p, ph)})
	for _, it := range ph.folded {
		kids = append(kids, Fragment{ID: "i-" + it.ID, Self: row(p, it)})
	}
	return Fragment{ID: ph.id + "-done", Self: foldShell(ph.id + "-done"), Box: true, Kids: kids}
}

// lineFragments puts the date of a day between the first of its steps left and
// right, which is what makes them share a row of the grid.
func lineFragments(p *Plan, ph *phase) []Fragment {
	lines := pairUp(ph.lines)
	fs := make([]Fragment, 0, 2*len(lines))
	var dated civil.Day
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		switch {
		case l.now:
			fs = append(fs, Fragment{ID: l.id, Self: todayLine(p)})
		case l.gate != nil:
			fs = append(fs, Fragment{ID: l.id, Self: gate(p, l.gate)})
		case l.item.Side == Joint:
			fs = append(fs, Fragment{ID: l.id, Self: row(p, l.item)})
		case dated == l.day:
			fs = append(fs, Fragment{ID: l.id, Self: row(p, l.item)})
		default:
			id := ph.id + "-" + strconv.Itoa(int(l.day))
			pair := []Fragment{
				{ID: l.id, Self: row(p, l.item)},
				{ID: id, Self: dateOf(p, id, dayItems(lines, i))},
			}
			if l.item.Side == Seller {
				pair[0], pair[1] = pair[1], pair[0]
			}
			fs = append(fs, pair...)
			dated = l.day
		}
	}
	return fs
}

// dayItems are one side's steps of the day that begins at line i.
func dayItems(lines []line, i int) []*Item {
	var items []*Item
	for j := i; j < len(lines) && lines[j].item != nil && lines[j].day == lines[i].day; j++ {
		if lines[j].item.Side != Joint {
			items = append(items, lines[j].item)
		}
	}
	return items
}

// href is an address below the plan's.
func (p *Plan) href(path string) templ.SafeURL { return templ.SafeURL(p.Base + path) }

// move is where a step's move posts to.
func (p *Plan) move(item, move string) templ.SafeURL {
	return templ.SafeURL(p.Base + "/items/" + item + "/" + move)
}

// party is a side's organisation.
func (p *Plan) party(s Side) *Party {
	if s == Seller {
		return &p.Seller
	}
	return &p.Buyer
}

// sideName is how a side is called where it is chosen.
func (p *Plan) sideName(s Side) string {
	switch s {
	case Buyer:
		return p.Buyer.Name
	case Seller:
		return p.Seller.Name
	}
	return p.L.T("plan.both")
}

// tab is the address of a view, with the filter kept where it applies.
func (p *Plan) tab(t Tab) templ.SafeURL {
	path := ""
	if t != TabPlan {
		path = "/" + string(t)
	}
	if p.Show != ShowAll && (t == TabPlan || t == TabTable || t == TabTimeline) {
		path += "?show=" + string(p.Show)
	}
	return p.href(path)
}

// filter is the address of this view with a filter.
func (p *Plan) filter(s Show) templ.SafeURL {
	path := ""
	if p.Tab == TabTable || p.Tab == TabTimeline {
		path = "/" + string(p.Tab)
	}
	if s != ShowAll {
		path += "?show=" + string(s)
	}
	return p.href(path)
}

// owners says who answers for a step, in one line.
func (p *Plan) owners(it *Item) string {
	if len(it.Owners) == 0 {
		return p.L.T("plan.row.ownerOpen")
	}
	if len(it.Owners) == 1 {
		o := &it.Owners[0]
		switch {
		case o.Removed:
			return p.L.T("plan.row.ownerGone")
		case o.You && (o.Committed || it.State == Over):
			return p.L.T("plan.row.you", "Name", o.Name)
		case o.You:
			return p.L.T("plan.row.proposedYou", "Name", o.Name)
		case !o.Committed && it.State != Over:
			return p.L.T("plan.row.proposed", "Name", o.Name)
		case o.Role != "":
			return o.Name + ", " + o.Role
		}
		return o.Name
	}
	names := make([]string, len(it.Owners))
	for i := range it.Owners {
		names[i] = it.Owners[i].Name
	}
	return p.L.List(names)
}

// blocked says what a step waits for.
func (p *Plan) blocked(it *Item) string {
	switch {
	case it.WaitsFor != "" && it.Because != "":
		return p.L.T("plan.row.blockedBoth", "Who", it.WaitsFor, "What", it.Because)
	case it.WaitsFor != "":
		return p.L.T("plan.row.blockedWho", "Who", it.WaitsFor)
	case it.Because == "":
		return p.L.T("plan.row.blockedOnly")
	}
	return p.L.T("plan.row.blocked", "What", it.Because)
}

// next says how it goes on with what blocks a step.
func (p *Plan) next(it *Item) string {
	if it.NextBy.IsZero() {
		return p.L.T("obstacle.row", "What", it.Next)
	}
	return p.L.T("obstacle.row.by", "What", it.Next, "Day", p.L.Date(it.NextBy))
}

// sealSign is the id of the sprite that shows the seal.
func sealSign(s Seal) string {
	b := []byte("#seal---0")
	if s.Buyer {
		b[6] = 'b'
	}
	if s.Seller {
		b[7] = 's'
	}
	b[8] = '0' + byte(s.Done)
	return string(b)
}

// flag is the value of a marking attribute that is there or not.
func rowState(it *Item) string {
	s := string(it.State)
	if it.Mine && it.State != Over {
		s += " mine"
	}
	if it.Late {
		s += " late"
	}
	if it.New {
		s += " new"
	}
	if it.Internal {
		s += " internal"
	}
	return s
}

// quickWord is the catalogue key of a row's button.
func quickWord(q Quick) string {
	switch q {
	case QuickStand:
		return "plan.move.stand"
	case QuickCommit:
		return "plan.move.commit"
	case QuickConfirm:
		return "plan.move.confirm"
	}
	return "plan.move.report"
}

// shortDay is "18." or "18 May" without what the new date repeats.
func (p *Plan) shortOld(old, now civil.Day) string {
	oy, om, od := old.Date()
	ny, nm, _ := now.Date()
	if oy == ny && om == nm {
		if p.L.Lang == "de" {
			return strconv.Itoa(od) + "."
		}
		return strconv.Itoa(od)
	}
	return p.L.Date(old)
}

// spineDay is "Mi 10. Mai": on the spine even German needs no comma.
func (p *Plan) spineDay(d civil.Day) string { return p.L.Weekday(d) + " " + p.L.Date(d) }

// after says what a step waits for.
func (p *Plan) after(it *Item) string {
	return p.L.T("plan.row.after", "What", strings.Join(it.After, ", "))
}

// PlanBody is the middle of a page of the plan: the seals' sprites and the
// fragments.
func PlanBody(shot *Shot) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if err := Sprites().Render(ctx, w); err != nil {
			return err
		}
		return shot.Render(ctx, w)
	})
}
