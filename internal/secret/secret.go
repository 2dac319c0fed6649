// Package secret holds values that must never reach output, logs, errors or files.
//
// A secret.String prints as **** by every road of fmt, encoding/json and log/slog; only Reveal gives the text, and only
// what signs or sends a credential may call it.
package secret

import (
	"fmt"
	"log/slog"
)

// Mask is what stands for a secret in every output.
const Mask = "****"

// String is a text that cannot be printed. The zero String is unset.
type String struct{ text string }

// New wraps a text.
func New(text string) String { return String{text} }

// Reveal gives the text to whoever signs or sends it.
func (s String) Reveal() string { return s.text }

// IsSet reports whether there is a text at all.
func (s String) IsSet() bool { return s.text != "" }

// String gives the mask.
func (String) String() string { return Mask }

// GoString gives the mask.
func (String) GoString() string { return Mask }

// Format gives the mask for every verb.
func (String) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Mask)) }

// MarshalText gives the mask.
func (String) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// LogValue gives the mask.
func (String) LogValue() slog.Value { return slog.StringValue(Mask) }
