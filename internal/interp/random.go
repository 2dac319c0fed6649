package interp

import (
	"encoding/base64"
	"encoding/binary"
)

// random is the source of chance of one execution: SplitMix64, whose whole state is one number.
type random uint64

// Uint64 is the next number.
func (r *random) Uint64() uint64 {
	*r += 0x9E3779B97F4A7C15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// float is a number in [0, 1).
func (r *random) float() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// token is a task token: opaque, 1-1024 characters, never the same twice.
func (r *random) token() string {
	raw := make([]byte, 0, 96)
	for len(raw) < cap(raw) {
		raw = binary.BigEndian.AppendUint64(raw, r.Uint64())
	}
	return base64.StdEncoding.EncodeToString(raw)
}
