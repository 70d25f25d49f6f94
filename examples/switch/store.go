// Package store keeps orders in MySQL, or in Dameng when it is built with the tag dameng.
package store

import "database/sql"

// Driver is the driver that this program was built with.
func Driver() string { return driverName }

// Open opens the database.
func Open(dsn string) (*sql.DB, error) { return sql.Open("mysql", dsn) }
