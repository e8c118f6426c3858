// Command tandem is the whole product in one binary: the server, the demo and
// the commands that work on plan files.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"tandem/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.LookupEnv}))
}
