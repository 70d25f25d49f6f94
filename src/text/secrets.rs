//! Passwords in texts that people and programs get to see. Comes in: any text. Goes out: the same
//! with the passwords of connection strings covered: `user:PASSWORD@host`, `password=PASSWORD`.
//!
//! Too much is covered rather than too little: what looks like one may be none.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{Captures, Regex};

/// What stands in the place of a password.
pub const COVER: &str = "***";

/// `scheme://user:PASSWORD@`; `user:PASSWORD@` before a host with a port, a path or a protocol;
/// `password=PASSWORD` in a query.
const FORMS: [&str; 4] = [
    r#"(?P<before>[A-Za-z][\w+.-]*://[^\s:@/"'`]*:)(?P<secret>[^\s"'`]+)(?P<behind>@)"#,
    r#"(?P<before>(?:^|[\s"'`=(,;\[{])[\w.+%$-]+:)(?P<secret>[^\s"'`]+)(?P<behind>@\w+\()"#,
    r#"(?P<before>(?:^|[\s"'`=(,;\[{])[\w.+%$-]+:)(?P<secret>[^\s"'`/]+)(?P<behind>@[\w.\-]+[:/?])"#,
    r#"(?i)(?P<before>[?&](?:password|passwd|pwd)=)(?P<secret>[^&\s"'`]+)(?P<behind>)"#,
];

fn forms() -> &'static [Regex] {
    static COMPILED: OnceLock<Vec<Regex>> = OnceLock::new();
    COMPILED.get_or_init(|| FORMS.iter().filter_map(|form| Regex::new(form).ok()).collect())
}

/// The text with its passwords covered.
pub fn masked(text: &str) -> Cow<'_, str> {
    covered(text, &|_| COVER.to_owned())
}

/// The same, as long as before: offsets stay what they are.
pub fn masked_in_place(text: &str) -> Cow<'_, str> {
    covered(text, &|secret| "*".repeat(secret.len()))
}

/// Whether a name is one that passwords have.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passwd", "pwd", "secret"].iter().any(|word| name.contains(word)) || name == "pass"
}

fn covered<'t>(text: &'t str, cover: &dyn Fn(&str) -> String) -> Cow<'t, str> {
    if !text.contains(['@', '=']) {
        return Cow::Borrowed(text);
    }
    forms().iter().fold(Cow::Borrowed(text), |text, form| {
        let replaced = form.replace_all(&text, |found: &Captures<'_>| {
            let secret = &found["secret"];
            // The digest of an image, a directive of a format, a variable.
            let is_none = found["behind"].starts_with("@sha256:") || is_placeholder(secret);
            let secret = if is_none { secret.to_owned() } else { cover(secret) };
            format!("{}{secret}{}", &found["before"], &found["behind"])
        });
        match replaced {
            Cow::Borrowed(_) => text,
            Cow::Owned(replaced) => Cow::Owned(replaced),
        }
    })
}

/// Whether something only stands for a password: `%s`, `$PASS`, `${PASS}`, `<password>`.
fn is_placeholder(text: &str) -> bool {
    let is_name = |name: &str| name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    let within = |open, close| text.strip_prefix(open).and_then(|t: &str| t.strip_suffix(close));
    let directive = text.strip_prefix('%').is_some_and(|verb| matches!(verb, "s" | "v" | "q"));
    let named = within("${", "}").or(within("<", ">")).or(text.strip_prefix('$'));
    directive || named.is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_covered_and_nothing_else() {
        for (text, expected) in [
            ("dm://root:p@ss@h:5236?x=1", "dm://root:***@h:5236?x=1"),
            ("see \"root:se/cret@tcp(h)/db\"", "see \"root:***@tcp(h)/db\""),
            ("see \"root:secret@tcp(h)/db\"", "see \"root:***@tcp(h)/db\""),
            ("DSN=root:p@ss@127.0.0.1:3306/db", "DSN=root:***@127.0.0.1:3306/db"),
            ("dm://h?user=u&password=p%20q&x=1", "dm://h?user=u&password=***&x=1"),
            ("fmt.Sprintf(\"%s:%s@tcp(%s)/%s\", u, p)", "fmt.Sprintf(\"%s:%s@tcp(%s)/%s\", u, p)"),
            ("dm://${USER}:${PASS}@h/", "dm://${USER}:${PASS}@h/"),
            ("image: nginx:1.2@sha256:abc", "image: nginx:1.2@sha256:abc"),
            ("git@github.com:a/b.git http://h:80/x", "git@github.com:a/b.git http://h:80/x"),
            ("a.go:3:4: f(x) @b", "a.go:3:4: f(x) @b"),
        ] {
            assert_eq!(masked(text), expected);
            assert_eq!(masked_in_place(text).len(), text.len());
        }
        assert!(is_secret("dsn_password") && is_secret("pass") && !is_secret("compass"));
    }
}
