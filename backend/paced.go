package backend

import "context"

type pacedKey struct{}

// Paced marks the calls of somebody who paces himself, as a poll does: a backend leaves a throttled one to him and does
// not repeat it. In a storm of throttling each repetition would make the storm longer.
func Paced(ctx context.Context) context.Context { return context.WithValue(ctx, pacedKey{}, true) }

// IsPaced reports whether the caller paces himself.
func IsPaced(ctx context.Context) bool { return ctx.Value(pacedKey{}) != nil }
