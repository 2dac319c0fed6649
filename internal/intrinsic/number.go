package intrinsic

import (
	"encoding/hex"
	"math"
	"math/bits"

	"github.com/sfnx/sfnx/internal/value"
)

// mathAdd rounds half up, as Math.round does, and adds (recorded). Arguments and sum fit in 32 bits (measured).
func mathAdd(in invocation) (value.Value, error) {
	if len(in.args) != 2 {
		return in.invalid()
	}
	sum := 0.0
	for _, v := range in.args {
		n := math.Floor(v.Float64() + 0.5)
		if v.Kind() != value.NumberKind || !fits(n) {
			return in.invalid()
		}
		sum += n
	}
	if !fits(sum) {
		return in.invalid()
	}
	return value.Int(int64(sum)), nil
}

func fits(f float64) bool { return f >= math.MinInt32 && f <= math.MaxInt32 }

// mathRandom is an integer from the first to before the second argument. With a seed it is that of java.util.Random
// (measured).
func mathRandom(in invocation) (value.Value, error) {
	if len(in.args) != 2 && len(in.args) != 3 {
		return in.invalid()
	}
	from, ok := in.whole(0)
	to, ok2 := in.whole(1)
	if !ok || !ok2 || from >= to {
		return in.invalid()
	}
	if len(in.args) == 3 {
		seed, ok := in.args[2].Int64()
		if f := math.Trunc(in.args[2].Float64()); !ok {
			seed, ok = int64(f), in.args[2].Kind() == value.NumberKind && math.Abs(f) < 1<<63
		}
		if !ok {
			return in.invalid()
		}
		return value.Int(int64(seeded(seed, from, to))), nil
	}
	r, ok := in.env.Random()
	if !ok {
		return noRandom()
	}
	n, _ := bits.Mul64(r, uint64(to-from))
	return value.Int(int64(from) + int64(n)), nil
}

func seeded(seed int64, from, to int) int {
	r := newRandom(seed)
	if to-from <= math.MaxInt32 {
		return from + int(r.nextInt(int32(to-from)))
	}
	for {
		if n := int(r.next(32)); n >= from && n < to {
			return n
		}
	}
}

func noRandom() (value.Value, error) {
	return value.Value{}, &Failure{"there is no source of randomness here"}
}

// uuid is a version 4 UUID. Arguments are ignored (measured).
func uuid(in invocation) (value.Value, error) {
	high, ok := in.env.Random()
	low, ok2 := in.env.Random()
	if !ok || !ok2 {
		return noRandom()
	}
	high = high&^0xF000 | 0x4000
	low = low&^(3<<62) | 2<<62
	var raw [16]byte
	for i := range 8 {
		raw[i], raw[8+i] = byte(high>>(56-8*i)), byte(low>>(56-8*i))
	}
	s := hex.EncodeToString(raw[:])
	return value.String(s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]), nil
}
