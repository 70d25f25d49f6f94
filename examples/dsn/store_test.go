package store

import (
	"database/sql"
	"errors"
	"testing"

	"gitee.com/chunanyong/dm"
)

// loggedIn is the error of the stand-in for whom it would let in.
const loggedIn = -6001

func TestOpen(t *testing.T) {
	for name, open := range map[string]func() (*sql.DB, error){
		"local":     Local,
		"in keys":   InKeys,
		"read only": ReadOnly,
		"format":    func() (*sql.DB, error) { return Format("db:5236") },
		"open":      func() (*sql.DB, error) { return Open("books", "p@ss", "db:5236") },
	} {
		db, err := open()
		if err != nil {
			t.Fatal(name, err)
		}
		var server *dm.DmError
		if err := db.Ping(); !errors.As(err, &server) || server.ErrCode != loggedIn {
			t.Errorf("%s: %v", name, err)
		}
	}
}
