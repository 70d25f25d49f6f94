// Package profile shows who somebody is.
package profile

import (
	"fmt"

	dm "github.com/dm-database/godriver"
)

// Greeting greets a user.
func Greeting(p *dm.UserProfile) string { return fmt.Sprintf("hello, %s", p.Username) }

// Rename gives a user another name.
func Rename(p *dm.UserProfile, name string) {
	p.Username = name
}

// New makes a profile.
func New(name string) *dm.UserProfile { return &dm.UserProfile{Username: name} }
