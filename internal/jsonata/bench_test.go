package jsonata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/jsonata"
	"github.com/sfnx/sfnx/internal/value"
)

var benchExprs = []struct{ name, src string }{
	{"path", `$states.input.user.name`},
	{"add", `$states.input.i + 1`},
	{"merge", `$merge([$states.input, {'r': {'name': $states.input.user.name, 'first': $states.input.items[0].id, 'k': 7}}])`},
	{"sum20", `$sum($states.input.items.(price * qty))`},
	{"filtermap20", `$states.input.items[price > 50].{'id': id, 'label': name & '-' & $string(id)}`},
	{"map20", `$map($states.input.items, function($v, $i) { $v.price * $i })`},
	{"tail1000", `($f := function($n, $acc) { $n = 0 ? $acc : $f($n - 1, $acc + $n) }; $f(1000, 0))`},
}

func benchInput(t testing.TB) value.Value {
	var b strings.Builder
	b.WriteString(`{"i":41,"user":{"name":"ada","id":7},"items":[`)
	for i := 1; i <= 20; i++ {
		if i > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"%c","price":%d,"qty":%d}`, i, 'a'+i-1, i*5, (i-1)%9+1)
	}
	b.WriteString(`]}`)
	input, err := value.Parse(b.String())
	if err != nil {
		t.Fatal(err)
	}
	return value.Object(value.Member{Key: "input", Value: input})
}

func BenchmarkEval(b *testing.B) {
	states := benchInput(b)
	bindings := func(name string) (value.Value, bool) { return states, name == "states" }
	for _, x := range benchExprs {
		b.Run(x.name, func(b *testing.B) {
			e, err := jsonata.Compile(x.src)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(jsonata.Env{Bindings: bindings}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, x := range benchExprs {
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := jsonata.Compile(x.src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
