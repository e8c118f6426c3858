package cli_test

import (
	"bufio"
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStart is from starting the program on a new database to its first
// answer, and what it holds in memory when nobody asks for anything. "version"
// is the bare start of the same program.
func BenchmarkStart(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "tandem")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", bin, "tandem/cmd/tandem").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	start := time.Now()
	for range 5 {
		if err := exec.CommandContext(b.Context(), bin, "version").Run(); err != nil {
			b.Fatal(err)
		}
	}
	bare := time.Since(start).Seconds() / 5
	var took time.Duration
	var resident float64
	for b.Loop() {
		t, mb := startOnce(b, bin)
		took += t
		resident += mb
	}
	perStart := took.Seconds() / float64(b.N)
	b.ReportMetric(perStart*1000, "ms-to-answer")
	b.ReportMetric(perStart/bare, "times-bare")
	b.ReportMetric(resident/float64(b.N), "MB-resident")
}

func startOnce(b *testing.B, bin string) (time.Duration, float64) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), bin, "serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(b.TempDir(), "bench.db"), "--lang", "en")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	var address string
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		if _, rest, ok := strings.Cut(lines.Text(), "Listening on "); ok {
			address = strings.TrimSuffix(rest, ".")
		}
	}
	resp, err := http.Get(address + "/readyz")
	if err != nil {
		b.Fatal(err)
	}
	_ = resp.Body.Close()
	took := time.Since(start)
	mb := residentMB(b, cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Errorf("stopping: %v", err)
	}
	return took, mb
}

func residentMB(b *testing.B, pid int) float64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range bytes.Lines(status) {
		if f := bytes.Fields(line); len(f) > 1 && string(f[0]) == "VmRSS:" {
			kb, err := strconv.ParseFloat(string(f[1]), 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	return 0
}
