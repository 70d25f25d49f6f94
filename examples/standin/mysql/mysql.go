// Package mysql stands in for the MySQL driver: enough of it to compile and run the examples,
// without a database behind it.
package mysql

import (
	"database/sql"
	"database/sql/driver"
	"errors"
)

func init() { sql.Register("mysql", MySQLDriver{}) }

// MySQLDriver is the driver.
type MySQLDriver struct{}

// Open implements driver.Driver.
func (MySQLDriver) Open(dsn string) (driver.Conn, error) {
	return nil, errors.New("no MySQL behind the stand-in")
}
