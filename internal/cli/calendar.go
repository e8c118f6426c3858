package cli

import (
	"sync/atomic"

	"tandem/internal/app"
	"tandem/internal/exchange/ics"
	"tandem/internal/locale"
)

// calendars is how calendars are written and read. The address people reach
// the server by is known once it listens.
type calendars struct{ base atomic.Pointer[string] }

func (c *calendars) reach(base string) { c.base.Store(&base) }

func (c *calendars) options() app.Calendaring {
	return app.Calendaring{Codec: ics.Codec{}, Words: words, Base: func() string {
		if b := c.base.Load(); b != nil {
			return *b
		}
		return ""
	}}
}

func words(language, key string, nameValues ...any) string {
	return locale.For(language).T(key, nameValues...)
}
