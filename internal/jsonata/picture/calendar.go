package picture

import (
	"math"
	"time"
)

const (
	dayMillis  = 24 * 60 * 60 * 1000
	mostMillis = 8.64e15 // ECMAScript's time values end 100,000,000 days from 1970
)

// moment is a time value in UTC; invalid ones have NaN for every component, as ECMAScript's dates have.
type moment struct {
	at    time.Time
	valid bool
}

func newMoment(millis float64) moment {
	if !(math.Abs(millis) <= mostMillis) {
		return moment{}
	}
	return moment{time.UnixMilli(int64(millis)).UTC(), true}
}

// component is the value of one of YMDdFWwXxHhmsf, and for P 0 before noon, 1 after.
func (m moment) component(c byte) float64 {
	if !m.valid {
		return math.NaN()
	}
	return float64(m.integer(c))
}

func (m moment) integer(c byte) int {
	switch c {
	case 'Y':
		return m.at.Year()
	case 'M':
		return int(m.at.Month())
	case 'D':
		return m.at.Day()
	case 'd':
		return m.at.YearDay()
	case 'F':
		return isoWeekday(m.at)
	case 'X':
		year, _ := m.at.ISOWeek()
		return year
	case 'W':
		_, week := m.at.ISOWeek()
		return week
	case 'x':
		return int(m.thursday().Month())
	case 'w':
		return (m.thursday().Day()-1)/7 + 1
	case 'H':
		return m.at.Hour()
	case 'h':
		return (m.at.Hour()+11)%12 + 1
	case 'P':
		return m.at.Hour() / 12
	case 'm':
		return m.at.Minute()
	case 's':
		return m.at.Second()
	default: // f
		return m.at.Nanosecond() / 1e6
	}
}

// thursday is the Thursday of m's week, whose month the week belongs to.
func (m moment) thursday() time.Time { return m.at.AddDate(0, 0, 4-isoWeekday(m.at)) }

func isoWeekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// dateUTC is ECMAScript's Date.UTC: every field may overflow into the next, years 0 to 99 mean 1900 to 1999.
func dateUTC(year, month, day, hour, minute, second, milli float64) float64 {
	year, month = math.Trunc(year), math.Trunc(month)
	if 0 <= year && year <= 99 {
		year += 1900
	}
	return makeTime(year, month, day, hour, minute, second, milli)
}

func makeTime(year, month, day, hour, minute, second, milli float64) float64 {
	year += math.Floor(month / 12)
	if !(math.Abs(year) <= 400_000) {
		return math.NaN()
	}
	first := time.Date(int(year), time.Month(math.Mod(math.Mod(month, 12)+12, 12))+1, 1, 0, 0, 0, 0, time.UTC)
	days := float64(first.Unix()/(24*60*60)) + math.Trunc(day) - 1
	millis := days*dayMillis + math.Trunc(hour)*3_600_000 + math.Trunc(minute)*60_000 + math.Trunc(second)*1000 + math.Trunc(milli)
	if !(math.Abs(millis) <= mostMillis) {
		return math.NaN()
	}
	return math.Trunc(millis)
}
