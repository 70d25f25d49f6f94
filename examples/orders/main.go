// Command orders prints who ordered what.
package main

import (
	"context"
	"fmt"
	"os"

	"example.com/orders/store"
)

func main() {
	db, err := store.Open("user:pass@tcp(127.0.0.1:5236)/test?timeout=10s")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer db.Close()

	name, err := store.CustomerName(context.Background(), 7)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ordered by", name)
}
