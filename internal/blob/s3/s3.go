// Package s3 keeps the bytes of files in a bucket of any storage that speaks
// S3: Amazon's, MinIO, Ceph, Garage, those of European hosters. Objects are
// named by plan, space and digest, below a prefix.
package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"tandem/internal/app"
	"tandem/internal/blob"
	"tandem/internal/plan"
)

// Options say where a bucket is and who we are there.
type Options struct {
	Endpoint string // host or host:port
	Insecure bool   // plain HTTP
	Region   string // empty: asked for
	Bucket   string
	Prefix   string // before every name; with or without a slash at its end
	Key      string
	Secret   string
	// Transport is the way there; nil: the library's.
	Transport http.RoundTripper
}

// Store implements app.Blobs.
type Store struct {
	client *minio.Client
	bucket string
	prefix string
}

var _ app.Blobs = (*Store)(nil)

// Open checks that the bucket is there and open to us.
func Open(ctx context.Context, o Options) (*Store, error) {
	client, err := minio.New(o.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(o.Key, o.Secret, ""), Secure: !o.Insecure,
		Region: o.Region, Transport: o.Transport})
	if err != nil {
		return nil, fmt.Errorf("storage for files: %w", err)
	}
	s := &Store{client, o.Bucket, strings.Trim(o.Prefix, "/")}
	if s.prefix != "" {
		s.prefix += "/"
	}
	there, err := client.BucketExists(ctx, o.Bucket)
	if err == nil && !there {
		err = errors.New("no such bucket")
	}
	if err != nil {
		return nil, fmt.Errorf("storage for files, bucket %s: %w", o.Bucket, err)
	}
	return s, nil
}

func (s *Store) name(in app.Space, digest string) (string, error) {
	folder, ok := blob.Folder(in)
	if !ok || !blob.IsDigest(digest) {
		return "", app.ErrNotFound
	}
	return s.prefix + folder + "/" + digest, nil
}

// Put implements app.Blobs. An object is named before it is sent, so what comes
// in lies in a file of the machine's temporary folder until its digest is known;
// the file has no name any more while it is written.
func (s *Store) Put(ctx context.Context, in app.Space, from io.Reader) (digest string, size int64, err error) {
	f, err := os.CreateTemp("", "tandem-upload-*")
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := os.Remove(f.Name()); err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	if size, err = io.Copy(io.MultiWriter(f, sum), from); err != nil {
		return "", 0, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	digest = hex.EncodeToString(sum.Sum(nil))
	name, err := s.name(in, digest)
	if err != nil {
		return "", 0, err
	}
	_, err = s.client.PutObject(ctx, s.bucket, name, f, size, minio.PutObjectOptions{ContentType: plan.TypeOther, SendContentMd5: true, DisableMultipart: size < 64<<20})
	if err != nil {
		return "", 0, fmt.Errorf("put an object: %w", err)
	}
	return digest, size, nil
}

// Get implements app.Blobs.
func (s *Store) Get(ctx context.Context, in app.Space, digest string) (io.ReadCloser, int64, error) {
	name, err := s.name(in, digest)
	if err != nil {
		return nil, 0, err
	}
	o, err := s.client.GetObject(ctx, s.bucket, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, fmt.Errorf("get an object: %w", err)
	}
	info, err := o.Stat()
	if err != nil {
		return nil, 0, errors.Join(gone(err), o.Close())
	}
	return o, info.Size, nil
}

// gone is app.ErrNotFound for what storage calls missing.
func gone(err error) error {
	if r := minio.ToErrorResponse(err); r.StatusCode == http.StatusNotFound || r.Code == minio.NoSuchKey {
		return app.ErrNotFound
	}
	return fmt.Errorf("read an object: %w", err)
}

// Delete implements app.Blobs. Between the look at its age and the deletion
// lies a moment; who puts the same bytes there in it, after nobody referred to
// them for an hour, loses them. S3 has nothing that every storage speaks to
// prevent it; see docs/decisions/files.md.
func (s *Store) Delete(ctx context.Context, in app.Space, digest string, before time.Time) error {
	name, err := s.name(in, digest)
	if err != nil {
		return err
	}
	info, err := s.client.StatObject(ctx, s.bucket, name, minio.StatObjectOptions{})
	if err != nil {
		if err = gone(err); errors.Is(err, app.ErrNotFound) {
			return nil
		}
		return err
	}
	if !info.LastModified.Before(before) {
		return nil
	}
	return s.remove(ctx, name)
}

func (s *Store) remove(ctx context.Context, name string) error {
	if err := s.client.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete an object: %w", err)
	}
	return nil
}

// DropPlan implements app.Blobs.
func (s *Store) DropPlan(ctx context.Context, planID plan.ID) error {
	if planID == "" { // or everything would go
		return errors.New("blob: no plan")
	}
	return s.each(ctx, planID, func(o minio.ObjectInfo) error { return s.remove(ctx, o.Key) })
}

// Each implements app.Blobs.
func (s *Store) Each(ctx context.Context, planID plan.ID, f func(app.Blob) error) error {
	return s.each(ctx, planID, func(o minio.ObjectInfo) error {
		parts := strings.Split(strings.TrimPrefix(o.Key, s.prefix), "/")
		if len(parts) != 3 {
			return nil // not ours
		}
		in, ok := blob.Space(parts[0], parts[1])
		if !ok || !blob.IsDigest(parts[2]) {
			return nil
		}
		return f(app.Blob{Space: in, Digest: parts[2], Size: o.Size, Put: o.LastModified})
	})
}

func (s *Store) each(ctx context.Context, planID plan.ID, f func(minio.ObjectInfo) error) error {
	prefix := s.prefix
	if planID != "" {
		if !blob.IsPlan(planID) {
			return fmt.Errorf("blob: no plan %q", planID)
		}
		prefix += string(planID) + "/"
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the listing if f does not want the rest
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list objects: %w", o.Err)
		}
		if err := f(o); err != nil {
			return err
		}
	}
	return nil
}
