// Package store opens the database.
package store

import (
	"database/sql"

	_ "github.com/bluegitter/dm"
)

// Open opens it.
func Open(dsn string) (*sql.DB, error) { return sql.Open("dm", dsn) }
