package app

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Files is what this server takes as files.
func (s *Service) Files() Filing { return s.filing }

// Upload is a file whose bytes are stored and which no document names yet.
type Upload struct {
	Space
	plan.FileInput
}

// errLarge is a reader's who was asked for more than may be stored.
var errLarge = errors.New("larger than allowed")

// bounded reads at most so many bytes, keeps the first of them, and fails
// beyond.
type bounded struct {
	from io.Reader
	left int64
	head []byte
	err  error // of from, so that it is told from one of the store
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		b.err = errLarge
		return 0, errLarge
	}
	if rest := plan.SniffBytes - len(b.head); rest > 0 {
		b.head = append(b.head, p[:min(n, rest)]...)
	}
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// TakeFile stores the bytes of a file that is to become a document of a plan,
// of its caller's side alone if private is true. Whoever may add documents.
// Nothing refers to it until a command does; if none comes it is deleted after
// a day.
//
// Faults: fault.file.large, .empty, .off, .slow (it did not arrive whole).
func (s *Service) TakeFile(ctx context.Context, v View, private bool, name string, from io.Reader) (Upload, error) {
	name = plan.CleanFileName(name)
	in, err := s.spaceOf(v, private)
	if err != nil {
		return Upload{}, err
	}
	first := bufio.NewReader(from)
	if _, err := first.Peek(1); err == io.EOF {
		return Upload{}, fault.New(fault.Invalid, "fault.file.empty", "name", name)
	}
	r := &bounded{from: first, left: s.filing.Max}
	digest, size, err := s.filing.Blobs.Put(ctx, in, r)
	switch {
	case errors.Is(err, errLarge):
		return Upload{}, fault.New(fault.TooLarge, "fault.file.large", "name", name, "max", bytesSaid(s.filing.Max))
	case r.err != nil:
		return Upload{}, fault.New(fault.Invalid, "fault.file.slow").Wrap(r.err)
	case err != nil:
		return Upload{}, fmt.Errorf("store a file: %w", err)
	}
	return Upload{in, plan.FileInput{Digest: digest, Name: name, Type: plan.SniffType(r.head), Size: size}}, nil
}

// MayTakeFiles is nil if a caller may upload files to a plan, so that nothing
// is stored for others.
func (s *Service) MayTakeFiles(v View, private bool) error {
	_, err := s.spaceOf(v, private)
	return err
}

func (s *Service) spaceOf(v View, private bool) (Space, error) {
	switch {
	case !s.filing.On():
		return Space{}, fault.New(fault.Refused, "fault.file.off")
	case v.Me.Access == plan.Viewer:
		return Space{}, fault.New(fault.Forbidden, "fault.right.viewer")
	case !private:
		return Space{Plan: v.Plan.ID}, nil
	}
	side, sees := v.Plan.SeesPrivate(v.Me.ID)
	if !sees {
		return Space{}, missing()
	}
	return Space{v.Plan.ID, side}, nil
}

// bytesSaid is a size in whole megabytes, as limits are set.
func bytesSaid(n int64) string { return fmt.Sprintf("%d MB", n>>20) }

// roomFor refuses a command that would fill a plan with files beyond what is
// set. Each side's own files are counted for themselves: a refusal tells nothing
// of the other's.
func (s *Service) roomFor(has map[string]int64, cmd any) error {
	added := int64(0)
	var count func(cmd any)
	count = func(cmd any) {
		switch c := cmd.(type) {
		case plan.Batch:
			for _, x := range c {
				count(x)
			}
		case plan.AddDocument:
			if c.File != nil && has[c.File.Digest] == 0 {
				added += c.File.Size
			}
		}
	}
	if count(cmd); added == 0 {
		return nil
	}
	for _, size := range has {
		added += size
	}
	if added > s.filing.Room {
		return fault.New(fault.Refused, "fault.file.full", "max", bytesSaid(s.filing.Room))
	}
	return nil
}

// kept is an upload as a form carries it when it comes back refused.
type keptUpload struct {
	Upload Upload
	Person plan.ID
	Until  int64 // Unix seconds
}

// keepsUploads is for how long a file that was refused with its form need not
// be sent again; shorter than what nothing refers to lives.
const keepsUploads = 50 * time.Minute

// KeepFile is a ticket for an upload: with it the same person can use the same
// bytes again without sending them, when the form around them was refused.
func (s *Service) KeepFile(ctx context.Context, v View, u Upload) (string, error) {
	data, err := json.Marshal(keptUpload{u, v.Me.ID, s.clock().Add(keepsUploads).Unix()})
	if err != nil {
		return "", err
	}
	sum, err := s.signed(ctx, data)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(sum, data...)), nil
}

// KeptFile is the upload of a ticket; false if it is none, not this person's,
// of another plan, or too old.
func (s *Service) KeptFile(ctx context.Context, v View, ticket string) (Upload, bool) {
	b, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil || len(b) <= sha256.Size {
		return Upload{}, false
	}
	sum, err := s.signed(ctx, b[sha256.Size:])
	if err != nil || !hmac.Equal(sum, b[:sha256.Size]) {
		return Upload{}, false
	}
	var k keptUpload
	if json.Unmarshal(b[sha256.Size:], &k) != nil || k.Upload.Plan != v.Plan.ID || k.Person != v.Me.ID || k.Until < s.clock().Unix() {
		return Upload{}, false
	}
	return k.Upload, true
}

func (s *Service) signed(ctx context.Context, data []byte) ([]byte, error) {
	key, err := s.secret(ctx, "upload")
	if err != nil {
		return nil, err
	}
	m := hmac.New(sha256.New, key)
	m.Write(data)
	return m.Sum(nil), nil
}

// Filed is a document of a plan whose bytes are open to be read.
type Filed struct {
	*plan.Document
	Private bool
	Body    io.ReadCloser
	Size    int64 // bytes
}

// OpenFile opens a document's file for whoever may see the document: everybody
// on the plan those of the plan, a side its own. What is read is checked
// against its digest: the last Read fails if a byte is not what was uploaded.
//
// Faults are those of Open, and fault.file.gone.
func (s *Service) OpenFile(ctx context.Context, c Caller, planID, id plan.ID) (View, Filed, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return View{}, Filed{}, err
	}
	f, err := s.openFile(ctx, v, id)
	return v, f, err
}

func (s *Service) openFile(ctx context.Context, v View, id plan.ID) (Filed, error) {
	f := Filed{Document: v.Plan.Document(id)}
	in := Space{Plan: v.Plan.ID}
	if f.Document == nil {
		if f.Document = v.Own.Document(id); f.Document == nil {
			return Filed{}, missing()
		}
		f.Private, in.Side = true, v.Side()
	}
	if f.File == nil {
		return Filed{}, missing()
	}
	if f.File.Digest.Value == "" || !s.filing.On() {
		return Filed{}, fault.New(fault.Missing, "fault.file.gone")
	}
	body, size, err := s.filing.Blobs.Get(ctx, in, f.File.Digest.Value)
	if errors.Is(err, ErrNotFound) || err == nil && size != f.File.Size {
		if body != nil {
			body.Close()
		}
		return Filed{}, fault.New(fault.Missing, "fault.file.gone").Wrap(err)
	}
	if err != nil {
		return Filed{}, fmt.Errorf("read a file: %w", err)
	}
	f.Body, f.Size = &checked{ReadCloser: body, sum: sha256.New(), want: f.File.Digest.Value}, size
	return f, nil
}

// checked fails at its end if what was read is not what it should be.
type checked struct {
	io.ReadCloser
	sum  hash.Hash
	want string
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(c.sum.Sum(nil)) != c.want {
		return n, errors.New("a stored file is not what was uploaded")
	}
	return n, err
}
