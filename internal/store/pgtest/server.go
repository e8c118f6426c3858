package pgtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Server is a PostgreSQL server in a temporary folder. Its methods are for one
// goroutine.
type Server struct {
	folder   string
	programs string // folder of initdb and postgres
	as       *syscall.Credential
	process  *os.Process
	exited   chan struct{}
}

// Start makes a folder, a database cluster in it and a server on it. The
// server syncs what it commits, as a real one does.
func Start() (*Server, error) {
	s := &Server{}
	var err error
	if s.programs, err = findPrograms(); err != nil {
		return nil, err
	}
	if s.folder, err = os.MkdirTemp("", "tandem-pg-"); err != nil {
		return nil, err
	}
	if s.as, err = unprivileged(); err == nil && s.as != nil {
		err = os.Chown(s.folder, int(s.as.Uid), int(s.as.Gid))
	}
	if err == nil {
		err = s.init()
	}
	if err == nil {
		err = s.Launch()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pgtest: start PostgreSQL: %w", err), os.RemoveAll(s.folder))
	}
	return s, nil
}

// Address is what to open a database of the server with.
func (s *Server) Address(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {s.folder}, "user": {"tandem"}}.Encode()
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) init() error {
	cmd := s.command("initdb", "--pgdata", s.data(), "--username", "tandem", "--auth", "trust",
		"--encoding", "UTF8", "--no-locale", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.programs, program), args...)
	cmd.Dir = s.folder
	cmd.SysProcAttr = attributes(s.as)
	return cmd
}

// Launch starts the server on its folder again, after Stop or Kill, and
// returns when it accepts connections. What a killed server left behind may
// hold the folder for a moment; it tries again until that is over.
func (s *Server) Launch() error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := s.launch()
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

func (s *Server) launch() error {
	cmd := s.command("postgres", "-D", s.data(), "-k", s.folder, "-h", "",
		"-c", "shared_buffers=32MB", "-c", "max_connections=150", "-c", "autovacuum=off")
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	started := make(chan error)
	exited := make(chan struct{})
	go func() {
		// The server is to die with this process even if that is killed; the
		// kernel ties this to the thread that started it.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			<-exited
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	ready := make(chan error, 1)
	go func() {
		ready <- waitReady(log)
		_, _ = io.Copy(io.Discard, log)
		_ = cmd.Wait()
		close(exited)
	}()
	if err := <-ready; err != nil {
		<-exited
		return err
	}
	s.process, s.exited = cmd.Process, exited
	return nil
}

// waitReady reads the server's log until it says that it accepts connections.
func waitReady(log io.Reader) error {
	var said bytes.Buffer
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "ready to accept connections") {
			return nil
		}
		said.WriteString(lines.Text() + "\n")
	}
	return fmt.Errorf("the server ended:\n%s", said.String())
}

// Kill ends the server as a crash would: no warning, nothing written.
func (s *Server) Kill() error {
	err := s.process.Signal(syscall.SIGKILL)
	<-s.exited
	return err
}

// Stop ends the server in order and removes its folder.
func (s *Server) Stop() error {
	err := s.process.Signal(syscall.SIGINT)
	<-s.exited
	return errors.Join(err, os.RemoveAll(s.folder))
}

// findPrograms looks for PostgreSQL where packages put it; the newest wins.
func findPrograms() (string, error) {
	var found []string
	if p, err := exec.LookPath("pg_config"); err == nil {
		if out, err := exec.Command(p, "--bindir").Output(); err == nil {
			found = append(found, strings.TrimSpace(string(out)))
		}
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"} {
		dirs, _ := filepath.Glob(pattern)
		found = append(found, dirs...)
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			found = append(found, filepath.Dir(p))
		}
	}
	found = slices.DeleteFunc(found, func(dir string) bool {
		_, a := os.Stat(filepath.Join(dir, "initdb"))
		_, b := os.Stat(filepath.Join(dir, "postgres"))
		return a != nil || b != nil
	})
	if len(found) == 0 {
		return "", errors.New("pgtest: these tests need a PostgreSQL server, and none is installed: apt-get install postgresql (or your system's package of it)")
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

// version is the first number in a path, which is the server's.
func version(path string) int {
	n, _ := strconv.Atoi(strings.FieldsFunc(path+" 0", func(r rune) bool { return r < '0' || r > '9' })[0])
	return n
}

// unprivileged is whom to run the server as, which refuses to run as root;
// nil for the present user.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32)
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("run as root, and there is neither a user postgres nor nobody to run the server as")
}
