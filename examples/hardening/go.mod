module example.com/hardening

go 1.20

require gitee.com/chunanyong/dm v1.8.23
