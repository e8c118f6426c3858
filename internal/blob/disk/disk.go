// Package disk keeps the bytes of files in a folder, beside an SQLite file or
// on a disk that all machines share. Each blob is a file named by its digest,
// readable by the server's user alone.
package disk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/blob"
	"tandem/internal/plan"
)

// Store implements app.Blobs.
type Store struct{ dir string }

var _ app.Blobs = (*Store)(nil)

// Open makes the folder if it is not there, and checks that files can be
// written in it.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder for files: %w", err)
	}
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return nil, fmt.Errorf("folder for files: %w", err)
	}
	return &Store{dir}, errors.Join(f.Close(), os.Remove(f.Name()))
}

// unfinished files begin with these; they are no blobs.
const (
	upload = ".up-"
	trash  = ".gone-"
)

// unfinishedLife is after how long a file that a crash left behind is deleted.
const unfinishedLife = 24 * time.Hour

func (s *Store) folder(in app.Space) (string, error) {
	folder, ok := blob.Folder(in)
	if !ok {
		return "", fmt.Errorf("blob: no space %q", in)
	}
	return filepath.Join(s.dir, filepath.FromSlash(folder)), nil
}

func (s *Store) path(in app.Space, digest string) (string, error) {
	folder, err := s.folder(in)
	if err != nil || !blob.IsDigest(digest) {
		return "", errors.Join(err, app.ErrNotFound)
	}
	return filepath.Join(folder, digest), nil
}

// Put implements app.Blobs: written beside, synced, and renamed into place.
func (s *Store) Put(ctx context.Context, in app.Space, from io.Reader) (digest string, size int64, err error) {
	folder, err := s.folder(in)
	if err != nil {
		return "", 0, err
	}
	if err := s.makeFolder(folder); err != nil {
		return "", 0, err
	}
	f, err := os.CreateTemp(folder, upload+"*") // 0600
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), ignoreGone(os.Remove(f.Name())))
		}
	}()
	sum := sha256.New()
	if size, err = io.Copy(io.MultiWriter(f, sum), withContext{ctx, from}); err != nil {
		return "", 0, err
	}
	if err = f.Sync(); err != nil {
		return "", 0, err
	}
	if err = f.Close(); err != nil {
		return "", 0, err
	}
	digest = hex.EncodeToString(sum.Sum(nil))
	if err = os.Rename(f.Name(), filepath.Join(folder, digest)); err != nil {
		return "", 0, err
	}
	return digest, size, syncFolder(folder)
}

// makeFolder makes a plan's folder, and syncs those in which it made one.
func (s *Store) makeFolder(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return errors.Join(syncFolder(filepath.Dir(folder)), syncFolder(s.dir))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrClosed) {
		return nil
	}
	return err
}

// Get implements app.Blobs.
func (s *Store) Get(_ context.Context, in app.Space, digest string) (io.ReadCloser, int64, error) {
	path, err := s.path(in, digest)
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, app.ErrNotFound
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// Delete implements app.Blobs. The file is taken aside before its age is
// looked at: if somebody put the same bytes there meanwhile they are either
// still in place, or found young and put back.
func (s *Store) Delete(_ context.Context, in app.Space, digest string, before time.Time) error {
	path, err := s.path(in, digest)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err != nil || !info.ModTime().Before(before) {
		return ignoreGone(err)
	}
	aside := filepath.Join(filepath.Dir(path), trash+digest)
	if err := os.Rename(path, aside); err != nil {
		return ignoreGone(err)
	}
	info, err := os.Stat(aside)
	if err != nil {
		return ignoreGone(err)
	}
	if !info.ModTime().Before(before) {
		return errors.Join(os.Rename(aside, path), syncFolder(filepath.Dir(path)))
	}
	return errors.Join(ignoreGone(os.Remove(aside)), syncFolder(filepath.Dir(path)))
}

// DropPlan implements app.Blobs.
func (s *Store) DropPlan(_ context.Context, planID plan.ID) error {
	if !blob.IsPlan(planID) {
		return fmt.Errorf("blob: no plan %q", planID)
	}
	return errors.Join(os.RemoveAll(filepath.Join(s.dir, string(planID))), syncFolder(s.dir))
}

// Each implements app.Blobs. It also deletes what crashes left behind.
func (s *Store) Each(ctx context.Context, planID plan.ID, f func(app.Blob) error) error {
	root := s.dir
	if planID != "" {
		if !blob.IsPlan(planID) {
			return fmt.Errorf("blob: no plan %q", planID)
		}
		root = filepath.Join(s.dir, string(planID))
	}
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // deleted meanwhile
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case !d.Type().IsRegular():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return ignoreGone(err)
		}
		name := d.Name()
		if strings.HasPrefix(name, upload) || strings.HasPrefix(name, trash) {
			if time.Since(info.ModTime()) > unfinishedLife {
				return ignoreGone(os.Remove(path))
			}
			return nil
		}
		side := filepath.Dir(path)
		in, ok := blob.Space(filepath.Base(filepath.Dir(side)), filepath.Base(side))
		if !ok || !blob.IsDigest(name) {
			return nil // not ours
		}
		return f(app.Blob{Space: in, Digest: name, Size: info.Size(), Put: info.ModTime()})
	})
}

// withContext stops reading when nobody waits any more.
type withContext struct {
	ctx  context.Context
	from io.Reader
}

func (r withContext) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}
