package schedule

import (
	"tandem/internal/calendar"
)

// Voice turns phrases into sentences of one language. Text is the message
// catalogue's.
type Voice struct {
	Lang string // "de" or "en"
	Text func(key string, args map[string]any) string
}

// Say speaks a phrase, its inner phrases first.
func (v Voice) Say(p Phrase) string {
	args := make(map[string]any, len(p.Args)/2)
	for i := 0; i+1 < len(p.Args); i += 2 {
		name, _ := p.Args[i].(string)
		switch value := p.Args[i+1].(type) {
		case Phrase:
			args[name] = v.Say(value)
		case []calendar.Reason:
			list := make([]string, len(value))
			for i, r := range value {
				list[i] = v.reason(r)
			}
			args[name] = list
		default:
			args[name] = value
		}
	}
	return v.Text(p.Key, args)
}

// reason names why a day is off: a holiday by its name, an absence by who is
// away, a closed day or freeze by what people call it.
func (v Voice) reason(r calendar.Reason) string {
	name := r.Name(v.Lang)
	switch {
	case r.Kind == calendar.Weekend:
		return v.Text("schedule.reason.weekend", nil)
	case r.Kind == calendar.Absence && name != "":
		return v.Text("schedule.reason.absence.note", map[string]any{"who": r.Who, "note": name})
	case r.Kind == calendar.Absence:
		return v.Text("schedule.reason.absence", map[string]any{"who": r.Who})
	case name != "":
		return name
	case r.Kind == calendar.Closed:
		return v.Text("schedule.reason.closed", map[string]any{"who": r.Who})
	}
	return v.Text("schedule.reason.freeze", nil)
}
