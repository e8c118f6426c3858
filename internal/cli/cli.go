// Package cli is the command line: it reads arguments, wires stores, exchange
// formats and the server, and prints. It is the only place that wires adapters.
//
// Exit status: 0 fine; 1 the answer is no (findings that are errors, conflicts
// with --strict, a broken chain); 2 the input or the call is wrong, and one
// line on standard error says where, what, and what would be right.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"tandem/internal/fault"
	"tandem/internal/locale"
)

// IO is what a run may read and write.
type IO struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	Env func(string) (string, bool)
}

// Exit statuses.
const (
	exitFine  = 0
	exitNo    = 1
	exitWrong = 2
)

// errNo is the answer no: everything was said already, only the status is left.
var errNo = errors.New("the answer is no")

// world is what commands get besides their own arguments.
type world struct {
	ctx context.Context
	IO
}

// speech is the language in which a command speaks to people.
type speech struct {
	Lang string `help:"Language of sentences: de or en." placeholder:"LANG"`
}

// locale is the chosen language, else the given one, else the environment's.
func (s speech) locale(w *world, prefer string) (*locale.Locale, error) {
	lang := s.Lang
	if lang == "" {
		lang = prefer
	}
	if lang == "" {
		lang = w.language()
	}
	if lang != "de" && lang != "en" {
		return nil, wrong("cli.language", "lang", lang)
	}
	return locale.For(lang), nil
}

// language of the environment, as POSIX says it; English if it says nothing.
func (w *world) language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, _ := w.Env(name); v != "" {
			return locale.Negotiate(strings.ReplaceAll(strings.SplitN(v, ".", 2)[0], "_", "-"))
		}
	}
	return "en"
}

func wrong(key string, nameValues ...any) error { return fault.New(fault.Invalid, key, nameValues...) }

type grammar struct {
	Demo     demoCmd     `cmd:"" help:"Start with a realistic demo workspace and print an address for each side."`
	Serve    serveCmd    `cmd:"" help:"Run the server."`
	Link     linkCmd     `cmd:"" help:"Print a one-time link with which a member of a workspace signs in."`
	Erase    eraseCmd    `cmd:"" help:"Erase a person, from one plan or from all of this server: name, contact and words."`
	Convert  convertCmd  `cmd:"" help:"Convert a plan between formats, by file extension: .plan.json .csv .xlsx."`
	Lint     lintCmd     `cmd:"" help:"Say what is vague, missing or unrealistic in a plan."`
	Schema   schemaCmd   `cmd:"" help:"Print the JSON Schema of the plan file."`
	Schedule scheduleCmd `cmd:"" help:"Compute dates, slack, reasons and conflicts of a plan."`
	Whatif   whatifCmd   `cmd:"" help:"Show what would move if something changed."`
	Holidays holidaysCmd `cmd:"" help:"List the public holidays of a region in a year."`
	DkimKey  dkimKeyCmd  `cmd:"" name:"dkim-key" help:"Make a key that mails are signed with, and print its DNS record."`
	Verify   verifyCmd   `cmd:"" help:"Check an exported history against its hash chain."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// Run runs one command and returns its exit status.
func Run(ctx context.Context, args []string, streams IO) int {
	w := &world{ctx: ctx, IO: streams}
	var g grammar
	exit := -1
	parser, err := kong.New(&g, kong.Name("tandem"), kong.Writers(streams.Out, streams.Err), kong.Exit(func(code int) { exit = code }),
		kong.Description("Mutual action plans that both sides agree on."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Configuration(kong.JSON), kong.Bind(w))
	if err != nil {
		fmt.Fprintln(streams.Err, "tandem:", err)
		return exitWrong
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help was printed
		return exit
	}
	if err != nil {
		fmt.Fprintf(streams.Err, "tandem: %v (tandem --help lists the commands)\n", err)
		return exitWrong
	}
	switch err := parsed.Run(); {
	case err == nil:
		return exitFine
	case errors.Is(err, errNo):
		return exitNo
	default:
		fmt.Fprintln(streams.Err, "tandem: "+sentence(locale.For(w.spoken(args)), err))
		return exitWrong
	}
}

// spoken is the language asked for on the command line, for errors as well.
func (w *world) spoken(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return v
		}
		if a == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return w.language()
}

// sentence says an error on one line: a fault in the reader's language with
// what can be done, anything else as it is.
func sentence(l *locale.Locale, err error) string {
	f, ok := fault.As(err)
	if !ok {
		return strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	parts := []string{l.Text(f.Key, f.Args)}
	for _, fix := range f.Fixes {
		parts = append(parts, l.Text(fix, f.Args))
	}
	prefix, _, found := strings.Cut(err.Error(), string(f.Kind)+": "+f.Key)
	if !found {
		prefix = ""
	}
	return strings.ReplaceAll(prefix+strings.Join(parts, " "), "\n", " ")
}
