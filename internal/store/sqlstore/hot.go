package sqlstore

// Hot are the statements a busy server runs all the time, by name: for the
// tests that look at how each database answers them.
func Hot(s *Store) map[string]string {
	return map[string]string{
		"move a head":           moveStream,
		"snapshot":              selectSnapshot,
		"events":                selectEvents,
		"some events":           selectSome,
		"words":                 selectWords,
		"words of some events":  selectTheirs,
		"erase":                 deleteSubject,
		"list of plans":         selectRows,
		"ties of that list":     selectTies,
		"take jobs":             s.take,
		"finish a job":          finishJob,
		"drop a replaced job":   dropReplaced,
		"retry a job":           retryJob,
		"workspace":             oneWorkspace,
		"member":                oneMember,
		"member by address":     memberByEmail,
		"members":               allMembers,
		"pass":                  onePass,
		"passes of a plan":      passesOfPlan,
		"use a pass":            usePass,
		"session":               oneSession,
		"persons of a session":  selectActing,
		"rebind a person":       rebind,
		"delete persons of one": deleteActing,
		"delete a session":      deleteSession,
		"address already taken": addressTaken,
		"revoke a pass":         revokePass,
		"purge due":             purgeDue,
		"redact":                deleteHash,
		"letter":                oneLetter,
		"letters to somebody":   lettersTo,
		"letters of a state":    lettersIn,
		"settle a letter":       settleLetter,
		"mail switched off":     mailOff,
		"mail settings' link":   oneMailToken,
		"bounce of an address":  oneBounce,
	}
}
