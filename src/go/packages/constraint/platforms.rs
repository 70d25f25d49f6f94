//! Platforms, tags and releases. Comes in: constraints. Goes out: whether some choice of system,
//! architecture and tags makes all of them hold.

use super::Constraint;

/// Operating systems (`internal/syslist.KnownOS`).
pub(super) const SYSTEMS: [&str; 19] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
    "ohos",
];

/// Architectures (`internal/syslist.KnownArch`).
pub(super) const ARCHITECTURES: [&str; 26] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "loong32",
    "alpha",
];

/// Systems for which the tag `unix` is set.
const NOT_UNIX: [&str; 6] = ["js", "nacl", "plan9", "wasip1", "windows", "zos"];

/// The newest release whose tag every toolchain in use is taken to set.
const OLDEST_RELEASE: u32 = 21;

/// More free tags than this are not tried one by one.
const MAX_FREE_TAGS: usize = 8;

/// Whether a choice of system, architecture and free tags makes all of `parts` hold.
pub(super) fn satisfiable(parts: &[&Constraint], ignore: bool) -> bool {
    let mut tags = Vec::new();
    for part in parts {
        part.tags(&mut tags);
    }
    let of_systems = tags.iter().any(|t| SYSTEMS.contains(t) || *t == "unix");
    let of_architectures = tags.iter().any(|t| ARCHITECTURES.contains(t));
    let mut free: Vec<&str> = tags.into_iter().filter(|t| is_free(t)).collect();
    free.sort_unstable();
    free.dedup();
    if free.len() > MAX_FREE_TAGS {
        return true;
    }
    let systems = if of_systems { &SYSTEMS[..] } else { &["linux"] };
    let architectures = if of_architectures { &ARCHITECTURES[..] } else { &["amd64"] };
    systems.iter().any(|system| {
        architectures.iter().any(|architecture| {
            (0..1u32 << free.len()).any(|choice| {
                let set = |tag: &str| match free.binary_search(&tag) {
                    Ok(at) => choice & (1 << at) != 0,
                    Err(_) => is_set(tag, system, architecture, ignore),
                };
                parts.iter().all(|p| p.holds(&set))
            })
        })
    })
}

/// Whether the tag depends neither on the platform nor on the toolchain.
fn is_free(tag: &str) -> bool {
    let settled = SYSTEMS.contains(&tag)
        || ARCHITECTURES.contains(&tag)
        || matches!(tag, "unix" | "ignore" | "gc" | "gccgo");
    !settled && release(tag).is_none_or(|n| n > OLDEST_RELEASE)
}

fn is_set(tag: &str, system: &str, architecture: &str, ignore: bool) -> bool {
    match tag {
        "gc" => true,
        "gccgo" => false,
        "ignore" => ignore,
        "unix" => !NOT_UNIX.contains(&system),
        // "android" implies "linux", "ios" implies "darwin", "illumos" implies "solaris".
        "linux" => matches!(system, "linux" | "android"),
        "darwin" => matches!(system, "darwin" | "ios"),
        "solaris" => matches!(system, "solaris" | "illumos"),
        _ if release(tag).is_some() => true,
        _ => tag == system || tag == architecture,
    }
}

/// The minor number of a release tag: 21 of `go1.21`.
pub(super) fn release(tag: &str) -> Option<u32> {
    tag.strip_prefix("go1.")?.parse().ok()
}
