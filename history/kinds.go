package history

// kind is what belongs to an event type: the name of its details member in JSON and its details struct. A type
// without details has the zero kind.
type kind struct {
	member string
	empty  func() fielder
	fits   func(Details) bool
}

func details[S any, P interface {
	*S
	fielder
}](member string) kind {
	return kind{
		member: member,
		empty:  func() fielder { return P(new(S)) },
		fits:   func(d Details) bool { _, ok := d.(P); return ok },
	}
}

// kinds has every type of the API model (2016-11-23).
var kinds = map[Type]kind{
	ExecutionStarted:   details[ExecutionStartedDetails]("executionStartedEventDetails"),
	ExecutionSucceeded: details[Succeeded]("executionSucceededEventDetails"),
	ExecutionFailed:    details[Failure]("executionFailedEventDetails"),
	ExecutionTimedOut:  details[Failure]("executionTimedOutEventDetails"),
	ExecutionAborted:   details[Failure]("executionAbortedEventDetails"),
	ExecutionRedriven:  details[Redriven]("executionRedrivenEventDetails"),

	PassStateEntered:     entered,
	PassStateExited:      exited,
	TaskStateEntered:     entered,
	TaskStateExited:      exited,
	TaskStateAborted:     {},
	ChoiceStateEntered:   entered,
	ChoiceStateExited:    exited,
	WaitStateEntered:     entered,
	WaitStateExited:      exited,
	WaitStateAborted:     {},
	SucceedStateEntered:  entered,
	SucceedStateExited:   exited,
	FailStateEntered:     entered,
	ParallelStateEntered: entered,
	ParallelStateExited:  exited,
	MapStateEntered:      entered,
	MapStateExited:       exited,

	ParallelStateStarted:   {},
	ParallelStateSucceeded: {},
	ParallelStateFailed:    {},
	ParallelStateAborted:   {},
	MapStateStarted:        details[MapStateStartedDetails]("mapStateStartedEventDetails"),
	MapStateSucceeded:      {},
	MapStateFailed:         {},
	MapStateAborted:        {},
	MapIterationStarted:    details[MapIteration]("mapIterationStartedEventDetails"),
	MapIterationSucceeded:  details[MapIteration]("mapIterationSucceededEventDetails"),
	MapIterationFailed:     details[MapIteration]("mapIterationFailedEventDetails"),
	MapIterationAborted:    details[MapIteration]("mapIterationAbortedEventDetails"),
	MapRunStarted:          details[MapRun]("mapRunStartedEventDetails"),
	MapRunSucceeded:        {},
	MapRunFailed:           details[Failure]("mapRunFailedEventDetails"),
	MapRunAborted:          {},
	MapRunRedriven:         details[MapRun]("mapRunRedrivenEventDetails"),

	TaskScheduled:    details[TaskScheduledDetails]("taskScheduledEventDetails"),
	TaskStarted:      details[TaskStartedDetails]("taskStartedEventDetails"),
	TaskStartFailed:  details[TaskFailure]("taskStartFailedEventDetails"),
	TaskSubmitted:    details[TaskOutput]("taskSubmittedEventDetails"),
	TaskSubmitFailed: details[TaskFailure]("taskSubmitFailedEventDetails"),
	TaskSucceeded:    details[TaskOutput]("taskSucceededEventDetails"),
	TaskFailed:       details[TaskFailure]("taskFailedEventDetails"),
	TaskTimedOut:     details[TaskFailure]("taskTimedOutEventDetails"),

	LambdaFunctionScheduled:      details[LambdaFunctionScheduledDetails]("lambdaFunctionScheduledEventDetails"),
	LambdaFunctionScheduleFailed: details[Failure]("lambdaFunctionScheduleFailedEventDetails"),
	LambdaFunctionStarted:        {},
	LambdaFunctionStartFailed:    details[Failure]("lambdaFunctionStartFailedEventDetails"),
	LambdaFunctionSucceeded:      details[Succeeded]("lambdaFunctionSucceededEventDetails"),
	LambdaFunctionFailed:         details[Failure]("lambdaFunctionFailedEventDetails"),
	LambdaFunctionTimedOut:       details[Failure]("lambdaFunctionTimedOutEventDetails"),

	ActivityScheduled:      details[ActivityScheduledDetails]("activityScheduledEventDetails"),
	ActivityScheduleFailed: details[Failure]("activityScheduleFailedEventDetails"),
	ActivityStarted:        details[ActivityStartedDetails]("activityStartedEventDetails"),
	ActivitySucceeded:      details[Succeeded]("activitySucceededEventDetails"),
	ActivityFailed:         details[Failure]("activityFailedEventDetails"),
	ActivityTimedOut:       details[Failure]("activityTimedOutEventDetails"),

	EvaluationFailed: details[EvaluationFailedDetails]("evaluationFailedEventDetails"),
}

var (
	entered = details[StateEntered]("stateEnteredEventDetails")
	exited  = details[StateExited]("stateExitedEventDetails")
)

// The members of each details struct, in the order in which they are written.

func (d *Failure) fields() []field {
	return []field{optional("error", &d.Error), optional("cause", &d.Cause)}
}

func (d *ExecutionStartedDetails) fields() []field {
	return []field{
		optional("input", &d.Input), optional("roleArn", &d.RoleArn),
		optional("stateMachineAliasArn", &d.StateMachineAliasArn), optional("stateMachineVersionArn", &d.StateMachineVersionArn),
	}
}

func (d *Succeeded) fields() []field { return []field{optional("output", &d.Output)} }

func (d *Redriven) fields() []field { return []field{required("redriveCount", &d.RedriveCount)} }

func (d *StateEntered) fields() []field {
	return []field{required("name", &d.Name), optional("input", &d.Input)}
}

func (d *StateExited) fields() []field {
	return []field{required("name", &d.Name), optional("output", &d.Output), optional("assignedVariables", &d.AssignedVariables)}
}

func (d *MapStateStartedDetails) fields() []field { return []field{required("length", &d.Length)} }

func (d *MapIteration) fields() []field {
	return []field{required("name", &d.Name), required("index", &d.Index)}
}

func (d *MapRun) fields() []field {
	return []field{required("mapRunArn", &d.MapRunArn), optional("redriveCount", &d.RedriveCount)}
}

func (d *TaskScheduledDetails) fields() []field {
	return []field{
		required("resourceType", &d.ResourceType), required("resource", &d.Resource), required("region", &d.Region),
		optional("parameters", &d.Parameters),
		optional("timeoutInSeconds", &d.TimeoutInSeconds), optional("heartbeatInSeconds", &d.HeartbeatInSeconds),
		optional("taskCredentials", credentials{&d.CredentialsRoleArn}),
	}
}

func (d *TaskStartedDetails) fields() []field {
	return []field{required("resourceType", &d.ResourceType), required("resource", &d.Resource)}
}

func (d *TaskFailure) fields() []field {
	return []field{
		required("resourceType", &d.ResourceType), required("resource", &d.Resource),
		optional("error", &d.Error), optional("cause", &d.Cause),
	}
}

func (d *TaskOutput) fields() []field {
	return []field{
		required("resourceType", &d.ResourceType), required("resource", &d.Resource), optional("output", &d.Output),
	}
}

func (d *LambdaFunctionScheduledDetails) fields() []field {
	return []field{
		required("resource", &d.Resource), optional("input", &d.Input), optional("timeoutInSeconds", &d.TimeoutInSeconds),
		optional("taskCredentials", credentials{&d.CredentialsRoleArn}),
	}
}

func (d *ActivityScheduledDetails) fields() []field {
	return []field{
		required("resource", &d.Resource), optional("input", &d.Input),
		optional("timeoutInSeconds", &d.TimeoutInSeconds), optional("heartbeatInSeconds", &d.HeartbeatInSeconds),
	}
}

func (d *ActivityStartedDetails) fields() []field {
	return []field{optional("workerName", &d.WorkerName)}
}

func (d *EvaluationFailedDetails) fields() []field {
	return []field{
		required("state", &d.State), optional("error", &d.Error), optional("cause", &d.Cause), optional("location", &d.Location),
	}
}
