//! `api/*.go`: declarations of a library, bodies left out, for types without its source. Comes in:
//! such a file. Goes out: the package that it describes and for which versions, by its first line:
//! `//dmmigrate:api PATH VERSIONRANGE`.

use crate::go::packages::ApiFile;
use crate::go::source::SourceFile;
use crate::go::version::VersionRange;
use crate::text::{Code, Diagnostic, FileId, Span};

/// What the first line begins with.
const MARK: &str = "//dmmigrate:api ";

/// Reads a file of declarations; none where something is wrong with it.
pub(super) fn read_api(file: FileId, path: &str, text: &str) -> (Option<ApiFile>, Vec<Diagnostic>) {
    let line = text.lines().next().unwrap_or_default();
    let whole = Span::new(0, line.len());
    let error = |code, span, message: String, help: &str| {
        (None, vec![Diagnostic::error(code, message).at(file, span, "").help(help)])
    };
    let said = line.strip_prefix(MARK).map(str::trim).filter(|said| !said.is_empty());
    let Some(said) = said else {
        let message = "the file does not say what it describes".to_owned();
        let help = "begin it with `//dmmigrate:api IMPORT/PATH >=1.2.0 <2.0.0`";
        return error(Code::MissingKey, whole, message, help);
    };
    let (import_path, range) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    let range = range.trim();
    let versions = match VersionRange::parse(range) {
        _ if range.is_empty() => None,
        Ok(versions) => Some(versions),
        Err(bad) => {
            let at = line.len() - line[MARK.len()..].trim_start().len();
            let at = at + line[at..].find(range).unwrap_or_default();
            let span = Span::new(at + bad.span.start, at + bad.span.end);
            let help = "write comparators that must all hold: `>=1.2 <2`";
            return error(Code::BadVersion, span, bad.message, help);
        }
    };
    let source = SourceFile::new(path, text);
    let broken = (0..source.outline().decls.len()).find_map(|decl| {
        let syntax = source.part(decl).syntax();
        (syntax.errors() > 0).then(|| source.outline().decls[decl].span)
    });
    if let Some(span) = broken.or(source.package().is_none().then_some(whole)) {
        let first = span.of(text).lines().next().unwrap_or_default();
        let span = Span::new(span.start, span.start + first.len());
        let message = "the declarations are not Go".to_owned();
        return error(Code::BadValue, span, message, "write a Go file; bodies may be left out");
    }
    let (import_path, name) = (import_path.to_owned(), path.to_owned());
    (Some(ApiFile { import_path, versions, name, text: text.to_owned() }), Vec::new())
}
