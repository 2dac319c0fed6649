package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// MarshalJSON writes the event as GetExecutionHistory sends it: timestamp in epoch seconds with three decimals, type,
// id, previousEventId and the details member of the type. Lazy texts are rendered here.
//
// It never escapes <, > and &. json.Marshal does that to whatever a Marshaler returns: call MarshalJSON itself, or
// use a json.Encoder with SetEscapeHTML(false).
func (e Event) MarshalJSON() ([]byte, error) {
	dst := append([]byte(nil), `{"timestamp":`...)
	dst = appendEpoch(dst, e.Timestamp)
	dst = append(dst, `,"type":`...)
	dst = appendString(dst, string(e.Type))
	dst = append(dst, `,"id":`...)
	dst = strconv.AppendInt(dst, e.ID, 10)
	dst = append(dst, `,"previousEventId":`...)
	dst = strconv.AppendInt(dst, e.PreviousEventID, 10)
	if e.Details != nil {
		k, known := kinds[e.Type]
		if !known || k.fits == nil || !k.fits(e.Details) {
			return nil, fmt.Errorf("event %d of type %q cannot carry details of type %T", e.ID, e.Type, e.Details)
		}
		dst = append(dst, ',')
		dst = appendString(dst, k.member)
		dst = append(dst, ':')
		dst = appendFields(dst, e.Details.(fielder).fields())
	}
	return append(dst, '}'), nil
}

// UnmarshalJSON reads an event of GetExecutionHistory. Texts become literals, byte for byte as AWS sent them. A type
// that this package does not know is kept, without its details; members that it does not know are dropped.
func (e *Event) UnmarshalJSON(data []byte) error {
	members, err := object(data)
	if err != nil {
		return fmt.Errorf("event: %w", err)
	}
	var read Event
	var typ string
	for _, m := range members {
		switch m.name {
		case "timestamp":
			read.Timestamp, err = parseEpoch(m.value)
		case "type":
			err = json.Unmarshal(m.value, &typ)
		case "id":
			err = json.Unmarshal(m.value, &read.ID)
		case "previousEventId":
			err = json.Unmarshal(m.value, &read.PreviousEventID)
		}
		if err != nil {
			return fmt.Errorf("event: %s: %w", m.name, err)
		}
	}
	if typ == "" {
		return errors.New("event: it has no type")
	}
	read.Type = Type(typ)
	if read.Details, err = readDetails(read.Type, members); err != nil {
		return fmt.Errorf("event %d of type %s: %w", read.ID, read.Type, err)
	}
	*e = read
	return nil
}

func readDetails(t Type, members []member) (Details, error) {
	k, known := kinds[t]
	if !known {
		return nil, nil
	}
	var details Details
	for _, m := range members {
		if !strings.HasSuffix(m.name, "EventDetails") {
			continue
		}
		if m.name != k.member {
			return nil, fmt.Errorf("it has the member %s, want %s", m.name, orNone(k.member))
		}
		fields, err := object(m.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		d := k.empty()
		if err := readFields(fields, d.fields()); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		details = d
	}
	return details, nil
}

func orNone(member string) string {
	if member == "" {
		return "no details"
	}
	return member
}

// member is one member of a JSON object, in the order of the text: assignedVariables needs the order.
type member struct {
	name  string
	value json.RawMessage
}

// object takes a JSON object apart.
func object(data []byte) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("want a JSON object, got %.40q", data)
	}
	var members []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		members = append(members, member{name: name.(string), value: value})
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return members, nil
}

// appendEpoch writes epoch seconds with milliseconds: 1742000000.123.
func appendEpoch(dst []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms < 0 {
		dst, ms = append(dst, '-'), -ms
	}
	dst = strconv.AppendInt(dst, ms/1000, 10)
	ms %= 1000
	return append(dst, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
}

// maxEpoch is the end of the year 9999: a float64 is exact to the millisecond far beyond it.
const maxEpoch = 253402300800

func parseEpoch(data []byte) (time.Time, error) {
	var seconds float64
	if err := json.Unmarshal(data, &seconds); err != nil {
		return time.Time{}, fmt.Errorf("want epoch seconds as a number: %w", err)
	}
	if math.Abs(seconds) > maxEpoch {
		return time.Time{}, fmt.Errorf("%s epoch seconds are past the year 9999", data)
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), nil
}
