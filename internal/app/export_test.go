package app

import (
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// NextHour is officeHours(…).next, for tests.
func NextHour(p *plan.Plan, q *plan.Person, zone *time.Location, t time.Time) (time.Time, bool) {
	return officeHours(p, q, zone).next(t)
}

// PersonLetters is personLetters, for tests.
func PersonLetters(p *plan.Plan, q *plan.Person, zone *time.Location, today civil.Day) []Letter {
	return personLetters(p, q, officeHours(p, q, zone), today)
}
