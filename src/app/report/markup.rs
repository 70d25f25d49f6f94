//! Text between markup. Comes in: text of rules and of the repository. Goes out: the same as HTML or
//! Markdown in which nothing of it is markup.

/// Text for a line or a table cell of Markdown: nothing in it is markup.
pub fn inline(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '@' => out.extend(['\\', c]),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// Plain Markdown as HTML: paragraphs and code between backticks. Everything else is text.
pub fn prose(text: &str) -> String {
    let paragraph = |text: &str| {
        let joined = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let parts: Vec<&str> = joined.split('`').collect();
        let last = parts.len() - 1;
        let part = |(nth, part): (usize, &&str)| match nth % 2 {
            // A backtick without a second one is just that.
            1 if nth == last => format!("`{}", escape(part)),
            1 => format!("<code>{}</code>", escape(part)),
            _ => escape(part),
        };
        format!("<p>{}</p>", parts.iter().enumerate().map(part).collect::<String>())
    };
    text.split("\n\n").filter(|text| !text.trim().is_empty()).map(paragraph).collect()
}

/// A fence for a block of Markdown that holds `text`: longer than any run of backticks in it.
pub fn fence(text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    "`".repeat(runs.max().unwrap_or(0).max(2) + 1)
}

/// Text in HTML, also between the quotes of an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// A line of a diff: its sign apart, and the part that differs marked.
pub fn diff_line(sign: &str, text: &str, change: Option<(usize, usize)>) -> String {
    let class = match sign {
        "-" => " class=\"minus\"",
        "+" => " class=\"plus\"",
        _ => "",
    };
    let part = |start, end| text.get(start..end).map(escape).unwrap_or_default();
    let marked = match change {
        Some((start, end)) if start < end => {
            let (head, tail) = (part(0, start), part(end, text.len()));
            format!("{head}<b>{}</b>{tail}", part(start, end))
        }
        _ => escape(text),
    };
    format!("<span{class} data-sign=\"{}\">{marked}</span>", escape(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_is_no_markup() {
        assert_eq!(inline("a|b\n<script> *x* `y`"), "a\\|b &lt;script> \\*x\\* \\`y\\`");
        assert_eq!(prose("a `b<c`\nd\n\n`e"), "<p>a <code>b&lt;c</code> d</p><p>`e</p>");
        assert_eq!(fence("no"), "```");
        assert_eq!(fence("a ```` b"), "`````");
    }

    #[test]
    fn the_part_of_a_line_that_differs_is_marked_and_escaped() {
        assert_eq!(
            diff_line("-", "a<b>c", Some((1, 4))),
            "<span class=\"minus\" data-sign=\"-\">a<b>&lt;b&gt;</b>c</span>"
        );
        assert_eq!(diff_line(" ", "\u{1b}\"", None), "<span data-sign=\" \">\\u{1b}&quot;</span>");
    }
}
