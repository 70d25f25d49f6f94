//dmmigrate:api github.com/jackc/pgconn

// Package pgconn is what this pack needs to know of v4 where its source is not at hand: command tags
// and connections.
package pgconn

import "context"

type CommandTag []byte

type Config struct{}

type PgConn struct{}

func (pgConn *PgConn) SendBytes(ctx context.Context, buf []byte) error

type PgError struct{}

func (pe *PgError) Error() string
