//! What an import path says about the package behind it. Comes in: a path. Goes out: the name that
//! its package clause probably has, and whether the path is of the standard library.

use super::lex::is_identifier;

/// The top-level folders of the standard library (Go 1.25).
const STANDARD: [&str; 49] = [
    "archive",
    "arena",
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "structs",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
    "weak",
];

/// The name of the standard library's package at `path`; `None` where the path is not below one of
/// its folders. Such a name is certain: it is the last element, `/vN` aside.
pub fn standard_name(path: &str) -> Option<&str> {
    let first = path.split('/').next().unwrap_or_default();
    STANDARD.binary_search(&first).is_ok().then(|| without_major(path).1)
}

/// The name that the package at `path` has by the customs of Go: the last element, but for a major
/// version (`/v2`, `.v3`), `go-` before it and `-go` or `.go` behind it; of what is left the part
/// behind the last hyphen or dot that makes a name. A guess, and never empty.
pub fn guess_name(path: &str) -> String {
    let (_, last) = without_major(path);
    let last = last.strip_prefix("go-").or_else(|| last.strip_prefix("go.")).unwrap_or(last);
    let last = last.strip_suffix("-go").or_else(|| last.strip_suffix(".go")).unwrap_or(last);
    let parts = last.rsplit(['-', '.']);
    let name = parts.map(cleaned).find(|part| is_identifier(part));
    name.unwrap_or_else(|| "pkg".to_owned())
}

/// The path without its major version, and its last element.
fn without_major(path: &str) -> (&str, &str) {
    let path = path.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
    if !before.is_empty() && last.strip_prefix('v').is_some_and(is_number) {
        return (before, before.rsplit('/').next().unwrap_or(before));
    }
    match last.rsplit_once(".v") {
        Some((name, number)) if is_number(number) && !name.is_empty() => (path, name),
        _ => (path, last),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The characters that can stand in a name.
fn cleaned(part: &str) -> String {
    part.chars().filter(|c| *c == '_' || c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_customs_of_go() {
        for (path, name) in [
            ("fmt", "fmt"),
            ("gitee.com/chunanyong/dm", "dm"),
            ("github.com/jackc/pgx/v5", "pgx"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/go-sql-driver/go-mysql", "mysql"),
            ("github.com/mattn/go-sqlite3", "sqlite3"),
            ("github.com/nats-io/nats.go", "nats"),
            ("github.com/dm-go-driver", "driver"),
            ("example.com/stripe-go/v76", "stripe"),
            ("v2", "v2"),
            ("example.com/---", "pkg"),
            ("", "pkg"),
        ] {
            assert_eq!(guess_name(path), name, "{path}");
        }
    }

    #[test]
    fn the_standard_library_is_known_by_its_folders() {
        assert!(STANDARD.is_sorted());
        assert_eq!(standard_name("database/sql/driver"), Some("driver"));
        assert_eq!(standard_name("math/rand/v2"), Some("rand"));
        assert_eq!(standard_name("dm"), None, "unpacked into GOROOT/src by hand");
        assert_eq!(standard_name("example.com/fmt"), None);
    }
}
