// Package static holds what a browser keeps: the style sheet, the script and
// the signs. Their addresses carry a hash of their content, so they are kept
// for ever and a new version is a new address. Nothing is fetched from
// elsewhere.
//
// The style sheet and the script are each one file, joined from css/*.css and
// js/*.js in the order of their names. What few pages need is in page/*.css
// and page/*.js, a file for each.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Prefix is where Handler must be mounted.
const Prefix = "/static/"

//go:embed css/*.css js/*.js page/*.css page/*.js vendor/*.js img/*.svg
var files embed.FS

// file is one thing to serve.
type file struct {
	url   string
	kind  string
	plain []byte
	gz    func() []byte
}

// all are the files by their name and by their address.
var all = sync.OnceValue(func() map[string]*file {
	m := map[string]*file{}
	add := func(name, kind string, data []byte) {
		sum := sha256.Sum256(data)
		ext := path.Ext(name)
		f := &file{
			url:   Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
			kind:  kind,
			plain: data,
			gz:    sync.OnceValue(func() []byte { return compress(data) }),
		}
		m[name], m[f.url] = f, f
	}
	const css, js = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
	add("app.css", css, join("css/*.css"))
	script := append([]byte("(() => {\n'use strict';\n"), join("vendor/*.js")...)
	script = append(append(script, join("js/*.js")...), "})();\n"...)
	add("app.js", js, script)
	for _, name := range glob("page/*.js") {
		add(path.Base(name), js, read(name))
	}
	for _, name := range glob("page/*.css") {
		add(path.Base(name), css, read(name))
	}
	for _, name := range glob("img/*.svg") {
		add(path.Base(name), "image/svg+xml", read(name))
	}
	return m
})

// URL is the address of a file by its name: "app.css", "app.js", "icon.svg".
// An unknown name is a mistake in the program and panics.
func URL(name string) string {
	f, ok := all()[name]
	if !ok {
		panic("static: no file " + strconv.Quote(name))
	}
	return f.url
}

// Handler serves the files under Prefix.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := all()[r.URL.Path]
		if !ok || !strings.HasPrefix(r.URL.Path, Prefix) {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		h.Set("X-Content-Type-Options", "nosniff")
		body := f.plain
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			body = f.gz()
			h.Set("Content-Encoding", "gzip")
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body) // the browser went away: nothing to do
		}
	})
}

func glob(pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic("static: " + err.Error())
	}
	return names
}

func read(name string) []byte {
	data, err := files.ReadFile(name)
	if err != nil {
		panic("static: " + err.Error())
	}
	return data
}

func join(pattern string) []byte {
	var b bytes.Buffer
	for _, name := range glob(pattern) {
		b.Write(read(name))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func compress(data []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic("static: " + err.Error())
	}
	if _, err := z.Write(data); err != nil {
		panic("static: " + err.Error())
	}
	if err := z.Close(); err != nil {
		panic("static: " + err.Error())
	}
	return b.Bytes()
}

// CompressedSize is how many bytes a file costs on the wire.
func CompressedSize(name string) int { return len(all()[name].gz()) }

// Compressed is a page as a browser that takes gzip would get it.
func Compressed(page []byte) []byte { return compress(page) }
