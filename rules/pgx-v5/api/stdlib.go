//dmmigrate:api github.com/jackc/pgx/v4/stdlib

// Package stdlib is what this pack needs to know of v4 where its source is not at hand: connections
// of database/sql.
package stdlib

import (
	"database/sql"

	"github.com/jackc/pgx/v4"
)

func AcquireConn(db *sql.DB) (*pgx.Conn, error)
func ReleaseConn(db *sql.DB, conn *pgx.Conn) error
