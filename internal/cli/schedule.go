package cli

import (
	"fmt"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

type scheduleCmd struct {
	speech
	File   string `arg:"" help:"Plan file to compute."`
	Today  string `help:"Civil day that counts as today, YYYY-MM-DD; without it the plan is computed from its start, or from the first date in it, so that the same file always gives the same dates."`
	JSON   bool   `help:"Print JSON."`
	Strict bool   `help:"Exit with 1 if there are conflicts."`
}

func voice(l *locale.Locale) schedule.Voice {
	return schedule.Voice{Lang: l.Lang, Text: l.Text}
}

// asOf is the day a plan is looked at: as asked; else the plan's own start, or
// the first day it names; else today.
func asOf(p *planfile.Plan, asked string) (civil.Day, error) {
	if asked != "" || !p.Start.IsZero() {
		return day(asked)
	}
	var first civil.Day
	for _, a := range p.Actions {
		for _, d := range []civil.Day{a.Start, a.Due, a.StartedOn, a.DoneOn, a.NotBefore} {
			if !d.IsZero() && (first.IsZero() || d < first) {
				first = d
			}
		}
	}
	if first.IsZero() {
		first = today()
	}
	return first, nil
}

func (c *scheduleCmd) Run(w *world) error {
	p, err := w.plan(c.File)
	if err != nil {
		return err
	}
	l, err := c.locale(w, p.Language)
	if err != nil {
		return err
	}
	now, err := asOf(p, c.Today)
	if err != nil {
		return err
	}
	s, err := schedule.Compute(p, now)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	report := s.Report(voice(l))
	if c.JSON {
		err = w.printJSON(report)
	} else {
		titles := map[string]string{}
		for _, a := range p.Actions {
			titles[a.ID] = a.Title
		}
		for _, m := range p.Milestones {
			titles[m.ID] = m.Title
		}
		w.printSchedule(l, report, titles)
	}
	if err == nil && c.Strict && len(report.Conflicts) > 0 {
		return errNo
	}
	return err
}

func (w *world) printSchedule(l *locale.Locale, r schedule.Report, titles map[string]string) {
	for _, a := range r.Actions {
		mark := " "
		if a.Critical {
			mark = "*"
		}
		fmt.Fprintf(w.Out, "%s %s  %s – %s  %s (%s)\n", mark, a.ID, a.EarlyStart, a.EarlyFinish, titles[a.ID], l.T("cli.schedule.slack", "N", a.TotalSlack))
		for _, b := range a.Because {
			fmt.Fprintf(w.Out, "      %s\n", b.Text)
		}
	}
	for _, x := range r.Conflicts {
		fmt.Fprintf(w.Out, "! %s\n", x.Message)
		for _, f := range x.Fixes {
			fmt.Fprintf(w.Out, "      %s\n", f.Text)
		}
	}
	fmt.Fprintln(w.Out, l.T("cli.schedule.end", "End", r.End))
}

type whatifCmd struct {
	speech
	File  string   `arg:"" help:"Plan file to start from."`
	Set   []string `help:"Change to try: a10.duration=15, a3.due=2028-05-26, plan.decideBy=2028-06-06." required:"" placeholder:"ID.FIELD=VALUE" sep:"none"`
	Today string   `help:"Civil day that counts as today, YYYY-MM-DD."`
	JSON  bool     `help:"Print JSON."`
}

func (c *whatifCmd) Run(w *world) error {
	p, err := w.plan(c.File)
	if err != nil {
		return err
	}
	l, err := c.locale(w, p.Language)
	if err != nil {
		return err
	}
	now, err := asOf(p, c.Today)
	if err != nil {
		return err
	}
	preview, err := schedule.WhatIf(p, now, c.Set)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	report := preview.Report(voice(l))
	if c.JSON {
		return w.printJSON(report)
	}
	for _, m := range report.Moves {
		var why []string
		for _, b := range m.Because {
			why = append(why, b.Text)
		}
		fmt.Fprintf(w.Out, "%s  %s → %s  %s\n", m.ID, m.From, m.To, strings.Join(why, " "))
	}
	fmt.Fprintln(w.Out, l.T("cli.whatif.end", "From", report.End.From, "To", report.End.To))
	for _, a := range report.Alternatives {
		fmt.Fprintf(w.Out, "      %s\n", a.Text)
	}
	return nil
}
