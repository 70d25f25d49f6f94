//dmmigrate:api github.com/jackc/pgtype

// Package pgtype is what this pack needs to know of v4 where its source is not at hand: values
// whose fields and methods are others in v5.
package pgtype

import (
	"math/big"
	"time"
)

type Status byte

const (
	Undefined Status = iota
	Null
	Present
)

type InfinityModifier int8

const (
	Infinity         InfinityModifier = 1
	None             InfinityModifier = 0
	NegativeInfinity InfinityModifier = -Infinity
)

type ConnInfo struct{}

func NewConnInfo() *ConnInfo

type Text struct {
	String string
	Status Status
}

type Varchar struct {
	String string
	Status Status
}

type BPChar struct {
	String string
	Status Status
}

type UUID struct {
	Bytes  [16]byte
	Status Status
}

type Numeric struct {
	Int    *big.Int
	Exp    int32
	Status Status
}

type Timestamptz struct {
	Time             time.Time
	InfinityModifier InfinityModifier
	Status           Status
}

type Timestamp struct {
	Time             time.Time
	InfinityModifier InfinityModifier
	Status           Status
}

type Date struct {
	Time             time.Time
	InfinityModifier InfinityModifier
	Status           Status
}

type Bool struct {
	Bool   bool
	Status Status
}

type Int2 struct {
	Int    int16
	Status Status
}

type Int4 struct {
	Int    int32
	Status Status
}

type Int8 struct {
	Int    int64
	Status Status
}

type Float4 struct {
	Float  float32
	Status Status
}

type Float8 struct {
	Float  float64
	Status Status
}
