package reply_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tandem/internal/civil"
	"tandem/internal/reply"
)

var seeds = []string{"", "erledigt", "Done, thanks!\n\nSent from my iPhone", "27. Mai, weil Frau Klein bis 3. Juni im Urlaub ist",
	"nein, weil …\n-- \nUte", "> a\n\nerledigt\n\n> b\nnein", "Am 2.5.2028 um 09:00 schrieb x <y@z>:\n> x", "Von: a\nGesendet: b\nAn: c\n\nd",
	"\ue000\ue100 übernimmt", "31/12/2027", "KW 53/2026", "am 31.", "1.1.", strings.Repeat("> ", 500), strings.Repeat("Am 1.1.2028 ", 60) + ":",
	"-----Original Message-----", "Bitte oberhalb dieser Zeile antworten", "Frau Klein, Herr Wolf, Petra Klein und Jan Wolf übernehmen", "\xff\xfe", "a\u202eb"}

func FuzzStrip(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := reply.Strip(s)
		if !utf8.ValidString(w.Text) || len(w.Text) > 3*len(s)+3*w.Parts {
			t.Errorf("%q became %q", s, w.Text)
		}
		if w.Parts == 0 && w.Text != "" {
			t.Errorf("text in no part: %q", w.Text)
		}
		if strings.ContainsFunc(w.Text, func(r rune) bool { return r >= '\ue000' && r <= '\uf8ff' || r == '\u202e' }) {
			t.Errorf("unseen characters are left in %q", w.Text)
		}
		for line := range strings.SplitSeq(w.Text, "\n") {
			if strings.HasPrefix(line, ">") {
				t.Errorf("a quoted line is left in %q", w.Text)
			}
		}
	})
}

func FuzzUnderstand(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, int32(today))
	}
	f.Fuzz(func(t *testing.T, s string, day int32) {
		c := who
		c.Today = civil.Earliest + civil.Day(uint32(day)%uint32(civil.Latest-civil.Earliest-800))
		in := reply.Understand(reply.Strip(s), c)
		switch {
		case in.Kind == reply.Remark && (in.Why == "" || in.Day != 0 || in.Person != "" || in.Words != ""):
			t.Errorf("%q: a remark %+v", s, in)
		case in.Kind == reply.Remark:
		case in.Why != "":
			t.Errorf("%q: understood, but %+v", s, in)
		case in.Kind == reply.Done && in.Day != 0 && in.Day > c.Today, in.Kind != reply.Done && in.Day != 0 && in.Day < c.Today:
			t.Errorf("%q: on the wrong side of %s: %+v", s, c.Today, in)
		case (in.Kind == reply.HandOver) != (in.Person != "") || in.Person == who.MyID:
			t.Errorf("%q: handed over to %+v", s, in)
		case strings.ContainsAny(s, "?"): // a question is never understood, wherever it is quoted from
			if strings.Contains(reply.Strip(s).Text, "?") {
				t.Errorf("%q is a question, but %+v", s, in)
			}
		}
		if !utf8.ValidString(in.Words) || strings.ContainsFunc(in.Words, func(r rune) bool { return r >= '\ue000' && r <= '\uf8ff' }) {
			t.Errorf("%q: marks are left in %q", s, in.Words)
		}
	})
}

// Whatever is said with a no, a condition or a question is not done.
func FuzzDoubtIsNeverDone(f *testing.F) {
	for _, s := range []string{"noch nicht", "sobald", "?", "aber", "bis auf Anlage 3", "not yet", "unless", "if you agree", "except one", "falls"} {
		f.Add("erledigt", s, uint8(0))
		f.Add("done", s, uint8(1))
		f.Add("erledigt", s, uint8(2))
	}
	f.Fuzz(func(t *testing.T, before, between string, where uint8) {
		doubt := []string{"noch nicht", "sobald", "not yet", "unless", "falls", "aber", "except"}[int(where)%7]
		s := before + " " + doubt + " " + between
		if strings.ContainsAny(s, "\n>:|") || len(s) > 300 || strings.ContainsFunc(s, func(r rune) bool { return r == 0 || r > 0x2000 && r < 0x2100 }) {
			return // may be quoted, or a greeting of others' words
		}
		w := reply.Strip(s)
		if !strings.Contains(w.Text, doubt) {
			return
		}
		if in := reply.Understand(w, who); in.Kind == reply.Done {
			t.Errorf("%q is done: %+v", s, in)
		}
	})
}
