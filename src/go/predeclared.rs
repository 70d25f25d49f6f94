//! The names that every Go program has without declaring them (Go specification, "Predeclared
//! identifiers"), and the packages of the standard library whose name says their path.

/// The predeclared types, constants, the zero value and the functions.
const PREDECLARED: [&str; 44] = [
    "any",
    "append",
    "bool",
    "byte",
    "cap",
    "clear",
    "close",
    "comparable",
    "complex",
    "complex128",
    "complex64",
    "copy",
    "delete",
    "error",
    "false",
    "float32",
    "float64",
    "imag",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "iota",
    "len",
    "make",
    "max",
    "min",
    "new",
    "nil",
    "panic",
    "print",
    "println",
    "real",
    "recover",
    "rune",
    "string",
    "true",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

/// Whether `name` is predeclared.
pub fn is_predeclared(name: &str) -> bool {
    PREDECLARED.binary_search(&name).is_ok()
}

/// Packages of the standard library whose last element means one package only, with that element
/// as their name.
const STANDARD: [(&str, &str); 96] = [
    ("adler32", "hash/adler32"),
    ("aes", "crypto/aes"),
    ("ascii85", "encoding/ascii85"),
    ("asn1", "encoding/asn1"),
    ("ast", "go/ast"),
    ("atomic", "sync/atomic"),
    ("base32", "encoding/base32"),
    ("base64", "encoding/base64"),
    ("big", "math/big"),
    ("binary", "encoding/binary"),
    ("bits", "math/bits"),
    ("bufio", "bufio"),
    ("bytes", "bytes"),
    ("bzip2", "compress/bzip2"),
    ("cgo", "runtime/cgo"),
    ("cipher", "crypto/cipher"),
    ("cmp", "cmp"),
    ("cmplx", "math/cmplx"),
    ("color", "image/color"),
    ("constant", "go/constant"),
    ("context", "context"),
    ("crc32", "hash/crc32"),
    ("crc64", "hash/crc64"),
    ("crypto", "crypto"),
    ("csv", "encoding/csv"),
    ("debug", "runtime/debug"),
    ("driver", "database/sql/driver"),
    ("ecdsa", "crypto/ecdsa"),
    ("ed25519", "crypto/ed25519"),
    ("elf", "debug/elf"),
    ("embed", "embed"),
    ("encoding", "encoding"),
    ("errors", "errors"),
    ("exec", "os/exec"),
    ("expvar", "expvar"),
    ("filepath", "path/filepath"),
    ("flag", "flag"),
    ("flate", "compress/flate"),
    ("fmt", "fmt"),
    ("fnv", "hash/fnv"),
    ("fs", "io/fs"),
    ("gif", "image/gif"),
    ("gob", "encoding/gob"),
    ("gzip", "compress/gzip"),
    ("hash", "hash"),
    ("heap", "container/heap"),
    ("hex", "encoding/hex"),
    ("hmac", "crypto/hmac"),
    ("html", "html"),
    ("http", "net/http"),
    ("httptest", "net/http/httptest"),
    ("image", "image"),
    ("io", "io"),
    ("ioutil", "io/ioutil"),
    ("iter", "iter"),
    ("jpeg", "image/jpeg"),
    ("json", "encoding/json"),
    ("list", "container/list"),
    ("log", "log"),
    ("maphash", "hash/maphash"),
    ("maps", "maps"),
    ("math", "math"),
    ("md5", "crypto/md5"),
    ("mime", "mime"),
    ("multipart", "mime/multipart"),
    ("net", "net"),
    ("netip", "net/netip"),
    ("os", "os"),
    ("path", "path"),
    ("pem", "encoding/pem"),
    ("plugin", "plugin"),
    ("png", "image/png"),
    ("reflect", "reflect"),
    ("regexp", "regexp"),
    ("ring", "container/ring"),
    ("rpc", "net/rpc"),
    ("rsa", "crypto/rsa"),
    ("runtime", "runtime"),
    ("sha1", "crypto/sha1"),
    ("sha256", "crypto/sha256"),
    ("sha512", "crypto/sha512"),
    ("signal", "os/signal"),
    ("slices", "slices"),
    ("slog", "log/slog"),
    ("sort", "sort"),
    ("sql", "database/sql"),
    ("strconv", "strconv"),
    ("strings", "strings"),
    ("sync", "sync"),
    ("syscall", "syscall"),
    ("testing", "testing"),
    ("time", "time"),
    ("unicode", "unicode"),
    ("unsafe", "unsafe"),
    ("url", "net/url"),
    ("xml", "encoding/xml"),
];

/// The path of the standard package that `name` can only mean.
pub fn standard_package(name: &str) -> Option<&'static str> {
    STANDARD.binary_search_by_key(&name, |&(n, _)| n).ok().map(|at| STANDARD[at].1)
}

/// Whether `path` is one of the standard library's: its first element has no dot.
pub fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or_default().contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_binary_search() {
        assert!(PREDECLARED.is_sorted());
        assert!(STANDARD.is_sorted());
        assert_eq!(standard_package("sql"), Some("database/sql"));
        assert_eq!(standard_package("rand"), None, "crypto/rand or math/rand");
        assert!(is_predeclared("nil") && !is_predeclared("fmt"));
    }
}
