// pack layout
package a
import   "fmt"
func f( ) { x:=old( 1,2 ) ; fmt.Println( x ) }

var ( m = T{ Key : 1 ,
    Other:2}
  y = add( a
  *b,c )
)
