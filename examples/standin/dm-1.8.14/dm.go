// Package dm stands in for the Dameng driver v1.8.14: enough of it to compile and run the examples,
// without a database behind it.
package dm

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

func init() { sql.Register("dm", &DmDriver{}) }

// DmError is what the server complains about.
type DmError struct {
	ErrCode int32
	ErrText string
}

// Error implements error.
func (e *DmError) Error() string { return e.ErrText + "\nstack info:\n" + e.FormatStack() }

// FormatStack says where the error comes from.
func (e *DmError) FormatStack() string { return "no stack in the stand-in" }

// DmDriver is the driver.
type DmDriver struct{}

// Open implements driver.Driver. The user books has a password, others have any.
func (*DmDriver) Open(dsn string) (driver.Conn, error) {
	user, password, err := login(dsn)
	if err != nil {
		return nil, err
	}
	if user == "books" && password != "p@ss" || user == "SYSDBA" {
		return nil, &DmError{ErrCode: -2501, ErrText: "invalid user or password"}
	}
	return nil, &DmError{ErrCode: -6001, ErrText: "no database behind the stand-in"}
}

// OpenConnector implements driver.DriverContext.
func (d *DmDriver) OpenConnector(dsn string) (driver.Connector, error) {
	return &DmConnector{dsn: dsn, driver: d}, nil
}

// DmConnector opens connections.
type DmConnector struct {
	dsn    string
	driver *DmDriver
}

// Connect implements driver.Connector.
func (c *DmConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver implements driver.Connector.
func (c *DmConnector) Driver() driver.Driver { return c.driver }

// DmClob is a text that is read piece by piece.
type DmClob struct {
	Valid bool
	text  string
}

// NewClob makes one.
func NewClob(value string) *DmClob { return &DmClob{Valid: true, text: value} }

// GetLength says how long it is.
func (c *DmClob) GetLength() (int64, error) { return int64(len([]rune(c.text))), nil }

// ReadString reads a part of it; the first position is 1.
func (c *DmClob) ReadString(pos, length int) (string, error) {
	runes := []rune(c.text)
	return string(runes[pos-1 : pos-1+length]), nil
}
