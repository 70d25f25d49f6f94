// Package store keeps orders in MySQL.
package store

import (
	"database/sql"

	_ "github.com/go-sql-driver/mysql"
)

// Open opens the database.
func Open(dsn string) (*sql.DB, error) { return sql.Open("mysql", dsn) }
