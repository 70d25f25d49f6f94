//! Interfaces that keep a method from being renamed. Comes in: a method of a type of the repository.
//! Goes out: an interface that the type implements by it, in a package that imports the type's or
//! that such a package imports: there a value of the type can meet the interface. The packages that
//! the type's own knows are asked by the types themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use memchr::memmem::Finder;
use rayon::prelude::*;

use super::elsewhere::{Repository, source};
use crate::app::discover::{Candidate, FileKind};
use crate::engine::names::PackageFacts as _;
use crate::go::source::import_paths;
use crate::go::types::{Declaration, Member};

/// What a file has to do with a method.
struct Mention<'c> {
    file: &'c Candidate,
    /// What it imports, if the method's package is among that.
    imports: Vec<Arc<str>>,
    /// Whether the method's name stands there, and an interface.
    may_ask: bool,
}

/// The first interface that needs the method `member`, in the order of folders.
pub(super) fn needing(repository: &Repository<'_>, member: Member<'_>) -> Option<Arc<str>> {
    if !is_own_method(repository, member) {
        return None;
    }
    let mentions = mentions(repository, member);
    let folder = |mention: &Mention<'_>| mention.file.path.parent().map(super::worker::shown);
    let asking: BTreeSet<String> =
        mentions.iter().filter(|m| m.may_ask).filter_map(folder).collect();
    let index = repository.facts.index();
    let paths: BTreeMap<String, &str> = asking
        .iter()
        .filter_map(|folder| Some((index.place(folder)?.1, folder.as_str())))
        .filter(|(path, _)| *path != member.path)
        .collect();
    let mut asked = BTreeSet::new();
    for mention in mentions.iter().filter(|m| !m.imports.is_empty()) {
        let own = folder(mention).and_then(|folder| Some(index.place(&folder)?.1));
        let near = mention.imports.iter().map(ToString::to_string).chain(own);
        for path in near.filter(|path| paths.contains_key(path)) {
            if asked.insert(path.clone())
                && let Some(found) =
                    in_file(repository, mention.file, |types| types.needed_in(&path, member))
            {
                return Some(found);
            }
        }
        if mention.may_ask
            && let Some(found) =
                in_file(repository, mention.file, |types| types.needed_here(member))
        {
            return Some(found);
        }
    }
    None
}

/// Whether the method is declared in the repository, so that it would be renamed there.
fn is_own_method(repository: &Repository<'_>, member: Member<'_>) -> bool {
    repository.folders().iter().any(|folder| {
        let declared = repository.ask_in(folder, |types| types.declaration(member));
        matches!(declared, Some(Ok(Some(Declaration { in_repository: true, is_field: false, .. }))))
    })
}

fn mentions<'c>(repository: &Repository<'c>, member: Member<'_>) -> Vec<Mention<'c>> {
    let [path, name, interface] = [member.path, member.name, "interface"].map(Finder::new);
    let files = repository.files.par_iter().filter(|file| file.kind == FileKind::Go);
    let found = files.filter_map(|file| {
        let text = repository.text(file)?;
        let bytes = text.as_bytes();
        let may_ask = name.find(bytes).is_some() && interface.find(bytes).is_some();
        let imports = path.find(bytes).map(|_| import_paths(&text)).unwrap_or_default();
        let imports =
            if imports.iter().any(|i| **i == *member.path) { imports } else { Vec::new() };
        (may_ask || !imports.is_empty()).then_some(Mention { file, imports, may_ask })
    });
    found.collect()
}

/// Asks about a file of the repository.
fn in_file<R>(
    repository: &Repository<'_>,
    file: &Candidate,
    question: impl FnOnce(&crate::go::types::FileTypes<'_>) -> Option<R>,
) -> Option<R> {
    let text = repository.text(file)?;
    let source = Arc::new(source(Path::new(&file.path), &text));
    question(&repository.facts.types()?.file(&source))
}
