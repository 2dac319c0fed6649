package picture

import (
	"math"
	"strconv"
	"strings"
)

// ParseDateTime reads a timestamp by picture and returns milliseconds since 1970; the empty picture stands for ISO
// 8601. now is asked for the components above the most significant one given ("13:45" is today). Not ok means that s
// does not match the picture, or that the picture asks for nothing; NaN that the fields make no date.
func ParseDateTime(s, picture string, now func() float64) (millis float64, ok bool, err *Error) {
	if picture == "" {
		millis, err = ParseISO8601(s)
		return millis, err == nil, err
	}
	d, err := CompileDateTime(picture)
	if err != nil {
		return 0, false, err
	}
	return d.Parse(s, now)
}

// Parse reads s; results and now as for ParseDateTime.
func (d *DateTime) Parse(s string, now func() float64) (millis float64, ok bool, err *Error) {
	if err := d.checkParsable(); err != nil {
		return 0, false, err
	}
	if len(s) > longest {
		return 0, false, fail("D1011", len(s))
	}
	cuts, ok := d.match(s)
	if !ok {
		return 0, false, nil
	}
	var f fields
	found := false
	for i := range d.parts {
		if p := &d.parts[i]; p.component != 0 {
			found = true
			value, err := p.parse(s[cuts[i]:cuts[i+1]])
			if err != nil {
				return 0, false, err
			}
			f[p.component] = value
		}
	}
	if !found {
		return 0, false, nil
	}
	millis, err = f.resolve(now)
	return millis, err == nil, err
}

func (d *DateTime) checkParsable() *Error {
	for i := range d.parts {
		p := &d.parts[i]
		named := p.names || p.integer == nil
		switch {
		case p.component == 0 || p.component == 'Z' || p.component == 'z' || p.component == 'f':
		case named && p.nameList() == nil && p.component != 'P':
			return fail("D3133", string(p.component))
		case !named && p.integer.numbering == sequence:
			return fail("D3130", p.integer.token)
		}
	}
	return nil
}

// parse reads the text that a component matched; nil is a name that is not known, which counts as not given.
func (p *part) parse(text string) (*float64, *Error) {
	switch {
	case p.component == 'Z' || p.component == 'z':
		minutes := p.parseZone(text)
		return &minutes, nil
	case p.component == 'f':
		fraction, _ := strconv.ParseFloat("0."+text[:min(3, len(text))], 64)
		fraction *= 1000
		return &fraction, nil
	case p.names || p.integer == nil:
		return p.parseName(text), nil
	}
	value, err := p.integer.Parse(text)
	return &value, err
}

func (p *part) parseName(text string) *float64 {
	if p.component == 'P' {
		switch text {
		case "am", "AM":
			return new(float64)
		case "pm", "PM":
			afternoon := 1.0
			return &afternoon
		}
		return nil
	}
	list := p.nameList()
	for i := len(list) - 1; i >= 0; i-- {
		name := list[i]
		if p.maxWidth > 0 {
			name = name[:min(p.maxWidth, len(name))]
		}
		if name == text {
			number := float64(i + 1)
			return &number
		}
	}
	return nil
}

// parseZone returns minutes east of Greenwich; the minutes are added to negative hours too, as jsonata does.
func (p *part) parseZone(text string) float64 {
	if p.component == 'z' {
		text = text[len("GMT"):]
	}
	if sep := p.zoneSeparator(); sep != "" {
		hours, minutes, _ := strings.Cut(text, sep)
		return parseInt(hours)*60 + parseInt(minutes)
	}
	if len(text) <= 3 {
		return parseInt(text) * 60
	}
	return parseInt(text[:3])*60 + parseInt(text[3:])
}

func (p *part) zoneSeparator() string {
	if p.integer.regular == 0 {
		return ""
	}
	return string(p.integer.groups[0].separator)
}

// fields are the components that were given, by their letters.
type fields ['z' + 1]*float64

// resolve makes a date of the fields by jsonata's rules: what is missing above the most significant field comes
// from now, what is missing below is zero, and a gap in between is an error.
func (f *fields) resolve(now func() float64) (float64, *Error) {
	byDay := !f.only("YMD") && f.only("Yd")
	byWeekOfMonth := f.only("XxwF")
	byWeek := !byWeekOfMonth && f.only("XWF")
	twelveHours := !f.onlyTime("Hmsf") && f.onlyTime("Phmsf")

	order := "YMD"
	switch {
	case byDay:
		order = "YD"
	case byWeekOfMonth:
		order = "XxwF"
	case byWeek:
		order = "XWF"
	}
	if twelveHours {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	if err := f.fill(order, now); err != nil {
		return 0, err
	}
	if byWeekOfMonth || byWeek {
		return 0, fail("D3136") // jsonata does not read week dates
	}

	month, day, hour := max(f.value('M')-1, 0), f.value('D'), f.value('H')
	if math.IsNaN(month) {
		month = 0
	}
	if byDay {
		at := newMoment(dateUTC(f.value('Y'), 0, 1, 0, 0, 0, 0) + (f.value('d')-1)*dayMillis)
		month, day = at.component('M')-1, at.component('D')
	}
	if twelveHours {
		hour = f.value('h')
		if hour == 12 {
			hour = 0
		}
		if f.value('P') == 1 {
			hour += 12
		}
	}
	millis := dateUTC(f.value('Y'), month, day, hour, f.value('m'), f.value('s'), f.value('f'))
	for _, zone := range []byte("Zz") {
		if f.given(zone) {
			return millis - f.value(zone)*60_000, nil
		}
	}
	return millis, nil
}

func (f *fields) fill(order string, now func() float64) *Error {
	started, ended := false, false
	var at moment
	for i := range len(order) {
		c := order[i]
		switch {
		case f[c] != nil && ended:
			return fail("D3136")
		case f[c] != nil:
			started = true
		case started:
			ended = true
			lowest := 0.0
			if c == 'M' || c == 'D' {
				lowest = 1
			}
			f[c] = &lowest
		default:
			if !at.valid {
				at = newMoment(now())
			}
			current := at.component(c)
			f[c] = &current
		}
	}
	return nil
}

func (f *fields) value(c byte) float64 {
	if f[c] == nil {
		return math.NaN()
	}
	return *f[c]
}

// given is jsonata's test for a field: one that is zero or no number does not count.
func (f *fields) given(c byte) bool { return f[c] != nil && *f[c] != 0 && !math.IsNaN(*f[c]) }

// only says whether the date fields given are some of these and no others.
func (f *fields) only(these string) bool { return f.someOf("YXMxWwdD", these) }

func (f *fields) onlyTime(these string) bool { return f.someOf("PHhmsf", these) }

func (f *fields) someOf(all, these string) bool {
	some := false
	for i := range len(all) {
		if !f.given(all[i]) {
			continue
		}
		if strings.IndexByte(these, all[i]) < 0 {
			return false
		}
		some = true
	}
	return some
}
