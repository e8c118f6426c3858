package view

import "tandem/internal/civil"

// CheckIns is the page on which both sides plan when they meet.
type CheckIns struct {
	All     []CheckIn
	New     CheckInForm
	MayPlan bool
	Address string // of the plan, for calendars to invite; empty: none
	Mails   bool   // invitations are sent
	Zones   []string
	Problem *Problem // of the form named by its Move

	Missed  string // the last one did not take place, in words
	Late    string // where it can be held now; empty: it cannot
	Now     string // where one can be held without appointment; empty: the reader may not
	Running string // path of the one that is held now
	Held    []MinutesRow
}

// CheckIn is one of them.
type CheckIn struct {
	ID, Title string
	When      string // "jede Woche Di, 10:00 Uhr, ab Di, 16. Mai"
	Next      []Slot
	Place     string
	Link      string
	Keeper    string // in whose own calendar it stands; empty: the plan keeps it
	Who       []Comer
	Invited   bool // the reader is
	Answer    string
	Series    bool
	MayChange bool
	Version   uint64
	Form      CheckInForm
}

// Slot is one appointment.
type Slot struct {
	Day  civil.Day // its name in its series
	Text string    // "Di, 16. Mai, 10:00–10:30 Uhr"
	Away []string  // who cannot come, in words
	Date string    // of the form that moves it
	Time string
	Run  string // its agenda, and where it is held
}

// Comer is somebody invited, with their answer: "yes", "maybe", "no" or none.
type Comer struct {
	Person
	Answer string
}

// CheckInForm is what the form of a check-in says.
type CheckInForm struct {
	ID      string // of a new one, so that sending twice plans once
	Title   string
	Date    string
	Time    string
	Minutes string
	Zone    string
	Rhythm  string // "once", "week", "fortnight", "kept"
	Link    string
	Place   string
	Some    bool // only those chosen
	Chosen  map[string]bool
	Hint    string // why this slot is suggested
}

// quiet ends the keys of what is said where no mail is sent.
func (c *CheckIns) quiet() string {
	if c.Mails {
		return ""
	}
	return ".quiet"
}

func (c *CheckIns) problem(move string) *Problem {
	if c.Problem != nil && c.Problem.Move == move {
		return c.Problem
	}
	return nil
}

var checkInLengths = []string{"15", "30", "45", "60", "90", "120"}

// lengths are those offered, with the present one among them.
func lengths(p *Plan, now string) []Option {
	var out []Option
	known := now == ""
	for _, n := range checkInLengths {
		out = append(out, Option{n, p.L.T("checkin.minutes", "N", atoi(n))})
		known = known || n == now
	}
	if !known {
		out = append(out, Option{now, p.L.T("checkin.minutes", "N", atoi(now))})
	}
	return out
}

func rhythms(p *Plan, f *CheckInForm) []Option {
	out := []Option{{"week", p.L.T("checkin.rhythm.week")}, {"fortnight", p.L.T("checkin.rhythm.fortnight")}, {"once", p.L.T("checkin.rhythm.once")}}
	if f.Rhythm == "kept" {
		out = append(out, Option{"kept", p.L.T("checkin.rhythm.kept")})
	}
	return out
}

func atoi(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// answerSign is how an answer is shown beside a name.
func answerSign(answer string) string {
	switch answer {
	case "yes":
		return "✓"
	case "maybe":
		return "?"
	case "no":
		return "✗"
	}
	return "–"
}

// Feed is the page where somebody takes their dates into a calendar.
type Feed struct {
	Path   string // of the page and its forms
	Back   string
	Title  string
	Link   string // made just now; it is shown once
	Webcal string
	Since  string // since when there is one; empty: there is none
	All    string // the address with everybody's steps
	Plans  bool   // over all plans
}

func slotOptions(x *CheckIn) []Option {
	var out []Option
	for _, s := range x.Next {
		out = append(out, Option{s.Day.String(), s.Text})
	}
	return out
}

func zoneNames(zones []string) []Option {
	var out []Option
	for _, z := range zones {
		out = append(out, Option{z, z})
	}
	return out
}

func boolWord(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
