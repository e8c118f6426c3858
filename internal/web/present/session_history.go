package present

import (
	"tandem/internal/app"
	"tandem/internal/plan"
)

// sessionSentence tells what happened in a planning session, and which form the
// plan took.
func (pr *presenter) sessionSentence(e app.Entry, say sayer) (told, bool) {
	topic := pr.topic
	switch ev := e.Event.(type) {
	case *plan.FormChanged:
		if ev.New == plan.Light {
			return told{text: say("form.light")}, true
		}
		return told{text: say("form.full")}, true
	case *plan.WayChosen:
		name := pr.party(ev.New.For).Name
		switch ev.New.Way {
		case plan.TheirDates:
			return told{text: say("way.dates", "Name", name)}, true
		case plan.JustAgree:
			return told{text: say("way.confirm", "Name", name)}, true
		}
		return told{text: say("way.together")}, true
	case *plan.SessionStarted:
		if s := pr.p.Session; ev.Spent > 0 || s != nil && s.ID == ev.Session && s.Began.Before(e.At) {
			return told{text: say("session.continued", "Topic", topic(ev.Topic))}, true
		}
		return told{text: say("session.started")}, true
	case *plan.SessionLed:
		return told{text: say("session.led")}, true
	case *plan.SessionStepped:
		return told{text: say("session.stepped", "Topic", topic(ev.To))}, true
	case *plan.SessionPaused:
		return told{text: say("session.paused")}, true
	case *plan.SessionEnded:
		return told{text: say("session.ended")}, true
	case *plan.QuoteKept:
		if ev.Said != e.Actor {
			return told{text: say("quote.keptFor", "Name", pr.name(ev.Said), "Topic", topic(ev.Topic)), why: ev.Text.Value}, true
		}
		return told{text: say("quote.kept", "Topic", topic(ev.Topic)), why: ev.Text.Value}, true
	case *plan.QuoteEdited:
		return told{text: say("quote.edited", "Old", ev.Old.Value), why: ev.New.Value}, true
	case *plan.QuoteRemoved:
		return told{text: say("quote.removed")}, true
	case *plan.QuoteUsed:
		if q := pr.p.Person(ev.Item); q != nil {
			return told{text: say("quote.used", "What", pr.name(q.ID))}, true
		}
		return told{text: say("quote.used", "What", closed(pr.title(ev.Item)))}, true
	}
	return told{}, false
}

// topic is what a question of the session is about, in a few words.
func (pr *presenter) topic(t plan.Topic) string {
	switch t {
	case plan.TopicBuyer:
		return pr.l.T("session.topic.side", "Name", pr.party(plan.Buyer).Short)
	case plan.TopicSeller:
		return pr.l.T("session.topic.side", "Name", pr.party(plan.Seller).Short)
	}
	return pr.l.T("session.topic." + string(t))
}

// shortTopic is a topic where there is little room.
func (pr *presenter) shortTopic(t plan.Topic) string {
	switch t {
	case plan.TopicBuyer:
		return pr.party(plan.Buyer).Short
	case plan.TopicSeller:
		return pr.party(plan.Seller).Short
	case plan.TopicActivities, plan.TopicDates, plan.TopicApproval:
		return pr.l.T("session.short." + string(t))
	}
	return pr.topic(t)
}
