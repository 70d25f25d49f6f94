//dmmigrate:api github.com/dm-database/godriver <1.4.0

// Package dm is the driver as it was before 1.4: bodies are left out.
package dm

type DmDriver struct{}

func (d *DmDriver) OpenConnector(dsn string) (*DmConnector, error)

type DmConnector struct{}

func NewConnector(dsn string) (*DmConnector, error)

type Stmt struct{}

func NewDmStmt() *Stmt
