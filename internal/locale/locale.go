// Package locale is the message catalogue: every sentence the product says,
// in German and English, and how dates, numbers, lists and money are written
// in each.
//
// The catalogue's files (text/<area>.<language>.json) are go-i18n message
// files, so translators' tools can read them. Each area has one file per
// language; a key begins with its area ("plan.row.blocked"). A message may
// hold placeholders of the form {{.Name}} and nothing else; a message with
// plural forms ("one", "other") chooses by its argument N.
//
// Messages are compiled once, at the first use, because a page of a hundred
// steps asks for several hundred of them.
package locale

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"tandem/internal/civil"
)

// Languages are the languages of the product, the default one first.
var Languages = []string{"en", "de"}

// Locale writes texts, dates and numbers in one language. Its zone and today
// belong to the reader; without a today every date shows its year. A Locale
// is immutable and may be shared.
type Locale struct {
	Lang  string
	Today civil.Day
	Zone  *time.Location
	Now   time.Time
	texts map[string]*message
	tag   language.Tag
}

// For is the locale of a language, "de" or "en"; any other language gets
// English.
func For(lang string) *Locale {
	all := load()
	if l, ok := all[lang]; ok {
		return l
	}
	return all[Languages[0]]
}

// At is the same language for a reader at an instant in a time zone: dates of
// the present year are then written without the year.
func (l *Locale) At(now time.Time, zone *time.Location) *Locale {
	c := *l
	c.Now, c.Zone, c.Today = now, zone, civil.On(now, zone)
	return &c
}

var matcher = language.NewMatcher([]language.Tag{language.English, language.German})

// Negotiate picks the language for an Accept-Language header. A header that
// says nothing useful gets English.
func Negotiate(acceptLanguage string) string {
	if len(acceptLanguage) > 500 {
		acceptLanguage = acceptLanguage[:500]
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Languages[0]
	}
	_, i, sure := matcher.Match(tags...)
	if sure == language.No {
		return Languages[0]
	}
	return Languages[i]
}

// T is the text of a key, with alternating names and values of its arguments.
// Values are written by kind: a civil.Day as a date, a number by the
// language's rules, a []string as a list. A missing key gives the key itself,
// which a test keeps from happening.
func (l *Locale) T(key string, nameValues ...any) string {
	m, ok := l.texts[key]
	if !ok {
		return key
	}
	if m.static {
		return m.plain
	}
	return m.write(l, func(name string) (any, bool) {
		for i := 0; i+1 < len(nameValues); i += 2 {
			if nameValues[i] == name {
				return nameValues[i+1], true
			}
		}
		return nil, false
	})
}

// Text is T with the arguments in a map, as a fault carries them.
func (l *Locale) Text(key string, args map[string]any) string {
	m, ok := l.texts[key]
	if !ok {
		return key
	}
	if m.static {
		return m.plain
	}
	return m.write(l, func(name string) (any, bool) {
		v, ok := args[name]
		return v, ok
	})
}

// Has reports whether the catalogue knows the key.
func (l *Locale) Has(key string) bool {
	_, ok := l.texts[key]
	return ok
}

// write fills in a message.
func (m *message) write(l *Locale, arg func(string) (any, bool)) string {
	parts := m.other
	if m.one != nil {
		if n, ok := arg("N"); ok && l.isOne(n) {
			parts = m.one
		}
	}
	var b strings.Builder
	b.Grow(m.size)
	for _, p := range parts {
		if p.arg == "" {
			text := p.text
			if strings.HasPrefix(text, ".") && strings.HasSuffix(b.String(), ".") {
				text = text[1:] // "am 22. Dez." ends the sentence as well
			}
			b.WriteString(text)
			continue
		}
		if v, ok := arg(p.arg); ok {
			b.WriteString(l.Value(v))
		}
	}
	return b.String()
}

// isOne reports whether the count takes the singular.
func (l *Locale) isOne(n any) bool {
	i, ok := whole(n)
	if !ok {
		return false
	}
	if i < 0 {
		i = -i
	}
	return plural.Cardinal.MatchPlural(l.tag, int(i%10_000_000), 0, 0, 0, 0) == plural.One
}

// Value writes an argument by its kind.
func (l *Locale) Value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case civil.Day:
		return l.Date(v)
	case []string:
		return l.List(v)
	case float64:
		return l.Decimal(v)
	case time.Time:
		return l.Moment(v)
	case fmt.Stringer:
		return v.String()
	}
	if i, ok := whole(v); ok {
		return l.Number(i)
	}
	return fmt.Sprint(v)
}

// whole is an integer of any width.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint64:
		return int64(v), true
	case uint32:
		return int64(v), true
	case uint:
		return int64(v), true
	}
	return 0, false
}
