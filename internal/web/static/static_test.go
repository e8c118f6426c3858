package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, url, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestFilesAreServedForEver(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"app.css", "app.js", "icon.svg"} {
		plain := get(t, URL(name), "")
		if plain.StatusCode != http.StatusOK || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, headers %v", name, plain.StatusCode, plain.Header)
		}
		want, err := io.ReadAll(plain.Body)
		if err != nil {
			t.Fatal(err)
		}
		packed := get(t, URL(name), "br, gzip")
		z, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) || len(got) == 0 {
			t.Errorf("%s: compressed and plain differ", name)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"/static/app.css", "/static/app.000000000000.css", "/static/../static.go", "/static/", "app.css"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path = url
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", url, w.Code)
		}
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, URL("app.css"), nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d, want 405", w.Code)
	}
}

// The page is allowed nothing but its own files: no address of anybody else,
// nothing evaluated.
func TestNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	foreign := regexp.MustCompile(`(https?:)?//[a-z0-9.-]+\.[a-z]{2,}|\beval\(|new Function|@import|url\(`)
	for _, name := range []string{"app.css", "app.js"} {
		for _, hit := range foreign.FindAllString(string(all()[name].plain), -1) {
			if !strings.Contains(hit, "www.w3.org") {
				t.Errorf("%s: %s", name, hit)
			}
		}
	}
}
