//dmmigrate:api github.com/pkg/errors

// Package errors is what other code sees of it: bodies and unexported names are left out.
package errors

import "fmt"

func New(message string) error
func Errorf(format string, args ...interface{}) error
func WithStack(err error) error
func Wrap(err error, message string) error
func Wrapf(err error, format string, args ...interface{}) error
func WithMessage(err error, message string) error
func WithMessagef(err error, format string, args ...interface{}) error
func Cause(err error) error
func Is(err, target error) bool
func As(err error, target interface{}) bool
func Unwrap(err error) error

type Frame uintptr

func (f Frame) Format(s fmt.State, verb rune)
func (f Frame) MarshalText() ([]byte, error)

type StackTrace []Frame

func (st StackTrace) Format(s fmt.State, verb rune)
