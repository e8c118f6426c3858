package app

import (
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// CalendarCodec writes and reads what calendars exchange (RFC 5545, 5546).
type CalendarCodec interface {
	// Feed writes a calendar that is subscribed to.
	Feed(f CalendarFeed) []byte
	// Invitation writes an invitation, its update or its cancellation.
	Invitation(i CalendarInvitation) []byte
	// Read reads what a calendar sent. Faults are of kind Invalid.
	Read(data []byte) (CalendarMessage, error)
}

// CalendarFeed is a calendar of its own, beside a person's other ones.
type CalendarFeed struct {
	Name    string
	Words   string
	Zone    string
	Entries []CalendarEntry
}

// CalendarEntry is one line of a calendar: a day, or an appointment.
type CalendarEntry struct {
	UID       string
	Sequence  int
	Title     string
	Words     string // plain text, lines ended by "\n"
	Path      string // whole address of the page behind it
	Day       civil.Day
	At        plan.Appointment // where Day is zero; its title is not used
	Place     string
	Link      string // of a conference
	Tentative bool
	Created   time.Time
	Changed   time.Time
}

// CalendarInvitation asks people to an appointment, or tells them that it is
// cancelled (Method CANCEL).
type CalendarInvitation struct {
	Method    string // REQUEST or CANCEL
	Entry     CalendarEntry
	Organizer CalendarPerson
	Invited   []CalendarPerson
}

// CalendarPerson is somebody at an appointment.
type CalendarPerson struct {
	Name, Email string
	Answer      plan.Coming // empty: none yet
}

// CalendarMessage is what somebody's calendar sent.
type CalendarMessage struct {
	Method string // REQUEST, CANCEL, REPLY …, in capitals
	Events []CalendarEvent
}

// CalendarEvent is one appointment in it, or one day of one.
type CalendarEvent struct {
	UID       string
	Sequence  int
	Title     string
	Place     string
	Link      string // of a conference, wherever it stood
	Start     civil.Wall
	Zone      string // IANA; empty where the message says none that is known
	Minutes   int
	Rule      string
	Except    []civil.Day
	Of        Instant // the day of a series this is about; zero: all of it
	Cancelled bool
	Organizer CalendarPerson
	Attendees []CalendarPerson
}

// Instant is a point in time, or a whole day where a message names one.
type Instant struct {
	At  time.Time
	Day civil.Day
}

// IsZero reports that nothing was named.
func (i Instant) IsZero() bool { return i.At.IsZero() && i.Day.IsZero() }

// In is the civil day in a zone.
func (i Instant) In(zone *time.Location) civil.Day {
	if !i.Day.IsZero() {
		return i.Day
	}
	return civil.On(i.At, zone)
}
