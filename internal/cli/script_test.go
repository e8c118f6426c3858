package cli_test

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tandem/internal/cli"
	"tandem/internal/store/pgtest"
)

// withDatabases are the tests, some of which need a PostgreSQL server.
type withDatabases struct{ *testing.M }

// Run runs them.
func (m withDatabases) Run() int { return pgtest.Main(m.M) }

func TestMain(m *testing.M) {
	testscript.Main(withDatabases{m}, map[string]func(){
		"tandem": func() {
			os.Exit(cli.Run(context.Background(), os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.LookupEnv}))
		},
	})
}

// TestScripts runs the command line as people type it: what it prints, where,
// and with which exit status.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: func(env *testscript.Env) error {
		env.Setenv("LC_ALL", "C")
		sheet, err := os.ReadFile("testdata/nordwerk-acme.csv")
		if err != nil {
			return err
		}
		return os.WriteFile(env.WorkDir+"/nordwerk.csv", sheet, 0o600)
	}})
}
