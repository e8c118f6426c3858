package web

// identityRoutes are how members sign in, and what they and their
// administrators do about their accounts.
func (s *Server) identityRoutes(page, door func(pattern string, h handler)) {
	page("POST /workspace/people/{member}/role", s.colleagueRole)
	page("POST /workspace/people/{member}/off", s.colleagueSwitch(true))
	page("POST /workspace/people/{member}/on", s.colleagueSwitch(false))
}
