package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/plan"
)

type versionCmd struct{}

func (versionCmd) Run(w *world) error {
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	_, err := fmt.Fprintln(w.Out, "tandem", version)
	return err
}

type linkCmd struct {
	speech
	Email   string     `arg:"" help:"Address of the member."`
	DB      config.DSN `help:"Path of the SQLite file, or postgres://…" default:"tandem.db" env:"TANDEM_DB"`
	BaseURL string     `help:"Address under which people reach the server." default:"http://127.0.0.1:8080" env:"TANDEM_BASE_URL"`
}

func (c *linkCmd) Run(w *world) error {
	return withService(w, &config.Config{DB: c.DB, Files: config.Files{Files: "none"}}, func(ctx context.Context, s *app.Service, d app.Directory) error {
		places, err := s.Workspaces(ctx)
		if err != nil {
			return err
		}
		for _, p := range places {
			m, err := d.MemberByEmail(ctx, p.ID, c.Email)
			if err != nil {
				continue
			}
			secret, err := s.MemberLink(ctx, m)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(w.Out, strings.TrimRight(c.BaseURL, "/")+"/in/"+string(secret))
			return err
		}
		return wrong("cli.member.none", "email", c.Email)
	})
}

type eraseCmd struct {
	speech
	Who    string       `arg:"" help:"Mail address: everywhere on this server. Or the id of a plan."`
	Person string       `arg:"" optional:"" help:"With the id of a plan: the id of the person, as in the plan's file."`
	DB     config.DSN   `help:"Path of the SQLite file, or postgres://…" default:"tandem.db" env:"TANDEM_DB"`
	Files  config.Files `embed:""` // theirs go, too
}

func (c *eraseCmd) Run(w *world) error {
	l, err := c.locale(w, "")
	if err != nil {
		return err
	}
	everywhere := strings.Contains(c.Who, "@")
	if everywhere == (c.Person != "") {
		return wrong("cli.erase.who")
	}
	return withService(w, &config.Config{DB: c.DB, Files: c.Files}, func(ctx context.Context, s *app.Service, _ app.Directory) error {
		if everywhere {
			plans, accounts, mentions, err := s.EraseAddress(ctx, c.Who)
			if err != nil {
				return err
			}
			printMentions(w, mentions)
			_, err = fmt.Fprintln(w.Out, l.T("cli.erased.address", "Plans", plans, "Accounts", accounts, "Mentions", len(mentions)))
			return err
		}
		e, err := s.Erase(ctx, plan.ID(c.Who), plan.ID(c.Person))
		if err != nil {
			return err
		}
		printMentions(w, e.Mentions)
		_, err = fmt.Fprintln(w.Out, l.T("cli.erased", "N", e.Texts, "Mentions", len(e.Mentions)))
		return err
	})
}

func printMentions(w *world, all []app.Mention) {
	for _, m := range all {
		fmt.Fprintf(w.Out, "%s %s: %s\n", m.Stream, m.Text.Hash[:12], strings.ReplaceAll(m.Text.Value, "\n", " "))
	}
}

// withService opens a database for one command.
func withService(w *world, c *config.Config, do func(context.Context, *app.Service, app.Directory) error) error {
	st, err := openStore(w.ctx, c)
	if err != nil {
		return err
	}
	files, err := filing(c)
	if err == nil {
		err = do(w.ctx, app.New(st, app.Options{Files: files}), st)
	}
	if closing := st.Close(); err == nil {
		err = closing
	}
	return err
}
