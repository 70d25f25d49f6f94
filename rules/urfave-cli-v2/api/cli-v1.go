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
