package cli

import (
	"fmt"

	"tandem/internal/calendar"
	"tandem/internal/lint"
	"tandem/internal/locale"
)

type lintCmd struct {
	speech
	File  string `arg:"" help:"Plan file to check."`
	Today string `help:"Civil day that counts as today, YYYY-MM-DD."`
	JSON  bool   `help:"Print JSON."`
}

// finding is one line of tandem lint --json.
type finding struct {
	Rule       string `json:"rule"`
	Severity   string `json:"severity"`
	Item       string `json:"item"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
}

func (c *lintCmd) Run(w *world) error {
	p, err := w.plan(c.File)
	if err != nil {
		return err
	}
	l, err := c.locale(w, p.Language)
	if err != nil {
		return err
	}
	now, err := day(c.Today)
	if err != nil {
		return err
	}
	out := struct {
		Findings []finding `json:"findings"`
	}{Findings: []finding{}}
	bad := false
	for _, f := range lint.Check(*p, lint.Options{Today: now}) {
		bad = bad || f.Severity == lint.Error
		out.Findings = append(out.Findings, finding{Rule: f.Rule, Severity: string(f.Severity), Item: f.Item,
			Message: f.Message.In(l.Lang, say), Suggestion: f.Suggestion.In(l.Lang, say)})
	}
	if c.JSON {
		err = w.printJSON(out)
	} else {
		err = w.printFindings(l, out.Findings)
	}
	if err == nil && bad {
		return errNo
	}
	return err
}

func say(lang, key string, args map[string]any) string { return locale.For(lang).Text(key, args) }

func (w *world) printFindings(l *locale.Locale, fs []finding) error {
	for _, f := range fs {
		where := f.Item
		if where == "" {
			where = l.T("cli.lint.plan")
		}
		if _, err := fmt.Fprintf(w.Out, "%s: %s [%s, %s]\n", where, f.Message, l.T("cli.severity."+f.Severity), f.Rule); err != nil {
			return err
		}
		if f.Suggestion != "" {
			fmt.Fprintf(w.Out, "    %s\n", f.Suggestion)
		}
	}
	_, err := fmt.Fprintln(w.Out, l.T("cli.lint.count", "N", len(fs)))
	return err
}

type holidaysCmd struct {
	speech
	Region string `arg:"" help:"ISO 3166-2 code or country: DE-BY, AT-9, CH-ZH, GB-ENG, US."`
	Year   int    `arg:"" help:"Year."`
	JSON   bool   `help:"Print JSON."`
}

func (c *holidaysCmd) Run(w *world) error {
	l, err := c.locale(w, "")
	if err != nil {
		return err
	}
	holidays, err := calendar.Holidays(c.Region, c.Year)
	if err != nil {
		return err
	}
	type row struct {
		Date string `json:"date"`
		Name string `json:"name"`
	}
	rows := []row{}
	for _, h := range holidays {
		rows = append(rows, row{h.Date.String(), h.Name(l.Lang)})
	}
	if c.JSON {
		return w.printJSON(rows)
	}
	for _, r := range rows {
		fmt.Fprintf(w.Out, "%s  %s\n", r.Date, r.Name)
	}
	return nil
}
