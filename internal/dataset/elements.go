package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/sfnx/sfnx/internal/value"
)

// elements reads a JSON file: the elements of an array one by one, without holding the file.
type elements struct {
	body  io.Closer
	bound *bound
	dec   *jsontext.Decoder
	name  string
	whole bool // the array is the whole file
	named bool // it is an object, whose members are the items
}

func newElements(body io.ReadCloser, name, pointer string, named bool) (source, error) {
	b := &bound{r: body}
	e := &elements{
		body: body, bound: b, name: name, whole: pointer == "",
		// value.Parse is the judge of what is in an element; AWS takes repeated names and halves of surrogate pairs.
		dec: jsontext.NewDecoder(b, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
	}
	b.renew()
	if err := e.find(pointer); err != nil {
		return nil, err
	}
	kind := e.dec.PeekKind()
	e.named = kind == '{'
	if kind != '[' && (!e.named || !named) {
		if err := e.skip(); err != nil {
			return nil, err // not JSON at all
		}
		return nil, &Error{Name: ItemReaderFailed, Cause: causeNotIterable}
	}
	_, err := e.token()
	return e, err
}

func (e *elements) Close() error { return e.body.Close() }

func (e *elements) next() (Item, error) {
	e.bound.renew()
	if kind := e.dec.PeekKind(); kind == ']' || kind == '}' {
		return Item{}, e.end()
	}
	item := Item{Source: e.name}
	if e.named {
		name, err := e.token()
		if err != nil {
			return Item{}, err
		}
		item.Key = name.String()
	}
	e.bound.renew()
	raw, err := e.dec.ReadValue()
	if err != nil {
		return Item{}, e.failed(err)
	}
	if len(raw) > maxItemBytes {
		return Item{}, e.failed(errTooLarge)
	}
	if item.Value, err = value.Parse(string(raw)); err != nil {
		return Item{}, readerFailed("%s, in the value that ends at byte %d: %v", e.name, e.dec.InputOffset(), err)
	}
	if e.named {
		item.Value = value.Object(value.Member{Key: "Key", Value: value.String(item.Key)}, value.Member{Key: "Value", Value: item.Value})
	}
	return item, nil
}

// end reads the end of the array or object. The error is io.EOF if all is well.
func (e *elements) end() error {
	if _, err := e.token(); err != nil || !e.whole {
		return cmp.Or(err, io.EOF)
	}
	_, err := e.dec.ReadToken()
	if err == nil {
		return readerFailed("%s is not valid JSON: something follows the value", e.name)
	}
	return e.failed(err)
}

// find goes to the value that a JSON Pointer names. Of members with the same name it takes the first.
func (e *elements) find(pointer string) error {
	if pointer == "" {
		return nil
	}
	if pointer[0] != '/' {
		return fmt.Errorf("ReaderConfig.ItemsPointer is %q, want a JSON Pointer such as /orders/open", pointer)
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, part := range strings.Split(pointer[1:], "/") {
		if err := e.enter(unescape.Replace(part)); err != nil {
			return err
		}
	}
	return nil
}

// enter goes to a member of an object or an element of an array.
func (e *elements) enter(part string) error {
	open, err := e.token()
	if err != nil {
		return err
	}
	isObject, index := open.Kind() == '{', -1
	if n, err := strconv.Atoi(part); err == nil && open.Kind() == '[' && strconv.Itoa(n) == part {
		index = n
	}
	for i := 0; isObject || index >= 0; i++ {
		if kind := e.dec.PeekKind(); kind == '}' || kind == ']' {
			break
		}
		if i == index {
			return nil
		}
		if isObject {
			name, err := e.token()
			if err != nil {
				return err
			}
			if name.String() == part {
				return nil
			}
		}
		if err := e.skip(); err != nil {
			return err
		}
	}
	return &Error{Name: ItemReaderFailed, Cause: causePointer}
}

// skip passes over a value, however large it is.
func (e *elements) skip() error {
	for depth := e.dec.StackDepth(); ; {
		if _, err := e.token(); err != nil || e.dec.StackDepth() == depth {
			return err
		}
	}
}

func (e *elements) token() (jsontext.Token, error) {
	e.bound.renew()
	t, err := e.dec.ReadToken()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return t, e.failed(err)
	}
	return t, nil
}

// failed tells the end of the file and errors of the store from mistakes in the file.
func (e *elements) failed(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.EOF):
		return err
	case errors.Is(err, errTooLarge):
		return readerFailed("an item of %s is larger than %d bytes: the one at byte %d", e.name, maxItemBytes, e.dec.InputOffset())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return readerFailed("%s is not valid JSON: unexpected end of the file", e.name)
	case errors.As(err, &syntax):
		return readerFailed("%s is not valid JSON at byte %d: %v", e.name, syntax.ByteOffset, syntax.Err)
	}
	return fmt.Errorf("read %s: %w", e.name, err)
}

var errTooLarge = errors.New("too large")

// bound limits what is read for one item, so that a file of one endless text does not fill the memory. It leaves room
// for what the decoder reads ahead.
type bound struct {
	r    io.Reader
	left int
}

func (b *bound) renew() { b.left = 4 * maxItemBytes }

func (b *bound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
