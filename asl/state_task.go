package asl

// task reads a Task state.
func (p *parser) task(at *place, language QueryLanguage) *Task {
	body := &Task{}
	if r := at.field("Resource"); r != nil {
		body.Resource = p.resource(r)
	}
	p.credentials(at.field("Credentials"), body, language)
	p.only(at, "TimeoutSeconds", "TimeoutSecondsPath")
	p.only(at, "HeartbeatSeconds", "HeartbeatSecondsPath")
	timeout, heartbeat := at.field("TimeoutSeconds"), at.field("HeartbeatSeconds")
	if language == JSONata {
		body.TimeoutQuery, body.HeartbeatQuery = p.queryText(timeout, "TimeoutSeconds"), p.queryText(heartbeat, "HeartbeatSeconds")
	} else {
		body.TimeoutSecondsPath = p.referencePath(at.field("TimeoutSecondsPath"))
		body.HeartbeatSecondsPath = p.referencePath(at.field("HeartbeatSecondsPath"))
	}
	if body.TimeoutQuery == nil {
		body.TimeoutSeconds = p.integer(timeout, 1, maxSeconds)
	}
	if body.HeartbeatQuery == nil {
		body.HeartbeatSeconds = p.integer(heartbeat, 1, maxSeconds)
	}
	if body.TimeoutSeconds != 0 && body.HeartbeatSeconds >= body.TimeoutSeconds {
		p.schema(heartbeat, "HeartbeatSeconds must be smaller than TimeoutSeconds")
	}
	return body
}

func (p *parser) credentials(pl *place, body *Task, language QueryLanguage) {
	if pl == nil || !(language == JSONata && pl.kind == '"') && !p.object(pl) {
		return
	}
	if pl.kind == '{' && !pl.has("RoleArn") && (language == JSONata || !pl.has("RoleArn.$")) {
		p.schema(pl, "The field 'RoleArn' is required but was missing")
	}
	body.Credentials = p.payload(pl, language, "Credentials")
}

// resource reads the Resource of a Task.
func (p *parser) resource(pl *place) Resource {
	arn := p.str(pl)
	if pl.kind != '"' {
		return Resource{}
	}
	r, ok := parseResource(arn, p.opts.AllowPlaceholders)
	if !ok {
		d := p.schema(pl, "The resource provided "+arn+" is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.")
		if placeholder.MatchString(arn) {
			d.Hint = "the definition still has a placeholder of AWS SAM or CloudFormation here"
		} else {
			d.Hint = p.suggestResource(arn)
		}
		return Resource{}
	}
	if p.opts.AllowPlaceholders && placeholder.MatchString(arn) {
		p.warn(Placeholder, pl, "The resource "+arn+" has a placeholder of AWS SAM or CloudFormation: what it stands for is not checked")
	}
	switch {
	case p.opts.Type != "EXPRESS":
	case r.Kind == Activity:
		p.schema(pl, "Express state machine does not support Activity ARN")
	case r.Pattern == WaitForTaskToken:
		p.schema(pl, "Express state machine does not support '.waitForTaskToken' service integration ") // the blank is recorded
	case r.Pattern != RequestResponse:
		p.schema(pl, "Express state machine does not support '.sync' service integration")
	}
	return r
}
