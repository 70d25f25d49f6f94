// Package dm stands in for the Dameng driver 1.5: enough of it to compile and run the example,
// without a database behind it.
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

type connector struct {
	dsn    string
	driver *DmDriver
}

func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

func (c *connector) Driver() driver.Driver { return c.driver }

// NewConnector gives the standard connector.
func NewConnector(dsn string) (driver.Connector, error) {
	return &connector{dsn: dsn, driver: &DmDriver{}}, nil
}

// UserProfile is what the server knows about a user.
type UserProfile struct {
	Username    string
	DisplayName string
	AvatarURL   string
}

// LookupUser asks for a user.
func LookupUser(ctx context.Context, id int) (*UserProfile, error) {
	return &UserProfile{Username: fmt.Sprint("user ", id)}, nil
}
