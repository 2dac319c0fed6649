package picture

import "slices"

// parts are the pieces of a sub-picture (F&O 4.7.3).
type parts struct {
	whole, prefix, suffix       []rune
	active, mantissa            []rune
	integer, fraction, exponent []rune
	hasExponent                 bool
}

// subPicture is what formatting needs to know of one sub-picture (F&O 4.7.4).
type subPicture struct {
	prefix, suffix           []rune
	integerGroups            []int // positions, counted in digits from the decimal separator to the left
	regularGrouping          int   // the distance between evenly spaced separators, or 0
	fractionGroups           []int // and to the right
	minInteger               int
	scalingFactor            int
	minFraction, maxFraction int
	exponentSize             int
	scale                    float64 // 100 with a percent sign, 1000 with a per-mille sign
	hasPoint                 bool
}

func (s *signs) split(whole []rune) parts {
	p := parts{whole: whole}
	bounds := func(r rune) bool { return s.isActive(r) && !is(r, s.exponent) }
	if first := slices.IndexFunc(whole, bounds); first >= 0 {
		last := len(whole) - 1
		for !bounds(whole[last]) {
			last--
		}
		p.prefix, p.suffix = whole[:first], whole[last+1:]
	}
	p.active = whole[len(p.prefix) : len(whole)-len(p.suffix)]
	p.mantissa = p.active
	if at := index(whole, s.exponent, len(p.prefix)); at >= 0 && at <= len(whole)-len(p.suffix) {
		// jsonata counts at from the start of the sub-picture in the active part too: a prefix moves the cut.
		p.mantissa, p.exponent = substring(p.active, 0, at), substring(p.active, at+1, len(p.active))
		p.hasExponent = true
	}
	p.integer, p.fraction = p.mantissa, p.suffix
	if at := index(p.mantissa, s.decimal, 0); at >= 0 {
		p.integer, p.fraction = p.mantissa[:at], substring(p.mantissa, at+1, len(p.mantissa))
	}
	return p
}

// check returns the code of what is wrong; of several mistakes jsonata reports the last.
func (s *signs) check(p parts) (code string) {
	hasPercent, hasPerMille := index(p.whole, s.percent, 0) >= 0, index(p.whole, s.perMille, 0) >= 0
	point := index(p.whole, s.decimal, 0)
	when := func(wrong bool, found string) {
		if wrong {
			code = found
		}
	}
	when(point != lastIndex(p.whole, s.decimal), "D3081")
	when(index(p.whole, s.percent, 0) != lastIndex(p.whole, s.percent), "D3082")
	when(index(p.whole, s.perMille, 0) != lastIndex(p.whole, s.perMille), "D3083")
	when(hasPercent && hasPerMille, "D3084")
	when(!slices.ContainsFunc(p.mantissa, s.isDigit), "D3085")
	when(count(p.active, s.isActive) < len(p.active), "D3086")
	if point >= 0 {
		groupingAt := func(i int) bool { return i >= 0 && i < len(p.whole) && is(p.whole[i], s.grouping) }
		when(groupingAt(point-1) || groupingAt(point+1), "D3087")
	} else {
		when(len(p.integer) > 0 && is(p.integer[len(p.integer)-1], s.grouping), "D3088")
	}
	when(index(p.whole, slices.Concat(s.grouping, s.grouping), 0) >= 0, "D3089")
	if at := index(p.integer, s.digit, 0); at >= 0 {
		when(slices.ContainsFunc(p.integer[:at], s.isDecimal), "D3090")
	}
	if at := lastIndex(p.fraction, s.digit); at >= 0 {
		when(slices.ContainsFunc(p.fraction[at:], s.isDecimal), "D3091")
	}
	when(len(p.exponent) > 0 && (hasPercent || hasPerMille), "D3092")
	when(p.hasExponent && (len(p.exponent) == 0 || count(p.exponent, s.isDecimal) < len(p.exponent)), "D3093")
	return code
}

func (s *signs) analyse(p parts) subPicture {
	sub := subPicture{
		prefix: p.prefix, suffix: p.suffix, scale: 1,
		hasPoint:     index(p.whole, s.decimal, 0) >= 0,
		minInteger:   count(p.integer, s.isDecimal),
		minFraction:  count(p.fraction, s.isDecimal),
		maxFraction:  count(p.fraction, s.isDigit),
		exponentSize: count(p.exponent, s.isDecimal),
	}
	switch {
	case index(p.whole, s.percent, 0) >= 0:
		sub.scale = 100
	case index(p.whole, s.perMille, 0) >= 0:
		sub.scale = 1000
	}
	for at := index(p.integer, s.grouping, 0); at >= 0; at = index(p.integer, s.grouping, at+1) {
		sub.integerGroups = append(sub.integerGroups, count(p.integer[at:], s.isDigit))
	}
	sub.regularGrouping = evenSpacing(sub.integerGroups)
	// jsonata looks for the second and later separators of the fraction in the integer part.
	for at := index(p.fraction, s.grouping, 0); at >= 0; at = index(p.integer, s.grouping, at+1) {
		sub.fractionGroups = append(sub.fractionGroups, count(substring(p.fraction, 0, at), s.isDigit))
	}

	sub.scalingFactor = sub.minInteger
	if sub.minInteger == 0 && sub.maxFraction == 0 {
		if p.hasExponent {
			sub.minFraction, sub.maxFraction = 1, 1
		} else {
			sub.minInteger = 1
		}
	}
	if p.hasExponent && sub.minInteger == 0 && index(p.integer, s.digit, 0) >= 0 {
		sub.minInteger = 1
	}
	if sub.minInteger == 0 && sub.minFraction == 0 {
		sub.minFraction = 1
	}
	return sub
}

// evenSpacing returns d if the positions are d, 2d, 3d and so on in any order, otherwise 0.
func evenSpacing(positions []int) int {
	d := 0
	for _, p := range positions {
		for p != 0 {
			d, p = p, d%p
		}
	}
	for i := range positions {
		if !slices.Contains(positions, (i+1)*d) {
			return 0
		}
	}
	return d
}
