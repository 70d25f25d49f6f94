//! Passwords in texts that people and programs get to see. Comes in: any text. Goes out: the same
//! with the passwords of connection strings covered: `user:PASSWORD@host`, `password=PASSWORD`.
//!
//! Too much is covered rather than too little: what looks like one may be none.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;

use super::Span;

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
    covered(text, &secrets(text), &|_| COVER.to_owned())
}

/// The same, as long as before: offsets stay what they are.
pub fn masked_in_place(text: &str) -> Cow<'_, str> {
    covered(text, &secrets(text), &|secret| "*".repeat(secret.len()))
}

/// A text that is put together of a rule's own words, in which `user:password@host` is advice, and
/// of code, in which it is a secret.
#[derive(Clone, Debug, Default)]
pub struct Message {
    text: String,
    /// The rule's own words.
    own: Vec<Span>,
}

impl Message {
    /// Adds words of the rule.
    pub fn say(&mut self, words: &str) {
        let start = self.text.len();
        self.text.push_str(words);
        self.own.push(Span::new(start, self.text.len()));
    }

    /// Adds what stands in the repository.
    pub fn quote(&mut self, code: &str) {
        self.text.push_str(code);
    }

    /// The text with the passwords covered that are not the rule's own words.
    pub fn masked(&self) -> String {
        let mut found = secrets(&self.text);
        found.retain(|secret| !self.own.iter().any(|own| own.contains(*secret)));
        covered(&self.text, &found, &|_| COVER.to_owned()).into_owned()
    }
}

/// Whether a name is one that passwords have.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passwd", "pwd", "secret"].iter().any(|word| name.contains(word)) || name == "pass"
}

/// Where passwords stand, in order.
fn secrets(text: &str) -> Vec<Span> {
    if !text.contains(['@', '=']) {
        return Vec::new();
    }
    let mut found: Vec<Span> = Vec::new();
    for form in forms() {
        for captures in form.captures_iter(text) {
            let (Some(secret), Some(behind)) = (captures.name("secret"), captures.name("behind"))
            else {
                continue;
            };
            // The digest of an image, a directive of a format, a variable.
            if !behind.as_str().starts_with("@sha256:") && !is_placeholder(secret.as_str()) {
                found.push(Span::new(secret.start(), secret.end()));
            }
        }
    }
    found.sort();
    found.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        if overlaps {
            last.end = last.end.max(next.end);
        }
        overlaps
    });
    found
}

fn covered<'t>(text: &'t str, secrets: &[Span], cover: &dyn Fn(&str) -> String) -> Cow<'t, str> {
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        out.push_str(&text[at..secret.start]);
        out.push_str(&cover(secret.of(text)));
        at = secret.end;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
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

    #[test]
    fn what_a_rule_says_itself_is_no_secret() {
        let mut message = Message::default();
        message.say("write dm://user:password@host:5236 and not ");
        message.quote("dm://root:hunter2@db:5236");
        assert_eq!(
            message.masked(),
            "write dm://user:password@host:5236 and not dm://root:***@db:5236"
        );
        // A form that both make together has the secret of the code.
        let mut message = Message::default();
        message.say("it is dm://root:");
        message.quote("hunter2");
        message.say("@db:5236/x?password=");
        message.quote("hunter3");
        assert_eq!(message.masked(), "it is dm://root:***@db:5236/x?password=***");
    }
}
