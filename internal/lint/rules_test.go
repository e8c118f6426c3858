package lint

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tandem/internal/planfile"
)

type edit func(p *planfile.Plan)

// row is what one rule says about the healthy plan after an edit.
type row struct {
	rule, name string
	lang       string // "de" or "en"; empty: in both the same
	today      string // month and day
	edit       edit
	want       string // items told about, "plan" for the plan; empty: none
}

func ownerName(id, name string) edit {
	return func(p *planfile.Plan) {
		for i := range p.People {
			if p.People[i].ID == id {
				p.People[i].Name = name
			}
		}
	}
}

func set(id string, change func(a *planfile.Action)) edit {
	return func(p *planfile.Plan) { change(action(p, id)) }
}

func due(id, monthDay string) edit {
	return set(id, func(a *planfile.Action) { a.Due = day(monthDay) })
}

func title(id, text string) edit {
	return set(id, func(a *planfile.Action) { a.Title = text })
}

func status(id string, s planfile.Status) edit {
	return set(id, func(a *planfile.Action) { a.Status = s })
}

func link(from, to, kind string, lag int) edit {
	return func(p *planfile.Plan) {
		p.Links = append(p.Links, planfile.Link{From: from, To: to, Type: kind, Lag: lag})
	}
}

func all(edits ...edit) edit {
	return func(p *planfile.Plan) {
		for _, e := range edits {
			e(p)
		}
	}
}

// more adds steps of a side, each with a day of its own far behind the others.
func more(n int, side planfile.Side, owner string) edit {
	return func(p *planfile.Plan) {
		for range n {
			id := "x" + string(rune('A'+len(p.Actions)))
			a := planfile.Action{ID: id, Title: "Protokoll senden", Side: side, Owner: owner, DateOpen: true, Status: "open"}
			if side == planfile.Joint {
				a.Owner, a.Owners = "", planfile.Owners{Buyer: "chen", Seller: "vogt"}
			}
			p.Actions = append(p.Actions, a)
		}
	}
}

func absent(id, from, to, note string) edit {
	return func(p *planfile.Plan) {
		for i := range p.People {
			if p.People[i].ID == id {
				p.People[i].Absences = append(p.People[i].Absences, planfile.Span{From: day(from), To: day(to), Note: note})
			}
		}
	}
}

func closed(from, to, note string) edit {
	return func(p *planfile.Plan) {
		c := &p.Sides.Buyer.Calendar
		c.Closed = append(c.Closed, planfile.Span{From: day(from), To: day(to), Note: note})
	}
}

func milestone(id, title, monthDay string) edit {
	return func(p *planfile.Plan) {
		m := planfile.Milestone{ID: id, Title: title}
		if monthDay != "" {
			m.Date = day(monthDay)
		}
		p.Milestones = append(p.Milestones, m)
	}
}

func decide(monthDay string) edit {
	return all(due("a6", monthDay), func(p *planfile.Plan) {
		p.DecideBy = day(monthDay)
		p.Criteria[0].By = 0
	})
}

func gate(rule string) edit {
	return func(p *planfile.Plan) {
		p.Gates = []planfile.Gate{{ID: "g1", Title: "Ausschuss", Rule: rule, Anchor: day("05-09")}}
		action(p, "a4").Gate = "g1"
	}
}

func noPeopleWhoApprove(p *planfile.Plan) {
	p.People[0].Role, p.People[2].Role = "Projektleiterin", "Referentin"
	action(p, "a4").Title = "Ute Brandt nennt ihre Anforderungen"
}

func drop(id string) edit {
	return func(p *planfile.Plan) {
		p.Actions = slices.DeleteFunc(p.Actions, func(a planfile.Action) bool { return a.ID == id })
		p.Links = slices.DeleteFunc(p.Links, func(l planfile.Link) bool { return l.From == id || l.To == id })
	}
}

func nothing(*planfile.Plan) {}

var rows = []row{
	// vague-wording: the words themselves are in table_test.go.
	{"vague-wording", "empty verb", "de", "", title("a3", "Angebot prüfen"), "a3"},
	{"vague-wording", "empty verb", "en", "", title("a3", "Review proposal"), "a3"},
	{"vague-wording", "said elsewhere what counts as done", "de", "", set("a3", func(a *planfile.Action) {
		a.Title, a.DoneWhen = "Angebot prüfen", "Preis und Umfang bestätigt"
	}), ""},
	{"vague-wording", "done already", "en", "", all(title("a3", "Review proposal"), status("a3", "done")), ""},

	{"missing-owner", "none", "", "", set("a3", func(a *planfile.Action) { a.Owner = "" }), "a3"},
	{"missing-owner", "placeholder", "de", "", ownerName("klein", "noch offen"), "a2"},
	{"missing-owner", "placeholder", "en", "", ownerName("klein", "TBD"), "a2"},
	{"missing-owner", "nobody known by that id", "", "", set("a3", func(a *planfile.Action) { a.Owner = "ghost" }), "a3"},
	{"missing-owner", "joint, neither", "", "", set("a5", func(a *planfile.Action) { a.Owners = planfile.Owners{} }), "a5"},
	{"missing-owner", "joint, one of both", "", "", set("a5", func(a *planfile.Action) { a.Owners.Seller = "" }), ""},
	{"missing-owner", "dropped", "", "", set("a3", func(a *planfile.Action) { a.Owner, a.Status = "", "dropped" }), ""},

	{"joint-owner", "seller missing", "", "", set("a5", func(a *planfile.Action) { a.Owners.Seller = "" }), "a5"},
	{"joint-owner", "both missing is one thing", "", "", set("a5", func(a *planfile.Action) { a.Owners = planfile.Owners{} }), ""},
	{"joint-owner", "both there", "", "", nothing, ""},

	{"team-owner", "team", "de", "", ownerName("klein", "IT-Team"), "a2"},
	{"team-owner", "department", "en", "", ownerName("klein", "Legal Dept"), "a2"},
	{"team-owner", "role", "en", "", ownerName("brandt", "CFO"), "a4"},
	{"team-owner", "a member to propose", "de", "", all(ownerName("chen", "IT-Team"), nothing), "a5 a6"},
	{"team-owner", "an id that reads like a team", "", "", set("a3", func(a *planfile.Action) { a.Owner = "it-team" }), "a3"},
	{"team-owner", "a surname like a department", "de", "", ownerName("vogt", "Rechtsanwalt Legal"), ""},

	{"missing-date", "none", "", "", set("a3", func(a *planfile.Action) { a.Due = 0 }), "a3"},
	{"missing-date", "begin only", "", "", set("a2", func(a *planfile.Action) { a.Due = 0 }), "a2"},
	{"missing-date", "to be decided", "", "", set("a3", func(a *planfile.Action) { a.Due, a.DateOpen = 0, true }), ""},
	{"missing-date", "done", "", "", set("a3", func(a *planfile.Action) { a.Due, a.Status = 0, "done" }), ""},

	{"milestone-date", "none", "", "", milestone("m2", "Konsens", ""), "m2"},
	{"milestone-date", "its last step has one", "", "", func(p *planfile.Plan) { p.Milestones[0].Date = 0 }, "m1"},
	{"milestone-date", "has one", "", "", nothing, ""},

	{"weekend", "due on Saturday", "", "", due("a3", "05-13"), "a3"},
	{"weekend", "start on Sunday", "", "", set("a2", func(a *planfile.Action) { a.Start = day("05-07") }), "a2"},
	{"weekend", "milestone and decision", "", "", all(milestone("m2", "Konsens", "05-20"), func(p *planfile.Plan) { p.DecideBy = day("05-27") }), "plan m2"},
	{"weekend", "only the buyer works on Saturday", "", "", func(p *planfile.Plan) {
		p.Sides.Buyer.Calendar.Week = []string{"tue", "wed", "thu", "fri", "sat"}
		action(p, "a2").Start, action(p, "a2").Due, action(p, "a2").Milestone = 0, day("05-13"), ""
	}, ""},
	{"weekend", "Friday is off in a week from Sunday", "", "", func(p *planfile.Plan) {
		p.Sides.Seller.Calendar.Week = []string{"sun", "mon", "tue", "wed", "thu"}
		p.Milestones[0].Date = day("05-11")
		action(p, "a2").Due = day("05-11")
		action(p, "a3").Due = day("05-12")
	}, "a3 a5"},
	{"weekend", "where the region is not known", "", "", all(due("a4", "05-20"), func(p *planfile.Plan) { p.Sides.Buyer.Calendar.Region = "DE-XX" }), "a4"},
	{"weekend", "done long ago", "", "", all(due("a3", "05-13"), status("a3", "done")), ""},
	{"weekend", "past: too late to move", "", "05-30", due("a3", "05-13"), ""},

	{"holiday", "Ascension Day for the buyer", "", "", due("a4", "05-25"), "a4"},
	{"holiday", "not for the seller", "", "", due("a3", "05-25"), ""},
	{"holiday", "joint: either side's", "", "", due("a5", "05-29"), "a5"},
	{"holiday", "no region", "", "", all(due("a4", "05-25"), func(p *planfile.Plan) { p.Sides.Buyer.Calendar.Region = "" }), ""},
	{"holiday", "expected on one", "", "", set("a4", func(a *planfile.Action) { a.Expected = day("05-25") }), "a4"},

	{"absence", "owner away", "", "", absent("brandt", "05-14", "06-03", "auf Reisen"), "a4"},
	{"absence", "without a note", "", "", absent("brandt", "05-17", "05-17", ""), "a4"},
	{"absence", "one of two owners", "", "", absent("vogt", "05-19", "05-22", ""), "a5"},
	{"absence", "back the day before", "", "", absent("brandt", "05-10", "05-16", ""), ""},
	{"absence", "somebody else", "", "", absent("vogt", "05-17", "05-17", ""), ""},
	{"absence", "for ever", "", "", func(p *planfile.Plan) {
		p.People[2].Absences = []planfile.Span{{From: day("05-15"), To: day("05-15") + 5000}}
	}, "a4"},
	{"absence", "until now for ever", "", "", func(p *planfile.Plan) {
		p.People[2].Absences = []planfile.Span{{From: day("05-18") - 5000, To: day("05-18")}}
	}, "a4"},

	{"closed-day", "plant shutdown", "", "", closed("05-15", "05-18", "Betriebsruhe"), "a4"},
	{"closed-day", "without a note", "", "", closed("05-17", "05-17", ""), "a4"},
	{"closed-day", "the other side's", "", "", closed("05-15", "05-15", ""), ""},

	{"unknown-region", "typing mistake", "", "", func(p *planfile.Plan) { p.Sides.Buyer.Calendar.Region = "DE-XX" }, "plan"},
	{"unknown-region", "none set", "", "", func(p *planfile.Plan) { p.Sides.Buyer.Calendar.Region = "" }, ""},

	{"freeze", "finish in it", "", "", func(p *planfile.Plan) {
		p.Freezes = []planfile.Freeze{{From: day("05-15"), To: day("05-18"), Blocks: "finish", Side: "buyer", Title: "Inventur"}}
	}, "a4"},
	{"freeze", "both sides, no title", "", "", func(p *planfile.Plan) {
		p.Freezes = []planfile.Freeze{{From: day("05-15"), To: day("05-18"), Blocks: "work"}}
	}, "a3 a4"},
	{"freeze", "only starting is blocked", "", "", func(p *planfile.Plan) {
		p.Freezes = []planfile.Freeze{{From: day("05-15"), To: day("05-18"), Blocks: "start"}}
	}, ""},
	{"freeze", "another kind of step", "", "", func(p *planfile.Plan) {
		p.Freezes = []planfile.Freeze{{From: day("05-15"), To: day("05-18"), Blocks: "work", Kinds: []string{"go-live"}}}
	}, ""},

	{"gate-day", "between two meetings", "", "", gate("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), "a4"},
	{"gate-day", "before the first", "", "", all(gate("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), func(p *planfile.Plan) { p.Gates[0].Anchor = day("05-23") }), "a4"},
	{"gate-day", "on a meeting", "", "", gate("FREQ=WEEKLY;BYDAY=WE"), ""},
	{"gate-day", "a rule nobody can read", "", "", gate("FREQ=SOMETIMES"), "g1"},

	{"due-before-start", "the other way round", "", "", set("a2", func(a *planfile.Action) { a.Start, a.Due = day("05-12"), day("05-08") }), "a2"},
	{"too-short", "less than usual", "", "", set("a2", func(a *planfile.Action) {
		a.Start, a.Due, a.Estimate = day("05-08"), day("05-10"), &planfile.Estimate{Low: 3, Likely: 5, High: 9}
	}), "a2"},
	{"too-short", "as usual, without a buffer", "", "", set("a2", func(a *planfile.Action) {
		a.Start, a.Due, a.Estimate = day("05-08"), day("05-12"), &planfile.Estimate{Low: 3, Likely: 5, High: 9}
	}), "a2"},
	{"too-short", "with a buffer", "", "", set("a2", func(a *planfile.Action) {
		a.Start, a.Due, a.Estimate = day("05-02"), day("05-12"), &planfile.Estimate{Low: 3, Likely: 5, High: 9}
	}), ""},
	{"due-before-start", "the same day", "", "", set("a2", func(a *planfile.Action) { a.Start = a.Due }), ""},

	{"against-dependency", "due before its predecessor", "", "", due("a3", "05-18"), "a4"},
	{"against-dependency", "the same day", "", "", due("a3", "05-17"), ""},
	{"against-dependency", "predecessor done", "", "", all(due("a3", "05-18"), status("a3", "done")), ""},
	{"against-dependency", "predecessor dropped", "", "", all(due("a3", "05-18"), status("a3", "dropped")), ""},
	{"against-dependency", "planned start too early", "", "", due("a1", "05-10"), "a2"},
	{"against-dependency", "begun already", "", "", all(due("a1", "05-10"), status("a2", "started")), ""},
	{"against-dependency", "lag", "", "", link("a3", "a5", "FS", 5), "a5"},
	{"against-dependency", "lead", "", "", all(due("a3", "05-18"), func(p *planfile.Plan) { p.Links[1].Lag = -2 }), ""},
	{"against-dependency", "lag in all days", "", "", func(p *planfile.Plan) {
		p.Links = append(p.Links, planfile.Link{From: "a3", To: "a5", Lag: 4, LagCalendar: "elapsed"})
	}, ""},
	{"against-dependency", "lag in the predecessor's days", "", "", func(p *planfile.Plan) {
		p.Links = append(p.Links, planfile.Link{From: "a3", To: "a5", Lag: 5, LagCalendar: "predecessor"})
	}, "a5"},
	{"against-dependency", "lag in the successor's days", "", "", func(p *planfile.Plan) {
		p.Links = append(p.Links, planfile.Link{From: "a3", To: "a5", Lag: 5, LagCalendar: "successor"})
	}, "a5"},
	{"against-dependency", "finish to finish", "", "", link("a4", "a3", "FF", 0), "a3"},
	{"against-dependency", "start to start", "", "", all(link("a2", "a1", "SS", 0), nothing), "a1"},
	{"against-dependency", "start to finish", "", "", all(link("a2", "a1", "SF", 0), nothing), "a1"},
	{"against-dependency", "through a milestone with a date", "", "", all(milestone("m2", "Konsens", "05-22"), link("m2", "a4", "FS", 0)), "a4"},
	{"against-dependency", "through one without", "", "", all(milestone("m2", "Konsens", ""), link("a5", "m2", "FS", 0), link("m2", "a4", "FS", 0)), "a4"},
	{"against-dependency", "through the steps of one without", "", "", all(milestone("m2", "Konsens", ""),
		set("a5", func(a *planfile.Action) { a.Milestone = "m2" }), link("m2", "a4", "FS", 0)), "a4"},
	{"against-dependency", "milestone before its step", "", "", link("a4", "m1", "FS", 0), "m1"},

	{"dependency-cycle", "of two", "", "", link("a6", "a3", "FS", 0), "a3"},
	{"dependency-cycle", "of one", "", "", link("a3", "a3", "FS", 0), "a3"},
	{"dependency-cycle", "of seven", "", "", func(p *planfile.Plan) {
		p.Links = nil
		for _, l := range []string{"a1a2", "a2a3", "a3a4", "a4a5", "a5a6", "a6m1", "m1a1"} {
			link(l[:2], l[2:], "FS", 0)(p)
		}
	}, "m1"},
	{"dependency-cycle", "side by side is none", "", "", all(link("a3", "a5", "SS", 0), link("a5", "a3", "FF", 0)), ""},
	{"dependency-cycle", "a tail", "", "", all(link("a3", "a3", "FS", 0), link("a6", "a5", "FS", 0)), "a3"},

	{"after-milestone", "a step behind it", "", "", all(due("a2", "05-15")), "a2"},
	{"after-milestone", "told by the link", "", "", all(due("a2", "05-15"), link("a2", "m1", "FS", 0)), ""},

	{"decision-too-early", "procurement after it", "de", "", all(due("a5", "05-26"), title("a5", "Beschaffungsgenehmigung")), "a6"},
	{"decision-too-early", "procurement after it", "en", "", all(due("a5", "05-26"), title("a5", "Procurement approval")), "a6"},
	{"decision-too-early", "several", "en", "", all(due("a5", "05-26"), title("a5", "Procurement approval"), due("a3", "05-26"),
		func(p *planfile.Plan) { p.Links = nil }, title("a3", "Complete legal review")), "a6"},
	{"decision-too-early", "by its kind", "", "", all(due("a5", "05-26"), set("a5", func(a *planfile.Action) { a.Kind = "legal-review" })), "a6"},
	{"decision-too-early", "the purchase order comes after", "en", "", all(due("a5", "05-26"), title("a5", "Procurement issues purchase order")), "a6"},
	{"decision-too-early", "depends on the decision", "de", "", all(due("a5", "05-26"), title("a5", "Budgetfreigabe"), link("a6", "a5", "FS", 0)), ""},
	{"decision-too-early", "kick-off", "de", "", all(due("a5", "05-26"), title("a5", "Kick-off")), ""},
	{"decision-too-early", "a link says so already", "", "", all(due("a5", "05-26"), title("a5", "Budgetfreigabe"), link("a5", "a6", "FS", 0)), ""},
	{"decision-too-early", "agreed date before the step", "", "", func(p *planfile.Plan) { p.DecideBy = day("05-22") }, "plan"},
	{"decision-too-early", "no step, only the plan's date", "de", "", all(drop("a6"), due("a5", "05-26"), title("a5", "Budgetfreigabe")), "plan"},
	{"decision-too-early", "step without date waits for a later one", "", "", all(due("a4", "05-26"), set("a6", func(a *planfile.Action) { a.Due, a.DateOpen = 0, true })), "plan"},
	{"decision-too-early", "a milestone stands for it", "de", "", all(drop("a6"), milestone("m9", "Kaufentscheidung", "05-24"), due("a5", "05-26"), title("a5", "Budgetfreigabe")), "m9"},

	{"no-decision", "no date anywhere", "", "", all(drop("a6"), func(p *planfile.Plan) { p.DecideBy = 0 }), "plan"},
	{"no-decision", "the step has it", "", "", func(p *planfile.Plan) { p.DecideBy = 0 }, ""},

	{"quarter-end", "nothing explains it", "", "", decide("06-30"), "a6"},
	{"quarter-end", "no step", "", "", all(decide("06-29"), drop("a6")), "plan"},
	{"quarter-end", "a week before", "", "", decide("06-23"), ""},
	{"quarter-end", "criterion by then", "", "", all(decide("06-30"), func(p *planfile.Plan) { p.Criteria[0].By = day("06-30") }), ""},
	{"quarter-end", "the buyer's goal names it", "de", "", all(decide("06-30"), func(p *planfile.Plan) { p.Goals[0].Text = "Bis 30. Juni Klarheit" }), ""},
	{"quarter-end", "the buyer's goal names it", "en", "", all(decide("06-30"), func(p *planfile.Plan) { p.Goals[0].Text = "Certainty by June 30" }), ""},
	{"quarter-end", "the seller's goal does not count", "en", "", all(decide("06-30"), func(p *planfile.Plan) {
		p.Goals[0] = planfile.Goal{Side: "seller", Text: "Decision by June 30"}
	}), "a6"},
	{"quarter-end", "the buyer's budget year", "de", "", all(decide("06-30"), func(p *planfile.Plan) { p.Goals[0].Text = "Noch in diesem Geschäftsjahr" }), ""},
	{"quarter-end", "the buyer's freeze comes", "", "", all(decide("06-30"), func(p *planfile.Plan) {
		p.Freezes = []planfile.Freeze{{From: day("07-03"), To: day("07-28"), Blocks: "work", Side: "buyer"}}
	}), ""},
	{"quarter-end", "a milestone on it", "", "", all(decide("06-30"), milestone("m3", "Altvertrag endet", "06-30")), ""},
	{"quarter-end", "a committee decides", "", "", all(decide("06-30"), gate("FREQ=DAILY"), set("a6", func(a *planfile.Action) { a.Gate = "g1" })), ""},

	{"expected-late", "later than agreed", "", "", set("a3", func(a *planfile.Action) { a.Expected = day("05-18") }), "a3"},
	{"expected-late", "as agreed", "", "", set("a3", func(a *planfile.Action) { a.Expected = a.Due }), ""},
	{"expected-late", "no agreed date", "", "", set("a3", func(a *planfile.Action) { a.Due, a.DateOpen, a.Expected = 0, true, day("05-18") }), ""},

	{"past-due", "nobody said a word", "", "05-04", nothing, "a1"},
	{"past-due", "a new date was said", "", "05-04", set("a1", func(a *planfile.Action) { a.Expected = day("05-05") }), ""},
	{"past-due", "that has passed too", "", "05-10", set("a1", func(a *planfile.Action) { a.Expected = day("05-05") }), "a1"},
	{"past-due", "due today", "", "05-03", nothing, ""},
	{"past-due", "done", "", "05-04", status("a1", "done"), ""},
	{"past-due", "no today", "", "", nothing, ""},

	{"blocked-without-reason", "no reason", "", "", status("a3", "blocked"), "a3"},
	{"blocked-without-reason", "with reason", "", "", set("a3", func(a *planfile.Action) { a.Status, a.BlockedBecause = "blocked", "Pentest" }), ""},

	{"overload", "four steps in a week", "", "", func(p *planfile.Plan) {
		for i, id := range []string{"a2", "a4", "a6"} {
			action(p, id).Owner, action(p, id).Due = "klein", day("05-15")+planDay(i)
		}
		action(p, "a5").Owners.Buyer = "klein"
	}, "klein"},
	{"overload", "three are enough", "", "", func(p *planfile.Plan) {
		for i, id := range []string{"a2", "a4", "a6"} {
			action(p, id).Owner, action(p, id).Due = "klein", day("05-15")+planDay(i)
		}
	}, ""},
	{"overload", "that week is over", "", "05-22", func(p *planfile.Plan) {
		for i, id := range []string{"a2", "a4", "a6"} {
			action(p, id).Owner, action(p, id).Due = "klein", day("05-15")+planDay(i)
		}
		action(p, "a5").Owners.Buyer = "klein"
	}, ""},
	{"overload", "one of four is done", "", "", func(p *planfile.Plan) {
		for i, id := range []string{"a2", "a4", "a6"} {
			action(p, id).Owner, action(p, id).Due = "klein", day("05-15")+planDay(i)
		}
		action(p, "a5").Owners.Buyer = "klein"
		action(p, "a2").Status = "done"
	}, ""},
	{"overload", "ten days in five", "", "", func(p *planfile.Plan) {
		action(p, "a1").Duration, action(p, "a1").Due = number(5), day("05-19")
		action(p, "a3").Duration, action(p, "a3").Due = number(5), day("05-19")
		p.Links = nil
		p.Actions[0].Milestone = ""
	}, "martinez"},
	{"overload", "only two left", "", "", func(p *planfile.Plan) {
		action(p, "a1").Duration, action(p, "a1").Due = number(5), day("05-19")
		action(p, "a3").Duration, action(p, "a3").Remaining, action(p, "a3").Due = number(5), number(2), day("05-19")
	}, ""},

	{"one-sided", "the seller does nearly all", "", "", more(8, "seller", "martinez"), "plan"},
	{"one-sided", "joint steps count half", "", "", more(6, "joint", ""), ""},
	{"one-sided", "the buyer does nearly all", "", "", more(12, "buyer", "klein"), "plan"},
	{"one-sided", "a light plan", "", "", all(drop("a2"), drop("a4"), drop("a6")), ""},

	{"no-approver", "nobody", "", "", all(noPeopleWhoApprove), "plan"},
	{"no-approver", "an approval step", "de", "", all(noPeopleWhoApprove, title("a2", "Budgetfreigabe einholen")), ""},
	{"no-approver", "an approval step", "en", "", all(noPeopleWhoApprove, title("a2", "Obtain board approval")), ""},
	{"no-approver", "a committee", "", "", all(noPeopleWhoApprove, gate("FREQ=WEEKLY;BYDAY=WE")), ""},
	{"no-approver", "by its kind", "", "", all(noPeopleWhoApprove, set("a2", func(a *planfile.Action) { a.Kind = "procurement" })), ""},
	{"no-approver", "Einkauf", "de", "", all(noPeopleWhoApprove, func(p *planfile.Plan) { p.People[1].Role = "Leiter Einkauf" }), ""},

	{"no-risk", "none", "", "", func(p *planfile.Plan) { p.Risks = nil }, "plan"},
	{"no-risk", "somebody away", "", "", all(absent("chen", "05-02", "05-02", ""), func(p *planfile.Plan) { p.Risks = nil }), "plan"},
	{"no-risk", "procurement", "de", "", all(title("a2", "Liste liefern"), title("a5", "Beschaffung anlegen"), func(p *planfile.Plan) { p.Risks = nil }), "plan"},
	{"no-risk", "contract", "de", "", all(title("a2", "Liste liefern"), func(p *planfile.Plan) { p.Risks = nil }), "plan"},
	{"no-risk", "nothing special", "de", "", all(title("a2", "Liste liefern"), title("a5", "Liste liefern"), func(p *planfile.Plan) { p.Risks = nil }), "plan"},
	{"no-risk", "some", "", "", nothing, ""},

	{"no-goal", "nothing at all", "", "", func(p *planfile.Plan) { p.Goals, p.Criteria = nil, nil }, "plan"},
	{"no-goal", "only the seller's", "", "", func(p *planfile.Plan) { p.Goals[0].Side = "seller" }, "plan"},
	{"no-goal", "no criteria", "", "", func(p *planfile.Plan) { p.Criteria = nil }, "plan"},
	{"no-goal", "both", "", "", nothing, ""},

	{"sales-talk", "in the title", "en", "", func(p *planfile.Plan) { p.Title = "Close the deal with Nordwerk" }, "plan"},
	{"sales-talk", "in a step", "de", "", title("a3", "Deal mit Nordwerk festmachen"), "a3"},
	{"sales-talk", "a data pipeline is none", "en", "", title("a3", "Deliver pipeline description"), ""},
	{"sales-talk", "abschließen is none", "de", "", title("a3", "Sicherheitsprüfung abschließen"), ""},

	{"too-many-steps", "thirty-one", "", "", more(25, "buyer", "klein"), "plan"},
	{"too-many-steps", "thirty", "", "", more(24, "buyer", "klein"), ""},
	{"too-many-milestones", "thirteen", "", "", func(p *planfile.Plan) {
		for i := range 12 {
			milestone("n"+string(rune('a'+i)), "Stand", "05-10")(p)
		}
	}, "plan"},
	{"too-many-milestones", "twelve", "", "", func(p *planfile.Plan) {
		for i := range 11 {
			milestone("n"+string(rune('a'+i)), "Stand", "05-10")(p)
		}
	}, ""},
}

// run gives the findings of a row in one language.
func (r row) run(lang string) []Finding {
	p := healthy(lang)
	r.edit(&p)
	var opt Options
	if r.today != "" {
		opt.Today = day(r.today)
	}
	return Check(p, opt)
}

func (r row) langs() []string {
	if r.lang != "" {
		return []string{r.lang}
	}
	return []string{"de", "en"}
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, r := range rows {
		for _, lang := range r.langs() {
			t.Run(r.rule+"/"+r.name+"/"+lang, func(t *testing.T) {
				t.Parallel()
				if got := items(r.run(lang), r.rule); got != r.want {
					t.Errorf("%s, %s: told about %q, want %q", r.rule, r.name, got, r.want)
				}
			})
		}
	}
}

func TestHealthyPlanHasNoFindings(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"de", "en"} {
		for _, f := range Check(healthy(lang), Options{Today: day("05-02")}) {
			t.Errorf("%s: %s about %q %s: %v", lang, f.Rule, f.Item, f.Field, f.Message)
		}
	}
}

// Each rule has a row that finds and one that finds nothing, and a line in the
// documentation.
func TestEveryRuleIsTestedAndDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/check.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Rules() {
		yes := slices.ContainsFunc(rows, func(r row) bool { return r.rule == name && r.want != "" })
		no := slices.ContainsFunc(rows, func(r row) bool { return r.rule == name && r.want == "" })
		if !yes || !no {
			t.Errorf("%s: has a finding row: %t, has a quiet row: %t; want both", name, yes, no)
		}
		if !strings.Contains(string(doc), "| `"+name+"` |") {
			t.Errorf("%s is not in docs/check.md", name)
		}
	}
}

// Every text that the rows and titles bring about is in both catalogues with
// its arguments, and nothing is in the catalogues that no test brings about.
func TestCatalogueFitsTheRules(t *testing.T) {
	t.Parallel()
	used := map[string]map[string]any{}
	note := func(findings []Finding) {
		for _, f := range findings {
			for _, text := range textsOf(f) {
				if used[text.Key] == nil {
					used[text.Key] = map[string]any{}
				}
				maps.Copy(used[text.Key], text.Args)
			}
		}
	}
	for _, r := range rows {
		for _, lang := range r.langs() {
			note(r.run(lang))
		}
	}
	for _, list := range []string{badGerman, badEnglish} {
		for _, row := range lines(list) {
			p := healthy("de")
			_, action(&p, "a3").Title = cut(row)
			note(Check(p, Options{}))
		}
	}
	note(Check(planfile.Plan{ // nobody and nothing named
		Actions: []planfile.Action{{ID: "a", Title: "Review proposal", Side: "buyer"}, {ID: "b", Title: "Sync", Side: "joint"}},
		Sides:   planfile.Sides{Seller: planfile.Party{Calendar: planfile.Calendar{Region: "ZZ"}}},
	}, Options{}))
	for d := range 7 { // all days of the week
		p := healthy("en")
		p.Sides.Buyer.Calendar.Week = []string{"mon"}
		if d == 1 {
			p.Sides.Buyer.Calendar.Week = []string{"tue"}
		}
		action(&p, "a4").Due = day("05-14") + planDay(d)
		note(Check(p, Options{}))
	}
	german, english := catalogue(t, "de"), catalogue(t, "en")
	for key, args := range used {
		for lang, texts := range map[string]map[string]string{"de": german, "en": english} {
			text, ok := texts[key]
			if !ok {
				t.Errorf("%s: no text for %s", lang, key)
			}
			for _, name := range namesIn(text) {
				if _, ok := args[name]; !ok {
					t.Errorf("%s: %s wants %s, which the check does not give", lang, key, name)
				}
			}
		}
	}
	for key := range english {
		if _, ok := german[key]; !ok {
			t.Errorf("%s is in English only", key)
		}
		if used[key] == nil {
			t.Errorf("%s: nothing brings this text about", key)
		}
	}
	for key := range german {
		if _, ok := english[key]; !ok {
			t.Errorf("%s is in German only", key)
		}
	}
}
