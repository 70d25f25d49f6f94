//dmmigrate:api github.com/jackc/pgproto3/v2

// Package pgproto3 is what this pack needs to know of v4 where its source is not at hand: fields,
// and the two ends of a connection.
package pgproto3

import "io"

type FieldDescription struct {
	Name        []byte
	DataTypeOID uint32
	Format      int16
}

type ChunkReader interface {
	Next(n int) (buf []byte, err error)
}

func NewChunkReader(r io.Reader) ChunkReader

type Frontend struct{}

func NewFrontend(cr ChunkReader, w io.Writer) *Frontend

type Backend struct{}

func NewBackend(cr ChunkReader, w io.Writer) *Backend
