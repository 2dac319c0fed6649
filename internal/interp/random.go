package interp

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/internal/expr"
)

// random is the source of chance of one execution: SplitMix64, whose whole state is one number.
type random uint64

// NewRandom is a source of chance for expressions outside of any execution.
func NewRandom(seed uint64) expr.Random {
	r := random(seed)
	return &r
}

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

// uuid is a version 4 UUID.
func (r *random) uuid() string {
	hi, lo := r.Uint64()&^0xF000|0x4000, r.Uint64()&^(3<<62)|1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xFFFF, hi&0xFFFF, lo>>48, lo&0xFFFF_FFFF_FFFF)
}

// resourceArn is the ARN of a state machine; with makes that of a resource of its Map Run out of it.
type resourceArn string

func (a resourceArn) with(kind, label string) string {
	return strings.Replace(string(a), ":stateMachine:", ":"+kind+":", 1) + "/" + label
}
