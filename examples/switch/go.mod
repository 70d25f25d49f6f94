module example.com/switch

go 1.20

require github.com/go-sql-driver/mysql v1.8.1
