package view

// Obstacles is what blocks the plan now, and what did.
type Obstacles struct {
	Lead   string
	Now    []Obstacle
	Before []Obstacle
}

// Obstacle is one of them.
type Obstacle struct {
	Row   RunRow // the step, since when, why, whose move, and what is next
	Tried []Entry
}
