package jsonata

import "github.com/sfnx/sfnx/internal/value"

// builtins are the functions of the language by name. Filled in init because they call one another through it.
var builtins map[string]value.Value

func init() {
	builtins = make(map[string]value.Value)
	for _, b := range []struct {
		name      string
		signature string
		arity     int // parameters that the reference's code declares, which is what $map and its like go by
		native    native
	}{
		{"sum", "<a<n>:n>", 1, sum},
		{"count", "<a:n>", 1, count},
		{"max", "<a<n>:n>", 1, maximum},
		{"min", "<a<n>:n>", 1, minimum},
		{"average", "<a<n>:n>", 1, average},
		{"string", "<x-b?:s>", 1, stringOf},
		{"substring", "<s-nn?:s>", 3, substring},
		{"substringBefore", "<s-s:s>", 2, substringBefore},
		{"substringAfter", "<s-s:s>", 2, substringAfter},
		{"lowercase", "<s-:s>", 1, lowercase},
		{"uppercase", "<s-:s>", 1, uppercase},
		{"length", "<s-:n>", 1, length},
		{"trim", "<s-:s>", 1, trim},
		{"pad", "<s-ns?:s>", 3, pad},
		{"match", "<s-f<s:o>n?:a<o>>", 3, match},
		{"contains", "<s-(sf):b>", 2, containsText},
		{"replace", "<s-(sf)(sf)n?:s>", 4, replace},
		{"split", "<s-(sf)n?:a<s>>", 3, split},
		{"join", "<a<s>s?:s>", 2, join},
		{"formatNumber", "<n-so?:s>", 3, formatNumber},
		{"formatBase", "<n-n?:s>", 2, formatBase},
		{"formatInteger", "<n-s:s>", 2, formatInteger},
		{"parseInteger", "<s-s:n>", 2, parseInteger},
		{"number", "<(nsb)-:n>", 1, number},
		{"floor", "<n-:n>", 1, floor},
		{"ceil", "<n-:n>", 1, ceil},
		{"round", "<n-n?:n>", 2, round},
		{"abs", "<n-:n>", 1, abs},
		{"sqrt", "<n-:n>", 1, sqrt},
		{"power", "<n-n:n>", 2, power},
		{"random", "<:n>", 0, random},
		{"boolean", "<x-:b>", 1, boolean},
		{"not", "<x-:b>", 1, not},
		{"map", "<af>", 2, mapItems},
		{"zip", "<a+>", 0, zip},
		{"filter", "<af>", 2, filterItems},
		{"single", "<af?>", 2, singleItem},
		{"reduce", "<afj?:j>", 3, reduce},
		{"sift", "<o-f?:o>", 2, sift},
		{"keys", "<x-:a<s>>", 1, keys},
		{"lookup", "<x-s:x>", 2, lookup},
		{"append", "<xx:a>", 2, appendTo},
		{"exists", "<x:b>", 1, exists},
		{"spread", "<x-:a<o>>", 1, spread},
		{"merge", "<a<o>:o>", 1, merge},
		{"reverse", "<a:a>", 1, reverse},
		{"each", "<o-f:a>", 2, each},
		{"error", "<s?:x>", 1, raise},
		{"assert", "<bs?:x>", 2, assert},
		{"type", "<x:s>", 1, typeOf},
		{"sort", "<af?:a>", 2, sortItems},
		{"shuffle", "<a:a>", 1, shuffle},
		{"distinct", "<x:x>", 1, distinct},
		{"base64encode", "<s-:s>", 1, base64encode},
		{"base64decode", "<s-:s>", 1, base64decode},
		{"encodeUrlComponent", "<s-:s>", 1, encodeURLComponent},
		{"encodeUrl", "<s-:s>", 1, encodeURL},
		{"decodeUrlComponent", "<s-:s>", 1, decodeURLComponent},
		{"decodeUrl", "<s-:s>", 1, decodeURL},
		{"eval", "<sx?:x>", 2, evaluate},
		{"toMillis", "<s-s?:n>", 2, toMillis},
		{"fromMillis", "<n-s?s?:s>", 3, fromMillis},
		{"now", "<s?s?:s>", 2, now},
		{"millis", "<:n>", 0, millis},
		{"clone", "<(oa)-:o>", 1, clone},
	} {
		builtins[b.name] = value.Opaque(&function{kind: nativeFunction, name: b.name, arity: b.arity, signature: mustSignature(b.signature), native: b.native})
	}
}
