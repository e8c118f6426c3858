package reply

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Person is somebody who may be named in an answer.
type Person struct {
	ID         string
	Name       string
	Salutation string // "frau", "herr" or empty
}

// name is somebody named in a text; while it is read, one character stands
// for them.
type name struct {
	id  string
	why Why // nobody, or more than one
	was string
}

var (
	titleWord = `(?:frau|fr\.|herrn|herr|hr\.|mrs?\.?|ms\.?|miss|dr\.?|prof(?:essor|\.)?|dipl\.-\p{L}+\.?|ing\.?)`
	titled    = regexp.MustCompile(`(?i:((?:` + titleWord + `\s+)+))((?:(?:von|van|de|zu|der|den)\s+)*\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)?)`)
	titles    = regexp.MustCompile(`(?i)^(?:` + titleWord + `\s+)+`)
	bareName  = regexp.MustCompile(`\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)?`)
	female    = regexp.MustCompile(`(?i)^(?:frau|fr\.|mrs|ms|miss)`)
	male      = regexp.MustCompile(`(?i)^(?:herr|hr\.|mr\.?\s)`)
)

// names finds people in a text and puts marks in their places.
type names struct {
	people []Person
	found  []name
}

func (n *names) mark(x name) string {
	if len(n.found) >= maxNames {
		return x.was
	}
	n.found = append(n.found, x)
	return string(nameMark + rune(len(n.found)-1))
}

// withTitle finds "Frau Klein" and "Dr. Petra Klein", known or not.
func (n *names) withTitle(text string) string {
	return replace(text, titled, 0, func(m []string) string {
		id, why := n.who(m[2], m[1])
		if why != WhyNobody {
			return n.mark(name{id, why, m[0]})
		}
		// the second word may belong to the sentence: "Herr Wolf Danke"
		if first, rest, two := strings.Cut(m[2], " "); two && utf8.RuneCountInString(first) > 1 {
			if id, why := n.who(first, m[1]); why != WhyNobody {
				return n.mark(name{id, why, m[1] + first}) + " " + rest
			}
		}
		return n.mark(name{"", WhyNobody, m[0]})
	})
}

// bare finds "Petra Klein", "Klein" and "Petra", if they are known.
func (n *names) bare(text string) string {
	return replace(text, bareName, 0, func(m []string) string {
		if id, why := n.who(m[0], ""); why != WhyNobody {
			return n.mark(name{id, why, m[0]})
		}
		first, rest, two := strings.Cut(m[0], " ")
		if !two {
			return m[0]
		}
		if id, why := n.who(first, ""); why != WhyNobody {
			return n.mark(name{id, why, first}) + " " + rest
		}
		if id, why := n.who(rest, ""); why != WhyNobody {
			return first + " " + n.mark(name{id, why, rest})
		}
		return m[0]
	})
}

// who is meant by a name: whole, first or last; a title must fit.
func (n *names) who(said, title string) (string, Why) {
	said = strings.Join(strings.Fields(said), " ")
	id, why := "", WhyNobody
	for _, q := range n.people {
		if female.MatchString(title) && q.Salutation == "herr" || male.MatchString(title) && q.Salutation == "frau" {
			continue
		}
		if !calledBy(q.Name, said, title != "") {
			continue
		}
		if why == Clear && id != q.ID {
			return "", WhyTwoOfName
		}
		id, why = q.ID, Clear
	}
	return id, why
}

func calledBy(full, said string, byTitle bool) bool {
	full = titles.ReplaceAllString(strings.TrimSpace(full), "")
	parts := strings.Fields(full)
	switch len(parts) {
	case 0:
		return false
	case 1:
		return strings.EqualFold(full, said)
	}
	last := parts[len(parts)-1]
	return strings.EqualFold(full, said) || strings.EqualFold(last, said) || strings.EqualFold(parts[0]+" "+last, said) ||
		strings.EqualFold(strings.Join(parts[1:], " "), said) || !byTitle && strings.EqualFold(parts[0], said)
}

func nameOf(mark string) int {
	r, _ := utf8.DecodeRuneInString(mark)
	return int(r - nameMark)
}

// restore puts the words back for the marks.
func restore(text string, dates []date, found []name) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r >= dateMark && int(r-dateMark) < len(dates):
			out.WriteString(restore(dates[r-dateMark].was, nil, found))
		case r >= nameMark && int(r-nameMark) < len(found):
			out.WriteString(found[r-nameMark].was)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
