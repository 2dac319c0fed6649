package picture

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var isoForm = regexp.MustCompile(`^(\d{4})(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`)

// ParseISO8601 reads a timestamp in the forms that jsonata accepts without a picture, D3110 for any other:
//
//	2018  2018-02  2018-02-03  2018-02-03T11:15:33  2018-02-03T11:15:33.123  and with Z, +05:30 or +0530 after a time
//
// Without an offset it is UTC. Digits after the millisecond are dropped, the 30th and 31st run over into the next
// month, 24:00:00 is the next midnight. What has the form but is no date (month 13, an offset without a time) is NaN.
func ParseISO8601(s string) (float64, *Error) {
	m := isoForm.FindStringSubmatch(s)
	if m == nil {
		return 0, fail("D3110", s)
	}
	year, month, day, clock, fraction, zone := m[1], m[2], m[3], m[4], m[5], m[6]
	if clock == "" && (fraction != "" || len(zone) > 1) || month == "" && day != "" {
		return math.NaN(), nil
	}
	number := func(text string, otherwise float64) float64 {
		if text == "" {
			return otherwise
		}
		n, _ := strconv.Atoi(strings.TrimLeft(text, "-T:")) // the form admits digits only
		return float64(n)
	}
	y, mo, d := number(year, 0), number(month, 1), number(day, 1)
	var h, mi, sec, ms float64
	if clock != "" {
		h, mi, sec = number(clock[1:3], 0), number(clock[4:6], 0), number(clock[7:9], 0)
	}
	if fraction != "" {
		ms = number((fraction[1:] + "00")[:3], 0)
	}
	if mo < 1 || mo > 12 || d < 1 || d > 31 || h > 24 || h == 24 && mi+sec+ms > 0 {
		return math.NaN(), nil
	}
	var offset float64
	if len(zone) > 1 {
		hours, minutes := number(zone[1:3], 0), number(zone[len(zone)-2:], 0)
		if hours > 23 {
			return math.NaN(), nil
		}
		offset = hours*60 + minutes
		if zone[0] == '-' {
			offset = -offset
		}
	}
	return makeTime(y, mo-1, d, h, mi-offset, sec, ms), nil
}
