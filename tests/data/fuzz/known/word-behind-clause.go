// pack jwt-v5
package a
 dgrijalva

import "github.com/dgrijalva/jwt-go"

var c = jwt.StandardClaims{Audience: "a"}