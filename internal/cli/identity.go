package cli

import (
	"tandem/internal/app"
	"tandem/internal/live"
	"tandem/internal/plan"
	"tandem/internal/store/postgres"
)

// everywhere is a publisher that also sends people away on the other machines.
func (h *house) everywhere() app.Publisher {
	if pg, ok := h.store.(*postgres.Store); ok {
		return machines{h.hub, pg}
	}
	return h.hub
}

type machines struct {
	*live.Hub
	others *postgres.Store
}

// Dismiss closes pages here and on the other machines.
func (m machines) Dismiss(planID, person plan.ID) {
	m.Hub.Dismiss(planID, person)
	m.others.TellDismissed(planID, person)
}
