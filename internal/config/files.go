package config

import (
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
)

// Files says where uploaded files are kept, and how large they may be.
type Files struct {
	Files       string `name:"files" help:"Where uploaded files are kept: a folder, s3://BUCKET/PREFIX, or none. Default: a folder beside the SQLite file; none with PostgreSQL." env:"TANDEM_FILES"`
	FilesShared bool   `name:"files-shared" help:"All machines that serve see the same folder for files. Asked for where a folder is used with PostgreSQL." env:"TANDEM_FILES_SHARED"`
	FileMax     int    `name:"file-max" help:"Largest file, in MB." default:"25" env:"TANDEM_FILE_MAX"`
	FilesMax    int    `name:"files-max" help:"All files of one plan together, in MB; each side's own are counted apart." default:"500" env:"TANDEM_FILES_MAX"`

	S3Endpoint string `name:"s3-endpoint" help:"Address of the storage, e.g. https://s3.eu-central-1.amazonaws.com." env:"TANDEM_S3_ENDPOINT"`
	S3Region   string `name:"s3-region" help:"Region of the bucket, where the storage asks for one." env:"TANDEM_S3_REGION"`
	S3Key      string `name:"s3-key" help:"Access key of the storage." env:"TANDEM_S3_KEY"`
	S3Secret   Secret `name:"s3-secret" help:"Secret key of the storage; better in the environment." env:"TANDEM_S3_SECRET"`
}

// noFiles switches files off.
const noFiles = "none"

// FilesDir is the folder that files are kept in; empty: in none.
func (c *Config) FilesDir() string {
	switch {
	case c.Files.Files == noFiles, c.FilesBucket() != "", c.Files.Files == "" && c.DB.Postgres():
		return ""
	case c.Files.Files == "":
		return string(c.DB) + ".files"
	}
	return c.Files.Files
}

// FilesBucket is the bucket that files are kept in; empty: in none.
func (c *Config) FilesBucket() string {
	bucket, _ := c.bucket()
	return bucket
}

// FilesPrefix is what names in the bucket begin with.
func (c *Config) FilesPrefix() string {
	_, prefix := c.bucket()
	return prefix
}

func (c *Config) bucket() (bucket, prefix string) {
	rest, ok := strings.CutPrefix(c.Files.Files, "s3://")
	if !ok {
		return "", ""
	}
	bucket, prefix, _ = strings.Cut(rest, "/")
	return bucket, prefix
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func (c *Config) checkFiles() []Problem {
	f := &c.Files
	var out []Problem
	add := func(bad bool, key, value string) {
		if bad {
			out = append(out, Problem{"file.config." + key, value})
		}
	}
	add(f.FileMax < 0 || f.FileMax > 1_000, "max", f.Files)
	add(f.FilesMax < 0 || f.FilesMax > 1_000_000 || f.FilesMax != 0 && f.FilesMax < f.FileMax, "room", f.Files)
	if !strings.HasPrefix(f.Files, "s3://") {
		add(strings.Contains(f.Files, "://"), "place", f.Files)
		add(c.DB.Postgres() && c.FilesDir() != "" && !f.FilesShared, "shared", f.Files)
		add(c.FilesDir() != "" && filepath.Clean(c.FilesDir()) == filepath.Clean(string(c.DB)), "place", f.Files)
		return out
	}
	add(!bucketName.MatchString(c.FilesBucket()), "bucket", f.Files)
	add(f.S3Key == "" || f.S3Secret == "", "key", "")
	u, err := url.Parse(f.S3Endpoint)
	bad := err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.User != nil
	add(bad, "endpoint", f.S3Endpoint)
	if !bad && u.Scheme == "http" {
		host := u.Host
		if h, _, err := net.SplitHostPort(u.Host); err == nil {
			host = h
		}
		add(!isLoopback(host), "clear", f.S3Endpoint)
	}
	return out
}
