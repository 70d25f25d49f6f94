// Package store keeps orders in Dameng.
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"log"

	"gitee.com/chunanyong/dm"
)

// DSN is the connection string of a user. It is read alike by all versions of the driver, as long
// as the password needs no escaping in the old ones.
func DSN(user, password, host string) string {
	return fmt.Sprintf("dm://%s:%s@%s?schema=ORDERS&socketTimeout=30", user, password, host)
}

// Open opens the database and asks whether it is there.
func Open(dsn string) (*sql.DB, error) {
	db, err := sql.Open("dm", dsn)
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		db.Close()
		return nil, explain(err)
	}
	return db, nil
}

// explain logs where an error of the server comes from.
func explain(err error) error {
	var server *dm.DmError
	if errors.As(err, &server) {
		log.Print(server.FormatStack())
		return fmt.Errorf("error %d: %w", server.ErrCode, err)
	}
	return err
}
