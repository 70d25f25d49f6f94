//! The words of the rule language: ids, and what a person meant who wrote another word.
//!
//! Comes in: a word. Goes out: the one that it should have been.

/// Words of other tools and words that come to mind, and what they are called here.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("pattern", &["match"]),
    ("find", &["match"]),
    ("replace", &["rewrite"]),
    ("replacement", &["rewrite"]),
    ("fix", &["rewrite"]),
    ("message", &["report"]),
    ("constraints", &["where"]),
    ("description", &["why", "about"]),
    ("name", &["pack", "id"]),
    ("imports", &["import", "packages"]),
    ("go.mod", &["gomod"]),
    ("level", &["severity"]),
    ("version", &["when"]),
    ("regex", &["text", "find"]),
    ("set", &["params"]),
];

/// Whether `id` is lower-case words, joined by hyphens.
pub(super) fn is_kebab(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    id.starts_with(|c: char| c.is_ascii_lowercase()) && id.split('-').all(word)
}

/// `id` in kebab case, where its words are ASCII.
pub(super) fn kebab(id: &str) -> Option<String> {
    if !id.is_ascii() {
        return None;
    }
    let mut out = String::new();
    let mut lower_before = false;
    for c in id.chars() {
        if !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && lower_before) {
            out.push('-');
        }
        lower_before = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.extend(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()));
    }
    let words: Vec<&str> = out.split('-').filter(|word| !word.is_empty()).collect();
    Some(words.join("-")).filter(|id| is_kebab(id))
}

/// "`a`, `b`, `c`".
pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// "`a`, `b` or `c`".
pub(super) fn either(words: &[&str]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or `{last}`", list(first)),
        words => list(words),
    }
}

/// The one of `words` that was probably meant by `word`.
pub fn nearest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let plain = word.to_lowercase().replace('_', "-");
    let near = words
        .iter()
        .map(|&candidate| (distance(&plain, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(plain.len()) / 3))
        .filter(|(_, candidate)| !negates(&plain, candidate))
        .min_by_key(|(distance, _)| *distance);
    let synonym = || {
        let (_, meant) = SYNONYMS.iter().find(|(name, _)| *name == plain)?;
        meant.iter().find_map(|meant| words.iter().find(|word| *word == meant)).copied()
    };
    near.map(|(_, candidate)| candidate).or_else(synonym)
}

/// Whether `word` says the opposite of `other`, as `unsafe` of `safe`.
fn negates(word: &str, other: &str) -> bool {
    let before = word.strip_suffix(other).map(|before| before.trim_end_matches('-'));
    matches!(before, Some("un" | "in" | "non" | "no" | "not" | "dis"))
}

/// The one of `names` of Go that was probably meant by `name`; upper and lower case count little.
pub fn nearest_name<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let plain = name.to_lowercase();
    let near = names
        .iter()
        .map(|&other| (distance(&plain, &other.to_lowercase()), distance(name, other), other))
        .filter(|(least, _, other)| *least <= other.len().max(plain.len()) / 3)
        .min();
    near.map(|(.., other)| other)
}

/// How many characters to insert, remove, change or swap with a neighbour to get from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
