//! The name that an import path suggests where no source tells. It is a guess: it may find what to
//! look at, but never decides that something is removed.

/// The package name that `import_path` suggests: its last element without a version (`/v2`,
/// `.v3`), a leading `go-`, a trailing `-go` or `.go`, and what is left up to the first character
/// that no identifier has. For the standard library this is exact.
pub fn default_name(import_path: &str) -> String {
    let mut elements = import_path.rsplit('/');
    let mut last = elements.next().unwrap_or_default();
    let is_major = |s: &str| {
        s.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    if is_major(last)
        && let Some(before) = elements.next()
    {
        last = before;
    }
    if let Some((name, version)) = last.rsplit_once(".v")
        && version.bytes().all(|b| b.is_ascii_digit())
    {
        last = name;
    }
    let last = last.strip_prefix("go-").or(last.strip_prefix("go.")).unwrap_or(last);
    let last = last.strip_suffix("-go").or(last.strip_suffix(".go")).unwrap_or(last);
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let end = last.find(|c| !is_name(c)).unwrap_or(last.len());
    last[..end].to_string()
}

#[cfg(test)]
mod tests {
    use super::default_name;

    #[test]
    fn the_rules_of_paths() {
        for (path, name) in [
            ("fmt", "fmt"),
            ("math/rand/v2", "rand"),
            ("database/sql", "sql"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/a/go-redis/v9", "redis"),
            ("github.com/a/mysql-go", "mysql"),
            ("github.com/a/b.go", "b"),
            ("gitee.com/chunanyong/dm", "dm"),
            ("example.com/v2", "example"),
        ] {
            assert_eq!(default_name(path), name, "{path}");
        }
    }
}
