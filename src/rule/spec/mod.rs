//! What `pack.yaml`, a rule file and `dmmigrate.yaml` say, as written.
//!
//! Comes in: the text of one such file. Goes out: a spec in which every value knows its place, and
//! all mistakes of the file at once. Nothing is compiled here: patterns, globs, regular
//! expressions and versions stay text, and whether ids and names agree is asked later.
//!
//! The stages are `tree` (YAML events to nodes, over the event parser that serde-saphyr brings
//! along: serde itself stops at the first mistake and expands aliases, this does neither),
//! `syntax` (what to say where YAML gave up), `decode` (nodes to typed values; `map` for
//! their keys) and one module for
//! each kind of file.

mod binary;
mod block;
mod condition;
mod config;
mod decode;
pub(in crate::rule) mod elision;
mod error_result;
mod found;
mod header;
mod kind;
mod map;
mod module;
mod name;
mod new_file;
mod pack;
pub(in crate::rule) mod patch;
mod places;
mod rule;
mod rule_file;
mod scope;
mod string;
mod syntax;
mod target;
mod tree;
mod versions;
mod words;

pub use binary::BinarySpec;
pub use config::{ConfigSpec, SettingSpec, read_config};
pub use error_result::ErrorResultSpec;
pub use found::{ChangeSpec, DirectiveSpec, StringSpec, TagSpec, TextSpec};
pub use header::{Dialect, GuardSpec, HeaderEditSpec, HeaderSpec, ImportGuardSpec, ImportNameSpec};
pub use module::{GoModSpec, ImportSpec, ModuleSpec};
pub use name::{FieldSpec, RenameSpec};
pub use new_file::{NewFileSpec, Per};
pub use pack::{ExtendSpec, PackSpec, PackageSpec, ParamSpec, read_pack};
pub use patch::{PatchSpec, Side};
pub use places::{PlacesSpec, UnlessFolderSpec};
pub use rule::{RuleKindSpec, RuleSpec, Safety, WhenSpec};
pub use rule_file::{RuleFileSpec, read_rules};
pub use scope::ScopeSpec;
pub use string::{Spanned, SpannedStr};
pub use target::{As, ConditionSpec, MatchSpec, WhereSpec};
pub use versions::VersionsSpec;
pub use words::{nearest, nearest_name};
