package cli

import (
	"errors"
	"fmt"

	"tandem/internal/plan"
)

type verifyCmd struct {
	speech
	Log    string `arg:"" help:"An exported history."`
	Expect string `help:"A receipt somebody kept, SEQ:HASH." placeholder:"SEQ:HASH"`
}

func (c *verifyCmd) Run(w *world) error {
	l, err := c.locale(w, "")
	if err != nil {
		return err
	}
	var expect *plan.Head
	if c.Expect != "" {
		head, err := plan.ParseHead(c.Expect)
		if err != nil {
			return wrong("cli.verify.expect", "expect", c.Expect)
		}
		expect = &head
	}
	r, err := w.open(c.Log)
	if err != nil {
		return err
	}
	defer r.Close()
	report, err := plan.VerifyLog(r, expect)
	var broken *plan.Break
	switch {
	case errors.As(err, &broken) && broken.Seq == 0 && broken.Line <= 1: // no log at all
		return fmt.Errorf("%s: %s", c.Log, l.T(broken.Reason))
	case errors.As(err, &broken):
		fmt.Fprintf(w.Out, "%s\n", l.T("cli.verify.broken", "Seq", broken.Seq, "Reason", l.T(broken.Reason)))
		return errNo
	case err != nil:
		return fmt.Errorf("%s: %w", c.Log, err)
	}
	fmt.Fprintln(w.Out, l.T("cli.verify.intact", "N", report.Events()))
	return nil
}
