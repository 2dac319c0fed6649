package asl

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkParse parses a chain of 1,000 Pass states with Parameters and ResultPath.
func BenchmarkParse(b *testing.B) {
	var text strings.Builder
	text.WriteString("{\n  \"StartAt\": \"S0001\",\n  \"States\": {\n")
	for i := 1; i < 1000; i++ {
		fmt.Fprintf(&text, `    "S%04d": {
      "Type": "Pass",
      "Parameters": {"name.$": "$.user.name", "first.$": "$.items[0]", "k": %d},
      "ResultPath": "$.r",
      "Next": "S%04d"
    },
`, i, i, i+1)
	}
	text.WriteString("    \"S1000\": {\"Type\": \"Succeed\"}\n  }\n}\n")
	definition := []byte(text.String())
	b.SetBytes(int64(len(definition)))
	b.ReportAllocs()
	for b.Loop() {
		if m, found := Parse(definition, Options{}); m == nil {
			b.Fatal(found)
		}
	}
}

func BenchmarkParseTimestamp(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseTimestamp("2016-03-14T01:59:00.123+05:30"); err != nil {
			b.Fatal(err)
		}
	}
}
