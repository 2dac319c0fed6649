package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

var delimiters = map[string]byte{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// checkCSV reads the fields of a ReaderConfig that belong to CSV.
func (r *reader) checkCSV() error {
	c := &r.config
	var known bool
	if r.delimiter, known = delimiters[c.CSVDelimiter]; !known {
		return oneOf("CSVDelimiter", c.CSVDelimiter, "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	}
	if err := oneOf("CSVHeaderLocation", c.CSVHeaderLocation, "FIRST_ROW", "GIVEN"); err != nil || c.CSVHeaderLocation == "FIRST_ROW" {
		return err
	}
	if len(c.CSVHeaders) == 0 {
		return fmt.Errorf("ReaderConfig.CSVHeaderLocation GIVEN needs CSVHeaders, and there are none")
	}
	var err error
	r.header, err = newHeader(c.CSVHeaders)
	return err
}

// rows reads a CSV file: one object for each row, all of its values texts.
type rows struct {
	body   io.Closer
	lines  *lines
	name   string
	comma  byte
	header *header

	text []byte // of the row that is being read, without quotes and delimiters
	ends []int  // where its cells end in text
	row  []string
}

func newRows(body io.ReadCloser, name string, comma byte, h *header) (source, error) {
	r := &rows{body: body, lines: newLines(body, name), name: name, comma: comma, header: h}
	if h != nil {
		return r, nil
	}
	cells, err := r.cells()
	if errors.Is(err, io.EOF) {
		return r, nil // an empty file has no header, and no rows
	}
	if err == nil {
		r.header, err = newHeader(cells)
	}
	return r, err
}

func (r *rows) Close() error { return r.body.Close() }

func (r *rows) next() (Item, error) {
	cells, err := r.cells()
	if err != nil {
		return Item{}, err
	}
	return Item{Value: r.header.object(cells), Source: r.name}, nil
}

// cells reads one row, by the rules of AWS's guide ("How Step Functions parses input CSV files"), which are those of
// opencsv: a doubled quote is one, in a field without quotes too; a single quote in the middle of a field is kept, and
// still begins or ends a quotation; \ keeps the delimiter, quote or \ that follows, and is dropped before anything else;
// blanks before an opening quote are dropped. Each line is a row, an empty one too.
func (r *rows) cells() ([]string, error) {
	line, err := r.lines.next()
	if err != nil {
		return nil, err
	}
	r.text, r.ends = r.text[:0], r.ends[:0]
	quoted, inField := false, false
	for first := r.lines.n; ; {
		for i := 0; i < len(line); i++ {
			c, next := line[i], byte('\n')
			if i+1 < len(line) {
				next = line[i+1]
			}
			switch {
			case c == '\\':
				inField = true
				if next == '\\' || next == '"' || next == r.comma {
					r.text = append(r.text, next)
					i++
				}
			case c == '"' && next == '"' && (quoted || inField):
				r.text = append(r.text, c)
				inField = !inField
				i++
			case c == '"':
				quoted, inField = !quoted, !inField
				if i > 0 && line[i-1] != r.comma && next != '\n' && next != r.comma {
					r.innerQuote()
				}
			case c == r.comma && !quoted:
				r.ends = append(r.ends, len(r.text))
				inField = false
			default:
				r.text = append(r.text, c)
				inField = true
			}
		}
		if !quoted {
			break
		}
		if len(r.text) > maxItemBytes {
			return nil, r.lines.tooLarge()
		}
		r.text = append(r.text, '\n')
		if line, err = r.lines.next(); errors.Is(err, io.EOF) {
			return nil, readerFailed("%s ends within the quoted field of line %d", r.name, first)
		}
		if err != nil {
			return nil, err
		}
	}
	return r.cut(), nil
}

// innerQuote handles a quote that is neither at the start nor at the end of its field.
func (r *rows) innerQuote() {
	start := 0
	if n := len(r.ends); n > 0 {
		start = r.ends[n-1]
	}
	if cell := r.text[start:]; len(cell) > 0 && len(bytes.TrimSpace(cell)) == 0 {
		r.text = r.text[:start]
		return
	}
	r.text = append(r.text, '"')
}

// cut makes the cells of text, which share one string. The slice is good until the next row.
func (r *rows) cut() []string {
	text := string(r.text)
	r.row = r.row[:0]
	start := 0
	for _, end := range append(r.ends, len(text)) {
		cell := text[start:end]
		if !utf8.ValidString(cell) {
			cell = strings.ToValidUTF8(cell, "\uFFFD")
		}
		r.row = append(r.row, cell)
		start = end
	}
	return r.row
}
