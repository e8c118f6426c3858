package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var gzips = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic("web: " + err.Error())
	}
	return z
}}

// render answers with a page, whole or not at all. Pages are for their reader
// alone and are not kept.
func render(w http.ResponseWriter, v *visit, status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := page.Render(v.Context(), b); err != nil {
		return err
	}
	h := w.Header()
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-store")
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.l.Lang)
	h.Add("Vary", "Accept-Encoding, Accept-Language, Cookie")
	if b.Len() < 1024 || !takesGzip(v.Request) {
		h.Set("Content-Length", strconv.Itoa(b.Len()))
		w.WriteHeader(status)
		if v.Method != http.MethodHead {
			_, _ = w.Write(b.Bytes()) // the reader went away: nothing to do
		}
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	if v.Method == http.MethodHead {
		return nil
	}
	z := gzips.Get().(*gzip.Writer)
	defer gzips.Put(z)
	z.Reset(w)
	if _, err := z.Write(b.Bytes()); err == nil {
		_ = z.Close()
	}
	return nil
}

// takesGzip reads Accept-Encoding; "gzip;q=0" is a no.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
		}
	}
	return false
}
