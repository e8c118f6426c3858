package lint

import "strings"

func lines(list string) []string {
	return strings.Split(strings.TrimSpace(list), "\n")
}

func cut(row string) (want, rest string) {
	want, rest, _ = strings.Cut(row, ": ")
	return want, rest
}
