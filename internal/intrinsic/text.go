package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// maxCharacters is the longest text that Base64Encode, Base64Decode and Hash take (AWS's guide, measured).
const maxCharacters = 10_000

// str is argument i if it is a text.
func (in invocation) str(i int) (string, bool) {
	return in.args[i].Str(), in.args[i].Kind() == value.StringKind
}

func tooLong(s string) bool { return utf8.RuneCountInString(s) > maxCharacters }

func stringToJSON(in invocation) (value.Value, error) {
	if len(in.args) != 1 {
		return in.invalid()
	}
	if err := in.heavy(in.args...); err != nil {
		return value.Value{}, err
	}
	s, ok := in.str(0)
	if !ok {
		return in.invalid()
	}
	if strings.Trim(s, " \t\r\n") == "" { // recorded
		return value.Null(), nil
	}
	v, err := value.Parse(s)
	if err != nil {
		return in.invalid()
	}
	return v, nil
}

func jsonToString(in invocation) (value.Value, error) {
	if len(in.args) != 1 {
		return in.invalid()
	}
	if err := in.heavy(in.args...); err != nil {
		return value.Value{}, err
	}
	return value.String(in.args[0].JSON()), nil
}

// jsonMerge takes the members of the second object over those of the first, in the order of a java.util.HashMap
// (recorded). The third argument must not be true: there is no deep merge.
func jsonMerge(in invocation) (value.Value, error) {
	if len(in.args) != 3 || in.args[0].Kind() != value.ObjectKind || in.args[1].Kind() != value.ObjectKind || in.args[2].Bool() {
		return in.invalid()
	}
	var members []value.Member
	for _, object := range in.args[:2] {
		for i := range object.Len() {
			key, m := object.Member(i)
			members = append(members, value.Member{Key: key, Value: m})
		}
	}
	merged := value.Object(members...)
	keys := make([]value.Value, merged.Len())
	for i, key := range merged.Keys() {
		keys[i] = value.String(key)
	}
	ordered := make([]value.Member, len(keys))
	for i, at := range HashOrder(keys) {
		key, m := merged.Member(at)
		ordered[i] = value.Member{Key: key, Value: m}
	}
	return value.Object(ordered...), nil
}

func base64Encode(in invocation) (value.Value, error) {
	if len(in.args) != 1 {
		return in.invalid()
	}
	s, ok := in.str(0)
	if !ok || tooLong(s) {
		return in.invalid()
	}
	return value.String(base64.StdEncoding.EncodeToString([]byte(s))), nil
}

// base64Decode passes over characters outside the alphabets, stops at padding, and needs none (measured).
func base64Decode(in invocation) (value.Value, error) {
	if len(in.args) != 1 {
		return in.invalid()
	}
	s, ok := in.str(0)
	if !ok || tooLong(s) {
		return in.invalid()
	}
	s, _, _ = strings.Cut(s, "=")
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+' || r == '/':
			return r
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		}
		return -1
	}, s)
	if len(digits)%4 == 1 { // six bits alone are no byte
		digits = digits[:len(digits)-1]
	}
	raw, err := base64.RawStdEncoding.DecodeString(digits)
	if err != nil {
		return in.invalid()
	}
	return value.String(string([]rune(string(raw)))), nil // what is not UTF-8 becomes U+FFFD
}

// hashOf takes a text as it is and anything else as its JSON.
func hashOf(in invocation) (value.Value, error) {
	if len(in.args) != 2 {
		return in.invalid()
	}
	if err := in.heavy(in.args...); err != nil {
		return value.Value{}, err
	}
	s, ok := in.str(0)
	if !ok {
		s = in.args[0].JSON()
	}
	if tooLong(s) {
		return in.invalid()
	}
	algorithm, _ := in.str(1)
	sum, ok := Digest(algorithm, s)
	if !ok {
		return in.invalid()
	}
	return value.String(sum), nil
}

// Digest is the hash of a text in hexadecimal; ok is false for an algorithm that States.Hash does not have.
func Digest(algorithm, s string) (sum string, ok bool) {
	var h hash.Hash
	switch algorithm {
	case "MD5":
		h = md5.New()
	case "SHA-1":
		h = sha1.New()
	case "SHA-256":
		h = sha256.New()
	case "SHA-384":
		h = sha512.New384()
	case "SHA-512":
		h = sha512.New()
	default:
		return "", false
	}
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil)), true
}

// stringSplit splits at each character of the second argument and drops empty parts (recorded).
func stringSplit(in invocation) (value.Value, error) {
	if len(in.args) != 2 {
		return in.invalid()
	}
	if err := in.heavy(in.args...); err != nil {
		return value.Value{}, err
	}
	s, ok := in.str(0)
	separators, ok2 := in.str(1)
	if !ok || !ok2 {
		return in.invalid()
	}
	set := make(map[rune]bool, len(separators))
	for _, r := range separators {
		set[r] = true
	}
	var parts []value.Value
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return set[r] }) {
		parts = append(parts, value.String(part))
	}
	return value.Array(parts...), nil
}
