//! A series of mails that `git am` takes. Comes in: steps and an author. Goes out: text in mbox
//! format, a mail for each step. Applied, it makes the commits that `apply --commit` would make.

use std::fmt::Write as _;

use super::{Step, StepFile};
use crate::app::output::patch::path_bytes;
use crate::text::{FileChange, FileMode, FilePatch};

/// The longest line of quoted-printable text (RFC 2045, 6.7).
const MAX_LINE: usize = 76;

/// Bytes of a word that is encoded in a header: 45 are 60 of base64, and 75 are allowed (RFC 2047).
const MAX_WORD: usize = 42;

/// What a line begins with that is taken for the next mail.
const NEXT_MAIL: &str = "From ";

/// Writes the series. `author` is a name and an address in angle brackets.
pub fn series(steps: &[Step<'_>], author: &str) -> String {
    let mut out = String::new();
    for (nth, step) in steps.iter().enumerate() {
        let number = match steps.len() {
            1 => "[PATCH] ".to_owned(),
            all => format!("[PATCH {}/{all}] ", nth + 1),
        };
        // The date is the one by which git knows its own mails, not one of a commit.
        let _ = writeln!(out, "From {:040} Mon Sep 17 00:00:00 2001", 0);
        let _ = writeln!(out, "From: {}", header(author));
        let _ = writeln!(out, "Subject: {number}{}", header(&step.message.subject));
        let mut body = format!("{}---\n\n", step.message.body);
        step.files.iter().for_each(|file| patch(file, &mut body));
        let _ = writeln!(body, "-- \ndmmigrate {}", env!("CARGO_PKG_VERSION"));
        // What reads mails drops carriage returns, and begins the next mail at a line with `From `,
        // unless they are quoted.
        let quoted = body.contains('\r') || body.lines().any(|line| line.starts_with(NEXT_MAIL));
        let encoding = if quoted { "quoted-printable" } else { "8bit" };
        let _ = writeln!(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8");
        let _ = writeln!(out, "Content-Transfer-Encoding: {encoding}\n");
        if quoted {
            quote(&body, &mut out);
        } else {
            out.push_str(&body);
        }
        out.push('\n');
    }
    out
}

fn patch(file: &StepFile<'_>, out: &mut String) {
    let path = path_bytes(&file.file.path);
    if file.is_new() {
        let (new, mode) = (file.text_after(), FileMode::Regular);
        FilePatch { path: &path, change: FileChange::Create { new: &new, mode } }.write_to(out);
        return;
    }
    let (old, edits) = (file.text_before(), file.edits());
    FilePatch { path: &path, change: FileChange::Edit { old: &old, edits: &edits } }.write_to(out);
}

/// A header's text; what is not ASCII in encoded words.
fn header(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    // The address of an author stays as it is.
    let (text, address) = match text.rfind(" <") {
        Some(at) if text.ends_with('>') => text.split_at(at),
        _ => (text, ""),
    };
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > MAX_WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let words: Vec<String> = words
        .iter()
        .map(|word| {
            let hex = word.bytes().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "={byte:02X}");
                hex
            });
            format!("=?UTF-8?q?{hex}?=")
        })
        .collect();
    // White space between two encoded words does not count.
    format!("{}{address}", words.join("\n "))
}

/// Writes a text in quoted-printable. No line of it begins another mail.
fn quote(text: &str, out: &mut String) {
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        let mut width = 0;
        for (at, byte) in line.bytes().enumerate() {
            let is_last = at + 1 == line.len();
            let mut plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~')
                || matches!(byte, b' ' | b'\t') && !is_last;
            if width + if plain { 1 } else { 3 } >= MAX_LINE {
                out.push_str("=\n");
                width = 0;
            }
            plain &= width > 0 || !line.as_bytes()[at..].starts_with(NEXT_MAIL.as_bytes());
            let len = if plain { 1 } else { 3 };
            if plain {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "={byte:02X}");
            }
            width += len;
        }
        out.push_str(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_lines_are_short_and_lose_nothing() {
        let mut out = String::new();
        quote(&format!("a=b \r\n{}\nend", "é".repeat(40)), &mut out);
        assert!(out.starts_with("a=3Db =0D\n=C3=A9"), "{out}");
        assert!(out.ends_with("\nend"), "{out}");
        assert!(out.lines().all(|line| line.len() <= MAX_LINE), "{out}");
        assert_eq!(out.replace("=\n", "").matches("=C3=A9").count(), 40);
    }

    #[test]
    fn no_quoted_line_begins_another_mail() {
        let mut out = String::new();
        quote("From here\n From there\nFromage\n", &mut out);
        assert_eq!(out, "=46rom here\n From there\nFromage\n");
        for before in 60..80 {
            let mut out = String::new();
            quote(&format!("{}From here", "x".repeat(before)), &mut out);
            assert!(out.lines().all(|l| !l.starts_with("From ") && l.len() <= MAX_LINE), "{out}");
        }
    }

    #[test]
    fn a_header_is_ascii_and_an_address_stays() {
        assert_eq!(header("plain <a@b>"), "plain <a@b>");
        assert_eq!(header("é <a@b>"), "=?UTF-8?q?=C3=A9?= <a@b>");
        let long = header(&"未知用户".repeat(10));
        assert!(long.is_ascii() && long.lines().all(|l| l.len() < 160), "{long}");
    }
}
