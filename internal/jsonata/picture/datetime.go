package picture

import (
	"math"
	"strings"
)

// DateTime is an analysed picture of $fromMillis and $toMillis. Unlike the functions of this package it takes the
// empty picture for what it is: one that writes and accepts the empty text.
type DateTime struct {
	parts []part
}

// part is a literal, or the marker of a component: [Y0001].
type part struct {
	literal    string
	component  byte // 0 for a literal
	names      bool // written by name, in letterCase
	letterCase letterCase
	integer    *Integer // unless names
	zulu       bool     // second modifier t: the offset zero is written Z
	maxWidth   int      // of a name; 0 is unlimited
	yearDigits int      // of Y: the last digits to write; 0 writes all
	digits     int      // to parse, exactly; 0 is any number
}

// FormatDateTime writes the moment millis after 1970 (UTC) by picture; the empty picture stands for ISO 8601 with
// milliseconds. timezone is an offset such as "+0530"; empty is UTC.
func FormatDateTime(millis float64, picture, timezone string) (string, *Error) {
	if picture == "" {
		picture = iso8601
	}
	d, err := CompileDateTime(picture)
	if err != nil {
		return "", err
	}
	return d.Format(millis, timezone)
}

const iso8601 = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

// CompileDateTime analyses picture (F&O 9.8.4).
func CompileDateTime(picture string) (*DateTime, *Error) {
	if len(picture) > longest {
		return nil, fail("D1011", len(picture))
	}
	d := &DateTime{}
	literal := func(text string) {
		if text != "" {
			d.parts = append(d.parts, part{literal: strings.ReplaceAll(text, "]]", "]")})
		}
	}
	for {
		open := strings.IndexByte(picture, '[')
		if open < 0 {
			literal(picture)
			return d, nil
		}
		literal(picture[:open])
		picture = picture[open:]
		if strings.HasPrefix(picture, "[[") {
			d.parts = append(d.parts, part{literal: "["})
			picture = picture[2:]
			continue
		}
		end := strings.IndexByte(picture, ']')
		if end < 0 {
			return nil, fail("D3135")
		}
		if err := d.marker(picture[1:end]); err != nil {
			return nil, err
		}
		picture = picture[end+1:]
	}
}

// presentations are the first modifiers of components that are given without.
var presentations = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

func (d *DateTime) marker(text string) *Error {
	text = strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, text)
	var name, modifier string
	if len(text) > 0 {
		name, modifier = string([]rune(text)[:1]), string([]rune(text)[1:])
	}
	minWidth, maxWidth := 0, 0
	if comma := strings.LastIndexByte(modifier, ','); comma >= 0 {
		least, most, _ := strings.Cut(modifier[comma+1:], "-")
		minWidth, maxWidth = width(least), width(most)
		modifier = modifier[:comma]
	}
	if minWidth > longest || maxWidth > longest {
		return fail("D1011", max(minWidth, maxWidth))
	}
	var c byte
	if len(name) == 1 {
		c = name[0]
	}
	p := part{component: c, maxWidth: maxWidth}
	ordinal := ""
	presentation, known := presentations[c]
	if !known {
		return fail("D3132", name)
	}
	switch last := len(modifier) - 1; {
	case last < 0:
		modifier = presentation
	case last > 0 && strings.IndexByte("atco", modifier[last]) >= 0:
		p.zulu = modifier[last] == 't'
		ordinal = ";" + modifier[last:]
		modifier = modifier[:last]
	}
	switch {
	case modifier[0] == 'n':
		p.names, p.letterCase = true, lowerCase
	case strings.HasPrefix(modifier, "Nn"):
		p.names, p.letterCase = true, titleCase
	case modifier[0] == 'N':
		p.names, p.letterCase = true, upperCase
	case strings.IndexByte("YMDdFWwXxHhmsf", c) >= 0:
		if err := d.integerMarker(&p, modifier+ordinal, minWidth); err != nil {
			return err
		}
	}
	if c == 'Z' || c == 'z' {
		integer, err := CompileInteger(modifier)
		if err != nil {
			return err
		}
		p.integer = integer
	}
	d.parts = append(d.parts, p)
	return nil
}

func (d *DateTime) integerMarker(p *part, picture string, minWidth int) *Error {
	integer, err := CompileInteger(picture)
	if err != nil {
		return err
	}
	p.integer = integer
	if integer.numbering == decimal {
		integer.mandatory = max(integer.mandatory, minWidth)
	}
	if p.component == 'Y' {
		// F&O 9.8.4.4: a two-digit picture writes the last two digits of the year.
		if p.maxWidth > 0 {
			p.yearDigits = p.maxWidth
			integer.mandatory = p.maxWidth
		} else if all := integer.mandatory + integer.optional; integer.numbering == decimal && all >= 2 {
			p.yearDigits = all
		}
	}
	// Two numbers side by side can only be told apart by the width of the first.
	if last := len(d.parts) - 1; last >= 0 && d.parts[last].integer != nil && d.parts[last].integer.numbering == decimal {
		d.parts[last].digits = d.parts[last].integer.mandatory
	}
	return nil
}

// width reads one bound of a width modifier; 0 is none.
func width(s string) int {
	if w := parseInt(s); w > 0 {
		return int(min(w, longest+1))
	}
	return 0
}

// Format writes the moment millis after 1970 (UTC); timezone as for FormatDateTime.
func (d *DateTime) Format(millis float64, timezone string) (string, *Error) {
	var zone offset
	if timezone != "" {
		zone = newOffset(parseInt(timezone))
	}
	at := newMoment(millis + (60*zone.hours+zone.minutes)*60_000)
	var b strings.Builder
	for i := range d.parts {
		text, err := d.parts[i].format(at, zone)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (p *part) format(at moment, zone offset) (string, *Error) {
	switch p.component {
	case 0:
		return p.literal, nil
	case 'C', 'E':
		return "ISO", nil
	case 'P':
		text := "am"
		if at.component('H') >= 12 {
			text = "pm"
		}
		if p.names && p.letterCase == upperCase {
			text = strings.ToUpper(text)
		}
		return text, nil
	case 'Z', 'z':
		return p.formatZone(zone)
	}
	value := at.component(p.component)
	if p.names {
		list := p.nameList()
		if list == nil {
			return "", fail("D3133", string(p.component))
		}
		if math.IsNaN(value) {
			return "NaN", nil
		}
		name := p.letterCase.apply(list[int(value)-1])
		if p.maxWidth > 0 {
			name = name[:min(p.maxWidth, len(name))]
		}
		return name, nil
	}
	if p.yearDigits > 0 {
		value = math.Mod(value, math.Pow10(p.yearDigits))
	}
	return p.integer.Format(value)
}

var (
	monthNames = strings.Fields("January February March April May June July August September October November December")
	dayNames   = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
)

func (p *part) nameList() []string {
	switch p.component {
	case 'M', 'x':
		return monthNames
	case 'F':
		return dayNames
	}
	return nil
}

// offset is a time zone. jsonata rounds the hours down and takes the minutes with their sign, so that "-0530" is
// six hours and thirty minutes west.
type offset struct{ hours, minutes float64 }

func newOffset(hhmm float64) offset {
	return offset{math.Floor(hhmm / 100), math.Mod(hhmm, 100)}
}

// formatZone follows F&O 9.8.4.6.
func (p *part) formatZone(zone offset) (string, *Error) {
	hhmm := zone.hours*100 + zone.minutes
	value, withMinutes := hhmm, false
	if p.integer.numbering != decimal {
		return "", fail("D3134")
	}
	if p.integer.regular == 0 {
		switch p.integer.mandatory {
		case 1, 2:
			value, withMinutes = zone.hours, zone.minutes != 0
		case 3, 4:
		default:
			return "", fail("D3134")
		}
	}
	if hhmm == 0 && p.zulu {
		return "Z", nil
	}
	text, err := p.integer.Format(value)
	if err != nil {
		return "", err
	}
	if withMinutes {
		minutes, err := FormatInteger(zone.minutes, "00")
		if err != nil {
			return "", err
		}
		text += ":" + minutes
	}
	if hhmm >= 0 {
		text = "+" + text
	}
	if p.component == 'z' {
		text = "GMT" + text
	}
	return text, nil
}
