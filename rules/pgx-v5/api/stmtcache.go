//dmmigrate:api github.com/jackc/pgconn/stmtcache

// Package stmtcache is what this pack needs to know of v4 where its source is not at hand: caches of
// statements.
package stmtcache

type Cache interface {
	Clear()
	Len() int
	Cap() int
	Mode() int
}
