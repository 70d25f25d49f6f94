//! From a match in a string to edits of literals. Comes in: a view and a match in it. Goes out: the
//! edits that turn it into what the rule says. Groups that stay in their order stay where they are,
//! with all that no literal says in them.

use regex::Captures;

use super::view::{LiteralEdit, Obstacle, View};
use crate::rule::compiled::StringAction;
use crate::rule::found::{Substitution, SubstitutionPart};

/// What becomes of a whole value: its edits, and the text that it has then.
pub(super) struct Changed {
    pub(super) edits: Vec<LiteralEdit>,
    pub(super) text: String,
}

/// Replaces everything that the rule finds in a value.
///
/// # Errors
/// Where that cannot be done by editing literals.
pub(super) fn changed(
    view: &View,
    action: &StringAction,
    replace: &Substitution,
) -> Result<Changed, Obstacle> {
    let mut out = Changed { edits: Vec::new(), text: String::new() };
    let mut at = 0;
    for captures in action.find.captures_iter(&view.text) {
        let Some(whole) = captures.get(0) else { continue };
        out.text.push_str(&view.text[at..whole.start()]);
        at = whole.end();
        out.text.push_str(&replace.expand(&captures));
        out.edits.extend(substituted(view, &captures, replace)?);
    }
    out.text.push_str(&view.text[at..]);
    Ok(out)
}

fn substituted(
    view: &View,
    captures: &Captures<'_>,
    replace: &Substitution,
) -> Result<Vec<LiteralEdit>, Obstacle> {
    let Some(whole) = captures.get(0) else { return Ok(Vec::new()) };
    let mut edits = Vec::new();
    // What stands before `done` is settled; `new` goes behind it.
    let (mut done, mut new) = (whole.start(), String::new());
    for part in &replace.parts {
        let (index, filters) = match part {
            SubstitutionPart::Text(text) => {
                new.push_str(text);
                continue;
            }
            SubstitutionPart::Group { index, filters } => (*index, filters),
        };
        let Some(group) = captures.get(index) else { continue };
        if filters.is_empty() && group.start() >= done {
            edits.extend(view.replace(&(done..group.start()), &new)?);
            (done, new) = (group.end(), String::new());
            continue;
        }
        if let Some(code) = view.hole_in(&group.range()) {
            return Err(Obstacle::Moves(code.to_owned()));
        }
        new.push_str(&crate::rule::value::filtered(filters, group.as_str()));
    }
    edits.extend(view.replace(&(done..whole.end()), &new)?);
    Ok(edits)
}
