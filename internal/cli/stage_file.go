package cli

import (
	"bytes"
	"fmt"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/web/present"
)

// fileScript is what the demo's files are called and say, and what the CFO
// writes into her decision paper.
type fileScript struct {
	flows, questions, answers, offer string // names of files
	questionsTitle, offerTitle       string
	lines                            []string
	options, cost, advice            string
}

var fileScripts = map[string]fileScript{
	"de": {
		flows: "Architektur und Datenflüsse.pdf", questions: "Sicherheitsfragebogen.pdf", answers: "Sicherheitsfragebogen beantwortet.pdf", offer: "Vergleichsangebot.pdf",
		questionsTitle: "Sicherheitsfragebogen, von Acme beantwortet", offerTitle: "Zweites Angebot zum Vergleich",
		lines: []string{"Fiktive Daten für die Vorführung.", "1. Wo liegen die Daten? In zwei Rechenzentren in Frankfurt.", "2. Wer hat Zugriff? Vier benannte Personen, jeder Zugriff wird protokolliert.",
			"3. Wie wird gesichert? Stündlich, verschlüsselt, an einem zweiten Ort."},
		options: "– Nichts ändern: Die Disposition arbeitet weiter mit Tabellen; je Störung gehen im Mittel vier Stunden verloren.\n– Mit Acme Cloud, wie in diesem Plan.\n– Ein zweites Angebot liegt vor; es deckt die Anbindung an SAP nicht ab.",
		cost:    "Einmalig 24.000 € für die Einführung in zwei Werken, laufend 48.000 € im Jahr.\nEigener Aufwand: etwa 30 Tage der Fachabteilung, 12 Tage der IT.",
		advice:  "Ich empfehle, nach der Freigabe der IT-Sicherheit zu beginnen, zuerst in einem Werk.",
	},
	"en": {
		flows: "Architecture and data flows.pdf", questions: "Security questionnaire.pdf", answers: "Security questionnaire answered.pdf", offer: "Offer to compare.pdf",
		questionsTitle: "Security questionnaire, answered by Acme", offerTitle: "A second offer to compare",
		lines: []string{"Fictitious data for this demonstration.", "1. Where is the data? In two data centres in Frankfurt.", "2. Who has access? Four named people; every access is logged.",
			"3. How is it backed up? Hourly, encrypted, to a second place."},
		options: "– Change nothing: dispatching goes on with spreadsheets; each disruption costs four hours on average.\n– With Acme Cloud, as in this plan.\n– There is a second offer; it does not cover the connection to SAP.",
		cost:    "Once €24,000 for the rollout in two plants, then €48,000 a year.\nOur own effort: about 30 days of the department, 12 days of IT.",
		advice:  "I recommend to begin after IT security has approved, in one plant first.",
	},
}

// hands is what people of the main plan give each other, what the buyer keeps
// to itself, and the paper its CFO writes for her approvers.
func (p *stagePlan) hands() error {
	t := fileScripts[p.lang]
	first := p.s.NewID()
	parts := func() error {
		v, err := p.s.Open(p.ctx, p.as("brandt"), p.id)
		if err != nil {
			return err
		}
		var draft plan.WritePaper
		for part, text := range present.PaperDraft(v, p.lang) {
			if part != plan.PaperOptions {
				draft.Parts = append(draft.Parts, plan.PaperInput{Part: part, Text: text, Drafted: true})
			}
		}
		return p.private("brandt", draft)
	}
	return steps(
		func() error { return p.file("natarajan", "a3", t.flows, plan.AddDocument{Delivered: true}) },
		func() error {
			return p.file("martinez", "a7", t.questions, plan.AddDocument{ID: first, Title: t.questionsTitle})
		},
		func() error {
			return p.file("natarajan", "a7", t.answers, plan.AddDocument{Title: t.questionsTitle, Replaces: first, Delivered: true})
		},
		func() error { return p.ownFile("chen", "a8", t.offer, plan.AddDocument{Title: t.offerTitle}) },
		parts,
		func() error {
			return p.private("brandt", plan.WritePaper{Parts: []plan.PaperInput{{Part: plan.PaperOptions, Text: t.options}, {Part: plan.PaperCost, Text: t.cost}, {Part: plan.PaperAdvice, Text: t.advice}}})
		},
	)
}

// file adds a file as one of the people does; where the server keeps none,
// nothing.
func (p *stagePlan) file(who, item, name string, cmd plan.AddDocument) error {
	v, err := p.s.Open(p.ctx, p.as(who), p.id)
	if err != nil || !p.s.Files().On() {
		return err
	}
	u, err := p.s.TakeFile(p.ctx, v, false, name, bytes.NewReader(onePage(name, fileScripts[p.lang].lines)))
	if err != nil {
		return err
	}
	if cmd.ID == "" {
		cmd.ID = p.s.NewID()
	}
	cmd.Item, cmd.File = p.items[item], &u.FileInput
	return p.do(who, cmd)
}

// ownFile is file for one's own side alone.
func (p *stagePlan) ownFile(who, item, name string, cmd plan.AddDocument) error {
	v, err := p.s.Open(p.ctx, p.as(who), p.id)
	if err != nil || !p.s.Files().On() {
		return err
	}
	u, err := p.s.TakeFile(p.ctx, v, true, name, bytes.NewReader(onePage(name, fileScripts[p.lang].lines)))
	if err != nil {
		return err
	}
	cmd.ID, cmd.Item, cmd.File = p.s.NewID(), p.items[item], &u.FileInput
	return p.private(who, cmd)
}

// onePage is a PDF of one page with some lines of text.
func onePage(title string, lines []string) []byte {
	var text strings.Builder
	text.WriteString("BT /F1 16 Tf 60 770 Td 22 TL (" + pdfText(title) + ") Tj T* /F1 11 Tf")
	for _, line := range lines {
		text.WriteString(" T* (" + pdfText(line) + ") Tj")
	}
	text.WriteString(" ET")
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// pdfText is Latin-1 with what would end a text escaped.
func pdfText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune(`()\`, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x100:
			b.WriteByte(byte(r))
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}
