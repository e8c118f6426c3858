package reply

import (
	"regexp"
	"strings"
)

// Signs are what a mail's head tells of who, or what, wrote it.
type Signs struct {
	Auto         string // Auto-Submitted
	Suppress     string // X-Auto-Response-Suppress
	Precedence   string
	Autoreply    bool // X-Autoreply, X-Autorespond, X-Auto-Reply-From and their kin are there
	List         bool // List-Id, List-Unsubscribe or List-Post is there
	NullSender   bool // the envelope's sender, or Return-Path, is <>
	Report       string
	From         string
	Subject      string
	Notification bool // multipart/report; report-type=disposition-notification
}

// Writer is who or what wrote a mail.
type Writer string

const (
	Human       Writer = "human"
	Away        Writer = "away"         // out of office
	Automatic   Writer = "automatic"    // any other automatic answer
	Undelivered Writer = "undelivered"  // a bounce
	List        Writer = "list"         // a mailing list or newsletter
	ReadReceipt Writer = "read-receipt" // "was displayed"
)

var (
	answered = regexp.MustCompile(`(?i)^\s*(?:(?:re|aw|antw|antwort|wg|fwd?|tr|sv|rv)\s*(?:\[\d+\])?\s*:\s*)+`)

	awaySubject = regexp.MustCompile(`(?i)^\s*(?:automatische (?:antwort|abwesenheitsnotiz)|autom(?:atische)?\.? ?antwort|automatic reply|autoreply|auto[ -]?reply|auto[ -]?response|automatic response|auto:|out of (?:the )?office|ooo\b|abwesenheit\b|abwesenheits|abwesend\b|(?:ich bin )?(?:derzeit |zurzeit |momentan )?(?:nicht im (?:b(?:ü|ue)ro|haus)|im urlaub|au(?:ß|ss)er haus)|urlaub\b|urlaubs|on (?:annual leave|vacation|holiday|leave)\b|annual leave|vacation|away from (?:the office|my (?:desk|mail))|i am (?:away|out of))`)

	bounceSubject = regexp.MustCompile(`(?i)^\s*(?:undeliver(?:able|ed)|unzustellbar|delivery (?:status notification|has failed|failure)|mail delivery (?:failed|failure|subsystem)|returned mail|failure notice|delivery incomplete|nicht zustellbar|zustellung fehlgeschlagen|(?:ihre )?nachricht (?:konnte|wurde) nicht zugestellt)`)

	receiptSubject = regexp.MustCompile(`(?i)^\s*(?:gelesen|read|lesebest(?:ä|ae)tigung|read receipt|not read|ungelesen gel(?:ö|oe)scht)\s*:`)

	daemon = regexp.MustCompile(`(?i)^(?:mailer-daemon|postmaster|microsoftexchange[0-9a-f]*|double-bounce)@`)

	// What absence notes say. One alone may be in an answer ("Frau Klein
	// übernimmt, ich bin im Urlaub"); two make a note.
	awayWords = []*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:ich bin|i am|i'm|i’m|i will be|befinde mich|bin ich|we are)\b[^.!?\n]{0,60}(?:nicht im (?:haus|b(?:ü|ue)ro)|nicht erreichbar|im urlaub|in elternzeit|abwesend|au(?:ß|ss)er haus|auf (?:dienst|gesch(?:ä|ae)fts)reise|out of (?:the )?office|out of office|on (?:annual |parental |maternity |sick )?leave|on vacation|on holiday|away (?:from|until)|travel(?:l)?ing)`),
		regexp.MustCompile(`(?i)(?:wird|werden)\s[^.!?\n]{0,40}(?:nicht|auch nicht)\s+(?:automatisch\s+)?weitergeleitet|will not be forwarded|is not being forwarded|e-?mails? (?:werden|wird)[^.!?\n]{0,30}(?:nicht (?:gelesen|bearbeitet)|weitergeleitet)`),
		regexp.MustCompile(`(?i)(?:keinen|nur (?:eingeschr(?:ä|ae)nkt(?:en)?|begrenzt(?:en)?|sporadisch(?:en)?))\s+(?:zugriff|zugang)\s+(?:auf|zu)|(?:no|limited|intermittent) access to (?:my |e-?mail)`),
		regexp.MustCompile(`(?i)in dringenden f(?:ä|ae)llen|bei dringenden (?:fragen|anliegen|angelegenheiten)|in urgent (?:cases|matters)|for urgent (?:matters|issues|requests|queries)|if (?:it is|your (?:request|matter|enquiry|inquiry) is) urgent`),
		regexp.MustCompile(`(?i)(?:nach meiner r(?:ü|ue)ckkehr|nach r(?:ü|ue)ckkehr|upon my return|when i return|on my return|ab dem? [^.!?\n]{1,30} (?:wieder|bin ich wieder)|wieder (?:f(?:ü|ue)r sie )?(?:da|erreichbar|im (?:haus|b(?:ü|ue)ro)))`),
		regexp.MustCompile(`(?i)(?:meine vertretung|vertretungsweise|vertreten (?:werde|wird)|vertritt mich|my (?:deputy|stand-?in|colleague)\b[^.!?\n]{0,40}(?:will|can|is))`),
	}

	// What other machines say.
	machineWords = []*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:vielen dank|danke|thank you|thanks) (?:f(?:ü|ue)r|for) (?:ihre|deine|eure|your) (?:nachricht|e-?mail|mail|anfrage|message|enquiry|inquiry)`),
		regexp.MustCompile(`(?i)(?:dies|das) ist eine automatische? (?:generierte )?(?:antwort|nachricht|e-?mail)|diese (?:e-?mail|nachricht|antwort) wurde automatisch|this is an automat(?:ed|ic)(?:ally generated)? (?:reply|response|message|e-?mail)|automatically generated`),
	}
)

// maxNote is how many bytes of a mail are looked at: a machine says what it is
// at the beginning.
const maxNote = 4_000

// WrittenBy tells who or what wrote a mail, from its head and what is newly
// written in it. What a machine wrote never acts and is never answered.
func WrittenBy(s Signs, text string) Writer {
	text, s.Subject = text[:min(len(text), maxNote)], s.Subject[:min(len(s.Subject), maxNote)]
	auto := strings.ToLower(strings.TrimSpace(s.Auto))
	auto, _, _ = strings.Cut(auto, ";")
	subject := answered.ReplaceAllString(s.Subject, "")
	switch {
	case s.Notification || receiptSubject.MatchString(s.Subject) && s.NullSender:
		return ReadReceipt
	case s.Report != "", daemon.MatchString(s.From), s.NullSender && bounceSubject.MatchString(subject):
		return Undelivered
	case awaySubject.MatchString(subject) && !answered.MatchString(s.Subject):
		return Away
	}
	head := auto != "" && auto != "no" || s.Autoreply || s.NullSender || suppresses(s.Suppress) || hasAny(s.Precedence, "bulk", "junk", "auto_reply", "list")
	away, machine := matching(awayWords, text), matching(machineWords, text)
	switch {
	case away > 0 && (head || away+machine >= 2):
		return Away
	case machine >= 2:
		return Automatic
	case s.List && !s.NullSender, hasAny(s.Precedence, "list"):
		return List
	case head:
		return Automatic
	}
	return Human
}

func matching(any []*regexp.Regexp, text string) int {
	n := 0
	for _, re := range any {
		if re.MatchString(text) {
			n++
		}
	}
	return n
}

func suppresses(s string) bool {
	return hasAny(s, "all", "oof", "autoreply")
}

func hasAny(s string, words ...string) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		for _, x := range words {
			if w == x {
				return true
			}
		}
	}
	return false
}
