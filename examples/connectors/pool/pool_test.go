package pool

import (
	"context"
	"database/sql/driver"
	"testing"

	dm "github.com/dm-go-driver"
)

// opener is what the tests need of the driver.
type opener func(dsn string) (*dm.DmConnector, error)

func open(t *testing.T, with opener) *dm.DmConnector {
	t.Helper()
	c, err := with("dm://u:p@h:5236")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWrappers(t *testing.T) {
	c := open(t, (&dm.DmDriver{}).OpenConnector)
	var wrapped driver.Connector = NewTraced(c)
	if _, err := wrapped.Connect(context.Background()); err == nil {
		t.Error("there is no database")
	}
	if !IsDameng(wrapped) || !IsDameng(NewEmbedded(c)) {
		t.Error("not Dameng")
	}
}

func TestPool(t *testing.T) {
	p, err := New("dm://u:p@h:5236")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Tenant("a", "dm://u:p@h:5236"); err != nil || len(p.named) != 1 {
		t.Error(err)
	}
	if p.Connector() != p.connector || p.DB() == nil {
		t.Error("another connector")
	}
	p.wrap = func(c *dm.DmConnector) driver.Connector { return c }
	if err := p.DB().Ping(); err == nil {
		t.Error("there is no database")
	}
}
