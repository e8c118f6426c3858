package plan

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestASessionIsBegunLeftAndContinued(t *testing.T) {
	t.Parallel()
	w := shared(t)
	digest := w.plan.Digest()
	w.do(sarah, StartSession{ID: "s1"})
	s := w.plan.Session
	w.is("topic", s.Topic, TopicGoals)
	w.is("leader", s.Lead, ID(sarah))
	w.is("runs", s.Runs(w.now), true)
	w.is("begun twice", len(w.do(john, StartSession{ID: "s2"})), 0)
	w.do(sarah, StepSession{To: TopicPeople})
	w.now = w.now.Add(10 * time.Minute)
	w.do(ute, PauseSession{}) // whoever has to go
	w.is("rests", w.plan.Session.Rests(w.now), true)
	w.is("spent", w.plan.Session.Spent, 10*time.Minute)
	w.is("paused twice", len(w.do(tom, PauseSession{})), 0)
	w.later(3)
	w.do(john, StartSession{ID: "s3"})
	s = w.plan.Session
	w.is("the same session", s.ID, ID("s1"))
	w.is("where it was left", s.Topic, TopicPeople)
	w.is("who continues leads", s.Lead, ID(john))
	w.is("its time goes on", s.Spent, 10*time.Minute)
	w.now = w.now.Add(5 * time.Minute)
	w.do(john, EndSession{})
	w.is("spent in all", w.plan.Session.Spent, 15*time.Minute)
	w.is("over", w.plan.Session.Runs(w.now) || w.plan.Session.Rests(w.now), false)
	w.no("fault.session.none", john, StepSession{To: TopicRisks})
	w.no("fault.session.none", john, PauseSession{})
	w.no("fault.session.none", john, LeadSession{})
	w.no("fault.session.none", john, EndSession{})
	w.no("fault.id", john, StartSession{ID: "s1"})
	w.do(tom, StartSession{ID: "s4", Topic: TopicRisks})
	w.is("another one", w.plan.Session.Spent, time.Duration(0))
	w.is("terms", w.plan.Digest(), digest)
}

// Nobody presses pause when they close the laptop.
func TestASessionEverybodyLeftRests(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(sarah, StartSession{ID: "s1"})
	w.now = w.now.Add(20 * time.Minute)
	w.do(ute, KeepQuote{ID: "q1", Topic: TopicGoals, Text: "Fewer outages."})
	w.now = w.now.Add(89 * time.Minute)
	w.is("still there", w.plan.Session.Runs(w.now), true)
	w.now = w.now.Add(14 * time.Hour)
	w.is("rests", w.plan.Session.Rests(w.now), true)
	w.do(vic, Depart{Person: vic}) // what happens meanwhile counts for nothing
	w.do(ute, StartSession{ID: "s2"})
	w.is("spent", w.plan.Session.Spent, 20*time.Minute)
}

func TestWhoLeadsASessionMovesIt(t *testing.T) {
	t.Parallel()
	w := draft(t)
	w.no("fault.session.draft", sarah, StartSession{ID: "s1"})
	w.do(sarah, Batch{Share{}, StartSession{ID: "s1"}})
	w.do(sarah, LetIn{Person: john, Access: Lead})
	w.do(john, LetIn{Person: ute, Access: Editor})
	w.do(john, LetIn{Person: max_, Access: Contributor})
	w.do(john, LetIn{Person: vic, Access: Viewer})
	w.no("fault.session.lead", john, StepSession{To: TopicRisks})
	w.no("fault.session.lead", john, EndSession{})
	w.no("fault.right.edit", max_, LeadSession{})
	w.no("fault.right.edit", max_, StartSession{ID: "s2"})
	w.no("fault.right.viewer", vic, PauseSession{})
	w.no("fault.session.topic", sarah, StepSession{To: "weather"})
	w.no("fault.session.topic", sarah, StartSession{ID: "s2", Topic: "weather"})
	w.do(john, LeadSession{})
	w.is("led twice", len(w.do(john, LeadSession{})), 0)
	w.no("fault.session.lead", sarah, StepSession{To: TopicRisks})
	w.do(john, StepSession{To: TopicRisks})
	w.is("already there", len(w.do(john, StepSession{To: TopicRisks})), 0)
	w.do(john, Conclude{Outcome: DecidedNo})
	w.no("fault.plan.decided", john, StepSession{To: TopicGoals})
	w.no("fault.plan.decided", john, KeepQuote{ID: "q", Topic: TopicGoals, Text: "Too late."})
}

func TestQuotesAreKeptWordForWord(t *testing.T) {
	t.Parallel()
	w := shared(t)
	words := "We must know whether it holds\nwhen the plant is busy – 3 a.m., mostly."
	w.do(tom, KeepQuote{ID: "q1", Topic: TopicGoals, Said: ute, Text: words})
	w.is("sent twice", len(w.do(tom, KeepQuote{ID: "q1", Topic: TopicGoals, Said: ute, Text: words})), 0)
	q := w.plan.Quotes[0]
	w.is("words", q.Text.Value, words)
	w.is("who said it", q.Said, ID(ute))
	w.is("who wrote it", q.By, ID(tom))
	w.is("whose words", q.Text.Subject, ID(ute))
	w.do(max_, KeepQuote{ID: "q2", Topic: TopicRisks, Text: "Our plant closes in August."})
	w.is("on the topic", len(w.plan.QuotesOn(TopicGoals)), 1)
	w.is("in all", len(w.plan.QuotesOn("")), 2)

	w.no("fault.right.quote", sarah, EditQuote{Quote: "q1", Version: 1, Text: "It holds."})
	w.no("fault.right.quote", sarah, RemoveQuote{Quote: "q1", Version: 1})
	w.do(ute, EditQuote{Quote: "q1", Version: 1, Text: words + " Sundays too."}) // who said it
	w.no("fault.item.changed", tom, EditQuote{Quote: "q1", Version: 1, Text: "x"})
	w.is("unchanged", len(w.do(tom, EditQuote{Quote: "q1", Version: 2, Text: words + " Sundays too."})), 0)
	w.do(tom, RemoveQuote{Quote: "q1", Version: 2}) // who wrote it down
	w.is("gone", len(w.plan.QuotesOn(TopicGoals)), 0)

	w.no("fault.text.empty", tom, KeepQuote{ID: "q3", Topic: TopicGoals, Text: " \n"})
	w.no("fault.text.long", tom, KeepQuote{ID: "q3", Topic: TopicGoals, Text: strings.Repeat("x", maxQuote+1)})
	w.no("fault.quote.said", tom, KeepQuote{ID: "q3", Topic: TopicGoals, Said: "ghost", Text: "Boo."})
	w.no("fault.session.topic", tom, KeepQuote{ID: "q3", Topic: "weather", Text: "Rain."})
	w.no("fault.id", tom, KeepQuote{ID: "a b", Topic: TopicGoals, Text: "Rain."})
	w.no("fault.right.viewer", vic, KeepQuote{ID: "q3", Topic: TopicGoals, Text: "I only read."})
	w.no("fault.missing", tom, EditQuote{Quote: "none", Version: 1, Text: "x"})
}

func TestQuotesBecomeItems(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(max_, KeepQuote{ID: "q1", Topic: TopicActivities, Text: "Data protection has to look at it."})
	step := Add{ID: "dp", Kind: KindAction, Terms: Patch{Title: ptr("Data protection review"), Party: ptr(ByBuyer)}}
	w.do(tom, Batch{step, UseQuote{Quote: "q1", Item: "dp"}})
	w.is("made of it", w.plan.Quotes[0].Items[0], ID("dp"))
	w.is("once", len(w.do(tom, UseQuote{Quote: "q1", Item: "dp"})), 0)
	w.is("not agreed by it", w.item("dp").StandsBehind(Buyer), false)
	w.no("fault.missing", tom, UseQuote{Quote: "q1", Item: "nothing"})
	w.no("fault.missing", tom, UseQuote{Quote: "none", Item: "dp"})
	step.ID = "dp2"
	w.no("fault.missing", tom, Batch{step, UseQuote{Quote: "none", Item: "dp2"}}) // both or none
	w.do(tom, Batch{AddPerson{NewPerson: NewPerson{ID: "ada", Side: Buyer, Name: "Ada Holm"}}, UseQuote{Quote: "q1", Item: "ada"}})
}

func TestQuotesHaveLimits(t *testing.T) {
	t.Parallel()
	w := shared(t)
	for i := range maxQuotes {
		w.do(tom, KeepQuote{ID: ID("q" + strconv.Itoa(i)), Topic: TopicGoals, Text: "Again."})
	}
	w.no("fault.quote.many", tom, KeepQuote{ID: "more", Topic: TopicGoals, Text: "Again."})
}

// Rule 16: what somebody said goes with them, whoever wrote it down.
func TestRule16ErasingTakesQuotesAway(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, KeepQuote{ID: "q1", Topic: TopicGoals, Said: ute, Text: "Hers."})
	w.do(ute, KeepQuote{ID: "q2", Topic: TopicGoals, Said: john, Text: "His."})
	w.erase(ute)
	all := w.plan.QuotesOn(TopicGoals)
	w.is("left", len(all), 1)
	w.is("his", all[0].Text.Value, "His.")
}

func TestALightPlanGrowsAndShrinks(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.is("made as a full one", w.plan.Form, Full)
	w.no("fault.form", tom, Reshape{Form: "tiny"})
	w.no("fault.right.edit", max_, Reshape{Form: Light})
	w.do(tom, Reshape{Form: Light})
	w.is("again", len(w.do(ute, Reshape{Form: Light})), 0)
	digest, step := w.plan.Digest(), func(n int) Add {
		return Add{ID: ID("n" + strconv.Itoa(n)), Kind: KindAction, Terms: Patch{Title: ptr("Step " + strconv.Itoa(n)), Party: ptr(ByBuyer)}}
	}
	w.do(ute, Reshape{Form: Full})
	w.do(ute, Reshape{Form: Light})
	w.is("changes no terms", w.plan.Digest(), digest)
	for n := len(w.plan.Live(KindAction)); n < MaxLight; n++ {
		w.do(ute, step(n))
	}
	w.is("seven fit", w.plan.Form, Light)
	events := w.do(ute, step(MaxLight)) // never kept from adding
	w.is("the eighth makes it a full one", w.plan.Form, Full)
	w.is("and that is told", has(events, "plan.form"), true)
	w.no("fault.form.many", tom, Reshape{Form: Light})
	w.do(ute, Remove{Item: "n7", Version: w.v("n7")})
	w.do(tom, Reshape{Form: Light})
	w.is("back", w.plan.Form, Light)
}

func TestAPlanIsMadeAsALightOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := create()
	c.Form = "tiny"
	w.no("fault.form", sarah, c)
	c.Form = Light
	w.do(sarah, c)
	w.is("form", w.plan.Form, Light)
	w = newWorld(t)
	for n := range MaxLight {
		c.Items = append(c.Items, NewItem{Add: Add{ID: ID("n" + strconv.Itoa(n)), Kind: KindAction, Terms: Patch{Title: ptr("Step"), Party: ptr(ByBuyer)}}})
	}
	w.do(sarah, c)
	w.is("too much for one page", w.plan.Form, Full)
}
