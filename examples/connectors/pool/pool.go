// Package pool keeps connectors: in fields, variables, maps, parameters and results.
package pool

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/dm-go-driver"
)

// Pool keeps the driver and what it opened.
type Pool struct {
	drv       *dm.DmDriver
	connector *dm.DmConnector            // opens all connections
	named     map[string]*dm.DmConnector // by tenant
	wrap      func(*dm.DmConnector) driver.Connector
}

var (
	last *dm.DmConnector
	all  []*dm.DmConnector
)

// The connector is a standard one.
var _ driver.Connector = (*dm.DmConnector)(nil)

// New makes a pool.
func New(dsn string) (*Pool, error) {
	p := &Pool{drv: &dm.DmDriver{}, named: map[string]*dm.DmConnector{}}
	connector, err := p.drv.OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	p.connector = connector
	last, all = connector, append(all, connector)
	return p, nil
}

// Tenant opens another one.
func (p *Pool) Tenant(name, dsn string) (err error) {
	p.named[name], err = p.drv.OpenConnector(dsn)
	return err
}

// DB is made where the connector is not opened.
func (p *Pool) DB() *sql.DB {
	if p.wrap != nil {
		return sql.OpenDB(p.wrap(p.connector))
	}
	return sql.OpenDB(p.connector)
}

// Connector gives it away.
func (p *Pool) Connector() *dm.DmConnector { return p.connector }

// IsDameng asks what a connector is.
func IsDameng(c driver.Connector) bool {
	_, ok := c.Driver().(*dm.DmDriver)
	return ok
}

// Traced is a connector of our own around the driver's.
type Traced struct {
	inner *dm.DmConnector
	Count int
}

// NewTraced wraps one.
func NewTraced(inner *dm.DmConnector) *Traced { return &Traced{inner: inner} }

// Connect implements driver.Connector.
func (t *Traced) Connect(ctx context.Context) (driver.Conn, error) {
	t.Count++
	return t.inner.Connect(ctx)
}

// Driver implements driver.Connector.
func (t *Traced) Driver() driver.Driver { return t.inner.Driver() }

// Embedded has the driver's connector inside.
type Embedded struct {
	*dm.DmConnector
	Name string
}

// NewEmbedded wraps one.
func NewEmbedded(c *dm.DmConnector) Embedded {
	e := Embedded{DmConnector: c, Name: "embedded"}
	if e.DmConnector == nil {
		e.DmConnector = last
	}
	return e
}
