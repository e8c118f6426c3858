package view

import "time"

// Workspace is a member's workspace: who is in it, and its settings.
type Workspace struct {
	Name      string
	Members   []Colleague
	MayChange bool
	New       NewColleague
	Link      string // of the colleague just added: shown once
	LinkFor   string
	Place     Place
	Problem   *FormProblem // of the settings
}

// Colleague is a member.
type Colleague struct {
	Name, Email string
	Admin, You  bool
	Since       time.Time
}

// NewColleague is the form that adds one.
type NewColleague struct {
	Name, Email, Language string
	Admin                 bool
	Problem               *FormProblem
}
