//dmmigrate:api github.com/golang-jwt/jwt

// Package jwt is what this pack needs to know of the old module where its source is not at hand: the
// claims whose fields have other types in v5.
package jwt

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

type Token struct {
	Claims Claims
	Valid  bool
}
