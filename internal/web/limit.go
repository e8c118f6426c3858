package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter lets each key pass so often. It forgets a key that was quiet long
// enough to have its whole burst again.
type limiter struct {
	rate  rate.Limit
	burst int
	now   func() time.Time

	mu    sync.Mutex
	keys  map[string]*rate.Limiter
	swept time.Time
}

func newLimiter(perSecond float64, burst int, now func() time.Time) *limiter {
	return &limiter{rate: rate.Limit(perSecond), burst: burst, now: now, keys: map[string]*rate.Limiter{}}
}

func (l *limiter) allow(key string) bool {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute {
		for k, x := range l.keys {
			if x.TokensAt(now) >= float64(l.burst) {
				delete(l.keys, k)
			}
		}
		l.swept = now
	}
	x := l.keys[key]
	if x == nil {
		x = rate.NewLimiter(l.rate, l.burst)
		l.keys[key] = x
	}
	return x.AllowN(now, 1)
}

// may reports whether a key could pass now, without counting it.
func (l *limiter) may(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.keys[key]
	return x == nil || x.TokensAt(l.now()) >= 1
}
