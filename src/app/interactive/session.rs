//! The state of a conversation. Comes in: sites by shape, and answers. Goes out: what was decided
//! about each site. Every answer can be taken back.

use std::collections::HashSet;

use crate::app::shapes::{Shapes, SiteId};

/// What was decided about a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Yes,
    No,
    Later,
}

/// What came of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It was an answer.
    Taken,
    /// The last answer is taken back.
    Back,
    /// There are no more answers.
    Quit,
    /// It was no answer; this is to be said.
    Nothing(&'static str),
}

/// What a person can answer.
pub(super) const HELP: &str = "\
y  change this place
n  leave it
a  change this place and all that are left of this shape
d  leave this place and all that are left of this shape
e  leave it and list it at the end, to edit it by hand
u  take the last answer back
q  end here: what was said yes to is changed, the rest is left
?  this help";

/// A conversation.
pub(super) struct Session {
    /// The sites in the order in which they are asked about, each with its shape.
    sites: Vec<(SiteId, usize)>,
    decisions: Vec<Option<Decision>>,
    /// By answer, the sites that it has decided.
    answers: Vec<Vec<usize>>,
}

impl Session {
    /// A conversation about the sites of these shapes that `asks` holds for.
    pub(super) fn new(shapes: &Shapes, asks: impl Fn(&SiteId) -> bool) -> Self {
        let numbered = shapes.all().iter().enumerate();
        let sites = numbered.flat_map(|(shape, g)| g.sites.iter().map(move |s| (*s, shape)));
        let sites: Vec<(SiteId, usize)> = sites.filter(|(site, _)| asks(site)).collect();
        let decisions = vec![None; sites.len()];
        Self { sites, decisions, answers: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.sites.len()
    }

    /// The first site that nothing was decided about.
    pub(super) fn next(&self) -> Option<usize> {
        self.decisions.iter().position(Option::is_none)
    }

    pub(super) fn site(&self, at: usize) -> SiteId {
        self.sites[at].0
    }

    /// Takes an answer about the site at `at`.
    pub(super) fn answer(&mut self, at: usize, answer: &str) -> Reply {
        let (decision, all) = match answer {
            "y" => (Decision::Yes, false),
            "n" => (Decision::No, false),
            "a" => (Decision::Yes, true),
            "d" => (Decision::No, true),
            "e" => (Decision::Later, false),
            "u" => return self.take_back(),
            "q" => return Reply::Quit,
            _ => return Reply::Nothing(HELP),
        };
        let shape = self.sites[at].1;
        let of_answer: Vec<usize> = (at..self.sites.len())
            .filter(|&s| s == at || all && self.sites[s].1 == shape)
            .filter(|&s| self.decisions[s].is_none())
            .collect();
        for &site in &of_answer {
            self.decisions[site] = Some(decision);
        }
        self.answers.push(of_answer);
        Reply::Taken
    }

    fn take_back(&mut self) -> Reply {
        let Some(sites) = self.answers.pop() else {
            return Reply::Nothing("there is no answer to take back");
        };
        for site in sites {
            self.decisions[site] = None;
        }
        Reply::Back
    }

    /// The sites to change.
    pub(super) fn wanted(&self) -> HashSet<SiteId> {
        self.decided(Decision::Yes).collect()
    }

    /// The sites to edit by hand, in the order of the run.
    pub(super) fn later(&self) -> Vec<SiteId> {
        let mut later: Vec<SiteId> = self.decided(Decision::Later).collect();
        later.sort_unstable();
        later
    }

    fn decided(&self, as_what: Decision) -> impl Iterator<Item = SiteId> {
        let all = self.sites.iter().zip(&self.decisions);
        all.filter(move |(_, d)| **d == Some(as_what)).map(|((site, _), _)| *site)
    }
}
