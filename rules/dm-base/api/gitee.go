//dmmigrate:api gitee.com/chunanyong/dm

// Package dm is what code outside of the driver sees of it: bodies, unexported fields and what is
// generated are left out. Names of all known versions are here together.
package dm

import (
	"context"
	"database/sql/driver"
	"net"
	"sync"
)

// The driver and its connector.
type DmDriver struct{}

func (d *DmDriver) Open(dsn string) (driver.Conn, error)
func (d *DmDriver) OpenConnector(dsn string) (driver.Connector, error)

type DmConnector struct{}

func (c *DmConnector) BuildDSN() string
func (c *DmConnector) Connect(ctx context.Context) (driver.Conn, error)
func (c *DmConnector) Driver() driver.Driver

type DialFunc func(addr string) (net.Conn, error)
type DialContextFunc func(ctx context.Context, addr string) (net.Conn, error)

func RegisterDial(name string, dial DialFunc)
func RegisterDialContext(name string, dial DialContextFunc)

// DmConnection is an open connection.
type DmConnection struct {
	BackslashEscape bool
	BackSlashFlag   bool
}

// DmError is what the server complains about.
type DmError struct {
	ErrCode int32
	ErrText string
}

func (e *DmError) Error() string
func (e *DmError) FormatStack() string
func (e *DmError) Stack() string

// Texts and bytes that are read piece by piece.
type DmClob struct{ Valid bool }

func NewClob(value string) *DmClob
func (c *DmClob) GetLength() (int64, error)
func (c *DmClob) ReadString(pos int, length int) (string, error)
func (c *DmClob) WriteString(pos int, s string) (int, error)
func (c *DmClob) Truncate(length int64) error
func (c *DmClob) Scan(src any) error
func (c DmClob) Value() (driver.Value, error)

type DmBlob struct{ Valid bool }

func NewBlob(value []byte) *DmBlob
func (b *DmBlob) GetLength() (int64, error)
func (b *DmBlob) Read(dest []byte) (int, error)
func (b *DmBlob) ReadAt(pos int, dest []byte) (int, error)
func (b *DmBlob) Write(pos int, src []byte) (int, error)
func (b *DmBlob) Truncate(length int64) error
func (b *DmBlob) Scan(src any) error
func (b DmBlob) Value() (driver.Value, error)

// Values.
type DmTimestamp struct{ Valid bool }
type DmDecimal struct{ Valid bool }
type DmIntervalDT struct{ Valid bool }
type DmIntervalYM struct{ Valid bool }
type DmArray struct{ Valid bool }
type DmStruct struct{ Valid bool }

const (
	IgnoreCaseKey = "ignoreCase"
	CatalogKey    = "catalog"
	XDEC_MAX_PREC = 40
)

var ServerGroupMap sync.Map
