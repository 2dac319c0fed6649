package jsonpath_test

import "testing"

func BenchmarkEval(b *testing.B) {
	doc := parse(b, `{"order":{"id":"A-1","customer":{"name":"Ada"},"items":[{"sku":"x","n":2,"price":10.5},{"sku":"y","n":1,"price":99}]},"at":"2026-01-01T00:00:00Z"}`)
	for _, src := range []string{"$", "$.at", "$.order.id", "$.order.customer.name", "$.order.items[1].sku", "$.order.items[*].sku", "$.order.items[?(@.price > 50)].sku", "$..sku"} {
		p := compile(b, src)
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Eval(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		compile(b, "$.order.items[?(@.price > 50 && @.sku in ['x','y'])].sku")
	}
}

func BenchmarkSet(b *testing.B) {
	doc := parse(b, `{"a":1,"b":{"c":2},"r":{"k":1}}`)
	p := compile(b, "$.b.result")
	b.ReportAllocs()
	for b.Loop() {
		p.Set(doc, doc)
	}
}
