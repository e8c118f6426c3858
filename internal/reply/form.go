package reply

import "regexp"

// form is a way of saying something, from the first word on.
type form struct {
	kind  Kind
	re    *regexp.Regexp
	after bool // of NotBefore: the day itself is out
}

func (f form) group(m []string, name string) string {
	if i := f.re.SubexpIndex(name); i >= 0 {
		return m[i]
	}
	return ""
}

func saying(kind Kind, pattern string) form {
	re := regexp.MustCompile(`(?i)^(?:` + pattern + `)`)
	re.Longest()
	return form{kind: kind, re: re}
}

func saysAfter(pattern string) form {
	f := saying(NotBefore, pattern)
	f.after = true
	return f
}

const (
	d1 = `(?P<d>` + dateMarks + `)`
	d2 = `(?P<e>` + dateMarks + `)`
	d3 = `(?P<f>` + dateMarks + `)`
	p1 = `(?P<p>` + nameMarks + `)`

	it       = `(?:das|dies|dieses|es|it|this|that|der schritt|diesen schritt|den schritt|die aufgabe|the (?:step|task|action)|everything|alles)`
	pre      = `(?:(?:bis|am|zum|f(?:ü|ue)r|auf|by|on|until|till|to|for|per|im|in|in der)\s+)?(?:(?:zum|am|den|dem|der|the)\s+)?`
	adverb   = `(?:bereits|schon|soeben|gerade|eben|inzwischen|mittlerweile|jetzt|nun|alles|komplett|vollst(?:ä|ae)ndig|erfolgreich|hiermit|damit|already|just|now|all|fully|also|auch|wie (?:besprochen|vereinbart)|as (?:agreed|discussed))`
	doneDE   = `(?:erledigt|fertig(?:gestellt)?|abgeschlossen|gemacht|geschafft|umgesetzt|durchgef(?:ü|ue)hrt|abgehakt|done)`
	doneEN   = `(?:done|completed|complete|finished|sorted|taken care of)`
	willingD = `(?:(?:ja|yes|ok|okay|gern|gerne|klar|sure|alles klar|in ordnung|jawohl|natürlich|of course|einverstanden|passt)[,.!]?\s+)*`
)

// forms are all sayings that are understood. Of several that fit the first
// that is clear counts, so that the narrower stand before the wider.
var forms = []form{
	// done
	saying(Done, `(?:`+adverb+`\s+)*(?:(?:am|seit|on)\s+)?(?:`+d1+`\s+)?(?:`+adverb+`\s+)*`+doneDE+`(?:\s+(?:worden|gemeldet|gemacht))?(?:\s+(?:(?:am|seit|on)\s+)?`+d2+`)?`),
	saying(Done, `(?:(?:`+it+`|ist|sind|wurde|wurden|habe|haben|hab|hat|ich|wir|bin|`+adverb+`)\s+){1,6}(?:(?:am|seit)\s+)?(?:`+d1+`\s+)?(?:`+adverb+`\s+)*`+doneDE+`(?:\s+worden)?(?:\s+am\s+`+d2+`)?`),
	saying(Done, `(?:(?:`+it+`|`+it+`['’]s|is|are|was|has been|have been|i|we|i['’]ve|we['’]ve|have|has|`+adverb+`)\s+){0,6}`+doneEN+`(?:\s+(?:now|already|this|it|that))?(?:\s+(?:(?:on|as of)\s+)?`+d1+`)?`),
	saying(Done, `[✓✔✅☑]\x{fe0f}?`),

	// not before
	saying(NotBefore, `(?:(?:leider|`+it+`|geht|ist|is|it['’]s|we can|i can|ich kann|wir k(?:ö|oe)nnen|start|m(?:ö|oe)glich|possible|sorry,?|unfortunately,?)\s+)*(?:nicht (?:vor|fr(?:ü|ue)her als)|fr(?:ü|ue)hestens(?:\s+(?:am|ab|zum|in der|in))?|(?:erst\s+)?ab|not before|no(?:t any)? (?:earlier|sooner) than|not (?:earlier|sooner) than|not until|earliest(?:\s+on)?|at the earliest(?:\s+on)?|from|starting(?: from)?)\s+(?:(?:dem|den|der|the|am)\s+)?`+d1+`(?:\s+(?:an|at the earliest|fr(?:ü|ue)hestens|m(?:ö|oe)glich|possible|onwards|on))*`),
	saying(NotBefore, d1+`\s+(?:(?:ist|is|w(?:ä|ae)re)\s+)?(?:fr(?:ü|ue)hestens|at the earliest|(?:the|das) (?:earliest|fr(?:ü|ue)heste)|earliest)(?:\s+(?:m(?:ö|oe)glich|possible))?`),
	saysAfter(`(?:(?:leider|` + it + `|geht|only|erst)\s+)*(?:nach|after)\s+(?:(?:dem|den|der|the)\s+)?` + d1),

	// expected
	saying(Expects, `(?:(?:`+it+`|wird|ist|is|sind wir|sind|bin ich|will be|we expect|i expect|expect|expected|expecting|ich erwarte|(?:ich |wir )?rechne[n]?(?:\s+(?:ich|wir))?(?:\s+(?:damit|mit(?:\s+dem)?))?|aktuell|currently|neu|now)[:,]?\s+)*(?:voraussichtlich|vorauss\.|erwartet|vermutlich|wohl|expected|expect|estimated|eta|likely|probably|forecast|prognose|rechnen? mit|ich rechne mit|wir rechnen mit)\s*:?\s+`+pre+d1+`(?:\s+(?:fertig|erledigt|done|ready|finished|complete|soweit))*`),

	// another date, asked for
	saying(Moves, `(?:(?:bitte|please|leider|k(?:ö|oe)nnen wir|can we|could we|let['’]s|lass uns)\s+)*(?:`+it+`\s+)?(?:verschieben(?: sie)?|verlegen(?: sie)?|move|postpone|reschedule|push|shift|change)(?:\s+`+it+`)?(?:\s+(?:date|termin|bitte))?(?:\s+(?:auf|zum|nach|to|until|out to))(?:\s+(?:den|dem|the))?\s+`+d1+`(?:\s+(?:bitte|please))?`),
	saying(Moves, `(?:(?:bitte|please|leider)\s+)*(?:`+it+`\s+)?(?:auf|to|until|bis|zum)\s+(?:(?:den|zum|the)\s+)?`+d1+`\s+(?:verschieben|verlegen|please move|verl(?:ä|ae)ngern)(?:\s+bitte)?`),
	saying(Moves, `(?:(?:mein|unser|my|our|bitte|please|der|the|ein|a|als)\s+)*(?:neuer termin|neues datum|neue frist|new (?:due )?date|new deadline|anderer termin|anderes datum|vorschlag|gegenvorschlag|proposal|suggestion|suggest|propose|i(?:['’]d)? (?:suggest|propose)|we (?:suggest|propose)|ich schlage|wir schlagen)(?:\s+(?:ist|is|w(?:ä|ae)re|would be|for this))?\s*[:,–—-]?\s+`+pre+d1+`(?:\s+(?:vor|bitte|please|instead|stattdessen))*`),
	saying(Moves, `(?:(?:`+it+`|ich|wir|i|we|leider|unfortunately,?|sorry,?)\s+)*(?:geht|klappt|passt|schaffe|schaffen|kann|k(?:ö|oe)nnen|can|can do|could do|brauche|brauchen|need|need time)(?:\s+(?:ich|wir|`+it+`|mir|uns|do|`+it+`|es|zeit|noch|noch zeit|nur|leider|only|erst|time|mehr zeit|more time|make))*\s+`+pre+d1+`(?:\s+(?:schaffen|machen|erledigen|liefern|fertigstellen|instead|please|bitte))*`),
	saying(Moves, `(?:(?:besser|lieber|rather|better|eher|erst)\s+)`+pre+d1+`(?:\s+(?:please|bitte))?`),
	saying(Moves, pre+d1+`(?:\s+(?:statt|anstatt|anstelle|instead of)\s+(?:dem\s+|des\s+|am\s+)?`+d2+`|\s+(?:stattdessen|instead|w(?:ä|ae)re (?:besser|gut|m(?:ö|oe)glich|machbar|mir lieber)|w(?:ä|ae)re uns lieber|geht|klappt|passt(?:\s+(?:mir|uns|besser))*|ist (?:besser|machbar|m(?:ö|oe)glich)|works(?:\s+(?:better|for (?:me|us)))*|is (?:better|possible|fine)|would (?:work|be better|suit (?:me|us))(?:\s+better)?|schaffe ich(?: das| es)?|schaffen wir(?: das| es)?))`),
	// a date
	saying(DateTo, `(?:(?:sp(?:ä|ae)testens|latest|at the latest)\s+)?`+pre+d1+`(?:\s+(?:bitte|please|sp(?:ä|ae)testens|at the latest|latest|fertig|erledigt|done))?`),

	// somebody else
	saying(HandOver, `(?:(?:ja|nein|no|yes|leider|`+it+`|sorry)[,.]?\s+)*`+p1+`\s+(?:(?:(?:ü|ue)bernimmt|macht|erledigt|will take|will do|will handle|will look after|takes|is taking|is handling|handles|owns|takes care of|will take care of|k(?:ü|ue)mmert sich um)\s+(?:`+it+`|over|care of (?:it|this)|`+it+` over|over from me)(?:\s+(?:f(?:ü|ue)r mich|von mir|ab jetzt|ab sofort|now|for me|instead|from here|from now on))?|(?:ü|ue)bernimmt(?:\s+(?:ab jetzt|ab sofort|f(?:ü|ue)r mich))?|k(?:ü|ue)mmert sich(?:\s+(?:darum|jetzt darum))?|takes over|is taking over|ist (?:daf(?:ü|ue)r |hierf(?:ü|ue)r |jetzt )*(?:zust(?:ä|ae)ndig|verantwortlich)|is (?:responsible(?: for (?:this|it))?|the (?:owner|right person))|ist (?:die|der) richtige(?: ansprechpartner(?:in)?)?)`),
	saying(HandOver, `(?:(?:nein|no|leider|sorry)[,.]?\s+)*(?:`+it+`\s+)?(?:(?:ü|ue)bernimmt|macht|erledigt)\s+(?:jetzt\s+)?`+p1),
	saying(HandOver, `(?:bitte\s+)?(?:`+it+`\s+)?(?:bitte\s+)?an\s+`+p1+`\s+(?:(?:ü|ue)bergeben|weitergeben|weiterleiten|zuweisen|abgeben|geben)(?:\s+bitte)?`),
	saying(HandOver, `(?:zust(?:ä|ae)ndig|verantwortlich)(?:\s+(?:daf(?:ü|ue)r|hierf(?:ü|ue)r))?\s+ist\s+(?:jetzt\s+)?`+p1),
	saying(HandOver, `(?:please\s+)?(?:assign|hand|pass|give|reassign|move)\s+(?:`+it+`\s+)?(?:over\s+|on\s+)?to\s+`+p1+`(?:\s+(?:please|instead))?`),
	saying(HandOver, `(?:over to|handed(?: over)? to)\s+`+p1),

	// not mine
	saying(NotMine, `(?:(?:nein|no|leider|sorry)[,.]?\s+)*(?:`+it+`\s+)?(?:ist|is|it['’]s|that['’]s|this is)?\s*(?:nicht (?:meine?s?)(?:\s+(?:aufgabe|thema|zust(?:ä|ae)ndigkeit|schritt|baustelle|bereich))?|keine aufgabe von mir|not (?:mine|my (?:task|job|responsibility|area|action)))`),
	saying(NotMine, `(?:(?:nein|no|leider|sorry)[,.]?\s+)*(?:(?:daf(?:ü|ue)r|hierf(?:ü|ue)r|da)\s+bin\s+ich\s+nicht\s+(?:zust(?:ä|ae)ndig|verantwortlich)|(?:ich\s+)?bin\s+(?:ich\s+)?(?:daf(?:ü|ue)r\s+|hierf(?:ü|ue)r\s+)?nicht\s+(?:zust(?:ä|ae)ndig|verantwortlich|der richtige|die richtige)|i['’ ]a?m not (?:responsible|the (?:owner|right person))(?:\s+for (?:this|it|that))?)`),

	// takes it on
	saying(TakesOn, willingD+`(?:`+it+`\s+)?(?:(?:ü|ue)bernehme|mache?|erledige)\s+ich(?:\s+(?:`+it+`|gern|gerne|so))*(?:\s+`+pre+d1+`)?`),
	saying(TakesOn, willingD+`ich\s+(?:(?:ü|ue)bernehme|mache|erledige|k(?:ü|ue)mmere\s+mich)(?:\s+(?:`+it+`|darum|gern|gerne|so))*(?:\s+`+pre+d1+`)?`),
	saying(TakesOn, willingD+`(?:wird gemacht|k(?:ü|ue)mmere mich(?:\s+(?:darum|drum))?|bin dabei|bin dran)`),
	saying(TakesOn, willingD+`(?:i['’]?ll|i will|i can|happy to|will)\s+(?:(?:do|take|handle|take care of|own)(?:\s+(?:`+it+`|on|`+it+` on))?)(?:\s+`+pre+d1+`)?`),
	saying(TakesOn, willingD+`(?:i['’]m on it|on it|will do|taking this on|taking it on|mine|i take (?:it|this) on|leave it with me|count on me)`),

	// yes, ok, no
	saying(Yes, `(?:ja|yes|yep|jawohl|jo)(?:[,.!]?\s+(?:gern|gerne|bitte|klar|natürlich|please|of course|sure|einverstanden|passt|in ordnung|ok|okay|(?:that|das) (?:works|passt)|so machen wir(?:\s+(?:es|das))?|danke|thanks|we agree|i agree|agreed|wir stimmen zu|ich stimme zu))*`),
	saying(Yes, `(?:(?:wir|ich|damit|so|bin|sind|from (?:me|us|our side):?|von (?:mir|uns) aus)\s+)*(?:einverstanden|agreed|zugestimmt|angenommen|accepted|approved|genehmigt)`),
	saying(Yes, `(?:(?:wir|ich)\s+)?(?:stimme|stimmen)(?:\s+(?:ich|wir))?(?:\s+(?:dem|der (?:ä|ae)nderung|dem vorschlag|`+it+`))?\s+zu`),
	saying(Yes, `(?:i|we)\s+(?:agree|accept|approve)(?:\s+(?:to|with))?(?:\s+(?:`+it+`|the (?:change|proposal|new date|new dates)))?`),
	saying(Nod, `(?:ok|okay|passt(?:\s+so)?|geht klar|in ordnung|alles klar|sounds (?:good|fine|great)|fine(?:\s+(?:with|by) (?:me|us))?|works for (?:me|us)|sure|klar|gern|gerne|perfekt|perfect|super|great|good|gut|top|got it|noted|verstanden|zur kenntnis genommen|\x{1f44d}[\x{1f3fb}-\x{1f3ff}]?)`),
	saying(No, `(?:(?:leider|sorry,?|unfortunately,?)\s+)*(?:nein|no|nope|nee|ne)(?:[,.!]?\s+(?:danke|thanks|thank you|leider|sorry|leider nicht|(?:das\s+)?geht(?:\s+(?:leider|so))*\s+nicht|das lehnen wir ab|das lehne ich ab|nicht einverstanden|we can['’]?t(?:\s+(?:accept|agree))?(?:\s+(?:to\s+)?(?:this|that|it))?|we decline|not agreed))*`),
	saying(No, `(?:(?:`+it+`|wir|ich|damit|bin|sind|leider|i|we|i['’]m|do|we['’]re)\s+)*(?:nicht einverstanden|lehne(?:n)?(?:\s+(?:ich|wir))?(?:\s+`+it+`|\s+den vorschlag)?\s+ab|abgelehnt|declined?|decline\s+`+it+`|reject(?:ed)?(?:\s+`+it+`)?|not agree(?:d)?|disagree)`),

	// blocked
	saying(Stuck, `(?:(?:`+it+`|`+it+`['’]s|ist|sind|is|are|am|wir|we|i|bin|aktuell|currently|ich|leider|derzeit|we['’]re|i['’]m)\s+)*(?:blockiert|blocked)(?:\s+(?:durch|by))?`),
}
