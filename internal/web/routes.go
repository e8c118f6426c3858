package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tandem/internal/web/static"
	"tandem/internal/web/view"
)

// routes lists every address. No GET changes anything.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	page := func(pattern string, h handler) { mux.Handle(pattern, s.handle(h)) }
	// Doors are opened by a secret: they answer slowly to who tries many.
	door := func(pattern string, h handler) { page(pattern, s.limited(h)) }

	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /healthz", healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", s.mayMeasure(promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{})))

	// Coming in.
	page("GET /{$}", s.start)
	door("GET /setup/{secret}", s.setup)
	door("POST /setup/{secret}", s.setupDone)
	door("GET /in/{secret}", s.signIn)
	door("POST /in/{secret}", s.signInDone)
	door("GET /join/{secret}", s.join)
	door("POST /join/{secret}", s.joinDone)
	door("GET /me/{secret}", s.comeBack)
	door("POST /me/{secret}", s.comeBackDone)
	page("POST /sign-out", s.signOut)
	page("POST /settings/language", s.chooseLanguage)
	page("POST /settings/theme", s.chooseTheme)

	// A member's workspace.
	page("GET /workspace", s.workspace)
	page("POST /workspace", s.workspaceSave)
	page("POST /workspace/people", s.colleagueAdd)

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

	page("/", s.nowhere)
	return mux
}
