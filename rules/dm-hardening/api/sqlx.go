//dmmigrate:api github.com/jmoiron/sqlx

// Package sqlx is what code outside of it sees of what rules ask for: bodies are left out.
package sqlx

import "database/sql"

// DB is a pool.
type DB struct {
	*sql.DB
}

func Connect(driverName, dataSourceName string) (*DB, error)
func Open(driverName, dataSourceName string) (*DB, error)

func (db *DB) Beginx() (*Tx, error)
func (db *DB) Get(dest any, query string, args ...any) error
func (db *DB) Select(dest any, query string, args ...any) error

// Tx is a transaction.
type Tx struct {
	*sql.Tx
}

func (tx *Tx) Get(dest any, query string, args ...any) error
func (tx *Tx) Select(dest any, query string, args ...any) error
