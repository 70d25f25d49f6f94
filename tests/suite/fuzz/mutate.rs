//! Mutations. Comes in: a text that means something. Goes out: one that nearly does: tokens swapped,
//! doubled, dropped, replaced by odd ones, parts of other texts put in, bytes cut off.

use dmmigrate::go::lex::Lexer;

/// Texts that programs stumble over.
const ODD: [&str; 36] = [
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "`",
    "\"",
    "'",
    "/*",
    "*/",
    "//",
    "\n",
    "\r\n",
    "\t",
    "\u{feff}",
    "\u{0}",
    "é",
    "\u{2028}",
    "𝄞",
    ";",
    ":=",
    "...",
    "$x",
    "$$$",
    "${a}",
    "- ",
    ": ",
    "&a",
    "*a",
    "<<",
    "func",
    "import \"C\"\n",
    "type T[P any] ",
    "\\",
    "0x",
];

/// Makes random choices, the same ones for the same seed.
pub struct Mutator(u64);

impl Mutator {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`, which must not be zero. The generator is xorshift64*.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d);
        usize::try_from((mixed >> 16) % bound as u64).expect("below a usize")
    }

    /// One to eight mutations of `text`; parts of `others` are put in.
    pub fn mutate(&mut self, text: &str, others: &[&str]) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.below(8) {
            text = self.once(&text, others);
        }
        text
    }

    fn once(&mut self, text: &str, others: &[&str]) -> String {
        let tokens: Vec<&str> = split(text);
        if tokens.is_empty() {
            return ODD[self.below(ODD.len())].to_owned();
        }
        let (at, other) = (self.below(tokens.len()), self.below(tokens.len()));
        let mut tokens = tokens;
        match self.below(9) {
            0 => tokens.swap(at, other),
            1 => tokens.insert(at, tokens[other]),
            2 => {
                tokens.remove(at);
            }
            3 => tokens[at] = ODD[self.below(ODD.len())],
            4 => tokens.insert(at, ODD[self.below(ODD.len())]),
            5 => {
                let end = (at + self.below(30)).min(tokens.len());
                tokens.drain(at..end);
            }
            6 => {
                let end = (at + self.below(30)).min(tokens.len());
                let copied = tokens[at..end].to_vec();
                tokens.splice(other..other, copied);
            }
            7 => {
                let from = split(others[self.below(others.len())]);
                if !from.is_empty() {
                    let start = self.below(from.len());
                    let end = (start + self.below(40)).min(from.len());
                    tokens.splice(at..at, from[start..end].to_vec());
                }
            }
            _ => tokens.truncate(at),
        }
        tokens.concat()
    }
}

/// The tokens of a text and what stands between them: together they are the text.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut at = 0;
    for token in Lexer::all(text) {
        if at < token.span.start {
            parts.push(&text[at..token.span.start]);
        }
        if token.span.start >= at && !token.span.is_empty() {
            parts.push(&text[token.span.start..token.span.end]);
            at = token.span.end;
        }
    }
    parts.push(&text[at..]);
    parts
}
