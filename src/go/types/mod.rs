//! The types of expressions, worked out from source alone. Comes in: a file and the packages
//! around it. Goes out: for a node its type, its constant value or the object that it names; or
//! *unknown*, with the expression at which knowledge ended and why. Never a guess: where an
//! answer differs from that of Go's own type checker it is wrong.
//!
//! Everything is worked out when asked for and kept with the file that it is about. Files that
//! exclude each other by build constraints must agree, or the answer is unknown.

mod assignments;
mod calls;
mod checker;
mod const_text;
mod constness;
mod consts;
mod decls;
mod embedded;
mod expected;
mod expr;
mod final_type;
mod implements;
mod infer;
mod literals;
mod members;
mod model;
mod names;
mod needed;
mod objects;
mod origins;
mod params;
mod print;
mod printf;
mod purity;
mod question;
mod select;
mod shape;
mod subst;
mod type_expr;
mod underlying;
mod unify;
mod unit;
mod universe;
mod untyped;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

pub use const_text::string_value;
pub use consts::Constant;
pub use members::{Declaration, Member};
pub use model::{
    Basic, Direction, Interface, Named, Parameter, Reason, Signature, Struct, Type, TypeDef,
    TypeParam, Unknown,
};
pub use objects::{Declared, Object, ObjectAnswer};
pub use origins::{Reach, StringLiteral, StringPiece, StringValue, Through};
pub use shape::{Fit, FuncShape, Shape};

use checker::Checker;
use print::Style;
use unit::{Cx, Unit, UnitId};

use super::packages::{Constraint, Memo, Package, PackageIndex};
use super::source::SourceFile;
use super::syntax::NodeId;

/// The type of an expression, if it is known.
#[derive(Clone, Debug)]
pub enum TypeAnswer {
    /// The type.
    Known(Type),
    /// Where knowledge ended, and why.
    Unknown(Arc<Unknown>),
}

/// What is known of the types of a repository.
pub struct Types {
    index: Arc<PackageIndex>,
    units: RwLock<Units>,
    /// By package, type and method: an interface that needs it.
    needed: Memo<[Box<str>; 3], Option<Arc<str>>>,
}

#[derive(Default)]
struct Units {
    all: Vec<Arc<Unit>>,
    of_packages: HashMap<UnitKey, UnitId>,
}

/// Which file of a package a unit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct UnitKey {
    /// The address of the package, which the unit keeps alive.
    package: usize,
    /// Its index among the files of the package.
    file: usize,
    /// Whether the bodies of its functions are there.
    with_bodies: bool,
}

impl Types {
    /// Types over the packages of `index`.
    pub fn new(index: Arc<PackageIndex>) -> Self {
        Self { index, units: RwLock::default(), needed: Memo::default() }
    }

    /// The packages.
    pub fn packages(&self) -> &Arc<PackageIndex> {
        &self.index
    }

    fn unit(&self, id: UnitId) -> Arc<Unit> {
        let units = self.units.read().unwrap_or_else(PoisonError::into_inner);
        units.all[id.0 as usize].clone()
    }

    /// The unit of a file of a package.
    fn package_unit(&self, package: &Arc<Package>, file: usize) -> Arc<Unit> {
        let key = UnitKey { package: Arc::as_ptr(package) as usize, file, with_bodies: false };
        let source = || package.files()[file].source.clone();
        self.known_unit(key).unwrap_or_else(|| self.new_unit(key, source(), package))
    }

    /// The unit of a file of a package, with the bodies of its functions, where it can be read.
    fn whole_unit(&self, package: &Arc<Package>, file: usize) -> Arc<Unit> {
        let key = UnitKey { package: Arc::as_ptr(package) as usize, file, with_bodies: true };
        if let Some(unit) = self.known_unit(key) {
            return unit;
        }
        match self.index.whole_file(package, file) {
            Some(source) => self.new_unit(key, Arc::new(source), package),
            None => self.package_unit(package, file),
        }
    }

    fn known_unit(&self, key: UnitKey) -> Option<Arc<Unit>> {
        let units = self.units.read().unwrap_or_else(PoisonError::into_inner);
        let id = units.of_packages.get(&key)?;
        Some(units.all[id.0 as usize].clone())
    }

    /// Adds a unit, unless another thread was faster.
    fn new_unit(&self, key: UnitKey, source: Arc<SourceFile>, package: &Arc<Package>) -> Arc<Unit> {
        let mut units = self.units.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = units.of_packages.get(&key) {
            return units.all[id.0 as usize].clone();
        }
        let id = UnitId(u32::try_from(units.all.len()).unwrap_or(u32::MAX - 1));
        let constraint = package.files()[key.file].constraint.clone();
        let unit = Arc::new(Unit::new(id, source, package.clone(), constraint));
        units.all.push(unit.clone());
        units.of_packages.insert(key, id);
        unit
    }

    /// The file `source` among the others of its package.
    pub fn file(&self, source: &Arc<SourceFile>) -> FileTypes<'_> {
        let package = self.index.package_of(source);
        // Its own package's file of that name knows which experiments are on.
        let known = package.files().iter().find(|f| f.source.path() == source.path());
        let constraint =
            known.map_or_else(|| Constraint::of_source(source), |f| f.constraint.clone());
        let unit = Unit::new(UnitId::ASKED, source.clone(), package, constraint);
        FileTypes { types: self, unit: Arc::new(unit) }
    }
}

/// The types in one file. Nodes are those of its declarations' trees.
pub struct FileTypes<'t> {
    types: &'t Types,
    unit: Arc<Unit>,
}

impl FileTypes<'_> {
    fn checker(&self) -> Checker<'_> {
        Checker::new(self.types, &self.unit)
    }

    /// A type in this file as `go/types` prints it, with whole package paths.
    pub fn show(&self, ty: &Type) -> String {
        self.checker().show(ty, Style::Full)
    }

    /// A type in this file as text that is the same for identical types: without the names of
    /// parameters, `byte` and `rune` by their other names.
    pub fn canonical(&self, ty: &Type) -> String {
        self.checker().show(ty, Style::Canonical)
    }

    /// The file. Its trees may be shared with whoever asked.
    pub fn source(&self) -> &Arc<SourceFile> {
        &self.unit.source
    }

    /// The type of the expression `node` of declaration `decl` where it stands: untyped constants
    /// converted to what their surroundings ask for, comma-ok forms with two values. A type
    /// expression has the type that it denotes, a declaring identifier that of its object.
    pub fn type_of(&self, decl: usize, node: NodeId) -> TypeAnswer {
        let cx = Cx::new(&self.unit, decl);
        let checker = self.checker();
        if !cx.is_sound(cx.node(node)) {
            return TypeAnswer::Unknown(checker.unsound(cx, cx.node(node)));
        }
        let ty = checker.type_at(cx, cx.node(node));
        match checker.gap(cx, cx.node(node), &ty) {
            Some(Type::Unknown(why)) => TypeAnswer::Unknown(why),
            _ => TypeAnswer::Known(ty),
        }
    }

    /// The value of the constant expression `node`; none if it is not constant, not known, or
    /// neither string, integer nor boolean.
    pub fn constant_of(&self, decl: usize, node: NodeId) -> Option<Constant> {
        let cx = Cx::new(&self.unit, decl);
        let node = cx.node(node);
        cx.is_sound(node).then(|| self.checker().final_constant(cx, node))?
    }

    /// The files of the package, tests included, with the bodies of their functions.
    pub fn package_sources(&self) -> Vec<Arc<SourceFile>> {
        let package = &self.unit.package;
        let whole = self.types.index.with_tests(package).unwrap_or_else(|_| package.clone());
        let source = |nth| self.types.whole_unit(&whole, nth).source.clone();
        (0..whole.files().len()).map(source).collect()
    }

    /// What the identifier `node` stands for.
    pub fn object_of(&self, decl: usize, node: NodeId) -> ObjectAnswer {
        let cx = Cx::new(&self.unit, decl);
        let (checker, node) = (self.checker(), cx.node(node));
        if !cx.is_sound(node) {
            return Err(checker.unsound(cx, node));
        }
        checker.object(cx, node)
    }
}

#[cfg(test)]
mod tests;
