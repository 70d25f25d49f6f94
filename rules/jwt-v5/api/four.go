//dmmigrate:api github.com/golang-jwt/jwt/v4

// Package jwt is what this pack needs to know of the old module where its source is not at hand: the
// claims whose fields have other types in v5.
package jwt

import "time"

type Claims interface{ Valid() error }

type StandardClaims struct {
	Audience  string `json:"aud,omitempty"`
	ExpiresAt int64  `json:"exp,omitempty"`
	Id        string `json:"jti,omitempty"`
	IssuedAt  int64  `json:"iat,omitempty"`
	Issuer    string `json:"iss,omitempty"`
	NotBefore int64  `json:"nbf,omitempty"`
	Subject   string `json:"sub,omitempty"`
}

func (c StandardClaims) Valid() error

type MapClaims map[string]interface{}

func (m MapClaims) Valid() error

type ClaimStrings []string

type NumericDate struct{ time.Time }

type RegisteredClaims struct {
	Issuer    string       `json:"iss,omitempty"`
	Subject   string       `json:"sub,omitempty"`
	Audience  ClaimStrings `json:"aud,omitempty"`
	ExpiresAt *NumericDate `json:"exp,omitempty"`
	NotBefore *NumericDate `json:"nbf,omitempty"`
	IssuedAt  *NumericDate `json:"iat,omitempty"`
	ID        string       `json:"jti,omitempty"`
}

func (c RegisteredClaims) Valid() error

type Token struct {
	Claims Claims
	Valid  bool
}
