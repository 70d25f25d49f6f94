// Package store keeps orders.
package store

import (
	"database/sql"

	_ "github.com/go-sql-driver/mysql"
)

// Page is a page of a book.
type Page struct {
	Body string `gorm:"type:longtext;not null" json:"body"`
}

// Open opens the database.
func Open() (*sql.DB, error) {
	return sql.Open("mysql", "orders:secret@tcp(127.0.0.1:3306)/orders?parseTime=true")
}

// Last are the last pages.
const Last = "SELECT `body` FROM `pages` ORDER BY id DESC LIMIT 0, 10"
