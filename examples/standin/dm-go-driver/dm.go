// Package dm stands in for the Dameng driver before 1.4: enough of it to compile and run the
// example, without a database behind it.
package dm

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

func init() { sql.Register("dm", &DmDriver{}) }

// DmDriver is the driver.
type DmDriver struct{}

// Open implements driver.Driver.
func (*DmDriver) Open(dsn string) (driver.Conn, error) {
	return nil, errors.New("no database behind the stand-in")
}

// OpenConnector is not the standard one: it gives the concrete type.
func (d *DmDriver) OpenConnector(dsn string) (*DmConnector, error) {
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

// UserProfile is what the server knows about a user.
type UserProfile struct {
	Username string
}

// LookupUser asks for a user.
func LookupUser(ctx context.Context, id int) (*UserProfile, error) {
	return &UserProfile{Username: fmt.Sprint("user ", id)}, nil
}
