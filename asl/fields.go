package asl

import "strings"

// use says whether an object may have a field.
type use uint8

const (
	no  use = iota
	yes     // in both query languages
	req     // required
	jp      // in JSONPath only
	ja      // in JSONata only
)

// stateFields is the field table of the language: which type of state has which field.
// R required, + in both query languages, P in JSONPath only, A in JSONata only, - not.
const stateFields = `
Field                           Task Parallel Map Pass Wait Choice Succeed Fail
Type                            R    R        R   R    R    R      R       R
Comment                         +    +        +   +    +    +      +       +
QueryLanguage                   +    +        +   +    +    +      +       +
InputPath                       P    P        P   P    P    P      P       -
OutputPath                      P    P        P   P    P    P      P       -
Next                            +    +        +   +    +    -      -       -
End                             +    +        +   +    +    -      -       -
Parameters                      P    P        P   P    -    -      -       -
ResultPath                      P    P        P   P    -    -      -       -
ResultSelector                  P    P        P   -    -    -      -       -
Arguments                       A    A        -   -    -    -      -       -
Output                          A    A        A   A    A    A      A       -
Assign                          +    +        +   +    +    +      -       -
Retry                           +    +        +   -    -    -      -       -
Catch                           +    +        +   -    -    -      -       -
Resource                        R    -        -   -    -    -      -       -
TimeoutSeconds                  +    -        -   -    -    -      -       -
TimeoutSecondsPath              P    -        -   -    -    -      -       -
HeartbeatSeconds                +    -        -   -    -    -      -       -
HeartbeatSecondsPath            P    -        -   -    -    -      -       -
Credentials                     +    -        -   -    -    -      -       -
Branches                        -    R        -   -    -    -      -       -
ItemProcessor                   -    -        +   -    -    -      -       -
Iterator                        -    -        +   -    -    -      -       -
ItemsPath                       -    -        P   -    -    -      -       -
Items                           -    -        A   -    -    -      -       -
ItemSelector                    -    -        +   -    -    -      -       -
ItemReader                      -    -        +   -    -    -      -       -
ItemBatcher                     -    -        +   -    -    -      -       -
ResultWriter                    -    -        +   -    -    -      -       -
Label                           -    -        +   -    -    -      -       -
MaxConcurrency                  -    -        +   -    -    -      -       -
MaxConcurrencyPath              -    -        P   -    -    -      -       -
ToleratedFailureCount           -    -        +   -    -    -      -       -
ToleratedFailureCountPath       -    -        P   -    -    -      -       -
ToleratedFailurePercentage      -    -        +   -    -    -      -       -
ToleratedFailurePercentagePath  -    -        P   -    -    -      -       -
Result                          -    -        -   P    -    -      -       -
Seconds                         -    -        -   -    +    -      -       -
Timestamp                       -    -        -   -    +    -      -       -
SecondsPath                     -    -        -   -    P    -      -       -
TimestampPath                   -    -        -   -    P    -      -       -
Choices                         -    -        -   -    -    R      -       -
Default                         -    -        -   -    -    +      -       -
Error                           -    -        -   -    -    -      -       +
Cause                           -    -        -   -    -    -      -       +
ErrorPath                       -    -        -   -    -    -      -       P
CausePath                       -    -        -   -    -    -      -       P
`

// typeNames are the state types in the order of AWS's message.
var typeNames = []string{"Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"}

// fieldsOf is the table by type.
var fieldsOf = func() map[Type]fields {
	uses := map[string]use{"R": req, "+": yes, "P": jp, "A": ja}
	m := make(map[Type]fields, len(typeNames))
	var header []string
	for line := range strings.Lines(strings.TrimSpace(stateFields)) {
		cells := strings.Fields(line)
		if header == nil {
			header = cells
			continue
		}
		for i := 1; i < len(cells); i++ {
			if u := uses[cells[i]]; u != no {
				m[Type(header[i])] = append(m[Type(header[i])], field{cells[0], u})
			}
		}
	}
	return m
}()

// fields are the fields that one kind of object may have, in the order in which AWS names missing ones.
type fields []field

type field struct {
	name string
	use  use
}

// The fields of the objects that are no states.
var (
	machineFields   = fields{{"Comment", yes}, {"QueryLanguage", yes}, {"Version", yes}, {"TimeoutSeconds", yes}, {"States", req}, {"StartAt", req}}
	branchFields    = fields{{"Comment", yes}, {"States", req}, {"StartAt", req}}
	processorFields = fields{{"Comment", yes}, {"ProcessorConfig", yes}, {"States", req}, {"StartAt", req}}
	configFields    = fields{{"Mode", yes}, {"ExecutionType", yes}}
	readerFields    = fields{{"Comment", yes}, {"Resource", req}, {"Parameters", jp}, {"Arguments", ja}, {"ReaderConfig", yes}}
	readingFields   = fields{{"Comment", yes}, {"InputType", yes}, {"Transformation", yes}, {"ManifestType", yes}, {"CSVDelimiter", yes}, {"CSVHeaderLocation", yes},
		{"CSVHeaders", yes}, {"ItemsPointer", yes}, {"MaxItems", yes}, {"MaxItemsPath", jp}}
	batcherFields = fields{{"Comment", yes}, {"MaxItemsPerBatch", yes}, {"MaxItemsPerBatchPath", jp}, {"MaxInputBytesPerBatch", yes},
		{"MaxInputBytesPerBatchPath", jp}, {"BatchInput", yes}}
	resultFields    = fields{{"Comment", yes}, {"Resource", yes}, {"Parameters", jp}, {"Arguments", ja}, {"WriterConfig", yes}}
	writingFields   = fields{{"Comment", yes}, {"Transformation", yes}, {"OutputType", yes}}
	retrierFields   = fields{{"Comment", yes}, {"ErrorEquals", req}, {"IntervalSeconds", yes}, {"MaxAttempts", yes}, {"BackoffRate", yes}, {"MaxDelaySeconds", yes}, {"JitterStrategy", yes}}
	catcherFields   = fields{{"Comment", yes}, {"ErrorEquals", req}, {"ResultPath", jp}, {"Output", ja}, {"Assign", yes}, {"Next", req}}
	ruleFields      = append(fields{{"Condition", ja}, {"Output", ja}, {"Assign", yes}, {"Next", req}}, conditionFields...)
	conditionFields = append(fields{{"Comment", yes}, {"Variable", jp}, {"And", jp}, {"Or", jp}, {"Not", jp}}, operatorFields...)
)

func (fs fields) find(name string) use {
	for i := range fs {
		if fs[i].name == name {
			return fs[i].use
		}
	}
	return no
}

// checkFields reports the fields of obj that it must not have in this query language, and those that it lacks.
func (p *parser) checkFields(obj *place, allowed fields, language QueryLanguage) {
	obj.each(func(f *place) {
		u := allowed.find(f.name)
		switch {
		case u == no:
			d := p.atName(f, "Field '"+f.name+"' is not supported")
			d.Location = obj.location()
			d.Hint = p.didYouMean(f.name, len(allowed), func(i int) string { return allowed[i].name })
		case u == jp && language == JSONata:
			p.wrongLanguage(obj, f, JSONata, JSONPath)
		case u == ja && language == JSONPath:
			p.wrongLanguage(obj, f, JSONPath, JSONata)
		}
	})
	var missing []string
	for _, f := range allowed {
		if f.use == req && !obj.has(f.name) {
			missing = append(missing, f.name)
		}
	}
	if len(missing) > 0 {
		p.schema(obj, "These fields are required: ["+strings.Join(missing, ", ")+"]")
	}
}

func (p *parser) wrongLanguage(obj, f *place, is, needs QueryLanguage) {
	d := p.atName(f, "The QueryLanguage is set to '"+string(is)+"', but field '"+f.name+"' is only supported for the '"+string(needs)+"' QueryLanguage")
	d.Location = obj.location()
}

// only reports that obj has more than one of the named fields, and returns the first that it has, nil if none.
func (p *parser) only(obj *place, names ...string) *place {
	var found []*place
	var present []string
	for _, name := range names {
		if f := obj.field(name); f != nil {
			found, present = append(found, f), append(present, name)
		}
	}
	if len(found) == 0 {
		return nil
	}
	if len(found) > 1 {
		d := p.atName(found[1], "There should only be one of the following fields: ["+strings.Join(present, ", ")+"]")
		d.Location = obj.location()
	}
	return found[0]
}

// one is only, and reports that obj has none of the fields.
func (p *parser) one(obj *place, names ...string) *place {
	f := p.only(obj, names...)
	if f == nil {
		p.schema(obj, "There should be one of the following fields: ["+strings.Join(names, ", ")+"]")
	}
	return f
}
