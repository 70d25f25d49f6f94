// Package store keeps orders in Dameng.
package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/dm-go-driver"
)

// Pool holds what connections are made of.
type Pool struct {
	connector *dm.DmConnector // opens all of them
	size      int             // at most
}

// Open opens the database.
func Open(dsn string) (*sql.DB, error) {
	connector, err := (&dm.DmDriver{}).OpenConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	pool := Pool{connector: connector, size: 20}
	db := sql.OpenDB(pool.connector)
	db.SetMaxOpenConns(pool.size)
	return db, nil
}

// CustomerName says who a customer is.
func CustomerName(ctx context.Context, id int) (string, error) {
	user, err := dm.LookupUser(ctx, id)
	if err != nil {
		return "", err
	}
	name := user.Username
	return name, nil
}

// NewCustomer is the profile of somebody who has not ordered yet.
func NewCustomer(name string) dm.UserProfile {
	return dm.UserProfile{Username: name}
}
