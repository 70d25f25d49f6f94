//! What is known of a string: the values that it may have, each made of pieces of literals and holes.

use std::ops::Range;
use std::sync::Arc;

use crate::go::source::SourceFile;
use crate::go::types::objects::Declared;
use crate::text::Span;

/// One value that a string may have, from left to right.
pub type StringValue = Vec<StringPiece>;

/// A piece of a string.
#[derive(Clone, Debug)]
pub enum StringPiece {
    /// A stretch of the value of a literal; it may be empty.
    Text {
        /// The literal.
        literal: StringLiteral,
        /// Which bytes of its value.
        range: Range<usize>,
        /// Whether it is part of a format, in which `%%` stands for `%`.
        is_format: bool,
        /// How deep in arguments of formats it stands.
        depth: usize,
        /// The names that it has come through, the nearest to the string first.
        through: Vec<Arc<Through>>,
    },
    /// Something that no literal says.
    Hole {
        /// The directive of the format that it is put in by; `%v` elsewhere.
        shown: String,
        /// Its code.
        code: String,
        /// Why it is not known.
        why: &'static str,
        /// Where it stands, if it is an operand of `+`: text may be put before or behind it.
        operand: Option<StringLiteral>,
    },
}

/// A string literal, or an operand beside which one may be put.
#[derive(Clone, Debug)]
pub struct StringLiteral {
    /// Its file.
    pub file: Arc<SourceFile>,
    /// The declaration that it stands in, as an index into the file's outline.
    pub decl: usize,
    /// Where, quotes included.
    pub span: Span,
}

impl StringLiteral {
    /// As it is written.
    pub fn text(&self) -> &str {
        self.span.of(self.file.text())
    }
}

/// A constant or variable that a string comes through.
#[derive(Clone, Debug)]
pub struct Through {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub declared: Declared,
    /// Where it is mentioned on the way.
    pub mention: Declared,
    /// Who may use it.
    pub reach: Reach,
    /// How many values it is given.
    pub values: usize,
    /// Every place that uses it, as far as its package goes.
    pub uses: Vec<Declared>,
    /// Whether something may change it that is no assignment: its address is taken.
    pub is_exposed: bool,
    /// Whether the value is that of a constant above, which it repeats.
    pub is_repeated: bool,
}

/// Who may use a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The function around it.
    Local,
    /// Its package.
    Package,
    /// Other packages as well.
    Exported,
    /// It belongs to another package.
    Foreign,
}
