//! Values in templates: `${param}`, `${x}`, `${x.group}`, each with filters behind `|`. Comes in:
//! what stands between the braces. Goes out: something that the engine evaluates at a site.

use super::metavariable::{MetaId, Metavariables};

/// A value that is known at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it comes from.
    pub source: ValueSource,
    /// What is done to it, in order.
    pub filters: Vec<Filter>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// A parameter of the pack, already known.
    Param(String),
    /// The source text that a metavariable captured; of a string literal, its value.
    Capture(MetaId),
    /// A named group of the regular expression in `where: {$x: {value: …}}`.
    Group(MetaId, String),
}

/// Something that is done to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Percent-encodes for the path of a URL.
    UrlPath,
    /// Percent-encodes for the query of a URL.
    UrlQuery,
    /// Takes percent-encoding back; what is none stays as it is.
    UrlDecode,
    /// Doubles `%`, for a format string.
    Printf,
    /// Makes a Go string literal of it.
    Quote,
    /// Splits at commas outside of brackets and joins with a separator.
    Each(String),
    /// The first letter in upper case.
    UpperFirst,
    /// The first letter in lower case.
    LowerFirst,
    /// `SnakeCase` to `snake_case`.
    Snake,
}

/// Why a value means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// Neither a parameter nor a metavariable.
    UnknownName(String),
    /// No filter of that name.
    UnknownFilter(String),
    /// A capture's text, a string without its quotes, where code is written.
    IsCode(String),
}

impl Value {
    /// Reads what stands between `${` and `}`.
    ///
    /// # Errors
    /// Where the name or a filter is not known.
    pub fn parse(
        text: &str,
        metavariables: &Metavariables,
        params: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Value, ValueError> {
        let mut parts = text.split('|');
        let name = parts.next().unwrap_or_default().trim();
        let source = source(name, metavariables, params)
            .ok_or_else(|| ValueError::UnknownName(name.to_string()))?;
        let filters = parts.map(|f| Filter::parse(f.trim_start())).collect::<Result<_, _>>()?;
        Ok(Value { source, filters })
    }

    /// Reads the same where the name, alone or behind `x.`, is that of a group which `group` knows;
    /// `None` where it is not.
    pub fn of_group(
        text: &str,
        group: &dyn Fn(&str) -> Option<(MetaId, String)>,
    ) -> Option<Result<Value, ValueError>> {
        let mut parts = text.split('|');
        let name = parts.next().unwrap_or_default().trim();
        let name = name.split_once('.').map_or(name, |(_, group)| group);
        let (id, name) = group(name)?;
        let filters: Result<_, _> = parts.map(|f| Filter::parse(f.trim_start())).collect();
        Some(filters.map(|filters| Value { source: ValueSource::Group(id, name), filters }))
    }

    /// Sends `value` through the filters.
    pub fn filtered(&self, value: &str) -> String {
        filtered(&self.filters, value)
    }
}

/// Sends `value` through filters.
pub fn filtered(filters: &[Filter], value: &str) -> String {
    filters.iter().fold(value.to_string(), |v, filter| filter.apply(&v))
}

fn source(
    name: &str,
    metavariables: &Metavariables,
    params: &dyn Fn(&str) -> Option<String>,
) -> Option<ValueSource> {
    if let Some(value) = params(name) {
        return Some(ValueSource::Param(value));
    }
    match name.split_once('.') {
        Some((var, group)) => Some(ValueSource::Group(metavariables.get(var)?, group.to_string())),
        None => Some(ValueSource::Capture(metavariables.get(name)?)),
    }
}

impl Filter {
    /// The filters' names, for messages.
    pub const NAMES: [&str; 9] = [
        "url-path",
        "url-query",
        "url-decode",
        "printf",
        "quote",
        "each:SEPARATOR",
        "upper-first",
        "lower-first",
        "snake",
    ];

    /// Reads what stands behind a `|`.
    ///
    /// # Errors
    /// Where there is no such filter.
    pub fn parse(text: &str) -> Result<Filter, ValueError> {
        Ok(match text.trim_end() {
            "url-path" => Filter::UrlPath,
            "url-query" | "url" => Filter::UrlQuery,
            "url-decode" => Filter::UrlDecode,
            "printf" => Filter::Printf,
            "quote" => Filter::Quote,
            "upper-first" => Filter::UpperFirst,
            "lower-first" => Filter::LowerFirst,
            "snake" => Filter::Snake,
            _ => match text.strip_prefix("each:") {
                Some(separator) => Filter::Each(separator.to_string()),
                None => return Err(ValueError::UnknownFilter(text.to_string())),
            },
        })
    }

    fn apply(&self, value: &str) -> String {
        match self {
            Filter::UrlPath => percent_encode(value, b"-_.~$&+=:@"),
            Filter::UrlQuery => percent_encode(value, b"-_.~"),
            Filter::UrlDecode => percent_decode(value),
            Filter::Printf => value.replace('%', "%%"),
            Filter::Quote => crate::go::literal::quote(value),
            Filter::Each(separator) => crate::go::literal::split_list(value).join(separator),
            Filter::UpperFirst => map_first(value, |c| c.to_uppercase().collect()),
            Filter::LowerFirst => map_first(value, |c| c.to_lowercase().collect()),
            Filter::Snake => snake(value),
        }
    }
}

/// As Go's `url.PathEscape` and, but for the space, `url.QueryEscape` do.
fn percent_encode(value: &str, kept: &[u8]) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// As Go's `url.PathUnescape` does; codes that are none, or no UTF-8, stay.
fn percent_decode(value: &str) -> String {
    let code = |at: usize| {
        let digits = value.get(at + 1..at + 3)?;
        let is_code = digits.bytes().all(|b| b.is_ascii_hexdigit());
        u8::from_str_radix(digits, 16).ok().filter(|_| is_code)
    };
    let mut bytes = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(&byte) = value.as_bytes().get(at) {
        let decoded = if byte == b'%' { code(at) } else { None };
        bytes.push(decoded.unwrap_or(byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}

fn map_first(value: &str, f: impl Fn(char) -> String) -> String {
    let mut chars = value.chars();
    chars.next().map(|c| f(c) + chars.as_str()).unwrap_or_default()
}

fn snake(value: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = value.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(i + 1);
        let starts_word = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase()
                    || b.is_numeric()
                    || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if starts_word {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(filters: &str, value: &str) -> String {
        let mut vars = Metavariables::default();
        vars.intern("x");
        let parsed = Value::parse(&format!("x{filters}"), &vars, &|_| None).expect("a value");
        parsed.filtered(value)
    }

    #[test]
    fn filters_do_what_their_names_say() {
        assert_eq!(run("|url-path", "p@ss/ü"), "p@ss%2F%C3%BC");
        assert_eq!(run("|url-query", "a b&c"), "a%20b%26c");
        assert_eq!(run("|url-decode", "p%40ss%2F%C3%BC ü 100% %zz %4"), "p@ss/ü ü 100% %zz %4");
        assert_eq!(run("|url-decode", "%FF"), "%FF");
        assert_eq!(run("|printf", "100%"), "100%%");
        assert_eq!(run("|quote", "a\"b"), r#""a\"b""#);
        assert_eq!(run("|each: + ", "f(a, b), c"), "f(a, b) + c");
        assert_eq!(run("|upper-first|snake", "userID"), "user_id");
        assert_eq!(run("|snake", "HTTPServerName"), "http_server_name");
        assert_eq!(run("|lower-first", "Élan"), "élan");
    }

    #[test]
    fn names_are_parameters_then_metavariables() {
        let mut vars = Metavariables::default();
        let dsn = vars.intern("dsn");
        let params = |name: &str| (name == "max-open").then(|| "20".to_string());
        let parse = |text: &str| Value::parse(text, &vars, &params);
        assert_eq!(parse("max-open").map(|v| v.source), Ok(ValueSource::Param("20".into())));
        assert_eq!(parse("dsn.user").map(|v| v.source), Ok(ValueSource::Group(dsn, "user".into())));
        assert_eq!(parse("nosuch"), Err(ValueError::UnknownName("nosuch".into())));
        assert_eq!(parse("dsn|up"), Err(ValueError::UnknownFilter("up".into())));
    }
}
