package sheet

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tandem/internal/planfile"
)

// mention is one name in an owner's cell.
type mention struct {
	name  string
	role  string
	email string
	side  planfile.Side // as the cell itself says, "Klein (Nordwerk)"
	comma bool          // may be the first half of "Klein, Mara"
}

var (
	parentheses = regexp.MustCompile(`^(.*?)\s*[(\[]([^()\[\]]*)[)\]]\s*$`)
	salutation  = regexp.MustCompile(`(?i)^(?:herrn?|frau|hr\.|fr\.|mr\.?|mrs\.?|ms\.?)\s+`)
	teamWord    = regexp.MustCompile(`(?i)(?:team|abteilung|department|dept\.?|group|gruppe|board|committee|gremium)$`)
)

// mentions reads an owner's cell: "Chen/Klein", "Mara Klein (CISO)", "Nordwerk:
// Mara Klein", "Klein, Mara", "Mara Klein <mara@…>".
func (r *Recognition) mentions(text, email string, knows func(name string) bool) []mention {
	var list []mention
	for _, part := range splitList(text, "/;|") {
		for _, m := range r.commas(part, email, knows) {
			if m.name != "" || m.side != "" {
				list = append(list, m)
			}
		}
	}
	return list
}

// commas tells "Chen, Klein" (two people) from "Klein, Mara" (one, last name
// first) and "Mara Klein, CISO" (one with a role).
func (r *Recognition) commas(part, email string, knows func(string) bool) []mention {
	pieces := strings.Split(part, ",")
	for i := range pieces {
		pieces[i] = strings.TrimSpace(pieces[i])
	}
	pieces = slices.DeleteFunc(pieces, func(s string) bool { return s == "" })
	if len(pieces) == 2 {
		turned := pieces[1] + " " + pieces[0]
		if !strings.Contains(pieces[0], " ") && !strings.Contains(pieces[1], " ") && (knows(turned) || addressFits(email, turned)) {
			return []mention{r.one(turned)}
		}
		if f := fold(pieces[1]); hasAny(f, sellerRoles) || hasAny(f, buyerRoles) {
			m := r.one(pieces[0])
			if m.role == "" {
				m.role = pieces[1]
				return []mention{m}
			}
		}
	}
	var list []mention
	for _, p := range pieces {
		list = append(list, r.one(p))
	}
	if len(pieces) == 2 && !strings.Contains(part, " "+pieces[0]) && len(strings.Fields(part)) == 2 {
		list[0].comma = true
	}
	return list
}

// one reads a single name with what stands around it.
func (r *Recognition) one(text string) mention {
	var m mention
	if m.email = mailForm.FindString(text); m.email != "" {
		rest := strings.TrimSpace(strings.NewReplacer(m.email, "", "<", "", ">", "", "()", "", "mailto:", "").Replace(text))
		if rest == "" {
			rest = nameOf(m.email)
		}
		text = rest
	}
	text = strings.TrimPrefix(text, "@")
	if before, after, ok := strings.Cut(text, ":"); ok {
		if s := r.of(before); s == planfile.Buyer || s == planfile.Seller {
			m.side, text = s, strings.TrimSpace(after)
		}
	}
	if in := parentheses.FindStringSubmatch(text); in != nil && in[1] != "" && in[2] != "" {
		outer, inner := r.of(in[1]), r.of(in[2])
		switch {
		case inner == planfile.Buyer || inner == planfile.Seller:
			m.side, text = inner, in[1]
		case outer == planfile.Buyer || outer == planfile.Seller:
			m.side, text = outer, in[2]
		default:
			m.role, text = in[2], in[1]
		}
	}
	if s := r.of(text); s != "" && m.side == "" { // a company is no person
		m.side = s
		return m
	}
	m.name = strings.TrimSpace(text)
	if unnamed[fold(m.name)] || fold(m.name) == "" {
		m.name = ""
	}
	return m
}

// nameOf makes "Mara Klein" of "mara.klein@nordwerk.example".
func nameOf(email string) string {
	local, _, _ := strings.Cut(email, "@")
	words := strings.FieldsFunc(local, func(r rune) bool { return strings.ContainsRune("._-+", r) })
	for i, w := range words {
		letters := []rune(w)
		letters[0] = unicode.ToUpper(letters[0])
		words[i] = string(letters)
	}
	return strings.Join(words, " ")
}

// addressFits reports that an address is made of a name's words.
func addressFits(email, name string) bool {
	words := strings.Fields(fold(name))
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	parts := strings.Fields(fold(local))
	return len(parts) > 1 && len(words) > 1 && parts[0] == words[0] && parts[len(parts)-1] == words[len(words)-1]
}

// bare is a name as it is compared: folded, without salutation and title.
func bare(name string) string {
	name = salutation.ReplaceAllString(name, "")
	words := strings.Fields(fold(name))
	for len(words) > 1 && (words[0] == "dr" || words[0] == "prof" || words[0] == "ing" || words[0] == "dipl" || words[0] == "mag") {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// register knows everybody a table names, by their fullest name.
type register struct {
	byBare  map[string]string   // bare name → as first written
	partial map[string][]string // first name, last name, "m klein" → full names
}

// add remembers a name as it is first written.
func (g *register) add(name string) {
	b := bare(name)
	if b == "" || g.knows(name) {
		return
	}
	if g.byBare == nil {
		g.byBare, g.partial = map[string]string{}, map[string][]string{}
	}
	g.byBare[b] = name
	words := strings.Fields(b)
	if len(words) < 2 || teamWord.MatchString(name) {
		return
	}
	first, last := words[0], words[len(words)-1]
	if len([]rune(first)) == 1 {
		return // "M. Klein" is itself short for somebody
	}
	for _, short := range []string{first, last, string([]rune(first)[:1]) + " " + last} {
		if !slices.Contains(g.partial[short], name) && len(g.partial[short]) < 2 {
			g.partial[short] = append(g.partial[short], name)
		}
	}
}

// knows reports that the table writes this very name somewhere.
func (g *register) knows(name string) bool { return g.byBare[bare(name)] != "" }

// full is the fullest name for a name: "Klein", "M. Klein", "Frau Klein" and
// "Mara" are Mara Klein when only one person of the table fits. Two who fit
// leave it as it is.
func (g *register) full(name string) string {
	b := bare(name)
	if fits := g.partial[b]; len(fits) == 1 {
		return fits[0]
	}
	if as := g.byBare[b]; as != "" {
		return as
	}
	return name
}

// personID makes a short id of a name: its last word, or all of a team's.
func personID(name string, taken func(string) bool) string {
	words := strings.Fields(name)
	id := slug(words[len(words)-1])
	if teamWord.MatchString(name) || len(id) < 2 {
		id = slug(name)
	}
	if taken(id) && slug(name) != "" {
		id = slug(name)
	}
	if id == "" {
		id = "p"
	}
	return unique(id, taken)
}

func slug(s string) string { return strings.ReplaceAll(fold(s), " ", "-") }

// unique appends the first free number to an id that is taken.
func unique(id string, taken func(string) bool) string {
	if len(id) > planfile.MaxIDSize-8 {
		id = strings.ToValidUTF8(id[:planfile.MaxIDSize-8], "")
	}
	free := id
	for n := 2; taken(free); n++ {
		free = id + "-" + itoa(n)
	}
	return free
}
