//dmmigrate:api github.com/jackc/pgx/v4

// Package pgx is what this pack needs to know of v4 where its source is not at hand: what
// transactions run on, configurations, and rows.
package pgx

import (
	"context"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgproto3/v2"
	"github.com/jackc/pgtype"
)

type Conn struct{}

func Connect(ctx context.Context, connString string) (*Conn, error)
func ConnectConfig(ctx context.Context, connConfig *ConnConfig) (*Conn, error)
func ParseConfig(connString string) (*ConnConfig, error)
func (c *Conn) Begin(ctx context.Context) (Tx, error)
func (c *Conn) BeginTx(ctx context.Context, txOptions TxOptions) (Tx, error)
func (c *Conn) ConnInfo() *pgtype.ConnInfo
func (c *Conn) Exec(ctx context.Context, sql string, arguments ...interface{}) (pgconn.CommandTag, error)
func (c *Conn) PgConn() *pgconn.PgConn
func (c *Conn) Query(ctx context.Context, sql string, args ...interface{}) (Rows, error)
func (c *Conn) QueryFunc(ctx context.Context, sql string, args []interface{}, scans []interface{}, f func(QueryFuncRow) error) (pgconn.CommandTag, error)
func (c *Conn) QueryRow(ctx context.Context, sql string, args ...interface{}) Row

type QueryFuncRow interface {
	FieldDescriptions() []pgproto3.FieldDescription
	RawValues() [][]byte
}

type ConnConfig struct {
	pgconn.Config
	Logger               Logger
	LogLevel             LogLevel
	BuildStatementCache  BuildStatementCacheFunc
	PreferSimpleProtocol bool
}

type BuildStatementCacheFunc func(conn *pgconn.PgConn) interface{}

type LogLevel int

type Logger interface {
	Log(ctx context.Context, level LogLevel, msg string, data map[string]interface{})
}

type TxOptions struct{}

type Tx interface {
	Begin(ctx context.Context) (Tx, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
	Conn() *Conn
	Exec(ctx context.Context, sql string, arguments ...interface{}) (commandTag pgconn.CommandTag, err error)
	Query(ctx context.Context, sql string, args ...interface{}) (Rows, error)
	QueryRow(ctx context.Context, sql string, args ...interface{}) Row
}

type Row interface {
	Scan(dest ...interface{}) error
}

type Rows interface {
	Close()
	Err() error
	CommandTag() pgconn.CommandTag
	FieldDescriptions() []pgproto3.FieldDescription
	Next() bool
	Scan(dest ...interface{}) error
	Values() ([]interface{}, error)
	RawValues() [][]byte
}
