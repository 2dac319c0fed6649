package value_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/value"
)

func largeText() string {
	var b strings.Builder
	b.WriteString(`{"items":[`)
	for i := range 2000 {
		fmt.Fprintf(&b, `%s{"id":%d,"name":"item-%d","price":%d.5,"tags":["a","b"]}`, strings.Repeat(",", min(i, 1)), i, i, i)
	}
	b.WriteString(`]}`)
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	text := largeText()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := value.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	v := parse(b, largeText())
	b.SetBytes(int64(v.Size()))
	var buf []byte
	for b.Loop() {
		buf = v.AppendJSON(buf[:0])
	}
}

func BenchmarkGet(b *testing.B) {
	for _, n := range []int{4, 8, 12, 16, 64} {
		var members []value.Member
		for i := range n {
			members = append(members, value.Member{Key: fmt.Sprintf("member%02d", i), Value: value.Int(int64(i))})
		}
		v, last := value.Object(members...), fmt.Sprintf("member%02d", n-1)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				v.Get(last)
			}
		})
	}
}

func BenchmarkWith(b *testing.B) {
	v := parse(b, `{"a":1,"b":{"c":2},"r":{"k":1}}`)
	r := value.Int(7)
	b.ReportAllocs()
	for b.Loop() {
		v.With("r", r)
	}
}
