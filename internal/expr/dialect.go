package expr

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/intrinsic"
	"github.com/sfnx/sfnx/internal/jsonata"
	"github.com/sfnx/sfnx/internal/value"
)

// dialect is what Step Functions adds to JSONata, and takes away: $eval (measured).
var dialect = map[string]*jsonata.Function{
	"eval":      nil,
	"partition": jsonata.NewFunction("partition", "<an:a>", partition),
	"range":     jsonata.NewFunction("range", "<nnn:a>", arrayRange),
	"hash":      jsonata.NewFunction("hash", "<xs:s>", hash),
	"random":    jsonata.NewFunction("random", "<n?:n>", random),
	"uuid":      jsonata.NewFunction("uuid", "<:s>", uuid),
	"parse":     jsonata.NewFunction("parse", "<s:x>", parse),
}

// itemCost is what one element of a result is charged.
const itemCost = 24

// partition cuts an array into pieces of n elements, n truncated (measured).
func partition(c *jsonata.Call) (value.Value, *jsonata.Error) {
	items, n := c.Args[0].Items(), int(c.Args[1].Float64())
	if n <= 0 {
		return value.Value{}, jsonata.Fail("D3130", fmt.Sprintf("The second argument of the partition function must be a positive number: %s", c.Args[1]))
	}
	if err := c.Charge(len(items), itemCost*len(items)); err != nil {
		return value.Value{}, err
	}
	var pieces []value.Value
	for len(items) > 0 {
		k := min(n, len(items))
		pieces = append(pieces, value.Array(items[:k:k]...))
		items = items[k:]
	}
	return value.Array(pieces...), nil
}

// arrayRange counts from the first argument to the second, inclusive, by the third; all truncated. One number comes out as
// itself, none as undefined (recorded, measured).
func arrayRange(c *jsonata.Call) (value.Value, *jsonata.Error) {
	from, to, step := int64(c.Args[0].Float64()), int64(c.Args[1].Float64()), int64(c.Args[2].Float64())
	if step == 0 || step > 0 && from > to || step < 0 && from < to {
		return value.Value{}, nil
	}
	var items []value.Value
	for n := from; step > 0 && n <= to || step < 0 && n >= to; n += step {
		if err := c.Charge(1, itemCost); err != nil {
			return value.Value{}, err
		}
		items = append(items, value.Int(n))
	}
	if len(items) == 1 {
		return items[0], nil
	}
	return value.Array(items...), nil
}

func hash(c *jsonata.Call) (value.Value, *jsonata.Error) {
	text := c.Args[0].Str()
	if c.Args[0].Kind() != value.StringKind {
		text = c.Args[0].JSON()
	}
	if err := c.Charge(1+len(text)/8, 128); err != nil {
		return value.Value{}, err
	}
	sum, ok := intrinsic.Digest(c.Args[1].Str(), text)
	if !ok {
		return value.Value{}, jsonata.Fail("D3130", fmt.Sprintf("The second argument of the hash function must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512: %s", c.Args[1]))
	}
	return value.String(sum), nil
}

// random is a number in [0, 1); with a seed it is the first double of a java.util.Random (measured).
func random(c *jsonata.Call) (value.Value, *jsonata.Error) {
	if seed := c.Args[0]; !seed.IsUndefined() {
		return value.Float(intrinsic.SeededDouble(int64(seed.Float64()))), nil
	}
	return value.Float(c.Random()), nil
}

// uuid is a version 4 UUID.
func uuid(c *jsonata.Call) (value.Value, *jsonata.Error) {
	var b [16]byte
	for i := range b {
		b[i] = byte(c.Random() * 256)
	}
	b[6], b[8] = b[6]&0x0F|0x40, b[8]&0x3F|0x80
	return value.String(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}

// parse reads a JSON text.
func parse(c *jsonata.Call) (value.Value, *jsonata.Error) {
	if err := c.Charge(1+len(c.Args[0].Str())/8, 3*len(c.Args[0].Str())); err != nil {
		return value.Value{}, err
	}
	v, err := value.Parse(c.Args[0].Str())
	if err != nil {
		return value.Value{}, jsonata.Fail("D3137", "The argument of the parse function is "+err.Error())
	}
	return v, nil
}
