package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"tandem/internal/app"
	"tandem/internal/blob"
	"tandem/internal/blob/disk"
	"tandem/internal/blob/s3"
	"tandem/internal/plan"
)

// stores are all there are, each empty. The one that speaks S3 speaks to a
// server in this process, or to that of TANDEM_TEST_S3 if it is set:
// http://KEY:SECRET@host:port/bucket, where the bucket is there.
func stores(t *testing.T, try func(t *testing.T, b app.Blobs)) {
	t.Run("disk", func(t *testing.T) {
		t.Parallel()
		s, err := disk.Open(filepath.Join(t.TempDir(), "files"))
		if err != nil {
			t.Fatal(err)
		}
		try(t, s)
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		s, err := s3.Open(t.Context(), bucket(t))
		if err != nil {
			t.Fatal(err)
		}
		try(t, s)
	})
}

func bucket(t *testing.T) s3.Options {
	t.Helper()
	o := s3.Options{Bucket: "tandem", Prefix: strings.ReplaceAll(t.Name(), "/", "-") + "/", Key: "key", Secret: "secret", Insecure: true, Region: "us-east-1"}
	if given := os.Getenv("TANDEM_TEST_S3"); given != "" {
		u, err := url.Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		o.Endpoint, o.Bucket, o.Key = u.Host, strings.Trim(u.Path, "/"), u.User.Username()
		o.Secret, _ = u.User.Password()
		o.Prefix = rand(t) + o.Prefix
		return o
	}
	back := s3mem.New()
	if err := back.CreateBucket("tandem"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(back).Server())
	t.Cleanup(server.Close)
	o.Endpoint = strings.TrimPrefix(server.URL, "http://")
	return o
}

func rand(t *testing.T) string {
	return filepath.Base(t.TempDir()) + time.Now().Format("150405.000000")
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

var (
	both  = app.Space{Plan: "p1"}
	buyer = app.Space{Plan: "p1", Side: plan.Buyer}
	other = app.Space{Plan: "p2"}
)

func put(t *testing.T, b app.Blobs, in app.Space, s string) string {
	t.Helper()
	d, size, err := b.Put(t.Context(), in, strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	if d != digest(s) || size != int64(len(s)) {
		t.Fatalf("put %.20q: got %s of %d bytes, want %s of %d", s, d, size, digest(s), len(s))
	}
	return d
}

func get(t *testing.T, b app.Blobs, in app.Space, d string) string {
	t.Helper()
	r, size, err := b.Get(t.Context(), in, d)
	if errors.Is(err, app.ErrNotFound) {
		return "not found"
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := io.ReadAll(r)
	if err != nil || int64(len(all)) != size {
		t.Fatalf("read %d of %d bytes: %v", len(all), size, err)
	}
	return string(all)
}

func list(t *testing.T, b app.Blobs, planID plan.ID) []string {
	t.Helper()
	var out []string
	err := b.Each(t.Context(), planID, func(x app.Blob) error {
		if age := time.Since(x.Put); age < -time.Minute || age > time.Hour {
			t.Errorf("%s was put %s ago", x.Digest, age)
		}
		out = append(out, string(x.Plan)+"/"+string(x.Side)+"/"+x.Digest[:4])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestBlobsAreKeptBySpace(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, b app.Blobs) {
		large := strings.Repeat("0123456789abcdef", 1<<18) // 4 MB
		for _, s := range []string{"hello", large} {
			if d := put(t, b, both, s); get(t, b, both, d) != s {
				t.Errorf("%d bytes did not come back as they were", len(s))
			}
		}
		d := put(t, b, both, "hello") // again
		put(t, b, buyer, "only ours")
		put(t, b, other, "hello")
		for _, x := range []struct {
			in   app.Space
			d    string
			want string
		}{
			{buyer, d, "not found"}, {both, digest("only ours"), "not found"}, {buyer, digest("only ours"), "only ours"}, {other, d, "hello"},
			{app.Space{Plan: "p1", Side: plan.Seller}, digest("only ours"), "not found"}, {app.Space{Plan: "p3"}, d, "not found"},
			{both, "../buyer/" + digest("only ours"), "not found"}, {both, "", "not found"}, {both, strings.ToUpper(d), "not found"},
		} {
			if got := get(t, b, x.in, x.d); got != x.want {
				t.Errorf("get %s in %+v: got %.20q, want %q", x.d, x.in, got, x.want)
			}
		}
		if got, want := list(t, b, "p2"), []string{"p2//" + d[:4]}; !slices.Equal(got, want) {
			t.Errorf("of one plan: got %v, want %v", got, want)
		}
		if got := list(t, b, ""); len(got) != 4 {
			t.Errorf("of all: got %v, want 4", got)
		}
		if got := list(t, b, "p"); len(got) != 0 {
			t.Errorf("of a plan whose id begins another's: got %v", got)
		}
		enough := errors.New("enough")
		if err := b.Each(t.Context(), "", func(app.Blob) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("an error ends the walk: got %v", err)
		}
	})
}

func TestBlobsAreDeletedByAge(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, b app.Blobs) {
		ctx, d := t.Context(), put(t, b, both, "hello")
		put(t, b, buyer, "hello")
		put(t, b, other, "hello")
		for range 2 { // what is young stays
			if err := b.Delete(ctx, both, d, time.Now().Add(-time.Hour)); err != nil || get(t, b, both, d) != "hello" {
				t.Fatalf("a young blob: %v, and %q is left", err, get(t, b, both, d))
			}
		}
		for range 2 { // twice does no harm
			if err := b.Delete(ctx, both, d, time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if got := get(t, b, both, d); got != "not found" {
			t.Errorf("deleted: got %q", got)
		}
		if get(t, b, buyer, d) != "hello" {
			t.Error("the same bytes elsewhere went too")
		}
		for range 2 {
			if err := b.DropPlan(ctx, "p1"); err != nil {
				t.Fatal(err)
			}
		}
		if got := list(t, b, ""); len(got) != 1 || !strings.HasPrefix(got[0], "p2//") {
			t.Errorf("after a plan went: got %v, want that of p2", got)
		}
		for _, id := range []plan.ID{"..", "", "a/b", "."} {
			if err := b.DropPlan(ctx, id); err == nil {
				t.Errorf("DropPlan(%q) is taken", id)
			}
		}
	})
}

// failing gives some bytes and then an error.
type failing struct{ err error }

func (f *failing) Read(p []byte) (int, error) {
	if f.err != nil {
		err := f.err
		return 0, err
	}
	return 0, io.EOF
}

func TestAnUploadThatBreaksStoresNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, b app.Blobs) {
		broken := errors.New("broken")
		_, _, err := b.Put(t.Context(), both, io.MultiReader(strings.NewReader("half of it"), &failing{broken}))
		if !errors.Is(err, broken) {
			t.Errorf("got %v, want the reader's error", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := b.Put(ctx, both, strings.NewReader("nobody waits")); err == nil {
			t.Error("stored for nobody")
		}
		if got := list(t, b, ""); len(got) != 0 {
			t.Errorf("left behind: %v", got)
		}
	})
}

func TestManyPutTheSame(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, b app.Blobs) {
		text := strings.Repeat("x", 100_000)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				d, _, err := b.Put(context.Background(), both, bytes.NewReader([]byte(text)))
				if err != nil || d != digest(text) {
					t.Errorf("got %s, %v", d, err)
				}
				if err := b.Delete(context.Background(), both, d, time.Now().Add(-time.Hour)); err != nil { // a sweep at the same time
					t.Error(err)
				}
			})
		}
		all.Wait()
		if get(t, b, both, digest(text)) != text {
			t.Error("it is not there")
		}
	})
}

func TestDiskLeavesNobodyElseIn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	s, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, both, "hello")
	old := filepath.Join(dir, "p1", "shared", ".up-left")
	if err := os.WriteFile(old, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	if got := list(t, s, ""); len(got) != 1 {
		t.Errorf("what a crash left is no blob: got %v", got)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("what a crash left two days ago: got %v, want it gone", err)
	}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestS3SaysWhatIsWrongAtTheStart(t *testing.T) {
	t.Parallel()
	o := bucket(t)
	o.Bucket = "no-such-bucket"
	if _, err := s3.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "no-such-bucket") {
		t.Errorf("got %v, want it named", err)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("p1", "shared")
	f.Add("..", "buyer")
	f.Add("p1/../p2", "")
	f.Fuzz(func(t *testing.T, planID, side string) {
		if folder, ok := blob.Folder(app.Space{Plan: plan.ID(planID), Side: plan.Side(side)}); ok && (strings.Count(folder, "/") != 1 || strings.Contains(folder, ".") || strings.ContainsAny(folder, "\\\x00")) {
			t.Errorf("folder %q", folder)
		}
		if in, ok := blob.Space(planID, side); ok {
			if folder, ok := blob.Folder(in); !ok || folder != planID+"/"+side {
				t.Errorf("%s/%s is not found again: %q", planID, side, folder)
			}
		}
	})
}
