// Package store keeps books in Dameng. Its connection strings are written for drivers up to v1.8.17.
package store

import (
	"database/sql"
	"fmt"
	"net/url"

	_ "gitee.com/chunanyong/dm"
)

const (
	local  = "DM://books:p%40ss@127.0.0.1:5236/BOOKS?autoCommit=true"
	inKeys = "dm://127.0.0.1:5236?user=books&password=p@ss&charset=utf8"
)

// Local opens the database of this machine.
func Local() (*sql.DB, error) { return sql.Open("dm", local) }

// InKeys says user and password among the keys.
func InKeys() (*sql.DB, error) { return sql.Open("dm", inKeys) }

// ReadOnly opens a standby.
func ReadOnly() (*sql.DB, error) {
	return sql.Open("dm", "dm://reader@127.0.0.1:5236?rwSeparate=true&timeZone=Asia/Shanghai")
}

// Format opens the database of another machine.
func Format(host string) (*sql.DB, error) {
	return sql.Open("dm", fmt.Sprintf("dm://books:p%%40ss@%s?schema=BOOKS", host))
}

// Open opens it for any user.
func Open(user, password, host string) (*sql.DB, error) {
	return sql.Open("dm", fmt.Sprintf("dm://%s:%s@%s", user, url.PathEscape(password), host))
}
