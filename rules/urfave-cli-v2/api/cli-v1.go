//dmmigrate:api github.com/urfave/cli

// Package cli is what this pack needs to know of v1 where its source is not at hand: contexts, their
// arguments, and apps.
package cli

import "time"

type Flag interface{ GetName() string }

type Args []string

func (a Args) First() string
func (a Args) Get(n int) string
func (a Args) Tail() []string
func (a Args) Present() bool

type Author struct{ Name, Email string }

type Command struct {
	Name      string
	ShortName string
	Action    interface{}
	Flags     []Flag
}

type App struct {
	Name     string
	Author   string
	Email    string
	Authors  []Author
	Commands []Command
	Flags    []Flag
	Action   interface{}
}

func NewApp() *App
func (a *App) Run(arguments []string) (err error)

type Context struct {
	App     *App
	Command Command
}

func (c *Context) Args() Args
func (c *Context) NArg() int
func (c *Context) Parent() *Context
func (c *Context) Bool(name string) bool
func (c *Context) BoolT(name string) bool
func (c *Context) String(name string) string
func (c *Context) GlobalBool(name string) bool
func (c *Context) GlobalBoolT(name string) bool
func (c *Context) GlobalString(name string) string
func (c *Context) GlobalDuration(name string) time.Duration

type BoolFlag struct {
	Name   string
	EnvVar string
}

func (f BoolFlag) GetName() string

type DurationFlag struct {
	Name   string
	EnvVar string
}

func (f DurationFlag) GetName() string

type Float64Flag struct {
	Name   string
	EnvVar string
}

func (f Float64Flag) GetName() string

type GenericFlag struct {
	Name   string
	EnvVar string
}

func (f GenericFlag) GetName() string

type IntFlag struct {
	Name   string
	EnvVar string
}

func (f IntFlag) GetName() string

type Int64Flag struct {
	Name   string
	EnvVar string
}

func (f Int64Flag) GetName() string

type Int64SliceFlag struct {
	Name   string
	EnvVar string
}

func (f Int64SliceFlag) GetName() string

type IntSliceFlag struct {
	Name   string
	EnvVar string
}

func (f IntSliceFlag) GetName() string

type StringFlag struct {
	Name   string
	EnvVar string
}

func (f StringFlag) GetName() string

type StringSliceFlag struct {
	Name   string
	EnvVar string
}

func (f StringSliceFlag) GetName() string

type UintFlag struct {
	Name   string
	EnvVar string
}

func (f UintFlag) GetName() string

type Uint64Flag struct {
	Name   string
	EnvVar string
}

func (f Uint64Flag) GetName() string

type BoolTFlag struct {
	Name   string
	EnvVar string
}

func (f BoolTFlag) GetName() string
