package web

import (
	"os"
	"testing"

	"tandem/internal/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
