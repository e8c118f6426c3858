package plan

// sessionCommand is what happens in a planning session, and which form the
// plan has.
func (g *generator) sessionCommand(who ID) (Command, ID) {
	leader := who
	if s := g.w.plan.Session; s != nil && g.chance(80) {
		leader = s.Lead
	}
	topic := func() Topic { return pick(g, append([]Topic{"", "weather"}, Topics...)...) }
	switch g.below(16) {
	case 0, 1, 2:
		return StartSession{ID: g.id("se"), Topic: topic()}, who
	case 3, 4:
		return StepSession{To: topic()}, leader
	case 5:
		return LeadSession{}, who
	case 6:
		return PauseSession{}, who
	case 7:
		return EndSession{}, leader
	case 8:
		if g.chance(40) {
			return Ease{Way: pick(g, Together, TheirDates, TheirDates, JustAgree, "by magic")}, who
		}
		return Reshape{Form: pick(g, Full, Light, Light, Light, "tiny")}, who
	case 9, 10, 11:
		said := g.person()
		if g.chance(30) {
			said = who
		}
		return KeepQuote{ID: g.id("q"), Topic: topic(), Said: said, Text: g.words(said)}, who
	}
	q := &Quote{ID: "no-quote", Version: 1}
	if all := g.w.plan.Quotes; len(all) > 0 && g.chance(95) {
		q = all[g.below(len(all))]
	}
	if q.By != "" && g.chance(80) {
		who = pick(g, q.By, q.By, q.Said)
	}
	switch g.below(3) {
	case 0:
		return EditQuote{Quote: q.ID, Version: g.version(q.Version), Text: g.words(q.Said)}, who
	case 1:
		return RemoveQuote{Quote: q.ID, Version: g.version(q.Version)}, who
	}
	return UseQuote{Quote: q.ID, Item: pick(g, g.item().ID, g.item().ID, g.person())}, who
}
