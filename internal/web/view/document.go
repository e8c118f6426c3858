package view

import "tandem/internal/civil"

// Document is something to read for a step, or what came of it.
type Document struct {
	ID        string
	Title     string
	Href      string // empty: erased
	Host      string // where it lies, shown so that nobody is led astray
	Delivered bool
	By        Person
	From      string // the side's short name
	On        civil.Day
	MayRemove bool
}
