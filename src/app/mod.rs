//! The application: command line, reading, writing and reports. The only layer that touches the
//! disk.

pub mod fs;
