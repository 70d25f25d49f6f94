//dmmigrate:api github.com/jackc/pgx/v4/pgxpool

// Package pgxpool is what this pack needs to know of v4 where its source is not at hand: pools, what
// they lend, and configurations.
package pgxpool

import (
	"context"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
)

type Pool struct{}

func Connect(ctx context.Context, connString string) (*Pool, error)
func ConnectConfig(ctx context.Context, config *Config) (*Pool, error)
func ParseConfig(connString string) (*Config, error)
func (p *Pool) Acquire(ctx context.Context) (*Conn, error)
func (p *Pool) Begin(ctx context.Context) (pgx.Tx, error)
func (p *Pool) Config() *Config
func (p *Pool) Exec(ctx context.Context, sql string, arguments ...interface{}) (pgconn.CommandTag, error)
func (p *Pool) Query(ctx context.Context, sql string, args ...interface{}) (pgx.Rows, error)
func (p *Pool) QueryRow(ctx context.Context, sql string, args ...interface{}) pgx.Row

type Conn struct{}

func (c *Conn) Begin(ctx context.Context) (pgx.Tx, error)
func (c *Conn) Conn() *pgx.Conn
func (c *Conn) Query(ctx context.Context, sql string, args ...interface{}) (pgx.Rows, error)

type Tx struct{}

type Config struct {
	ConnConfig  *pgx.ConnConfig
	LazyConnect bool
}
