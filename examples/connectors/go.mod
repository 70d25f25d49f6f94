module example.com/connectors

go 1.22

require github.com/dm-go-driver v1.3.0
