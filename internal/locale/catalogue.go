package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed text/*.json
var files embed.FS

// message is a compiled text. A static one is plain; any other has the parts
// of its general form and, where it has plural forms, of its singular.
type message struct {
	static bool
	plain  string
	one    []part
	other  []part
	size   int // a guess of the written length
}

// part is a piece of text or the name of an argument.
type part struct{ text, arg string }

// load compiles the catalogue once. A broken file is a mistake in the program,
// which every test meets at once: it panics.
var load = sync.OnceValue(func() map[string]*Locale {
	all, err := compile(files)
	if err != nil {
		panic("locale: " + err.Error())
	}
	return all
})

// compile reads all message files of a file system.
func compile(from fs.FS) (map[string]*Locale, error) {
	all := map[string]*Locale{}
	for _, lang := range Languages {
		all[lang] = &Locale{Lang: lang, tag: language.MustParse(lang), texts: map[string]*message{}}
	}
	names, err := fs.Glob(from, "text/*.json")
	if err != nil {
		return nil, err
	}
	unmarshal := map[string]i18n.UnmarshalFunc{"json": json.Unmarshal}
	for _, name := range names {
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		file, err := i18n.ParseMessageFileBytes(data, name, unmarshal)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lang := file.Tag.String()
		l, ok := all[lang]
		if !ok {
			return nil, fmt.Errorf("%s: the name has no known language", name)
		}
		area, _, _ := strings.Cut(path.Base(name), ".")
		for _, text := range file.Messages {
			if !strings.HasPrefix(text.ID, area+".") {
				return nil, fmt.Errorf("%s: key %q does not begin with %q", name, text.ID, area+".")
			}
			if _, twice := l.texts[text.ID]; twice {
				return nil, fmt.Errorf("%s: key %q is there twice", name, text.ID)
			}
			m, err := compileMessage(text)
			if err != nil {
				return nil, fmt.Errorf("%s: key %q: %w", name, text.ID, err)
			}
			l.texts[text.ID] = m
		}
	}
	return all, nil
}

// compileMessage splits a message at its placeholders.
func compileMessage(text *i18n.Message) (*message, error) {
	if text.Zero != "" || text.Two != "" || text.Few != "" || text.Many != "" {
		return nil, fmt.Errorf("a message has only the plural forms one and other")
	}
	other, err := split(text.Other)
	if err != nil {
		return nil, err
	}
	m := &message{other: other, size: len(text.Other) + 24}
	if text.One != "" {
		if m.one, err = split(text.One); err != nil {
			return nil, err
		}
	}
	if m.one == nil && len(other) == 1 && other[0].arg == "" {
		m.static, m.plain = true, other[0].text
	}
	return m, nil
}

// split cuts a text into pieces and {{.Name}} placeholders.
func split(text string) ([]part, error) {
	if text == "" {
		return nil, fmt.Errorf("the text is empty")
	}
	var parts []part
	for text != "" {
		before, rest, found := strings.Cut(text, "{{")
		if before != "" {
			parts = append(parts, part{text: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}}")
		name, dotted := strings.CutPrefix(strings.TrimSpace(name), ".")
		if !closed || !dotted || !isName(name) {
			return nil, fmt.Errorf("placeholders have the form {{.Name}}, not {{%s", rest)
		}
		parts = append(parts, part{arg: name})
		text = after
	}
	return parts, nil
}

// isName reports whether a placeholder's name is letters and digits.
func isName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
