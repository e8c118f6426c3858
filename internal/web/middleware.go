package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/web/static"
)

// Limits of a request's body.
const (
	maxForm   = 1 << 20
	maxUpload = 12 << 20 // of the forms that carry a file: see maxFile
)

// around is everything between the network and the routes.
func (s *Server) around(routes http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.handle(func(http.ResponseWriter, *visit) error {
		return fault.New(fault.Forbidden, "pages.fault.cross-origin").Fix("pages.fix.open-here")
	}))
	inner := s.safe(s.bounded(cross.Handler(routes)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		id := rand.Text()[:12]
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, id))
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				s.panicked(rec, r, id, p)
			}
			s.done(r, rec, id, time.Since(began))
		}()
		inner.ServeHTTP(rec, r)
	})
}

type requestKey struct{}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// panicked answers a request whose handler broke. A handler that was aborted
// on purpose goes on to do so.
func (s *Server) panicked(w *recorder, r *http.Request, id string, p any) {
	if p == http.ErrAbortHandler { //nolint // compared as net/http does
		panic(p)
	}
	v := &visit{Request: r, id: id}
	v.l = s.locale(v, "", nil)
	s.fail(w, v, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}

// done logs and counts a request by its route's pattern.
func (s *Server) done(r *http.Request, rec *recorder, id string, took time.Duration) {
	route := r.Pattern
	if route == "" {
		route = "none"
	}
	status := rec.status
	if status == 0 {
		status = http.StatusOK
	}
	s.metrics.request(route, r.Method, status, took)
	level := slog.LevelInfo
	if route == static.Prefix || strings.HasSuffix(route, "z") {
		level = slog.LevelDebug
	}
	s.Log.LogAttrs(r.Context(), level, "request", slog.String("id", id), slog.String("route", route),
		slog.String("method", r.Method), slog.Int("status", status), slog.Duration("took", took))
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// answered reports whether the answer has begun.
func answered(w http.ResponseWriter) bool {
	rec, ok := w.(*recorder)
	return ok && rec.status != 0
}

const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"

// safe sets the headers that keep a page to itself. Same-origin referrers
// never leave this server, so the secrets of links do not either; and forms
// still say where they come from, which "no-referrer" would hide.
func (s *Server) safe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// bounded limits what a request may send.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(maxForm)
		if strings.HasPrefix(r.URL.Path, "/new/") {
			limit = maxUpload
		}
		if carriesFile(r) && s.App.Files().On() {
			limit = s.mostSent()
		}
		if r.URL.Path == mailHookPath {
			limit = maxMail
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// parse reads a form; too large a one is a fault that names the limit.
func parse(v *visit, limit int64) error {
	var err error
	if strings.HasPrefix(v.Header.Get("Content-Type"), "multipart/") {
		err = v.ParseMultipartForm(limit) // all of it in memory, nothing on disk
	} else {
		err = v.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault.New(fault.TooLarge, "pages.fault.too-large", "N", int(large.Limit>>20)).Wrap(err)
	case err != nil:
		return fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
	}
	return nil
}

// limited answers one address only so often.
func (s *Server) limited(h handler) handler {
	return func(w http.ResponseWriter, v *visit) error {
		if !s.entries.allow(s.address(v.Request)) {
			w.Header().Set("Retry-After", "30")
			return fault.New(fault.TooMany, "pages.fault.too-many").Fix("pages.fix.wait")
		}
		return h(w, v)
	}
}

// address is whom a limit counts for: an IPv4 address or an IPv6 network of
// the size one household gets.
func (s *Server) address(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "?"
	}
	ip := from.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(ip); i-- { // each proxy added who called it
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = next.Unmap()
	}
	if ip.Is6() {
		if net, err := ip.WithZone("").Prefix(64); err == nil {
			return net.String()
		}
	}
	return ip.String()
}

func (s *Server) trusted(ip netip.Addr) bool {
	return slices.ContainsFunc(s.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// mayMeasure keeps the numbers to who runs the server.
func (s *Server) mayMeasure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.measures(r) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) measures(r *http.Request) bool {
	if s.MetricsToken != "" {
		token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		return found && subtle.ConstantTimeCompare([]byte(token), []byte(s.MetricsToken)) == 1
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false // it came through a proxy
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// healthz says that the process answers.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "ok")
}

// readyz says whether the store answers, too.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if s.Ready != nil {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := s.Ready(ctx); err != nil {
			s.Log.ErrorContext(r.Context(), "not ready", "error", err)
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
	}
	if s.leaving.Err() != nil {
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}
