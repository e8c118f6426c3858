package sheet

import (
	"strconv"
	"strings"

	"tandem/internal/planfile"
)

var statusWords = map[planfile.Status]map[string]bool{
	planfile.Done: set("erledigt,fertig,abgeschlossen,done,complete,completed,finished,closed,geschlossen,yes,ja,j,y,x,true,wahr,ok,okay,erl,beendet,check," +
		"bestaetigt,confirmed,delivered,geliefert,100 percent,signed,unterschrieben,umgesetzt,vollstaendig,geschafft"),
	planfile.Open: set("offen,open,not started,nicht begonnen,nicht gestartet,geplant,planned,to do,todo,neu,new,pending,ausstehend,no,nein,n,false,falsch," +
		"upcoming,anstehend,scheduled,terminiert,tbd,0 percent,noch offen,future,zu tun,backlog,not yet"),
	planfile.Started: set("in arbeit,in progress,laeuft,laufend,begonnen,gestartet,started,wip,ongoing,in bearbeitung,active,aktiv,underway,under way,in review,in pruefung," +
		"work in progress,teilweise,partially,partial,teilweise erledigt,angefangen,on track,in time,im plan,in flight,working on it,wird bearbeitet"),
	planfile.Blocked: set("blockiert,blocked,wartet,waiting,on hold,pausiert,paused,haengt,stuck,gestoppt,zurueckgestellt,wartend,angehalten,steht,stalled,hold"),
	planfile.Dropped: set("entfaellt,entfallen,gestrichen,cancelled,canceled,dropped,verworfen,abgesagt,storniert,obsolete,obsolet,nicht noetig,not needed,no longer needed," +
		"abandoned,n a,na,wont do,skipped,uebersprungen,abgebrochen"),
}

// colours of a traffic light, and what people usually mean by them; only a
// guess, so it is always said.
var colours = map[string]planfile.Status{"gruen": planfile.Started, "green": planfile.Started, "gelb": planfile.Started, "yellow": planfile.Started,
	"amber": planfile.Started, "orange": planfile.Started, "rot": planfile.Blocked, "red": planfile.Blocked, "grau": planfile.Open, "gray": planfile.Open,
	"grey": planfile.Open, "weiss": planfile.Open, "white": planfile.Open, "blau": planfile.Done, "blue": planfile.Done}

// readStatus is the status that a text begins with, and what it says besides.
// Without a status at its beginning ok is false.
func readStatus(text string) (status planfile.Status, rest string, colour, ok bool) {
	f := fold(text)
	if s, ok := colours[f]; ok {
		return s, "", true, true
	}
	if number, isPercent := strings.CutSuffix(f, "percent"); isPercent {
		if n, err := strconv.Atoi(strings.TrimSpace(number)); err == nil {
			return ofPercent(n), "", false, true
		}
	}
	for s, words := range statusWords {
		if words[f] {
			return s, "", false, true
		}
	}
	words := strings.Fields(f)
	for n := min(3, len(words)-1); n > 0; n-- {
		head := strings.Join(words[:n], " ")
		if len(head) < 4 { // "x", "no", "ok" say nothing as a first word
			continue
		}
		for s, known := range statusWords {
			if known[head] {
				return s, strings.Join(words[n:], " "), false, true
			}
		}
	}
	return "", f, false, false
}

func ofPercent(n int) planfile.Status {
	switch {
	case n <= 0:
		return planfile.Open
	case n >= 100:
		return planfile.Done
	}
	return planfile.Started
}
