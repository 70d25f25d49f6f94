// Package store keeps orders in Dameng.
package store

import (
	"database/sql"
	"fmt"

	"gitee.com/chunanyong/dm"
)

// Open opens the database.
func Open(dsn string) (*sql.DB, error) {
	db, err := sql.Open("dm", dsn)
	if err != nil {
		return nil, err
	}
	return db, db.Ping()
}

// Code is the number of a server's error.
func Code(err error) string {
	if e, ok := err.(*dm.DmError); ok {
		return fmt.Sprint(e.ErrCode)
	}
	return ""
}

// Names are the names of all customers.
func Names(db *sql.DB) ([]string, error) {
	rows, err := db.Query("SELECT NAME FROM CUSTOMERS")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}
