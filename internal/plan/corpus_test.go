package plan

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/civil"
)

var (
	update  = flag.Bool("update", false, "write the logs of stories that have none yet; a log once written stays")
	meaning = flag.Bool("meaning", false, "write anew what the logs mean: for a field of the state that is new")
)

// stories are the lives that logs were written of. What has a log is not
// changed any more: new kinds of events get a story of their own.
var stories = map[string]func(failer) *world{"story-v1": story, "archived-v1": archived, "checkin-v1": checkedIn, "document-v1": documented, "door-v1": frontDoor, "session-v1": talkedOver,
	"run-v1": ranCheckIn, "file-v1": filed, "process-v1": laidOut, "way-v1": madeEasy}

// story is a plan's life with every kind of event.
func story(t failer) *world {
	w := newWorld(t)
	c := create()
	c.Predecessor = "plan-of-last-year"
	w.do(sarah, c)
	w.do(sarah, LetIn{Person: tom, Access: Editor})
	w.do(sarah, LetIn{Person: john, Access: Lead})
	w.do(sarah, Share{})
	w.do(john, LetIn{Person: ute, Access: Editor})
	w.do("", Join{NewPerson{ID: nina, Side: Buyer, Name: "Nina Kraus", Email: "nina@nordwerk.example"}})
	w.do(john, LetIn{Person: nina, As: paul, Access: Contributor})
	w.do(ute, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Role: ptr("CFO"), Absences: &[]SpanInput{{From: today + 12, To: today + 31, Note: "travelling"}}})
	w.do(ute, Settle{Calendar: Sides[*CalendarInput]{Buyer: &CalendarInput{Region: "DE-NI"}}})
	w.do(tom, Add{ID: "risk", Kind: KindRisk, Risk: &RiskInput{Title: "CFO away", Mitigation: "Deputy signs", RiskDetails: RiskDetails{Probability: .6, Low: 3, Likely: 9, High: 15, Owner: ute, Actions: []ID{buyers}}}})
	w.do(tom, Add{ID: "board", Kind: KindGate, Gate: &GateInput{Title: "Investment board", GateDetails: GateDetails{Rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", Anchor: today + 7, LeadDays: 2}}})
	w.do(tom, Add{ID: "quarter", Kind: KindFreeze, Freeze: &FreezeInput{Title: "Quarter end", FreezeDetails: FreezeDetails{From: today + 55, To: today + 59, Blocks: "finish"}}})
	w.do(tom, Detail{Item: buyers, Version: w.v(buyers), Details: Details{Duration: ptr(5), Gate: "board", Milestone: mile, Category: "legal-review", Estimate: &Estimate{Low: 3, Likely: 5, High: 12, Shape: "pert"}}})
	w.do(ute, w.edit(buyers, title("Rechtsprüfung der AGB")))
	w.do(ute, w.undo(buyers))
	w.do(ute, w.stand(sellers))
	w.do(ute, Add{ID: "draft-goal", Kind: KindGoal, Terms: title("Geht wieder weg")}.as(ByBuyer))
	w.do(ute, Remove{Item: "draft-goal", Version: w.v("draft-goal")})
	w.doPrivate(Buyer, ute, SetInternal{ID: "i1", Title: "Vorstand fragen", After: []ID{sellers}})
	w.doPrivate(Buyer, ute, SetInternal{ID: "i2", Title: "Entfällt"})
	w.doPrivate(Buyer, ute, RemoveInternal{ID: "i2", Version: 1})
	w.doPrivate(Seller, tom, SetNote{ID: "n1", Item: buyers, Text: "They always take longer."})
	w.doPrivate(Seller, tom, RemoveNote{ID: "n1", Version: 1})
	w.later(1)
	w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.do(ute, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: TakesOn})
	w.do(tom, GiveAnswer{Item: lone, Version: w.v(lone), Kind: Handed, To: cora, Reason: "Cora knows it."})
	w.do(tom, w.edit(sellers, due(today+8)))
	w.do(tom, w.propose("p1", w.wish(buyers, due(today+20)), Wish{Item: "p1-link", Link: true, Patch: Patch{From: ptr(lone), To: ptr(joint)}}))
	w.do(ute, Counter{ID: "p1", With: w.propose("p2", w.wish(buyers, due(today+18)))})
	w.do(tom, w.accept("p2"))
	w.do(ute, w.propose("p3", Wish{Item: criterion, Version: w.v(criterion), Remove: true}))
	w.do(tom, w.accept("p3"))
	w.do(ute, Add{ID: "call", Kind: KindAction, Terms: Patch{Title: ptr("Reference call"), Party: ptr(Joint), BuyerOwner: ptr(ute), SellerOwner: ptr(tom), DateOpen: ptr(true)}})
	w.do(tom, w.stand("call"))
	w.do(tom, Start{Item: sellers, Version: w.v(sellers), Remaining: ptr(2)})
	w.do(tom, Expect{Item: sellers, Version: w.v(sellers), Date: today + 14, Because: "The form came late."})
	w.do(tom, Hinder{Item: sellers, Version: w.v(sellers), Because: "Waiting for the form", Waits: Buyer, Person: ute})
	w.do(tom, Unhinder{Item: sellers, Version: w.v(sellers), Solved: "It arrived."})
	w.do(tom, Report{Item: sellers, Version: w.v(sellers), Result: "Report sent."})
	w.do(ute, Lacks{Item: sellers, Version: w.v(sellers), Missing: "Da fehlt noch der Anhang."})
	w.do(tom, Report{Item: sellers, Version: w.v(sellers)})
	w.do(ute, Confirm{Item: sellers, Version: w.v(sellers)})
	w.do(ute, Say{ID: "c1", Item: sellers, Text: "Danke!"})
	w.do(john, NameStandIn{Person: ute})
	w.do(tom, ClaimLead{After: today + 9})
	w.do(sarah, ObjectToClaim{})
	w.do(john, Suspend{Reason: "Sommerpause", Review: today + 20})
	w.do(john, Resume{})
	w.do(tom, w.propose("p4", w.wish(joint, title("Two workshops"))))
	w.do(ute, Depart{Person: ute})
	w.erase(ute)
	w.do(john, Conclude{Outcome: DecidedYes, Reason: "Passt."})
	w.do(john, Leave{Reason: "Wir sehen uns im Betrieb."})
	return w
}

// archived is the kind of event that leaving a plan excludes.
func archived(t failer) *world {
	w := agreed(t)
	w.do(sarah, Conclude{Outcome: NoDecision})
	w.do(john, Archive{})
	return w
}

// checkedIn is a plan whose people meet.
func checkedIn(t failer) *world {
	w := agreed(t)
	in := CheckInInput{Title: "Weekly check-in", Start: civil.WallOf(today+7, 10, 0), Zone: "Europe/Berlin", Minutes: 30, Rule: "FREQ=WEEKLY", Link: "https://meet.example/acme", Place: "Room 5"}
	w.do(tom, ScheduleCheckIn{ID: "weekly", CheckInInput: in})
	w.do(ute, AnswerCheckIn{CheckIn: "weekly", Answer: Comes})
	w.do(vic, AnswerCheckIn{CheckIn: "weekly", Day: today + 14, Answer: ComesNot})
	in.Link, in.People = "https://meet.example/other", []ID{ute, tom}
	w.do(tom, EditCheckIn{CheckIn: "weekly", Version: 1, CheckInInput: in})
	w.do(tom, MoveCheckIn{CheckIn: "weekly", Version: 2, To: MovedOne{Day: today + 21, Start: civil.WallOf(today+22, 15, 30), Minutes: 45}})
	w.do(sarah, CancelCheckIn{CheckIn: "weekly", Version: 3, Day: today + 28})
	once := CheckInInput{Start: civil.WallOf(today+3, 9, 0), Zone: "America/New_York", Minutes: 60}
	w.do(ute, TakeCheckIn{ID: "hers", UID: "040000008200E00074C5B7101A82E008", Sequence: 1, CheckInInput: once})
	w.do(ute, DropCheckIn{UID: "040000008200E00074C5B7101A82E008", Sequence: 2})
	return w
}

// ranCheckIn is a plan whose people held their check-in, and worked on what
// was stuck.
func ranCheckIn(t failer) *world {
	w := held(t)
	w.do(ute, Hinder{Item: buyers, Version: w.v(buyers), Because: "The report is missing", Waits: Seller, Person: cora, Since: today})
	w.do(ute, OpenCheckIn{ID: "r1", CheckIn: "weekly", Day: today})
	w.do(cora, PassMove{Item: buyers, Version: w.v(buyers), Because: "The lab is Tom's."})
	w.do(tom, Tackle{Item: buyers, Version: w.v(buyers), Next: "Tom asks the lab.", NextBy: today + 2, Waits: Seller, Person: tom})
	w.do(tom, NoteCheckIn{Run: "r1", ID: "n1", Item: buyers, Text: "Legal starts on Monday."})
	w.do(ute, NoteCheckIn{Run: "r1", ID: "n2", Text: "Gone again"})
	w.do(ute, UnnoteCheckIn{Run: "r1", ID: "n2"})
	w.do(tom, CloseCheckIn{Run: "r1", Present: []ID{tom, ute}, Next: &NextOne{CheckIn: "weekly", Day: today + 7, Start: civil.WallOf(today+7, 10, 0), Zone: "Europe/Berlin", Minutes: 30}})
	w.do(tom, OpenCheckIn{ID: "r2"})
	return w
}

// documented is a plan with something to read, and somebody new who does.
func documented(t failer) *world {
	w := agreed(t)
	w.do(tom, AddDocument{ID: "case", Item: buyers, Title: "Business case, 4 pages", Link: "https://files.example/case.pdf"})
	w.do(cora, AddDocument{ID: "wrong", Item: buyers, Link: "https://files.example/old.pdf"})
	w.do(tom, RemoveDocument{ID: "wrong", Item: buyers})
	w.do(ute, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: Handed, New: &NewPerson{ID: "ada", Name: "Ada Holm", Email: "ada@nordwerk.example"}})
	w.do(ute, Batch{Report{Item: buyers, Version: w.v(buyers)}, AddDocument{ID: "answer", Item: buyers, Title: "Answers", Link: "https://docs.example/answers", Delivered: true}})
	return w
}

// filed is a plan with files, of both and of one side, and a decision paper.
func filed(t failer) *world {
	w := agreed(t)
	file := func(fill, name string) *FileInput {
		return &FileInput{Digest: strings.Repeat(fill, 64), Name: name, Type: TypePDF, Size: 48_120}
	}
	w.do(tom, AddDocument{ID: "questions", Item: buyers, Title: "Security questionnaire", File: file("1", "questions.pdf")})
	w.do(tom, AddDocument{ID: "questions-2", Item: buyers, File: file("2", "questions v2.pdf"), Replaces: "questions"})
	w.do(ute, Batch{Report{Item: buyers, Version: w.v(buyers)}, AddDocument{ID: "answers", Item: buyers, File: file("3", "Antworten.pdf"), Delivered: true}})
	w.do(cora, AddDocument{ID: "wrong", Item: sellers, File: file("4", "other customer.pdf")})
	w.do(cora, RemoveDocument{ID: "wrong", Item: sellers})
	w.doPrivate(Buyer, ute, SetInternal{ID: "i1", Title: "Vorstand fragen"})
	w.doPrivate(Buyer, ute, AddDocument{ID: "own", Item: "i1", File: file("5", "Vorlage.pdf")})
	w.doPrivate(Buyer, max_, AddDocument{ID: "own-2", Item: buyers, Link: "https://intranet.example/x"})
	w.doPrivate(Buyer, max_, RemoveDocument{ID: "own-2", Item: buyers})
	w.doPrivate(Buyer, ute, WritePaper{Parts: []PaperInput{{Part: PaperGoal, Text: "Weniger Ausfälle", Drafted: true}, {Part: PaperRisks, Text: "CFO verreist", Drafted: true}}})
	w.doPrivate(Buyer, ute, WritePaper{Parts: []PaperInput{{Part: PaperCost, Text: "48.000 € im Jahr"}, {Part: PaperAdvice, Text: "Ich empfehle es."}}})
	w.doPrivate(Buyer, max_, WritePaper{Parts: []PaperInput{{Part: PaperGoal, Version: 1, Text: "Halb so viele Ausfälle"}}})
	w.do(ute, w.sharedPaper())
	w.doPrivate(Buyer, ute, WritePaper{Parts: []PaperInput{{Part: PaperAdvice, Version: 1, Text: "Ich rate ab."}}})
	return w
}

// sharedPaper shares the buyer's paper as it stands.
func (w *world) sharedPaper() SharePaper { return (&generator{w: w}).sharePaper() }

// frontDoor is a plan that people come into by themselves.
func frontDoor(t failer) *world {
	w := shared(t)
	w.do("", Arrive{Person: paul, Email: "paul@buyer.example"})
	w.do(john, AddPerson{NewPerson: NewPerson{ID: "lena", Side: Buyer, Name: "Lena Vogt", Email: "lena@nordwerk.example", Language: "de"}, Access: Viewer, Why: "She signs the contract."})
	w.do("", Arrive{Person: "lena", Email: "Lena@nordwerk.example"})
	w.do(john, AllowDomains{Domains: []string{"Nordwerk.example"}})
	w.do("", Enter{NewPerson{ID: "eva", Side: Buyer, Name: "Eva Rau", Email: "eva@nordwerk.example"}})
	w.do("", Ask{NewPerson: NewPerson{ID: "ina", Side: Buyer, Name: "Ina Kurz", Email: "ina@elsewhere.example"}, Words: "Ute asked me to read along."})
	w.do("", Ask{NewPerson: NewPerson{ID: "jan", Side: Buyer, Name: "Jan Ohl", Email: "jan@elsewhere.example"}})
	w.do(john, LetIn{Person: "ina", Access: Contributor})
	w.do(john, Depart{Person: "jan"})
	w.do("", Disown{Person: vic})
	w.do(john, LetIn{Person: "lena"})
	return w
}

// talkedOver is a plan that both sides write together, on one page at first.
func talkedOver(t failer) *world {
	w := newWorld(t)
	c := create()
	c.Form = Light
	w.do(sarah, c)
	w.do(sarah, LetIn{Person: john, Access: Lead})
	w.do(sarah, Share{})
	w.do(sarah, StartSession{ID: "s1"})
	w.do(john, KeepQuote{ID: "q1", Topic: TopicGoals, Text: "We must know whether it holds\nwhen the plant is busy."})
	w.do(sarah, KeepQuote{ID: "q2", Topic: TopicApproval, Said: ute, Text: "The board meets every second Tuesday."})
	w.do(sarah, Batch{Add{ID: "load", Kind: KindAction, Terms: Patch{Title: ptr("Load test"), Party: ptr(BySeller)}}, UseQuote{Quote: "q1", Item: "load"}})
	w.do(sarah, EditQuote{Quote: "q2", Version: 1, Text: "The board meets every second Wednesday."})
	w.do(sarah, StepSession{To: TopicActivities})
	w.now = w.now.Add(12 * time.Minute)
	w.do(john, PauseSession{})
	w.later(1)
	w.do(john, StartSession{ID: "s2"})
	w.do(sarah, LeadSession{})
	w.do(john, KeepQuote{ID: "q3", Topic: TopicRisks, Text: "Never mind."})
	w.do(john, RemoveQuote{Quote: "q3", Version: 1})
	w.now = w.now.Add(9 * time.Minute)
	w.do(sarah, EndSession{})
	w.do(john, Reshape{Form: Full})
	return w
}

// madeEasy is a plan whose dates one side left to the other, which then only
// had to confirm.
func madeEasy(t failer) *world {
	w := shared(t)
	w.do(tom, Ease{Way: TheirDates})
	w.do(ute, w.edit(buyers, due(today+21)))
	w.do(tom, Ease{Way: JustAgree})
	w.do(tom, Ease{Way: Together})
	return w
}

// laidOut is a plan that says from which process it was made.
func laidOut(t failer) *world {
	w := newWorld(t)
	c := create()
	c.Process = "mid-market@1"
	w.do(sarah, c)
	return w
}

// TestOldLogsReplay reads every log that an earlier encoding wrote: it must
// verify, replay, and mean what it meant then.
func TestOldLogsReplay(t *testing.T) {
	t.Parallel()
	if *update {
		for name, live := range stories {
			if _, err := os.Stat(filepath.Join("testdata", name+".log")); err == nil {
				continue
			}
			w := live(t)
			write(t, name+".log", w.logFile())
			write(t, name+".json", w.meaning())
		}
	}
	logs, err := filepath.Glob("testdata/*.log")
	if err != nil || len(logs) == 0 {
		t.Fatalf("no old logs: %v", err)
	}
	kinds := map[string]bool{}
	for _, name := range logs {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyLog(bytes.NewReader(b), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		w := read(t, b)
		for _, records := range w.logs {
			for _, r := range records {
				kinds[r.Kind] = true
			}
		}
		means := strings.TrimSuffix(filepath.Base(name), ".log") + ".json"
		if *meaning {
			write(t, means, w.meaning())
		}
		want, err := os.ReadFile(filepath.Join("testdata", means))
		if err != nil {
			t.Fatal(err)
		}
		if got := w.meaning(); !bytes.Equal(got, want) {
			t.Errorf("%s does not mean what it meant: got\n%s", name, got)
		}
	}
	for _, e := range allEvents {
		if !kinds[e.Kind()] {
			t.Errorf("no old log has %s", e.Kind())
		}
	}
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join("testdata", name), b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// read replays a log file.
func read(t *testing.T, b []byte) *world {
	t.Helper()
	w := newWorld(t)
	for _, line := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
		var r Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.Kind != "" {
			w.keep([]Record{r})
		}
	}
	w.plan = w.replayed(w.logs[SharedStream(planID)], w.words)
	for _, s := range []Side{Buyer, Seller} {
		pv, err := ReplayPrivate(NewPrivate(planID, s), w.logs[PrivateStream(planID, s)], w.words)
		if err != nil {
			t.Fatal(err)
		}
		w.private.Set(s, pv)
	}
	return w
}

// meaning is what a log means: the states it leads to and the words in them.
func (w *world) meaning() []byte {
	words := map[string]string{}
	for _, p := range []any{w.plan, w.private.Buyer, w.private.Seller} {
		eachText(p, func(x *Text) {
			if x.Hash != "" && !x.Gone {
				words[x.Hash] = x.Value
			}
		})
	}
	b, err := json.MarshalIndent(map[string]any{"plan": w.plan, "private": w.private, "words": words}, "", " ")
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return append(b, '\n')
}
