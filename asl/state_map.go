package asl

import (
	"math"

	"github.com/sfnx/sfnx/internal/expr"
)

// mapState reads a Map state. Iterator and Parameters are the old names of ItemProcessor and ItemSelector (recorded: same effect).
func (p *parser) mapState(at *place, language QueryLanguage, depth int) *Map {
	body := &Map{}
	distributed := false
	if processor := p.only(at, "ItemProcessor", "Iterator"); processor == nil {
		p.schema(at, "These fields are required: [ItemProcessor]")
	} else {
		if config := processor.field("ProcessorConfig"); config != nil && p.object(config) {
			body.Distributed = p.processorConfig(config, language)
			distributed = body.Distributed != nil
		}
		if s := p.nested(processor, processorFields, depth); s != nil {
			body.Processor = s
		}
	}
	p.only(at, "MaxConcurrency", "MaxConcurrencyPath")
	p.only(at, "ToleratedFailureCount", "ToleratedFailureCountPath")
	p.only(at, "ToleratedFailurePercentage", "ToleratedFailurePercentagePath")
	if distributed {
		p.distributed(at, body.Distributed, language)
	} else {
		p.onlyDistributed(at)
	}
	body.ItemSelector = p.payload(p.only(at, "ItemSelector", "Parameters"), language, "ItemSelector")
	if language == JSONata {
		p.mapQueries(at, body)
	} else {
		if !at.has("ItemReader") { // which makes ItemsPath mean nothing, even a wrong one (recorded)
			body.ItemsPath = p.path(at.field("ItemsPath"))
		}
		body.MaxConcurrencyPath = p.numberPath(at.field("MaxConcurrencyPath"))
		body.ToleratedFailureCountPath = p.numberPath(at.field("ToleratedFailureCountPath"))
		body.ToleratedFailurePercentagePath = p.numberPath(at.field("ToleratedFailurePercentagePath"))
	}
	if body.MaxConcurrencyQuery == nil {
		body.MaxConcurrency = p.integer(at.field("MaxConcurrency"), 0, math.MaxInt64)
	}
	if body.ToleratedFailureCountQuery == nil {
		body.ToleratedFailureCount = p.integer(at.field("ToleratedFailureCount"), 0, math.MaxInt64)
	}
	if body.ToleratedFailurePercentageQuery == nil {
		body.ToleratedFailurePercentage = p.float(at.field("ToleratedFailurePercentage"), 0, 100)
	}
	return body
}

// processorConfig reads the mode of a Map: nil for INLINE.
func (p *parser) processorConfig(config *place, language QueryLanguage) *Distributed {
	p.checkFields(config, configFields, language)
	distributed := p.word(config.field("Mode"), "INLINE", "DISTRIBUTED") == "DISTRIBUTED"
	execution := config.field("ExecutionType")
	typ := p.word(execution, "STANDARD", "EXPRESS")
	switch {
	case distributed && execution == nil:
		p.schema(config, "These fields are required: [ExecutionType]")
	case !distributed && execution != nil:
		d := p.atName(execution, "Field 'ExecutionType' is not supported")
		d.Location = config.location()
	}
	if !distributed {
		return nil
	}
	if p.opts.Type == "EXPRESS" {
		p.schema(config.field("Mode"), "Express state machine does not support Map state with mode 'DISTRIBUTED'")
	}
	return &Distributed{ExecutionType: typ}
}

// mapQueries reads the fields of a Map that may be JSONata expressions.
func (p *parser) mapQueries(at *place, body *Map) {
	items := at.field("Items")
	if items != nil && items.kind != '[' && items.kind != '{' && !(items.kind == '"' && expr.IsQuery(p.str(items))) {
		p.schema(items, "Expected value of type Array")
		items = nil
	}
	body.Items = p.query(items, "Items")
	body.MaxConcurrencyQuery = p.queryText(at.field("MaxConcurrency"), "MaxConcurrency")
	body.ToleratedFailureCountQuery = p.queryText(at.field("ToleratedFailureCount"), "ToleratedFailureCount")
	body.ToleratedFailurePercentageQuery = p.queryText(at.field("ToleratedFailurePercentage"), "ToleratedFailurePercentage")
}
