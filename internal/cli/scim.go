package cli

import (
	"tandem/internal/scim"
	"tandem/internal/web"
)

// programs are the addresses that programs use, not people: the door of identity
// providers.
func (h *house) programs(base string) []web.Machine {
	var out []web.Machine
	for _, r := range scim.Routes(scim.Config{Service: h.service, Base: base, Log: h.log}) {
		out = append(out, web.Machine{Pattern: r.Pattern, Handler: r.Handler})
	}
	return out
}
