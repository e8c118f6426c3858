package web

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"
)

// keptBytes is how much of finished answers is kept.
const keptBytes = 32 << 20

// keptAnswers are whole answers as they go over the line, plain and
// compressed, the most recently used ones. Their keys name everything they are
// made from, so they never go stale; they are only crowded out.
type keptAnswers struct {
	max int

	mu    sync.Mutex
	known map[string]*list.Element
	order *list.List // of *keptAnswer
	size  int
}

type keptAnswer struct {
	key    string
	plain  []byte
	packed []byte
}

func newKept(max int) *keptAnswers {
	return &keptAnswers{max: max, known: map[string]*list.Element{}, order: list.New()}
}

// get is a kept answer, or makes and keeps it.
func (k *keptAnswers) get(key string, make func() ([]byte, error)) (*keptAnswer, error) {
	k.mu.Lock()
	if el := k.known[key]; el != nil {
		k.order.MoveToFront(el)
		k.mu.Unlock()
		return el.Value.(*keptAnswer), nil
	}
	k.mu.Unlock()
	plain, err := make()
	if err != nil {
		return nil, err
	}
	a := &keptAnswer{key: key, plain: plain, packed: compressed(plain)}
	k.mu.Lock()
	defer k.mu.Unlock()
	if el := k.known[key]; el != nil { // somebody else made the same meanwhile
		return el.Value.(*keptAnswer), nil
	}
	k.known[key] = k.order.PushFront(a)
	k.size += a.bytes()
	for k.size > k.max && k.order.Len() > 0 {
		last := k.order.Back()
		old := k.order.Remove(last).(*keptAnswer)
		delete(k.known, old.key)
		k.size -= old.bytes()
	}
	return a, nil
}

func (a *keptAnswer) bytes() int { return len(a.key) + len(a.plain) + len(a.packed) }

func compressed(plain []byte) []byte {
	var b bytes.Buffer
	z := gzips.Get().(*gzip.Writer)
	defer gzips.Put(z)
	z.Reset(&b)
	if _, err := z.Write(plain); err != nil {
		return nil
	}
	if err := z.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

// send answers with a kept answer.
func (a *keptAnswer) send(w http.ResponseWriter, v *visit, contentType string) {
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Type", contentType)
	h.Set("Content-Language", v.l.Lang)
	h.Add("Vary", "Accept-Encoding, Accept-Language, Cookie")
	body := a.plain
	if len(a.packed) > 0 && takesGzip(v.Request) {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if v.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader went away: nothing to do
	}
}

// renderKept answers with a page that many may ask for as it is.
func (s *Server) renderKept(w http.ResponseWriter, v *visit, key string, page templ.Component) error {
	a, err := s.kept.get(key, func() ([]byte, error) {
		var b bytes.Buffer
		err := page.Render(v.Context(), &b)
		return b.Bytes(), err
	})
	if err != nil {
		return err
	}
	a.send(w, v, "text/html; charset=utf-8")
	return nil
}
