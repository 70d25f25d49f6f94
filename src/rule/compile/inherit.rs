//! Which rules there are. Comes in: packs and a library for what they extend. Goes out: for each
//! pack its rules in order, inherited ones first, each with the chain of packs that it came
//! through.

use crate::rule::pack::{NotFound, Pack, PackLibrary, PackSource};
use crate::rule::spec::{ExtendSpec, SpannedStr, nearest};
use crate::text::{Code, Diagnostic, FileId, SourceMap, Span};

/// All packs of a run, those that are only extended included.
pub(super) struct Loaded {
    /// The packs.
    pub packs: Vec<Pack>,
    /// The packs that were asked for, in order.
    pub roots: Vec<usize>,
    /// By pack: what it extends.
    parents: Vec<Vec<Parent>>,
}

struct Parent {
    pack: usize,
    /// Where `extends` names it.
    place: Span,
    without: Vec<SpannedStr>,
}

/// What a pack that another one extends says about a name.
pub(super) struct Inherited<'l, T> {
    /// Where the other pack's `extends` leads to it.
    pub place: Span,
    /// The pack that says it.
    pub pack: &'l Pack,
    /// What it says.
    pub value: T,
}

/// A rule in the list of a pack that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// The packs from the one that was asked for to the one that the rule is written in.
    pub chain: Vec<usize>,
    /// The rule's file in the last pack.
    pub file: usize,
    /// The rule in that file.
    pub rule: usize,
    /// The inherited rules of the same id that it stands in the place of, nearest first.
    pub replaces: Vec<Placed>,
}

impl Placed {
    /// The pack that the rule is written in.
    pub fn pack(&self) -> usize {
        self.chain.last().copied().unwrap_or_default()
    }
}

pub(super) struct Loader<'a> {
    library: &'a dyn PackLibrary,
    sources: &'a mut SourceMap,
    loaded: Loaded,
    /// The packs that are being loaded, outermost first.
    open: Vec<usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Loader<'a> {
    pub fn load(
        packs: &[PackSource],
        library: &'a dyn PackLibrary,
        sources: &'a mut SourceMap,
    ) -> (Loaded, Vec<Diagnostic>) {
        let mut loader = Loader {
            library,
            sources,
            loaded: Loaded { packs: Vec::new(), roots: Vec::new(), parents: Vec::new() },
            open: Vec::new(),
            diagnostics: Vec::new(),
        };
        let mut asked_for: Vec<&PackSource> = Vec::new();
        for source in packs {
            match asked_for.iter().find(|other| other.name == source.name) {
                Some(other) if *other == source => {}
                Some(other) => loader.same_name(source, other),
                None => {
                    asked_for.push(source);
                    let root = loader.pack(source);
                    loader.loaded.roots.push(root);
                }
            }
        }
        (loader.loaded, loader.diagnostics)
    }

    fn same_name(&mut self, source: &PackSource, other: &PackSource) {
        let path = |s: &PackSource| s.files.first().map_or(String::new(), |(path, _)| path.clone());
        let message =
            format!("two packs are named `{}`: {} and {}", source.name, path(other), path(source));
        let help = "name one of them differently, or use only one";
        self.diagnostics.push(Diagnostic::error(Code::PackUnreadable, message).help(help));
    }

    fn by_name(&self, name: &str) -> Option<usize> {
        self.loaded.packs.iter().position(|p| p.name == name || p.found_as == name)
    }

    fn pack(&mut self, source: &PackSource) -> usize {
        if let Some(known) = self.by_name(&source.name) {
            return known;
        }
        let (pack, mut diagnostics) = Pack::read(source, self.sources);
        self.diagnostics.append(&mut diagnostics);
        let extends = pack.spec.as_ref().map(|spec| (spec.file, spec.extends.clone()));
        let index = self.loaded.packs.len();
        self.loaded.packs.push(pack);
        self.loaded.parents.push(Vec::new());
        self.open.push(index);
        for (file, extend) in
            extends.iter().flat_map(|(file, list)| list.iter().map(|extend| (*file, extend)))
        {
            if let Some(parent) = self.parent(file, extend) {
                let (place, without) = (extend.pack.span(), extend.without.clone());
                self.loaded.parents[index].push(Parent { pack: parent, place, without });
            }
        }
        self.open.pop();
        index
    }

    fn parent(&mut self, file: FileId, extend: &ExtendSpec) -> Option<usize> {
        let name = extend.pack.as_str();
        if let Some(known) = self.by_name(name) {
            if let Some(at) = self.open.iter().position(|&open| open == known) {
                self.cycle(file, extend, at);
                return None;
            }
            return Some(known);
        }
        let unreadable = match self.library.find(name) {
            Ok(source) => return Some(self.pack(&PackSource { name: name.to_owned(), ..source })),
            Err(why) => why,
        };
        let (message, help) = match unreadable {
            NotFound::Unknown => {
                let names = self.library.names();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let help = match nearest(name, &names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "extend a built-in pack, or a folder beside this one".to_owned(),
                };
                (format!("there is no pack `{name}`"), help)
            }
            NotFound::Unreadable(why) => {
                (format!("the pack `{name}` cannot be read: {why}"), "make it readable".to_owned())
            }
        };
        let place = extend.pack.span();
        self.diagnostics
            .push(Diagnostic::error(Code::PackUnreadable, message).at(file, place, "").help(help));
        None
    }

    /// `extend` leads back to the open pack at `from`.
    fn cycle(&mut self, file: FileId, extend: &ExtendSpec, from: usize) {
        let circle: Vec<&Pack> = self.open[from..].iter().map(|&p| &self.loaded.packs[p]).collect();
        let names: Vec<String> = circle
            .iter()
            .map(|pack| format!("`{}`", pack.name))
            .chain([format!("`{}`", extend.pack)])
            .collect();
        let message = format!("packs extend each other in a circle: {}", names.join(" → "));
        let mut diagnostic =
            Diagnostic::error(Code::PackCycle, message).at(file, extend.pack.span(), "");
        for (pack, next) in circle.iter().zip(circle.iter().skip(1)) {
            let spec = pack.spec.as_ref();
            let towards = spec.and_then(|spec| {
                let is_next = |e: &&ExtendSpec| {
                    e.pack.as_str() == next.name || e.pack.as_str() == next.found_as
                };
                Some((spec.file, spec.extends.iter().find(is_next)?.pack.span()))
            });
            if let Some((file, span)) = towards {
                diagnostic = diagnostic.at(file, span, "");
            }
        }
        let help = "take one of them out of `extends`";
        self.diagnostics.push(diagnostic.help(help));
    }
}

impl Loaded {
    /// The rules of a pack that was asked for: inherited ones first, each pack once, a rule with
    /// the same id in the place of the one that it replaces.
    pub fn rules_of(&self, root: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Placed> {
        let mut rules = Vec::new();
        let mut inheritance = Inheritance { loaded: self, seen: Vec::new(), diagnostics };
        inheritance.add(root, &mut Vec::new(), &mut rules);
        rules
    }

    fn id(&self, placed: &Placed) -> &SpannedStr {
        &placed.spec(self).id
    }

    /// The packs that a pack extends and those that these extend, each once, in the order in which
    /// their names count.
    pub fn extended_by(&self, pack: usize) -> Vec<usize> {
        let mut found = Vec::new();
        self.add_extended(pack, &mut found);
        found
    }

    fn add_extended(&self, pack: usize, found: &mut Vec<usize>) {
        for parent in &self.parents[pack] {
            if !found.contains(&parent.pack) {
                found.push(parent.pack);
                self.add_extended(parent.pack, found);
            }
        }
    }

    /// What the packs that `pack` extends say: each of them itself, or else those that it extends.
    pub fn inherited<'l, T>(
        &'l self,
        pack: usize,
        says: &dyn Fn(&'l Pack) -> Option<T>,
    ) -> Vec<Inherited<'l, T>> {
        let of_parent = |parent: &Parent| {
            let own = &self.packs[parent.pack];
            let all = match says(own) {
                Some(value) => vec![Inherited { place: parent.place, pack: own, value }],
                None => self.inherited(parent.pack, says),
            };
            all.into_iter().map(|said| Inherited { place: parent.place, ..said }).collect()
        };
        self.parents[pack].iter().flat_map(|parent| -> Vec<_> { of_parent(parent) }).collect()
    }
}

struct Inheritance<'a> {
    loaded: &'a Loaded,
    seen: Vec<usize>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Inheritance<'_> {
    fn add(&mut self, pack: usize, chain: &mut Vec<usize>, rules: &mut Vec<Placed>) {
        if self.seen.contains(&pack) {
            return;
        }
        self.seen.push(pack);
        chain.push(pack);
        for parent in &self.loaded.parents[pack] {
            self.add(parent.pack, chain, rules);
            for id in &parent.without {
                self.drop_rule(pack, parent.pack, id, rules);
            }
        }
        self.add_own(pack, chain, rules);
        chain.pop();
    }

    fn drop_rule(&mut self, pack: usize, parent: usize, id: &SpannedStr, rules: &mut Vec<Placed>) {
        let loaded = self.loaded;
        let inherited = |p: &&Placed| p.chain.contains(&parent);
        let named = |p: &Placed| inherited(&p) && loaded.id(p).as_str() == id.as_str();
        if rules.iter().any(named) {
            rules.retain(|p| !named(p));
            return;
        }
        let Some(spec) = &loaded.packs[pack].spec else { return };
        let ids: Vec<&str> =
            rules.iter().filter(inherited).map(|p| loaded.id(p).as_str()).collect();
        let message = format!("`{}` has no rule `{id}`", loaded.packs[parent].name);
        let help = match nearest(id.as_str(), &ids) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("leave `{id}` out of `without`"),
        };
        self.diagnostics.push(
            Diagnostic::error(Code::UnknownRule, message).at(spec.file, id.span(), "").help(help),
        );
    }

    fn add_own(&mut self, pack: usize, chain: &[usize], rules: &mut Vec<Placed>) {
        let files = &self.loaded.packs[pack].files;
        let own = files.iter().enumerate();
        let own = own.flat_map(|(file, f)| (0..f.rules.len()).map(move |rule| (file, rule)));
        for (file, rule) in own {
            let mut placed = Placed { chain: chain.to_vec(), file, rule, replaces: Vec::new() };
            let id = self.loaded.id(&placed);
            let same = rules.iter().position(|p| self.loaded.id(p).as_str() == id.as_str());
            match same {
                None => rules.push(placed),
                Some(at) if rules[at].pack() != pack => {
                    let mut replaced = rules[at].clone();
                    let before = std::mem::take(&mut replaced.replaces);
                    placed.replaces = std::iter::once(replaced).chain(before).collect();
                    rules[at] = placed;
                }
                Some(at) => {
                    let first = &rules[at];
                    let message = format!("two rules have the id `{id}`");
                    let help = "give one of them another id: reports and suppressions name rules";
                    let first_place = self.loaded.id(first).span();
                    self.diagnostics.push(
                        Diagnostic::error(Code::DuplicateId, message)
                            .at(files[file].file, id.span(), "")
                            .at(files[first.file].file, first_place, "the first one")
                            .help(help),
                    );
                    // Nothing runs now; what else is wrong with it is still of use.
                    rules.push(placed);
                }
            }
        }
    }
}
