//dmmigrate:api github.com/satori/go.uuid

// Package uuid is what this pack needs to know of the old module where its source is not at hand: the
// type whose methods have other forms.
package uuid

type UUID [16]byte

func (u UUID) Bytes() []byte
func (u UUID) String() string
func (u *UUID) SetVersion(v byte)
func (u *UUID) SetVariant(v byte)

type NullUUID struct {
	UUID  UUID
	Valid bool
}

func FromBytes(input []byte) (u UUID, err error)
func FromBytesOrNil(input []byte) UUID
func FromString(input string) (u UUID, err error)
func FromStringOrNil(input string) UUID
func NewV3(ns UUID, name string) UUID
func NewV5(ns UUID, name string) UUID

var (
	Nil           UUID
	NamespaceDNS  UUID
	NamespaceURL  UUID
	NamespaceOID  UUID
	NamespaceX500 UUID
)
