// Package reply reads what somebody answered to a mail: what they newly wrote,
// whether a machine wrote it, and what, if anything, it says beyond doubt. It
// knows German and English. It never guesses: what is not said in one of the
// ways it knows is a remark, to be read by people.
package reply

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Marker is the line above which people are asked to write, in German and
// English. Everything from it on is our own mail.
var Marker = map[string]string{
	"de": "Bitte oberhalb dieser Zeile antworten",
	"en": "Please reply above this line",
}

// Written is a mail's text taken apart.
type Written struct {
	Text      string // what the person newly wrote
	Signature string // closing, name, firm, disclaimer
	Quoted    bool   // an earlier mail was below or between
	Parts     int    // how many pieces the quoted mail cuts the text into
	Forwarded bool   // the earlier mail was passed on, not answered
	Doubt     bool   // what looks like a signature seems to say something
}

// How far a mail is read: a reply to act on is never longer. What stands in a
// longer line is no heading, closing or signature.
const (
	maxLines  = 5_000
	maxLength = 200_000 // bytes
	maxLine   = 600     // bytes
)

// Strip finds what somebody newly wrote. Of HTML it needs the text, with
// quoted parts marked by "> ".
func Strip(text string) Written {
	more := len(text) > maxLength
	if more {
		text = text[:maxLength]
	}
	lines := strings.SplitN(tidy(text), "\n", maxLines+1)
	if len(lines) > maxLines {
		lines, more = lines[:maxLines], true
	}
	var w Written
	if kept := w.cut(lines); len(kept) < len(lines) {
		lines, more = kept, false
	}
	w.Doubt = more // something may stand further down
	var texts, signatures []string
	for _, part := range w.parts(lines) {
		body, signature, doubt := unsign(part)
		if signature != "" {
			signatures = append(signatures, signature)
		}
		if body == "" {
			continue
		}
		w.Parts++
		w.Doubt = w.Doubt || doubt
		texts = append(texts, body)
	}
	w.Text, w.Signature = strings.Join(texts, "\n\n"), strings.Join(signatures, "\n\n")
	return w
}

var invisible = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u202f", " ", "\u2007", " ", "\t", " ",
	"\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u00ad", "", "\u200e", "", "\u200f", "", "\x00", "",
	"\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// tidy makes one kind of line end and space, and takes out what is not seen,
// the private-use characters used as marks further on among it.
func tidy(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	s = invisible.Replace(s)
	return strings.Map(func(r rune) rune {
		if r >= '\ue000' && r <= '\uf8ff' {
			return -1
		}
		return r
	}, s)
}

var (
	original = regexp.MustCompile(`(?i)^[\s*_-]*(?:original message|original appointment|urspr(?:ü|ue)ngliche (?:nachricht|mail|e-mail)|originalnachricht|original-?nachricht|reply message|weitergeleitete nachricht|forwarded message|begin forwarded message|anfang der weitergeleiteten nachricht|(?:beginn der )?weitergeleitete[rn]? (?:e-)?mail)[\s:*_-]*$`)
	forward  = regexp.MustCompile(`(?i)weitergeleitet|forwarded`)
	heading  = regexp.MustCompile(`(?i)^\s*\*{0,2}(von|from|gesendet(?: am)?|sent|datum|date|an|to|cc|kopie|betreff|subject|antwort an|reply-to|thema)\s?:\s?\*{0,2}\s*(.*)$`)
	rule     = regexp.MustCompile(`^[\s_=*~–—-]{3,}$`)
	quote    = regexp.MustCompile(`^\s*(?:>|\|\s)`)

	// "Am Di., 2. Mai 2028 um 11:03 Uhr schrieb Tandem <reply+…>:", and its kin.
	attributions = []*regexp.Regexp{
		regexp.MustCompile(`(?i)^(?:am|den)\s.{0,200}\d.{0,200}\b(?:schrieb|geschrieben)\b.{0,250}:$`),
		regexp.MustCompile(`(?i)^.{1,250}\s(?:schrieb|hat)\s+am\s.{0,120}\d.{0,120}:$`),
		regexp.MustCompile(`(?i)^.{1,250}<?\S+@\S+>?\s+(?:schrieb|wrote)\s?:$`),
		regexp.MustCompile(`(?i)^on\s.{0,200}\d.{0,300}\bwrote\s?:$`),
		regexp.MustCompile(`(?i)^.{1,250}\swrote\s+on\s.{0,120}\d.{0,120}:$`),
	}
	stamp = regexp.MustCompile(`@|\d{1,2}:\d{2}|\b(?:19|20)\d{2}\b`)
)

// cut takes away an earlier mail that stands unmarked below the answer.
func (w *Written) cut(lines []string) []string {
	for i, line := range lines {
		if len(line) > maxLine || quote.MatchString(line) {
			continue
		}
		n, asks := attribution(lines, i)
		switch {
		case original.MatchString(line):
			w.Forwarded = forward.MatchString(line)
		case marked(line), headed(lines, i), n > 0 && !asks:
		default:
			continue
		}
		w.Quoted = true
		return lines[:i]
	}
	return lines
}

func marked(line string) bool {
	low := strings.ToLower(line)
	for _, m := range Marker {
		if strings.Contains(low, strings.ToLower(m)) {
			return true
		}
	}
	return false
}

// headed reports that the head of an earlier mail begins here: at least three
// of its lines, or two with an address, one of them the sender.
func headed(lines []string, at int) bool {
	if !heading.MatchString(lines[at]) {
		return false
	}
	seen, from, address := 0, false, false
	for i := at; i < len(lines) && i < at+9; i++ {
		if len(lines[i]) > maxLine {
			break
		}
		if m := heading.FindStringSubmatch(lines[i]); m != nil {
			seen++
			name := strings.ToLower(m[1])
			from = from || name == "von" || name == "from"
			address = address || strings.Contains(m[2], "@")
		}
	}
	return from && (seen >= 3 || seen == 2 && address)
}

// attribution reports how many lines "… wrote:" takes from here, none if it
// does not stand here, and whether what follows is marked as quoted.
func attribution(lines []string, at int) (int, bool) {
	joined := ""
	for n := 1; n <= 4 && at+n <= len(lines); n++ {
		line := strings.TrimSpace(lines[at+n-1])
		if line == "" || quote.MatchString(line) || len(joined)+len(line) > 600 {
			return 0, false
		}
		joined = strings.TrimSpace(joined + " " + line)
		if !strings.HasSuffix(joined, ":") || !stamp.MatchString(joined) {
			continue
		}
		for _, a := range attributions {
			if a.MatchString(joined) {
				next := nextLine(lines, at+n)
				return n, next != "" && quote.MatchString(next)
			}
		}
	}
	return 0, false
}

func nextLine(lines []string, at int) string {
	for _, line := range lines[min(at, len(lines)):] {
		if strings.TrimSpace(line) != "" {
			return line
		}
	}
	return ""
}

// parts are the pieces between quoted lines.
func (w *Written) parts(lines []string) [][]string {
	var out [][]string
	var part []string
	end := func() {
		out = append(out, part)
		part = nil
	}
	for i := 0; i < len(lines); i++ {
		if quote.MatchString(lines[i]) {
			w.Quoted = true
			end()
			continue
		}
		if n, _ := attribution(lines, i); n > 0 {
			end()
			i += n - 1
			continue
		}
		part = append(part, strings.TrimRight(lines[i], " "))
	}
	end()
	return out
}
