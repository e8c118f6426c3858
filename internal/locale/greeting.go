package locale

import "strings"

// titles stand before a name and are said in a greeting; a person may have
// several.
var titles = map[string]bool{"Dr.": true, "Prof.": true, "Dres.": true, "PD": true}

// silent titles stand before a name, but nobody is greeted with them.
var silent = []string{"Dipl.-", "Dipl", "Ing.", "Mag.", "M.A.", "B.A.", "Herr", "Frau", "Mr", "Mrs", "Ms", "Mr.", "Mrs.", "Ms.", "h.c.", "habil.",
	"rer.", "nat.", "pol.", "oec.", "med.", "jur.", "iur.", "phil.", "Ing", "mult.", "e.h."}

// particles belong to the family name that follows them.
var particles = map[string]bool{"von": true, "vom": true, "zu": true, "zum": true, "zur": true, "van": true, "de": true, "der": true, "den": true, "del": true,
	"della": true, "di": true, "da": true, "dos": true, "du": true, "la": true, "le": true, "ten": true, "ter": true, "und": true, "al": true, "bin": true}

// Greeting is how a mail or a page begins: "Guten Tag, Frau Dr. Brandt" where
// the salutation is known ("frau" or "herr"), else "Guten Tag, Dr. Ute
// Brandt". Without a name it greets nobody in particular.
func (l *Locale) Greeting(name, salutation string) string {
	said, given, family := nameParts(name)
	if family == "" {
		return l.T("greeting.nobody")
	}
	title := strings.Join(said, " ")
	if l.Lang == "en" {
		title = strings.NewReplacer("Dr.", "Dr", "Prof.", "Prof").Replace(title)
	}
	join := func(parts ...string) string {
		return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
	}
	switch salutation {
	case "frau":
		if l.Lang == "en" && title != "" { // "Dear Ms Dr Brandt" is no English
			return l.T("greeting.formal", "Name", join(title, family))
		}
		return l.T("greeting.formal", "Name", join(l.T("greeting.frau"), title, family))
	case "herr":
		if l.Lang == "en" && title != "" {
			return l.T("greeting.formal", "Name", join(title, family))
		}
		return l.T("greeting.formal", "Name", join(l.T("greeting.herr"), title, family))
	}
	return l.T("greeting.plain", "Name", join(title, given, family))
}

// nameParts takes a written name apart: the titles that are said, what stands
// before the family name, and the family name with its particles. "Brandt,
// Ute" is read as well.
func nameParts(name string) (said []string, given, family string) {
	if last, first, ok := strings.Cut(name, ","); ok && strings.TrimSpace(first) != "" && !strings.Contains(first, ",") {
		name = first + " " + last
	}
	words := strings.Fields(name)
	for len(words) > 1 && (titles[words[0]] || isSilent(words[0])) {
		if titles[words[0]] {
			said = append(said, words[0])
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return nil, "", ""
	}
	from := len(words) - 1
	for i := 0; i < from; i++ {
		if particles[strings.ToLower(words[i])] && (words[i] == strings.ToLower(words[i]) || i > 0) {
			from = i
			break
		}
	}
	return said, strings.Join(words[:from], " "), strings.Join(words[from:], " ")
}

func isSilent(w string) bool {
	for _, s := range silent {
		if w == s || strings.HasSuffix(s, "-") && strings.HasPrefix(w, s) {
			return true
		}
	}
	return false
}
