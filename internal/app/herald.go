package app

import "tandem/internal/plan"

// herald says which letters follow from what was decided: by the state after
// it and its events. It runs while the change is being stored and must be
// quick; it sees the shared plan only.
type herald func(d *plan.Decision) []Letter

// announce names a herald; while the service is made.
func (s *Service) announce(h herald) { s.heralds = append(s.heralds, h) }

func (s *Service) lettersOf(d *plan.Decision) []Letter {
	if !s.MailOn() {
		return nil
	}
	var out []Letter
	for _, h := range s.heralds {
		out = append(out, h(d)...)
	}
	return out
}
