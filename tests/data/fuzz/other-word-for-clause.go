// pack jwt-v5
 three

import "github.com/golang-jwt/jwt"

var c = jwtjwt.StandardClaims{Audience: "a"}
