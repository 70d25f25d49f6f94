//go:build !dameng

package store

import _ "github.com/go-sql-driver/mysql"

const driverName = "mysql"
