//! What failed. Comes in: what a command has printed, and its exit code. Goes out: failures that
//! are known again in another run of the command: tests by name, messages of the compiler and of
//! vet by file and text without the line, packages, and else the exit code.

use std::collections::BTreeMap;

/// Failures by what they are known by, each with the line that shows it.
pub type Failures = BTreeMap<String, String>;

/// The failures of a command that ended with `code`; none where that is 0.
pub fn failures(printed: &str, code: Option<i32>) -> Failures {
    let mut found = Failures::new();
    if code == Some(0) {
        return found;
    }
    // The package of a test is told after it.
    let mut tests: Vec<(&str, &str)> = Vec::new();
    for line in printed.lines() {
        let trimmed = line.trim_start();
        if let Some(test) = trimmed.strip_prefix("--- FAIL: ") {
            tests.push((test.split(' ').next().unwrap_or(test), line));
        } else if let Some(rest) = line.strip_prefix("FAIL\t") {
            let mut words = rest.split([' ', '\t']);
            let package = words.next().unwrap_or_default();
            let why = if rest.ends_with(']') {
                rest.rsplit_once('[').map_or("", |(_, why)| why.trim_end_matches(']'))
            } else {
                ""
            };
            if tests.is_empty() {
                found.insert(format!("package {package} {why}"), line.to_string());
            }
            for (test, line) in tests.drain(..) {
                found.insert(
                    format!("test {package} {test}"),
                    format!("{package}: {}", line.trim()),
                );
            }
        } else if let Some((key, line)) = message(trimmed) {
            found.insert(key, line.to_string());
        }
    }
    for (test, line) in tests {
        found.insert(format!("test {test}"), line.trim().to_string());
    }
    if found.is_empty() {
        let (key, line) = match code {
            Some(code) => (format!("exit code {code}"), format!("exit code {code}")),
            None => ("killed".to_string(), "killed by a signal".to_string()),
        };
        let last = printed.lines().rev().find(|line| !line.trim().is_empty());
        found.insert(key, last.map_or(line.clone(), |last| format!("{line}: {}", last.trim())));
    }
    found
}

/// Whether tests were run: then one that fails does not hide what becomes of the others.
pub fn tells_tests(printed: &str) -> bool {
    let is_told =
        |line: &str| line.trim_start().starts_with("--- FAIL: ") || line.starts_with("ok  \t");
    printed.lines().any(is_told)
}

/// `FILE.go:LINE:COLUMN: TEXT`, as the compiler and vet print it.
fn message(line: &str) -> Option<(String, &str)> {
    let line = line.strip_prefix("vet: ").unwrap_or(line);
    let (file, rest) = line.split_once(".go:")?;
    let text = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    let has_line = rest.starts_with(|c: char| c.is_ascii_digit());
    let text = text.strip_prefix(' ').filter(|text| has_line && !text.is_empty())?;
    let plain = !file.contains([' ', '\t']);
    // A place in a log of a test is none in a message of the compiler.
    plain.then(|| (format!("{}.go {text}", file.trim_start_matches("./")), line))
}

/// Those of `after` that are not among those `before`.
pub fn new_failures(before: &Failures, after: &Failures) -> Failures {
    let new = after.iter().filter(|(key, _)| !before.contains_key(*key));
    new.map(|(key, line)| (key.clone(), line.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(printed: &str) -> Vec<String> {
        failures(printed, Some(1)).into_keys().collect()
    }

    #[test]
    fn tests_are_known_by_package_and_name() {
        let printed = "--- FAIL: TestA (0.00s)\n    a_test.go:5: got 1\n    --- FAIL: TestA/sub (0.00s)\nFAIL\nFAIL\texample.com/a\t0.002s\nok  \texample.com/b\t0.1s\n--- FAIL: TestA (0.10s)\nFAIL\nFAIL\texample.com/c\t0.1s\n";
        let all = keys(printed);
        assert!(all.contains(&"test example.com/a TestA".to_string()), "{all:?}");
        assert!(all.contains(&"test example.com/a TestA/sub".to_string()), "{all:?}");
        assert!(all.contains(&"test example.com/c TestA".to_string()), "{all:?}");
    }

    #[test]
    fn a_message_is_the_same_on_another_line() {
        let before = failures("# p\n./a.go:3:2: undefined: x\n", Some(1));
        let after = failures("# p\n./a.go:9:2: undefined: x\n./a.go:9:2: undefined: y\n", Some(1));
        let new = new_failures(&before, &after);
        assert_eq!(new.into_keys().collect::<Vec<_>>(), ["a.go undefined: y"]);
    }

    #[test]
    fn packages_and_exit_codes_are_failures_too() {
        assert_eq!(
            keys("FAIL\texample.com/a [build failed]\n"),
            ["package example.com/a build failed"]
        );
        assert_eq!(
            keys("panic: dm registered twice\nFAIL\texample.com/a\t0.1s\n"),
            ["package example.com/a "]
        );
        assert_eq!(failures("boom\n", Some(3))["exit code 3"], "exit code 3: boom");
        assert_eq!(failures("", None)["killed"], "killed by a signal");
        assert!(failures("a.go:1:1: x\n", Some(0)).is_empty());
    }

    #[test]
    fn tests_that_ran_are_told_from_what_never_ran() {
        assert!(tells_tests("FAIL\ta.b/c [build failed]\nok  \ta.b/d\t0.1s\n"));
        assert!(tells_tests("--- FAIL: TestA (0.00s)\nFAIL\ta.b/c\t0.1s\n"));
        assert!(!tells_tests("a.go:1:1: x\nFAIL\ta.b/c [build failed]\nok\nokay then\n"));
    }

    #[test]
    fn addresses_and_sentences_are_no_messages() {
        assert_eq!(keys("see http.go: no line\nfoo bar.go:1: x y\n"), ["exit code 1"]);
    }
}
