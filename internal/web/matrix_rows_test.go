package web

import (
	"net/url"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/static"
)

// Words of the forms below that more than one row needs.
var (
	none       = func(*matrixPlan) url.Values { return url.Values{} }
	aPerson    = fields(nil, "side", "buyer", "name", "Nele Petersen", "role", "Data protection")
	aWorkspace = fields(nil, "organisation", "Acme Cloud", "language", "en", "zone", "Europe/Berlin", "region", "DE-BE", "fiscal", "0")
	aPrivacy   = fields(nil, "keep", "0", "mails", "90", "least", "5")
)

func goal(f *matrixPlan) plan.ID      { return f.goal }
func criterion(f *matrixPlan) plan.ID { return f.criterion }
func milestone(f *matrixPlan) plan.ID { return f.milestone }
func risk(f *matrixPlan) plan.ID      { return f.risk }
func gate(f *matrixPlan) plan.ID      { return f.gate }
func proposal(f *matrixPlan) plan.ID  { return f.proposal }
func freeze(f *matrixPlan) plan.ID    { return f.freeze }
func note(f *matrixPlan) plan.ID      { return f.note }
func viewerOf(f *matrixPlan) plan.ID  { return f.viewer }
func editorOf(f *matrixPlan) plan.ID  { return f.editor }
func meeting(f *matrixPlan) plan.ID   { return f.meeting }
func quoteOf(f *matrixPlan) plan.ID   { return f.quote }
func held(f *matrixPlan) plan.ID      { return f.held }
func running(f *matrixPlan) string {
	return "/plans/" + f.id + "/check-ins/" + string(f.running) + "/" + civil.On(testNow, time.UTC).String() + "/run"
}
func contribOf(f *matrixPlan) plan.ID { return f.contributor }

func static1(path string) func(*matrixPlan) string { return func(*matrixPlan) string { return path } }

// matrix says who may do what where. What a rule of the protocol refuses to
// somebody who may try (409) counts as let through.
var matrix = []matrixRow{
	// For everybody.
	{pattern: "/static/", allow: anybody, path: static1(static.URL("icon.svg"))},
	{pattern: "GET /healthz", allow: anybody},
	{pattern: "GET /readyz", allow: anybody},
	{pattern: "GET /metrics", allow: anybody}, // from this machine, without a proxy: see TestMetricsAreForTheOperator
	{pattern: "POST /hooks/mail", form: none}, // for the mail service's token alone: see TestMailHook
	{pattern: "GET /{$}", allow: anybody},
	{pattern: "/", allow: "", path: static1("/nowhere")},
	{pattern: "POST /sign-out", allow: anybody, tried: "nx"}, // ends one's own session, so the others keep theirs
	{pattern: "POST /settings/language", allow: anybody, form: fields(nil, "lang", "en")},
	{pattern: "POST /settings/theme", allow: anybody, form: fields(nil, "theme", "")},
	// Doors: the secret decides, and none of these is one.
	{pattern: "GET /setup/{secret}", path: static1("/setup/none")},
	{pattern: "POST /setup/{secret}", path: static1("/setup/none"), form: none},
	{pattern: "GET /in/{secret}", path: static1("/in/none")},
	{pattern: "POST /in/{secret}", path: static1("/in/none"), form: none},
	{pattern: "GET /join/{secret}", path: static1("/join/none")},
	{pattern: "POST /join/{secret}", path: static1("/join/none"), form: none},
	{pattern: "GET /me/{secret}", path: static1("/me/none")},
	{pattern: "POST /me/{secret}", path: static1("/me/none"), form: none},
	{pattern: "POST /join/{secret}/code", path: static1("/join/none/code"), form: none},
	{pattern: "GET /door/{secret}", path: static1("/door/none")},
	{pattern: "POST /door/{secret}", path: static1("/door/none"), form: none},
	{pattern: "GET /not-me/{secret}", path: static1("/not-me/none")},
	{pattern: "POST /not-me/{secret}", path: static1("/not-me/none"), form: none},
	{pattern: "GET /mail/{secret}", path: static1("/mail/none")},
	{pattern: "POST /mail/{secret}", path: static1("/mail/none"), form: fields(nil, "do", "none")},
	// Signing in: see also identity_test.go.
	{pattern: "GET /sign-in", allow: anybody},
	{pattern: "POST /sign-in", allow: anybody, form: fields(nil, "email", "nobody@acme.example")},
	{pattern: "GET /sign-in/code", allow: anybody},
	{pattern: "POST /sign-in/code", allow: anybody, refuses: anybody, form: fields(nil, "code", "12345678")},
	{pattern: "POST /sign-in/passkey/begin", allow: anybody, form: none},
	{pattern: "POST /sign-in/passkey", allow: anybody, refuses: anybody, form: none},
	{pattern: "POST /sign-in/with/{provider}", allow: anybody, path: static1("/sign-in/with/local"), form: none},
	{pattern: "GET /sign-in/callback", allow: anybody}, // refuses who began nothing
	// What a workspace lets an identity provider say.
	{pattern: "POST /workspace/providers/{provider}", allow: admins, path: static1("/workspace/providers/local"), form: fields(nil, "on", "1")},
	// One's own access.
	{pattern: "GET /account", allow: known},
	{pattern: "POST /account/browsers/end", allow: known, form: none},
	{pattern: "POST /account/browsers/{browser}/end", allow: known, path: static1("/account/browsers/none/end"), form: none},
	{pattern: "POST /account/passkeys/begin", allow: members, form: none},
	{pattern: "POST /account/passkeys", allow: members, refuses: members, form: none},
	{pattern: "POST /account/passkeys/{passkey}/{move}", path: static1("/account/passkeys/bm9uZQ/remove"), form: none}, // nobody has this one
	{pattern: "POST /account/with/{provider}", allow: members, path: static1("/account/with/local"), form: none},
	{pattern: "POST /account/with/{provider}/remove", path: static1("/account/with/local/remove"), form: none}, // nobody has connected it
	{pattern: "POST /account/places/{member}", path: static1("/account/places/none"), form: none},
	// A workspace: its members, its administrators.
	{pattern: "GET /workspace", allow: members},
	{pattern: "POST /workspace", allow: admins, form: aWorkspace},
	{pattern: "POST /workspace/people", allow: admins, form: fields(nil, "name", "Priya Natarajan", "email", "priya@acme.example", "language", "en", "role", "seller")},
	{pattern: "POST /workspace/people/{member}/role", allow: "ha", path: ofMember("role"), form: fields(nil, "role", "seller")},
	{pattern: "POST /workspace/people/{member}/off", allow: "ha", path: ofMember("off"), form: none},
	{pattern: "POST /workspace/people/{member}/on", allow: "ha", path: ofMember("on"), form: none},
	{pattern: "GET /workspace/privacy", allow: members},
	{pattern: "POST /workspace/privacy", allow: admins, form: aPrivacy},
	{pattern: "POST /workspace/privacy/find", allow: admins, form: fields(nil, "email", "nobody@nordwerk.example")},
	{pattern: "GET /workspace/privacy/erase/{plan}/{id}", allow: "ha", path: at("/workspace/privacy/erase/%s/%s", viewerOf)},
	{pattern: "POST /workspace/privacy/erase/{plan}/{id}", allow: "ha", refuses: "ha", path: at("/workspace/privacy/erase/%s/%s", viewerOf), form: none},
	{pattern: "GET /workspace/privacy/erase/{member}", allow: "ha", path: toErase},
	{pattern: "POST /workspace/privacy/erase/{member}", allow: "ha", refuses: "ha", path: toErase, form: none},
	{pattern: "GET /workspace/answers", allow: "whma"},
	{pattern: "GET /workspace/directory", allow: admins},
	{pattern: "POST /workspace/directory/roles", allow: admins, form: fields(nil, "group", "Leads", "role", "manager", "base", "seller")},
	{pattern: "POST /workspace/directory/tokens", allow: admins, form: fields(nil, "months", "12")},
	{pattern: "POST /workspace/directory/tokens/{token}/revoke", allow: "ha", path: ofToken, form: none},
	// The method, in a workspace's words.
	{pattern: "GET /playbook", allow: members},
	{pattern: "GET /playbook/{page}", allow: members, path: static1("/playbook/when")},
	{pattern: "GET /playbook/new", allow: leadsTeam},
	{pattern: "POST /playbook/new", allow: leadsTeam, form: fields(nil, "title", "Ours", "text", "Words", "language", "en")},
	{pattern: "GET /playbook/{page}/edit", allow: leadsTeam, path: static1("/playbook/when/edit")},
	{pattern: "POST /playbook/{page}/edit", allow: leadsTeam, path: static1("/playbook/when/edit"), form: fields(nil, "title", "Ours", "text", "Words", "language", "en", "do", "preview")},
	{pattern: "POST /playbook/{page}/edit", allow: leadsTeam, path: static1("/playbook/dates/edit"), form: fields(nil, "title", "Ours", "text", "Words", "language", "en", "version", "0")},
	{pattern: "POST /playbook/{page}/return", path: static1("/playbook/when/return"), form: fields(nil, "language", "en", "version", "1")}, // nothing was written
	// What a plan can begin with: members read, who leads a team writes.
	{pattern: "GET /new/template", allow: members},
	{pattern: "GET /new/template/{template}", allow: members, path: static1("/new/template/small")},
	{pattern: "GET /new/template/{template}", allow: "ohsma", path: ofProcess("/new/template/%s")}, // the workspace's own
	{pattern: "POST /new/template/{template}", allow: members, path: static1("/new/template/small"), form: func(f *matrixPlan) url.Values {
		return url.Values{"id": {string(f.h.app.NewID())}, "buyer": {"Nordwerk AG"}, "language": {"en"}, "do": {"create"}, "name.lead": {"Ute Brandt"}}
	}},
	{pattern: "GET /new/session", allow: members},
	{pattern: "POST /new/session", allow: members, form: func(f *matrixPlan) url.Values {
		return url.Values{"id": {string(f.h.app.NewID())}, "title": {"Decide"}, "buyer": {"Nordwerk AG"}, "seller": {"Acme Cloud"}, "language": {"en"}}
	}},
	{pattern: "GET /templates", allow: members},
	{pattern: "GET /templates/new", allow: leadsTeam},
	{pattern: "POST /templates", allow: leadsTeam, form: packedTemplate(0)},
	{pattern: "GET /templates/{template}", allow: members, path: static1("/templates/small")},
	{pattern: "GET /templates/{template}", allow: "ohsma", path: ofProcess("/templates/%s")},
	{pattern: "GET /templates/{template}/edit", allow: "hma", path: ofProcess("/templates/%s/edit")},
	{pattern: "POST /templates/{template}", allow: leadsTeam, refuses: leadsTeam, path: static1("/templates/small"), form: packedTemplate(1)},
	{pattern: "POST /templates/{template}/{move}", allow: "hma", path: ofProcess("/templates/%s/withdraw"), form: none},
	{pattern: "POST /templates/{template}/{move}", path: static1("/templates/small/withdraw"), form: none}, // what is built in stays
	// Deals are a workspace's own, also beside a plan.
	{pattern: "GET /deals", allow: members},
	{pattern: "GET /deals/new", allow: members},
	{pattern: "POST /deals", allow: members, form: dealFields},
	{pattern: "GET /deals/import", allow: members},
	{pattern: "POST /deals/import", allow: members, form: aList},
	{pattern: "POST /deals/import/preview", allow: members, form: packedList},
	{pattern: "POST /deals/import/apply", allow: members, form: packedList},
	{pattern: "POST /deals/import/bad", allow: members, form: packedList},
	{pattern: "GET /deals/{deal}", allow: "ohsma", path: ofDeal("")},
	{pattern: "POST /deals/{deal}", allow: "ohsma", path: ofDeal(""), form: fields(nil, "version", "1", "name", "ERP")},
	{pattern: "POST /deals/{deal}/plan", allow: "ohsma", path: ofDeal("/plan"), form: none},
	{pattern: "POST /deals/{deal}/remove", allow: "ohsma", path: ofDeal("/remove"), form: none, refuses: "ohsma"},
	{pattern: "GET /new/ready", allow: members},
	{pattern: "POST /new/ready", allow: members, form: aCheck},
	{pattern: "GET /deals/{deal}/readiness", allow: "ohsma", path: ofDeal("/readiness")},
	{pattern: "POST /deals/{deal}/readiness", allow: "ohsma", path: ofDeal("/readiness"), form: aCheck},
	{pattern: "POST /deals/{deal}/resistance", allow: "ohsma", path: ofDeal("/resistance"), form: fields(nil, "objection", "formal")},
	{pattern: "GET /plans/{plan}/deal", allow: "oh"},
	{pattern: "POST /plans/{plan}/deal", allow: "oh", form: chosenDeal},
	{pattern: "GET /plans/{plan}/hesitate", allow: "oh"},
	{pattern: "POST /plans/{plan}/ease", allow: "oh", form: fields(nil, "way", "")},
	{pattern: "GET /plans/{plan}/confirm", allow: works},
	{pattern: "POST /plans/{plan}/confirm", allow: works, form: none},
	{pattern: "GET /plans/{plan}/dates", allow: works},
	{pattern: "POST /plans/{plan}/dates", allow: works, form: none, refuses: works},
	{pattern: "POST /plans/{plan}/resistance", allow: "oh", form: fields(nil, "outcome", "hesitant")},
	// The portfolio: views are one's own, remarks are for managers, and no plan
	// of another workspace is known.
	{pattern: "GET /pilot", allow: members},
	{pattern: "POST /views", allow: members, form: func(f *matrixPlan) url.Values {
		return url.Values{"id": {string(f.h.app.NewID())}, "name": {"Mine"}, "query": {"show=mine"}}
	}},
	{pattern: "POST /views/{view}/delete", path: static1("/views/none/delete"), form: none}, // nobody has this one
	{pattern: "POST /remarks/{plan}", allow: "hma", path: at("/remarks/%s"), form: fields(nil, "text", "Call the CFO", "back", "/")},
	// A new plan: members.
	{pattern: "GET /new", allow: members},
	{pattern: "GET /new/blank", allow: members},
	{pattern: "POST /new/blank", allow: members, form: func(f *matrixPlan) url.Values {
		return url.Values{"id": {string(f.h.app.NewID())}, "title": {"Decide"}, "buyer": {"Nordwerk AG"}, "language": {"en"}}
	}},
	{pattern: "GET /new/sheet", allow: members},
	{pattern: "POST /new/sheet", allow: members, form: none, refuses: members},
	{pattern: "POST /new/preview", allow: members, form: none, refuses: members},
	{pattern: "POST /new/create", allow: members, form: none, refuses: members},
	{pattern: "POST /new/sample", allow: members, form: none, refuses: members},
	// A plan: whoever is on it reads.
	{pattern: "GET /plans/{plan}", allow: onPlan},
	{pattern: "GET /plans/{plan}/table", allow: onPlan},
	{pattern: "GET /plans/{plan}/timeline", allow: onPlan},
	{pattern: "GET /plans/{plan}/people", allow: onPlan},
	{pattern: "GET /plans/{plan}/goals", allow: onPlan},
	{pattern: "GET /plans/{plan}/risks", allow: onPlan},
	{pattern: "GET /plans/{plan}/history", allow: onPlan},
	{pattern: "GET /plans/{plan}/receipt", allow: onPlan},
	{pattern: "GET /plans/{plan}/plan.json", allow: onPlan},
	{pattern: "GET /plans/{plan}/live", allow: onPlan},
	{pattern: "GET /plans/{plan}/take", allow: onPlan},
	{pattern: "GET /plans/{plan}/take/{file}", allow: onPlan, path: at("/plans/%s/take/plan.json")},
	{pattern: "GET /plans/{plan}/take/{file}", allow: onPlan, path: at("/plans/%s/take/history.jsonl")},
	{pattern: "GET /plans/{plan}/take/{file}", allow: onPlan, path: at("/plans/%s/take/history-own.jsonl")}, // each side's is its own
	{pattern: "GET /plans/{plan}/items/{item}", allow: onPlan, path: at("/plans/%s/items/%s", buyerStep)},
	{pattern: "GET /plans/{plan}/about-me", allow: onPlan},
	{pattern: "GET /plans/{plan}/about-me.json", allow: onPlan},
	{pattern: "GET /plans/{plan}/about-me/erase", allow: onPlan},
	{pattern: "POST /plans/{plan}/about-me/erase", allow: onPlan, form: none, refuses: onPlan},
	{pattern: "GET /plans/{plan}/calendars", allow: onPlan},
	{pattern: "GET /plans/{plan}/what-if", allow: onPlan},
	{pattern: "GET /plans/{plan}/backwards", allow: onPlan},
	// Mine: oneself alone; with the secret of a personal link, its bearer.
	{pattern: "GET /mine", allow: known, tried: "nwpovcelhsmax"},
	{pattern: "GET /plans/{plan}/mine", allow: onPlan},
	{pattern: "POST /plans/{plan}/mine", allow: "cel", fresh: true, form: func(f *matrixPlan) url.Values {
		return url.Values{"item": {string(f.buyerStep.ID)}, "version": {f.version(f.buyerStep.ID)}, "move": {"report"}, "result": {"Fertig"}}
	}},
	{pattern: "GET /me/{secret}/mine", path: static1("/me/none/mine")},
	{pattern: "POST /me/{secret}/mine", path: static1("/me/none/mine"), form: none},
	// Sheets are forms: who is on the plan may look at them.
	{pattern: "GET /plans/{plan}/accept", allow: onPlan},
	{pattern: "GET /plans/{plan}/propose", allow: onPlan},
	{pattern: "GET /plans/{plan}/pause", allow: onPlan},
	{pattern: "GET /plans/{plan}/resume", allow: onPlan},
	{pattern: "GET /plans/{plan}/leave", allow: onPlan},
	{pattern: "GET /plans/{plan}/decide", allow: onPlan},
	{pattern: "GET /plans/{plan}/share", allow: onPlan},
	{pattern: "GET /plans/{plan}/title", allow: onPlan},
	{pattern: "GET /plans/{plan}/rows", allow: onPlan},
	{pattern: "GET /plans/{plan}/items/new", allow: onPlan},
	{pattern: "GET /plans/{plan}/people/new", allow: onPlan},
	{pattern: "GET /plans/{plan}/goals/new", allow: onPlan},
	{pattern: "GET /plans/{plan}/criteria/new", allow: onPlan},
	{pattern: "GET /plans/{plan}/milestones/new", allow: onPlan},
	{pattern: "GET /plans/{plan}/risks/new", allow: onPlan},
	{pattern: "GET /plans/{plan}/proposals/{id}/counter", allow: onPlan, agreed: true, path: at("/plans/%s/proposals/%s/counter", proposal)},
	{pattern: "GET /plans/{plan}/links", allow: onPlan},
	{pattern: "GET /plans/{plan}/people/{id}/erase", allow: "vl", path: at("/plans/%s/people/%s/erase", viewerOf)}, // oneself, or one's lead
	// What one says and keeps.
	{pattern: "POST /plans/{plan}/comment", allow: works, form: fields(nil, "text", "Passt für uns.")},
	{pattern: "POST /plans/{plan}/note", allow: works, form: fields(nil, "text", "Nur für uns.")},
	{pattern: "POST /plans/{plan}/notes/{id}/{move}", allow: "cel", path: at("/plans/%s/notes/%s/edit", note), form: fields(nil, "version", "1", "text", "Noch immer.")}, // not the other side's
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: works, path: at("/plans/%s/items/%s/comment", buyerStep), form: fields(nil, "text", "Wann?")},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: works, path: at("/plans/%s/items/%s/note", buyerStep), form: fields(nil, "text", "Intern.")},
	// Documents: what both see, everybody on the plan; what a side keeps to
	// itself, those of it who were let in. Any other answer is as for none.
	{pattern: "GET /plans/{plan}/documents", allow: onPlan},
	{pattern: "POST /plans/{plan}/items/{item}/document", allow: works, path: at("/plans/%s/items/%s/document", buyerStep), form: fields(nil, "title", "Business Case", "link", "https://files.acme.example/case.pdf")},
	{pattern: "POST /plans/{plan}/items/{item}/document", allow: works, path: at("/plans/%s/items/%s/document", buyerStep), form: fields(nil, "internal", "on", "link", "https://files.acme.example/case.pdf")}, // each for their own side
	{pattern: "GET /plans/{plan}/files/{id}", allow: onPlan, path: at("/plans/%s/files/%s", sharedFile)},
	{pattern: "GET /plans/{plan}/files/{id}", allow: "vcel", path: at("/plans/%s/files/%s", ownFile)}, // the buyer's own
	{pattern: "GET /plans/{plan}/files/{id}", path: at("/plans/%s/files/nothing")},
	{pattern: "GET /plans/{plan}/take/files.zip", allow: onPlan},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: "e", tried: "nwpovcehsmaxr", fresh: true, path: at("/plans/%s/items/%s/document-remove", buyerStep), form: func(f *matrixPlan) url.Values {
		return url.Values{"document": {string(f.ownFile)}} // the lead's; an editor takes it away, and then there is none
	}},
	// The buyer's decision paper: its people read it and write it, the other
	// side does not learn that there is one.
	{pattern: "GET /plans/{plan}/paper", allow: "vcel"},
	{pattern: "GET /plans/{plan}/paper", allow: onPlan, fresh: true, path: func(f *matrixPlan) string { f.sharePaper(); return "/plans/" + f.id + "/paper" }},
	{pattern: "POST /plans/{plan}/paper/draft", allow: "cel", form: none},
	{pattern: "POST /plans/{plan}/paper/{part}", allow: "cel", path: at("/plans/%s/paper/cost"), form: func(f *matrixPlan) url.Values {
		return url.Values{"version": {f.paperVersion(plan.PaperCost)}, "text": {"48.000 € im Jahr"}}
	}},
	{pattern: "POST /plans/{plan}/paper/share", allow: "el", form: func(f *matrixPlan) url.Values { return url.Values{"seen": f.paperSeen()} }},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", path: at("/plans/%s/items/%s/document-remove", buyerStep), form: fields(nil, "document", "none")},
	// What changes a step: its terms editors of both sides, its state who does it.
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: works, path: at("/plans/%s/items/%s/edit", buyerStep), form: fields(buyerStep, "due", "2028-06-14")}, // the contributor's own
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: edits, path: at("/plans/%s/items/%s/edit", sellerStep), form: fields(sellerStep, "due", "2028-06-14")},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: "cel", path: at("/plans/%s/items/%s/start", buyerStep), form: fields(buyerStep)},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: "cel", path: at("/plans/%s/items/%s/expect", buyerStep), form: fields(buyerStep, "expected", "2028-06-20", "because", "Urlaub")},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: "cel", path: at("/plans/%s/items/%s/block", buyerStep), form: fields(buyerStep, "because", "Formular fehlt", "waits_for", "seller")},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: "c", path: at("/plans/%s/items/%s/commit", buyerStep), form: fields(buyerStep)}, // the owner's own yes
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: "cel", fresh: true, path: at("/plans/%s/items/%s/report", buyerStep), form: fields(buyerStep, "result", "Fertig")},
	{pattern: "POST /plans/{plan}/items/{item}/{move}", allow: edits, agreed: true, path: at("/plans/%s/items/%s/propose", sellerStep), form: fields(sellerStep, "due", "2028-06-14", "reason", "Urlaub")},
	{pattern: "POST /plans/{plan}/items", allow: works, form: func(f *matrixPlan) url.Values { // a contributor for themselves
		return url.Values{"title": {"Betriebsrat fragen"}, "side": {"buyer"}, "owner": {string(f.contributor)}, "date_open": {"on"}}
	}},
	{pattern: "POST /plans/{plan}/rows", allow: edits, form: fields(nil, "rows", "Schritt\tSeite\tTermin\nVertrag prüfen\tKunde\t14.06.2028")},
	{pattern: "POST /plans/{plan}/stand-all", allow: edits, agreed: true, form: func(f *matrixPlan) url.Values {
		return url.Values{"seen": {string(f.added) + "=" + string(f.view().Plan.Items[f.added].Digest)}}
	}},
	// What changes the plan.
	{pattern: "POST /plans/{plan}/title", allow: edits, form: fields(func(*matrixPlan) plan.ID { return plan.DecisionItem }, "title", "Entscheiden", "decide_by", "2028-06-20")},
	{pattern: "POST /plans/{plan}/goals", allow: edits, form: fields(nil, "text", "Weniger Ausfälle", "side", "buyer")},
	{pattern: "POST /plans/{plan}/criteria", allow: edits, form: fields(nil, "text", "8 von 10", "by", "2028-06-14")},
	{pattern: "POST /plans/{plan}/milestones", allow: edits, form: fields(nil, "title", "Freigaben", "date", "2028-06-14")},
	{pattern: "POST /plans/{plan}/risks", allow: edits, form: fields(nil, "title", "Urlaub", "probability", "50", "low", "1", "likely", "2", "high", "3")},
	{pattern: "POST /plans/{plan}/risks/typical", allow: edits, form: fields(nil, "risk", "key-holiday")},
	{pattern: "POST /plans/{plan}/goals/{id}/{move}", allow: edits, path: at("/plans/%s/goals/%s/edit", goal), form: fields(goal, "text", "Noch weniger Ausfälle")},
	{pattern: "POST /plans/{plan}/criteria/{id}/{move}", allow: edits, path: at("/plans/%s/criteria/%s/edit", criterion), form: fields(criterion, "text", "9 von 10", "by", "2028-06-14")},
	{pattern: "POST /plans/{plan}/milestones/{id}/{move}", allow: edits, path: at("/plans/%s/milestones/%s/edit", milestone), form: fields(milestone, "title", "Freigaben da", "date", "2028-06-14")},
	{pattern: "POST /plans/{plan}/risks/{id}/{move}", allow: edits, path: at("/plans/%s/risks/%s/edit", risk), form: fields(risk, "title", "Ferien", "probability", "40", "low", "1", "likely", "2", "high", "3")},
	{pattern: "POST /plans/{plan}/accept", allow: leads, form: func(f *matrixPlan) url.Values {
		form := url.Values{"version": {f.version(plan.DecisionItem)}}
		for _, x := range f.view().Plan.Shown() {
			form.Add("seen", string(x.Item)+"="+string(x.Digest))
		}
		return form
	}, fresh: true},
	{pattern: "POST /plans/{plan}/propose", allow: edits, agreed: true, form: func(f *matrixPlan) url.Values {
		id := string(f.jointStep.ID)
		return url.Values{"reason": {"Urlaub"}, "version." + id: {f.version(f.jointStep.ID)}, "due." + id: {"2028-06-21"}}
	}},
	{pattern: "POST /plans/{plan}/proposals/{id}/{move}", allow: edits, agreed: true, fresh: true, path: at("/plans/%s/proposals/%s/decline", proposal), form: fields(nil, "version", "1", "reason", "Passt nicht")}, // one's own side's is refused by the rule
	{pattern: "POST /plans/{plan}/pause", allow: leads, fresh: true, form: fields(nil, "version", "1", "reason", "Sommerpause", "review", "2028-07-03")},
	{pattern: "POST /plans/{plan}/resume", allow: leads, form: fields(nil, "version", "1")},
	{pattern: "POST /plans/{plan}/leave", allow: leads, fresh: true, form: fields(nil, "version", "1", "reason", "Kein Bedarf", "sure", "on")},
	{pattern: "POST /plans/{plan}/decide", allow: leads, agreed: true, fresh: true, form: fields(nil, "version", "1", "outcome", "yes", "reason", "Passt", "on", "2028-05-11")},
	{pattern: "POST /plans/{plan}/archive", allow: leads, form: fields(nil, "version", "1")},
	{pattern: "POST /plans/{plan}/share", allow: leads, form: none}, // both open the same door, to the side that is invited
	// Calendars, committees, freezes: free, by editors.
	{pattern: "POST /plans/{plan}/calendars", allow: "el", form: fields(nil, "side", "buyer", "region", "DE-NI", "week", "mon", "fiscal", "0")}, // each side its own
	{pattern: "POST /plans/{plan}/gates", allow: edits, form: aGate},
	{pattern: "POST /plans/{plan}/gates/preview", allow: onPlan, form: aGate}, // stores nothing
	{pattern: "POST /plans/{plan}/gates/{id}/{move}", allow: edits, path: at("/plans/%s/gates/%s/remove", gate), form: fields(gate)},
	{pattern: "POST /plans/{plan}/freezes", allow: edits, form: fields(nil, "title", "Quartalsende", "from", "2028-06-26", "to", "2028-06-30", "blocks", "finish")},
	{pattern: "POST /plans/{plan}/freezes/{id}/{move}", allow: edits, path: at("/plans/%s/freezes/%s/remove", freeze), form: fields(freeze)},
	// Check-ins: planned by editors of either side, changed by who planned them
	// and that side's lead, answered by everybody invited.
	// The planning session: whoever works on the plan speaks, who edits it leads.
	{pattern: "GET /plans/{plan}/session", allow: onPlan},
	{pattern: "POST /plans/{plan}/session/{move}", allow: edits, path: at("/plans/%s/session/start"), form: none},
	{pattern: "POST /plans/{plan}/session/{move}", allow: works, path: at("/plans/%s/session/quote"), form: fields(nil, "topic", "goals", "text", "Weniger Ausfälle.")},
	{pattern: "POST /plans/{plan}/session/{move}", allow: edits, path: at("/plans/%s/session/add"), form: fields(nil, "kind", "milestone", "title", "Prüfung fertig")},
	{pattern: "POST /plans/{plan}/session/{move}", allow: edits, path: at("/plans/%s/session/pick"), form: fields(nil, "pick", "step:security")},
	{pattern: "POST /plans/{plan}/session/{move}", allow: edits, path: at("/plans/%s/session/pause"), form: none},
	{pattern: "POST /plans/{plan}/session/quotes/{id}/{move}", allow: "le", path: at("/plans/%s/session/quotes/%s/edit", quoteOf), form: fields(nil, "version", "1", "text", "Anders gesagt.")}, // who said it, who wrote it down
	{pattern: "GET /plans/{plan}/form", allow: onPlan},
	{pattern: "POST /plans/{plan}/form", allow: edits, form: fields(nil, "form", "")},
	{pattern: "GET /new/light", allow: members},
	{pattern: "POST /new/light", allow: members, form: func(f *matrixPlan) url.Values {
		return url.Values{"id": {string(f.h.app.NewID())}, "title": {"Decide"}, "buyer": {"Nordwerk AG"}, "seller": {"Acme"}, "language": {"en"}}
	}},
	{pattern: "GET /plans/{plan}/check-ins", allow: onPlan},
	{pattern: "GET /plans/{plan}/check-ins/{id}/{day}/run", allow: onPlan, path: running},
	{pattern: "POST /plans/{plan}/check-ins/{id}/{day}/run", allow: edits, path: at("/plans/%s/check-ins/now/2028-05-16/run"), form: none}, // another one is on, which the rule says
	{pattern: "POST /plans/{plan}/check-ins/{id}/{day}/run/{move}", allow: works, path: func(f *matrixPlan) string { return running(f) + "/note" }, form: fields(nil, "text", "Passt.")},
	{pattern: "POST /plans/{plan}/check-ins/{id}/{day}/run/{move}", allow: edits, fresh: true, path: func(f *matrixPlan) string { return running(f) + "/close" }, form: none},
	{pattern: "GET /plans/{plan}/minutes", allow: onPlan},
	{pattern: "GET /plans/{plan}/minutes/{id}", allow: onPlan, path: at("/plans/%s/minutes/%s", held)},
	{pattern: "GET /plans/{plan}/obstacles", allow: onPlan},
	{pattern: "POST /plans/{plan}/check-ins", allow: edits, form: aMeeting},
	{pattern: "POST /plans/{plan}/check-ins/{id}/{move}", allow: onPlan, path: at("/plans/%s/check-ins/%s/answer", meeting), form: fields(nil, "answer", "yes")},
	{pattern: "POST /plans/{plan}/check-ins/{id}/{move}", allow: "l", path: at("/plans/%s/check-ins/%s/edit", meeting), form: aMeeting},
	{pattern: "POST /plans/{plan}/check-ins/{id}/{move}", allow: "l", path: at("/plans/%s/check-ins/%s/cancel", meeting), form: fields(nil, "version", "1")},
	// Calendars to subscribe to: one's own; a calendar shows a secret, and none
	// of these is one.
	{pattern: "GET /plans/{plan}/feed", allow: onPlan},
	{pattern: "POST /plans/{plan}/feed", allow: onPlan, form: none},
	{pattern: "POST /plans/{plan}/feed/stop", allow: onPlan, form: none},
	{pattern: "GET /calendar", allow: members},
	{pattern: "POST /calendar", allow: members, form: none},
	{pattern: "POST /calendar/stop", allow: members, form: none},
	{pattern: "GET /feed/{file}", path: static1("/feed/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics")},
	{pattern: "POST /plans/{plan}/what-if", allow: edits, agreed: true, form: aDate},
	{pattern: "POST /plans/{plan}/backwards", allow: edits, agreed: true, form: aDate},
	{pattern: "POST /plans/{plan}/timeline", allow: edits, agreed: true, form: aDate},
	// People.
	{pattern: "GET /plans/{plan}/proof", allow: onPlan},
	{pattern: "POST /plans/{plan}/proof", allow: onPlan, form: fields(nil, "code", "12345678")}, // a wrong one
	{pattern: "POST /plans/{plan}/proof/code", allow: onPlan, form: none},
	{pattern: "POST /plans/{plan}/proof/sign-in", allow: "oh", form: none}, // members on the plan
	{pattern: "POST /plans/{plan}/proof/code", noMail: true, form: none},
	{pattern: "POST /plans/{plan}/people/{id}/link", path: at("/plans/%s/people/%s/link", viewerOf), form: none}, // a mail brings it
	{pattern: "POST /plans/{plan}/people/{id}/link", noMail: true, allow: "l", path: at("/plans/%s/people/%s/link", viewerOf), form: none},
	{pattern: "POST /plans/{plan}/people/{id}/invite", allow: "l", path: at("/plans/%s/people/%s/invite", viewerOf), form: none},
	{pattern: "POST /plans/{plan}/people/{id}/withdraw", allow: "l", tried: "nwpovelhsmaxr", fresh: true, path: at("/plans/%s/people/%s/withdraw", contribOf), form: none},
	{pattern: "GET /plans/{plan}/mail", allow: onPlan},
	{pattern: "POST /plans/{plan}/mail", allow: onPlan, form: fields(nil, "do", "save")},
	{pattern: "POST /plans/{plan}/mail/me", allow: onPlan, form: fields(nil, "version", "1", "language", "", "salutation", "", "zone", "")},
	{pattern: "POST /plans/{plan}/people/{id}/mail-again", allow: "l", path: at("/plans/%s/people/%s/mail-again", viewerOf), form: none},
	{pattern: "POST /plans/{plan}/domains", allow: leads, form: fields(nil, "domains", "nordwerk.example")},
	{pattern: "POST /plans/{plan}/people", allow: edits, form: aPerson},
	{pattern: "POST /plans/{plan}/people/{id}/{move}", allow: "vel", path: at("/plans/%s/people/%s/absence", viewerOf), form: fields(viewerOf, "from", "2028-06-01", "to", "2028-06-02")}, // one's own, or one's side's editors
	{pattern: "POST /plans/{plan}/people/{id}/{move}", allow: "l", path: at("/plans/%s/people/%s/right", editorOf), form: fields(editorOf, "right", "editor")},
	{pattern: "POST /plans/{plan}/people/{id}/{move}", allow: "l", tried: "nwpovelhsmaxr", fresh: true, path: at("/plans/%s/people/%s/remove", contribOf), form: fields(contribOf)},
	{pattern: "POST /plans/{plan}/people/{id}/erase", allow: "vl", refuses: "vl", path: at("/plans/%s/people/%s/erase", viewerOf), form: none},
	{pattern: "POST /plans/{plan}/links", allow: onPlan, form: none},
	{pattern: "POST /plans/{plan}/links/close", allow: leads, form: none},
}

// aDate moves the joint step, which takes a proposal.
func aDate(f *matrixPlan) url.Values {
	id := string(f.jointStep.ID)
	return url.Values{"reason": {"Urlaub"}, "version." + id: {f.version(f.jointStep.ID)}, "due." + id: {"2028-06-21"}, "item": {id}}
}

// ofMember is about a colleague who does nothing else here.
func ofMember(move string) func(*matrixPlan) string {
	return func(f *matrixPlan) string { return "/workspace/people/" + string(f.colleague) + "/" + move }
}

// aMeeting plans one.
var aMeeting = fields(nil, "version", "1", "date", "2028-05-16", "time", "10:00", "minutes", "30", "rhythm", "week", "zone", "Europe/Berlin", "who", "all")

func toErase(f *matrixPlan) string { return "/workspace/privacy/erase/" + string(f.colleague) }

var aGate = fields(nil, "title", "Vorstand", "side", "buyer", "rhythm", "weeks", "every", "2", "day", "tu", "anchor", "2028-05-16", "lead", "2", "on_holiday", "skip")
