package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/blob/disk"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// filed is a service that keeps files, on a real disk and so in real time.
type filed struct {
	*house
	disk  *disk.Store
	id    plan.ID
	step  plan.ID
	buyer app.Caller
}

func keepsFiles(t *testing.T) *filed {
	t.Helper()
	h := open(t)
	h.now = time.Now()
	files, err := disk.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	h.Service = app.New(h.store, app.Options{Publisher: h, Clock: func() time.Time { return h.now }, Files: app.Filing{Blobs: files, Max: 1 << 10, Room: 4 << 10}})
	v := h.sample()
	f := &filed{house: h, disk: files, id: v.Plan.ID, step: step(v, plan.ByBuyer).ID}
	f.buyer = h.buyer(f.id, "Sarah Chen")
	if _, err := h.Do(h.ctx(), h.seller, f.id, plan.Share{}); err != nil {
		if x, ok := fault.As(err); !ok || x.Key != "fault.share.done" { // the link has shared it
			t.Fatal(err)
		}
	}
	return f
}

func (f *filed) view(c app.Caller) app.View {
	f.t.Helper()
	v, err := f.Open(f.ctx(), c, f.id)
	if err != nil {
		f.t.Fatal(err)
	}
	return v
}

func (f *filed) take(c app.Caller, private bool, content string) app.Upload {
	f.t.Helper()
	u, err := f.TakeFile(f.ctx(), f.view(c), private, "case.pdf", strings.NewReader(content))
	if err != nil {
		f.t.Fatal(err)
	}
	return u
}

func (f *filed) add(c app.Caller, private bool, id plan.ID, content string) {
	f.t.Helper()
	u := f.take(c, private, content)
	cmd := plan.AddDocument{ID: id, Item: f.step, File: &u.FileInput}
	var err error
	if private {
		_, err = f.DoPrivate(f.ctx(), c, f.id, cmd)
	} else {
		_, err = f.Do(f.ctx(), c, f.id, cmd)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// stored lists what is on the disk, by its words.
func (f *filed) stored() string {
	f.t.Helper()
	var out []string
	err := f.disk.Each(f.ctx(), "", func(b app.Blob) error {
		r, _, err := f.disk.Get(f.ctx(), b.Space, b.Digest)
		if err != nil {
			return err
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		out = append(out, string(b.Side)+":"+string(text))
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func (f *filed) has(when string, want ...string) {
	f.t.Helper()
	got := f.stored()
	for _, w := range want {
		if !strings.Contains(got, w) {
			f.t.Errorf("%s: %q lacks %q", when, got, w)
		}
	}
	if n := len(strings.Fields(got)); n != len(want) {
		f.t.Errorf("%s: %q, want %q", when, got, want)
	}
}

func TestOrphansAreSweptWhenTheyAreOld(t *testing.T) {
	t.Parallel()
	f := keepsFiles(t)
	f.add(f.buyer, false, "doc-1", "used")
	f.add(f.buyer, true, "doc-2", "inside")
	f.take(f.buyer, false, "orphan")
	f.take(f.seller, true, "inside") // nobody of that side refers to it
	sweep := func() {
		t.Helper()
		if err := f.RunJob(f.ctx(), app.Job{Kind: app.JobSweepFiles}); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	f.has("at once", ":used", "buyer:inside", ":orphan", "seller:inside")
	f.now = f.now.Add(25 * time.Hour)
	sweep()
	sweep()
	f.has("a day later", ":used", "buyer:inside")
}

func TestBytesOfARemovedDocumentGo(t *testing.T) {
	t.Parallel()
	f := keepsFiles(t)
	f.add(f.buyer, false, "doc-1", "once")
	f.add(f.buyer, false, "doc-2", "twice")
	f.add(f.seller, false, "doc-3", "twice")
	f.add(f.buyer, true, "doc-4", "inside")
	for _, id := range []plan.ID{"doc-1", "doc-2"} {
		if _, err := f.Do(f.ctx(), f.buyer, f.id, plan.RemoveDocument{ID: id, Item: f.step}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.DoPrivate(f.ctx(), f.buyer, f.id, plan.RemoveDocument{ID: "doc-4", Item: f.step}); err != nil {
		t.Fatal(err)
	}
	f.now = f.now.Add(30 * time.Minute)
	f.runDue()
	f.has("soon", ":once", ":twice", "buyer:inside")
	f.now = f.now.Add(time.Hour)
	f.runDue()
	f.has("later", ":twice")
	if _, _, err := f.OpenFile(f.ctx(), f.buyer, f.id, "doc-3"); err != nil {
		t.Errorf("what somebody else refers to: %v", err)
	}
}

// Rule 16: with a person go the files they brought, at once.
func TestErasingAPersonErasesTheirFiles(t *testing.T) {
	t.Parallel()
	f := keepsFiles(t)
	f.add(f.buyer, false, "doc-1", "hers")
	f.add(f.buyer, true, "doc-2", "inside")
	f.add(f.buyer, false, "doc-3", "both")
	f.add(f.seller, false, "doc-4", "both")
	me := f.view(f.buyer).Me.ID
	if _, err := f.Erase(f.ctx(), f.id, me); err != nil {
		t.Fatal(err)
	}
	f.has("after the erasure", ":both")
	v := f.view(f.seller)
	if x := v.Plan.Document("doc-1"); !x.File.Name.Gone || !x.File.Digest.Gone {
		t.Errorf("her document still has a name: %+v", x.File)
	}
	_, _, err := f.OpenFile(f.ctx(), f.seller, f.id, "doc-1")
	wantFault(t, err, fault.Missing, "fault.file.gone")
}

func TestFilesOfADeletedPlanGo(t *testing.T) {
	t.Parallel()
	f := keepsFiles(t)
	f.add(f.buyer, false, "doc-1", "shared")
	f.add(f.buyer, true, "doc-2", "inside")
	if _, err := f.Do(f.ctx(), f.buyer, f.id, plan.Leave{}); err != nil {
		t.Fatal(err)
	}
	if err := f.DecidePrivacy(f.ctx(), f.seller, app.Privacy{Keep: 1, Mails: 90, Least: 5}); err != nil {
		t.Fatal(err)
	}
	f.now = f.now.AddDate(0, 2, 0)
	if err := f.RunJob(f.ctx(), app.Job{Kind: app.JobRetain}); err != nil {
		t.Fatal(err)
	}
	f.has("after the plan")
}

// What a side keeps to itself counts for that side alone, so that a refusal
// tells nothing of the other's.
func TestRoomIsCountedBySpace(t *testing.T) {
	t.Parallel()
	f := keepsFiles(t)
	for _, fill := range []string{"a", "b", "c", "d"} {
		f.add(f.buyer, true, plan.ID("doc-"+fill), strings.Repeat(fill, 1<<10))
	}
	u := f.take(f.buyer, true, "one more")
	_, err := f.DoPrivate(f.ctx(), f.buyer, f.id, plan.AddDocument{ID: "doc-e", Item: f.step, File: &u.FileInput})
	wantFault(t, err, fault.Refused, "fault.file.full")
	f.add(f.seller, true, "doc-f", strings.Repeat("f", 1<<10))
	f.add(f.seller, false, "doc-g", strings.Repeat("g", 1<<10))
	_, err = f.TakeFile(f.ctx(), f.view(f.buyer), false, "x.pdf", bytes.NewReader(make([]byte, 1<<10+1)))
	wantFault(t, err, fault.TooLarge, "fault.file.large")
	_, err = f.TakeFile(f.ctx(), f.view(f.buyer), false, "x.pdf", io.MultiReader(strings.NewReader("half"), brokenLine{}))
	wantFault(t, err, fault.Invalid, "fault.file.slow")
	_, err = f.TakeFile(f.ctx(), f.view(f.buyer), false, "x.pdf", strings.NewReader(""))
	wantFault(t, err, fault.Invalid, "fault.file.empty")
}

type brokenLine struct{}

func (brokenLine) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

// A disk that lies is found out before anybody takes its word.
func TestAFileThatIsNotWhatWasUploaded(t *testing.T) {
	t.Parallel()
	f := keepsFiles(t)
	lying := &liar{Blobs: f.disk}
	f.Service = app.New(f.store, app.Options{Clock: func() time.Time { return f.now }, Files: app.Filing{Blobs: lying, Max: 1 << 10, Room: 4 << 10}})
	f.add(f.buyer, false, "doc-1", "the truth")
	lying.says = "the truce"
	_, x, err := f.OpenFile(f.ctx(), f.buyer, f.id, "doc-1")
	if err != nil {
		t.Fatal(err)
	}
	defer x.Body.Close()
	if all, err := io.ReadAll(x.Body); err == nil {
		t.Errorf("%q passes for what was uploaded", all)
	}
	lying.says = "short"
	_, _, err = f.OpenFile(f.ctx(), f.buyer, f.id, "doc-1")
	wantFault(t, err, fault.Missing, "fault.file.gone")
}

type liar struct {
	app.Blobs
	says string
}

func (l *liar) Get(ctx context.Context, in app.Space, digest string) (io.ReadCloser, int64, error) {
	if l.says == "" {
		return l.Blobs.Get(ctx, in, digest)
	}
	return io.NopCloser(strings.NewReader(l.says)), int64(len(l.says)), nil
}
