package asl

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/expr"
)

// distributedFields are the fields of a Map that only the mode DISTRIBUTED has.
var distributedFields = []string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"}

// onlyDistributed reports the fields of an inline Map that need the mode DISTRIBUTED.
func (p *parser) onlyDistributed(at *place) {
	for _, name := range distributedFields {
		if f := at.field(name); f != nil {
			d := p.atName(f, "Field '"+name+"' is not supported")
			d.Location = at.location()
			d.Hint = "it needs the mode DISTRIBUTED in the ProcessorConfig"
		}
	}
}

// distributed reads what only a distributed Map has.
func (p *parser) distributed(at *place, d *Distributed, language QueryLanguage) {
	d.Label = p.label(at.field("Label"))
	if pl := at.field("ItemReader"); pl != nil && p.object(pl) {
		d.ItemReader = p.itemReader(pl, language)
	}
	if pl := at.field("ItemBatcher"); pl != nil && p.object(pl) {
		d.ItemBatcher = p.itemBatcher(pl, language)
	}
	if pl := at.field("ResultWriter"); pl != nil && p.object(pl) {
		d.ResultWriter = p.resultWriter(pl, language)
	}
}

// label is at most 40 characters that can stand in an ARN.
func (p *parser) label(pl *place) string {
	text := p.str(pl)
	switch {
	case pl == nil:
		return ""
	case text == "" && pl.kind == '"':
		p.schema(pl, "Label must not be empty")
	case utf8.RuneCountInString(text) > 40:
		p.schema(pl, "Label must not be longer than 40 characters")
	case strings.ContainsFunc(text, func(c rune) bool {
		return unicode.IsSpace(c) || unicode.IsControl(c) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"", c)
	}):
		p.schema(pl, "Label must not hold white space, control characters or one of ? * < > { } [ ] : ; , \\ | ^ ~ $ # % & ` \"")
	}
	return text
}

func (p *parser) itemReader(pl *place, language QueryLanguage) *ItemReader {
	p.checkFields(pl, readerFields, language)
	out := &ItemReader{Resource: p.s3(pl.field("Resource"), "getObject", "listObjectsV2")}
	out.Parameters = p.parameters(pl, language, "ItemReader")
	if config := pl.field("ReaderConfig"); config != nil && p.object(config) {
		out.Config = p.readerConfig(config, language)
	}
	return out
}

func (p *parser) readerConfig(pl *place, language QueryLanguage) ReaderConfig {
	p.checkFields(pl, readingFields, language)
	p.only(pl, "MaxItems", "MaxItemsPath")
	c := ReaderConfig{
		InputType:         p.word(pl.field("InputType"), "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"),
		Transformation:    p.word(pl.field("Transformation"), "NONE", "LOAD_AND_FLATTEN"),
		ManifestType:      p.word(pl.field("ManifestType"), "ATHENA_DATA", "S3_INVENTORY"),
		CSVDelimiter:      p.word(pl.field("CSVDelimiter"), "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
		CSVHeaderLocation: p.word(pl.field("CSVHeaderLocation"), "FIRST_ROW", "GIVEN"),
		ItemsPointer:      p.str(pl.field("ItemsPointer")),
	}
	if c.InputType == "PARQUET" {
		p.report(Unsupported, pl.field("InputType"), "This version of sfnx does not support the input type PARQUET of an ItemReader").Ours = true
	}
	p.array(pl.field("CSVHeaders"), func(h *place) { c.CSVHeaders = append(c.CSVHeaders, p.str(h)) })
	switch {
	case c.InputType == "CSV" && c.CSVHeaderLocation == "" && !pl.has("CSVHeaderLocation"):
		p.schema(pl, "These fields are required: [CSVHeaderLocation]")
	case c.CSVHeaderLocation == "GIVEN" && !pl.has("CSVHeaders"):
		p.schema(pl, "These fields are required: [CSVHeaders]")
	}
	if language == JSONata {
		c.MaxItemsQuery = p.queryText(pl.field("MaxItems"), "ItemReader/ReaderConfig/MaxItems")
	} else {
		c.MaxItemsPath = p.numberPath(pl.field("MaxItemsPath"))
	}
	if c.MaxItemsQuery == nil {
		c.MaxItems = p.integer(pl.field("MaxItems"), 0, math.MaxInt64)
	}
	return c
}

func (p *parser) itemBatcher(pl *place, language QueryLanguage) *ItemBatcher {
	p.checkFields(pl, batcherFields, language)
	items, bytes := p.only(pl, "MaxItemsPerBatch", "MaxItemsPerBatchPath"), p.only(pl, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
	if items == nil && bytes == nil {
		p.one(pl, "MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
	}
	out := &ItemBatcher{BatchInput: p.payload(pl.field("BatchInput"), language, "ItemBatcher/BatchInput")}
	mostItems, mostBytes := pl.field("MaxItemsPerBatch"), pl.field("MaxInputBytesPerBatch")
	if language == JSONata {
		out.MaxItemsPerBatchQuery = p.queryText(mostItems, "ItemBatcher/MaxItemsPerBatch")
		out.MaxInputBytesPerBatchQuery = p.queryText(mostBytes, "ItemBatcher/MaxInputBytesPerBatch")
	} else {
		out.MaxItemsPerBatchPath = p.numberPath(pl.field("MaxItemsPerBatchPath"))
		out.MaxInputBytesPerBatchPath = p.numberPath(pl.field("MaxInputBytesPerBatchPath"))
	}
	if out.MaxItemsPerBatchQuery == nil {
		out.MaxItemsPerBatch = p.integer(mostItems, 1, math.MaxInt64)
	}
	if out.MaxInputBytesPerBatchQuery == nil {
		out.MaxInputBytesPerBatch = p.integer(mostBytes, 1, 262_144)
	}
	return out
}

// parameters is the Parameters of a reader or writer, in JSONata its Arguments.
func (p *parser) parameters(pl *place, language QueryLanguage, field string) expr.Payload {
	if language == JSONata {
		return p.payload(pl.field("Arguments"), JSONata, field+"/Arguments")
	}
	return p.payload(pl.field("Parameters"), JSONPath, "")
}

func (p *parser) resultWriter(pl *place, language QueryLanguage) *ResultWriter {
	p.checkFields(pl, resultFields, language)
	out := &ResultWriter{}
	if r := pl.field("Resource"); r != nil {
		out.Resource = p.s3(r, "putObject")
	} else if !pl.has("WriterConfig") {
		p.schema(pl, "These fields are required: [Resource]")
	}
	out.Parameters = p.parameters(pl, language, "ResultWriter")
	if config := pl.field("WriterConfig"); config != nil && p.object(config) {
		p.checkFields(config, writingFields, language)
		out.Transformation = p.word(config.field("Transformation"), "NONE", "COMPACT", "FLATTEN")
		out.OutputType = p.word(config.field("OutputType"), "JSON", "JSONL")
	}
	return out
}

// s3 is a resource of S3 with one of the given actions.
func (p *parser) s3(pl *place, actions ...string) string {
	arn := p.str(pl)
	for _, action := range actions {
		if strings.HasPrefix(arn, "arn:") && strings.HasSuffix(arn, ":states:::s3:"+action) {
			return arn
		}
	}
	if pl != nil && pl.kind == '"' {
		d := p.schema(pl, "The resource provided "+arn+" is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.")
		d.Hint = "want arn:aws:states:::s3:" + strings.Join(actions, " or s3:")
	}
	return ""
}
