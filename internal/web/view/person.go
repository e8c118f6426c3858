package view

import (
	"strconv"
	"strings"
)

// Person is a named human on one side.
type Person struct {
	ID   string
	Name string
	Side Side
	Role string
	You  bool // the reader
}

// barWidth is the done part of a bar of 86 units.
func barWidth(done, total int) string {
	if total <= 0 {
		return "0"
	}
	return strconv.Itoa(min(86, 86*done/total))
}

// hatching draws the seller's stripes over the done part.
func hatching(done, total int) string {
	if total <= 0 {
		return ""
	}
	var b strings.Builder
	for x := 0; x < min(86, 86*done/total); x += 6 {
		b.WriteString("M" + strconv.Itoa(x) + " 9l7 -10")
	}
	return b.String()
}
