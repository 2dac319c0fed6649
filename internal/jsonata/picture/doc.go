// Package picture formats and parses numbers, integers and dates by XPath picture strings, as jsonata 2.x does
// for $formatNumber, $formatInteger, $parseInteger, $fromMillis and $toMillis.
//
//	text, err := picture.FormatNumber(12345.6, "#,###.00", nil)           // "12,345.60"
//	text, err = picture.FormatDateTime(0, "[D1o] [MNn] [Y0001]", "")      // "1st January 1970"
//	ms, ok, err := picture.ParseDateTime("2018-03-27", "[Y]-[M]-[D]", now)
//
// The Compile functions analyse a picture once; what they return is immutable and may be shared.
//
// Where jsonata departs from XPath (an irregular grouping of a short number, half-hour offsets west of Greenwich,
// years before 100 read by a picture), this package follows jsonata. A text that cannot be read as a number gives
// NaN, as it does there: what NaN means is for the caller to say.
//
// It does not read a clock, know time zone names, or follow any locale but English.
package picture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Error is a picture or an argument that jsonata refuses, under jsonata's own code and wording.
type Error struct {
	Code    string // D3080 ... D3136, and D1011 where jsonata runs out of stack or memory
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// messages are jsonata's texts; %s stands for the offending value as JSON.
var messages = map[string]string{
	"D1011": "The result of the picture string is too long: %s",
	"D3080": "The picture string must only contain a maximum of two sub-pictures",
	"D3081": "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
	"D3082": "The sub-picture must not contain more than one instance of the 'percent' character",
	"D3083": "The sub-picture must not contain more than one instance of the 'per-mille' character",
	"D3084": "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
	"D3085": "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'",
	"D3086": "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character",
	"D3087": "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character",
	"D3088": "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
	"D3089": "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
	"D3090": "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'",
	"D3091": "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'",
	"D3092": "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'",
	"D3093": "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
	"D3100": "The radix of the formatBase function must be between 2 and 36.  It was given %s",
	"D3110": "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given %s",
	"D3130": "Formatting or parsing an integer as a sequence starting with %s is not supported by this implementation",
	"D3131": "In a decimal digit pattern, all digits must be from the same decimal group",
	"D3132": "Unknown component specifier %s in date/time picture string",
	"D3133": "The 'name' modifier can only be applied to months and days in the date/time picture string, not %s",
	"D3134": "The timezone integer format specifier cannot have more than four digits",
	"D3135": "No matching closing bracket ']' in date/time picture string",
	"D3136": "The date/time picture string is missing specifiers required to parse the timestamp",
}

func fail(code string, value ...any) *Error {
	message := messages[code]
	if strings.Contains(message, "%s") {
		message = fmt.Sprintf(message, quoted(value[0]))
	}
	return &Error{Code: code, Message: message}
}

func quoted(value any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return fmt.Sprint(value) // NaN and the infinities have no JSON
	}
	return strings.TrimSuffix(b.String(), "\n")
}
