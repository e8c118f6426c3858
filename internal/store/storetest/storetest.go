// Package storetest holds what every store must do, as one suite that runs
// against each database for real. Plans in it are real plans: their events
// come from package plan and their chains are verified.
package storetest

import (
	"context"
	"testing"

	"tandem/internal/app"
	"tandem/internal/jobs"
)

// Store is what a server needs of a database.
type Store interface {
	app.Store
	jobs.Database
	Check(ctx context.Context) error
	Close() error
}

// Database is a database of one test, empty at first.
type Database interface {
	// Open opens it. The store is closed when the test ends, or earlier by
	// the test.
	Open(t testing.TB) Store
	// Traces tells where the bytes of a word are found: files, tables.
	Traces(t testing.TB, word string) []string
}

// Run runs the suite. Fresh makes an empty database.
func Run(t *testing.T, fresh func(t testing.TB) Database) {
	tests := []struct {
		name string
		run  func(t *testing.T, db Database)
	}{
		{"a change is stored whole", changeIsWhole},
		{"a stale change stores nothing", staleStoresNothing},
		{"a stream is read from its snapshot", snapshotAndRest},
		{"a page of records", pageOfRecords},
		{"many records and words in one change", manyAtOnce},
		{"records that do not continue are refused", recordsMustContinue},
		{"hostile names and large texts", hostileNames},
		{"a real plan replays and verifies", realPlan},
		{"what was stored is there after opening again", openAgain},
		{"the list of plans", listOfPlans},
		{"the list of plans over ties", listOverTies},
		{"a stale row does not come back", rowsGoForward},
		{"a row of the portfolio is stored whole", portfolioRowWhole},
		{"the orders of the portfolio", portfolioOrders},
		{"the filters of the portfolio", portfolioFilters},
		{"the portfolio of a new day", portfolioDays},
		{"what the pilot view counts", pilotNumbers},
		{"saved views", savedViews},
		{"remarks of managers", remarks},
		{"the portfolio forgets", portfolioForgets},
		{"erased words are nowhere", erased},
		{"redacted words are nowhere", redacted},
		{"erasing at the same time as writing", erasingMeanwhile},
		{"mentions", mentions},
		{"a job is there if and only if its change is", jobsWithChange},
		{"a job is done at its time", jobsAtTheirTime},
		{"a job that failed is tried again, later and later", jobsRetried},
		{"a job that never succeeds is given up and counted", jobsGivenUp},
		{"a job that panics is tried again", jobsPanic},
		{"a job that is not finished is run again at the time it says", jobsAgain},
		{"a job of a key waits once", jobsUnique},
		{"a mail that came in is kept once", mailKeptOnce},
		{"a mail with a proof comes after the same without", mailWithProofComesLater},
		{"a mail is heard once", mailHeardOnce},
		{"mails are forgotten", mailForgotten},
		{"a key is made once", secretsOnce},
		{"a job of a key waits once among many writers", jobsUniqueRace},
		{"beside a running job the next one waits", jobsBehindRunning},
		{"jobs of two servers", jobsTwoServers},
		{"a server that stops finishes its jobs", jobsGracefulStop},
		{"a server that has to stop leaves its jobs", jobsHardStop},
		{"work that comes by itself", jobsPeriodic},
		{"errors of jobs leave no words", jobsNoWords},
		{"workspaces and members", members},
		{"what a workspace keeps", privacySettings},
		{"what a workspace writes into its playbook", playbook},
		{"a race for a page of the playbook", playbookRace},
		{"people of an address", personRows},
		{"answers to proposals", answers},
		{"plans that ended", endedPlans},
		{"a deleted plan is nowhere", deletedPlan},
		{"a member who was erased is nowhere", forgottenMember},
		{"requests at front doors", requestsAtDoors},
		{"links and browsers that are withdrawn", withdrawnLinks},
		{"processes in versions", processes},
		{"who saved a process and was erased is nowhere", processMemberGone},
		{"deals", deals},
		{"deals and their plans", dealPlans},
		{"the list of deals", listOfDeals},
		{"readiness and resistance", dealSignals},
		{"how lists of deals are read", dealMappings},
		{"the owner of a deal who was erased is nowhere", dealOwnerGone},
		{"passes", passes},
		{"a race for the uses of a pass", passRace},
		{"sessions", sessions},
		{"a letter is stored with its change, once", lettersOnce},
		{"what becomes of letters", lettersSettled},
		{"a letter takes in others", lettersTakenIn},
		{"what readers want of mail", mailWanted},
		{"addresses that bounce", bounces},
		{"what members may do", rights},
		{"requests to sign in", signIns},
		{"a race to sign in", signInRace},
		{"a ceremony is taken once", ceremonies},
		{"passkeys", passkeys},
		{"logins at identity providers", providers},
		{"sessions are changed and ended", sessionChanges},
		{"accounts of a directory", accounts},
		{"groups of a directory", directoryGroups},
		{"administrators under a race of groups", lastAdministrators},
		{"tokens of a directory", directoryTokens},
		{"many writers of many plans", manyPlans},
		{"many writers of one plan", onePlan},
		{"a stale change does not fail its neighbours", staleAmongOthers},
		{"a caller who goes away learns the truth", cancelled},
		{"writes after closing", afterClose},
		{"edits of an item are linearizable", linearizable},
		{"edits through two servers are linearizable", linearizableServices},
		{"a server that was not told yet", serverNotTold},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, fresh(t))
		})
	}
}
