"""What is compared: the same change, written for each program.

Comes in: a corpus and what to look for in it. Goes out: the files that the programs read, and a
list of commands for each workload. A peer that is not installed has no command.
"""

import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass

from measure import Command


@dataclass
class Subject:
    """What the rules are about, so that they find something in the corpus."""

    # Dense: a call that the corpus is full of, and what it becomes. Two arguments.
    dense_import: str
    dense_from: str
    dense_to: str
    # Sparse: an import path of a few files, and where it moves.
    sparse_from: str
    sparse_to: str


STANDARD_LIBRARY = Subject(
    dense_import="strings",
    dense_from="strings.Contains",
    dense_to="strings.HasPrefix",
    sparse_from="container/ring",
    sparse_to="container/list",
)


class Programs:
    """The programs that are installed."""

    def __init__(self, dmmigrate: str, wanted: list[str]):
        self.dmmigrate = dmmigrate
        self.wanted = wanted

    def path(self, name: str) -> str | None:
        if self.wanted and name not in self.wanted:
            return None
        return shutil.which(name)


def write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def dry_run(programs: Programs, corpus: str, rule: str, name: str = "dmmigrate") -> Command:
    argv = [programs.dmmigrate, "apply", "--dry-run", "--include-vendor", "--no-ignore"]
    return Command(name, [*argv, "--rule", rule, corpus], corpus)


def dense_rule(subject: Subject) -> str:
    package = subject.dense_from.split(".")[0]
    return (
        f"packages:\n  {package}: {subject.dense_import}\nrules:\n"
        f"- id: dense\n  match: {subject.dense_from}($e, $m)\n"
        f"  rewrite: {subject.dense_to}($e, $m)\n"
    )


def search(programs: Programs, corpus: str, literal: str) -> list[Command]:
    """ripgrep over the same files, for the literal alone: what reading costs."""
    rg = programs.path("rg")
    argv = [rg, "-lF", "--no-ignore", "--hidden", "-tgo", literal, "."]
    return [Command("rg -lF", argv, corpus, good=(0, 1))] if rg else []


def dense(programs: Programs, corpus: str, subject: Subject, scratch: str) -> list[Command]:
    """One rule with thousands of sites, the patch printed."""
    rule = write(scratch, "dense.yaml", dense_rule(subject))
    source, target = subject.dense_from, subject.dense_to
    commands = [dry_run(programs, corpus, rule)]
    commands += search(programs, corpus, source.split(".")[1])
    if path := programs.path("ast-grep"):
        argv = [path, "run", "--no-ignore", "vcs", "--color", "never", "-l", "go"]
        commands.append(
            Command("ast-grep", [*argv, "-p", f"{source}($E, $M)", "-r", f"{target}($E, $M)", "."], corpus)
        )
    if path := programs.path("gofmt"):
        change = f"{source}(e, m) -> {target}(e, m)"
        commands.append(Command("gofmt -r", [path, "-d", "-r", change, "."], corpus, good=(0, 1, 2)))
    if path := programs.path("gopatch"):
        text = f"@@\nvar e, m expression\n@@\n-{source}(e, m)\n+{target}(e, m)\n"
        patch = write(scratch, "dense.patch", text)
        commands.append(Command("gopatch (no vendor)", [path, "-d", "-p", patch, "./..."], corpus, good=(0, 1)))
    if path := programs.path("semgrep"):
        text = (
            "rules:\n- id: dense\n  languages: [go]\n  severity: INFO\n  message: m\n"
            f"  pattern: {source}($E, $M)\n  fix: {target}($E, $M)\n"
        )
        config = write(scratch, "dense-semgrep.yaml", text)
        argv = [path, "scan", "--config", config, "--metrics", "off", "--disable-version-check"]
        argv += ["--no-git-ignore", "--max-target-bytes", "0", "--quiet", "."]
        commands.append(Command("semgrep", argv, corpus))
    if path := programs.path("eg"):
        commands += eg(path, corpus, subject, scratch)
    return commands


def eg(path: str, corpus: str, subject: Subject, scratch: str) -> list[Command]:
    """eg needs types, so that its template needs a signature: two strings here."""
    if subject.dense_import != "strings":
        return []
    text = (
        f'package p\n\nimport "{subject.dense_import}"\n\n'
        f"func before(e, m string) bool {{ return {subject.dense_from}(e, m) }}\n"
        f"func after(e, m string) bool {{ return {subject.dense_to}(e, m) }}\n"
    )
    template = write(scratch, "template.go", text)
    return [Command("eg (package strings, net/http, go/types)", [path, "-t", template, "strings", "net/http", "go/types"], corpus)]


def sparse(programs: Programs, corpus: str, subject: Subject, scratch: str) -> list[Command]:
    """An import path that a few files hold."""
    old, new = subject.sparse_from, subject.sparse_to
    text = f"rules:\n- id: sparse\n  import: {{from: {old}, to: {new}, subpackages: true}}\n"
    commands = [dry_run(programs, corpus, write(scratch, "sparse.yaml", text))]
    commands += search(programs, corpus, old)
    if path := programs.path("ast-grep"):
        inline = (
            "{id: sparse, language: go, rule: {kind: interpreted_string_literal, "
            f"regex: '^\"{re.escape(old)}(/|\"$)'}}, fix: '\"{new}\"'}}"
        )
        argv = [path, "scan", "--no-ignore", "vcs", "--color", "never", "--inline-rules", inline, "."]
        commands.append(Command("ast-grep", argv, corpus, good=(0, 1)))
    if path := programs.path("gopatch"):
        text = f'@@\n@@\n-import "{old}"\n+import "{new}"\n'
        patch = write(scratch, "sparse.patch", text)
        commands.append(Command("gopatch (no vendor)", [path, "-d", "-p", patch, "./..."], corpus, good=(0, 1)))
    return commands


def hundred(programs: Programs, corpus: str, subject: Subject, scratch: str) -> list[Command]:
    """The dense rule alone, and among 99 others, of which 49 find something."""
    one = write(scratch, "one.yaml", dense_rule(subject))
    head, rule = dense_rule(subject).split("rules:\n")
    rules = [rule]
    packages = {}
    for nth, (package, name, path) in enumerate(rare_calls(corpus, 49)):
        packages[package] = path
        rules.append(f"- id: here{nth}\n  match: {package}.{name}($$$a)\n  rewrite: {package}.{name}New($$$a)\n")
    for nth in range(50):
        rules.append(f"- id: gone{nth}\n  match: strconv.Gone{nth}($a, $$$b)\n  rewrite: strconv.Here{nth}($$$b, $a)\n")
    head += "".join(f"  {name}: {path}\n" for name, path in packages.items() if f"  {name}:" not in head)
    all_of_them = write(scratch, "hundred.yaml", head + "rules:\n" + "".join(rules))
    return [
        dry_run(programs, corpus, one, "dmmigrate, 1 rule"),
        dry_run(programs, corpus, all_of_them, "dmmigrate, 100 rules"),
    ]


def rare_calls(corpus: str, count: int) -> list[tuple[str, str, str]]:
    """Calls of standard packages that stand in some twenty files each: package, function, path."""
    standard = {"strconv": "strconv", "sort": "sort", "filepath": "path/filepath", "bytes": "bytes",
                "strings": "strings", "utf8": "unicode/utf8", "io": "io", "os": "os", "bufio": "bufio",
                "binary": "encoding/binary", "json": "encoding/json", "base64": "encoding/base64",
                "hex": "encoding/hex", "atomic": "sync/atomic", "runtime": "runtime", "url": "net/url"}
    call = re.compile(rb"\b(%s)\.([A-Z]\w+)\(" % "|".join(standard).encode())
    files = Counter()
    for nth, path in enumerate(go_files(corpus)):
        if nth % 4 == 0:
            with open(path, "rb") as file:
                files.update(set(call.findall(file.read())))
    near = sorted(files.items(), key=lambda item: (abs(item[1] - 5), item[0]))
    return [(p.decode(), n.decode(), standard[p.decode()]) for (p, n), _ in near[:count]]


def go_files(corpus: str):
    for folder, folders, names in os.walk(corpus):
        folders.sort()
        folders[:] = [f for f in folders if f != ".git"]
        for name in sorted(names):
            if name.endswith(".go"):
                yield os.path.join(folder, name)


def typed(programs: Programs, corpus: str, subject: Subject, scratch: str) -> list[Command]:
    """A rule with thousands of candidates, with and without a question for a type; and a sparse rule
    with and without one. No peer here knows types without a build."""
    close = "rules:\n- id: close\n  match: $x.Close()\n  rewrite: $x.Shut()\n"
    asks = "  where:\n    $x: {type: \"*os.File\"}\n"
    connector = (
        f"packages:\n  dm: {{path: {subject.sparse_from}, name: dm}}\nrules:\n"
        "- id: open\n  match: $d.OpenConnector($s)\n  rewrite: dm.NewConnector($s)\n"
    )
    asks_driver = "  where:\n    $d: {type: \"*dm.DmDriver\"}\n"
    return [
        dry_run(programs, corpus, write(scratch, name + ".yaml", text), "dmmigrate, " + label)
        for name, label, text in [
            ("close", "$x.Close()", close),
            ("close-typed", "$x.Close() on *os.File", close + asks),
            ("connector", "$d.OpenConnector($s)", connector),
            ("connector-typed", "$d.OpenConnector($s) on *dm.DmDriver", connector + asks_driver),
        ]
    ]


def small(programs: Programs, scratch: str) -> list[Command]:
    """A repository of ten files, start to end."""
    folder = os.path.join(scratch, "ten")
    os.makedirs(folder, exist_ok=True)
    write(folder, "go.mod", "module example.com/ten\n\ngo 1.22\n")
    for nth in range(9):
        body = "\treturn strings.Contains(s, \"x\")\n"
        write(folder, f"f{nth}.go", f'package ten\n\nimport "strings"\n\nfunc f{nth}(s string) bool {{\n{body}}}\n')
    rule = write(scratch, "small.yaml", dense_rule(STANDARD_LIBRARY))
    return [dry_run(programs, folder, rule)]


def copies(programs: Programs, corpus: str, subject: Subject, scratch: str, most: int) -> list[Command]:
    """The corpus 1, 2, 4 … times, by hard links where the file system has them."""
    rule = write(scratch, "dense.yaml", dense_rule(subject))
    folder = os.path.join(scratch, "copies")
    commands = []
    times = 1
    while times <= most:
        of_times = os.path.join(folder, str(times))
        for nth in range(times):
            link_tree(corpus, os.path.join(of_times, str(nth)))
        commands.append(dry_run(programs, of_times, rule, f"{times} x"))
        times *= 2
    return commands


def link_tree(source: str, target: str) -> None:
    for path in go_files(source):
        linked = os.path.join(target, os.path.relpath(path, source))
        os.makedirs(os.path.dirname(linked), exist_ok=True)
        try:
            os.link(path, linked)
        except OSError:
            shutil.copyfile(path, linked)
