//! The integration tests, as one program. A file per subject; what they share is in `support`.

mod go_mod_edit;
mod go_mod_properties;
mod support;
