package cli_test

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tandem/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
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
