package asl

import (
	"fmt"
	"time"
)

// Timestamp is the Timestamp of a Wait state.
type Timestamp struct{ time.Time }

// ParseTimestamp reads an RFC 3339 date-time: four-digit year, upper-case T, seconds, at most nine digits of
// fraction, and Z or a numeric offset. No leap second, no hour 24. The result is in UTC.
//
// Recorded: AWS refuses a blank for T, a missing offset, month 13 and hour 25. ASL "Timestamps": T and Z are upper case.
func ParseTimestamp(s string) (time.Time, error) {
	t, ok := parseTimestamp(s)
	if !ok {
		return time.Time{}, fmt.Errorf("%q is no RFC 3339 timestamp with seconds and offset, such as 2016-03-14T01:59:00Z", s)
	}
	return t, nil
}

func parseTimestamp(s string) (time.Time, bool) {
	const shape = "0000-00-00T00:00:00" // 0 stands for a digit
	if len(s) <= len(shape) {
		return time.Time{}, false
	}
	for i := range len(shape) {
		if shape[i] == '0' && !isDigit(s[i]) || shape[i] != '0' && shape[i] != s[i] {
			return time.Time{}, false
		}
	}
	year, month, day := number(s[0:4]), number(s[5:7]), number(s[8:10])
	hour, minute, second := number(s[11:13]), number(s[14:16]), number(s[17:19])
	if month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}

	rest, nanos := s[len(shape):], 0
	if rest[0] == '.' {
		digits := 1
		for digits < len(rest) && isDigit(rest[digits]) {
			digits++
		}
		if digits == 1 || digits > 10 {
			return time.Time{}, false
		}
		nanos = number(rest[1:digits])
		for range 10 - digits {
			nanos *= 10
		}
		rest = rest[digits:]
	}
	offset, ok := parseOffset(rest)
	if !ok {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	if t.Day() != day { // 31 April becomes 1 May
		return time.Time{}, false
	}
	return t.Add(-offset), true
}

// parseOffset reads Z or an offset such as +05:30.
func parseOffset(s string) (time.Duration, bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' ||
		!isDigit(s[1]) || !isDigit(s[2]) || !isDigit(s[4]) || !isDigit(s[5]) {
		return 0, false
	}
	hours, minutes := number(s[1:3]), number(s[4:6])
	if hours > 23 || minutes > 59 {
		return 0, false
	}
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// number is the value of at most nine digits.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
