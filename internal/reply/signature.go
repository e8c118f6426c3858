package reply

import (
	"regexp"
	"strings"
)

var (
	dashes = regexp.MustCompile(`^\s*(?:--|—|__+)\s*$`)

	// closing ends a mail whatever stands before it.
	closing = regexp.MustCompile(`(?i)^\s*(?:(?:mit|und|with)\s+)?(?:(?:vielen dank|danke|thanks|many thanks|thank you)\s*(?:und|and|,|&|\+)\s*)?(?:` +
		`(?:mit\s+)?(?:freundlich(?:en|e|em)|viele[n]?|beste[n]?|liebe[n]?|herzliche[n]?|sch(?:ö|oe)ne[n]?|sonnige[n]?|kollegiale[n]?)\s+(?:gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss))` +
		`|gr(?:ü|ue)(?:ß|ss)e|gru(?:ß|ss)|mfg|vg|lg|bg|hg|kr|br|rgds|hochachtungsvoll` +
		`|(?:(?:best|kind|kindest|warm|warmest|with best|with kind|with|many|all the)\s+)?(?:regards|wishes)|all the best|yours (?:sincerely|faithfully|truly)|sincerely(?: yours)?|cheers|cordially` +
		`)(?:\s+(?:aus|from|und|and)\s[^,.!?\n]{1,40}|(?:\s*[,/]?\s*[\p{Lu}][\p{L}.'’-]*){0,4})?\s*[,.!]*\s*$`)

	// soft closings end a mail only below something else; above they are manners.
	softClosing = regexp.MustCompile(`(?i)^\s*(?:vielen dank|besten dank|herzlichen dank|danke(?: sch(?:ö|oe)n| sehr)?|danke (?:im|vorab|euch|ihnen)[^.,!?\n]{0,20}|thanks(?: a lot| so much| in advance| again)?|thank you(?: very much| so much)?|many thanks|thx|ta|best|take care|sch(?:ö|oe)nen (?:tag|abend)(?: noch)?|sch(?:ö|oe)nes wochenende|have a (?:nice|great|good) (?:day|weekend|evening))\s*[,.!]*\s*$`)

	device = regexp.MustCompile(`(?i)^\s*[\[(*_]{0,2}(?:` +
		`(?:diese nachricht wurde\s+)?(?:von (?:meinem?|unterwegs|mobil)|mobil)\b.{0,60}\bgesendet.{0,20}` +
		`|(?:kurz )?(?:gesendet|verschickt|versandt|geschrieben|getippt) (?:von (?:meinem?|unterwegs|mobil|mail|outlook|yahoo|der)|mit (?:der|dem|meinem|outlook|mail|k-9|spark|bluemail|proton|aqua|fairemail|gmx)|aus|(?:ü|ue)ber|vom)\b.{0,80}` +
		`|sent (?:from|via|with|using) (?:my|mail|outlook|yahoo|samsung|proton|the|a mobile|spark|airmail|superhuman|an?|blackberry|iphone|ipad|android|k-9|bluemail|aqua)\b.{0,80}` +
		`|get outlook for (?:ios|android|mac|windows).{0,80}|outlook f(?:ü|ue)r (?:ios|android|mac|windows)\b.{0,30}(?:beziehen|herunterladen)?.{0,60}|(?:holen|laden) sie (?:sich )?outlook f(?:ü|ue)r.{0,80}` +
		`|download outlook for.{0,60}|diese nachricht wurde von meinem.{0,80}|please excuse (?:my )?(?:brevity|typos|any typos).{0,40}|(?:bitte )?entschuldigen sie (?:die k(?:ü|ue)rze|tippfehler).{0,40}` +
		`)[\])*_]{0,2}\s*$`)

	// disclaimer begins the small print below a signature.
	disclaimer = regexp.MustCompile(`(?i)^\s*\*{0,2}(?:diese (?:e-?mail|nachricht|mitteilung)\b.{0,80}(?:vertraulich|enth(?:ä|ae)lt|ist ausschlie|k(?:ö|oe)nn|geh(?:ö|oe)rt|bestimmt)|der inhalt dieser|vertraulichkeit|(?:wichtiger )?hinweis:|this (?:e-?mail|message|communication)\b.{0,80}(?:confidential|intended|contain|privileged|is for|may)|the (?:information|content)s?\b.{0,60}(?:e-?mail|message|transmi)|confidentiality|disclaimer|caution:|notice:|important:|please consider the environment|bitte (?:denken sie an|pr(?:ü|ue)fen sie).{0,60}(?:umwelt|drucken|ausdruck)|denken sie an die umwelt|think before you print|do you really need to print|datenschutz|informationen zum datenschutz|privacy|sitz der gesellschaft|registergericht|handelsregister|amtsgericht|gesch(?:ä|ae)ftsf(?:ü|ue)hr|vorstand|aufsichtsrat|ust-?id|hrb|registered (?:in|office)|vat )`)

	// speaks: a line below the closing that is not a name or an address.
	speaks = regexp.MustCompile(`(?i)^\s*(?:p\.?\s?p?\.?\s?s\b|ps:|pps|nachtrag|edit:|update:)|(?:^|[^\pL])(?:aber|noch|nicht|kein|keine|fehlt|fehlen|erst|au(?:ß|ss)er|bis auf|sondern|doch|korrektur|warten|morgen|but|not|except|still|missing|however|until|unless|wait|tomorrow|correction|actually|ach so|(?:ü|ue)brigens|btw|by the way)(?:$|[^\pL])|\?\s*$|n['’]t\b`)
)

// unsign parts a text from the signature below it. Doubt means that the
// signature says something; it is then left in the text.
func unsign(lines []string) (text, signature string, doubt bool) {
	lines = withoutDevice(lines)
	at := len(lines)
	some := false
	for i, line := range lines {
		if len(line) > maxLine {
			some = true
			continue
		}
		if dashes.MatchString(line) || closing.MatchString(line) || disclaimer.MatchString(line) || some && softClosing.MatchString(line) && endsSoon(lines, i) {
			at = i
			break
		}
		some = some || strings.TrimSpace(line) != ""
	}
	text, signature = join(lines[:at]), join(lines[at:])
	if says(lines[at:]) {
		return join(lines), "", true
	}
	return text, signature, false
}

// withoutDevice drops "Sent from my iPhone" wherever it stands.
func withoutDevice(lines []string) []string {
	var out []string
	for _, line := range lines {
		if len(line) > maxLine || !device.MatchString(line) {
			out = append(out, line)
		}
	}
	return out
}

// endsSoon reports that below a soft closing there is no more than a name.
func endsSoon(lines []string, at int) bool {
	n := 0
	for i, line := range lines[at+1:] {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if closing.MatchString(line) || dashes.MatchString(line) {
			return true
		}
		if n++; n == 1 && (len(strings.Fields(line)) > 4 || strings.ContainsAny(line, "?:!")) || n > 1 && i > 12 {
			return false
		}
	}
	return true
}

// says looks for sentences among the first lines of a signature, above its
// small print.
func says(lines []string) bool {
	n := 0
	for i, line := range lines {
		if len(line) <= maxLine && i == 0 && (closing.MatchString(line) || dashes.MatchString(line)) {
			continue
		}
		if len(line) <= maxLine && disclaimer.MatchString(line) {
			return false
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if n++; n > 12 {
			return false
		}
		if len(line) > maxLine {
			return true // no name is so long
		}
		if speaks.MatchString(line) {
			return true
		}
	}
	return false
}

func join(lines []string) string {
	for len(lines) > 0 && (strings.TrimSpace(lines[0]) == "" || rule.MatchString(lines[0])) {
		lines = lines[1:]
	}
	for len(lines) > 0 && (strings.TrimSpace(lines[len(lines)-1]) == "" || rule.MatchString(lines[len(lines)-1])) {
		lines = lines[:len(lines)-1]
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
