#!/usr/bin/env python3
"""Runs packs on released modules and says what came of it.

Comes in: tools/evaluate-packs.json, a list of modules of the Go module proxy for each pack. Each
module is copied to a folder of its own; `go build ./...` and `go vet ./...` (which compiles the
tests) run before the pack is applied and after, with `go mod tidy` in between where go.mod changed.
Goes out: a JSON file with all figures, and Markdown tables as docs/packs/libraries.md has them.

    tools/evaluate-packs.py --dmmigrate target/release/dmmigrate --pack gomock --out figures.json
    tools/evaluate-packs.py --tables figures.json

Needs Go, git, and a module proxy. Nothing of the modules is run but their compilation, and their
tests with --test.
"""

import argparse
import collections
import datetime
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
GO = {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOWORK": "off"}
# Another rule did the work of these, or it was done: they are no places of their own.
NOT_COUNTED = ("overlaps", "already")
LIMIT_SECONDS = 1800


def run(argv, folder):
    """The exit code and all that was printed."""
    done = subprocess.run(
        argv,
        cwd=folder,
        env={**os.environ, **GO},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def copied(module, version, work):
    """A copy of a released module that can be written, in a git repository of its own."""
    code, text = run(["go", "mod", "download", "-json", f"{module}@{version}"], work)
    if code != 0:
        raise RuntimeError(f"{module}@{version}: {text.strip()}")
    source = Path(json.loads(text)["Dir"])
    folder = work / re.sub(r"[^A-Za-z0-9.]+", "-", f"{module}@{version}")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    # A release keeps the list of what was vendored, and none of it.
    vendor = folder / "vendor"
    if [path.name for path in vendor.glob("*")] == ["modules.txt"]:
        shutil.rmtree(vendor)
    if not (folder / "go.mod").exists():
        run(["go", "mod", "init", module], folder)
        run(["go", "mod", "tidy"], folder)
    run(["git", "init", "-q"], folder)
    return folder


def commit(folder, message):
    """Commits everything, so that the run finds a clean tree and leaves a readable diff."""
    who = ["-c", "user.name=evaluation", "-c", "user.email=evaluation@example.invalid"]
    run(["git", "add", "-A", "-f"], folder)
    run(["git", *who, "commit", "-q", "--allow-empty", "-m", message], folder)


def complaints(text):
    """What the compiler or vet said, by package, without lines and columns: these move."""
    found, package = collections.defaultdict(set), "?"
    for line in text.splitlines():
        if line.startswith("# "):
            package = line[2:].split()[0].removesuffix("_test")
        elif line and not line.startswith(("go: downloading", "go: finding", "go: found")):
            line = re.sub(r":\d+(:\d+)?:?", ":", line.removeprefix("vet: "))
            found[package].add(line.strip())
    return {package: sorted(lines) for package, lines in sorted(found.items())}


def state(folder, with_tests):
    """What builds, vets and, if asked for, passes."""
    figures = {}
    commands = {"build": ["go", "build", "./..."], "vet": ["go", "vet", "./..."]}
    if with_tests:
        commands["test"] = ["go", "test", "-count=1", "./..."]
    for name, argv in commands.items():
        code, text = run(argv, folder)
        if name == "test":
            failed = re.findall(r"^(?:--- FAIL: (\S+)|FAIL\t(\S+))", text, re.MULTILINE)
            lines = {"": sorted({a or b for a, b in failed})}
        else:
            lines = complaints(text)
        figures[name] = {"ok": code == 0, "complaints": lines if code else {}}
    return figures


def newly(before, after):
    """Complaints that were not there before."""
    return {
        name: {
            package: sorted(set(lines) - set(before[name]["complaints"].get(package, [])))
            for package, lines in after[name]["complaints"].items()
            if set(lines) - set(before[name]["complaints"].get(package, []))
        }
        for name in after
    }


def counted(result):
    """The figures of a run, and what is left by rule and reason."""
    manual = {rule["id"] for rule in result["rules"] if rule["safety"] == "manual"}
    count, left = collections.Counter(), collections.Counter()
    for file in result["files"]:
        for site in file["sites"]:
            status = site["status"].replace("-", " ")
            if status.startswith(NOT_COUNTED):
                continue
            kind = {"applied": "rewritten", "needs review": "review", "manual": "manual"}.get(
                status, "held back"
            )
            count[kind] += 1
            if kind in ("review", "manual") or status in ("generated file", "would not parse"):
                left[f"{site['rule']}: {status} {site['detail']}".strip()] += 1
        for finding in file["findings"]:
            kind = "manual" if finding["rule"] in manual else "noted"
            count[kind] += 1
            left[f"{finding['rule']}: {kind}"] += 1
    count["sites"] = sum(count[k] for k in ("rewritten", "review", "manual", "held back"))
    return dict(count), dict(left.most_common())


def evaluate(pack, entry, options):
    """One pack on one module."""
    work = options.work / pack
    work.mkdir(parents=True, exist_ok=True)
    folder = copied(entry["module"], entry["version"], work)
    before = state(folder, options.test)
    commit(folder, "before")
    # Some releases cannot be tidied as they are: that says nothing about the pack.
    tidies, _ = run(["go", "mod", "tidy"], folder)
    run(["git", "checkout", "-q", "."], folder)
    rules = options.rules / pack
    argv = [options.dmmigrate, "apply", "--pack", str(rules), "--format", "json"]
    done = subprocess.run(
        [*argv, *entry.get("options", [])],
        cwd=folder,
        env={**os.environ, **GO},
        capture_output=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    summary = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode not in (0, 1) or not done.stdout:
        raise RuntimeError(f"{pack} on {entry['module']}: {summary}")
    count, left = counted(json.loads(done.stdout))
    _, changed = run(["git", "diff", "--name-only"], folder)
    tidy = ""
    if "go.mod" in changed.split():
        code, text = run(["go", "mod", "tidy"], folder)
        tidy = text.strip() if code and tidies == 0 else ""
    after = state(folder, options.test) if changed.strip() else before
    commit(folder, "after")
    return {
        "pack": pack,
        **entry,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "count": count,
        "left": left,
        "go.mod changed": "go.mod" in changed.split(),
        "files changed": len(changed.split()),
        "before": before,
        "after": after,
        "new complaints": newly(before, after),
        "tidy": tidy,
        "summary": summary,
    }


def verdict(figures):
    """How the module stands without any work by hand."""
    if figures["tidy"] or any(figures["new complaints"].values()):
        return "broken"
    if not figures["files changed"]:
        return "waits"
    left = figures["count"].get("review", 0) + figures["count"].get("manual", 0)
    return "partly" if left else "done"


def shown_state(state_of):
    """Build and vet in one word each."""
    words = {True: "ok", False: "fails"}
    return " / ".join(words[state_of[name]["ok"]] for name in ("build", "vet"))


def tables(all_figures):
    """Markdown: a table for each pack, and the share that needs no hand work."""
    out, by_pack = [], collections.defaultdict(list)
    for figures in all_figures:
        by_pack[figures["pack"]].append(figures)
    for pack, rows in sorted(by_pack.items()):
        out += [f"### {pack}", ""]
        out.append("| module | sites | rewritten | review | manual | held back | before | after | result |")
        out.append("|---|--:|--:|--:|--:|--:|---|---|---|")
        for f in rows:
            numbers = [f["count"].get(k, 0) for k in ("sites", "rewritten", "review", "manual", "held back")]
            cells = [f"{f['module']} {f['version']}", *numbers]
            cells += [shown_state(f["before"]), shown_state(f["after"]), verdict(f)]
            out.append("| " + " | ".join(map(str, cells)) + " |")
        good = sum(verdict(f) in ("done", "partly") for f in rows)
        out += ["", f"{good} of {len(rows)} compile without hand work.", ""]
        for f in rows:
            for reason, times in list(f["left"].items())[:6]:
                out.append(f"- {f['module']}: {times} × {reason}")
        out.append("")
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dmmigrate", default="target/release/dmmigrate")
    parser.add_argument("--rules", type=Path, default=HERE.parent / "rules")
    parser.add_argument("--modules", type=Path, default=HERE / "evaluate-packs.json")
    parser.add_argument("--work", type=Path, default=Path("target/evaluate-packs"))
    parser.add_argument("--pack", action="append", help="only this pack; may be repeated")
    parser.add_argument("--only", help="only modules whose path holds this text")
    parser.add_argument("--test", action="store_true", help="run the modules' tests, too")
    parser.add_argument("--out", type=Path, default=Path("evaluate-packs-figures.json"))
    parser.add_argument("--tables", type=Path, help="print the tables of figures taken earlier")
    options = parser.parse_args()
    if options.tables:
        print(tables(json.loads(options.tables.read_text())))
        return 0
    options.work = options.work.resolve()
    options.rules = options.rules.resolve()
    options.dmmigrate = str(Path(options.dmmigrate).resolve())
    known = json.loads(options.out.read_text()) if options.out.exists() else []
    broken = 0
    for pack, entries in json.loads(options.modules.read_text()).items():
        for entry in entries:
            wanted = not options.pack or pack in options.pack
            if not wanted or (options.only and options.only not in entry["module"]):
                continue
            figures = evaluate(pack, entry, options)
            same = (pack, entry["module"], entry["version"])
            known = [k for k in known if (k["pack"], k["module"], k["version"]) != same]
            known.append(figures)
            options.out.write_text(json.dumps(known, indent=1) + "\n")
            broken += verdict(figures) == "broken"
            print(f"{pack} {entry['module']} {entry['version']}: {verdict(figures)} {figures['count']}",
                  file=sys.stderr)
    print(tables(known))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
