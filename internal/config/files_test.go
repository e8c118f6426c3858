package config

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFilesAreChecked(t *testing.T) {
	t.Parallel()
	s3 := func(change func(*Files)) Files {
		f := Files{Files: "s3://tandem-files/prod", S3Endpoint: "https://s3.example.com", S3Key: "k", S3Secret: "s"}
		if change != nil {
			change(&f)
		}
		return f
	}
	const pg = "postgres://db.example/tandem"
	tests := []struct {
		name string
		db   DSN
		set  Files
		dir  string
		want []string
	}{
		{"beside the file", "/var/tandem.db", Files{}, "/var/tandem.db.files", nil},
		{"a folder", "/var/tandem.db", Files{Files: "/data/files"}, "/data/files", nil},
		{"none", "/var/tandem.db", Files{Files: "none"}, "", nil},
		{"several machines, nothing said", pg, Files{}, "", nil},
		{"several machines, a folder", pg, Files{Files: "/data/files"}, "/data/files", []string{"file.config.shared"}},
		{"several machines, a folder all see", pg, Files{Files: "/data/files", FilesShared: true}, "/data/files", nil},
		{"a bucket", pg, s3(nil), "", nil},
		{"a bucket with SQLite", "/var/tandem.db", s3(nil), "", nil},
		{"the database itself", "/var/tandem.db", Files{Files: "/var/./tandem.db"}, "/var/./tandem.db", []string{"file.config.place"}},
		{"something else", "/var/tandem.db", Files{Files: "ftp://x"}, "ftp://x", []string{"file.config.place"}},
		{"no bucket", pg, s3(func(f *Files) { f.Files = "s3:///x" }), "s3:///x", []string{"file.config.bucket"}},
		{"no key", pg, s3(func(f *Files) { f.S3Secret = "" }), "", []string{"file.config.key"}},
		{"no endpoint", pg, s3(func(f *Files) { f.S3Endpoint = "s3.example.com" }), "", []string{"file.config.endpoint"}},
		{"in the clear", pg, s3(func(f *Files) { f.S3Endpoint = "http://s3.example.com" }), "", []string{"file.config.clear"}},
		{"in the clear on this machine", pg, s3(func(f *Files) { f.S3Endpoint = "http://127.0.0.1:9000" }), "", nil},
		{"files larger than the room", "/var/tandem.db", Files{FileMax: 50, FilesMax: 20}, "/var/tandem.db.files", []string{"file.config.room"}},
		{"a negative size", "/var/tandem.db", Files{FileMax: -1}, "/var/tandem.db.files", []string{"file.config.max"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := Config{DB: test.db, Files: test.set}
			var got []string
			for _, p := range c.checkFiles() {
				got = append(got, p.Key)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if test.want == nil && c.FilesDir() != test.dir {
				t.Errorf("folder: got %q, want %q", c.FilesDir(), test.dir)
			}
		})
	}
}

func TestTheStoragesSecretIsNotPrinted(t *testing.T) {
	t.Parallel()
	c := Config{Files: Files{S3Secret: "hush-hush"}}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprintf("%v %+v %#v %s", c, c, c, b); strings.Contains(all, "hush-hush") {
		t.Error("it is printed")
	}
}
