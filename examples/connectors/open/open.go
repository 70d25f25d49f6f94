// Package open opens the database in every way that the driver before 1.4 knows.
package open

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	dm "github.com/dm-go-driver"
)

// Literal opens from a driver that is made on the spot.
func Literal(dsn string) (*sql.DB, error) {
	connector, err := (&dm.DmDriver{}).OpenConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return sql.OpenDB(connector), nil
}

// New does the same with new.
func New(dsn string) (*sql.DB, error) {
	connector, err := new(dm.DmDriver).OpenConnector( /* with password */ dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// Variable keeps the driver in a variable that is there for nothing else.
func Variable(dsn string) (*sql.DB, error) {
	drv := &dm.DmDriver{}
	connector, err := drv.OpenConnector(dsn) // no connection yet
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// Value has the driver itself, not a pointer to it.
func Value(dsn string) (*dm.DmConnector, error) {
	var drv dm.DmDriver
	return drv.OpenConnector(dsn)
}

// Assigned opens into a variable that was declared before.
func Assigned(dsn string) (db *sql.DB, err error) {
	var connector *dm.DmConnector
	drv := new(dm.DmDriver)
	fmt.Println("opening")
	connector, err = drv.OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// Condition opens in the head of an if.
func Condition(dsn string) *sql.DB {
	drv := &dm.DmDriver{}
	if connector, err := drv.OpenConnector(dsn); err == nil {
		return sql.OpenDB(connector)
	}
	return nil
}

// Parameter is given the driver.
func Parameter(drv *dm.DmDriver, dsn string) (*sql.DB, error) {
	connector, err := drv.OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// Shared is used for more than connectors.
func Shared(dsn string) (driver.Conn, *sql.DB, error) {
	drv := &dm.DmDriver{}
	conn, err := drv.Open(dsn)
	if err != nil {
		return nil, nil, err
	}
	connector, err := drv.OpenConnector(dsn)
	if err != nil {
		return nil, nil, err
	}
	return conn, sql.OpenDB(connector), nil
}

// Function is the method as a value.
var Function = new(dm.DmDriver).OpenConnector

// Plain needs no connector.
func Plain(dsn string) (*sql.DB, error) { return sql.Open("dm", dsn) }

// Connect asks the connector for a connection.
func Connect(ctx context.Context, dsn string) (driver.Conn, error) {
	connector, err := Value(dsn)
	if err != nil {
		return nil, err
	}
	return connector.Connect(ctx)
}
