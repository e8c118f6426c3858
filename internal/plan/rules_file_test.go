package plan

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func aFile(fill, name string) *FileInput {
	return &FileInput{Digest: strings.Repeat(fill, 64), Name: name, Type: TypePDF, Size: 1_000}
}

func TestFilesAreDocuments(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	digest, version := w.plan.Digest(), w.v(buyers)
	add := AddDocument{ID: "f1", Item: buyers, Title: "Questionnaire", File: aFile("a", `C:\Users\tom\questions.pdf`)}
	w.do(tom, add)
	w.is("sent twice", len(w.do(tom, add)), 0)
	w.is("terms", w.plan.Digest(), digest)
	w.is("version", w.v(buyers), version)
	x := w.plan.Document("f1")
	w.is("name", x.File.Name.Value, "questions.pdf")
	w.is("no link", x.Link.IsZero(), true)
	w.is("whose", string(x.By)+" "+string(x.Side), "tom seller")
	w.is("bytes kept", w.plan.Blobs()[strings.Repeat("a", 64)], int64(1_000))
	for name, in := range map[string]FileInput{
		"no digest":          {Digest: "abc", Name: "x", Type: TypePDF, Size: 1},
		"digest in capitals": {Digest: strings.Repeat("A", 64), Name: "x", Type: TypePDF, Size: 1},
		"a client's type":    {Digest: strings.Repeat("a", 64), Name: "x", Type: "text/html", Size: 1},
		"empty":              {Digest: strings.Repeat("a", 64), Name: "x", Type: TypePDF},
	} {
		t.Log(name)
		w.no("fault.file", tom, AddDocument{ID: "bad", Item: buyers, File: &in})
	}
	w.no("fault.document.link", tom, AddDocument{ID: "none", Item: buyers})
	w.do(sarah, RemoveDocument{ID: "f1", Item: buyers})
	w.is("nothing refers to the bytes", len(w.plan.Blobs()), 0)
}

func TestVersionsOfADocument(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	add := func(who, id, replaces ID, fill string) AddDocument {
		return AddDocument{ID: id, Item: buyers, File: aFile(fill, string(id)+".pdf"), Replaces: replaces}
	}
	w.do(tom, add(tom, "v1", "", "1"))
	w.do(cora, add(cora, "v2", "v1", "2"))
	w.do(tom, add(tom, "v3", "v1", "3")) // saw the first only: it stands behind the second
	chain := func() string {
		var out []string
		for _, x := range w.plan.DocumentsOf(buyers) {
			out = append(out, string(x.ID)+"<"+string(x.Replaces))
		}
		return strings.Join(out, " ")
	}
	w.is("chain", chain(), "v1< v2<v1 v3<v2")
	w.is("all stay", len(w.plan.Blobs()), 3)
	w.no("fault.document.version", ute, add(ute, "v4", "v3", "4")) // the other side's
	w.no("fault.document.version", tom, add(tom, "v4", "nothing", "4"))
	w.do(cora, RemoveDocument{ID: "v2", Item: buyers})
	w.is("without the middle", chain(), "v1< v3<v1")
	w.do(tom, RemoveDocument{ID: "v3", Item: buyers})
	w.is("the older one stands again", Replacing(w.plan.DocumentsOf(buyers), "v1") == nil, true)
}

// Rule 11: what a side keeps to itself is in its own stream alone.
func TestRule11InternalDocuments(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	before := stateJSON(w.plan)
	w.doPrivate(Buyer, ute, SetInternal{ID: "i1", Title: "Ask the board"})
	w.doPrivate(Buyer, ute, AddDocument{ID: "own", Item: buyers, File: aFile("b", "Preis intern.pdf")})
	w.doPrivate(Buyer, max_, AddDocument{ID: "own-2", Item: "i1", Link: "https://intranet.example/"})
	w.is("the shared plan", stateJSON(w.plan), before)
	w.is("the seller's space", len(w.private.Seller.Documents), 0)
	w.is("of the internal step", len(w.private.Buyer.DocumentsOf("i1")), 1)
	w.is("its bytes", len(w.private.Buyer.Blobs()), 1)
	w.is("not the plan's bytes", len(w.plan.Blobs()), 0)
	w.noPrivate("fault.missing", Buyer, tom, AddDocument{ID: "x", Item: buyers, File: aFile("c", "x.pdf")})
	w.noPrivate("fault.missing", Buyer, nina, AddDocument{ID: "x", Item: buyers, File: aFile("c", "x.pdf")})
	w.noPrivate("fault.right.private", Buyer, vic, AddDocument{ID: "x", Item: buyers, File: aFile("c", "x.pdf")})
	w.noPrivate("fault.missing", Buyer, ute, AddDocument{ID: "x", Item: "nothing", File: aFile("c", "x.pdf")})
	w.noPrivate("fault.missing", Buyer, ute, RemoveDocument{ID: "nothing", Item: buyers})
	w.noPrivate("fault.right.document", Buyer, max_, RemoveDocument{ID: "own", Item: buyers})
	w.no("fault.missing", tom, RemoveDocument{ID: "own", Item: buyers})
	w.doPrivate(Buyer, john, RemoveDocument{ID: "own-2", Item: "i1"})
	w.is("none left", len(w.private.Buyer.DocumentsOf("i1")), 0)
}

// Rule 16: with whoever brought it, a file's name and the way to its bytes go.
func TestRule16FilesOfAnErasedPerson(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, AddDocument{ID: "f1", Item: buyers, File: aFile("a", "Tom's CV.pdf")})
	w.do(sarah, AddDocument{ID: "f2", Item: buyers, File: aFile("b", "plan.pdf")})
	w.erase(tom)
	x := w.plan.Document("f1")
	w.is("name", x.File.Name.Gone, true)
	w.is("digest", x.File.Digest.Gone, true)
	w.is("only the other's bytes are referred to", len(w.plan.Blobs()), 1)
	if log := string(w.logFile()); strings.Contains(log, strings.Repeat("a", 64)) || strings.Contains(log, "CV.pdf") {
		t.Error("the log still tells of the file")
	}
}

func TestDecisionPaper(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	write := func(part PaperPart, version int, text string) WritePaper {
		return WritePaper{Parts: []PaperInput{{Part: part, Version: version, Text: text}}}
	}
	w.no("fault.paper.empty", ute, w.sharedPaper())
	w.doPrivate(Buyer, ute, WritePaper{Parts: []PaperInput{{Part: PaperGoal, Text: "Fewer outages", Drafted: true}, {Part: PaperCost, Text: "48.000 € a year"}}})
	w.is("drafted", w.private.Buyer.Paper.Part(PaperGoal).Drafted, true)
	w.doPrivate(Buyer, max_, write(PaperGoal, 1, "Half as many outages"))
	goal := w.private.Buyer.Paper.Part(PaperGoal)
	w.is("rewritten", goal.Text.Value, "Half as many outages")
	w.is("by", goal.By, ID(max_))
	w.is("version", goal.Version, 2)
	w.is("no draft any more", goal.Drafted, false)
	w.noPrivate("fault.item.changed", Buyer, ute, write(PaperGoal, 1, "No outages"))
	w.noPrivate("fault.item.changed", Buyer, ute, WritePaper{Parts: []PaperInput{{Part: PaperRisks, Text: "x"}, {Part: PaperGoal, Version: 1, Text: "y"}}})
	w.is("all or none", w.private.Buyer.Paper.Part(PaperRisks) == nil, true)
	w.noPrivate("fault.missing", Buyer, ute, write("appendix", 0, "x"))
	w.noPrivate("fault.missing", Seller, tom, write(PaperGoal, 0, "Buy!")) // it is the buyer's
	w.noPrivate("fault.right.private", Buyer, vic, write(PaperAdvice, 0, "x"))
	w.noPrivate("fault.text.long", Buyer, ute, write(PaperAdvice, 0, strings.Repeat("x", maxWords+1)))

	w.is("nobody else sees a word", w.plan.Paper == nil, true)
	w.no("fault.missing", tom, w.sharedPaper())
	w.no("fault.right.agree", max_, w.sharedPaper())
	w.no("fault.right.viewer", vic, w.sharedPaper())
	w.do(ute, w.sharedPaper())
	w.is("shared", w.plan.Paper.Number, 1)
	w.is("parts", len(w.plan.Paper.Parts), 2)
	w.doPrivate(Buyer, ute, write(PaperGoal, 2, "Something internal"))
	w.is("later words stay inside", w.plan.Paper.Parts[0].Text.Value, "Half as many outages")
	w.do(john, w.sharedPaper())
	w.is("until shared again", w.plan.Paper.Parts[0].Text.Value, "Something internal")
	w.is("number", w.plan.Paper.Number, 2)
	w.do(john, Leave{})
	w.no("fault.plan.left", ute, w.sharedPaper())
}

// The recommendation is its writer's; the rest is the side's, as a title is.
func TestRule16PaperOfAnErasedPerson(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.doPrivate(Buyer, ute, WritePaper{Parts: []PaperInput{{Part: PaperGoal, Text: "Fewer outages"}, {Part: PaperAdvice, Text: "I am for it."}}})
	w.do(john, w.sharedPaper())
	w.erase(ute)
	w.is("hers is gone", w.private.Buyer.Paper.Part(PaperAdvice).Text.Gone, true)
	w.is("also where it was shared", w.plan.Paper.Parts[1].Text.Gone, true)
	w.is("the side's stays", w.private.Buyer.Paper.Part(PaperGoal).Text.Value, "Fewer outages")
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"Angebot Nordwerk.pdf":                "Angebot Nordwerk.pdf",
		"Prüfbericht (final).docx":            "Prüfbericht (final).docx",
		`C:\Users\x\plan.pdf`:                 "plan.pdf",
		"../../etc/passwd":                    "passwd",
		"/etc/":                               "etc",
		"..":                                  "file",
		"":                                    "file",
		"...":                                 "file",
		".htaccess":                           "htaccess",
		"report\u202efdp.exe":                 "reportfdp.exe", // direction turned: looks like exe.pdf
		"a\u200bb\ufeff.pdf":                  "ab.pdf",
		"line\r\nContent-Type: text/html.pdf": "html.pdf",
		"a\x00b.pdf":                          "ab.pdf",
		`quo"te<>|?*:.pdf`:                    "quo_te______.pdf",
		"trailing. . ":                        "trailing",
		"  two   words .pdf":                  "two words .pdf",
		"\xff\xfe.pdf":                        "pdf",
		strings.Repeat("ä", 150) + ".pdf":     strings.Repeat("ä", 98) + ".pdf",
		strings.Repeat("x", 300):              strings.Repeat("x", 200),
		"日本語.pdf":                             "日本語.pdf",
		"a\u2028b.pdf":                        "a b.pdf",
	} {
		if got := CleanFileName(given); got != want {
			t.Errorf("CleanFileName(%.60q) = %q, want %q", given, got, want)
		}
	}
}

func TestFileTypes(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"%PDF-1.7\n":                   TypePDF,
		"\x89PNG\r\n\x1a\nxx":          TypePNG,
		"\xff\xd8\xff\xe0":             TypeJPEG,
		"GIF89a":                       TypeGIF,
		"RIFF\x00\x00\x00\x00WEBPVP8 ": TypeWebP,
		"RIFF\x00\x00\x00\x00WAVE":     TypeOther,
		"PK\x03\x04":                   TypeZip,
		"<!DOCTYPE html><script>":      TypeText,
		"<svg xmlns=":                  TypeText,
		" %PDF-1.7":                    TypeText, // not at the start: no PDF to us
		"<script>%PDF-":                TypeText,
		"Hallo Welt, äöü":              TypeText,
		"\xff\xfe<\x00s\x00":           TypeOther, // UTF-16
		"MZ\x90\x00":                   TypeOther,
		"":                             TypeOther,
		strings.Repeat("x", 511) + "ä": TypeText, // a letter cut in two
	} {
		if got := SniffType([]byte(head)[:min(len(head), SniffBytes)]); got != want {
			t.Errorf("SniffType(%.20q) = %s, want %s", head, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("report\u202efdp.exe")
	f.Add("../x\r\n\x00.pdf")
	f.Add(strings.Repeat("ä", 300) + ".pdf")
	f.Fuzz(func(t *testing.T, s string) {
		name := CleanFileName(s)
		switch {
		case name == "", len(name) > maxFileName, !utf8.ValidString(name), name[0] == '.', name[0] == ' ', strings.TrimRight(name, ". ") != name:
			t.Errorf("CleanFileName(%q) = %q", s, name)
		case strings.ContainsAny(name, "/\\:*?\"<>|\r\n\t"):
			t.Errorf("CleanFileName(%q) = %q, which file systems refuse", s, name)
		case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
			t.Errorf("CleanFileName(%q) = %q, which hides something", s, name)
		case CleanFileName(name) != name:
			t.Errorf("CleanFileName(%q) = %q, which is cleaned to %q", s, name, CleanFileName(name))
		}
		if got := SniffType([]byte(s)); !isFileType(got) {
			t.Errorf("SniffType(%q) = %q", s, got)
		}
	})
}
