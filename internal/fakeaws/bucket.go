package fakeaws

import "time"

// Bucket is the token bucket that AWS meters an operation with: Size calls at once, Rate more each second. A new one is
// full.
type Bucket struct {
	Size, Rate float64

	used float64
	at   time.Time
}

// Take reports whether there is a token now, and takes it.
func (b *Bucket) Take(now time.Time) bool {
	if !b.at.IsZero() {
		b.used = max(0, b.used-b.Rate*now.Sub(b.at).Seconds())
	}
	b.at = now
	if b.used+1 > b.Size {
		return false
	}
	b.used++
	return true
}
