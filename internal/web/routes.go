package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tandem/internal/web/static"
	"tandem/internal/web/view"
)

// routeTable registers routes and remembers their patterns: the test that
// asks who may do what at each of them reads them from here.
type routeTable struct {
	s        *Server
	mux      *http.ServeMux
	patterns []string
}

// raw is a route that is no page.
func (t *routeTable) raw(pattern string, h http.Handler) {
	t.patterns = append(t.patterns, pattern)
	t.mux.Handle(pattern, h)
}

// page is a route that knows who calls and answers in their language.
func (t *routeTable) page(pattern string, h handler) { t.raw(pattern, t.s.handle(h)) }

// door is a page that is opened by a secret: it answers slowly to who tries
// many.
func (t *routeTable) door(pattern string, h handler) { t.page(pattern, secretive(t.s.limited(h))) }

// secretive keeps the secret of a page's address out of every referrer, also
// those to this server. (No referrer at all would hide from forms where they
// come from.)
func secretive(h handler) handler {
	return func(w http.ResponseWriter, v *visit) error {
		w.Header().Set("Referrer-Policy", "strict-origin")
		return h(w, v)
	}
}

// routes lists every address. No GET changes anything.
func (s *Server) routes() *routeTable {
	t := &routeTable{s: s, mux: http.NewServeMux()}
	page, door := t.page, t.door

	t.raw(static.Prefix, static.Handler())
	t.raw("GET /healthz", http.HandlerFunc(healthz))
	t.raw("GET /readyz", http.HandlerFunc(s.readyz))
	t.raw("POST "+mailHookPath, http.HandlerFunc(s.mailHook))
	t.raw("GET /metrics", s.mayMeasure(promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{})))

	// Coming in.
	page("GET /{$}", s.start)
	door("GET /setup/{secret}", s.setup)
	door("POST /setup/{secret}", s.setupDone)
	door("GET /in/{secret}", s.signIn)
	door("POST /in/{secret}", s.signInDone)
	s.doorRoutes(page, door)
	s.mineRoutes(page, door)
	s.mailRoutes(page)
	page("POST /sign-out", s.signOut)
	page("POST /settings/language", s.chooseLanguage)
	page("POST /settings/theme", s.chooseTheme)

	// A member's workspace.
	page("GET /workspace", s.workspace)
	page("POST /workspace", s.workspaceSave)
	page("POST /workspace/people", s.colleagueAdd)
	s.identityRoutes(page, door)

	// A new plan.
	page("GET /new", s.newPlan)
	page("GET /new/blank", s.blank)
	page("POST /new/blank", s.blankDone)
	page("GET /new/sheet", s.upload)
	page("POST /new/sheet", s.uploadDone)
	page("POST /new/preview", s.preview)
	page("POST /new/create", s.importDone)
	page("POST /new/sample", s.sampleDone)

	// A plan: its views, its forms, its moves.
	page("GET /plans/{plan}", s.tab(view.TabPlan))
	page("GET /plans/{plan}/table", s.tab(view.TabTable))
	page("GET /plans/{plan}/timeline", s.timeline)
	page("POST /plans/{plan}/timeline", s.timelineSend)
	page("GET /plans/{plan}/people", s.tab(view.TabPeople))
	page("GET /plans/{plan}/goals", s.tab(view.TabGoals))
	page("GET /plans/{plan}/risks", s.tab(view.TabRisks))
	page("GET /plans/{plan}/history", s.tab(view.TabHistory))
	page("GET /plans/{plan}/receipt", s.receipt)
	page("GET /plans/{plan}/plan.json", s.asJSON)
	page("GET /plans/{plan}/items/{item}", s.item)
	page("POST /plans/{plan}/items/{item}/{move}", s.itemMove)
	for _, move := range []string{"accept", "propose", "pause", "resume", "leave", "decide", "share", "title", "rows"} {
		page("GET /plans/{plan}/"+move, s.sheet(move))
		page("POST /plans/{plan}/"+move, s.planMove(move))
	}
	page("GET /plans/{plan}/calendars", s.calendars)
	page("POST /plans/{plan}/calendars", s.calendarsMove("calendars"))
	for _, thing := range []string{"gates", "freezes"} {
		page("POST /plans/{plan}/"+thing, s.calendarsMove(thing))
		page("POST /plans/{plan}/"+thing+"/{id}/{move}", s.calendarsMove(thing))
	}
	page("POST /plans/{plan}/gates/preview", s.calendarsPreview)
	s.calendarRoutes(t)
	s.sessionRoutes(t)
	s.runRoutes(t)
	page("GET /plans/{plan}/what-if", s.whatIf)
	page("POST /plans/{plan}/what-if", s.whatIfSend)
	page("GET /plans/{plan}/backwards", s.backwards)
	page("POST /plans/{plan}/backwards", s.backwardsSend)
	for _, thing := range []string{"items", "people", "goals", "criteria", "milestones", "risks"} {
		page("GET /plans/{plan}/"+thing+"/new", s.sheet(thing))
		page("POST /plans/{plan}/"+thing, s.planMove(thing))
	}
	for _, move := range []string{"stand-all", "comment", "note", "archive"} {
		page("POST /plans/{plan}/"+move, s.planMove(move))
	}
	for _, thing := range []string{"proposals", "people", "goals", "criteria", "milestones", "risks"} {
		page("POST /plans/{plan}/"+thing+"/{id}/{move}", s.thingMove(thing))
	}
	page("GET /plans/{plan}/proposals/{id}/counter", s.counter)
	page("POST /plans/{plan}/notes/{id}/{move}", s.publish)
	page("GET /plans/{plan}/live", s.live)
	page("GET /plans/{plan}/links", s.links)
	page("POST /plans/{plan}/links", s.linkMade)
	page("POST /plans/{plan}/links/close", s.linksClosed)
	page("GET /plans/{plan}/take", s.take)
	page("GET /plans/{plan}/take/{file}", s.takeFile)

	s.fileRoutes(t)
	s.paperRoutes(t)
	s.privacyRoutes(t)
	s.directoryRoutes(t)
	s.dealRoutes(t)
	s.easeRoutes(t)
	s.playbookRoutes(t)
	s.portfolioRoutes(t)
	s.processRoutes(t)

	page("/", s.nowhere)
	return t
}
