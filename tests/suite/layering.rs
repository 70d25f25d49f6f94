//! The five layers: each uses only those before it, and only the last one talks to the world.

use std::path::{Path, PathBuf};

const LAYERS: [&str; 5] = ["text", "go", "rule", "engine", "app"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of src") {
        let path = entry.expect("an entry of src").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn of_layer(layer: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer), &mut found);
    assert!(!found.is_empty(), "{layer} has no sources");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a source file");
        (path, text)
    };
    found.into_iter().map(read).collect()
}

/// Lines of code, without comments and without what only tests see.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    before_tests.lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn layers_use_only_those_before_them() {
    for (level, layer) in LAYERS.iter().enumerate() {
        for (path, text) in of_layer(layer) {
            for later in &LAYERS[level + 1..] {
                let name = format!("crate::{later}");
                let line = code(&text).find(|line| line.contains(&name));
                assert_eq!(line, None, "{} uses the layer {later}", path.display());
            }
        }
    }
}

#[test]
fn only_the_application_touches_the_world() {
    const WORLD: [&str; 8] = [
        "std::fs",
        "std::process",
        "std::env",
        "std::net",
        "println!",
        "eprintln!",
        "panic!(",
        "todo!(",
    ];
    for layer in &LAYERS[..4] {
        for (path, text) in of_layer(layer) {
            let in_tests = path.components().any(|c| c.as_os_str() == "tests")
                || path.file_stem().is_some_and(|s| s == "tests");
            if in_tests {
                continue;
            }
            for word in WORLD {
                let line = code(&text).find(|line| line.contains(word));
                assert_eq!(line, None, "{} has {word}", path.display());
            }
        }
    }
}

#[test]
fn no_library_is_known_to_the_program() {
    const LIBRARIES: [&str; 4] = ["dm-go-driver", "chunanyong", "dm-database", "DmDriver"];
    for layer in LAYERS {
        let is_test = |path: &Path| path.to_string_lossy().contains("tests");
        for (path, text) in of_layer(layer).into_iter().filter(|(p, _)| !is_test(p)) {
            for library in LIBRARIES {
                let line = code(&text).find(|line| line.contains(library));
                assert_eq!(line, None, "{} names {library}", path.display());
            }
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for layer in LAYERS {
        for (path, text) in of_layer(layer) {
            let is_test = path.to_string_lossy().contains("tests");
            assert!(is_test || text.starts_with("//! "), "{} has no header", path.display());
        }
    }
}
