module standardapi

go 1.24
