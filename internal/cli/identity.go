package cli

import (
	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/identity"
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

// ways are how members sign in besides by mail, for a server that people reach
// under an address.
func ways(c *config.Config, base string) (app.Passkeys, app.Providers, error) {
	var settings []identity.Setting
	for _, p := range c.Providers() {
		s := identity.Setting{IdentityProvider: app.IdentityProvider{ID: p.ID, Label: p.Label, Issuer: p.Issuer}, ClientID: p.ClientID, ClientSecret: p.ClientSecret,
			Scopes: p.Scopes, GroupsClaim: p.GroupsClaim, VerifiedClaim: p.VerifiedClaim, ExternalClaim: p.ExternalClaim}
		for group, role := range p.Roles {
			if s.Roles == nil {
				s.Roles = map[string]app.Role{}
			}
			s.Roles[group] = app.Role(role)
		}
		settings = append(settings, s)
	}
	providers := identity.NewProviders(base, settings)
	if c.NoPasskeys || !identity.HasName(base) {
		return nil, providers, nil
	}
	passkeys, err := identity.NewPasskeys(base)
	return passkeys, providers, err
}
