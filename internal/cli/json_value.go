package cli

import (
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// jsonValue reads the JSON value of a flag: JSON|@FILE|-. Undefined if nothing is given.
func (a *app) jsonValue(flag, text string) (value.Value, error) {
	if text == "" {
		return value.Value{}, nil
	}
	if text == "-" || strings.HasPrefix(text, "@") {
		data, err := (&merge{app: a}).read(strings.TrimPrefix(text, "@"), source{name: flag})
		if err != nil {
			return value.Value{}, fmt.Errorf("%s: %w", flag, err)
		}
		text = string(data)
	}
	v, err := value.Parse(text)
	if err != nil {
		return v, fmt.Errorf("%s: %w", flag, err)
	}
	return v, nil
}

// jsonObject is jsonValue for a flag that wants an object. Undefined if nothing is given.
func (a *app) jsonObject(flag, text string) (value.Value, error) {
	v, err := a.jsonValue(flag, text)
	if err == nil && !v.IsUndefined() && v.Kind() != value.ObjectKind {
		err = fmt.Errorf("%s: want a JSON object", flag)
	}
	return v, err
}
