module github.com/bluegitter/dm

go 1.13
