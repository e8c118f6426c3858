package cli

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"tandem/internal/app"
	"tandem/internal/blob/disk"
	"tandem/internal/blob/s3"
	"tandem/internal/config"
)

// Sizes where nothing is set, in MB.
const (
	fileMax  = 25
	filesMax = 500
)

// answersIn is how long storage may take to say that it is there.
const answersIn = 20 * time.Second

// filing is where a server keeps files.
func filing(c *config.Config) (app.Filing, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answersIn)
	defer cancel()
	f := app.Filing{Max: int64(cmp.Or(c.Files.FileMax, fileMax)) << 20, Room: int64(cmp.Or(c.Files.FilesMax, filesMax)) << 20}
	var err error
	if bucket := c.FilesBucket(); bucket != "" {
		at, err := url.Parse(c.Files.S3Endpoint)
		if err != nil {
			return f, err
		}
		f.Blobs, err = s3.Open(ctx, s3.Options{Endpoint: at.Host, Insecure: at.Scheme == "http", Region: c.Files.S3Region,
			Bucket: bucket, Prefix: c.FilesPrefix(), Key: c.Files.S3Key, Secret: string(c.Files.S3Secret)})
		return f, err
	}
	if dir := c.FilesDir(); dir != "" {
		f.Blobs, err = disk.Open(dir)
	}
	return f, err
}
