package view

// Names of the fields each form posts. Dates are YYYY-MM-DD, an empty date is
// no date. A field that is not posted stays as it is (the table posts fewer than
// the step's own form); a checkbox therefore posts "off", and "on" after it
// when it is ticked. "version" is the version of the item, person,
// goal … the form was made against. A test renders every form and holds it to
// these tables.

// ItemMoveFields are the fields of POST {Base}/items/{item}/{move}.
var ItemMoveFields = map[string][]string{
	"stand":           {"version", "digest"},
	"commit":          {"version", "digest"},                                                                                                                 // the owner's own yes
	"ask-date":        {"version", "due", "because"},                                                                                                         // the owner asks for another date
	"hand-over":       {"version", "owner", "because"},                                                                                                       // the owner names somebody else
	"not-mine":        {"version", "because"},                                                                                                                //
	"edit":            {"version", "title", "side", "owner", "owner_buyer", "owner_seller", "due", "date_open", "done_when", "milestone"},                    // before the agreement, or not agreed yet
	"propose":         {"version", "title", "side", "owner", "owner_buyer", "owner_seller", "due", "date_open", "done_when", "milestone", "reason", "until"}, // after it
	"expect":          {"version", "expected", "because"},
	"earlier":         {"version", "due"},
	"start":           {"version"},
	"report":          {"version", "result"},
	"confirm":         {"version"},
	"dispute":         {"version", "missing"},
	"block":           {"version", "because", "waits_for"}, // waits_for: a person's id, or empty
	"unblock":         {"version", "how"},
	"remove":          {"version"},
	"propose-removal": {"version", "reason", "until"},
	"link":            {"version", "from", "type", "lag", "lag_calendar"}, // from: an item or milestone this one waits for
	"unlink":          {"version", "from"},
	"comment":         {"text"},
	"note":            {"text"},
	"document":        {"title", "link", "internal", "file", "replaces"},
	"document-remove": {"document"},
	"undo":            {"version"},
	"workload":        {"version", "days", "elapsed", "not_before", "not_after", "gate", "pinned", "approval"}, // free: no terms
}

// PlanMoveFields are the fields of POST {Base}/{move}. GET of the same path is
// the form as a page (a sheet); for items, people, goals, criteria, milestones
// and risks, whose own paths are views, it is GET {Base}/{things}/new.
var PlanMoveFields = map[string][]string{
	"accept":     {"version", "seen"},                                                   // seen: once per open item, "item=digest", as shown
	"propose":    {"reason", "until", "decide_by", "version", "due", "owner", "remove"}, // version, due, owner and remove once per chosen step, as "due.{item}"
	"pause":      {"version", "reason", "review"},
	"resume":     {"version"},
	"stand-all":  {"seen"},
	"archive":    {"version"},
	"leave":      {"version", "reason", "sure"},
	"decide":     {"version", "outcome", "reason", "on"}, // outcome: yes, no, none
	"share":      {},
	"title":      {"version", "title", "decide_by"},
	"items":      {"title", "side", "owner", "owner_buyer", "owner_seller", "due", "date_open", "done_when", "milestone", "after", "internal"},
	"rows":       {"rows"},                                                                                                                           // tab-separated, as copied from a spreadsheet
	"what-if":    {"version", "due", "item", "supposed_days", "supposed_until", "supposed_owner", "supposed_due", "after", "lag", "reason", "until"}, // version and due once per date that moves, as it was shown
	"backwards":  {"version", "due", "reason", "until"},
	"calendars":  {"side", "region", "week", "closed", "fiscal"},                                               // closed: a line a time; week repeats
	"gates":      {"title", "side", "rhythm", "every", "nth", "day", "anchor", "lead", "on_holiday", "except"}, // rhythm: weeks, month; nth: 1 to 4 or -1
	"freezes":    {"title", "side", "from", "to", "blocks"},
	"people":     {"side", "name", "role", "email", "right", "language", "salutation", "why"},
	"domains":    {"domains"},
	"check-ins":  {"id", "date", "time", "minutes", "rhythm", "zone", "title", "link", "place", "who", "person"}, // who: all, or some: those of person, which repeats
	"goals":      {"side", "text"},
	"criteria":   {"text", "by"},
	"milestones": {"title", "date"},
	"risks":      {"title", "probability", "low", "likely", "high", "mitigation", "owner", "steps"}, // probability in percent; steps repeats
}

// ThingMoveFields are the fields of POST {Base}/{things}/{id}/{move}.
var ThingMoveFields = map[string][]string{
	"proposals/accept":           {"version", "digest"},
	"proposals/decline":          {"version", "reason"},
	"proposals/withdraw":         {"version"},
	"proposals/counter":          {"version", "reason", "until", "decide_by", "due", "owner", "remove"}, // "version" is the proposal's; per step as in "propose"; GET shows the form
	"people/edit":                {"version", "name", "role", "email", "language", "salutation"},
	"people/absence":             {"version", "from", "to", "note"},
	"people/back":                {"version", "absence"}, // takes an absence away
	"people/right":               {"version", "right"},
	"people/admit":               {"version", "as"}, // as: who of those listed it is, or empty
	"people/refuse":              {"version"},
	"people/name-lead":           {"version"},
	"people/end":                 {"version"},
	"people/invite":              {"version"},
	"people/link":                {},
	"people/withdraw":            {"version"},
	"people/remove":              {"version", "successor"},
	"people/stand-in":            {"version", "to"},
	"people/claim":               {"version"},
	"people/object":              {"version"},
	"people/take-lead":           {"version"},
	"goals/edit":                 {"version", "text"},
	"goals/stand":                {"version", "digest"},
	"goals/propose":              {"version", "text", "reason", "until"},
	"goals/propose-removal":      {"version"},
	"goals/remove":               {"version"},
	"criteria/edit":              {"version", "text", "by"},
	"criteria/stand":             {"version", "digest"},
	"criteria/propose":           {"version", "text", "by", "reason", "until"},
	"criteria/propose-removal":   {"version"},
	"criteria/remove":            {"version"},
	"milestones/edit":            {"version", "title", "date"},
	"milestones/stand":           {"version", "digest"},
	"milestones/propose":         {"version", "title", "date", "reason", "until"},
	"milestones/propose-removal": {"version"},
	"milestones/remove":          {"version"},
	"notes/remove":               {"version"},
	"notes/publish":              {"version"},
	"risks/edit":                 {"version", "title", "probability", "low", "likely", "high", "mitigation", "owner", "steps"},
	"risks/remove":               {"version"},
	"check-ins/edit":             {"version", "date", "time", "minutes", "rhythm", "zone", "title", "link", "place", "who", "person"},
	"check-ins/move":             {"version", "day", "date", "time", "minutes"}, // day: which one of a series
	"check-ins/skip":             {"version"},                                   // as move; the day alone counts
	"check-ins/cancel":           {"version"},
	"check-ins/answer":           {"answer"},
	"gates/edit":                 {"version", "title", "side", "rhythm", "every", "nth", "day", "anchor", "lead", "on_holiday", "except"},
	"gates/preview":              {"version"}, // as gates; shows the days and stores nothing
	"gates/remove":               {"version"},
	"freezes/edit":               {"version", "title", "side", "from", "to", "blocks"},
	"freezes/remove":             {"version"},
}
