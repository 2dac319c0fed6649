package expr_test

import (
	"testing"

	"github.com/sfnx/sfnx/internal/expr"
)

func BenchmarkTemplate(b *testing.B) {
	e := env(parse(b, `{"user":{"name":"Ada","id":7},"items":[{"sku":"x"},{"sku":"y"}]}`))
	for name, text := range map[string]string{
		"constant": `{"k":1,"o":{"a":[1,2,3]}}`,
		"one path": `{"name.$":"$.user.name","k":1}`,
		"nested":   `{"user":{"name.$":"$.user.name","id.$":"$.user.id"},"state.$":"$$.State.Name","k":[1,{"first.$":"$.items[0].sku"}]}`,
		"call":     `{"text.$":"States.Format('Hello {}', $.user.name)"}`,
	} {
		template := compile(b, text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := template.Eval(e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPath(b *testing.B) {
	e := env(parse(b, `{"a":{"b":1}}`))
	for _, src := range []string{"$", "$.a.b", "$.a.none"} {
		p, err := expr.ParsePath(src)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Eval(e)
			}
		})
	}
}
