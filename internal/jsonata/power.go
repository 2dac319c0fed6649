package jsonata

import "math"

// pow is x to the power of y as the fdlibm library computes it (e_pow.c), which JavaScript engines use: its error is
// below 0.7 units in the last place, where math.Pow's is several for large exponents.
func pow(x, y float64) float64 {
	ax := math.Abs(x)
	switch {
	case x == 0 || y == 0 || x-x != 0 || y-y != 0 || ax == 1 || math.Abs(y) > 1<<31 || y == 1:
		if ax == 1 && math.IsInf(y, 0) || y != y {
			return math.NaN() // ECMAScript differs from IEEE 754 here
		}
		return math.Pow(x, y)
	case y == 2:
		return x * x
	case y == 0.5 && x >= 0:
		return math.Sqrt(x)
	}
	sign := 1.0
	if x < 0 {
		if y != math.Trunc(y) {
			return math.NaN()
		}
		if math.Mod(y, 2) != 0 {
			sign = -1
		}
	}
	t1, t2 := log2Parts(ax)
	// y * log2(x) as a sum of a short and a small number
	y1 := high(y)
	small := (y-y1)*t1 + y*t2
	large := y1 * t1
	return sign * exp2Parts(large, small)
}

// high clears the lower half of a number's bits, so that products of such halves are exact.
func high(f float64) float64 { return math.Float64frombits(math.Float64bits(f) &^ (1<<32 - 1)) }

// log2Parts is log2(x) as t1 + t2, t1 with the upper half of the bits.
func log2Parts(x float64) (t1, t2 float64) {
	const (
		l1, l2, l3    = 5.99999999999994648725e-01, 4.28571428578550184252e-01, 3.33333329818377432918e-01
		l4, l5, l6    = 2.72728123808534006489e-01, 2.30660745775561754067e-01, 2.06975017800338417784e-01
		cp, cpHigh    = 9.61796693925975554329e-01, 9.61796700954437255859e-01 // 2/(3 ln 2)
		cpLow         = -7.02846165095275826516e-09
		dpHigh, dpLow = 5.84962487220764160156e-01, 1.35003920212974897128e-08 // log2(1.5)
	)
	n := 0
	if x < 0x1p-1022 {
		x *= 1 << 53
		n = -53
	}
	bits := math.Float64bits(x)
	word := int32(bits >> 32)
	n += int(word>>20) - 0x3ff
	j := word & 0x000fffff
	word = j | 0x3ff00000
	bp, dh, dl, k := 1.0, 0.0, 0.0, int32(0)
	switch {
	case j <= 0x3988E: // below sqrt(3/2)
	case j < 0xBB67A: // below sqrt(3)
		bp, dh, dl, k = 1.5, dpHigh, dpLow, 1
	default:
		n++
		word -= 0x00100000
	}
	x = math.Float64frombits(uint64(uint32(word))<<32 | bits&(1<<32-1))
	u, v := x-bp, 1/(x+bp)
	s := u * v
	sHigh := high(s)
	tHigh := math.Float64frombits(uint64(uint32((word>>1|0x20000000)+0x00080000+k<<18)) << 32)
	tLow := x - (tHigh - bp)
	sLow := v * ((u - sHigh*tHigh) - sHigh*tLow)
	s2 := s * s
	r := s2 * s2 * (l1 + s2*(l2+s2*(l3+s2*(l4+s2*(l5+s2*l6)))))
	r += sLow * (sHigh + s)
	s2 = sHigh * sHigh
	tHigh = high(3 + s2 + r)
	tLow = r - ((tHigh - 3) - s2)
	u = sHigh * tHigh
	v = sLow*tHigh + tLow*s
	pHigh := high(u + v)
	pLow := v - (pHigh - u)
	zHigh := cpHigh * pHigh
	zLow := cpLow*pHigh + pLow*cp + dl
	t := float64(n)
	t1 = high(((zHigh + zLow) + dh) + t)
	t2 = zLow - (((t1 - t) - dh) - zHigh)
	return t1, t2
}

// exp2Parts is 2 to the power of large + small.
func exp2Parts(large, small float64) float64 {
	const (
		p1, p2, p3 = 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05
		p4, p5     = -1.65339022054652515390e-06, 4.13813679705723846039e-08
		lg2, lg2Hi = 6.93147180559945286227e-01, 6.93147182464599609375e-01
		lg2Lo      = -1.90465429995776804525e-09
	)
	z := large + small
	switch {
	case z >= 1025:
		return math.Inf(1)
	case z <= -1080:
		return 0
	}
	n := 0.0
	if math.Abs(z) > 0.5 {
		n = math.Trunc(z + math.Copysign(0.5, z))
		large -= n
	}
	t := high(small + large)
	u := t * lg2Hi
	v := (small-(t-large))*lg2 + t*lg2Lo
	z = u + v
	w := v - (z - u)
	t = z * z
	t1 := z - t*(p1+t*(p2+t*(p3+t*(p4+t*p5))))
	r := (z*t1)/(t1-2) - (w + z*w)
	return math.Ldexp(1-(r-z), int(n))
}
