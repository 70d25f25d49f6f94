//dmmigrate:api github.com/dm-database/godriver

// Package dm is what code outside of the driver sees of it from 1.4 on: bodies, unexported fields
// and what was generated are left out.
package dm

import (
	"context"
	"database/sql/driver"
)

// DmDriver is the driver.
type DmDriver struct{}

func (d *DmDriver) Open(dsn string) (driver.Conn, error)
func (d *DmDriver) OpenConnector(dsn string) (driver.Connector, error)

// NewConnector gives the standard connector.
func NewConnector(dsn string) (driver.Connector, error)

// DmConnector opens connections.
type DmConnector struct{}

func (c *DmConnector) Connect(ctx context.Context) (driver.Conn, error)
func (c *DmConnector) Driver() driver.Driver

// DmError is what the server complains about.
type DmError struct {
	ErrCode int32
	ErrText string
}

func (e *DmError) Error() string

// DmClob is a text that is read piece by piece.
type DmClob struct{ Valid bool }

func NewClob(value string) *DmClob
func (c *DmClob) GetLength() (int64, error)
func (c *DmClob) ReadString(pos int, length int) (string, error)

// DmBlob is the same of bytes.
type DmBlob struct{ Valid bool }

func NewBlob(value []byte) *DmBlob
func (b *DmBlob) GetLength() (int64, error)

// UserProfile is what the server knows about a user.
type UserProfile struct {
	Username    string
	DisplayName string
	AvatarURL   string
}

// LookupUser asks for a user.
func LookupUser(ctx context.Context, id int) (*UserProfile, error)
