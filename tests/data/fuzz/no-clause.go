// pack jwt-v5
packagedgrijalva

import "github.com/dgrijalva/jwt-go"

var c = jwt.StandardClaims{Audience: "a"}
