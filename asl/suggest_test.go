package asl

import "testing"

func TestDidYouMean(t *testing.T) {
	for _, test := range []struct {
		got        string
		candidates []string
		want       string
	}{
		{"Shpi", []string{"Pack", "Ship"}, `did you mean "Ship"?`},
		{"parameters", []string{"Parameters"}, `did you mean "Parameters"?`},
		{"Ordr", []string{"Orde", "Order"}, `did you mean "Orde"?`}, // the first of equals
		{"Ordre", []string{"Orders", "Order"}, `did you mean "Order"?`},
		{"A", []string{"B"}, ""},
		{"a", []string{"A"}, `did you mean "A"?`},
		{"Refund", []string{"Ship", "Invoice"}, ""},
		{"Order", []string{"Order"}, ""}, // not what was written already
		{"Order", nil, ""},
	} {
		p := &parser{suggestions: 10}
		if got := p.didYouMean(test.got, len(test.candidates), func(i int) string { return test.candidates[i] }); got != test.want {
			t.Errorf("%q of %q: %q, want %q", test.got, test.candidates, got, test.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b        string
		limit, want int
	}{
		{"", "", 3, 0},
		{"", "ab", 3, 2},
		{"same", "same", 3, 0},
		{"insert", "inserts", 3, 1},
		{"delete", "delte", 3, 1},
		{"replace", "reblace", 3, 1},
		{"swap", "sawp", 3, 1},
		{"kitten", "sitting", 9, 3},
		{"kitten", "sitting", 3, 3},
		{"abc", "abcdef", 3, 3},
		{"abcdef", "uvwxyz", 3, 3},
	} {
		if got := distance(test.a, test.b, test.limit); got != test.want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", test.a, test.b, test.limit, got, test.want)
		}
	}
}
