//! Renaming: the uses of one declared thing, by what they refer to. Comes in: a file, a rule and
//! the places where the old name stands in the text. Goes out: a fix or a status for each use,
//! the declaration and what its documentation says included.

use std::sync::Arc;

use super::docs;
use super::fix::ReviewReason;
use super::member_uses::{ask_unless_out_of_reach, ident_at, is_member, qualifier_of};
use super::names::FileNames;
use super::render::{Chunk, Rendered, Replacement};
use super::typed::Answer;
use crate::go::scope::NameUse;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node};
use crate::go::types::{Declaration, FileTypes, Member};
use crate::rule::compiled::{Rename, RuleSet};
use crate::text::Span;

/// A use of something that is renamed.
#[derive(Clone, Debug)]
pub struct Renamed {
    /// The name.
    pub span: Span,
    /// What replaces it, and what its documentation says of it.
    pub rendered: Rendered,
    /// What is against it.
    pub against: Option<ReviewReason>,
}

/// Finds the uses among `places`, where the old name stands in the text. `interface` is one that
/// needs the method, among those of packages that the method's own does not know.
pub fn uses(
    names: &FileNames<'_>,
    rules: &RuleSet,
    rename: &Rename,
    places: &[usize],
    interface: Option<Arc<str>>,
) -> Vec<Renamed> {
    let said = rules.package(rename.package).path.as_str();
    let Some(path) = names.real_path(said) else { return Vec::new() };
    let target = Target::of(names, rename, &path);
    let search = Search { names, rename, said, path: &path, target, interface };
    let mut found: Vec<Renamed> = places.iter().filter_map(|&at| search.at(at)).collect();
    if !matches!(
        search.target,
        Target::Nothing | Target::Member(Declaration { is_field: true, .. })
    ) {
        let changed = |span: &Span| {
            let replaced = found.iter().flat_map(|used| &used.rendered.replacements);
            replaced.into_iter().any(|replacement| replacement.span == *span)
        };
        let mut links = docs::links(names, rename, (said, &path), places);
        links.retain(|span| !changed(span));
        found.extend(links.into_iter().map(|span| search.renamed(span, &[], None)));
    }
    found
}

/// What is renamed.
enum Target {
    /// A name of a package; whether that is the file's own, and whether the new name is taken.
    Global { own: bool, taken: bool },
    /// A field or method that is declared there.
    Member(Declaration),
    /// A field or method of a type that cannot be read.
    Unread,
    /// A field or method that its type does not have.
    Nothing,
}

impl Target {
    fn of(names: &FileNames<'_>, rename: &Rename, path: &str) -> Self {
        let types = names.types();
        let Some(owner) = rename.owner.as_deref() else {
            let own = types.is_some_and(|types| &**types.import_path() == path);
            let declares = |name| types.is_some_and(|t| t.declares_in_repository(path, name));
            return Target::Global { own, taken: declares(&rename.from) && declares(&rename.to) };
        };
        let Some(types) = types else { return Target::Unread };
        match types.declaration(Member { path, owner, name: &rename.from }) {
            // An embedded field is called like its type.
            Ok(Some(declaration)) if declaration.is_embedded => Target::Nothing,
            Ok(Some(declaration)) => Target::Member(declaration),
            Ok(None) => Target::Nothing,
            Err(_) if types.lacks(path, Some(owner)) => Target::Nothing,
            Err(_) => Target::Unread,
        }
    }
}

struct Search<'a, 't> {
    names: &'a FileNames<'t>,
    rename: &'a Rename,
    /// The import path as rules have it, and as code does.
    said: &'a str,
    path: &'a str,
    target: Target,
    interface: Option<Arc<str>>,
}

impl Search<'_, '_> {
    fn at(&self, offset: usize) -> Option<Renamed> {
        let (decl, part, node) = ident_at(self.names, offset, self.rename.from.len())?;
        let against = match self.is_use((decl, part), node) {
            Answer::No => Some(self.other_side((decl, part), node)?),
            Answer::Yes => self.clash((decl, part), node).or_else(|| self.needed()),
            Answer::Unknown(unsure) => Some(ReviewReason::UnknownType(unsure)),
        };
        let documented = if is_declaration(part, node) {
            docs::mentions(self.names.file().text(), node, &self.rename.from)
        } else {
            Vec::new()
        };
        Some(self.renamed(node.span(), &documented, against))
    }

    fn renamed(&self, span: Span, also: &[Span], against: Option<ReviewReason>) -> Renamed {
        let mut spans: Vec<Span> = also.iter().copied().chain([span]).collect();
        spans.sort_unstable();
        let text = || vec![Chunk::Text(self.rename.to.clone())];
        let replacements =
            spans.into_iter().map(|span| Replacement { span, chunks: text() }).collect();
        Renamed { span, rendered: Rendered { replacements, ..Rendered::default() }, against }
    }

    fn is_use(&self, place: (usize, &Part), node: Node<'_>) -> Answer {
        match &self.target {
            Target::Global { own, .. } => self.is_global(place, node, *own),
            Target::Member(declaration) => {
                is_member(self.names, place, node, self.owner(), &declaration.at)
            }
            Target::Unread => is_member(self.names, place, node, self.owner(), &[]),
            Target::Nothing => Answer::No,
        }
    }

    fn is_global(&self, (decl, part): (usize, &Part), node: Node<'_>, own: bool) -> Answer {
        match part.scopes().name_use(node.id()) {
            NameUse::DeclaresGlobal => own.into(),
            NameUse::Free => {
                let here = own && self.names.package_declares(&self.rename.from);
                (here || self.names.is_dot_imported(part, node, self.said)).into()
            }
            NameUse::Member => {
                let qualifier = qualifier_of(node);
                match qualifier {
                    Some(x) if self.names.is_package(part, x, self.said) => Answer::Yes,
                    Some(x) if self.names.import_of(part, x).is_some() => Answer::No,
                    _ => self.is_embedded(decl, node),
                }
            }
            NameUse::Key(_) => self.is_embedded(decl, node),
            _ => Answer::No,
        }
    }

    /// Whether the name is that of a field that embeds the type.
    fn is_embedded(&self, decl: usize, node: Node<'_>) -> Answer {
        let name = &self.rename.from;
        let ask = |types: &FileTypes<'_>| types.names_global(decl, node.id(), self.path, name);
        ask_unless_out_of_reach(self.names, decl, node, (self.path, name), &ask)
    }

    /// The type of a field or method, by its package and name.
    fn owner(&self) -> (&str, &str) {
        (self.path, self.rename.owner.as_deref().unwrap_or_default())
    }

    /// An interface that the type would no longer implement.
    fn needed(&self) -> Option<ReviewReason> {
        let Target::Member(Declaration { in_repository: true, is_field: false, .. }) = self.target
        else {
            return None;
        };
        let nearer = self.names.types()?.needed_by(self.member());
        nearer.or_else(|| self.interface.clone()).map(ReviewReason::NeededBy)
    }

    /// What the declaration of another method of that name has to do with a renamed one: an
    /// interface that its type implements, or a type that implements its interface.
    fn other_side(&self, (decl, part): (usize, &Part), node: Node<'_>) -> Option<ReviewReason> {
        let declares = is_declaration(part, node)
            && part.scopes().name_use(node.id()) == NameUse::Member
            && !node.ancestors().any(|n| n.kind() == Kind::StructType);
        let Target::Member(Declaration { is_field: false, .. }) = &self.target else { return None };
        if !declares {
            return None;
        }
        let ask = |types: &FileTypes<'_>| types.goes_with(decl, node.id(), self.member());
        match ask_unless_out_of_reach(self.names, decl, node, self.owner(), &ask) {
            Answer::No => None,
            Answer::Yes => {
                let (_, owner) = self.owner();
                Some(ReviewReason::GoesWith(format!("{owner}.{}", self.rename.from).into()))
            }
            Answer::Unknown(unsure) => Some(ReviewReason::UnknownType(unsure)),
        }
    }

    fn member(&self) -> Member<'_> {
        let (path, owner) = self.owner();
        Member { path, owner, name: &self.rename.from }
    }

    /// What has the new name already, in the way of this use.
    fn clash(&self, (decl, part): (usize, &Part), node: Node<'_>) -> Option<ReviewReason> {
        let to = self.rename.to.as_str();
        let taken = || ReviewReason::Clash(to.to_owned());
        match &self.target {
            Target::Global { taken: true, .. } => Some(taken()),
            Target::Global { .. } => {
                if !matches!(part.scopes().name_use(node.id()), NameUse::Free) {
                    return None;
                }
                // A name without a qualifier can mean something nearer.
                let bindings = self.names.bindings();
                let imported = (0..bindings.len()).any(|i| self.names.local(i).name == to);
                let local = part.scopes().declares_within(to, node.span());
                (imported || local).then(|| ReviewReason::Shadowed(to.to_owned()))
            }
            Target::Member(declaration) => {
                let types = self.names.types()?;
                let owner = self.rename.owner.as_deref().unwrap_or_default();
                let member = Member { path: self.path, owner, name: to };
                let new = types.declaration(member).ok().flatten();
                if new.is_some() && declaration.in_repository {
                    return Some(taken());
                }
                let known = new.map(|new| new.at).unwrap_or_default();
                let beside = types.beside(decl, node.id(), to);
                beside.iter().any(|d| !known.contains(d)).then(taken)
            }
            Target::Unread | Target::Nothing => None,
        }
    }
}

/// Whether the name is declared here: at package level, as a method, in a struct or interface.
fn is_declaration(part: &Part, node: Node<'_>) -> bool {
    match part.scopes().name_use(node.id()) {
        NameUse::DeclaresGlobal => true,
        NameUse::Member => node.parent().is_none_or(|p| p.kind() != Kind::Selector),
        _ => false,
    }
}
