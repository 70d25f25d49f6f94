//! Files that are not UTF-8: passed over, named and counted, and the rest is done.

use insta_cmd::assert_cmd_snapshot;

use super::support::repository::{Repository, snapshot};

const RULE: &str = "packages: {old: example.com/old}\nrules:\n- id: open\n  match: old.Open($x)\n  rewrite: old.Dial($x)\n";
const SOURCE: &str =
    "package p\n\nimport \"example.com/old\"\n\n// 打开\nvar a = old.Open(\"达梦\")\n";

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn repository() -> Repository {
    let repository = Repository::new(&[("rule.yaml", RULE), ("p/a.go", SOURCE)]);
    std::fs::write(repository.path().join("p/hit.go"), utf16(SOURCE)).expect("written");
    let other = utf16("package p\n\nvar b = 1\n");
    std::fs::write(repository.path().join("p/no_hit.go"), other).expect("written");
    let gbk = b"package p\n\n// \xb4\xef\xc3\xce\nvar c = 1\n";
    std::fs::write(repository.path().join("p/gbk.go"), gbk).expect("written");
    repository
}

#[test]
fn they_are_named_whether_or_not_a_rule_would_look_at_them() {
    let repository = repository();
    let run = |args: &[&str]| repository.dmmigrate(args);
    snapshot(|| {
        assert_cmd_snapshot!("encodings", run(&["apply", "-n", "--rule", "rule.yaml"]));
    });
}

/// A go.mod that cannot be edited keeps the code that would have to move together with it.
#[test]
fn a_go_mod_in_another_encoding_holds_its_module_back() {
    let repository = repository();
    let go_mod = utf16("module example.com/p\n\nrequire example.com/old v1.0.0\n");
    std::fs::write(repository.path().join("p/go.mod"), go_mod).expect("written");
    let raise = "- id: raise\n  gomod: {require: example.com/old v1.1.0}\n";
    repository.write("rule.yaml", &format!("{RULE}{raise}"));
    let run = |args: &[&str]| repository.dmmigrate(args);
    snapshot(|| {
        assert_cmd_snapshot!(
            "encodings_go_mod",
            run(&["apply", "-n", "-v", "--rule", "rule.yaml"])
        );
    });
}
