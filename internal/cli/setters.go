package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/secret"
)

// setter puts what a field was given into the request that is being made. Its error says what is wanted; it never
// repeats a secret.
type setter func(m *merge, given given) error

// given is the value of a field as it came in.
type given struct {
	texts []string
	from  source
}

// text is the value of a field that has one.
func (g given) text() string { return g.texts[len(g.texts)-1] }

// source is where a value came from.
type source struct {
	name string // for messages: --attempt, SFNX_ATTEMPT, request
	rank rank
}

// rank says which of two sources wins: the higher one.
type rank int

const (
	byVariable rank = iota
	byDocument
	byFlag
)

func text(at func(*fsm.Request) *string) setter {
	return func(m *merge, g given) error {
		*at(&m.request) = g.text()
		return nil
	}
}

func optional(at func(*fsm.Request) **string) setter {
	return func(m *merge, g given) error {
		value := g.text()
		*at(&m.request) = &value
		return nil
	}
}

func hidden(at func(*fsm.Request) *secret.String) setter {
	return func(m *merge, g given) error {
		if strings.ContainsFunc(g.text(), func(r rune) bool { return r < ' ' }) {
			return errors.New("holds a control character, perhaps the end of a line")
		}
		*at(&m.request) = secret.New(g.text())
		return nil
	}
}

func choice[T ~string](at func(*fsm.Request) *T) setter {
	return func(m *merge, g given) error {
		*at(&m.request) = T(g.text())
		return nil
	}
}

// arns takes several ARNs, also with commas between them. The name of a role may hold a comma, too.
func arns(at func(*fsm.Request) *[]string) setter {
	return func(m *merge, g given) error {
		var all []string
		for _, text := range g.texts {
			for i, arn := range strings.Split(text, ",arn:") {
				if i > 0 {
					arn = "arn:" + arn
				}
				all = append(all, strings.TrimSpace(arn))
			}
		}
		*at(&m.request) = all
		return nil
	}
}

func boolean(at func(*fsm.Request) *bool) setter {
	return func(m *merge, g given) (err error) {
		if *at(&m.request), err = strconv.ParseBool(g.text()); err != nil {
			return errors.New("want true or false")
		}
		return nil
	}
}

func integer(at func(*fsm.Request) *int) setter {
	return func(m *merge, g given) error {
		n, err := strconv.Atoi(g.text())
		if err != nil {
			return errors.New("want an integer")
		}
		*at(&m.request) = n
		return nil
	}
}

// duration takes seconds as a number, as polling_interval does, and Go's notation.
func duration(at func(*fsm.Request) *time.Duration) setter {
	return func(m *merge, g given) error {
		d, err := time.ParseDuration(g.text())
		if n, number := strconv.Atoi(g.text()); number == nil {
			const longest = 1 << 62 / int(time.Second)
			d, err = time.Duration(max(min(n, longest), -longest))*time.Second, nil
		}
		if err != nil {
			return errors.New("want seconds, or a duration such as 90s, 10m or 2h30m")
		}
		*at(&m.request) = d
		return nil
	}
}

// input is the JSON text itself or, but for the request document, where it is. Its bytes are never changed.
func input(m *merge, g given) error {
	text := g.text()
	if g.from.rank != byDocument && (text == "-" || strings.HasPrefix(text, "@")) {
		data, err := m.read(strings.TrimPrefix(text, "@"), g.from)
		if err != nil {
			return err
		}
		text = string(data)
	}
	m.request.Input = &text
	return nil
}

// credentialsDocument takes what a credential_process prints. The request only needs to know that there is something
// to mask; the document goes to the backend as it is.
func credentialsDocument(m *merge, g given) error {
	data, err := m.read(g.text(), g.from)
	if err != nil {
		return err
	}
	if problems := (aws.Config{CredentialsDocument: data}).Problems(); len(problems) > 0 {
		var p aws.Problem
		if errors.As(problems[0], &p) {
			return fmt.Errorf("cannot be used: %s", p.Rule)
		}
		return problems[0]
	}
	m.credentials = data
	m.request.CredentialsUser, m.request.CredentialsPassword = secret.New("in the document"), secret.New("in the document")
	m.request.CredentialsSessionToken = secret.String{}
	return nil
}

// proxyCredentials takes a file with one line, USER:PASSWORD. The password may hold colons.
func proxyCredentials(m *merge, g given) error {
	data, err := m.read(g.text(), g.from)
	if err != nil {
		return err
	}
	user, password, ok := strings.Cut(strings.TrimRight(string(data), "\r\n"), ":")
	if !ok || user == "" || password == "" || strings.ContainsAny(password, "\r\n") {
		return errors.New("want a file with one line, USER:PASSWORD")
	}
	m.request.ProxyCredentialsUser, m.request.ProxyCredentialsPassword = secret.New(user), secret.New(password)
	return nil
}
