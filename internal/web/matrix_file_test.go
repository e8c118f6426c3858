package web

import (
	"context"
	"fmt"
	"strings"

	"tandem/internal/plan"
)

func sharedFile(f *matrixPlan) plan.ID { return f.file }
func ownFile(f *matrixPlan) plan.ID    { return f.ownFile }

// documents: a file that both see and one of the buyer's own, and a decision
// paper that was begun.
func (f *matrixPlan) documents(m *matrixHouse) {
	ctx := context.Background()
	f.file, f.ownFile = m.app.NewID(), m.app.NewID()
	for private, id := range map[bool]plan.ID{false: f.file, true: f.ownFile} {
		u, err := m.app.TakeFile(ctx, f.view(), private, "case.pdf", strings.NewReader("%PDF-case"))
		if err != nil {
			m.t.Fatal(err)
		}
		cmd := plan.AddDocument{ID: id, Item: f.buyerStep.ID, File: &u.FileInput}
		if private {
			_, err = m.app.DoPrivate(ctx, f.leadCaller, plan.ID(f.id), cmd)
		} else {
			_, err = m.app.Do(ctx, f.leadCaller, plan.ID(f.id), cmd)
		}
		if err != nil {
			m.t.Fatal(err)
		}
	}
	if _, err := m.app.DoPrivate(ctx, f.leadCaller, plan.ID(f.id), plan.WritePaper{Parts: []plan.PaperInput{{Part: plan.PaperAdvice, Text: "Ich empfehle es."}}}); err != nil {
		m.t.Fatal(err)
	}
}

func (f *matrixPlan) paperVersion(part plan.PaperPart) string {
	if x := f.view().Own.Paper.Part(part); x != nil {
		return fmt.Sprint(x.Version)
	}
	return "0"
}

// paperSeen is the paper as its reader saw it.
func (f *matrixPlan) paperSeen() []string {
	var out []string
	for _, part := range plan.PaperParts {
		out = append(out, string(part)+"="+f.paperVersion(part))
	}
	return out
}

// sharePaper shows it to the other side.
func (f *matrixPlan) sharePaper() {
	seen := map[plan.PaperPart]int{}
	for _, part := range plan.PaperParts {
		if x := f.view().Own.Paper.Part(part); x != nil {
			seen[part] = x.Version
		}
	}
	if _, err := f.h.app.SharePaper(context.Background(), f.leadCaller, plan.ID(f.id), seen); err != nil {
		f.h.t.Fatal(err)
	}
}
