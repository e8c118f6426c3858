package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestMissionNamesTestsThatExist: a row of docs/mission.md must not claim a
// test that is gone.
func TestMissionNamesTestsThatExist(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	mission, err := os.ReadFile(filepath.Join(root, "docs", "mission.md"))
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(text, -1) {
			have[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+|\\w+\\.test\\.mjs)`").FindAllStringSubmatch(string(mission), -1)
	if len(named) < 40 {
		t.Fatalf("found only %d names: the check would hold nothing", len(named))
	}
	for _, m := range named {
		if strings.HasSuffix(m[1], ".mjs") {
			if _, err := os.Stat(filepath.Join(root, "test", "browser", m[1])); err != nil {
				t.Errorf("docs/mission.md names %s, which does not exist", m[1])
			}
		} else if !have[m[1]] {
			t.Errorf("docs/mission.md names %s, which does not exist", m[1])
		}
	}
}
