// Command report prints a text. With both copies of the driver in it, it panics at start.
package main

import (
	"fmt"

	"example.com/modules/legacy"
	"example.com/modules/store"
)

func main() {
	_, err := store.Open("dm://u:p@h:5236")
	text, _ := legacy.Text(nil)
	fmt.Println(text, err)
}
