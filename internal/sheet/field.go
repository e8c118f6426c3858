package sheet

import "strings"

// Field is what a column holds.
type Field string

const (
	Other        Field = "" // kept in the notes as "Header: value"
	Number       Field = "number"
	Title        Field = "title"
	SideOf       Field = "side"
	Owner        Field = "owner"
	OwnerBuyer   Field = "ownerBuyer"
	OwnerSeller  Field = "ownerSeller"
	Role         Field = "role"
	Email        Field = "email"
	Start        Field = "start"
	Due          Field = "due"
	Expected     Field = "expected"
	StatusOf     Field = "status"
	StartedOn    Field = "startedOn"
	DoneOn       Field = "doneOn"
	Predecessors Field = "predecessors"
	Milestone    Field = "milestone"
	Duration     Field = "duration"
	DoneWhen     Field = "doneWhen"
	Because      Field = "blockedBecause"
	Kind         Field = "kind"
	Notes        Field = "notes"
	Ignore       Field = "ignore" // never recognised, only chosen by a person
)

// Fields lists what a person may choose for a column.
func Fields() []Field {
	return []Field{Title, Number, SideOf, Owner, OwnerBuyer, OwnerSeller, Role, Email, Start, Due, Expected, StatusOf, StartedOn, DoneOn,
		Predecessors, Milestone, Duration, DoneWhen, Because, Kind, Notes, Other, Ignore}
}

// synonyms are the folded names under which people keep a field; a stronger
// name comes earlier. A name may stand under two fields: the one that is
// still free gets it.
var synonyms = []struct {
	field Field
	names []string
}{
	{Number, strings.Split("nr,no,num,number,nummer,lfd nr,lfd,lfdnr,id,pos,position,ref,item no,item nr,step no,schritt nr,step nr,task id,wbs,psp,psp code,wbs code,task nr,task no,aktion nr,action no,action nr", ",")},
	{Title, strings.Split("aktivitaet,aktivitaeten,aufgabe,aufgaben,massnahme,massnahmen,schritt,schritte,was,titel,thema,vorgang,vorgangsname,arbeitspaket,to do,todo,todos,to dos,"+
		"action,actions,action item,action items,activity,activities,task,tasks,task name,step,steps,what,title,deliverable,item,next step,next steps,key activity,event,subject,description,beschreibung,"+
		"was ist zu tun,what needs to happen,action step,name,milestone task,meilenstein aufgabe,bezeichnung,task description,activity description", ",")},
	{SideOf, strings.Split("firma,seite,partei,unternehmen,organisation,organization,company,side,party,org,responsible party,kunde anbieter,anbieter kunde,customer vendor,vendor customer,us customer,us them,responsible company,responsible organisation,wer ist dran,team,owning party", ",")},
	{Owner, strings.Split("verantwortlich,verantwortliche,verantwortlicher,verantwortliche person,verantwortlichkeit,zustaendig,zustaendigkeit,wer,owner,owners,responsible,responsibility,responsible person,assignee,assigned to,assigned,who,person,"+
		"ansprechpartner,ansprechpartnerin,bearbeiter,dri,accountable,action owner,task owner,step owner,resource names,ressourcennamen,resource,durch,lead,contact,kontakt,name,wer macht es,owner name", ",")},
	{Role, strings.Split("rolle,funktion,role,job title,jobtitel,function,position,abteilung,department,title,owner role,titel", ",")},
	{Email, strings.Split("e mail,email,mail,e mail adresse,emailadresse,mailadresse,email address,e mail address,mail address,owner email,kontakt,contact", ",")},
	{Start, strings.Split("beginn,start,anfang,von,ab,startdatum,start date,from,begin,begin date,geplanter beginn,planned start,start am,startet am,starttermin,start planned", ",")},
	{Due, strings.Split("faellig am,faellig,faelligkeit,faelligkeitsdatum,bis,bis wann,termin,deadline,frist,zieldatum,zieltermin,due date,due,due by,by when,when,wann,target date,target,ende,enddatum,end,end date,finish,finish date,"+
		"fertig bis,erledigen bis,zu erledigen bis,datum,date,planned finish,planned end,geplantes ende,complete by,completion date,by,target completion,due on,bis datum,faellig bis", ",")},
	{Expected, strings.Split("voraussichtlich,voraussichtlich am,erwartet,expected,expected date,forecast,prognose,eta,neuer termin,revised date,revised due,new date,estimated completion", ",")},
	{StatusOf, strings.Split("status,stand,zustand,state,fortschritt,progress,erledigt,done,complete,completed,percent complete,complete percent,percent,prozent,rag,rag status,ampel,fertig,abgeschlossen,finished,percent abgeschlossen,erledigt percent,done percent", ",")},
	{StartedOn, strings.Split("begonnen am,gestartet am,started on,actual start,tatsaechlicher beginn,ist beginn,started", ",")},
	{DoneOn, strings.Split("erledigt am,done on,completed on,abgeschlossen am,fertig am,actual finish,date completed,completed date,ist ende,tatsaechliches ende,actual date,date done,actual end,actual completion,completion date,done date", ",")},
	{Predecessors, strings.Split("haengt ab von,abhaengig von,abhaengigkeit,abhaengigkeiten,vorgaenger,voraussetzung,voraussetzungen,nach,depends on,dependency,dependencies,predecessor,predecessors,prerequisite,prerequisites,blocked by,after,requires,braucht,dependent on,vorher", ",")},
	{Milestone, strings.Split("meilenstein,meilensteine,phase,milestone,milestones,stage,abschnitt,section,etappe,projektphase,project phase", ",")},
	{Duration, strings.Split("dauer,duration,tage,days,dauer tage,duration days,arbeitstage,working days,dauer in tagen,duration in days,dauer at,work days,effort days", ",")},
	{DoneWhen, strings.Split("erledigt wenn,fertig wenn,done when,definition of done,abnahmekriterium,abnahmekriterien,what does done look like,what done looks like,done looks like,woran erkennen wir dass es erledigt ist,exit criteria,acceptance criteria,success criteria,erfolgskriterium,erfolgskriterien,ergebnis,outcome,complete when,result", ",")},
	{Because, strings.Split("hindernis,hindernisse,blocker,blockers,blockiert weil,blocked because,wartet auf,waiting for,waiting on,impediment", ",")},
	{Kind, strings.Split("art,kind,art des schritts,type of step", ",")},
	{Notes, strings.Split("notizen,notiz,bemerkung,bemerkungen,kommentar,kommentare,anmerkung,anmerkungen,hinweis,hinweise,info,notes,note,comments,comment,remark,remarks,details,additional info,sonstiges,status update,updates,notes comments,comments notes", ",")},
}

// candidate is a field that a header may mean.
type candidate struct {
	field      Field
	confidence float64
}

// candidates are what a header may mean, best first; none below 0.5.
func candidates(header string) []candidate {
	f := fold(header)
	if f == "" || len(header) > 60 {
		return nil
	}
	var list []candidate
	if c, ok := sidedOwner(f); ok {
		list = append(list, c)
	}
	for _, s := range synonyms {
		best := 0.0
		for rank, name := range s.names {
			best = max(best, likeness(f, name)-0.001*float64(rank))
		}
		if best >= 0.5 {
			list = append(list, candidate{s.field, best})
		}
	}
	// Stable insertion keeps the order of synonyms among equals.
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j].confidence > list[j-1].confidence; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// sidedOwner recognises "Customer owner" and "Verantwortlich (Kunde)".
func sidedOwner(f string) (candidate, bool) {
	words := strings.Fields(f)
	if len(words) < 2 {
		return candidate{}, false
	}
	for i, w := range words {
		rest := strings.Join(append(append([]string{}, words[:i]...), words[i+1:]...), " ")
		owner := false
		for _, s := range synonyms {
			if s.field == Owner {
				for _, n := range s.names {
					owner = owner || rest == n
				}
			}
		}
		switch {
		case owner && buyerWords[w]:
			return candidate{OwnerBuyer, 0.98}, true
		case owner && sellerWords[w]:
			return candidate{OwnerSeller, 0.98}, true
		}
	}
	return candidate{}, false
}

// likeness is 1 for the same words, less for a header that begins or ends
// with the name, abbreviates it ("Verantw."), or mistypes it.
func likeness(header, name string) float64 {
	switch {
	case header == name:
		return 1
	case len(name) >= 3 && strings.HasPrefix(header, name+" "):
		return 0.85
	case len(name) >= 4 && strings.HasSuffix(header, " "+name):
		return 0.75
	case len(header) >= 4 && len(name) > len(header) && strings.HasPrefix(name, header):
		return 0.62 + 0.1*float64(len(header))/float64(len(name)) // the shorter name is meant
	case len(name) >= 6 && len(header) >= 6 && oneSlip(header, name):
		return 0.65
	case len(name) >= 5 && strings.Contains(" "+header+" ", " "+name+" "):
		return 0.6
	}
	return 0
}

// oneSlip reports that two words differ by one letter changed, added, left
// out or swapped with its neighbour.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
